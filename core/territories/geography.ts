import type { Geography } from '../observations/consolidate.ts'
import { groupingIncludes } from './cog.ts'
import type { Territories, Territory } from './territory.ts'

/**
 * Saint-Barthélemy and Saint-Martin stand under GUADELOUPE in the ministry's files (académie de Guadeloupe): a file that
 * covers 971 covers them too.
 */
export const FILED_UNDER: Readonly<Record<string, string>> = { '977': '971', '978': '971' }

/**
 * What adding up needs to know of the territories of a vintage.
 * @param weightOf the population of a commune by code, 0 where there is none.
 */
export function geographyOf(territories: Territories, weightOf: (code: string) => number): Geography {
  const groupings = territories.ofTier('GROUPING')
  const nation = territories.nation.index
  const above = new Map<number, readonly number[]>()
  for (const { index, code, region } of territories.ofTier('DEPARTEMENT')) {
    const within = groupings
      .filter((grouping) => groupingIncludes(grouping.code, code))
      .map((grouping) => grouping.index)
    above.set(index, [index, region, nation, ...within])
  }
  const holders = new Map<number, readonly number[]>()
  for (const { index, epci, departement } of territories.ofTier('COMMUNE')) {
    holders.set(index, [index, ...(epci === -1 ? [] : [epci]), ...(above.get(departement) ?? [])])
  }
  return {
    communes: territories.ofTier('COMMUNE').map(({ index }) => index),
    departementOf: (commune) => territories.at(commune).departement,
    holdersOfCommune: (commune) => holders.get(commune) ?? [],
    holdersOfDepartement: (departement) => above.get(departement) ?? [],
    weightOf: (commune) => weightOf(territories.at(commune).code),
  }
}

// Asked for every absent or annotated value: each territory's communes are walked once.
const knownReaches = new WeakMap<Territories, Map<number, readonly string[]>>()

/** The codes of the départements that a territory reaches into, in code order; of a région: its own. */
export function departementsOf(territories: Territories, territory: Territory): readonly string[] {
  const reaches = knownReaches.get(territories) ?? new Map<number, readonly string[]>()
  knownReaches.set(territories, reaches)
  const reach = reaches.get(territory.index) ?? walkReach(territories, territory)
  reaches.set(territory.index, reach)
  return reach
}

function walkReach(territories: Territories, territory: Territory): readonly string[] {
  const positions = new Set(territories.communesOf(territory).map(({ departement }) => departement))
  if (territory.tier === 'DEPARTEMENT') positions.add(territory.index)
  return [...positions].map((position) => territories.at(position).code).toSorted()
}

/**
 * Positions of the communes of a territory, and of the départements that it holds whole: what is known to be in one of them
 * is in the territory.
 */
export function placesWithin(territories: Territories, territory: Territory): ReadonlySet<number> {
  const communes = territories.communesOf(territory)
  const places = new Set(communes.map(({ index }) => index))
  if (territory.tier === 'COMMUNE' || territory.tier === 'EPCI') return places
  for (const { departement } of communes) places.add(departement)
  return places.add(territory.index)
}
