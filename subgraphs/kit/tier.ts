import type { StoreReader } from '../../core/store/reader.ts'
import { parseTerritoryId, type Tier } from '../../core/territories/code.ts'
import type { Alias, Territory } from '../../core/territories/territory.ts'
import type { SubgraphContext } from './context.ts'
import { enrolmentById, enrolmentOf, enrolmentSeriesOf } from './enrolment.ts'
import type { EnrolmentParent, TerritoryParent } from './parents.ts'

/** The GraphQL type of each tier. */
export const TYPE_OF_TIER = {
  COMMUNE: 'Commune',
  EPCI: 'Epci',
  DEPARTEMENT: 'Departement',
  REGION: 'Region',
  NATION: 'Nation',
  GROUPING: 'Grouping',
} as const satisfies Record<Tier, TerritoryParent['__typename']>

/** A territory as resolvers take it. */
export const parentOf = (territory: Territory, resolvedFrom: Alias | null = null): TerritoryParent => ({
  ...territory,
  __typename: TYPE_OF_TIER[territory.tier],
  resolvedFrom,
})

/**
 * A territory by tier and code, as resolvers take it.
 * @throws StratesError INVALID_CODE or UNKNOWN_TERRITORY.
 */
export function findParent(store: StoreReader, tier: Tier, code: string): TerritoryParent {
  const { territory, resolvedFrom } = store.territories.find(tier, code)
  return parentOf(territory, resolvedFrom)
}

/** What every subgraph resolves in the same way for a type of territory: the reference, and the two ways to enrolment. */
export function tier(name: Tier) {
  return {
    __resolveReference: ({ id }: { readonly id: string }, { store }: SubgraphContext): TerritoryParent =>
      findParent(store, name, parseTerritoryId(id).code),
    schoolEnrolment: (
      territory: TerritoryParent,
      arguments_: { readonly schoolYear?: number | null; readonly geography?: number | null },
      { store }: SubgraphContext,
    ): EnrolmentParent => enrolmentOf(store, territory, arguments_),
    schoolEnrolmentSeries: (
      territory: TerritoryParent,
      arguments_: { readonly from?: number | null; readonly to?: number | null; readonly geography?: number | null },
      { store }: SubgraphContext,
    ): readonly EnrolmentParent[] => enrolmentSeriesOf(store, territory, arguments_),
  }
}

/** What every subgraph resolves in the same way for a tier within the nation: also the way up to it. */
export const tierWithinNation = (name: Tier) => ({
  ...tier(name),
  nation: (_: TerritoryParent, __: unknown, { store }: SubgraphContext): TerritoryParent =>
    parentOf(store.territories.nation),
})

/** What every subgraph resolves in the same way for an enrolment. */
export const enrolmentReference = {
  __resolveReference: ({ id }: { readonly id: string }, { store }: SubgraphContext): EnrolmentParent =>
    enrolmentById(store, id),
}

/** The resolver of an interface `Territory`. */
export const territoryType = { __resolveType: ({ __typename }: TerritoryParent) => __typename }
