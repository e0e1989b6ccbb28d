/**
 * read: a source file becomes a table of text. Nothing is cast, guessed or mended here: what the file says is what the
 * table holds, and a file that cannot be read whole is refused with the line that breaks it. Types are the contract's
 * business, one step later.
 */
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { StratesError } from '../core/observations/error.ts'
import {
  type Delimiter,
  dialectOf,
  type Encoding,
  encodingOf,
  firstRecords,
  gatherLastColumn,
  type PlainCsv,
  plainText,
  sampleText,
} from './csvText.ts'
import { cutRemedy, type ReadableFile, unreadable } from './unreadable.ts'

export type { Delimiter, Encoding } from './csvText.ts'
export type { ReadableFile } from './unreadable.ts'

/** What was found in a file; the rows themselves are in the DuckDB table. */
export interface TableRead {
  readonly format: 'csv' | 'parquet'
  /** The header as the publisher wrote it, trimmed, without byte order mark; duplicates are kept. */
  readonly columns: readonly string[]
  /** The table's column names, position by position: `normaliseHeader` of each, a repeat ending in `_2`, `_3`… */
  readonly names: readonly string[]
  /** Rows in the table. */
  readonly rows: number
  /** Rows left out because every cell was empty. */
  readonly blankRows: number
  /** `null` for Parquet, whose text is always UTF-8. */
  readonly encoding: Encoding | null
  /** `null` for Parquet. */
  readonly delimiter: Delimiter | null
}

// Below the longest string of the engine, so that any of it can be decoded.
const largestText = 500_000_000
const mostCells = 300_000_000

/**
 * Reads a CSV or Parquet file into `table`: every column VARCHAR, the text exactly as in the file, an empty cell always
 * NULL (quoted or not), rows whose cells are all empty left out. `_line` (INTEGER) says where a row stands: in CSV the
 * record's number with the header as 1, which is the physical line unless a cell above holds a line break or a line
 * above is blank; in Parquet the row number from 1. An existing `table` is replaced.
 *
 * Line endings are kept as they are, except in a file that mixes them or is not UTF-8, where CRLF and CR become LF.
 * A file cut inside its very last cell cannot be told from a whole one. Empty fields beyond the header, which say
 * nothing, are let pass; anything else beyond it is refused.
 *
 * @throws {StratesError} SOURCE_UNREADABLE, naming dataset, file and, in CSV, line.
 */
export async function readTable(connection: DuckDBConnection, file: ReadableFile, table: string): Promise<TableRead> {
  const { head, tail, size } = await ends(file)
  refuseForeign(file, head, size)
  const isParquet = head.startsWith('PAR1') || /\.parquet$/i.test(file.name)
  try {
    const found = isParquet
      ? await readParquet(connection, file, table, head, tail)
      : await readCsv(connection, file, table, size)
    const blankRows = await dropBlankRows(connection, table, found.names)
    const rows = await countRows(connection, table)
    if (rows === 0) throw headerOnly(file)
    return { ...found, rows, blankRows }
  } catch (error) {
    await connection.run(`DROP TABLE IF EXISTS ${identifier(table)}`)
    throw error
  }
}

/**
 * The name by which a column is known whatever dress the publisher puts on it: lower case, no accents, anything but
 * letters and digits an underscore. `Numéro de l'école` → `numero_de_l_ecole`. A plus sign is a word, so that `REP +`
 * (`rep_plus`) never meets `REP`.
 */
export function normaliseHeader(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('+', ' plus ')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
}

type Found = Omit<TableRead, 'rows' | 'blankRows'>

// --- Parquet ---------------------------------------------------------------------------------------------------------

async function readParquet(
  connection: DuckDBConnection,
  file: ReadableFile,
  table: string,
  head: string,
  tail: string,
): Promise<Found> {
  if (!head.startsWith('PAR1')) {
    throw unreadable(file, 'This is not a Parquet file', 'a file that starts with PAR1', 'Download it again.')
  }
  if (tail !== 'PAR1') {
    throw unreadable(file, 'The Parquet file has no end mark', 'a file that ends with PAR1', cutRemedy)
  }
  const source = `read_parquet(${pathLiteral(file.path)})`
  try {
    const described = await rowsOf(connection, `DESCRIBE SELECT * FROM ${source}`)
    const columns = described.map((column) => String(column['column_name']))
    await refuseBomb(connection, file, columns.length)
    const names = columnNames(columns)
    const cells = described.map(({ column_name, column_type }, i) => {
      const text = asText(identifier(String(column_name)), String(column_type))
      return `nullif(${text}, '') AS ${identifier(names[i]!)}`
    })
    await connection.run(
      `CREATE OR REPLACE TABLE ${identifier(table)} AS
       SELECT CAST(row_number() OVER () AS INTEGER) AS _line, ${cells.join(', ')} FROM ${source}`,
    )
    return {
      format: 'parquet',
      columns: columns.map((column) => column.trim()),
      names,
      encoding: null,
      delimiter: null,
    }
  } catch (error) {
    if (error instanceof StratesError) throw error
    throw unreadable(file, 'The Parquet file is damaged', 'a whole Parquet file', 'Download it again.', {}, error)
  }
}

