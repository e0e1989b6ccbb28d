import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api'

/** The rows of a Parquet file as objects, by the names of the columns. */
export async function rowsOf(connection: DuckDBConnection, path: string): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll('SELECT * FROM read_parquet($path)', { path })
  return reader.getRowObjects() as Record<string, unknown>[]
}

/** Between the texts of a column: a control character that no name holds. */
const SEPARATOR = '\u001f'

/** Columns of text, in the file's order; NULL becomes "". Handed over as one text each: no value is made for each row. */
export async function loadTexts<Name extends string>(
  connection: DuckDBConnection,
  path: string,
  names: readonly Name[],
): Promise<{ readonly [Column in Name]: readonly string[] }> {
  const select = names.map((name) => `string_agg(coalesce("${name}", ''), '${SEPARATOR}' ORDER BY file_row_number)`)
  const reader = await connection.runAndReadAll(
    `SELECT ${select.join(', ')} FROM read_parquet($path, file_row_number = true)`,
    { path },
  )
  const columns = reader.getColumns().map(([text]) => (typeof text === 'string' ? text.split(SEPARATOR) : []))
  return Object.fromEntries(names.map((name, position) => [name, columns[position] ?? []])) as never
}

type NumericArray = Int32Array | Float64Array | Uint8Array | Uint16Array | Float32Array

/** Loads columns of a Parquet file into typed arrays of their kind, in the file's order; NULL becomes NaN. */
export async function loadColumns<Kinds extends Readonly<Record<string, new (size: number) => NumericArray>>>(
  connection: DuckDBConnection,
  path: string,
  kinds: Kinds,
): Promise<{ readonly [Name in keyof Kinds]: InstanceType<Kinds[Name]> }> {
  const names = Object.keys(kinds)
  const select = names.map((name) =>
    kinds[name] === Float64Array ? `coalesce("${name}", 'nan'::DOUBLE)` : `"${name}"`,
  )
  const result = await connection.stream(`SELECT ${select.join(', ')} FROM read_parquet($path)`, { path })
  const chunks = await result.fetchAllChunks()
  const size = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0)
  const columns = names.map((name) => new (kinds[name] ?? Float64Array)(size))
  let offset = 0
  for (const chunk of chunks) {
    for (const [position, column] of columns.entries()) {
      column.set(itemsOf(chunk.getColumnVector(position)).subarray(0, chunk.rowCount), offset)
    }
    offset += chunk.rowCount
  }
  return Object.fromEntries(names.map((name, position) => [name, columns[position]])) as never
}

/** The typed array inside a numeric vector: no object is made for each value. */
function itemsOf(vector: DuckDBVector): Float64Array {
  return (vector as unknown as { readonly items: Float64Array }).items
}
