import { describe, expect, it } from 'vitest'
import type { Cell } from '../../core/observations/consolidate.ts'
import { atlasOf } from '../../core/territories/atlas.ts'
import type { ConsolidatedSlice } from '../../pipeline/consolidate.ts'
import { describeWith } from '../../pipeline/describe.ts'
import { cell, territories } from '../core/store/tinyStore.ts'
import { consolidated, describedAs } from './slices.ts'

const at = (id: string) => territories.byId(id)!.index
const sentences = (of: Cell, slice = consolidated([of]), series: readonly ConsolidatedSlice[] = [slice]) =>
  describeWith(slice, series, atlasOf(territories))(of)

describe('the sentences of a cell', () => {
  it('are none where there is nothing to know', () => {
    expect(sentences(cell('commune:35238', 12))).toEqual([])
  })

  it('name the départements that no file covers', () => {
    const partial = cell('region:53', 12, {
      status: 'PARTIAL',
      expected: 3,
      absentDepartements: [at('departement:22')],
    })
    expect(sentences(partial)).toEqual(["No file at hand covers Côtes-d'Armor (22)."])
  })

  it('name the départements outside what the dataset covers, and the year', () => {
    const nation = cell('nation:FR', 12, { outsideDepartements: [at('departement:988')] })
    expect(sentences(nation)).toEqual([
      'Outside what the dataset covers for 2021, and not counted: Nouvelle-Calédonie (988).',
    ])
  })

  it('say why a 0 is a 0', () => {
    const [sentence, ...others] = sentences(cell('commune:35093', 0, { expected: 0, reported: 0 }))
    expect(sentence).toMatch(/^No école is known here: 0 because there is none/)
    expect(others).toEqual([])
  })

  it('do not say it of a 0 that was reported', () => {
    expect(sentences(cell('commune:35093', 0))).toEqual([])
  })

  it('do not say that no école is known where one is that the dataset leaves out', () => {
    const leftOut = cell('commune:35093', 0, { expected: 0, reported: 0, outOfScope: 1 })
    expect(sentences(leftOut).join()).toMatch(/Not counted: 1 école /)
    expect(sentences(leftOut).join()).not.toMatch(/No école is known here/)
  })

  it('do not say that there is none where one may be that found no commune', () => {
    const perhaps = cell('commune:35093', 0, {
      status: 'PARTIAL',
      expected: 0,
      reported: 0,
      notLocated: 1,
      notLocatedValue: 30,
    })
    expect(sentences(perhaps).join()).toMatch(/1 école .*\(30 pupils\) could not be placed/)
    expect(sentences(perhaps).join()).not.toMatch(/0 because there is none/)
  })

  it('count those that the dataset leaves out', () => {
    expect(sentences(cell('departement:35', 12, { outOfScope: 2 }))).toEqual([
      expect.stringMatching(/^Not counted: 2 écoles .*hors contrat/),
    ])
  })

  it('count those that found no commune, with their pupils', () => {
    const strays = cell('departement:35', 42, { notLocated: 2, notLocatedValue: 30 })
    expect(sentences(strays)).toEqual(['2 écoles of the département (30 pupils) could not be placed in a commune.'])
  })

  it('say how much of the value is a part of others, and of whom', () => {
    const part = cell('commune:35093', 38, { estimated: 37.5, sharedOut: ['Essarts en Bocage', 'Neussargues'] })
    expect(sentences(part)).toEqual([
      '38 pupils are estimated: the part here, by population, of Essarts en Bocage, Neussargues, which the source gives as a whole with places outside.',
    ])
  })

  it('name the first of many who are shared out, and count the others', () => {
    const part = cell('commune:35093', 38, { estimated: 12, sharedOut: ['A', 'B', 'C', 'D', 'E', 'F', 'G'] })
    expect(sentences(part).join()).toMatch(/, of A, B, C, D, E and 2 more, which/)
  })

  it('warn where the file cannot tell who is out of scope, only where someone is missing', () => {
    const slice = consolidated([], { scopeUnknown: true })
    const missing = cell('departement:35', 12, { status: 'PARTIAL', expected: 2 })
    expect(sentences(missing, slice).join()).toMatch(/does not tell which private écoles are hors contrat/)
    expect(sentences(cell('departement:35', 12), slice)).toEqual([])
  })

  it('begin with what makes the source weaker', () => {
    const descriptor = describedAs()
    const claim = { ...descriptor.measures[0]!, note: 'From the directory.' }
    expect(sentences(cell('commune:35238', 12), consolidated([], { descriptor, claim }))).toEqual([
      'From the directory.',
    ])
  })

  it('give a note of the dataset in its years and its départements only', () => {
    const descriptor = describedAs({
      notes: [{ text: 'A note on the 35.', from: 2020, to: 2021, departements: ['35'] }],
    })
    const said = (id: string, period: number) =>
      sentences(cell(id, 12), consolidated([], { descriptor, period })).length
    expect(['commune:35238', 'epci:243500725', 'region:53', 'nation:FR'].map((id) => said(id, 2021))).toEqual([
      1, 1, 1, 1,
    ])
    expect(['commune:22016', 'departement:988'].map((id) => said(id, 2021))).toEqual([0, 0])
    expect([2019, 2022].map((period) => said('departement:35', period))).toEqual([0, 0])
  })
})

describe('a break in the series', () => {
  const descriptor = describedAs()
  const year = (period: number, optional: Readonly<Record<string, number>>) =>
    consolidated([], {
      descriptor,
      claim: descriptor.measures[0]!,
      period,
      optional: new Map(Object.entries(optional)),
    })
  const broken = (slice: ConsolidatedSlice, series: readonly ConsolidatedSlice[], id: string) =>
    sentences(cell(id, 12), slice, series)
  const with2019 = [year(2019, { '988': 6486 }), year(2020, {}), year(2021, {})]

  it('names who leaves, with how many pupils, and the years', () => {
    expect(broken(with2019[0]!, with2019, 'nation:FR')).toEqual([
      'Break in the series: Nouvelle-Calédonie (988) (6486 pupils) is in the file for 2019 and not for 2020; do not compare these years without them.',
    ])
  })

  it('is told where it matters, and only there', () => {
    expect(broken(with2019[0]!, with2019, 'commune:98818')).toHaveLength(1)
    expect(broken(with2019[0]!, with2019, 'region:53')).toEqual([])
    expect(broken(with2019[1]!, with2019, 'nation:FR')).toEqual([])
  })

  it('is told towards both sides of a year that stands out', () => {
    const series = [year(2019, {}), year(2020, { '988': 5 }), year(2021, {})]
    expect(broken(series[1]!, series, 'nation:FR').map((text) => /not for (\d+)/.exec(text)?.[1])).toEqual([
      '2019',
      '2021',
    ])
  })

  it('is told once, between the neighbours', () => {
    const series = [year(2019, { '988': 5 }), year(2020, { '988': 5 }), year(2021, {})]
    expect(broken(series[0]!, series, 'nation:FR')).toEqual([])
    expect(broken(series[1]!, series, 'nation:FR')).toHaveLength(1)
  })
})
