import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consolidateParts, type Geography } from '../../../core/observations/consolidate.ts'
import { compareKeys, narrowKey, requireBreakdown } from '../../../core/observations/dimension.ts'
import { worlds } from './world.ts'

describe('consolidateParts', () => {
  // Two pieces of ground, 7 and 8, in the communes 1 and 2 of the EPCI 9.
  const geography: Geography = {
    counted: [],
    departementOf: () => 0,
    holdersOf: (piece) => [piece - 6, 9],
    holdersOfDepartement: () => [],
    sharesOf: (pieces) => pieces.map(() => 1 / pieces.length),
  }

  it('gives parts that add up, at every tier, to what the contributors there brought', () => {
    const split = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(worlds({ states: ['REPORTED'] }), split, ({ geography, places, contributions }, choices) => {
        const cut = contributions.map(({ pieces, departement, value }, position) => {
          const first = Math.min(value ?? 0, (choices[position % choices.length] ?? 0) * 50)
          const parts: [number, number][] = [
            [0, first],
            [1, (value ?? 0) - first],
          ]
          return { pieces, departement, parts }
        })
        const found = consolidateParts(cut, geography)
        for (const { index } of places) {
          const here = contributions.filter(({ pieces, departement }) => {
            const holders = [...pieces.map(geography.holdersOf), geography.holdersOfDepartement(departement)]
            return holders[0]?.includes(index)
          })
          const total = here.reduce((sum, { value }) => sum + (value ?? 0), 0)
          const parts = [...(found.get(index)?.values() ?? [])].reduce((sum, part) => sum + part, 0)
          expect(parts).toBe(total)
        }
      }),
    )
  })

  it('leaves who is shared out to what holds the whole: nobody knows the parts of a part', () => {
    const parts = [[0, 5] as const]
    const found = consolidateParts([{ pieces: [7, 8], departement: 0, parts }], geography)
    expect([...found.keys()]).toEqual([9])
  })

  it('leaves out the parts that are 0', () => {
    const contribution = { pieces: [7], departement: 0, parts: [[0, 0] as const, [1, 7] as const] }
    expect(consolidateParts([contribution], geography).get(1)).toEqual(new Map([[1, 7]]))
  })
})

describe('a breakdown', () => {
  it('shows what a key does not tell as not broken down', () => {
    expect(narrowKey({ SECTOR: 'PUBLIC' }, ['SECTOR', 'LEVEL'])).toEqual({ SECTOR: 'PUBLIC', LEVEL: 'NOT_BROKEN_DOWN' })
  })

  it('shows levels in the order of the years of school, the rest last', () => {
    const keys = ['ULIS', 'NOT_BROKEN_DOWN', 'CM2', 'CP', 'PRE_ELEMENTAIRE'].map((LEVEL) => ({ LEVEL }))
    expect(keys.toSorted(compareKeys).map(({ LEVEL }) => LEVEL)).toEqual([
      'PRE_ELEMENTAIRE',
      'CP',
      'CM2',
      'ULIS',
      'NOT_BROKEN_DOWN',
    ])
  })

  it('refuses a dimension that the sources have not, none at all, and two dimensions of pupils', () => {
    const attempt = (by: Parameters<typeof requireBreakdown>[0]) => () =>
      requireBreakdown(by, ['SECTOR', 'LEVEL', 'SEX'], 'pupils')
    expect(attempt(['PRIORITY_EDUCATION'])).toThrow(/measure pupils, by: \[PRIORITY_EDUCATION\].*SECTOR, LEVEL, SEX/)
    expect(attempt([])).toThrow(/No dimension is named/)
    expect(attempt(['LEVEL', 'SEX'])).toThrow(/not together/)
    expect(attempt(['SECTOR', 'SEX'])).not.toThrow()
  })
})
