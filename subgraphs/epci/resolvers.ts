import { StratesError } from '../../core/observations/error.ts'
import { COMMUNES_WITHOUT_EPCI } from '../../core/territories/cog.ts'
import { epciPartCode } from '../../core/territories/groupings.ts'
import type { Territories, Territory } from '../../core/territories/territory.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import { communesPage } from '../kit/communes.ts'
import { pageOf, type PageArguments } from '../kit/connection.ts'
import type { TerritoryParent } from '../kit/parents.ts'
import { sharedResolvers } from '../kit/territories.ts'
import { aroundOf, beside, findParent, parentOf, territoriesPage } from '../kit/tier.ts'
import { changesOf, changesPage, historyResolvers } from './history.ts'
import type { Resolvers } from './schema.generated.ts'

/** The EPCI: who is a member, where they reach, and what became of them. */
export default {
  ...sharedResolvers,
  ...historyResolvers,
  Query: {
    epci: (_, { siren, at }, { store }) => findParent(store, 'EPCI', siren, at),
    resolveEpci: (_, { siren, ...range }, { store }) => store.epciHistory.resolve(siren, range),
    epciChanges: (_, asked, context) => changesPage(asked, context),
  },
  Epci: {
    ...sharedResolvers.Epci,
    siren: ({ code }) => code,
    perimeterOf: (epci, _, { store }) => aroundOf(store, epci).epciAsOf,
    changes: changesOf,
    members: communesPage,
    departements: (epci, _, { store }) =>
      reachOf(aroundOf(store, epci), epci, 'departement').map((position) => beside(store, epci, position)),
    regions: (epci, _, { store }) =>
      reachOf(aroundOf(store, epci), epci, 'region').map((position) => beside(store, epci, position)),
    byDepartement: (epci, _, { store }) =>
      reachOf(aroundOf(store, epci), epci, 'departement').map((position) => ({
        departement: beside(store, epci, position),
        part: partOf(store, epci, beside(store, epci, position)),
      })),
    byRegion: (epci, _, { store }) =>
      reachOf(aroundOf(store, epci), epci, 'region').map((position) => ({
        region: beside(store, epci, position),
        part: partOf(store, epci, beside(store, epci, position)),
      })),
  },
  Commune: {
    ...sharedResolvers.Commune,
    epci: (commune, _, { store }) => {
      if (commune.epci === -1) throw withoutEpci(commune, aroundOf(store, commune))
      return beside(store, commune, commune.epci)
    },
  },
  Departement: {
    ...sharedResolvers.Departement,
    epcis: (departement, page, { store }) => epcisIn(store, departement, page),
    communesWithoutEpci: (departement, page, { store }) => withoutAny(store, departement, page),
  },
  Region: {
    ...sharedResolvers.Region,
    epcis: (region, page, { store }) => epcisIn(store, region, page),
    communesWithoutEpci: (region, page, { store }) => withoutAny(store, region, page),
  },
  Nation: {
    ...sharedResolvers.Nation,
    epcis: (nation, page, { store }) =>
      territoriesPage(store, aroundOf(store, nation).ofTier('EPCI'), nation.vintage, page),
  },
} satisfies Resolvers

/** Positions of the départements or régions of an EPCI, in the order of their codes. */
function reachOf(territories: Territories, epci: Territory, tier: 'departement' | 'region'): readonly number[] {
  const positions = new Set(territories.communesOf(epci).map((commune) => commune[tier]))
  const codeOf = (position: number): string => territories.at(position).code
  return [...positions].toSorted((left, right) => (codeOf(left) < codeOf(right) ? -1 : 1))
}

/** The EPCI that reach into a département or région, each with the part of it that is there. */
function epcisIn(store: StoreReader, holder: TerritoryParent, page: PageArguments) {
  const territories = aroundOf(store, holder)
  const positions = new Set(territories.communesOf(holder).map(({ epci }) => epci))
  positions.delete(-1)
  const epcis = [...positions]
    .map((position) => territories.at(position))
    .toSorted((left, right) => (left.code < right.code ? -1 : 1))
  const connection = pageOf(epcis, page, {
    idOf: ({ id }) => id,
    nodeOf: (epci) => parentOf(store, epci, holder.vintage),
  })
  return {
    ...connection,
    edges: connection.edges.map((edge) => ({ ...edge, part: partOf(store, edge.node, holder) })),
  }
}

/** The part of an EPCI in a département or région: the EPCI itself where it does not reach out of it. */
function partOf(store: StoreReader, epci: TerritoryParent, { tier, code }: TerritoryParent): TerritoryParent {
  const part = epciPartCode(epci.code, tier === 'REGION' ? 'REGION' : 'DEPARTEMENT', code)
  const found = aroundOf(store, epci).byId(`grouping:${part}`)
  return found === undefined ? epci : parentOf(store, found, epci.vintage)
}

function withoutAny(store: StoreReader, holder: TerritoryParent, page: PageArguments) {
  const communes = aroundOf(store, holder).communesOf(holder)
  const outside = communes.filter(({ epci }) => epci === -1)
  return territoriesPage(store, outside, holder.vintage, page)
}

/** A commune without EPCI is a fact of law, not a gap in the data: the null that it gives says so. */
function withoutEpci(commune: Territory, territories: Territories): StratesError {
  const collectivity = territories.at(commune.departement)
  const reason =
    COMMUNES_WITHOUT_EPCI[commune.code] ??
    `${collectivity.name} (${collectivity.code}) is an overseas collectivity, where EPCI with own tax do not exist in the COG`
  return new StratesError({
    code: 'NOT_APPLICABLE',
    what: 'The commune belongs to no EPCI',
    on: `${commune.name} (${commune.code})`,
    expected: 'a member of an EPCI, as nearly every commune is',
    remedy: `${reason}. Nothing is missing.`,
    details: { status: 'NOT_APPLICABLE', reason },
  })
}
