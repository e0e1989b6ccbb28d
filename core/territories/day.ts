import { StratesError } from '../observations/error.ts'

/** A day as a number that sorts as the day does: 20250101. The index of the timeline compares millions of them. */
export type DayNumber = number

/** Later than any day: the end of what lasts. */
export const NEVER: DayNumber = 99_991_231

/** The days between which a question may fall, both included; ISO. */
export interface DayRange {
  readonly first: string
  readonly last: string
}

/**
 * Reads a day: `2025-01-01`, or a year, which means its 1 January.
 * @param argument the name of the argument, for the message.
 * @returns the ISO day.
 * @throws StratesError INVALID_DATE for what is no day, or one out of range.
 */
export function parseDay(argument: string, given: string | number, { first, last }: DayRange): string {
  const text = `${given}`.trim()
  const day = /^\d{4}$/.test(text) ? `${text}-01-01` : text
  if (isDay(day) && day >= first && day <= last) return day
  throw new StratesError({
    code: 'INVALID_DATE',
    what: isDay(day) ? 'The history of the communes does not hold this day' : 'This is not a day',
    on: `${argument}: ${JSON.stringify(given)}`,
    expected: `a day such as 2025-01-01, or a year for its 1 January, from ${first} to ${last}`,
    remedy: isDay(day) ? 'Ask for a day between the two.' : 'Write year, month and day: YYYY-MM-DD.',
    details: { argument, given, first, last },
  })
}

/** The number of an ISO day; of null, the end of what lasts. */
export const dayNumber = (day: string | null): DayNumber =>
  day === null ? NEVER : Number(day.slice(0, 4) + day.slice(5, 7) + day.slice(8))

/** The ISO day of a number. */
export function isoDay(day: DayNumber): string {
  const text = `${day}`
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
}

/** The ISO day before one. */
export const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

/** Whether the calendar has such a day: 30 February is none. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const [month, day] = [Number(text.slice(5, 7)), Number(text.slice(8))]
  if (month >= 1 && month <= 12 && day >= 1 && day <= 28) return true
  const moment = new Date(Date.UTC(Number(text.slice(0, 4)), month - 1, day))
  return moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day
}
