import { StratesError } from '../../core/observations/error.ts'
import { COMMUNES_WITHOUT_EPCI } from '../../core/territories/cog.ts'
import type { Territories, Territory } from '../../core/territories/territory.ts'
import { connectionOf } from '../kit/connection.ts'
import { requireCurrentGeography } from '../kit/enrolment.ts'
import { sharedResolvers } from '../kit/territories.ts'
import { parentOf } from '../kit/tier.ts'
import { changesOf, changesPage, findEpci, historyResolvers } from './history.ts'
import type { Resolvers } from './schema.generated.ts'

/** The EPCI: who is a member, where they reach, and what became of them. */
export default {
  ...sharedResolvers,
  ...historyResolvers,
  Query: {
    epci: (_, { siren, at }, { store }) => {
      requireCurrentGeography(store, 'at', at)
      return findEpci(store, siren)
    },
    resolveEpci: (_, { siren, ...range }, { store }) => store.epciHistory.resolve(siren, range),
    epciChanges: (_, asked, context) => changesPage(asked, context),
  },
  Epci: {
    ...sharedResolvers.Epci,
    siren: ({ code }) => code,
    resolvedFrom: ({ formerEpci }) => formerEpci ?? null,
    perimeterOf: (_, __, { store }) => store.epciHistory.perimeterOf(store.territories.vintage),
    changes: changesOf,
    members: (epci, page, { store }) =>
      connectionOf(
        store.territories.communesOf(epci).map((commune) => parentOf(commune)),
        page,
      ),
    departements: (epci, _, { store }) => reachOf(store.territories, epci, 'departement'),
    regions: (epci, _, { store }) => reachOf(store.territories, epci, 'region'),
  },
  Commune: {
    ...sharedResolvers.Commune,
    epci: (commune, _, { store: { territories } }) => {
      if (commune.epci === -1) throw withoutEpci(commune, territories)
      return parentOf(territories.at(commune.epci))
    },
  },
  Departement: {
    ...sharedResolvers.Departement,
    epcis: (departement, page, { store }) => connectionOf(epcisIn(store.territories, departement), page),
  },
  Region: {
    ...sharedResolvers.Region,
    epcis: (region, page, { store }) => connectionOf(epcisIn(store.territories, region), page),
  },
  Nation: {
    ...sharedResolvers.Nation,
    epcis: (_, page, { store }) =>
      connectionOf(
        store.territories.ofTier('EPCI').map((epci) => parentOf(epci)),
        page,
      ),
  },
} satisfies Resolvers

function reachOf(territories: Territories, epci: Territory, tier: 'departement' | 'region') {
  const positions = new Set(territories.communesOf(epci).map((commune) => commune[tier]))
  return [...positions].toSorted((left, right) => left - right).map((position) => parentOf(territories.at(position)))
}

function epcisIn(territories: Territories, territory: Territory) {
  const positions = new Set(territories.communesOf(territory).map(({ epci }) => epci))
  positions.delete(-1)
  return [...positions].toSorted((left, right) => left - right).map((position) => parentOf(territories.at(position)))
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
