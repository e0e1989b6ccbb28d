import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell, CellType } from '../../../gateway/doors/tables/table.ts'
import { readFormatOptions, type FormatOptions } from '../../../gateway/doors/tables/formats/options.ts'
import { formatOf, PUPILS, tableOf, write } from './example.ts'
import { hostileText } from './hostile.ts'

const one = async (cell: Cell, type: CellType = 'string', options?: FormatOptions) =>
  `${await write('csv', tableOf([{ name: 'a' }, { name: 'b', type }], [[null, cell]]), options)}`.split('\r\n')[1]

/** The fields as a reader finds them for which any sign of a new line is one: null where a field is empty and not quoted. */
const read = (bytes: Buffer, delimiter = ','): (string | null)[][] =>
  parse(bytes, {
    delimiter,
    bom: true,
    record_delimiter: ['\r\n', '\r', '\n'],
    cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
  })

describe('CSV', () => {
  it('has a header line, CRLF after every line, and UTF-8 without a mark', async () => {
    const bytes = await write('csv', tableOf([{ name: 'code' }, { name: 'name' }], [['01001', 'Évian']]))
    expect(bytes.equals(Buffer.from('"code","name"\r\n"01001","Évian"\r\n', 'utf8'))).toBe(true)
  })

  it('is a header line where there is no row', async () => {
    expect(`${await write('csv', tableOf([{ name: 'code' }, { name: 'name' }], []))}`).toBe('"code","name"\r\n')
  })

  it('tells null, an empty field, from the empty text, which is quoted', async () => {
    expect(await one(null)).toBe(',')
    expect(await one('')).toBe(',""')
  })

  it('quotes texts and nothing else, so that a reader can tell a code from a number', async () => {
    expect(await one('01001')).toBe(',"01001"')
    expect(await one(1001, 'integer')).toBe(',1001')
    expect(await one('2023-02-28', 'date')).toBe(',2023-02-28')
    expect(await one('2024-01-05T08:30:00Z', 'datetime')).toBe(',2024-01-05T08:30:00Z')
    expect(await one(null, 'date')).toBe(',')
  })

  it('writes booleans as words and numbers as they are', async () => {
    expect(await one(true, 'boolean')).toBe(',true')
    expect(await one(false, 'boolean')).toBe(',false')
    expect(await one(-3.5, 'number')).toBe(',-3.5')
    expect(await one(-0, 'number')).toBe(',0')
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '＝1', '＋1', '－1', '＠A1'])(
    'defuses a text that a spreadsheet would compute: %j',
    async (text) => {
      expect(await one(text)).toBe(`,"'${text}"`)
    },
  )

  it('defuses a text behind a carriage return', async () => {
    expect(`${await write('csv', tableOf([{ name: 'a' }], [['\r=1']]))}`).toBe(`"a"\r\n"'\r=1"\r\n`)
  })

  it('leaves negative numbers and signs inside a text alone', async () => {
    expect(await one(-1, 'number', { dialect: 'excel-fr' })).toBe(';-1')
    expect(await one('Saint-Denis = 93')).toBe(',"Saint-Denis = 93"')
  })

  it('writes what Excel opens right in French: semicolons, decimal commas and a mark', async () => {
    const bytes = await write('csv', tableOf([{ name: 'a' }, { name: 'b', type: 'number' }], [['1,5;2', -1234.5]]), {
      dialect: 'excel-fr',
    })
    expect(bytes.toString('utf8')).toBe('\uFEFF"a";"b"\r\n"1,5;2";-1234,5\r\n')
  })

  it('lets an option override its dialect', async () => {
    expect(await one(0.5, 'number', { dialect: 'excel-fr', delimiter: '\t', bom: false })).toBe('\t0,5')
    expect(await one(0.5, 'number', { dialect: 'excel-fr', decimal: '.' })).toBe(';0.5')
  })

  it.each<FormatOptions>([{ decimal: ',' }, { decimal: ',', delimiter: ',' }, { dialect: 'excel-fr', delimiter: ',' }])(
    'refuses a decimal comma between commas, and says what to do: %j',
    (options) => {
      expect(() => formatOf('csv').write(PUPILS, options)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('dialect=excel-fr') }),
      )
    },
  )

  it('gives back every text to a reader of CSV, save for the sign before a formula', async () => {
    const cells = fc.option(hostileText, { nil: null })
    const rows = fc.array(fc.tuple(cells, cells), { maxLength: 8 })
    const delimiters = fc.constantFrom(',', ';', '\t') satisfies fc.Arbitrary<FormatOptions['delimiter']>
    await fc.assert(
      fc.asyncProperty(rows, delimiters, fc.boolean(), async (texts, delimiter, bom) => {
        const bytes = await write('csv', tableOf([{ name: 'a' }, { name: 'b' }], texts), { delimiter, bom })
        const expected = texts.map((row) =>
          row.map((text) => text?.toWellFormed().replace(/^(?=[=+\-@\t\r＝＋－＠])/, "'") ?? null),
        )
        expect(read(bytes, delimiter)).toEqual([['a', 'b'], ...expected])
      }),
    )
  })

  it('gives back every number, whatever stands before its decimals', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (number) => {
        expect(Number((await one(number, 'number'))?.slice(1))).toBe(number + 0)
        const french = await one(number, 'number', { dialect: 'excel-fr' })
        expect(Number(french?.slice(1).replace(',', '.'))).toBe(number + 0)
      }),
    )
  })
})

describe('the options of an address', () => {
  const asked = (text: string, extension = 'csv') => readFormatOptions(formatOf(extension), new URLSearchParams(text))

  it('are read by name, and leave other parameters alone', () => {
    expect(asked('code=35238')).toEqual({})
    expect(asked('delimiter=;&decimal=,&bom=true')).toEqual({ delimiter: ';', decimal: ',', bom: true })
    expect(asked('delimiter=tab&bom=false&dialect=excel-fr')).toEqual({
      delimiter: '\t',
      bom: false,
      dialect: 'excel-fr',
    })
  })

  it.each([
    ['delimiter=|', '",", ";", "tab"'],
    ['bom=1', '"true", "false"'],
    ['dialect=toString', '"excel-fr"'],
  ])('are refused with the values that there are: %s', (text, values) => {
    expect(() => asked(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(values) }),
    )
  })

  it('are refused by a format to which they mean nothing', () => {
    expect(() => asked('delimiter=;', 'ndjson')).toThrow(/means nothing to the format ndjson.*Leave "delimiter" out/)
  })
})
