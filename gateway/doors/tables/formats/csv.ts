import { stringify } from 'csv-stringify/sync'
import type { Table } from '../table.ts'
import { csvOptionsOf, type FormatOptions } from './options.ts'

/**
 * CSV as RFC 4180 has it, with a header line. Null is an empty field and the empty text is `""`. A text that a spreadsheet would
 * take for a formula (its first sign is `=`, `+`, `-`, `@`, one of these in full width, a tab or a carriage return) gets a `'` before it; numbers do
 * not, negative ones neither.
 */
export function writeCsv({ columns, rows }: Table, options: FormatOptions): string {
  const { delimiter, decimal, bom } = csvOptionsOf(options)
  const text = stringify([columns.map(({ name }) => name), ...rows], {
    delimiter,
    record_delimiter: '\r\n',
    // A spreadsheet begins a line at half of a CRLF too.
    quote_record_delimiter: true,
    quoted_match: /^$/,
    escape_formulas: true,
    cast: {
      boolean: String,
      number: (value) => (decimal === ',' ? String(value).replace('.', ',') : String(value)),
    },
  })
  return bom ? `\uFEFF${text}` : text
}
