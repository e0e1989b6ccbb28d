import type { Chronicle, Stay } from './lineage.ts'

/** The population of a place at a census. */
export interface Population {
  /** Inhabitants (population municipale). */
  readonly inhabitants: number
  /** The census reference year. */
  readonly year: number
}

/** The population municipale of communes at one census, under the codes of one vintage. */
export interface Census {
  readonly year: number
  readonly vintage: number
  readonly population: ReadonlyMap<string, number>
}

/**
 * The smallest ground that the vintages tell apart: the lineages that stand in the same commune in every one of them. Each
 * commune of each vintage is one piece or several; a value is carried from one vintage to another piece by piece.
 */
export interface Piece {
  readonly index: number
  /** The code of the commune in which it stands, in each vintage, in the order of the vintages. */
  readonly communes: readonly string[]
  /** The censuses at which it was counted on its own, newest first. */
  readonly populations: readonly Population[]
}

/** The pieces, and which lineages make each. */
export interface Pieces {
  readonly years: readonly number[]
  readonly all: readonly Piece[]
  /** The piece of each lineage; -1 for one that had ended before the first vintage. */
  readonly ofLineage: Int32Array
}

/**
 * Cuts the country into pieces.
 * @param years the vintages to tell apart, ascending; each the 1 January of its year.
 */
export function piecesOf(chronicle: Chronicle, years: readonly number[], censuses: readonly Census[]): Pieces {
  const paths = pathsOf(chronicle, years)
  const indexes = new Map<string, number>()
  const communes: (readonly string[])[] = []
  const ofLineage = new Int32Array(paths.length).fill(-1)
  for (const [lineage, path] of paths.entries()) {
    if (path.includes(undefined)) continue
    const key = path.join()
    const known = indexes.get(key) ?? communes.push(path as string[]) - 1
    indexes.set(key, known)
    ofLineage[lineage] = known
  }
  const order = communes
    .map((path, index) => ({ path, index }))
    .toSorted((a, b) => (a.path.join() < b.path.join() ? -1 : 1))
  const renumbered = new Int32Array(order.length)
  for (const [position, { index }] of order.entries()) renumbered[index] = position
  for (const [lineage, piece] of ofLineage.entries()) if (piece !== -1) ofLineage[lineage] = renumbered[piece] ?? -1
  const populationsOf = countedAlone(
    order.map(({ path }) => path),
    years,
    censuses,
  )
  return {
    years,
    all: order.map(({ path }, index) => ({ index, communes: path, populations: populationsOf(path) })),
    ofLineage,
  }
}

/** The commune of every lineage on the 1 January of each year; undefined where it had ended. */
function pathsOf({ stays }: Chronicle, years: readonly number[]): readonly (readonly (string | undefined)[])[] {
  const days = years.map((year) => `${year}-01-01`)
  const byLineage: Stay[][] = []
  for (const stay of stays) (byLineage[stay.lineage] ??= []).push(stay)
  return Array.from(byLineage, (own = []) => days.map((day) => own.find((stay) => stands(stay, day))?.commune))
}

/** Whether a stay lasts on a day. */
export const stands = ({ from, until }: Pick<Stay, 'from' | 'until'>, day: string): boolean =>
  from <= day && (until === null || day < until)

/** Whether a stay lasts on the last day of a state of its commune. */
export function standsAtEnd({ from, until }: Pick<Stay, 'from' | 'until'>, end: Pick<Stay, 'until'>): boolean {
  const outlasts = until === null || (end.until !== null && until >= end.until)
  return outlasts && (end.until === null || from < end.until)
}

/** A piece was counted on its own where it was the whole of a commune. */
function countedAlone(
  paths: readonly (readonly string[])[],
  years: readonly number[],
  censuses: readonly Census[],
): (path: readonly string[]) => readonly Population[] {
  const held = years.map((_, position) => {
    const counts = new Map<string, number>()
    for (const path of paths) {
      const code = path[position] ?? ''
      counts.set(code, (counts.get(code) ?? 0) + 1)
    }
    return counts
  })
  const newestFirst = censuses.toSorted((left, right) => right.year - left.year)
  return (path) =>
    newestFirst.flatMap(({ year, vintage, population }) => {
      const position = years.indexOf(vintage)
      const code = path[position] ?? ''
      const inhabitants = population.get(code)
      return inhabitants === undefined || held[position]?.get(code) !== 1 ? [] : [{ inhabitants, year }]
    })
}

/** How much of a whole falls on each of its pieces. */
export interface Weights {
  /** In the order of the pieces; they add up to 1. */
  readonly shares: readonly number[]
  /** The population of each piece. */
  readonly inhabitants: readonly number[]
  /** The census by which they are weighed; null where the pieces were counted at different ones. */
  readonly year: number | null
}

/**
 * Weighs pieces against each other by population: at the newest census that counted each of them on its own, else each at
 * its newest. The same weights serve all periods, so that a series does not move because its weights do.
 * @returns undefined where a piece was never counted, or nobody lives in any of them.
 */
export function weigh(pieces: readonly Pick<Piece, 'populations'>[]): Weights | undefined {
  const [first] = pieces
  const year = first?.populations
    .map((population) => population.year)
    .find((candidate) => pieces.every(({ populations }) => populations.some((own) => own.year === candidate)))
  const counted = pieces.map(({ populations }) =>
    year === undefined ? populations[0] : populations.find((own) => own.year === year),
  )
  const inhabitants = counted.flatMap((population) => population?.inhabitants ?? [])
  const sum = inhabitants.reduce((total, count) => total + count, 0)
  if (inhabitants.length < pieces.length || sum === 0) return undefined
  return { shares: inhabitants.map((count) => count / sum), inhabitants, year: year ?? null }
}
