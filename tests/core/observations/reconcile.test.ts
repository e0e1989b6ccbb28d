import { describe, expect, it } from 'vitest'
import { compareTotals } from '../../../core/observations/reconcile.ts'

const closed = { says: 'écoles closed since', covers: null }

describe('compareTotals', () => {
  it('agrees up to one in a thousand, on either side', () => {
    expect(compareTotals({ computed: 999, published: 1000, causes: [] })).toMatchObject({ verdict: 'AGREES', gap: -1 })
    expect(compareTotals({ computed: 1001, published: 1000, causes: [] })).toMatchObject({ verdict: 'AGREES', gap: 1 })
    expect(compareTotals({ computed: 998, published: 1000, causes: [] })).toMatchObject({ verdict: 'DISAGREES' })
  })

  it('explains a gap that counted causes cover, and says how many each covers and how many remain', () => {
    const comparison = compareTotals({
      computed: 108_848,
      published: 108_730,
      causes: [{ says: 'two schools', covers: 118 }],
    })
    expect(comparison).toMatchObject({ verdict: 'EXPLAINED', gap: 118 })
    expect(comparison.explanation).toBe('two schools (+118); +0 remain.')
  })

  it('does not take a cause that covers half of the gap for an explanation', () => {
    const causes = [{ says: 'one school', covers: -50 }]
    expect(compareTotals({ computed: 9900, published: 10_000, causes }).verdict).toBe('DISAGREES')
  })

  it('explains a small shortfall by a cause that nobody can count, but no surplus and no large shortfall', () => {
    expect(compareTotals({ computed: 9850, published: 10_000, causes: [closed] }).verdict).toBe('EXPLAINED')
    expect(compareTotals({ computed: 10_150, published: 10_000, causes: [closed] }).verdict).toBe('DISAGREES')
    expect(compareTotals({ computed: 9700, published: 10_000, causes: [closed] }).verdict).toBe('DISAGREES')
  })

  it('compares nothing with an absent total, nor across scopes, and says why', () => {
    expect(compareTotals({ computed: null, published: 10, causes: [] })).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      gap: null,
    })
    const incomparable = 'The scopes differ.'
    expect(compareTotals({ computed: 10, published: 10, causes: [], incomparable })).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      gapRatio: null,
      explanation: incomparable,
    })
  })

  it('takes a published 0 for agreement with 0 only', () => {
    expect(compareTotals({ computed: 0, published: 0, causes: [] }).verdict).toBe('AGREES')
    expect(compareTotals({ computed: 5, published: 0, causes: [] }).verdict).toBe('DISAGREES')
  })

  it('lets an estimate that covers more than the gap explain nothing', () => {
    const estimate = { says: '30 schools without a count, an estimate', covers: -6130, isEstimate: true }
    const comparison = compareTotals({ computed: 275_461, published: 275_797, causes: [estimate, closed] })
    expect(comparison.verdict).toBe('EXPLAINED')
    expect(comparison.explanation).toBe('écoles closed since; −336 remain for what cannot be counted.')
    expect(compareTotals({ computed: 275_461, published: 275_797, causes: [estimate] }).verdict).toBe('DISAGREES')
  })

  it('explains no gap over two in a hundred, even by name', () => {
    const causes = [{ says: 'one school', covers: 300 }]
    expect(compareTotals({ computed: 1300, published: 1000, causes }).verdict).toBe('DISAGREES')
  })
})
