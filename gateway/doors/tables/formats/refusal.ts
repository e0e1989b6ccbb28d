import { StratesError } from '../../../../core/observations/error.ts'

/**
 * Says that a format cannot hold a table, and what to do instead.
 * @param reason a clause that goes after "because".
 */
export const refusalOf = (extension: string, table: string, reason: string): StratesError =>
  new StratesError({
    code: 'UNSUPPORTED_FORMAT',
    what: `The table cannot be written as ${extension}, because ${reason}`,
    on: table,
    expected: 'a table that the format can hold',
    remedy: 'Ask for CSV, NDJSON or Parquet, which hold any table.',
  })
