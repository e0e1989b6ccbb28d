import type { Weights } from './pieces.ts'
import type { Territories, Territory } from './territory.ts'

/** Which part of a territory of one vintage stands in which territory of another. */
export interface Correspondence {
  readonly from: Territory
  readonly to: Territory
  /** The part of the inhabitants of `from` that live on the ground of `to`, from 0 to 1; null where nobody counted them. */
  readonly share: number | null
  /** Those inhabitants, as counted on that ground; null where nobody did. */
  readonly inhabitants: number | null
  /** The census by which they are counted; null where its parts were counted at different ones, or never. */
  readonly censusYear: number | null
  /** `WHOLE`: all of `from` stands in `to`, so that any figure carries over exactly; `PART`: by the share. */
  readonly extent: 'WHOLE' | 'PART'
}

/** How the ground weighs: see `weigh`; of a single piece too. */
export type WeighPieces = (pieces: readonly number[]) => Weights | undefined

/** The table that carries figures of the communes of one vintage to those of another, in order of both codes. */
export const correspondenceOf = (from: Territories, to: Territories, weigh: WeighPieces): readonly Correspondence[] =>
  from.ofTier('COMMUNE').flatMap((commune) => correspondencesOf(commune, from, to, weigh))

/** The communes of another vintage in which a commune stands, with its part in each. */
export function correspondencesOf(
  commune: Territory,
  from: Territories,
  to: Territories,
  weigh: WeighPieces,
): readonly Correspondence[] {
  const pieces = from.piecesOf(commune)
  const weights = weigh(pieces)
  const byTarget = Map.groupBy(pieces.keys(), (position) => to.communeOf(pieces[position] ?? -1))
  const total = (positions: readonly number[], of: readonly number[]) =>
    positions.reduce((sum, position) => sum + (of[position] ?? 0), 0)
  return [...byTarget]
    .map(([target, positions]): Correspondence => ({
      from: commune,
      to: target,
      share: byTarget.size === 1 ? 1 : weights === undefined ? null : total(positions, weights.shares),
      inhabitants: weights === undefined ? null : total(positions, weights.inhabitants),
      censusYear: weights?.year ?? null,
      extent: byTarget.size === 1 ? 'WHOLE' : 'PART',
    }))
    .toSorted((left, right) => (left.to.code < right.to.code ? -1 : 1))
}
