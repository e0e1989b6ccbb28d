import { StratesError } from '../../../../core/observations/error.ts'
import type { Table, TableShape } from '../table.ts'
import { writeCsv } from './csv.ts'
import type { Format } from './format.ts'
import { writeNdjson } from './ndjson.ts'
import type { FormatOptions } from './options.ts'
import { tidy } from './tidy.ts'

/** A format as its file gives it: of a table that is tidy and that it can hold, it makes a text or bytes. */
interface Writer extends Omit<Format, 'write'> {
  write(table: Table, options: FormatOptions): string | Uint8Array | Promise<Uint8Array>
}

const WRITERS: readonly Writer[] = [
  {
    extension: 'csv',
    description: 'For spreadsheets and everything else: RFC 4180 in UTF-8, with a header line.',
    mediaType: 'text/csv; charset=utf-8; header=present',
    accepts: ['text/csv'],
    options: ['delimiter', 'decimal', 'bom', 'dialect'],
    write: writeCsv,
  },
  {
    extension: 'ndjson',
    description: 'For programs that read line by line: one JSON object a row.',
    mediaType: 'application/x-ndjson',
    accepts: ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'],
    options: [],
    write: writeNdjson,
  },
]

/** The formats in which any door writes a table, in the order in which they are preferred. */
export const FORMATS: readonly Format[] = WRITERS.map(guarded)

function guarded({ write, ...told }: Writer): Format {
  return {
    ...told,
    write(table, options = {}) {
      checkShape(told, table)
      const written = write(tidy(table), options)
      return typeof written === 'string' ? Buffer.from(written) : written
    },
  }
}

function checkShape({ extension, refuses }: Omit<Writer, 'write'>, shape: TableShape): void {
  const reason = refuses?.(shape)
  if (reason === undefined) return
  throw new StratesError({
    code: 'UNSUPPORTED_FORMAT',
    what: `The table cannot be written as ${extension}: ${reason}`,
    on: shape.name,
    expected: 'a format that can hold the table',
    remedy: 'Ask for CSV, NDJSON or Parquet, which hold any table.',
  })
}
