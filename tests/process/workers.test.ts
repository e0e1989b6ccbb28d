import { execFileSync } from 'node:child_process'
import { Agent } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ask, startLoad } from './load.ts'
import { cleanUp, ownStore, start, type Program } from './program.ts'

/** Of clients under load; some wait longer than the service that ends does for an idle connection. */
const PAUSES = [0, 0, 5, 20, 50, 100, 400, 1500, 2500]

let data: string
beforeAll(async () => {
  data = await ownStore()
})
const stopped = new Set<number>()
afterEach(() => {
  for (const pid of stopped) signal(pid, 'SIGKILL')
  stopped.clear()
})
afterAll(cleanUp)

/** A gateway of two workers, which sets no limit to what a client may spend unless told so. */
async function startGateway(env: Record<string, string> = {}) {
  const gateway = start('gateway/main.ts', ['--port', '0', '--workers', '2'], {
    STRATES_DATA: data,
    STRATES_RATE_LIMIT: '0',
    ...env,
  })
  const [, url = ''] = await gateway.says(/Strates is ready on (http:\/\/127\.0\.0\.1:\d+)/)
  return { gateway, url }
}

/** The processes that a program started. */
function workersOf({ pid }: Program): readonly number[] {
  return execFileSync('pgrep', ['-P', `${pid}`], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number)
}

/** Settles when a worker that took the place of another answers. */
const answers = (gateway: Program, pid: number) =>
  gateway.says(new RegExp(`"worker":${pid},"msg":"a new worker answers"`))

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
const isAlive = (pid: number): boolean => signal(pid, 0)

/** Settles once something is so; fails after so many seconds. */
async function becomes(what: string, isSo: () => boolean, seconds: number): Promise<number> {
  const started = performance.now()
  while (!isSo()) {
    if (performance.now() - started > seconds * 1000) throw new Error(`not within ${seconds} s: ${what}`)
    await sleep(20)
  }
  return (performance.now() - started) / 1000
}

const send = (gateway: Program, name: 'SIGTERM' | 'SIGHUP' | 'SIGKILL') => process.kill(gateway.pid, name)

/** A request of which the last byte is held back. */
async function startRequest(url: string) {
  const body = JSON.stringify({ query: '{ __typename }' })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let answer = ''
  socket.on('data', (chunk) => (answer += String(chunk))).on('error', (error) => (answer += String(error)))
  const head = `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  socket.write(head + body.slice(0, -1))
  await sleep(300)
  return {
    async finish() {
      socket.write(body.slice(-1))
      await closed
      return answer
    },
  }
}

describe('two workers', { timeout: 90_000 }, () => {
  let gateway: Program
  let url: string
  beforeAll(async () => {
    ;({ gateway, url } = await startGateway())
  })

  it('answer at one port, and the greeting says how much memory they hold', async () => {
    expect(gateway.output().stdout).toMatch(/^2 workers, \d+ MB of memory each at most$/m)
    expect(workersOf(gateway)).toHaveLength(2)
    expect((await ask(`${url}/graphql`)).status).toBe(200)
  })

  it('of which one is stuck: it is killed and replaced within 10 seconds, and no new client notices but one that waits', async () => {
    const [stuck = 0, other = 0] = workersOf(gateway)
    stopped.add(stuck)
    signal(stuck, 'SIGSTOP')
    const asked: Promise<number>[] = []
    const slow: number[] = []
    const asking = setInterval(() => {
      const started = performance.now()
      const answered = ask(`${url}/graphql`).then(({ status }) => {
        if (performance.now() - started > 3000) slow.push(performance.now() - started)
        return status
      })
      asked.push(answered.catch((error: Error) => Number(error.message) || -1))
    }, 50)
    const seconds = await becomes('the stuck worker is dead', () => !isAlive(stuck), 12)
    console.log(`a stuck worker is dead after ${seconds.toFixed(1)} s`)
    expect(seconds).toBeLessThan(10)
    await becomes('there is another', () => workersOf(gateway).length === 2, 5)
    clearInterval(asking)
    const statuses = await Promise.all(asked)
    expect(statuses.filter((status) => status !== 200)).toEqual([])
    expect(slow.length).toBeLessThanOrEqual(1)
    expect(workersOf(gateway)).toContain(other)
    expect(gateway.output().stderr).toMatch(new RegExp(`"worker":${stuck},"msg":"a worker is stuck`))
  })

  it('of which one is killed under load: another takes its place, and only requests that it had in flight fail', async () => {
    const [killed = 0, replaced = 0] = workersOf(gateway)
    await answers(gateway, replaced)
    const load = startLoad(url, PAUSES)
    await sleep(1000)
    signal(killed, 'SIGKILL')
    await becomes('there is another', () => workersOf(gateway).length === 2 && !workersOf(gateway).includes(killed), 5)
    await answers(gateway, workersOf(gateway).find((pid) => pid !== replaced) ?? 0)
    const { answered, failures } = await load.stop()
    console.log(`kill -9 of a worker: ${answered} answered, failed: ${failures.join(', ') || 'none'}`)
    expect(answered).toBeGreaterThan(100)
    expect(failures.length).toBeLessThanOrEqual(PAUSES.length)
    expect(failures.filter((failure) => !failure.startsWith('ECONNRESET'))).toEqual([])
  })

  it('are replaced on SIGHUP one after another under load, and no request fails', async () => {
    const before = workersOf(gateway)
    const load = startLoad(url, PAUSES)
    await sleep(500)
    send(gateway, 'SIGHUP')
    await gateway.says(/"msg":"all workers are new"/)
    await sleep(500)
    const { answered, failures, slowest } = await load.stop()
    console.log(`SIGHUP: ${answered} answered, ${failures.length} failed, the slowest took ${slowest.toFixed(0)} ms`)
    expect(failures).toEqual([])
    expect(answered).toBeGreaterThan(100)
    expect(workersOf(gateway)).toHaveLength(2)
    expect(workersOf(gateway).filter((pid) => before.includes(pid))).toEqual([])
  })

  it('end on SIGTERM: readiness first, then what is in flight, and no request fails', async () => {
    const kept = new Agent({ keepAlive: true, maxSockets: 1 })
    expect((await ask(`${url}/readyz`, kept, null)).status).toBe(200)
    const inFlight = await startRequest(url)
    const load = startLoad(url, [5, 5, 10, 20, 50, 100])
    await sleep(500)
    const pids = workersOf(gateway)
    send(gateway, 'SIGTERM')
    await sleep(200)
    const ready = await ask(`${url}/readyz`, kept, null)
    expect([ready.status, ready.body, ready.headers['connection']]).toEqual([503, 'draining', 'close'])
    // New connections are still taken, so that nobody is refused who has not read that yet.
    const late = await ask(`${url}/graphql`)
    expect([late.status, late.headers['connection']]).toEqual([200, 'close'])
    await sleep(2500)
    await expect(ask(`${url}/graphql`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    const { answered, failures } = await load.stop()
    console.log(`SIGTERM: ${answered} answered, then ${failures.length} connections refused`)
    expect(failures.filter((failure) => failure !== 'ECONNREFUSED on a new connection')).toEqual([])
    expect(await inFlight.finish()).toMatch(/^HTTP\/1.1 200[^]*connection: close[^]*"__typename":"Query"/i)
    expect(await gateway.ended).toMatchObject({ code: 0, signal: null })
    expect(pids.filter(isAlive)).toEqual([])
    kept.destroy()
  })
})

