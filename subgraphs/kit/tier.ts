import type { StoreReader } from '../../core/store/reader.ts'
import type { Tier } from '../../core/territories/code.ts'
import type { Alias, Territories, Territory } from '../../core/territories/territory.ts'
import type { SubgraphContext } from './context.ts'
import { enrolmentById, enrolmentOf, enrolmentSeriesOf } from './enrolment.ts'
import type { EnrolmentParent, TerritoryParent } from './parents.ts'
import { idOn, parseId, territoriesOn } from './place.ts'

/** The GraphQL type of each tier. */
export const TYPE_OF_TIER = {
  COMMUNE: 'Commune',
  EPCI: 'Epci',
  DEPARTEMENT: 'Departement',
  REGION: 'Region',
  NATION: 'Nation',
  GROUPING: 'Grouping',
} as const satisfies Record<Tier, TerritoryParent['__typename']>

/**
 * A territory as resolvers take it.
 * @param vintage that of the territory; default: the newest.
 */
export function parentOf(
  store: StoreReader,
  territory: Territory,
  vintage: number = store.manifest.geography,
  resolvedFrom: Alias | null = null,
): TerritoryParent {
  const id = idOn(store, territory.id, vintage) as Territory['id']
  return { ...territory, id, __typename: TYPE_OF_TIER[territory.tier], vintage, resolvedFrom }
}

/**
 * A territory by tier and code, as resolvers take it.
 * @param at the COG vintage; default: the newest.
 * @throws StratesError INVALID_CODE, UNKNOWN_TERRITORY, TERRITORY_DIVIDED or UNSUPPORTED_GEOGRAPHY.
 */
export function findParent(store: StoreReader, tier: Tier, code: string, at?: number | null): TerritoryParent {
  const vintage = at ?? store.manifest.geography
  const { territory, resolvedFrom } = territoriesOn(store, vintage).find(tier, code)
  return parentOf(store, territory, vintage, resolvedFrom)
}

/** The territories among which a territory stands: those of its vintage. */
export const aroundOf = (store: StoreReader, { vintage }: TerritoryParent): Territories => territoriesOn(store, vintage)

/** The territory at a position, of the same vintage as another. */
export const beside = (store: StoreReader, parent: TerritoryParent, position: number): TerritoryParent =>
  parentOf(store, aroundOf(store, parent).at(position), parent.vintage)

/** Territories of one vintage as resolvers take them. */
export const parentsOf = (
  store: StoreReader,
  territories: readonly Territory[],
  vintage: number,
): readonly TerritoryParent[] => territories.map((territory) => parentOf(store, territory, vintage))

/** What every subgraph resolves in the same way for a type of territory: the reference, and the two ways to enrolment. */
export function tier(name: Tier) {
  return {
    __resolveReference: (reference: { readonly id: string }, { store }: SubgraphContext): TerritoryParent => {
      const { code, vintage } = parseId(store, reference.id)
      return findParent(store, name, code, vintage)
    },
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

/** What every subgraph resolves in the same way for a tier within the nation: also the way up to it, and the code that led to it. */
export const tierWithinNation = (name: Tier) => ({
  ...tier(name),
  resolvedFrom: ({ resolvedFrom }: TerritoryParent): Alias | null => resolvedFrom,
  nation: (parent: TerritoryParent, _: unknown, { store }: SubgraphContext): TerritoryParent =>
    parentOf(store, aroundOf(store, parent).nation, parent.vintage),
})

/** What every subgraph resolves in the same way for an enrolment. */
export const enrolmentReference = {
  __resolveReference: ({ id }: { readonly id: string }, { store }: SubgraphContext): EnrolmentParent =>
    enrolmentById(store, id),
}

/** The resolver of an interface `Territory`. */
export const territoryType = { __resolveType: ({ __typename }: TerritoryParent) => __typename }
