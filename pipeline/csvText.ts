/**
 * A CSV as it comes: which encoding, which line ends, which delimiter. Nothing is declared in such files and nothing is
 * assumed here; all three are read from the bytes.
 */
import { isUtf8 } from 'node:buffer'
import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CsvError, parse } from 'csv-parse/sync'
import { cutRemedy, type ReadableFile, unreadable } from './unreadable.ts'

/** The encodings met in French administrative files. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** What separates the fields of a line. */
export type Delimiter = ';' | ',' | '\t' | '|'

/** UTF-8 with one kind of line ending, and what is known of it. */
export interface PlainCsv {
  readonly path: string
  readonly delimiter: Delimiter
  /** The names of its columns in the table. */
  readonly names: readonly string[]
}

const sampleBytes = 2 ** 18
const delimiters: readonly Delimiter[] = [';', ',', '\t', '|']

/** Bytes without meaning in windows-1252, and control characters other than tab and line ends. */
const notText = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d, 0x0b, 0x0c])
for (let byte = 0; byte < 0x20; byte++) if (byte < 0x09 || byte > 0x0d) notText.add(byte)

/**
 * Decides the encoding from the bytes: byte order mark, else the zeros of UTF-16, else valid UTF-8, else windows-1252
 * (of which latin-1 is the part in use). UTF-8 that breaks somewhere is refused: read as windows-1252 it would give
 * "Ã©" for "é" on every other row.
 */
export function encodingOf(bytes: Buffer, file: ReadableFile): Encoding {
  const utf16 = utf16Of(bytes.subarray(0, 4096))
  if (utf16 !== undefined) {
    if (bytes.length % 2 === 0) return utf16
    throw unreadable(file, 'The UTF-16 text ends on half a character', 'an even number of bytes', cutRemedy)
  }
  if (bytes.includes(0)) refuseBinary(file)
  if (isUtf8(bytes)) return 'utf-8'
  refuseBrokenUtf8(bytes, file)
  if (bytes.subarray(0, sampleBytes).some((byte) => notText.has(byte))) refuseBinary(file)
  return 'windows-1252'
}

function utf16Of(sample: Buffer): Encoding | undefined {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  let even = 0
  let odd = 0
  sample.forEach((byte, i) => {
    if (byte !== 0) return
    if (i % 2 === 0) even++
    else odd++
  })
  const most = sample.length * 0.4
  if (odd > most && even === 0) return 'utf-16le'
  if (even > most && odd === 0) return 'utf-16be'
  return undefined
}

function refuseBrokenUtf8(bytes: Buffer, file: ReadableFile): void {
  const text = new TextDecoder('utf-8').decode(bytes)
  const broken = text.match(/\ufffd/g)?.length ?? 0
  const whole = (text.match(/\P{ASCII}/gu)?.length ?? 0) - broken
  if (whole <= broken) return
  const position = text.indexOf('\ufffd')
  const line = text.slice(0, position).split(/\r\n|\n|\r/).length
  const atEnd = position === text.length - 1
  throw unreadable(
    file,
    'The text is UTF-8 but a character is broken',
    'UTF-8 throughout',
    atEnd ? cutRemedy : 'The file was probably damaged or pasted together from two encodings: download it again.',
    { line },
  )
}

function refuseBinary(file: ReadableFile): never {
  throw unreadable(
    file,
    'The file is binary, not text',
    'a CSV in UTF-8, UTF-16 or windows-1252, or a Parquet file',
    'Download the CSV or Parquet export.',
  )
}

/** A path DuckDB can read: the file itself when it is UTF-8 with one kind of line ending, else a transcoded copy. */
export async function plainText(bytes: Buffer, encoding: Encoding, path: string, folder: string): Promise<string> {
  if (encoding === 'utf-8' && !mixesLineEndings(bytes)) return path
  const copy = join(folder, 'plain.csv')
  const output = await open(copy, 'w')
  try {
    const decoder = new TextDecoder(encoding)
    let held = ''
    for (let start = 0; start < bytes.length; start += 2 ** 20) {
      const text = held + decoder.decode(bytes.subarray(start, start + 2 ** 20), { stream: true })
      // A CR at the end of a slice may be the first half of a CRLF.
      held = text.endsWith('\r') ? '\r' : ''
      await output.write(text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n'))
    }
    await output.write((held + decoder.decode()).replace(/\r\n?/g, '\n'))
  } finally {
    await output.close()
  }
  return copy
}

/** A copy in which the fields beyond the header are part of the last one again. */
export async function gatherLastColumn(
  { path, delimiter, names }: PlainCsv,
  file: ReadableFile,
  folder: string,
): Promise<string> {
  const last = names.length - 1
  const lines = everyRecord(await readFile(path, 'utf8'), delimiter, file).map((record) => {
    const cells = record.length > last ? [...record.slice(0, last), record.slice(last).join(delimiter)] : record
    return `${cells.map(quoted).join(delimiter)}\n`
  })
  const copy = join(folder, 'gathered.csv')
  await writeFile(copy, lines.join(''))
  return copy
}

function everyRecord(text: string, delimiter: Delimiter, file: ReadableFile): string[][] {
  try {
    return parse(text, { ...leniently, delimiter })
  } catch (error) {
    const line = error instanceof CsvError ? Number(error['lines']) : undefined
    const details = line === undefined ? {} : { line }
    throw unreadable(file, 'A quote is out of place', 'fields quoted as "…"', cutRemedy, details, error)
  }
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`
}

function mixesLineEndings(bytes: Buffer): boolean {
  const crlf = occurrences(bytes, '\r\n')
  const lf = occurrences(bytes, '\n') - crlf
  const cr = occurrences(bytes, '\r') - crlf
  return [crlf, lf, cr].filter((count) => count > 0).length > 1
}

function occurrences(bytes: Buffer, text: string): number {
  let count = 0
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + text.length)) count++
  return count
}

/** The first lines, whole ones. */
export function sampleText(bytes: Buffer, encoding: Encoding): string {
  const text = new TextDecoder(encoding).decode(bytes.subarray(0, sampleBytes), { stream: true })
  if (bytes.length <= sampleBytes) return text
  return text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1 || undefined)
}

/** The delimiter is the one that cuts the most lines into as many fields as the header; a tie goes to the wider one. */
export function dialectOf(sample: string, file: ReadableFile): { delimiter: Delimiter; columns: string[] } {
  const candidates = delimiters
    .map((delimiter) => ({ delimiter, records: firstRecords(sample, delimiter) }))
    .map(({ delimiter, records }) => {
      const columns = (records[0] ?? []).map((name) => name.trim())
      const agreeing = records.filter((record) => record.length === columns.length).length / records.length
      return { delimiter, columns, agreeing }
    })
    .filter(({ columns }) => columns.length > 1)
    .sort((a, b) => b.agreeing - a.agreeing || b.columns.length - a.columns.length)
  const best = candidates[0]
  if (best) return { delimiter: best.delimiter, columns: best.columns }
  throw unreadable(
    file,
    'The header has no delimiter',
    'column names on line 1, separated by ; , tab or |',
    'Check that this is the CSV export.',
    { line: 1 },
  )
}

/** The first hundred records, or those before a quote left open: the whole file is judged later, by line. */
export function firstRecords(sample: string, delimiter: Delimiter): string[][] {
  const records: string[][] = []
  try {
    parse(sample, { ...leniently, delimiter, to: 100, onRecord: (record: string[]) => void records.push(record) })
  } catch {
    return records
  }
  return records
}

const leniently = { bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true }
