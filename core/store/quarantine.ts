import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The name of the file, beside the versions, that says which datasets were refused last. */
export const QUARANTINE_FILE = 'quarantine.json'

/** A dataset whose newest file was refused; what serves is older, or nothing. */
export interface Quarantine {
  readonly dataset: string
  /** The code of the error: CONTRACT_BROKEN, SOURCE_UNREADABLE, CHECK_FAILED. */
  readonly code: string
  /** What failed, on what, what was expected, what to do. */
  readonly message: string
  /** When it was refused, ISO 8601. */
  readonly since: string
}

/** The datasets in quarantine, by id order; none where nothing was ever refused, or the list cannot be read. */
export async function readQuarantine(data: string): Promise<readonly Quarantine[]> {
  try {
    return JSON.parse(await readFile(join(data, QUARANTINE_FILE), 'utf8')) as readonly Quarantine[]
  } catch {
    return []
  }
}
