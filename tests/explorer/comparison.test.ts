import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { writeCsv } from '../../gateway/doors/tables/formats/csv.ts'
import { csvOf, tableOf } from '../../gateway/explorer/compare/csv.js'
import { LIGHT } from '../../gateway/explorer/compare/light.js'
import { baseOf, changeOf, indexed, isUnlike, spreadOf, unlike } from '../../gateway/explorer/compare/series.js'

/** A series of one territory: a value for each year, null for none, text for a partial one. */
const series = (id: string, values: Readonly<Record<number, number | null | string>>) => ({
  id,
  name: id.toUpperCase(),
  tier: 'COMMUNE',
  color: 'series-1',
  points: Object.entries(values).map(([period, given]) => {
    const value = given === null ? null : Number(given)
    const status = given === null ? 'NOT_PUBLISHED' : typeof given === 'string' ? 'PARTIAL' : 'NORMAL'
    const coverage = { expected: 100, reported: 99, share: 0.99 }
    return { period: Number(period), value, status, observation: { value, status, unit: 'pupils', coverage }, path: [] }
  }),
})

/** A series of partial values: of each year the value, the dataset, and the share that is there (null: not known). */
const partial = (...years: readonly (readonly [number, number, string, number | null])[]) => ({
  ...series('a', {}),
  points: years.map(([period, value, datasetId, share]) => ({
    period,
    value,
    status: 'PARTIAL',
    path: [],
    observation: {
      value,
      status: 'PARTIAL',
      coverage: share === null ? null : { expected: 100, reported: 100 * share, share },
      provenance: {
        datasetId,
        attribution: datasetId,
        licence: { id: 'etalab-2.0', title: 'Licence Ouverte 2.0', url: 'https://licence.example' },
        retrievedAt: '2026-01-01T00:00:00.000Z',
      },
    },
  })),
})

describe('an index', () => {
  it('has 100 in the first year in which all have a value', () => {
    const all = [series('a', { 2019: 50, 2020: 80, 2021: 60 }), series('b', { 2019: null, 2020: 10, 2021: 15 })]
    expect(baseOf(all)).toBe(2020)
    expect(indexed(all, 2020).map(({ points }) => points.map(({ value }) => value))).toEqual([
      [62.5, 100, 75],
      [null, 100, 150],
    ])
  })

  it('cannot be where no year has a value for all, where one has none, and where there is nothing', () => {
    expect(baseOf([series('a', { 2019: 50 }), series('b', { 2020: 10 })])).toBeNull()
    expect(baseOf([series('a', { 2019: 50 }), series('b', {})])).toBeNull()
    expect(baseOf([])).toBeNull()
  })

  it('is not measured by what does not compare, and leaves such years out', () => {
    const all = [partial([2019, 10, 'old', 0.9], [2021, 80, 'new', 0.9], [2023, 100, 'new', 0.9])]
    expect(baseOf(all)).toBe(2021)
    expect(indexed(all, 2021)[0]?.points.map(({ value }) => value)).toEqual([null, 100, 125])
    expect(unlike(all, 2021)).toEqual([2019])
    expect(baseOf([partial([2019, 12_668, 'total', null], [2023, 45_682, 'total', 0.87])])).toBeNull()
  })

  it('is not measured by a zero', () => {
    expect(baseOf([series('a', { 2019: 0, 2020: 4 }), series('b', { 2019: 7, 2020: 8 })])).toBe(2020)
  })
})

