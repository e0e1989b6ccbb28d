import type { SchemaElement } from 'hyparquet-writer'
import type { Cell, CellType, Table } from '../table.ts'
import { factsOf } from './facts.ts'
import { tableSchemaOf } from './tableSchema.ts'

/** Rows that are compressed together, and that a reader may skip together. */
const ROW_GROUP = 100_000

/**
 * Parquet with a typed column for each of the table, required where no row may lack it, compressed with Snappy. Its key-value metadata
 * holds the facts of the table, texts as they are and the rest as JSON, and its Table Schema.
 */
export async function writeParquet(table: Table): Promise<Uint8Array> {
  // Loaded when first asked for: a gateway starts without it.
  const { ByteWriter, parquetWrite } = await import('hyparquet-writer')
  const { columns, rows } = table
  const writer = new ByteWriter()
  parquetWrite({
    writer,
    columnData: columns.map(({ name, type }, at) => {
      const { stored } = TYPES[type]
      return { name, data: rows.map((row) => stored(row[at] ?? null)) }
    }),
    schema: [
      { name: 'table', num_children: columns.length },
      ...columns.map(({ name, type, nullable }): SchemaElement => {
        const { element } = TYPES[type]
        return { name, ...element, repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED' }
      }),
    ],
    rowGroupSize: ROW_GROUP,
    kvMetadata: metadataOf(table),
    createdBy: 'strates',
  })
  return writer.getBytes()
}

const metadataOf = (table: Table): { key: string; value: string }[] =>
  Object.entries({ ...factsOf(table), tableSchema: tableSchemaOf(table) }).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }))

const DAY_MS = 86_400_000

const asIs = (cell: Cell): unknown => cell

/** How cells are typed and stored. An integer takes 64 bits whatever its value, so that the type never depends on the rows. */
const TYPES: Readonly<
  Record<CellType, { readonly element: Omit<SchemaElement, 'name'>; readonly stored: (cell: Cell) => unknown }>
> = {
  string: { element: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }, stored: asIs },
  integer: { element: { type: 'INT64' }, stored: (cell) => (cell === null ? null : BigInt(cell)) },
  number: { element: { type: 'DOUBLE' }, stored: asIs },
  boolean: { element: { type: 'BOOLEAN' }, stored: asIs },
  date: {
    element: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
    stored: (cell) => (cell === null ? null : Date.parse(String(cell)) / DAY_MS),
  },
  datetime: {
    element: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } },
    stored: (cell) => (cell === null ? null : BigInt(Date.parse(String(cell)))),
  },
}
