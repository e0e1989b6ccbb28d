import fc from 'fast-check'
import JSONstat from 'jsonstat-toolkit'
import { describe, expect, it } from 'vitest'
import type { Table } from '../../../gateway/doors/tables/table.ts'
import { formatOf, PUPILS, tableOf, write } from './example.ts'
import { hostileText } from './hostile.ts'

/** A table as the toolkit of the format's author reads it. */
const read = async (table: Table) => JSONstat(JSON.parse(`${await write('jsonstat', table)}`))

const PLACE = { name: 'code', nullable: false, role: { kind: 'place' } } as const
const YEAR = { name: 'school_year', type: 'integer', role: { kind: 'time' } } as const
const VALUE = { name: 'pupils', type: 'integer', role: { kind: 'value', measure: 'pupils' } } as const
const STATUS = { name: 'pupils_status', role: { kind: 'status', measure: 'pupils' } } as const

const refusal = (message: string) =>
  expect.objectContaining({ code: 'UNSUPPORTED_FORMAT', message: expect.stringContaining(message) })

describe('JSON-stat, read by its toolkit', () => {
  it('is a cube of places, times and measures', async () => {
    const cube = await read(PUPILS)
    expect(cube).toMatchObject({ class: 'dataset', label: 'A commune and a rentrée.', n: 8 })
    expect(cube.id).toEqual(['code', 'school_year', 'measure'])
    expect(cube.size).toEqual([2, 2, 2])
    expect(cube.role).toMatchObject({ geo: ['code'], time: ['school_year'], metric: ['measure'], classification: null })
    expect(cube.Dimension('school_year').id).toEqual(['2022', '2023'])
  })

  it('gives every value with its status, and says why a value is absent', async () => {
    const cube = await read(PUPILS)
    const at = (code: string, year: string, measure: string) => cube.Data({ code, school_year: year, measure })
    expect(at('01001', '2022', 'primary')).toEqual({ value: 71, status: 'NORMAL' })
    expect(at('01001', '2023', 'primary')).toEqual({ value: null, status: 'SUPPRESSED' })
    expect(at('01001', '2023', 'rate')).toEqual({ value: null, status: 'NOT_PUBLISHED' })
    expect(at('2A004', '2022', 'primary')).toEqual({ value: 0, status: 'PARTIAL' })
    expect(at('2A004', '2022', 'rate')).toEqual({ value: -1.25, status: 'NORMAL' })
    expect(at('2A004', '2023', 'rate')).toEqual({ value: 1e21, status: 'PARTIAL' })
  })

  it('names places and measures, with the unit where there is one', async () => {
    const cube = await read(PUPILS)
    expect(cube.Dimension('code').Category('01001').label).toBe("L'Abergement-Clémenciat")
    expect(cube.Dimension('measure').Category('primary')).toMatchObject({
      label: 'Élèves du premier degré',
      unit: { label: 'pupils' },
    })
    expect(cube.Dimension('measure').Category('rate').unit).toBeNull()
  })

  it('says of itself where it comes from, under which licence and of which versions', async () => {
    const cube = await read(PUPILS)
    expect(cube.source).toBe('Ministère chargé de l’éducation nationale, DEPP · INSEE, Code officiel géographique')
    expect(cube.note).toEqual(PUPILS.about.warnings)
    expect(cube.extension).toEqual({ name: PUPILS.name, title: PUPILS.title, ...PUPILS.about })
  })

  it('puts times in order and keeps the order of places', async () => {
    const cube = await read(
      tableOf(
        [PLACE, YEAR, VALUE],
        [
          ['75056', 2023, 3],
          ['01001', 2021, 1],
          ['75056', 2022, 2],
        ],
      ),
    )
    expect(cube.Dimension('code').id).toEqual(['75056', '01001'])
    expect(cube.Dimension('school_year').id).toEqual(['2021', '2022', '2023'])
    expect(cube.Data({ code: '75056', school_year: '2022' }).value).toBe(2)
  })

  it('has neither value nor status for a cell that no row speaks of', async () => {
    const rows = [
      ['01001', 2022, 5, 'NORMAL'],
      ['01001', 2023, 6, 'NORMAL'],
      ['01002', 2022, null, 'SUPPRESSED'],
    ]
    const cube = await read(tableOf([PLACE, YEAR, VALUE, STATUS], rows))
    expect(cube.Data({ code: '01002', school_year: '2022' })).toEqual({ value: null, status: 'SUPPRESSED' })
    expect(cube.Data({ code: '01002', school_year: '2023' })).toEqual({ value: null, status: null })
  })

  it('lists only the cells that there are in a cube of which most are empty', async () => {
    const rows = Array.from({ length: 500 }, (_, at) => [`${10_000 + at}`, 1500 + at, at, 'NORMAL'])
    const bytes = await write('jsonstat', tableOf([PLACE, YEAR, VALUE, STATUS], rows))
    expect(bytes.length).toBeLessThan(40_000)
    const cube = JSONstat(JSON.parse(`${bytes}`))
    expect(cube.n).toBe(250_000)
    expect(cube.Data({ code: '10007', school_year: '1507' })).toEqual({ value: 7, status: 'NORMAL' })
    expect(cube.Data({ code: '10007', school_year: '1508' })).toEqual({ value: null, status: null })
  })

  it('does without a time, without a place, and without statuses', async () => {
    const places = await read(
      tableOf(
        [PLACE, VALUE],
        [
          ['01001', 5],
          ['01002', 6],
        ],
      ),
    )
    expect(places.id).toEqual(['code', 'measure'])
    expect(places.Data({ code: '01002' })).toEqual({ value: 6, status: null })
    const times = await read(
      tableOf(
        [YEAR, VALUE],
        [
          [2022, 5],
          [2023, 6],
        ],
      ),
    )
    expect(times.id).toEqual(['school_year', 'measure'])
    expect(times.Data({ school_year: '2023' }).value).toBe(6)
  })

  it('finds the name of a place beside its code', async () => {
    const columns = [{ ...PLACE, name: 'commune_code' }, { name: 'commune_name' }, VALUE]
    const cube = await read(
      tableOf(columns, [
        ['01001', 'Évian', 5],
        ['01002', null, 6],
      ]),
    )
    expect(cube.Dimension('commune_code').Category('01001').label).toBe('Évian')
    expect(cube.Dimension('commune_code').Category('01002').label).toBe('01002')
  })

  it('gives back every value whatever the codes and names', async () => {
    const row = fc.tuple(
      hostileText,
      hostileText,
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null }),
    )
    // The toolkit keeps categories as members of a plain object, which cannot have this one.
    const told = row.filter(([code]) => code !== '__proto__')
    const rows = fc.uniqueArray(told, { minLength: 1, maxLength: 6, selector: ([code]) => code.toWellFormed() })
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const cube = await read(tableOf([PLACE, { name: 'name' }, { ...VALUE, type: 'number' }], given))
        expect(cube.Dimension('code').id).toEqual(given.map(([code]) => code.toWellFormed()))
        for (const [code, name, value] of given) {
          expect(cube.Data({ code: code.toWellFormed() }).value).toBe(value === null ? null : value + 0)
          expect(cube.Dimension('code').Category(code.toWellFormed()).label).toBe(name.toWellFormed())
        }
      }),
    )
  })

  it.each<[string, Table]>([
    ['its rows hold no observation', tableOf([PLACE, YEAR], [])],
    ['its rows name neither a place nor a time', tableOf([{ name: 'uai' }, VALUE], [])],
  ])('is refused by the shape of its table: %s', (reason, table) => {
    expect(formatOf('jsonstat').refuses?.(table)).toBe(reason)
    expect(() => formatOf('jsonstat').write(table)).toThrow(refusal(`because ${reason}`))
  })

  it('is refused where two rows are about the same cell, one has no year, or there is none', () => {
    const writing = (rows: Table['rows']) => () => formatOf('jsonstat').write(tableOf([PLACE, YEAR, VALUE], rows))
    expect(
      writing([
        ['01001', 2022, 1],
        ['01002', 2022, 1],
        ['01001', 2022, 2],
      ]),
    ).toThrow(refusal('its rows 1 and 3 have the same "code" and "school_year"'))
    expect(
      writing([
        ['01001', 2022, 1],
        ['01001', null, 1],
      ]),
    ).toThrow(refusal('its row 2 has no "school_year"'))
    expect(writing([])).toThrow(refusal('it has no row'))
    expect(formatOf('jsonstat').refuses?.(PUPILS)).toBeUndefined()
  })
})
