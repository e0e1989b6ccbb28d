import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { StratesError } from '../../core/observations/error.ts'
import { hasPostgres, startPostgres } from '../../demo/servers/postgres.ts'
import { needProgram } from '../../demo/servers/program.ts'
import { hasRedis, startRedis } from '../../demo/servers/redis.ts'
import { startServer, type OwnServer } from '../../demo/servers/server.ts'

const open: OwnServer[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.stop()))
})

const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.once('connect', () => resolve((socket.destroy(), true))).once('error', () => resolve(false))
  })

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/stat`)

describe.each([
  { name: 'Redis', isInstalled: hasRedis(), start: startRedis },
  { name: 'PostgreSQL', isInstalled: hasPostgres(), start: startPostgres },
])('$name', ({ isInstalled, start }) => {
  it.skipIf(!isInstalled)(
    'is killed, comes back at the same address, and leaves nothing when it is stopped',
    async () => {
      const server = await start({ host: '127.0.0.1' })
      open.push(server)
      const { url, pid } = server
      expect(await answers(url)).toBe(true)
      await server.kill()
      // Its children hold its port open until they see that it is gone.
      await expect.poll(() => answers(url)).toBe(false)
      await server.start()
      expect([server.url, await answers(url), server.pid === pid]).toEqual([url, true, false])
      await server.stop()
      expect([await answers(url), isAlive(server.pid)]).toEqual([false, false])
    },
  )
})

it('names the package of a program that is not installed', () => {
  expect(() => needProgram('no-such-server', 'such-a-package')).toThrow(StratesError)
  expect(() => needProgram('no-such-server', 'such-a-package')).toThrow('apt-get install such-a-package')
})

it('says what a server said that did not start', async () => {
  const recipe = { url: '', folder: '/nowhere', ready: /ready/, command: process.execPath }
  await expect(startServer({ ...recipe, given: ['-e', 'console.error("no room")'] })).rejects.toThrow('no room')
})
