import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Observation } from '../../../core/observations/observation.ts'
import { OWNERS, type OwnerName } from '../../../core/observations/owner.ts'
import { openStore, type Store } from '../../../core/store/open.ts'
import { cell, dataset, measure, publishTiny, slice, territories, version } from './tinyStore.ts'

const weaker = {
  dataset: 'directory',
  rank: 1,
  snapshots: ['def'],
  extent: ['22', '35', '988'],
  covered: ['22', '35', '988'],
}
const region = { owner: 'region' as const, absentUnit: 'DEPARTEMENT' as const }

/** One slice of each kind that a reader must tell apart. */
const content = version(
  [
    slice(
      0,
      [
        cell('nation:FR', 42, {
          status: 'PARTIAL',
          expected: 4,
          reported: 2,
          share: 0.5,
          notLocated: 1,
          notLocatedValue: 30,
        }),
        cell('departement:35', 42, { expected: 2, reported: 2, notLocated: 1, notLocatedValue: 30 }),
        cell('epci:243500725', null, { status: 'SOURCE_UNAVAILABLE', expected: 1, reported: 0, share: 0 }),
        cell('epci:243500139', null, { status: 'SUPPRESSED', expected: 3, reported: 0, suppressed: 2, share: 0 }),
        cell('commune:35047', null, { status: 'SUPPRESSED', expected: 1, reported: 0, suppressed: 1, share: 0 }),
        cell('commune:35093', 0, { status: 'PARTIAL', expected: 0, reported: 0 }),
        cell('commune:35238', 12),
      ],
      {},
      ({ value }) => (value === 42 ? ['Read with care.'] : []),
    ),
    slice(
      1,
      [cell('nation:FR', 100), cell('departement:35', 40), cell('commune:35047', 7), cell('commune:98818', 5)],
      weaker,
    ),
    slice(2, [cell('departement:35', 50), cell('commune:35238', 50)], {
      ...region,
      measure: 'pupils-upper-gt',
      dataset: 'gt',
      period: 2019,
    }),
    slice(3, [cell('departement:35', 20), cell('commune:35238', 20)], {
      ...region,
      measure: 'pupils-upper-pro',
      dataset: 'pro',
      period: 2019,
    }),
    slice(4, [cell('departement:35', 60), cell('commune:35238', 60)], {
      ...region,
      measure: 'pupils-upper-gt',
      dataset: 'gt',
      period: 2020,
    }),
    slice(5, [cell('departement:35', 66)], { ...region, ...weaker, measure: 'pupils-upper', rank: 2, period: 2021 }),
  ],
  {
    measures: [
      measure('pupils-primary', { datasets: ['ecoles', 'directory'] }),
      measure('pupils-upper', {
        owner: 'region',
        datasets: ['directory'],
        parts: ['pupils-upper-gt', 'pupils-upper-pro'],
      }),
      measure('pupils-upper-gt', { owner: 'region', datasets: ['gt'] }),
      measure('pupils-upper-pro', { owner: 'region', datasets: ['pro'] }),
      measure('population', {
        owner: 'national',
        datasets: ['census'],
        communeMethod: 'PUBLISHED',
        unit: 'inhabitants',
      }),
    ],
    datasets: [
      dataset('ecoles'),
      dataset('directory', { simulated: true, attribution: 'invented' }),
      dataset('gt'),
      dataset('pro'),
      dataset('census', { firstPeriod: 2016, whenPeriodAbsent: 'NOT_PUBLISHED' }),
    ],
  },
)

let data: string
let store: Store
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'strates-observe-'))
  await publishTiny(data, content)
  store = await openStore(data, OWNERS)
})
afterAll(() => rm(data, { recursive: true, force: true }))

const observe = (owner: OwnerName, id: string, period: number, place: string): Observation =>
  store.reader(owner).observe(id, period, territories.byId(place)!)
const primary = (place: string, period = 2021) => observe('commune', 'pupils-primary', period, place)

