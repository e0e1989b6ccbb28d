import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StratesError } from '../observations/error.ts'

/** The name of the file that says which version of the store is the current one. */
export const CURRENT_FILE = 'current'
/** The folder of the versions, one folder each, named by data version. */
export const VERSIONS_FOLDER = 'versions'

/**
 * The current version's name, or undefined when nothing was ever published there.
 * @throws StratesError STORE_CORRUPT when the pointer does not name a version.
 */
export async function currentVersion(data: string): Promise<string | undefined> {
  const text = await readFile(join(data, CURRENT_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw corrupt(
      join(data, CURRENT_FILE),
      `The pointer to the current version cannot be read (${error.code})`,
      'a file that this user may read',
      error,
    )
  })
  if (text === undefined) return undefined
  const version = text.trim()
  if (/^[0-9a-f]{16}$/.test(version)) return version
  throw corrupt(join(data, CURRENT_FILE), 'The pointer to the current version is damaged', 'a version of 16 digits')
}

/** What is said of any file of the store that is not as it was published. */
export function corrupt(path: string, what: string, expected: string, cause?: unknown): StratesError {
  return new StratesError({
    code: 'STORE_CORRUPT',
    what,
    on: path,
    expected,
    remedy: 'Run npm run ingest again: it publishes a new version beside the damaged one.',
    cause,
  })
}
