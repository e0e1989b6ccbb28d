import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StratesError } from '../core/observations/error.ts'

const LOCK_FILE = 'ingest.lock'

/**
 * Runs one ingest at a time on a store. A lock left by a process that is gone, killed in the middle, is taken over.
 * @throws StratesError STORE_BUSY while another ingest runs, naming its process.
 */
export async function withLock<Result>(data: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(data, { recursive: true })
  const path = join(data, LOCK_FILE)
  await takeLock(path)
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function takeLock(path: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const handle = await open(path, 'wx')
      await handle.writeFile(`${process.pid}\n`)
      await handle.close()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = Number((await readFile(path, 'utf8').catch(() => '')).trim())
      if (isAlive(holder)) throw busy(path, holder)
      await rm(path, { force: true })
    }
  }
  throw busy(path, 0)
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // The process is there but belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const busy = (path: string, pid: number): StratesError =>
  new StratesError({
    code: 'STORE_BUSY',
    what: 'Another ingest is at work on this store',
    on: `${path}, process ${pid}`,
    expected: 'one ingest at a time',
    remedy: 'Wait for it to end, or end that process.',
  })
