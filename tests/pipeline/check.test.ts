import { describe, expect, it } from 'vitest'
import { consolidate, type Cell } from '../../core/observations/consolidate.ts'
import { atlasOf } from '../../core/territories/atlas.ts'
import { geographyOf } from '../../core/territories/geography.ts'
import { checkRows, checkSlice, requirePassed } from '../../pipeline/check.ts'
import { territories } from '../core/store/tinyStore.ts'
import { EQUAL_WEIGHTS, piecesIn } from '../core/territories/oneVintage.ts'
import { consolidated, describedAs, locatedRow } from './slices.ts'

const geography = geographyOf(atlasOf(territories), EQUAL_WEIGHTS)
const at = (id: string) => territories.byId(id)!.index
const departement = at('departement:35')
const school = (commune: string | null, value: number) =>
  ({
    contributor: 'a',
    pieces: commune === null ? [] : piecesIn(territories, commune),
    departement,
    value,
    state: 'REPORTED',
  }) as const
const reach = { extent: new Set([at('departement:22'), departement]), covered: new Set([departement]) }
const cells = consolidate([school('commune:35238', 12), school('commune:35047', 30), school(null, 7)], reach, geography)
const tampered = (id: string, change: Partial<Cell>) =>
  cells.map((each) => (each.territory === at(id) ? { ...each, ...change } : each))

describe('checking that the tiers add up', () => {
  it('passes a slice that does, with the total', () => {
    expect(checkSlice(consolidated(cells), territories)).toMatchObject({
      passed: true,
      on: expect.stringMatching(/^pupils-primary 2021/),
      says: 'départements and nation: 49',
    })
  })

  it.each([
    ['commune:35238', { value: 13 }, 'open: 35'],
    ['commune:35238', { value: null }, 'open: 35'],
    ['departement:35', { value: 50 }, 'départements 50, nation 49; open: 35'],
    ['nation:FR', { value: 48 }, 'départements 49, nation 48; open: none'],
    ['departement:35', { notLocatedValue: 0 }, 'open: 35'],
  ])('fails when the cell of %s is changed to %j', (id, change, says) => {
    const check = checkSlice(consolidated(tampered(id, change)), territories)
    expect(check.passed).toBe(false)
    expect(check.says).toContain(says)
  })
})

describe('checking where the rows are', () => {
  const rows = (total: number, inDepartement: number, nowhere: number) => [
    ...Array.from({ length: total - inDepartement - nowhere }, () => locatedRow('commune:35238')),
    ...Array.from({ length: inDepartement }, () => locatedRow('departement:35')),
    ...Array.from({ length: nowhere }, () => locatedRow(null)),
  ]
  const passed = (total: number, inDepartement: number, nowhere: number) =>
    checkRows({ descriptor: describedAs(), rows: rows(total, inDepartement, nowhere) }).map((check) => check.passed)

  it('lets one row in fifty be without commune, and two in a small file', () => {
    expect(passed(1000, 20, 0)).toEqual([true, true])
    expect(passed(1000, 21, 0)).toEqual([false, true])
    expect(passed(6, 2, 0)).toEqual([true, true])
    expect(passed(6, 3, 0)).toEqual([false, true])
  })

  it('lets one row in a thousand be without département', () => {
    expect(passed(1000, 0, 1)).toEqual([true, true])
    expect(passed(1000, 0, 2)).toEqual([true, false])
    expect(passed(6, 0, 1)).toEqual([true, false])
  })

  it('counts in words', () => {
    expect(checkRows({ descriptor: describedAs(), rows: rows(10, 1, 1) }).map(({ says }) => says)).toEqual([
      '8 of 10',
      '9 of 10',
    ])
  })
})

describe('requiring that checks passed', () => {
  it('stops with every failed check by name, and says that the old version serves', () => {
    const check = { name: 'the tiers add up', dataset: 'ecoles', on: 'pupils-primary 2021', says: 'open: 35' }
    expect(() =>
      requirePassed([
        { ...check, passed: true },
        { ...check, on: 'pupils-primary 2022', passed: false },
      ]),
    ).toThrow(
      expect.objectContaining({
        code: 'CHECK_FAILED',
        message: expect.stringMatching(
          /1 of 2 checks failed: the tiers add up, pupils-primary 2022: open: 35 \(ecoles\).*still serves/,
        ),
      }),
    )
  })

  it('lets everything pass otherwise', () => {
    expect(() => requirePassed([])).not.toThrow()
  })
})
