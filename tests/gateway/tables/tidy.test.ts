import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../../gateway/doors/tables/formats/formats.ts'
import type { Cell, Column } from '../../../gateway/doors/tables/table.ts'
import { formatOf, PUPILS, tableOf } from './example.ts'

const written = (columns: readonly (Partial<Column> & { readonly name: string })[], row: readonly Cell[]) => () =>
  formatOf('ndjson').write(tableOf(columns, [row]))

describe('a table that is not what its columns say', () => {
  it.each<[string, Partial<Column>, Cell]>([
    ['not a number', { type: 'number' }, Number.NaN],
    ['an infinite number', { type: 'number' }, Number.POSITIVE_INFINITY],
    ['an integer beyond what a number holds', { type: 'integer' }, 2 ** 53],
    ['half an integer', { type: 'integer' }, 0.5],
    ['a number for a code', { type: 'string' }, 1001],
    ['a text for a number', { type: 'number' }, '1'],
    ['a word for a boolean', { type: 'boolean' }, 'true'],
    ['a day that the calendar lacks', { type: 'date' }, '2023-02-30'],
    ['a day written otherwise', { type: 'date' }, '28/02/2023'],
    ['an instant without its zone', { type: 'datetime' }, '2024-01-05T08:30:00'],
    ['an instant on a day that there is not', { type: 'datetime' }, '2023-02-30T08:30:00Z'],
    ['null where none may lack', { nullable: false }, null],
    ['a text that is none of the values', { values: ['NORMAL'] }, 'normal'],
    ['a latitude beyond the pole', { type: 'number', role: { kind: 'latitude' } }, 91],
  ])('is an error inside, not a file: %s', (_, column, cell) => {
    expect(written([{ name: 'a', ...column }], [cell])).toThrow(
      /^pupils-by-commune, row 1: the column "a" holds .*expected/,
    )
  })

  it('is an error where a row is too short or half a position is there', () => {
    expect(written([{ name: 'a' }, { name: 'b' }], ['x'])).toThrow('row 1: has 1 cells where there are 2 columns')
    expect(
      written(
        [
          { name: 'lat', type: 'number', role: { kind: 'latitude' } },
          { name: 'lon', type: 'number', role: { kind: 'longitude' } },
        ],
        [48.1, null],
      ),
    ).toThrow('half of its position is there, without "lon"')
  })

  it.each(FORMATS.map(({ extension }) => extension))('is refused by %s', async (extension) => {
    const rows = PUPILS.rows.map((row) => row.map((cell) => (cell === 0.5 ? Number.NaN : cell)))
    await expect((async () => formatOf(extension).write({ ...PUPILS, rows }))()).rejects.toThrow(TypeError)
  })
})
