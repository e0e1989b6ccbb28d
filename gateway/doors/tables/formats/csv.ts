import { stringify } from 'csv-stringify/sync'
import type { Cell, Table } from '../table.ts'
import { csvOptionsOf, type FormatOptions } from './options.ts'

/**
 * CSV as RFC 4180 has it, with a header line. Texts are between quotes and nothing else is, so that a reader can tell the code "01001" from a
 * number and the empty text from null, an empty field. A text that a spreadsheet would take for a formula (its first sign is `=`, `+`, `-`, `@`,
 * one of these in full width, a tab or a carriage return) gets a `'` before it; numbers do not, negative ones neither.
 */
export function writeCsv({ columns, rows }: Table, options: FormatOptions): string {
  const { delimiter, decimal, bom } = csvOptionsOf(options)
  const isTime = columns.map(({ type }) => type === 'date' || type === 'datetime')
  // An object is no text to the library: a date keeps its quotes off.
  const field = (cell: Cell, at: number) => (isTime[at] && cell !== null ? { text: cell } : cell)
  const lines = isTime.includes(true) ? rows.map((row) => row.map(field)) : rows
  const text = stringify([columns.map(({ name }) => name), ...lines], {
    delimiter,
    record_delimiter: '\r\n',
    quoted_string: true,
    escape_formulas: true,
    cast: {
      boolean: String,
      number: (value) => (decimal === ',' ? String(value).replace('.', ',') : String(value)),
      object: (value) => String(value['text']),
    },
  })
  return bom ? `\uFEFF${text}` : text
}
