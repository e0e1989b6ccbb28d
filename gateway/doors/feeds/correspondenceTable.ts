import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { stringify } from 'csv-stringify/sync'
import { writeParquet, type ParquetValue } from '../../../core/store/parquet.ts'
import type { Atlas } from '../../../core/territories/atlas.ts'
import { correspondenceOf, type WeighPieces } from '../../../core/territories/correspondence.ts'

/** The columns of a table of correspondence, in their order; codes are text. */
const CORRESPONDENCE_COLUMNS = {
  code_from: 'VARCHAR',
  name_from: 'VARCHAR',
  code_to: 'VARCHAR',
  name_to: 'VARCHAR',
  /** The part of the inhabitants of the first who live in the second, from 0 to 1; empty where nobody was ever counted. */
  share: 'DOUBLE',
  /** Those inhabitants, as counted at the census. */
  inhabitants: 'INTEGER',
  /** Empty where the parts of the first were counted at different ones. */
  census_year: 'INTEGER',
  /** `WHOLE`: all of the first stands in the second; `PART`: carry figures over by the share. */
  extent: 'VARCHAR',
} as const

/** The formats in which the table is written. */
export const TABLE_FORMATS = ['csv', 'parquet'] as const

/** `csv`: RFC 4180, UTF-8, a comma; `parquet`: with attribution and versions in its metadata. */
export type TableFormat = (typeof TABLE_FORMATS)[number]

/**
 * Writes the table that carries figures of the communes of one vintage to those of another: a row for each commune of the
 * first and commune of the second that share ground, in order of both codes. The same store gives the same bytes.
 * @param from and `to`: vintages that the atlas holds.
 * @param facts what a Parquet file says of itself: attribution, licence, versions.
 */
export async function writeCorrespondence(
  { atlas, weigh }: { readonly atlas: Atlas; readonly weigh: WeighPieces },
  { from, to }: { readonly from: number; readonly to: number },
  format: TableFormat,
  facts: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const [source, target] = [atlas.of(from), atlas.of(to)]
  if (source === undefined || target === undefined) throw new RangeError(`the store holds no vintage ${from} or ${to}`)
  const rows = correspondenceOf(source, target, weigh).map((row): ParquetValue[] => [
    row.from.code,
    row.from.name,
    row.to.code,
    row.to.name,
    row.share,
    row.inhabitants,
    row.censusYear,
    row.extent,
  ])
  return format === 'csv' ? csvOf(rows) : parquetOf(rows, facts)
}

const csvOf = (rows: readonly ParquetValue[][]): Uint8Array =>
  Buffer.from(
    stringify([Object.keys(CORRESPONDENCE_COLUMNS), ...rows], {
      record_delimiter: '\r\n',
      quoted_string: true,
      escape_formulas: true,
    }),
  )

async function parquetOf(
  rows: readonly ParquetValue[][],
  facts: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'strates-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const path = join(folder, 'table.parquet')
    await writeParquet(connection, path, CORRESPONDENCE_COLUMNS, rows, facts)
    return await readFile(path)
  } finally {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true })
  }
}