/** A year may come as DATE or DOUBLE, a point as a struct: all become text, moments in UTC. */
function asText(column: string, type: string): string {
  const value = type === 'TIMESTAMP WITH TIME ZONE' ? `${column} AT TIME ZONE 'UTC'` : column
  return `CAST(${value} AS VARCHAR)`
}

/** A few kilobytes of run-length encoding can unfold into billions of cells: the footer says so before we do. */
async function refuseBomb(connection: DuckDBConnection, file: ReadableFile, width: number): Promise<void> {
  const [footer] = await rowsOf(connection, `SELECT num_rows FROM parquet_file_metadata(${pathLiteral(file.path)})`)
  const cells = Number(footer?.['num_rows'] ?? 0) * width
  if (cells <= mostCells) return
  throw unreadable(
    file,
    `The Parquet file unfolds into ${cells} cells`,
    `at most ${mostCells}`,
    'Check that this is the right file; ask for fewer years if it is.',
  )
}

// --- CSV -------------------------------------------------------------------------------------------------------------

async function readCsv(connection: DuckDBConnection, file: ReadableFile, table: string, size: number): Promise<Found> {
  if (size > largestText) {
    throw unreadable(
      file,
      `The file holds ${size} bytes`,
      `at most ${largestText}`,
      'Split it by year, or use Parquet.',
    )
  }
  const bytes = await readFile(file.path)
  const encoding = encodingOf(bytes, file)
  const { delimiter, columns } = dialectOf(sampleText(bytes, encoding), file)
  const folder = await mkdtemp(join(tmpdir(), 'strates-read-'))
  try {
    const names = columnNames(columns)
    const plain = { path: await plainText(bytes, encoding, file.path, folder), delimiter, names }
    const path = file.lastColumnSpills ? await gatherLastColumn(plain, file, folder) : plain.path
    await loadCsv(connection, file, table, { ...plain, path })
    return { format: 'csv', columns, names, encoding, delimiter }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function loadCsv(connection: DuckDBConnection, file: ReadableFile, table: string, csv: PlainCsv): Promise<void> {
  const rejects = `${table}_rejects`
  const scans = `${table}_scans`
  const columns = csv.names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')
  try {
    await connection.run(
      `CREATE OR REPLACE TABLE ${identifier(table)} AS
       SELECT CAST(row_number() OVER () + 1 AS INTEGER) AS _line, *
       FROM read_csv(${pathLiteral(csv.path)}, auto_detect = false, header = true, columns = {${columns}},
         delim = ${literal(csv.delimiter)}, quote = '"', escape = '"', strict_mode = true, null_padding = false,
         store_rejects = true, rejects_table = ${literal(rejects)}, rejects_scan = ${literal(scans)},
         rejects_limit = 100)`,
    )
    const [broken] = await rowsOf(
      connection,
      `SELECT line_byte_position AS byte, error_type AS kind, csv_line AS record, count(*) OVER () AS total
       FROM ${identifier(rejects)} ORDER BY line_byte_position, line LIMIT 1`,
    )
    if (broken) throw await brokenRow(file, csv, broken)
  } catch (error) {
    if (error instanceof StratesError) throw error
    throw unreadable(file, 'The CSV cannot be read', 'one record a line, fields quoted with "', cutRemedy, {}, error)
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${identifier(rejects)}; DROP TABLE IF EXISTS ${identifier(scans)}`)
  }
}

/** What a record that DuckDB rejected is called, on which line it starts, and what was expected of it. */
async function brokenRow(file: ReadableFile, csv: PlainCsv, broken: Record<string, unknown>): Promise<StratesError> {
  const bytes = await readFile(csv.path)
  const start = Number(broken['byte'] ?? 0)
  const line = lineAt(bytes, start)
  const kind = String(broken['kind'])
  const details = { line, broken: Number(broken['total']) }
  if (kind === 'MISSING COLUMNS' || kind === 'TOO MANY COLUMNS') {
    const fieldsFound = firstRecords(String(broken['record']), csv.delimiter)[0]?.length ?? 0
    const fieldsExpected = csv.names.length
    return unreadable(
      file,
      `A row has ${fieldsFound} ${fieldsFound === 1 ? 'field' : 'fields'}`,
      `${fieldsExpected} fields, as in the header`,
      isLastRecord(bytes, start)
        ? cutRemedy
        : `The file is probably cut or damaged there: download it again, or mend line ${line}.`,
      { ...details, fieldsFound, fieldsExpected },
    )
  }
  return kind === 'LINE SIZE OVER MAXIMUM'
    ? unreadable(file, 'A row never ends', 'rows of at most 2 MB; a quote was probably left open', cutRemedy, details)
    : unreadable(
        file,
        'A quote is opened and never closed',
        'fields quoted as "…", a quote inside written ""',
        cutRemedy,
        details,
      )
}

function lineAt(bytes: Buffer, position: number): number {
  const terminator = bytes.includes(0x0a) ? 0x0a : 0x0d
  let line = 1
  for (let at = bytes.indexOf(terminator); at !== -1 && at < position; at = bytes.indexOf(terminator, at + 1)) line++
  return line
}

function isLastRecord(bytes: Buffer, start: number): boolean {
  const rest = bytes.toString('latin1', start, start + 2 ** 21).trimStart()
  return !/[\r\n]\s*\S/.test(rest)
}

// --- Small things ----------------------------------------------------------------------------------------------------

/** First bytes of what people send instead of a table; a download saved under the wrong name is the usual story. */
const foreign: readonly { starts: string | RegExp; is: string; remedy: string }[] = [
  {
    starts: 'PK\x03\x04',
    is: 'a ZIP archive or an Excel workbook',
    remedy: 'Extract it, or save the sheet as CSV (UTF-8).',
  },
  { starts: '\xd0\xcf\x11\xe0', is: 'an old Excel workbook', remedy: 'Save the sheet as CSV (UTF-8).' },
  { starts: '\x1f\x8b', is: 'a gzip archive', remedy: 'Decompress it first.' },
  { starts: '%PDF', is: 'a PDF', remedy: 'Download the CSV or Parquet export.' },
  { starts: 'PARE', is: 'an encrypted Parquet file', remedy: 'Download the plain export.' },
  {
    starts: /^\s*<(!doctype|html|head|body|\?xml|!--)/i,
    is: 'a web page',
    remedy: 'Download the data export, not the page that shows it.',
  },
  { starts: /^\s*(\{|\[\s*[{\]])/, is: 'a JSON document', remedy: 'Download the CSV or Parquet export.' },
]

async function ends(file: ReadableFile): Promise<{ head: string; tail: string; size: number }> {
  const handle = await open(file.path, 'r').catch((error: unknown) => {
    throw unreadable(
      file,
      'The file cannot be opened',
      'a readable file',
      'Check that it exists and may be read.',
      {},
      error,
    )
  })
  try {
    const { size } = await handle.stat()
    const head = Buffer.alloc(Math.min(size, 1024))
    const tail = Buffer.alloc(Math.min(size, 4))
    await handle.read(head, 0, head.length, 0)
    await handle.read(tail, 0, tail.length, size - tail.length)
    return { head: head.toString('latin1').replace(/^\xef\xbb\xbf/, ''), tail: tail.toString('latin1'), size }
  } finally {
    await handle.close()
  }
}

function refuseForeign(file: ReadableFile, head: string, size: number): void {
  if (size === 0 || (size <= 1024 && head.trim() === '')) {
    throw unreadable(file, 'The file is empty', 'a header and at least one row', 'Download it again.')
  }
  const found = foreign.find(({ starts }) => (typeof starts === 'string' ? head.startsWith(starts) : starts.test(head)))
  if (!found) return
  const title = /<title>([^<]{1,100})/i.exec(head)?.[1]?.trim()
  const titled = title === undefined ? '' : `, titled "${title}"`
  throw unreadable(file, `The file is ${found.is}${titled}`, 'a CSV or Parquet file', found.remedy)
}

function headerOnly(file: ReadableFile): StratesError {
  return unreadable(
    file,
    'The file has a header and no row',
    'at least one row',
    'Download it again; check the filter of the export.',
  )
}

function columnNames(columns: readonly string[]): string[] {
  const taken = new Set<string>()
  return columns.map((column, i) => {
    const base = normaliseHeader(column) || `column_${i + 1}`
    let name = base
    for (let repeat = 2; taken.has(name); repeat++) name = `${base}_${repeat}`
    taken.add(name)
    return name
  })
}

async function dropBlankRows(connection: DuckDBConnection, table: string, names: readonly string[]): Promise<number> {
  const everyCell = names.map(identifier).join(', ')
  const [deleted] = await rowsOf(connection, `DELETE FROM ${identifier(table)} WHERE coalesce(${everyCell}) IS NULL`)
  return Number(deleted?.['Count'] ?? 0)
}

async function countRows(connection: DuckDBConnection, table: string): Promise<number> {
  const [counted] = await rowsOf(connection, `SELECT count(*) AS n FROM ${identifier(table)}`)
  return Number(counted?.['n'] ?? 0)
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS()
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** DuckDB expands * ? [ in a path; inside a class they stand for themselves. */
function pathLiteral(path: string): string {
  return literal(path.replace(/[*?[]/g, '[$&]'))
}
