import { describe, expect, it } from 'vitest'
import { freshnessOf, type FreshnessFacts } from '../../../core/observations/freshness.ts'

const ENROLMENT: FreshnessFacts = {
  updateFrequency: 'ANNUAL',
  newestPeriod: 2023,
  publishedWithin: 20,
  retrievedAt: '2025-01-15T08:00:00.000Z',
}
const DIRECTORY: FreshnessFacts = { ...ENROLMENT, updateFrequency: 'CONTINUOUS', publishedWithin: null }

const judged = (facts: FreshnessFacts, day: string) => freshnessOf(facts, new Date(`${day}T00:00:00Z`)).freshness

describe('the freshness of a dataset', () => {
  it('of an annual one hangs on the period that comes next, not on when the file was taken', () => {
    expect(freshnessOf(ENROLMENT, new Date('2025-02-01')).nextExpected).toBe('2025-09-01T00:00:00.000Z')
    expect(judged(ENROLMENT, '2025-08-31')).toBe('FRESH')
    expect(judged(ENROLMENT, '2025-09-01')).toBe('LATE')
    expect(judged(ENROLMENT, '2026-08-31')).toBe('LATE')
    expect(judged(ENROLMENT, '2026-09-01')).toBe('STALE')
  })

  it('of a census is judged by its own delay', () => {
    const census = { ...ENROLMENT, newestPeriod: 2023, publishedWithin: 36 }
    expect(freshnessOf(census, new Date('2026-11-01'))).toEqual({
      nextExpected: '2027-01-01T00:00:00.000Z',
      freshness: 'FRESH',
    })
  })

  it('of a continuous one hangs on when it was taken, by the month', () => {
    expect(freshnessOf(DIRECTORY, new Date('2025-02-01')).nextExpected).toBe('2025-02-15T08:00:00.000Z')
    expect(judged(DIRECTORY, '2025-02-15')).toBe('FRESH')
    expect(judged(DIRECTORY, '2025-02-16')).toBe('LATE')
    expect(judged(DIRECTORY, '2025-03-16')).toBe('STALE')
  })

  it('of an annual one without a declared delay, or without periods, is a year', () => {
    for (const facts of [{ publishedWithin: null }, { newestPeriod: null }]) {
      expect(judged({ ...ENROLMENT, ...facts }, '2026-01-15')).toBe('FRESH')
      expect(judged({ ...ENROLMENT, ...facts }, '2026-01-16')).toBe('LATE')
      expect(judged({ ...ENROLMENT, ...facts }, '2027-01-16')).toBe('STALE')
    }
  })
})
