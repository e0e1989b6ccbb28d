import type { DuckDBConnection } from '@duckdb/node-api'

/** The types that are written. */
export type ParquetType = 'INTEGER' | 'UTINYINT' | 'USMALLINT' | 'FLOAT' | 'DOUBLE' | 'VARCHAR'

/** One value of a row; `null` is written as NULL. */
export type ParquetValue = number | string | null

/** Each call has a table of its own, so that calls may overlap on one connection. */
let written = 0

/**
 * Writes rows as a Parquet file, in the order given: the same rows give the same bytes.
 * @param columns name and type of each column, in order.
 * @param facts what the file says of itself, in its metadata; default: nothing.
 */
export async function writeParquet(
  connection: DuckDBConnection,
  path: string,
  columns: Readonly<Record<string, ParquetType>>,
  rows: Iterable<readonly ParquetValue[]>,
  facts: Readonly<Record<string, string>> = {},
): Promise<void> {
  const types = Object.values(columns)
  const table = `parquet_out_${(written += 1)}`
  const definition = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`)
  await connection.run(`CREATE TEMP TABLE ${table} (${definition.join(', ')})`)
  try {
    const appender = await connection.createAppender(table)
    for (const row of rows) {
      for (let column = 0; column < types.length; column += 1) {
        const value = row[column] ?? null
        if (value === null) appender.appendNull()
        else if (typeof value === 'string') appender.appendVarchar(value)
        else appendNumber(appender, types[column], value)
      }
      appender.endRow()
    }
    appender.closeSync()
    const told = Object.entries(facts).map(([name, value]) => `${name}: ${quoted(value)}`)
    const metadata = told.length === 0 ? '' : `, KV_METADATA {${told.join(', ')}}`
    await connection.run(`COPY ${table} TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd${metadata})`)
  } finally {
    await connection.run(`DROP TABLE ${table}`)
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

type Appender = Awaited<ReturnType<DuckDBConnection['createAppender']>>

function appendNumber(appender: Appender, type: ParquetType | undefined, value: number): void {
  switch (type) {
    case 'INTEGER':
      return appender.appendInteger(value)
    case 'UTINYINT':
      return appender.appendUTinyInt(value)
    case 'USMALLINT':
      return appender.appendUSmallInt(value)
    case 'FLOAT':
      return appender.appendFloat(value)
    case 'DOUBLE':
      return appender.appendDouble(value)
    default:
      throw new RangeError(`a number cannot be written into a column of type ${type}`)
  }
}
