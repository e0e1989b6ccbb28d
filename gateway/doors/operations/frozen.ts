import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The columns of a table, and the version in which they are these. */
export interface FrozenColumns {
  /** `major.minor`: major where a column went, moved or became another type, minor where some came at the end. */
  readonly version: string
  /** Each as `name type`. */
  readonly columns: readonly string[]
}

/** Where they are written down; `npm run compose` does. */
export const COLUMNS_FILE = fileURLToPath(new URL('../../../operations/columns.json', import.meta.url))

/** Reads the columns as they are written down, by the name of the operation. */
export const readFrozen = (): Readonly<Record<string, FrozenColumns>> =>
  existsSync(COLUMNS_FILE) ? (JSON.parse(readFileSync(COLUMNS_FILE, 'utf8')) as Record<string, FrozenColumns>) : {}

/** The columns as they were when the process began, and the version in which they are these. */
export const FROZEN = readFrozen()
