import { describe, expect, it } from 'vitest'
import { StratesError } from '../../../core/observations/error.ts'
import { isSilent, nextLook, toldProblem, type PlanFacts } from '../../../core/observations/refresh.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = new Date('2026-03-01T00:00:00Z')
const annual: PlanFacts = {
  updateFrequency: 'ANNUAL',
  nextExpected: '2026-09-01T00:00:00Z',
  failures: 0,
  isFolder: false,
}
const waitOf = (facts: Partial<PlanFacts> = {}, random = 0) =>
  nextLook({ ...annual, ...facts }, NOW, random).getTime() - NOW.getTime()

describe('when a source is asked next', () => {
  it.each([
    ['an annual one, long before its date', {}, 7 * DAY],
    ['an annual one, 60 days before its date', { nextExpected: '2026-04-30T00:00:00Z' }, DAY],
    ['an annual one that is late', { nextExpected: '2025-09-01T00:00:00Z' }, DAY],
    ['one of which nothing is held', { nextExpected: null }, DAY],
    ['a continuous one', { updateFrequency: 'CONTINUOUS' }, DAY],
    ['a folder', { isFolder: true }, HOUR],
    ['after a failure', { failures: 1 }, HOUR],
    ['after four failures', { failures: 4 }, 8 * HOUR],
    ['after many failures', { failures: 900 }, DAY],
    ['a folder that fails', { isFolder: true, failures: 9 }, HOUR],
    ['one that asks for less than an hour', { failures: 1, retryAfterMs: 1000 }, HOUR],
    ['one that asks for three days', { failures: 1, retryAfterMs: 3 * DAY }, 3 * DAY],
    ['one that asks for ever', { failures: 1, retryAfterMs: 9e15 }, 7 * DAY],
  ] as const)('%s', (_, facts, expected) => {
    expect(waitOf(facts)).toBe(expected)
  })

  it('up to a tenth later, by chance', () => {
    expect([waitOf({}, 0.5), waitOf({}, 1)]).toEqual([7 * DAY * 1.05, 7 * DAY * 1.1])
  })
})

describe('a source is silent', () => {
  const at = (days: number) => new Date(NOW.getTime() - days * DAY).toISOString()
  it.each([
    [{ failures: 20, answeredAt: at(15) }, true],
    [{ failures: 20, answeredAt: at(13) }, false],
    [{ failures: 0, answeredAt: at(60) }, false],
    [{ failures: 15, answeredAt: null }, true],
    [{ failures: 3, answeredAt: null }, false],
  ])('%o: %s', (look, expected) => {
    expect(isSilent(look, NOW.getTime())).toBe(expected)
  })
})

describe('what is told of a problem', () => {
  it('names no folder of this machine, and nothing of an error that nobody foresaw', () => {
    const facts = { code: 'NO_SOURCE_FILE', what: 'No file', expected: 'a file', remedy: 'Put one there.' } as const
    expect(toldProblem(new StratesError({ ...facts, on: '/home/someone/files/a.csv' })).message).toBe(
      'No file (files/a.csv). Expected: a file.',
    )
    expect(toldProblem(new StratesError({ ...facts, on: 'ecoles, https://data.example.fr/api/x' })).message).toContain(
      'https://data.example.fr/api/x',
    )
    expect(toldProblem(new Error('EACCES /home/someone'))).toEqual({
      code: 'INTERNAL',
      message: 'The look failed for another reason, which the log tells.',
    })
  })
})
