/** Whether what a store holds of a dataset is as new as one may expect. */
export type Freshness = 'FRESH' | 'LATE' | 'STALE'

/** What freshness is judged by. */
export interface FreshnessFacts {
  readonly updateFrequency: 'ANNUAL' | 'CONTINUOUS'
  /** The newest period held. */
  readonly newestPeriod: number | null
  /** Within how many months of 1 January of a period its publisher has it out; null where that is not declared. */
  readonly publishedWithin: number | null
  /** When the file was taken, ISO 8601. */
  readonly retrievedAt: string
}

/** How long a dataset may wait for its next update, in months. */
const INTERVAL = { ANNUAL: 12, CONTINUOUS: 1 } as const

/**
 * When the next update is expected, and how the dataset stands against that: FRESH before, LATE for one more interval (a year
 * for ANNUAL, a month for CONTINUOUS), STALE after. Of an annual dataset with a declared delay, the next update is the period
 * after the newest one held; of any other, an interval after the file was taken.
 */
export function freshnessOf(
  { updateFrequency, newestPeriod, publishedWithin, retrievedAt }: FreshnessFacts,
  now: Date,
): { readonly nextExpected: string; readonly freshness: Freshness } {
  const interval = INTERVAL[updateFrequency]
  const isByPeriod = updateFrequency === 'ANNUAL' && newestPeriod !== null && publishedWithin !== null
  const expected = isByPeriod
    ? monthsAfter(new Date(Date.UTC(newestPeriod + 1, 0, 1)), publishedWithin)
    : monthsAfter(new Date(retrievedAt), interval)
  const stale = monthsAfter(expected, interval)
  const freshness = now < expected ? 'FRESH' : now < stale ? 'LATE' : 'STALE'
  return { nextExpected: expected.toISOString(), freshness }
}

function monthsAfter(start: Date, months: number): Date {
  const moved = new Date(start)
  moved.setUTCMonth(moved.getUTCMonth() + months)
  return moved
}
