import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion } from '../../../core/observations/apportion.ts'

/** Shares that add up to 1, some of them 0. */
const shares = fc
  .array(fc.nat(1_000_000), { minLength: 1, maxLength: 40 })
  .filter((weights) => weights.some((weight) => weight > 0))
  .map((weights) => {
    const sum = weights.reduce((all, weight) => all + weight, 0)
    return weights.map((weight) => weight / sum)
  })
const sumOf = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0)

describe('sharing a value out', () => {
  it('gives whole numbers that add up to the whole to the unit, each less than 1 from its share', () => {
    fc.assert(
      fc.property(fc.integer({ min: -70_000_000, max: 70_000_000 }), shares, (value, all) => {
        const parts = apportion(value, all)
        expect(sumOf(parts)).toBe(value)
        for (const [position, part] of parts.entries()) {
          expect(Number.isInteger(part)).toBe(true)
          expect(Math.abs(part - value * (all[position] ?? 0))).toBeLessThan(1 + 1e-6)
          if (part !== 0) expect(Math.sign(part)).toBe(Math.sign(value))
        }
      }),
    )
  })

  it('gives a number that is none whole in proportion', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), shares, (value, all) => {
        expect(sumOf(apportion(value, all))).toBeCloseTo(value, 4)
      }),
    )
    expect(apportion(1.5, [0.5, 0.5])).toEqual([0.75, 0.75])
  })

  it('shares out nothing as nothing', () => {
    expect(sumOf(apportion(0, [0.3, 0.7]))).toBe(0)
  })

  it('gives what is left over to the largest remainders, the first of equal ones', () => {
    expect(apportion(10, [0.55, 0.25, 0.2])).toEqual([6, 2, 2])
    expect(apportion(1, [0.5, 0.5])).toEqual([1, 0])
    expect(apportion(-3, [0.5, 0.5])).toEqual([-2, -1])
  })

  it('gives nothing to a share of 0, unless that is all there is', () => {
    expect(apportion(7, [0, 1, 0])).toEqual([0, 7, 0])
  })
})