describe('a change', () => {
  it('goes from the first value to the newest, whatever is absent between and after', () => {
    const { points } = series('a', { 2018: null, 2019: 200, 2020: null, 2021: 150, 2022: null })
    expect(changeOf(points)).toEqual({ since: 2019, until: 2021, share: -0.25, isCertain: true })
  })

  it('is not certain where one of the two is partial', () => {
    expect(changeOf(series('a', { 2019: '200', 2021: 210 }).points)?.isCertain).toBe(false)
    expect(changeOf(series('a', { 2019: 200, 2021: '210' }).points)?.isCertain).toBe(false)
  })

  it('is none between partial values of different sources, of different coverage, or of unknown coverage', () => {
    const unknown = partial([2019, 12_668, 'total', null], [2023, 45_682, 'total', 0.87])
    const other = partial([2019, 80, 'lycee', 0.87], [2023, 90, 'annuaire', 0.87])
    const more = partial([2019, 80, 'total', 0.8], [2023, 90, 'total', 0.87])
    for (const { points } of [unknown, other, more]) expect([changeOf(points), isUnlike(points)]).toEqual([null, true])
    const { points } = partial([2019, 80, 'total', 0.86], [2023, 100, 'total', 0.87])
    expect([changeOf(points), isUnlike(points)]).toEqual([
      { since: 2019, until: 2023, share: 0.25, isCertain: false },
      false,
    ])
  })

  it('begins with the first value that the newest can be compared with', () => {
    const { points } = partial([2019, 10, 'old', 0.9], [2021, 80, 'new', 0.9], [2023, 100, 'new', 0.9])
    expect(changeOf(points)).toMatchObject({ since: 2021, share: 0.25 })
  })

  it('is none from zero, and none of one value', () => {
    expect(changeOf(series('a', { 2019: 0, 2020: 5 }).points)).toBeNull()
    expect(changeOf(series('a', { 2019: 5, 2020: null }).points)).toBeNull()
  })
})

it('tells how far apart sizes are by the newest value of each', () => {
  expect(spreadOf([series('a', { 2019: 1, 2020: 10 }), series('b', { 2019: 4000, 2020: null })])).toBe(400)
  expect(spreadOf([series('a', { 2020: 10 }), series('b', { 2020: null })])).toBe(1)
  expect(spreadOf([])).toBe(1)
})

describe('CSV made in the browser', () => {
  it('is what the service itself writes', () => {
    const rows = [
      ['01001', 'L’Abergement "Clémenciat"', -12.5, true, null],
      ['=1+1', '+33\r\n', 0, false, ''],
      ['-a', '@b', 1e21, null, '\tc'],
      ['＝1', "'=1", 20_415, true, 'a;b,c'],
    ] as const
    const columns = ['code', 'name', 'value', 'simulated', 'note']
    const types = ['string', 'string', 'number', 'boolean', 'string'] as const
    const table = {
      columns: columns.map((name, index) => ({ name, type: types[index]! })),
      rows,
    } as unknown as Parameters<typeof writeCsv>[0]
    expect(csvOf(columns, rows)).toBe(writeCsv(table, { bom: true }))
  })

  it('has a row for each territory and year, with why a value is absent, and the index where one is shown', () => {
    const all = [series('a', { 2019: 50, 2020: null }), series('b', { 2019: 10, 2020: 15 })]
    const absolute = tableOf({ series: all, measure: 'pupils-primary', base: null, version: 'v1' }).split('\r\n')
    expect(absolute[0]).toBe(
      '\uFEFF"territory_id","territory","measure","period","value","unit","status","simulated","owner","dataset","licence","attribution","data_version"',
    )
    expect(absolute[2]).toBe('"a","A","pupils-primary","2020",,"pupils","NOT_PUBLISHED",,,,,,"v1"')
    expect(absolute).toHaveLength(6)
    const index = tableOf({ series: indexed(all, 2019), measure: 'pupils-primary', base: 2019, version: 'v1' })
    expect(index.split('\r\n')[4]).toBe('"b","B","pupils-primary","2020",15,"pupils","NORMAL",,,,,,"v1",150,"2019"')
  })
})

it('gives pictures the colours of the light style', () => {
  const style = readFileSync('gateway/explorer/style.css', 'utf8')
  const light = style.slice(0, style.indexOf('@media'))
  const colours = Object.keys(LIGHT).map((name) => [name, new RegExp(`--${name}: (#\\w+);`).exec(light)?.[1]])
  expect(Object.fromEntries(colours)).toEqual(LIGHT)
})