describe('a reader', () => {
  it('gives the value with coverage, notes and provenance', () => {
    const observation = primary('departement:35')
    expect(observation).toMatchObject({
      value: 42,
      status: 'NORMAL',
      method: 'CONSOLIDATED',
      unit: 'pupils',
      timePeriod: '2021',
      simulated: false,
      notes: ['Read with care.'],
      coverage: { expected: 2, reported: 2, missing: 0, suppressed: 0, share: 1, notLocated: 1, notLocatedValue: 30 },
    })
    expect(observation.provenance).toMatchObject({
      datasetId: 'ecoles',
      snapshot: 'abc',
      retrievedAt: '2026-01-02T03:04:05.000Z',
      geographyVintage: 2026,
      rule: expect.stringMatching(/^Sum over the écoles\. Added up over the member communes of the COG 2026/),
    })
    expect(primary('commune:35238').provenance.rule).toBe('Sum over the écoles.')
  })

  it('tells hidden figures from missing ones', () => {
    const hidden = primary('epci:243500139')
    expect(hidden).toMatchObject({
      value: null,
      status: 'SUPPRESSED',
      coverage: { expected: 3, reported: 0, missing: 1, suppressed: 2 },
    })
  })

  it('takes the figure of the weaker source where the stronger one hides it', () => {
    expect(primary('commune:35047')).toMatchObject({
      value: 7,
      status: 'NORMAL',
      provenance: { datasetId: 'directory' },
      alternatives: [],
    })
  })

  it('keeps a 0 that is PARTIAL a value', () => {
    expect(primary('commune:35093')).toMatchObject({ value: 0, status: 'PARTIAL', coverage: { expected: 0 } })
  })

  it('puts the strongest source first and the weaker one beside it', () => {
    const { value, provenance, alternatives } = primary('departement:35')
    expect([value, provenance.datasetId]).toEqual([42, 'ecoles'])
    expect(alternatives.map((other) => [other.value, other.provenance.datasetId])).toEqual([[40, 'directory']])
    expect(alternatives[0]?.simulated).toBe(true)
  })

  it('takes the strong PARTIAL value, not the weak complete one', () => {
    expect(primary('nation:FR')).toMatchObject({
      value: 42,
      status: 'PARTIAL',
      alternatives: [{ value: 100, status: 'NORMAL' }],
    })
  })

  it('falls back on the weaker source where the stronger covers nothing', () => {
    expect(primary('commune:98818')).toMatchObject({
      value: 5,
      provenance: { datasetId: 'directory' },
      alternatives: [],
    })
  })

  it('says SOURCE_UNAVAILABLE where the dataset should cover the place and no file does, and who is missing', () => {
    const brehat = observe('region', 'pupils-upper-gt', 2020, 'commune:22016')
    expect(brehat).toMatchObject({
      value: null,
      status: 'SOURCE_UNAVAILABLE',
      coverage: { expected: 1, reported: 0, missing: 1, share: 0 },
    })
    expect(brehat.notes).toEqual(['No file at hand of the dataset gt covers Île-de-Bréhat for 2020.'])
  })

  it('says OUT_OF_SCOPE where the dataset is not meant to cover the place', () => {
    for (const place of ['commune:98818', 'departement:988', 'region:988']) {
      expect(observe('region', 'pupils-upper-gt', 2020, place)).toMatchObject({
        value: null,
        status: 'OUT_OF_SCOPE',
        coverage: null,
      })
    }
  })

  it('says NOT_PUBLISHED for a year before the first, and which years there are', () => {
    const early = primary('departement:35', 2018)
    expect(early).toMatchObject({ value: null, status: 'NOT_PUBLISHED', coverage: null })
    expect(early.notes).toEqual(['Title of pupils-primary: no figure is published for 2018; this store holds 2021.'])
  })

  it('says from the first year on that no file gives it, or that nobody publishes it, as the dataset declares', () => {
    for (const year of [2019, 2023]) {
      expect(primary('departement:35', year)).toMatchObject({ value: null, status: 'SOURCE_UNAVAILABLE' })
    }
    const population = observe('national', 'population', 2017, 'departement:35')
    expect(population).toMatchObject({
      value: null,
      status: 'NOT_PUBLISHED',
      method: 'CONSOLIDATED',
      unit: 'inhabitants',
    })
    expect(population.notes.join()).toMatch(/this store holds none/)
  })

  it('says PUBLISHED only of a commune whose figure is taken as it is', () => {
    expect(observe('national', 'population', 2017, 'commune:35238').method).toBe('PUBLISHED')
  })

  it('is given bare for all territories at once, by position, and is no number where there is none', () => {
    const values = store.reader('national').valuesOf('population', 2017)
    for (const { id, index } of territories.all) {
      const { value } = observe('national', 'population', 2017, id)
      expect([id, values[index]]).toEqual([id, value ?? Number.NaN])
    }
    expect(() => store.reader('commune').valuesOf('population', 2017)).toThrow(RangeError)
  })

  it('adds up a measure of two parts, with the provenance of both', () => {
    const sum = observe('region', 'pupils-upper', 2019, 'departement:35')
    expect(sum).toMatchObject({ value: 70, status: 'NORMAL', coverage: { expected: 2, reported: 2 } })
    expect(sum.provenance.datasetId).toBe('gt+pro')
    expect(sum.provenance.inputs.map(({ datasetId }) => datasetId)).toEqual(['gt', 'pro'])
  })

  it('makes the sum PARTIAL where one part is not at hand', () => {
    const sum = observe('region', 'pupils-upper', 2020, 'departement:35')
    expect(sum).toMatchObject({ value: 60, status: 'PARTIAL' })
    expect(sum.notes[0]).toBe('Not counted: Title of pupils-upper-pro (SOURCE_UNAVAILABLE).')
  })

  it('takes the weaker source of the whole where no part is at hand', () => {
    expect(observe('region', 'pupils-upper', 2021, 'departement:35')).toMatchObject({
      value: 66,
      provenance: { datasetId: 'directory' },
    })
  })

  it('lists the years of a measure, those of its parts included', () => {
    expect(store.reader('region').periodsOf('pupils-upper')).toEqual([2019, 2020, 2021])
    expect(store.reader('commune').periodsOf('pupils-upper-gt')).toEqual([2019, 2020])
    expect(store.reader('commune').periodsOf('unheard-of')).toEqual([])
  })

  it('describes measures of any owner, and reads only those of its own', () => {
    expect(store.reader('commune').measure('pupils-upper')?.owner).toBe('region')
    expect(() => observe('commune', 'pupils-upper', 2021, 'departement:35')).toThrow(
      /reader of commune does not hold the measure pupils-upper/,
    )
    expect(() => observe('commune', 'unheard-of', 2021, 'departement:35')).toThrow(RangeError)
  })
})
