/**
 * A CSV as it comes: which encoding, which line ends, which delimiter. Nothing is declared in such files and nothing is
 * assumed here; all three are read from the bytes.
 */
import { isUtf8 } from 'node:buffer'
import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { cutRemedy, type ReadableFile, unreadable } from './unreadable.ts'

/** The encodings met in French administrative files. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** What separates the fields of a line. */
export type Delimiter = ';' | ',' | '\t' | '|'

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
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const sample = bytes.subarray(0, 4096)
  if (sample.includes(0)) return utf16WithoutMark(sample) ?? refuseBinary(file)
  if (bytes.includes(0)) refuseBinary(file)
  if (isUtf8(bytes)) return 'utf-8'
  refuseBrokenUtf8(bytes, file)
  if (bytes.subarray(0, sampleBytes).some((byte) => notText.has(byte))) refuseBinary(file)
  return 'windows-1252'
}

function utf16WithoutMark(sample: Buffer): Encoding | undefined {
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

export async function gatherLastColumn(path: string, delimiter: Delimiter, width: number, folder: string): Promise<string> {
  const records = firstRecords(await readFile(path, 'utf8'), delimiter, Infinity)
  const gathered = records.map((record) => [
    ...record.slice(0, width - 1),
    ...spilt(record.slice(width - 1), delimiter),
  ])
  const copy = join(folder, 'gathered.csv')
  await writeFile(copy, gathered.map((record) => `${record.map(quoted).join(delimiter)}\n`).join(''))
  return copy
}

function spilt(fields: string[], delimiter: Delimiter): string[] {
  return fields.length > 1 ? [fields.join(delimiter)] : fields
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`
}

function mixesLineEndings(bytes: Buffer): boolean {
  const crlf = occurrences(bytes, '
')
  const lf = occurrences(bytes, '
') - crlf
  const cr = occurrences(bytes, '') - crlf
  return [crlf, lf, cr].filter((count) => count > 0).length > 1
}

function occurrences(bytes: Buffer, text: string): number {
  let count = 0
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + text.length)) count++
  return count
}

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

export function firstRecords(sample: string, delimiter: Delimiter, count = 100): string[][] {
  const records: string[][] = []
  try {
    parse(sample, {
      delimiter,
      bom: true,
      to: Number.isFinite(count) ? count : -1,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      onRecord: (record: string[]) => void records.push(record),
    })
  } catch {
    // A quote left open ends the sample early; the whole file is judged later, by line.
  }
  return records
}