describe('a service that ends', { timeout: 90_000 }, () => {
  it('does so at once when asked a second time', async () => {
    const { gateway, url } = await startGateway()
    const inFlight = await startRequest(url)
    const pids = workersOf(gateway)
    send(gateway, 'SIGTERM')
    await sleep(1500)
    expect(isAlive(gateway.pid)).toBe(true)
    send(gateway, 'SIGTERM')
    const started = performance.now()
    expect(await gateway.ended).toMatchObject({ code: 1, signal: null })
    expect(performance.now() - started).toBeLessThan(2000)
    expect(pids.filter(isAlive)).toEqual([])
    await inFlight.finish()
  })

  it('with kill -9 of the primary leaves no worker, and what was in flight is answered', async () => {
    const { gateway, url } = await startGateway()
    const inFlight = await startRequest(url)
    const pids = workersOf(gateway)
    send(gateway, 'SIGKILL')
    await sleep(500)
    expect(await inFlight.finish()).toMatch(/^HTTP\/1.1 200/)
    await becomes('all workers are gone', () => !pids.some(isAlive), 5)
    await gateway.ended
  })
})

describe('what a client may spend', { timeout: 90_000 }, () => {
  it('is about the same with two workers as with one', async () => {
    const { gateway, url } = await startGateway({ STRATES_RATE_LIMIT: '600' })
    const started = performance.now()
    const counts = [0, 0]
    const agents = counts.map(() => new Agent({ keepAlive: true, maxSockets: 1 }))
    // Connections are handed out in turn: each client asks a worker of its own.
    for (const agent of agents) await ask(`${url}/livez`, agent, null)
    await Promise.all(
      agents.map(async (agent, i) => {
        while (performance.now() - started < 5000) {
          const { status } = await ask(`${url}/graphql`, agent, JSON.stringify({ query: '{ __typename }' }))
          if (status === 200) counts[i] = (counts[i] ?? 0) + 1
          await sleep(25)
        }
      }),
    )
    for (const agent of agents) agent.destroy()
    const spent = 10 * counts.reduce((sum, count) => sum + count, 0)
    console.log(`600 points a minute, two workers, 5 s: ${spent} points spent, ${counts.join(' and ')} requests`)
    // A minute's points, five seconds', and what two clients ask of the other worker in a quarter of a second.
    expect(spent).toBeGreaterThan(590)
    expect(spent).toBeLessThan(900)
    for (const count of counts) expect(count).toBeGreaterThan(10)
    gateway.send('SIGTERM')
    await gateway.ended
  })
})
