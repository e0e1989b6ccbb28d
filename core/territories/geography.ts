import type { Geography } from '../observations/consolidate.ts'
import type { Atlas } from './atlas.ts'
import { groupingIncludes } from './cog.ts'
import type { Territories, Territory } from './territory.ts'

/**
 * Saint-Barthélemy and Saint-Martin stand under GUADELOUPE in the ministry's files (académie de Guadeloupe): a file that
 * covers 971 covers them too.
 */
export const FILED_UNDER: Readonly<Record<string, string>> = { '977': '971', '978': '971' }

/** How the ground weighs, piece by piece. */
export interface GroundWeights {
  /** The population of a piece, 0 where there is none. */
  weightOf(piece: number): number
  /** How much of a whole falls on each of its pieces. */
  sharesOf(pieces: readonly number[]): readonly number[]
}

/** What adding up needs to know of the territories: of every vintage, since each value is given on all of them. */
export function geographyOf({ years, current, of }: Atlas, { weightOf, sharesOf }: GroundWeights): Geography {
  const holders: number[][] = []
  const counted: Geography['counted'][number][] = []
  const seen = new Set<number>()
  const walked = new Set<Territory>()
  for (const year of years.toReversed()) {
    const vintage = of(year)
    if (vintage === undefined) continue
    const above = holdersOfDepartements(vintage)
    const parts = partsOf(vintage)
    const isNew = (holder: number): boolean => !seen.has(holder)
    for (const commune of vintage.ofTier('COMMUNE')) {
      // The same object in a newer vintage: on the same ground, in the same EPCI, département and région.
      if (walked.has(commune)) continue
      walked.add(commune)
      const pieces = vintage.piecesOf(commune)
      const all = [
        commune.index,
        ...(commune.epci === -1 ? [] : [commune.epci]),
        ...(above.get(commune.departement) ?? []),
        ...(parts.get(`${commune.epci} ${commune.departement}`) ?? []),
        ...(parts.get(`${commune.epci} region ${commune.region}`) ?? []),
      ]
      for (const piece of pieces) for (const holder of all) add((holders[piece] ??= []), holder)
      const fresh = all.filter(isNew)
      if (fresh.length === 0) continue
      const weight = pieces.reduce((sum, piece) => sum + weightOf(piece), 0)
      counted.push({ departement: commune.departement, weight, holders: fresh })
    }
    for (const { index } of vintage.all) seen.add(index)
  }
  const above = holdersOfDepartements(current)
  return {
    counted,
    departementOf: (piece) => current.communeOf(piece).departement,
    holdersOf: (piece) => holders[piece] ?? [],
    holdersOfDepartement: (departement) => above.get(departement) ?? [],
    sharesOf,
  }
}

/** The parts of EPCI, by the positions of the EPCI and of the département or région. */
const partsOf = (territories: Territories): ReadonlyMap<string, readonly number[]> =>
  new Map(
    territories
      .ofTier('GROUPING')
      .filter(({ kind }) => kind === 'EPCI_PART')
      .map(({ index, epci, departement, region }) => [
        departement === -1 ? `${epci} region ${region}` : `${epci} ${departement}`,
        [index],
      ]),
  )

const add = (list: number[], item: number): void => {
  if (!list.includes(item)) list.push(item)
}

/** The territories that hold a whole département, itself included, by its position. */
function holdersOfDepartements(territories: Territories): ReadonlyMap<number, readonly number[]> {
  const groupings = territories.ofTier('GROUPING')
  return new Map(
    territories.ofTier('DEPARTEMENT').map(({ index, code, region }) => {
      const within = groupings.filter((grouping) => groupingIncludes(grouping.code, code)).map((found) => found.index)
      return [index, [index, region, territories.nation.index, ...within]]
    }),
  )
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

/** The ground of a territory, and the positions of the départements that it holds whole: what is known to be in one of them is in it. */
export interface Ground {
  readonly pieces: ReadonlySet<number>
  readonly departements: ReadonlySet<number>
}

/** See {@link Ground}. */
export function groundWithin(territories: Territories, territory: Territory): Ground {
  const pieces = new Set(territories.piecesOf(territory))
  const isWithinOne = territory.tier === 'COMMUNE' || territory.tier === 'EPCI' || territory.kind === 'EPCI_PART'
  if (isWithinOne) return { pieces, departements: new Set() }
  const departements = new Set(territories.communesOf(territory).map(({ departement }) => departement))
  return { pieces, departements: departements.add(territory.index) }
}
