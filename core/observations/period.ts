import { StratesError } from './error.ts'

/** The years that a question may name: the COG's history begins in 1943, and nobody publishes a century ahead. */
export const ASKABLE_YEARS = { from: 1943, to: 2100 } as const

/**
 * Checks a year that a caller gave, and gives it back.
 * @param argument the name of the argument, for the message.
 * @throws StratesError INVALID_YEAR, telling which periods hold figures.
 */
export function askableYear(argument: string, year: number, held: readonly number[]): number {
  if (year >= ASKABLE_YEARS.from && year <= ASKABLE_YEARS.to) return year
  throw new StratesError({
    code: 'INVALID_YEAR',
    what: 'No figure can exist for this year',
    on: `${argument}: ${year}`,
    expected: `a year from ${ASKABLE_YEARS.from} to ${ASKABLE_YEARS.to}`,
    remedy: held.length === 0 ? 'This store holds no figures yet.' : `This store holds figures for ${spans(held)}.`,
    details: { argument, given: year, held },
  })
}

/** Years in the shortest words: `[2016, 2018, 2019, 2020]` → `2016, 2018–2020`. */
export function spans(years: readonly number[]): string {
  const sorted = [...new Set(years)].toSorted((left, right) => left - right)
  const runs: { from: number; to: number }[] = []
  for (const year of sorted) {
    const last = runs.at(-1)
    if (last !== undefined && last.to + 1 === year) last.to = year
    else runs.push({ from: year, to: year })
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}
