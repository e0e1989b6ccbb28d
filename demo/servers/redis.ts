import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, needProgram } from './program.ts'
import { freePort, startServer, type OwnServer } from './server.ts'

/** Whether {@link startRedis} can: for tests that leave themselves out without it. */
export const hasRedis = (): boolean => findProgram('redis-server') !== undefined

/**
 * Starts a Redis that keeps everything in memory, and forgets it when it ends.
 * @throws StratesError CONFIGURATION_INVALID where it is not installed.
 */
export async function startRedis({ host = '127.0.0.1', within = tmpdir() } = {}): Promise<OwnServer> {
  const command = needProgram('redis-server', 'redis-server')
  const folder = await mkdtemp(join(within, 'strates-redis-'))
  const port = await freePort(host)
  return await startServer({
    url: `redis://${host}:${port}`,
    folder,
    command,
    given: ['--bind', host, '--port', `${port}`, '--dir', folder, '--save', '', '--appendonly', 'no'],
    ready: /Ready to accept connections/,
  })
}
