import type { Table, TableShape } from '../table.ts'
import type { FormatOptions } from './options.ts'

/** A format in which a table is written. */
export interface Format {
  /** The end of the names of its files, without the dot. */
  readonly extension: string
  /** What it is and for whom, in one sentence. */
  readonly description: string
  /** What an answer in it says of itself. */
  readonly mediaType: string
  /** The media types by which `Accept` asks for it, without parameters. */
  readonly accepts: readonly string[]
  /** The options that it takes; the others mean nothing to it. */
  readonly options: readonly (keyof FormatOptions)[]
  /**
   * Writes a table; the same table and options give the same bytes.
   * @throws StratesError INVALID_OPTION for options that contradict each other, UNSUPPORTED_FORMAT when the format cannot hold the table.
   * @throws TypeError when the table is not what its columns say: a mistake of whoever made it.
   */
  write(table: Table, options?: FormatOptions): Promise<Uint8Array> | Uint8Array
  /** Why it cannot hold tables of a shape, in one sentence; undefined where it can. Formats without it hold any table. */
  refuses?(shape: TableShape): string | undefined
}
