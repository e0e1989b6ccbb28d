import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '../../core/store/open.ts'
import { hasPostgres, startPostgres } from '../../demo/servers/postgres.ts'
import { freePort, startServer } from '../../demo/servers/server.ts'
import { pushTo } from '../../pipeline/snapshots/pushTo.ts'
import { pointOf } from '../kit/documents.ts'
import type { Bench } from '../kit/figure.ts'
import { load } from '../kit/load.ts'
import { post } from '../kit/question.ts'
import { environmentOf, REPOSITORY, type Usage } from '../kit/servers.ts'
import type { Measured } from './measured.ts'

/** Ticks of the clock by which Linux counts processor time, in microseconds. */
const TICK = 10_000

/**
 * What a point takes where its cells are read from a database: of the processor of the gateway, and of that of PostgreSQL. Every commune is
 * asked once, so that none is held from before. Undefined where PostgreSQL is not installed, or where this is not Linux.
 */
export async function measureDatabase(bench: Bench): Promise<Measured['database']> {
  if (!hasPostgres() || process.platform !== 'linux') return undefined
  const within = await bench.temporary()
  const database = await startPostgres()
  try {
    bench.say('  the store in PostgreSQL')
    if (!(await pushTo({ kind: 'postgres', url: database.url }, bench.data, bench.say))) return undefined
    const port = await freePort('127.0.0.1')
    const gateway = await startServer({
      url: `http://127.0.0.1:${port}`,
      command: process.execPath,
      given: [join(REPOSITORY, 'gateway', 'main.ts'), '--port', `${port}`, '--workers', '1'],
      env: { ...environmentOf(join(within, 'store')), DATABASE_URL: database.url, STRATES_CACHE_MB: '0' },
      ready: / is ready on /,
    })
    try {
      const usage = (pid: number) => async () => ({ cpuMicroseconds: await timeOf(pid) }) as Usage
      const every = pointOf(await openStore(bench.data, []), Infinity)
      const asked = every.cases.map((variables) => post({ query: every.query, variables }))
      const before = await timeOf(database.pid)
      const { cpuMicroseconds, perSecond } = await load({ url: gateway.url, asked, usage: usage(gateway.pid) }, SECONDS)
      const inDatabase = ((await timeOf(database.pid)) - before) / (perSecond * SECONDS)
      return { gateway: Math.round(cpuMicroseconds), database: Math.round(inDatabase) }
    } finally {
      await gateway.stop()
    }
  } finally {
    await database.stop()
  }
}

const SECONDS = 8

/** Processor time of a process and of those that it started, in microseconds, from /proc. */
async function timeOf(pid: number): Promise<number> {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const stats = all.flatMap((name) => statOf(name) ?? [])
  const own = stats.filter((stat) => stat.pid === pid || stat.parent === pid)
  return own.reduce((sum, { ticks }) => sum + ticks, 0) * TICK
}

/** Undefined for one that has ended meanwhile. */
function statOf(name: string) {
  try {
    // The name of the program, in brackets, may hold spaces.
    const [, rest = ''] = readFileSync(`/proc/${name}/stat`, 'utf8').split(/\) (?=\S )/)
    const fields = rest.split(' ')
    return { pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return undefined
  }
}
