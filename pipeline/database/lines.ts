import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'

/** Opens an engine that reads Parquet, for as long as the work takes. */
export async function withDuckDb<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** The rows of a query as COPY reads them: DuckDB writes the lines, so that no object is made for each value. */
export async function* linesOf(
  connection: DuckDBConnection,
  columns: readonly string[],
  from: string,
  values: Readonly<Record<string, string>>,
): AsyncGenerator<string> {
  const texts = columns.map((column) => `coalesce(${escaped(column)}, '\\N')`)
  const result = await connection.stream(`SELECT concat_ws(chr(9), ${texts.join(', ')}) ${from}`, values)
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return
    yield `${chunk.getColumnValues(0).join('\n')}\n`
  }
}

/** What COPY takes for the end of a column or row is written otherwise. */
const escaped = (column: string): string =>
  [
    [`'\\'`, `'\\\\'`],
    ['chr(9)', `'\\t'`],
    ['chr(10)', `'\\n'`],
    ['chr(13)', `'\\r'`],
  ].reduce((text, [found, written]) => `replace(${text}, ${found}, ${written})`, `(${column})::VARCHAR`)

/** One row as COPY reads it. */
export const lineOf = (values: readonly (string | number | boolean | null)[]): string =>
  `${values.map((value) => (value === null ? '\\N' : typeof value === 'string' ? escapedText(value) : value)).join('\t')}\n`

const escapedText = (text: string): string => text.replaceAll(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found)

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
