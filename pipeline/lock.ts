import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { StratesError } from '../core/observations/error.ts'

/** An empty DuckDB database: the operating system locks it for who opened it, and lets go when that process ends, however. */
const LOCK_FILE = 'lock.duckdb'

/**
 * Runs one ingest at a time on a store. The lock dies with the process that holds it, killed or not.
 * @throws StratesError STORE_BUSY while another ingest runs, naming its process.
 */
export async function withLock<Result>(data: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(data, { recursive: true })
  const path = join(data, LOCK_FILE)
  const lock = await DuckDBInstance.create(path).catch((cause: Error) => {
    throw /Could not set lock/.test(cause.message) ? busy(path, cause) : cause
  })
  try {
    return await work()
  } finally {
    lock.closeSync()
  }
}

const busy = (path: string, cause: Error): StratesError =>
  new StratesError({
    code: 'STORE_BUSY',
    what: 'Another ingest is at work on this store',
    on: `${path}, process ${/\(PID (\d+)\)/.exec(cause.message)?.[1] ?? 'unknown'}`,
    expected: 'one ingest at a time',
    remedy: 'Wait for it to end, or end that process.',
    cause,
  })
