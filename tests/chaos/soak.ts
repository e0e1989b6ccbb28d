import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { fixtureStore } from '../fixtures/store.ts'
import { questionOf, startGateway, stop } from './gateways.ts'
import { during, load, type Question } from './load.ts'
import { aim, promise, type Scenario } from './scenario.ts'

/** How often memory is looked at, and what is left out at the beginning: caches fill up then. */
const EVERY_MS = 10_000
const SETTLING = 0.2

/** Half of what one worker can answer, for a long time. */
export const soak = (minutes: number): Scenario => ({
  name: 'soak',
  what: `half of what one worker can answer, for ${minutes} minutes`,
  async run() {
    const gateway = await startGateway(await fixtureStore(), ['--workers', '1'])
    try {
      const { requests: most } = await load({ url: gateway.url, next: question, connections: 8, until: during(10_000) })
      const perSecond = most / 10 / 2
      const memory: { minute: number; megabytes: number }[] = []
      const begun = performance.now()
      const timer = setInterval(() => {
        void workersOf(gateway.program.pid).then((pids) => {
          const megabytes = pids.reduce((sum, pid) => sum + residentMegabytes(pid), 0)
          memory.push({ minute: (performance.now() - begun) / 60_000, megabytes })
        })
      }, EVERY_MS)
      const { requests, failures, percentile } = await load({
        url: gateway.url,
        next: question,
        connections: 8,
        perSecond,
        until: during(minutes * 60_000),
      })
      clearInterval(timer)
      const settled = memory.slice(Math.floor(memory.length * SETTLING))
      return [
        promise(
          'every question is answered',
          `${requests} questions at ${perSecond.toFixed(0)} a second, p99 ${percentile(0.99).toFixed(1)} ms`,
          failures,
        ),
        aim(
          `memory of the workers grows (from ${settled[0]?.megabytes.toFixed(0)} MB), a minute`,
          slopeOf(settled),
          1,
          ' MB',
        ),
      ]
    } finally {
      await stop(gateway)
    }
  },
})

const question = (number: number): Question =>
  number % 2 === 0 ? questionOf('departement', number) : questionOf('epci', number)

/** The processes that a process started. */
async function workersOf(pid: number): Promise<readonly number[]> {
  const children: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = textOf(`/proc/${name}/stat`)
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid) children.push(Number(name))
  }
  return children
}

const residentMegabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1000

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Least squares. */
function slopeOf(points: readonly { readonly minute: number; readonly megabytes: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(({ minute }) => minute)), mean(points.map(({ megabytes }) => megabytes))]
  const above = points.reduce((sum, { minute, megabytes }) => sum + (minute - x) * (megabytes - y), 0)
  return above / points.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0)
}
