import type { Cell } from './consolidate.ts'
import { isAbsent } from './status.ts'

/**
 * What is left of a consolidation where values cannot be put together: a territory of a single contributor keeps its value,
 * any other has none and says NON_ADDITIVE, as has a part of one. What is absent for another reason stays so.
 */
export const withoutRollUp = (cells: readonly Cell[]): readonly Cell[] =>
  cells.map((cell) =>
    (cell.expected <= 1 && cell.sharedOut.length === 0) || isAbsent(cell.status)
      ? cell
      : { ...cell, value: null, status: 'NON_ADDITIVE', notLocatedValue: 0, estimated: 0, sharedOut: [] },
  )

/**
 * Rebuilds a mean at every territory from the sums of weighted values and of weights: never a mean of means. Where the
 * weights are 0 there is nothing to take a mean of: NOT_APPLICABLE.
 */
export function weightedMeans(weighted: readonly Cell[], weights: readonly Cell[]): readonly Cell[] {
  const weightOf = new Map(weights.map((cell) => [cell.territory, cell.value ?? 0]))
  return weighted.map((cell) => {
    const weight = weightOf.get(cell.territory) ?? 0
    if (cell.value === null) return cell
    if (weight === 0) return { ...cell, value: null, status: 'NOT_APPLICABLE', notLocatedValue: 0 }
    return { ...cell, value: cell.value / weight, estimated: cell.estimated / weight, notLocatedValue: 0 }
  })
}
