import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection, type Json } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tableSchemaOf } from '../../../gateway/doors/tables/formats/tableSchema.ts'
import type { Table } from '../../../gateway/doors/tables/table.ts'
import { PUPILS, tableOf, write } from './example.ts'
import { hostileText } from './hostile.ts'

let folder: string
let instance: DuckDBInstance
let connection: DuckDBConnection

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strates-formats-'))
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})

afterAll(async () => {
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true })
})

let written = 0

/**
 * What DuckDB says of a table written as Parquet, `FILE` standing for its path: a new one each time, since it keeps pieces of a file that it
 * has read, and a file that was written again within the same tick of the clock looks the same to it.
 */
async function ask(table: Table, sql: string): Promise<Json[][]> {
  const path = join(folder, `table-${(written += 1)}.parquet`)
  await writeFile(path, await write('parquet', table))
  return (await connection.runAndReadAll(sql.replace('FILE', `'${path}'`))).getRowsJson()
}

describe('Parquet, read by DuckDB', () => {
  it('has a typed column for each of the table; codes are text', async () => {
    const described = await ask(PUPILS, 'SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM FILE)')
    const text = 'VARCHAR'
    expect(described.map(([name, type]) => `${name} ${type}`)).toEqual([
      `code ${text}`,
      `name ${text}`,
      'latitude DOUBLE',
      'longitude DOUBLE',
      'school_year BIGINT',
      'primary BIGINT',
      `primary_status ${text}`,
      `primary_unit ${text}`,
      'rate DOUBLE',
      `rate_status ${text}`,
      'simulated BOOLEAN',
      'published DATE',
      'retrieved_at TIMESTAMP WITH TIME ZONE',
      `note ${text}`,
    ])
  })

  it('requires the columns that no row may lack', async () => {
    const found = await ask(PUPILS, `SELECT name FROM parquet_schema(FILE) WHERE repetition_type = 'REQUIRED'`)
    const required = PUPILS.columns.filter(({ nullable }) => !nullable).map(({ name }) => name)
    expect(found.flat()).toEqual(expect.arrayContaining(required))
    const optional = await ask(PUPILS, `SELECT name FROM parquet_schema(FILE) WHERE repetition_type = 'OPTIONAL'`)
    expect(optional.flat()).toEqual(PUPILS.columns.filter(({ nullable }) => nullable).map(({ name }) => name))
  })

  it('holds the cells, null where there is nothing and the empty text where it is empty', async () => {
    const [first, second, third, last] = await ask(PUPILS, 'SELECT * FROM FILE')
    expect(first?.slice(0, 6)).toEqual(['01001', "L'Abergement-Clémenciat", 46.1517, 4.9261, '2022', '71'])
    expect(first?.slice(-3)).toEqual(['2023-02-28', '2024-01-05 08:30:00+00', ''])
    expect(second?.slice(5)).toEqual([null, 'SUPPRESSED', 'pupils', null, 'NOT_PUBLISHED', false, null, null, null])
    expect(third?.slice(5)).toEqual([
      '0',
      'PARTIAL',
      'pupils',
      -1.25,
      'NORMAL',
      true,
      '2023-02-28',
      '2024-01-05 08:30:00.25+00',
      '=1+1',
    ])
    expect(last?.slice(8)).toEqual([1e21, 'PARTIAL', true, '1899-12-31', null, PUPILS.rows[3]?.at(-1)])
  })

  it('says in its metadata where it comes from, under which licence and of which versions', async () => {
    const pairs = await ask(PUPILS, 'SELECT decode(key), decode(value) FROM parquet_kv_metadata(FILE)')
    const metadata = Object.fromEntries(pairs.map(([key, value]) => [String(key), String(value)]))
    const { dataVersion, attributions, licences, geographies, warnings } = PUPILS.about
    expect(metadata).toEqual({
      name: 'pupils-by-commune',
      title: 'A commune and a rentrée.',
      dataVersion,
      attributions: JSON.stringify(attributions),
      licences: JSON.stringify(licences),
      geographies: JSON.stringify(geographies),
      simulated: 'true',
      warnings: JSON.stringify(warnings),
      totalRows: '12',
      tableSchema: JSON.stringify(tableSchemaOf(PUPILS)),
    })
  })

  it('keeps its columns where there is no row, and where a column holds nothing', async () => {
    expect(await ask({ ...PUPILS, rows: [] }, 'SELECT count(*)::INT, count(code)::INT FROM FILE')).toEqual([[0, 0]])
    const empty = tableOf([{ name: 'code' }, { name: 'value', type: 'number' }], [['01001', null]])
    expect(await ask(empty, 'SELECT *, typeof(value) FROM FILE')).toEqual([['01001', null, 'DOUBLE']])
  })

  it('gives back every text and number', async () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true })
    const row = fc.tuple(
      fc.option(hostileText, { nil: null }),
      fc.option(number, { nil: null }),
      fc.option(fc.maxSafeInteger(), { nil: null }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 8 }), async (rows) => {
        const table = tableOf([{ name: 'a' }, { name: 'n', type: 'number' }, { name: 'i', type: 'integer' }], rows)
        const expected = rows.map(([text, double, integer]) => [
          text === null ? null : Buffer.from(text.toWellFormed()).toString('hex').toUpperCase(),
          double === null ? null : double + 0,
          integer === null ? null : `${integer}`,
        ])
        // As bytes: on its way to JavaScript a text would lose a byte order mark at its beginning.
        expect(await ask(table, 'SELECT hex(encode(a)), n, i FROM FILE')).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })

  it('holds more rows than a group, and the same table gives the same bytes', async () => {
    const table = tableOf(
      [{ name: 'i', type: 'integer' }],
      Array.from({ length: 100_001 }, (_, index) => [index]),
    )
    expect(await ask(table, 'SELECT count(*)::INT, max(i)::INT FROM FILE')).toEqual([[100_001, 100_000]])
    expect((await write('parquet', PUPILS)).equals(await write('parquet', PUPILS))).toBe(true)
  })
})
