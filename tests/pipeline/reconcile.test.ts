import { describe, expect, it } from 'vitest'
import { DIMENSIONS, type Dimension } from '../../core/observations/dimension.ts'
import { findDescriptors } from '../../pipeline/descriptors.ts'
import { reconcilePublished, reconcileSources } from '../../pipeline/reconcile.ts'
import { DEPP_SERIES } from '../../subgraphs/national/datasets/published/depp.ts'
import { territories } from '../core/store/tinyStore.ts'
import { drawn } from '../core/territories/drawn.ts'
import { consolidated, describedAs, locatedRow } from './slices.ts'

describe('the published series of the DEPP', () => {
  it('name scopes, measures and parts that exist', async () => {
    const all = drawn().atlas.current
    const measures = (await findDescriptors()).flatMap(({ descriptor }) =>
      descriptor.measures.map(({ measure }) => measure),
    )
    for (const { scope, measure, key, source } of DEPP_SERIES) {
      expect(all.byId(scope)?.id).toBe(scope)
      expect(measures).toContain(measure)
      for (const [dimension, value] of Object.entries(key)) {
        expect(Object.keys(DIMENSIONS[dimension as Dimension].values)).toContain(value)
      }
      expect(source).toMatch(/^DEPP, /)
    }
  })

  it('add up: public and private to the whole, métropole and DROM to France', () => {
    const value = (scope: string, SECTOR: string | undefined, year: number) =>
      DEPP_SERIES.find(
        (series) =>
          series.measure === 'pupils-primary' &&
          series.scope === scope &&
          series.key.SECTOR === SECTOR &&
          series.key.LEVEL === undefined,
      )?.values[year] ?? Number.NaN
    for (const year of [2023, 2024, 2025]) {
      for (const scope of ['grouping:depp-france', 'grouping:metropole', 'grouping:depp-drom']) {
        expect(value(scope, 'PUBLIC', year) + value(scope, 'PRIVATE', year)).toBe(value(scope, undefined, year))
      }
      expect(value('grouping:metropole', undefined, year) + value('grouping:depp-drom', undefined, year)).toBe(
        value('grouping:depp-france', undefined, year),
      )
    }
  })
})

const publishedFor = (value: number, key = {}) => [
  { measure: 'pupils-primary', scope: 'departement:35', key, source: 'DEPP, a note', values: { 2021: value } },
]
const rows = [
  locatedRow('commune:35238', { contributor: '0350001A', values: { 'pupils-primary': 600 } }),
  locatedRow('commune:35047', {
    contributor: '0350002B',
    contributorName: 'ECOLE DU LAC',
    values: { 'pupils-primary': 400 },
    attributes: { SECTOR: 'PRIVATE' },
  }),
]
const slice = consolidated([])
const compare = (value: number, key = {}, simulated = false, facts = {}) =>
  reconcilePublished({
    datasets: [{ descriptor: slice.descriptor, rows }],
    slices: [{ ...slice, ...facts }],
    published: publishedFor(value, key),
    territories,
    simulated,
  })[0]

describe('reconcilePublished', () => {
  it('adds up the rows of the scope, and those of one sector where the publication does', () => {
    expect(compare(1000)).toMatchObject({ computed: 1000, expected: 2, reported: 2, verdict: 'AGREES' })
    expect(compare(400, { SECTOR: 'PRIVATE' })).toMatchObject({ computed: 400, verdict: 'AGREES' })
    expect(compare(900)).toMatchObject({ computed: 1000, gap: 100, verdict: 'DISAGREES' })
  })

  it('compares nothing simulated, and nothing that the files cover only in part', () => {
    expect(compare(1000, {}, true)).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      explanation: expect.stringMatching(/simulated/),
    })
    expect(compare(1000, {}, false, { covered: [] })).toMatchObject({
      verdict: 'NOT_COMPARABLE',
      explanation: expect.stringMatching(/covers 1 of the 1 départements/),
    })
  })

  it('compares no part that the dataset does not give', () => {
    expect(compare(10, { LEVEL: 'CP' })).toMatchObject({ computed: null, verdict: 'NOT_COMPARABLE' })
  })
})

describe('reconcileSources', () => {
  it('tells the gap between two sources school by school', () => {
    const weakDescriptor = describedAs({ id: 'directory' })
    const claim = { ...slice.claim, yieldsTo: [slice.descriptor.id] }
    const weak = consolidated([], { descriptor: weakDescriptor, claim })
    const weakRows = [
      { ...rows[0]!, values: { 'pupils-primary': 590 } },
      locatedRow('commune:35093', {
        contributor: '0350003C',
        contributorName: 'ECOLE DU PORT',
        values: { 'pupils-primary': 70 },
      }),
    ]
    const datasets = [
      { descriptor: slice.descriptor, rows },
      { descriptor: weakDescriptor, rows: weakRows },
    ]
    const [record, ...others] = reconcileSources(datasets, [slice, weak], territories)
    expect(others).toEqual([])
    expect(record).toMatchObject({
      scope: 'departement:35',
      computed: 1000,
      published: 660,
      gap: 340,
      verdict: 'DISAGREES',
    })
    expect(record?.explanation).toBe(
      'not in directory: ECOLE DU LAC (0350002B, 400) (+400); only in directory: ECOLE DU PORT (0350003C, 70) (−70); 1 school with another count (+10); +0 remain.',
    )
  })
})
