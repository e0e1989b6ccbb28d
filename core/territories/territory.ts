import { StratesError } from '../observations/error.ts'
import { parseCode, type Tier, type TerritoryId } from './code.ts'
import type { TerritoryKind } from './groupings.ts'

/** One territory of one COG vintage. Links are positions in the list of all territories; -1 where there is none. */
export interface Territory {
  /** Its position in the list of all territories of the store. */
  readonly index: number
  readonly id: TerritoryId
  readonly tier: Tier
  readonly code: string
  /** The official name, with accents and article: "La Mézière". */
  readonly name: string
  readonly kind: TerritoryKind
  /** Of a commune: its EPCI, -1 for the communes without one. */
  readonly epci: number
  /** Of a commune: its département or overseas collectivity. */
  readonly departement: number
  /** Of a commune or département: its région or overseas collectivity. */
  readonly region: number
}

/** What a code other than a current commune's may name. */
export const ALIAS_KINDS = [
  'ARRONDISSEMENT_MUNICIPAL',
  'COMMUNE_DELEGUEE',
  'COMMUNE_ASSOCIEE',
  'FORMER_COMMUNE',
] as const

/** A code that is not, or no longer, a commune of its own, and the current commune that answers for it. */
export interface Alias {
  readonly code: string
  readonly name: string
  readonly kind: (typeof ALIAS_KINDS)[number]
  /** The code of the current commune. */
  readonly commune: string
}

/** A territory found, and the alias that led to it when the code asked for was not its own. */
export interface Resolution {
  readonly territory: Territory
  readonly resolvedFrom: Alias | null
}

/** The territories of one COG vintage, with the look-ups that serving and consolidating need. */
export interface Territories {
  /** The COG vintage: the situation on 1 January of that year. */
  readonly vintage: number
  readonly all: readonly Territory[]
  readonly nation: Territory
  at(index: number): Territory
  byId(id: string): Territory | undefined
  /**
   * The territory of a code, municipal arrondissements, communes déléguées and associées and former codes included.
   * @throws StratesError INVALID_CODE for a malformed code, UNKNOWN_TERRITORY for one that no territory has.
   */
  find(tier: Tier, code: string): Resolution
  /** The communes of any territory, in COG order; a commune is its own only one. */
  communesOf(territory: Territory): readonly Territory[]
  /** All territories of a tier, in code order. */
  ofTier(tier: Tier): readonly Territory[]
  /** The aliases that lead to a commune: its arrondissements, déléguées, associées and former codes. */
  aliasesOf(commune: Territory): readonly Alias[]
}

/**
 * Indexes a list of territories.
 * @param groupingMembers for each grouping's code, whether a département belongs to it.
 */
export function indexTerritories(input: {
  readonly vintage: number
  readonly all: readonly Territory[]
  readonly aliases: readonly Alias[]
  readonly includes: (grouping: string, departement: string) => boolean
}): Territories {
  const { vintage, all, aliases, includes } = input
  const byId = new Map(all.map((territory) => [territory.id as string, territory]))
  const byTier = Map.groupBy(all, ({ tier }) => tier)
  const aliasByCode = new Map(aliases.map((alias) => [alias.code, alias]))
  const aliasesByCommune = Map.groupBy(aliases, ({ commune }) => commune)
  const communes = byTier.get('COMMUNE') ?? []
  const byEpci = Map.groupBy(communes, ({ epci }) => epci)
  const byDepartement = Map.groupBy(communes, ({ departement }) => departement)
  const byRegion = Map.groupBy(communes, ({ region }) => region)
  const nation = byTier.get('NATION')?.[0]
  if (nation === undefined) throw new RangeError('a list of territories needs its nation')

  const at = (index: number): Territory => {
    const territory = all[index]
    if (territory === undefined) throw new RangeError(`no territory at position ${index}`)
    return territory
  }

  function find(tier: Tier, text: string): Resolution {
    const code = parseCode(tier, text)
    const own = byId.get(`${tier.toLowerCase()}:${code}`)
    if (own !== undefined) return { territory: own, resolvedFrom: null }
    const alias = tier === 'COMMUNE' ? aliasByCode.get(code) : undefined
    const current = alias && byId.get(`commune:${alias.commune}`)
    if (alias !== undefined && current !== undefined) return { territory: current, resolvedFrom: alias }
    throw new StratesError({
      code: 'UNKNOWN_TERRITORY',
      what: `No territory of the tier ${tier} has this code`,
      on: `code ${JSON.stringify(text)}`,
      expected: `a code of the COG ${vintage}${tier === 'COMMUNE' ? ', or one that a commune had before' : ''}`,
      remedy: 'Look the code up in the Code officiel géographique (insee.fr), or ask a territory of another tier.',
      details: { tier, given: text, geography: vintage },
    })
  }

  const communesByGrouping = new Map<number, readonly Territory[]>()
  function communesOf(territory: Territory): readonly Territory[] {
    switch (territory.tier) {
      case 'COMMUNE':
        return [territory]
      case 'EPCI':
        return byEpci.get(territory.index) ?? []
      case 'DEPARTEMENT':
        return byDepartement.get(territory.index) ?? []
      case 'REGION':
        return byRegion.get(territory.index) ?? []
      case 'NATION':
        return communes
      case 'GROUPING': {
        const known = communesByGrouping.get(territory.index)
        if (known !== undefined) return known
        const members = communes.filter((commune) => includes(territory.code, at(commune.departement).code))
        communesByGrouping.set(territory.index, members)
        return members
      }
    }
  }

  return {
    vintage,
    all,
    nation,
    at,
    byId: (id) => byId.get(id),
    find,
    communesOf,
    ofTier: (tier) => byTier.get(tier) ?? [],
    aliasesOf: (commune) => aliasesByCommune.get(commune.code) ?? [],
  }
}
