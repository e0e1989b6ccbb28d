import type { Cell } from '../core/observations/consolidate.ts'
import type { MeasureDefinition } from '../core/observations/measure.ts'
import { isAbsent, type ObservationStatus } from '../core/observations/status.ts'
import type { ConsolidatedSlice } from './consolidate.ts'

/** A ratio whose parts have two owners, so that it is made here, where both are at hand. */
export type CrossOwnerRatio = MeasureDefinition & {
  readonly additivity: Extract<MeasureDefinition['additivity'], { readonly kind: 'RATIO' }>
}

/**
 * Rebuilds a ratio at every territory from its numerator and denominator there: a ratio of sums. Each slice of the
 * numerator gives one, with the newest denominator that is not later than it, else the nearest; both years are named.
 */
export function deriveRatio(
  definition: CrossOwnerRatio,
  slices: readonly ConsolidatedSlice[],
): readonly ConsolidatedSlice[] {
  const { numerator, denominator, per = 1 } = definition.additivity
  const denominators = slices.filter(({ claim }) => claim.measure === denominator)
  return slices
    .filter(({ claim }) => claim.measure === numerator)
    .flatMap((over) => {
      const under = nearest(denominators, over.period)
      if (under === undefined) return []
      const cellUnder = new Map(under.cells.map((cell) => [cell.territory, cell]))
      const note = `${per.toLocaleString('en')} × ${numerator} at the rentrée ${over.period} / ${denominator} of ${under.period}: pupils schooled in the territory, not resident in it.`
      return [
        {
          ...over,
          additivity: definition.additivity,
          claim: {
            measure: definition.id,
            defines: definition,
            note: [over.claim.note, note].filter(Boolean).join(' '),
          },
          snapshots: [...new Set([...over.snapshots, ...under.snapshots])].toSorted(),
          cells: over.cells.map((cell) => divide(cell, cellUnder.get(cell.territory), per)),
          keys: [],
          parts: new Map(),
          optional: new Map(),
        },
      ]
    })
}

function nearest(slices: readonly ConsolidatedSlice[], period: number): ConsolidatedSlice | undefined {
  const earlier = slices.filter((slice) => slice.period <= period).toSorted((left, right) => right.period - left.period)
  const later = slices.filter((slice) => slice.period > period).toSorted((left, right) => left.period - right.period)
  return earlier[0] ?? later[0]
}

function divide(over: Cell, under: Cell | undefined, per: number): Cell {
  const status = statusOf(over, under)
  const value = isAbsent(status) ? null : (per * (over.value ?? 0)) / (under?.value ?? 1)
  // What is not located is told in pupils by the numerator; a rate has no part of it.
  const estimated = estimatedOf(over, under) * Math.abs(value ?? 0)
  const sharedOut = [...new Set([...over.sharedOut, ...(under?.sharedOut ?? [])])].toSorted()
  return { ...over, value, status, estimated, sharedOut, notLocatedValue: 0 }
}

/** A ratio is estimated as far as the less certain of its two parts is. */
const estimatedOf = (over: Cell, under: Cell | undefined): number =>
  Math.max(shareEstimated(over), shareEstimated(under))

const shareEstimated = (cell: Cell | undefined): number =>
  cell === undefined || !cell.value ? 0 : cell.estimated / Math.abs(cell.value)

/** The numerator of a partial cell is not that of all the inhabitants: a rate over it would mislead, so there is none. */
function statusOf(over: Cell, under: Cell | undefined): ObservationStatus {
  if (isAbsent(over.status)) return over.status
  if (under === undefined) return 'NOT_PUBLISHED'
  if (isAbsent(under.status)) return under.status
  if (under.value === 0) return 'NOT_APPLICABLE'
  if (over.absentDepartements.length > 0) return 'SOURCE_UNAVAILABLE'
  return over.status === 'NORMAL' && under.status === 'NORMAL' ? 'NORMAL' : 'PARTIAL'
}
