import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantileOf, quartilesOf, standingOf } from '../../../core/observations/rank.ts'

const descending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort().reverse()

/** Small whole numbers, so that ties are many. */
const someValues = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 40 })

describe('a rank', () => {
  it('is shared by those with the same value, and the next counts them all', () => {
    const values = descending([40, 30, 30, 20])
    expect([40, 30, 20].map((value) => standingOf(values, value))).toEqual([
      { position: 1, ties: 0, percentile: 100 },
      { position: 2, ties: 1, percentile: 75 },
      { position: 4, ties: 0, percentile: 25 },
    ])
  })

  it('begins with the smallest value where that order is asked, and the percentile stays what it is', () => {
    const values = descending([40, 30, 30, 20])
    expect([40, 30, 20].map((value) => standingOf(values, value, 'ASC'))).toEqual([
      { position: 4, ties: 0, percentile: 100 },
      { position: 2, ties: 1, percentile: 75 },
      { position: 1, ties: 0, percentile: 25 },
    ])
  })

  it('is one more than the number of those before it, whatever the values', () => {
    fc.assert(
      fc.property(someValues, fc.constantFrom('ASC', 'DESC'), (given, order) => {
        for (const value of given) {
          const before = given.filter((other) => (order === 'DESC' ? other > value : other < value)).length
          const same = given.filter((other) => other === value).length
          const atMost = given.filter((other) => other <= value).length
          expect(standingOf(descending(given), value, order)).toEqual({
            position: before + 1,
            ties: same - 1,
            percentile: (100 * atMost) / given.length,
          })
        }
      }),
    )
  })
})

describe('a quantile', () => {
  it('is interpolated between the values around it', () => {
    // As quantile(c(1, 2, 3, 4, 10)) and quantile(c(1, 2, 3, 4)) of R give them.
    expect(quartilesOf(descending([1, 2, 3, 4, 10]))).toEqual({ q1: 2, median: 3, q3: 4 })
    expect(quartilesOf(descending([1, 2, 3, 4]))).toEqual({ q1: 1.75, median: 2.5, q3: 3.25 })
    expect(quartilesOf(descending([7]))).toEqual({ q1: 7, median: 7, q3: 7 })
  })

  it('is not there where there is nothing to cut', () => {
    expect(quartilesOf(descending([]))).toBeNull()
  })

  it('leaves its share of the values on either side, stays among them, and grows with the share', () => {
    const doubles = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(doubles, share, share, (given, one, other) => {
        const values = descending(given)
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const quantile = quantileOf(values, low)
        expect(quantile).toBeLessThanOrEqual(quantileOf(values, high) + 1e-6)
        expect(quantile).toBeGreaterThanOrEqual(Math.min(...given))
        expect(quantile).toBeLessThanOrEqual(Math.max(...given))
        const below = given.filter((value) => value < quantile - 1e-6).length
        expect(below).toBeLessThanOrEqual(Math.ceil((given.length - 1) * low) + 1)
      }),
    )
  })
})
