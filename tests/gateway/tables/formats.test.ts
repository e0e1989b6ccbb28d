import { DuckDBInstance } from '@duckdb/node-api'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import JSONstat from 'jsonstat-toolkit'
import { describe, expect, it } from 'vitest'
import { FORMATS } from '../../../gateway/doors/tables/formats/formats.ts'
import type { FormatOptions } from '../../../gateway/doors/tables/formats/options.ts'
import type { Cell, CellType, Table } from '../../../gateway/doors/tables/table.ts'
import { PUPILS, write } from './example.ts'

type Row = readonly Cell[]

const fromText: Readonly<Record<CellType, (text: string) => Cell>> = {
  string: (text) => text.replace(/^'(?==)/, ''),
  integer: Number,
  number: (text) => Number(text.replace(',', '.')),
  boolean: (text) => text === 'true',
  date: (text) => text,
  datetime: (text) => text,
}

async function rowsOfCsv(options: FormatOptions): Promise<readonly Row[]> {
  const [, ...rows]: (string | null)[][] = parse(await write('csv', PUPILS, options), {
    bom: true,
    delimiter: options.dialect === undefined ? ',' : ';',
    cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
  })
  return rows.map((row) =>
    row.map((text, at) => (text === null ? null : fromText[PUPILS.columns[at]?.type ?? 'string'](text))),
  )
}

const rowsOfObjects = (objects: readonly Readonly<Record<string, Cell>>[]): readonly Row[] =>
  objects.map((row) => PUPILS.columns.map(({ name }) => row[name] ?? null))

async function rowsOfGeoJson(): Promise<readonly Row[]> {
  const { features } = JSON.parse(`${await write('geojson', PUPILS)}`) as {
    features: { geometry: { coordinates: number[] } | null; properties: Record<string, Cell> }[]
  }
  return rowsOfObjects(
    features.map(({ geometry, properties }) => {
      const [longitude = null, latitude = null] = geometry?.coordinates ?? []
      return { ...properties, longitude, latitude }
    }),
  )
}

async function rowsOfParquet(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'strates-formats-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await writeFile(join(folder, 'table.parquet'), await write('parquet', PUPILS))
    const found = await connection.runAndReadAll(`SELECT * FROM '${join(folder, 'table.parquet')}'`)
    return found.getRowsJson().map((row) =>
      row.map((cell, at) => {
        const type = PUPILS.columns[at]?.type
        return cell !== null && type === 'integer' ? Number(cell) : (cell as Cell)
      }),
    )
  } finally {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true })
  }
}

const instants = (rows: readonly Row[]): readonly Row[] => {
  const at = PUPILS.columns.findIndex(({ type }) => type === 'datetime')
  return rows.map((row) => row.map((cell, index) => (index === at && cell !== null ? Date.parse(String(cell)) : cell)))
}

describe('the formats', () => {
  it('are each known by an extension and by media types that no other has', () => {
    const extensions = FORMATS.map(({ extension }) => extension)
    expect(extensions).toEqual(['csv', 'ndjson', 'parquet', 'geojson', 'jsonstat'])
    const accepted = FORMATS.flatMap(({ accepts }) => accepts)
    expect(new Set(accepted).size).toBe(accepted.length)
    // JSON is the answer of GraphQL itself; JSON-stat is asked for by its extension or its own name.
    expect(accepted).not.toContain('application/json')
  })

  it('give the same cells, whichever is asked for', async () => {
    const expected = instants(PUPILS.rows)
    expect(instants(await rowsOfCsv({}))).toEqual(expected)
    expect(instants(await rowsOfCsv({ dialect: 'excel-fr' }))).toEqual(expected)
    const lines = `${await write('ndjson', PUPILS)}`.trimEnd().split('\n')
    expect(instants(rowsOfObjects(lines.map((line) => JSON.parse(line))))).toEqual(expected)
    expect(instants(await rowsOfGeoJson())).toEqual(expected)
    expect(instants(await rowsOfParquet())).toEqual(expected)
    const cube = JSONstat(JSON.parse(`${await write('jsonstat', PUPILS)}`))
    const at = (name: string) => PUPILS.columns.findIndex((column) => column.name === name)
    for (const row of PUPILS.rows) {
      for (const measure of ['primary', 'rate']) {
        const cell = cube.Data({ code: `${row[at('code')]}`, school_year: `${row[at('school_year')]}`, measure })
        expect(cell).toEqual({ value: row[at(measure)], status: row[at(`${measure}_status`)] })
      }
    }
  })

  it('give the same bytes for the same table', async () => {
    for (const { extension } of FORMATS) {
      expect((await write(extension, PUPILS)).equals(await write(extension, structuredClone(PUPILS)))).toBe(true)
    }
  })

  it('hold 35,000 rows of 30 columns whole', async () => {
    const columns = Array.from({ length: 30 }, (_, at) => ({
      name: `column_${at}`,
      type: (['string', 'integer', 'number'] as const)[at % 3] ?? 'string',
      description: 'A column.',
      nullable: true,
    }))
    const cell = (row: number, at: number): Cell =>
      at % 3 === 0 ? `Saint-Étienne ${row % 97}` : at % 3 === 1 ? row * at : row / 7
    const rows = Array.from({ length: 35_000 }, (_, row) => columns.map((__, at) => cell(row, at)))
    const table: Table = { ...PUPILS, columns, rows }
    for (const extension of ['csv', 'ndjson']) {
      const text = `${await write(extension, table)}`
      expect(text.split('\n')).toHaveLength(extension === 'csv' ? 35_002 : 35_001)
    }
    const parquet = await write('parquet', table)
    expect(parquet.subarray(0, 4).toString()).toBe('PAR1')
    expect(parquet.subarray(-4).toString()).toBe('PAR1')
    expect(parquet.length).toBeLessThan(10_000_000)
  })
})
