import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { QUARANTINE_FILE, readQuarantine, type Quarantine } from '../core/store/quarantine.ts'

/**
 * Writes down which datasets were refused, so that the serving side can tell, and forgets those that came through.
 * @param refused the datasets refused now.
 * @param accepted the datasets whose files were taken now.
 */
export async function noteQuarantine(
  data: string,
  refused: readonly Quarantine[],
  accepted: readonly string[],
): Promise<void> {
  const settled = new Set([...accepted, ...refused.map(({ dataset }) => dataset)])
  const kept = (await readQuarantine(data)).filter(({ dataset }) => !settled.has(dataset))
  const all = [...kept, ...refused].toSorted((left, right) => (left.dataset < right.dataset ? -1 : 1))
  const temporary = join(data, `.${QUARANTINE_FILE}-${process.pid}`)
  await mkdir(data, { recursive: true })
  await writeFile(temporary, `${JSON.stringify(all, null, 1)}\n`)
  await rename(temporary, join(data, QUARANTINE_FILE))
}
