import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../core/observations/observation.ts'
import { ratioOf } from '../../../core/observations/ratio.ts'
import { OBSERVATION_STATUSES, isAbsent } from '../../../core/observations/status.ts'

const observed = (value: number | null, facts: Partial<Observation> = {}): Observation => ({
  value,
  status: value === null ? 'SOURCE_UNAVAILABLE' : 'NORMAL',
  simulated: false,
  estimatedShare: 0,
  notes: [],
  method: 'CONSOLIDATED',
  unit: 'pupils',
  timePeriod: '2021',
  coverage: null,
  provenance: { datasetId: 'ecoles', title: 'Écoles', rule: 'Sum.' } as Observation['provenance'],
  alternatives: [],
  ...facts,
})
const perClass = { title: 'Pupils per class', unit: 'pupils per class' }

describe('ratioOf', () => {
  it('is the ratio of the sums, which the mean of the ratios is not', () => {
    const schools = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 20 })), {
      minLength: 1,
    })
    fc.assert(
      fc.property(schools, (all) => {
        const pupils = all.reduce((sum, [part]) => sum + part, 0)
        const classes = all.reduce((sum, [, part]) => sum + part, 0)
        const { value } = ratioOf(perClass, observed(pupils), observed(classes, { unit: 'classes' }))
        expect(value).toBeCloseTo(pupils / classes, 12)
      }),
    )
    const [small, large] = [10 / 1, 300 / 10]
    expect(ratioOf(perClass, observed(310), observed(11)).value).not.toBeCloseTo((small + large) / 2, 3)
  })

  it('is absent for the reason of the absent part, and never divides by 0', () => {
    for (const status of OBSERVATION_STATUSES.filter(isAbsent)) {
      expect(ratioOf(perClass, observed(null, { status }), observed(4))).toMatchObject({ value: null, status })
      expect(ratioOf(perClass, observed(90), observed(null, { status }))).toMatchObject({ value: null, status })
    }
    expect(ratioOf(perClass, observed(0), observed(0))).toMatchObject({ value: null, status: 'NOT_APPLICABLE' })
  })

  it('is partial where a part is, and names both parts and both years', () => {
    const ratio = ratioOf(
      perClass,
      observed(90, { status: 'PARTIAL' }),
      observed(4, { unit: 'classes', timePeriod: '2020' }),
    )
    expect(ratio).toMatchObject({ status: 'PARTIAL', timePeriod: '2021/2020', unit: 'pupils per class' })
    expect(ratio.provenance.rule).toBe('90 pupils (2021) divided by 4 classes (2020), both at this tier.')
    expect(ratio.provenance.inputs).toHaveLength(2)
  })
})
