import { proportion } from '../../../core/observations/apportion.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weightedMeans, withoutRollUp } from '../../../core/observations/additivity.ts'
import { consolidate, type Geography } from '../../../core/observations/consolidate.ts'
import { isAbsent } from '../../../core/observations/status.ts'
import { worlds } from './world.ts'

describe('values that cannot be put together', () => {
  it('stand where there is a single contributor and the whole of it, and nowhere else', () => {
    fc.assert(
      fc.property(worlds({ splits: true }), ({ contributions, reach, geography }) => {
        const cells = consolidate(contributions, reach, geography)
        for (const [position, cell] of withoutRollUp(cells).entries()) {
          const before = cells[position]!
          const isOfOne = before.expected <= 1 && before.sharedOut.length === 0
          if (isAbsent(before.status) || isOfOne) expect(cell).toEqual(before)
          else expect(cell).toMatchObject({ value: null, status: 'NON_ADDITIVE', expected: before.expected })
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('means', () => {
  it('are those of the weighted values at every tier, not the mean of the means below', () => {
    const figures = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 14,
      maxLength: 14,
    })
    fc.assert(
      fc.property(
        worlds({ states: ['REPORTED'], strays: false }),
        figures,
        ({ contributions, places, reach, geography }, pairs) => {
          const pair = (position: number) => pairs[position % pairs.length]!
          const weighted = contributions.map((one, position) => ({
            ...one,
            value: pair(position)[0] * pair(position)[1],
          }))
          const weights = contributions.map((one, position) => ({ ...one, value: pair(position)[1] }))
          const means = weightedMeans(consolidate(weighted, reach, geography), consolidate(weights, reach, geography))
          for (const { index } of places) {
            const here = contributions.flatMap(({ pieces }, position) =>
              geography.holdersOf(pieces[0]!).includes(index) ? [pair(position)] : [],
            )
            const weight = here.reduce((sum, [, by]) => sum + by, 0)
            const mean = means.find(({ territory }) => territory === index)
            if (weight > 0)
              expect(mean?.value).toBeCloseTo(here.reduce((sum, [value, by]) => sum + value * by, 0) / weight, 10)
            else if (mean !== undefined) expect(mean.value).toBeNull()
          }
        },
      ),
    )
  })
})

describe('a mean of someone who stands on several pieces of ground', () => {
  const geography: Geography = {
    counted: [
      { departement: 9, weight: 1, holders: [1, 9] },
      { departement: 9, weight: 1, holders: [2, 9] },
    ],
    departementOf: () => 9,
    holdersOf: (piece) => [piece + 1, 9],
    holdersOfDepartement: () => [9],
    sharesOf: (pieces) => pieces.map(() => 1 / pieces.length),
  }
  const reach = { extent: new Set([9]), covered: new Set([9]) }
  const one = (value: number) =>
    consolidate(
      [{ contributor: 'one', pieces: [0, 1], departement: 9, value, state: 'REPORTED' }],
      reach,
      geography,
      'COMMUNE',
      proportion,
    )

  it('is the same on each of them, and says that it is an estimate', () => {
    const means = weightedMeans(one(10), one(1))
    expect(means.map(({ territory, value, status, estimated }) => [territory, value, status, estimated])).toEqual([
      [1, 10, 'NORMAL', 10],
      [2, 10, 'NORMAL', 10],
      [9, 10, 'NORMAL', 0],
    ])
  })
})
