import { weigh, type Weights } from './pieces.ts'
import type { StayIndex } from './stayIndex.ts'

/** How sure the share of a place in what it became is. */
export const SHARE_QUALITIES = ['EXACT', 'MEASURED', 'MIXED', 'UNKNOWN'] as const

/**
 * `EXACT`: all of it went to one place; `MEASURED`: each part counted on its own at one census; `MIXED`: each counted, at
 * different ones; `UNKNOWN`: a part was never counted on its own, or nobody lives in any.
 */
export type ShareQuality = (typeof SHARE_QUALITIES)[number]

/** What part of the inhabitants of a place went one way. */
export interface Share {
  readonly quality: ShareQuality
  /** From 0 to 1; null exactly where the quality is `UNKNOWN`. */
  readonly share: number | null
  /** The inhabitants by which it is weighed; null where nothing is: `EXACT` and `UNKNOWN`. */
  readonly inhabitants: number | null
  /** The census that counted them; null where nothing is weighed, and where the parts were counted at different ones. */
  readonly census: number | null
}

const ALL: Share = { quality: 'EXACT', share: 1, inhabitants: null, census: null }
/** The share of what nothing at hand weighs. */
export const UNKNOWN: Share = { quality: 'UNKNOWN', share: null, inhabitants: null, census: null }

/**
 * Shares a place out among the ways that its lineages went, by population. Populations are those of pieces: where one
 * stands on two sides, or reaches beyond the place, no share is told.
 * @param ways the lineages of each way.
 */
export function sharesOf(index: StayIndex, ways: readonly (readonly number[])[]): readonly Share[] {
  if (ways.length === 1) return [ALL]
  const unknown = ways.map(() => UNKNOWN)
  const counts = new Map<number, number>()
  const pieces = ways.map((lineages) => {
    const own = lineages.map((lineage) => index.pieceOf(lineage))
    for (const piece of own) counts.set(piece, (counts.get(piece) ?? 0) + 1)
    return [...new Set(own)]
  })
  const all = pieces.flat()
  const isOnTwoSides = all.length > counts.size
  if (isOnTwoSides || all.some((piece) => counts.get(piece) !== index.sizeOf(piece))) return unknown
  const weights = weighIn(index, all)
  if (weights === undefined) return unknown
  const inhabitantsOf = new Map(all.map((piece, position) => [piece, weights.inhabitants[position] ?? 0]))
  const ofWays = pieces.map((own) => own.reduce((sum, piece) => sum + (inhabitantsOf.get(piece) ?? 0), 0))
  const total = ofWays.reduce((sum, inhabitants) => sum + inhabitants, 0)
  const { year } = weights
  const quality = year === null ? 'MIXED' : 'MEASURED'
  return ofWays.map((inhabitants) => ({ quality, share: inhabitants / total, inhabitants, census: year }))
}

/** Weighs pieces of the index against each other; see `weigh`. */
export const weighIn = (index: StayIndex, pieces: readonly number[]): Weights | undefined =>
  weigh(pieces.map((piece) => ({ populations: index.populationsOf(piece) })))

/** Lineages by the commune in which they stand on a day, by code position; undefined where one has no history then. */
export function standingOf(
  index: StayIndex,
  lineages: readonly number[],
  day: number,
): Map<number, number[]> | undefined {
  const found = new Map<number, number[]>()
  for (const lineage of lineages) {
    const stay = index.stayOn(lineage, day)
    if (stay === undefined) return undefined
    const commune = index.communeOf(stay)
    const known = found.get(commune)
    if (known === undefined) found.set(commune, [lineage])
    else known.push(lineage)
  }
  return found
}
