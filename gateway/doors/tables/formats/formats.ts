import type { Table, TableShape } from '../table.ts'
import { writeCsv } from './csv.ts'
import type { Format } from './format.ts'
import { refusesGeoJson, writeGeoJson } from './geojson.ts'
import { refusesJsonStat, writeJsonStat } from './jsonStat.ts'
import { writeNdjson } from './ndjson.ts'
import type { FormatOptions } from './options.ts'
import { writeParquet } from './parquet.ts'
import { refusalOf } from './refusal.ts'
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
  {
    extension: 'parquet',
    description:
      'For notebooks and databases: typed columns, compressed, with what the file says of itself in its metadata.',
    mediaType: 'application/vnd.apache.parquet',
    accepts: ['application/vnd.apache.parquet', 'application/parquet', 'application/x-parquet'],
    options: [],
    write: writeParquet,
  },
  {
    extension: 'geojson',
    description: 'For maps: a point for each row (RFC 7946). Only of tables with positions.',
    mediaType: 'application/geo+json',
    accepts: ['application/geo+json', 'application/vnd.geo+json'],
    options: [],
    write: writeGeoJson,
    refuses: refusesGeoJson,
  },
  {
    extension: 'jsonstat',
    description:
      'For statistical tools: a cube of places, times and measures (JSON-stat 2.0). Only of tables with observations.',
    // JSON-stat has no media type of its own; `Accept` may ask for it by one that nobody registered.
    mediaType: 'application/json',
    accepts: ['application/json-stat', 'application/vnd.json-stat+json'],
    options: [],
    write: writeJsonStat,
    refuses: refusesJsonStat,
  },
]

/** The formats in which any door writes a table, in the order in which they are preferred. */
export const FORMATS: readonly Format[] = WRITERS.map(guarded)

/** Those that can hold tables of a shape; none where there is no table. */
export const formatsFor = (shape: TableShape | undefined): readonly Format[] =>
  shape ? FORMATS.filter(({ refuses }) => refuses?.(shape) === undefined) : []

function guarded({ write, ...told }: Writer): Format {
  return {
    ...told,
    write(table, options = {}) {
      const reason = told.refuses?.(table)
      if (reason !== undefined) throw refusalOf(told.extension, table.name, reason)
      const written = write(tidy(table), options)
      return typeof written === 'string' ? Buffer.from(written) : written
    },
  }
}
