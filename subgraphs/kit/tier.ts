import { StratesError } from '../../core/observations/error.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import { territoryId, type Tier } from '../../core/territories/code.ts'
import { FIRST_DAY } from '../../core/territories/lineage.ts'
import type { CommuneResolution } from '../../core/territories/resolve.ts'
import type { Alias, Resolution, Territories, Territory } from '../../core/territories/territory.ts'
import { pageOf, type Connection, type PageArguments } from './connection.ts'
import type { SubgraphContext } from './context.ts'
import { enrolmentById, enrolmentOf, enrolmentSeriesOf } from './enrolment.ts'
import type { EnrolmentParent, TerritoryParent } from './parents.ts'
import { idOn, isBefore, parseId, territoriesOn } from './place.ts'

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
  if (tier === 'COMMUNE' && isBefore(store, vintage)) return communeBefore(store, code, vintage)
  if (tier === 'COMMUNE' && store.atlas.of(vintage) === undefined) throw noCommunesOf(store, vintage)
  const { territory, resolvedFrom } = findOrSuggest(store, territoriesOn(store, vintage), tier, code)
  return parentOf(store, territory, vintage, resolvedFrom)
}

/** Finds a territory; of a code that never was one, the histories of communes and EPCI know the nearest. */
function findOrSuggest(store: StoreReader, territories: Territories, tier: Tier, code: string): Resolution {
  try {
    return territories.find(tier, code)
  } catch (error) {
    if (error instanceof StratesError && error.facts.code === 'UNKNOWN_TERRITORY') {
      if (tier === 'COMMUNE') store.timeline.resolve(code)
      if (tier === 'EPCI') store.epciHistory.resolve(code)
    }
    throw error
  }
}

/**
 * A commune of a year before the first vintage: its code and name. The COG of then has no EPCI at hand, and no values.
 * @throws StratesError INVALID_CODE, UNKNOWN_TERRITORY, or TERRITORY_DIVIDED for the code of a place that several share then.
 */
function communeBefore(store: StoreReader, code: string, year: number): TerritoryParent {
  const named = store.timeline.resolve(code, { from: year, to: year })
  const [commune, ...others] = named.results
  if (commune === undefined || others.length > 0) throw dividedThen(named, year)
  const kind = named.standing === 'COMMUNE' ? 'FORMER_COMMUNE' : named.standing
  const alias: Alias = { tier: 'COMMUNE', code: named.code, name: named.name, kind, leadsTo: commune.code }
  const territory: Territory = {
    index: -1,
    id: territoryId('COMMUNE', commune.code),
    tier: 'COMMUNE',
    code: commune.code,
    name: commune.name,
    kind: 'COMMUNE',
    epci: -1,
    departement: -1,
    region: -1,
  }
  return parentOf(store, territory, year, commune.code === named.code ? null : alias)
}

function noCommunesOf({ atlas: { years } }: StoreReader, given: number): StratesError {
  return new StratesError({
    code: 'UNSUPPORTED_GEOGRAPHY',
    what: 'The store holds no communes of this COG vintage',
    on: `at: ${given}`,
    expected: `a year from ${FIRST_YEAR} to ${years.at(-1)}; before ${years[0]}, a commune has its code and name alone`,
    remedy: 'Leave at out for the newest.',
    details: { argument: 'at', given, held: years, first: FIRST_YEAR },
  })
}

const FIRST_YEAR = Number(FIRST_DAY.slice(0, 4))

function dividedThen({ code, name, results }: CommuneResolution, year: number): StratesError {
  return new StratesError({
    code: 'TERRITORY_DIVIDED',
    what: `The ground of this code belonged to ${results.length} communes on 1 January ${year}`,
    on: `code ${JSON.stringify(code)}, ${name}`,
    expected: `one of ${results.map((heir) => `${heir.name} (${heir.code})`).join(', ')}`,
    remedy: 'Ask one of them, or resolve(code:, from:, to:) for the part of each.',
    details: { tier: 'COMMUNE', given: code, geography: year, heirs: results.map((heir) => heir.code) },
  })
}

/** The territories among which a territory stands: those of its vintage. */
export const aroundOf = (store: StoreReader, { vintage }: TerritoryParent): Territories => territoriesOn(store, vintage)

/** The territory at a position, of the same vintage as another. */
export const beside = (store: StoreReader, parent: TerritoryParent, position: number): TerritoryParent =>
  parentOf(store, aroundOf(store, parent).at(position), parent.vintage)

/** A page of territories of one vintage, as resolvers take them. */
export const territoriesPage = (
  store: StoreReader,
  territories: readonly Territory[],
  vintage: number,
  page: PageArguments,
): Connection<TerritoryParent> =>
  pageOf(territories, page, {
    idOf: ({ id }) => idOn(store, id, vintage),
    nodeOf: (territory) => parentOf(store, territory, vintage),
  })

/** What every subgraph resolves in the same way for a type of territory: the reference, and the two ways to enrolment. */
export function tier(name: Tier) {
  return {
    __resolveReference: (reference: { readonly id: string }, { store }: SubgraphContext): TerritoryParent => {
      // An id as our own answers give it needs no parsing.
      const known = store.territories.byId(reference.id)
      if (known?.tier === name) return parentOf(store, known)
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
    // The nation has no other ground at any time.
    isBefore(store, parent.vintage)
      ? parentOf(store, store.territories.nation)
      : parentOf(store, aroundOf(store, parent).nation, parent.vintage),
})

/** What every subgraph resolves in the same way for an enrolment. */
export const enrolmentReference = {
  __resolveReference: ({ id }: { readonly id: string }, { store }: SubgraphContext): EnrolmentParent =>
    enrolmentById(store, id),
}

/** The resolver of an interface `Territory`. */
export const territoryType = { __resolveType: ({ __typename }: TerritoryParent) => __typename }
