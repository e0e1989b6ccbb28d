/** The values of those that are ranked, from the largest to the smallest. */
export type Descending = Float64Array

/** Whether the largest value is first, or the smallest. */
export type RankingOrder = 'ASC' | 'DESC'

/** Where one value stands among others. */
export interface Standing {
  /** 1 for the first; those with the same value share the position, and the next counts them all: 1, 2, 2, 4. */
  readonly position: number
  /** How many others have the same value. */
  readonly ties: number
  /** The share of those ranked, in percent, whose value is at most this one. */
  readonly percentile: number
}

/** The values below which a quarter, a half and three quarters lie. */
export interface Quartiles {
  readonly q1: number
  readonly median: number
  readonly q3: number
}

/** Where a value stands among others of which it is one (standard competition ranking). */
export function standingOf(values: Descending, value: number, order: RankingOrder = 'DESC'): Standing {
  const greater = countWhere(values, (other) => other > value)
  const atLeast = countWhere(values, (other) => other >= value)
  const below = values.length - atLeast
  return {
    position: 1 + (order === 'DESC' ? greater : below),
    ties: Math.max(0, atLeast - greater - 1),
    percentile: values.length === 0 ? 0 : (100 * (values.length - greater)) / values.length,
  }
}

/** The quartiles of values; null where there is none. */
export function quartilesOf(values: Descending): Quartiles | null {
  if (values.length === 0) return null
  return { q1: quantileOf(values, 0.25), median: quantileOf(values, 0.5), q3: quantileOf(values, 0.75) }
}

/**
 * A quantile, interpolated between the two values around it: the seventh of the definitions of Hyndman and Fan (1996), which
 * is that of R and of the spreadsheets (QUARTILE.INC).
 */
export function quantileOf(values: Descending, share: number): number {
  const place = (values.length - 1) * (1 - share)
  const above = values[Math.floor(place)] ?? Number.NaN
  const below = values[Math.ceil(place)] ?? Number.NaN
  const weight = place - Math.floor(place)
  // Weighed each on its own: of two equal values it is that value to the last digit, and never beyond one of them.
  return weight === 0 || above === below ? above : above * (1 - weight) + below * weight
}

/** How many values at the beginning hold to what all before a certain one hold to. */
function countWhere(values: Descending, holds: (value: number) => boolean): number {
  let from = 0
  let to = values.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (holds(values[middle] ?? Number.NaN)) from = middle + 1
    else to = middle
  }
  return from
}
