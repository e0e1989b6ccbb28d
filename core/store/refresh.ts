import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RefreshState } from '../observations/refresh.ts'

/** The name of the file, beside the versions, that says when which source was asked, and what came of it. */
export const REFRESH_FILE = 'refresh.json'

/** What a store remembers of looking for newer files; undefined where nobody ever looked, or it cannot be read. */
export async function readRefresh(data: string): Promise<RefreshState | undefined> {
  try {
    return JSON.parse(await readFile(join(data, REFRESH_FILE), 'utf8')) as RefreshState
  } catch {
    return undefined
  }
}
