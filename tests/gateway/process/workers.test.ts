import { describe, expect, it } from 'vitest'
import { SILENT } from '../../../gateway/log.ts'
import { createAccounts } from '../../../gateway/guard/rate.ts'
import type { WorkerEvents } from '../../../gateway/process/fork.ts'
import { createHandover } from '../../../gateway/process/handover.ts'
import type { ToWorker } from '../../../gateway/process/messages.ts'
import { createWorkers } from '../../../gateway/process/workers.ts'
import { clock } from './clock.ts'

/** A worker that does what a test says. */
interface Fake extends WorkerEvents {
  readonly pid: number
  readonly heard: ToWorker[]
  killed: boolean
  ready(): void
}

/** Workers that are no processes. One that is killed, or told to drain, ends. */
function fakeWorkers(count: number) {
  const { now, later, pass } = clock()
  const fakes: Fake[] = []
  const said: string[] = []
  const accounts = createAccounts({ pointsPerMinute: 600, now })
  const log = { ...SILENT, error: (_: unknown, message?: string) => void said.push(String(message)) }
  const workers = createWorkers({
    count,
    handover: createHandover(10),
    accounts,
    log,
    now,
    later,
    fork(events) {
      const pid = fakes.length + 1
      const fake: Fake = {
        ...events,
        pid,
        heard: [],
        killed: false,
        ready: () => events.message({ kind: 'ready', facts: [`worker ${pid}`], report: reportOf(pid) }),
      }
      fakes.push(fake)
      return {
        pid,
        send(message) {
          fake.heard.push(message)
          if (message.kind === 'drain') events.end('code 0')
        },
        kill() {
          fake.killed = true
          events.end('SIGKILL')
        },
      }
    },
  })
  const fake = (pid: number): Fake => fakes[pid - 1] as Fake
  const pids = () => workers.reports().map(({ pid }) => pid)
  return { workers, fakes, fake, pids, said, pass }
}

const reportOf = (pid: number) => ({ pid, memoryMb: 100 + pid, connections: 0 })
/** Lets what waits for promises go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

async function started(count: number) {
  const all = fakeWorkers(count)
  const start = all.workers.start()
  for (const { ready } of all.fakes) ready()
  await start
  return all
}

describe('the workers of a service', () => {
  it('are started once each is ready, and say how they fare', async () => {
    const { workers, fakes, fake, pids } = fakeWorkers(2)
    const start = workers.start()
    fake(2).ready()
    expect(await Promise.race([start, turn()])).toBeUndefined()
    fake(1).ready()
    expect(await start).toEqual(['worker 1'])
    expect([fakes.length, pids()]).toEqual([2, [1, 2]])
    fake(1).message({ kind: 'heartbeat', report: { pid: 1, memoryMb: 300, connections: 7 } })
    workers.look()
    expect(fake(2).heard.at(-1)).toEqual({
      kind: 'workers',
      workers: [{ pid: 1, memoryMb: 300, connections: 7 }, reportOf(2)],
    })
  })

  it('do not start where one says why it cannot, or dies of itself', async () => {
    const told = fakeWorkers(2)
    const start = told.workers.start()
    const facts = { code: 'STORE_CORRUPT', what: 'a', on: 'b', expected: 'c', remedy: 'd' } as const
    told.fake(1).message({ kind: 'failed', facts, stack: '' })
    told.fake(1).end('code 1')
    await expect(start).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: 'a (b). Expected: c. d' })
    await told.workers.kill()
    expect(told.fakes.map(({ killed }) => killed)).toEqual([false, true])

    const dead = fakeWorkers(1)
    const lost = dead.workers.start()
    dead.fake(1).end('SIGKILL')
    await expect(lost).rejects.toMatchObject({ code: 'WORKER_DIED', message: expect.stringContaining('SIGKILL') })
    expect(dead.fakes).toHaveLength(1)
  })

  it('that die are replaced at once, and after a while when they keep dying', async () => {
    const { fakes, fake, said, pass } = await started(1)
    for (let pid = 1; pid <= 4; pid++) fake(pid).end('SIGSEGV')
    expect(fakes).toHaveLength(5)
    fake(5).end('SIGSEGV')
    expect(fakes).toHaveLength(5)
    pass(1000)
    expect(fakes).toHaveLength(6)
    expect(said).toEqual([
      ...Array.from({ length: 4 }, () => 'a worker died: another starts'),
      'workers keep dying: another starts after a while',
    ])
  })

  it('that are stuck are killed and replaced', async () => {
    const { workers, fakes, fake, pass } = await started(2)
    for (let second = 1; second <= 8; second++) {
      pass(1000)
      fake(1).message({ kind: 'heartbeat', report: reportOf(1) })
      workers.look()
    }
    expect(fakes.map(({ killed }) => killed)).toEqual([false, true, false])
  })

  it('tell each other what clients spent, and one that comes later too', async () => {
    const { fakes, fake } = await started(2)
    const spending = [['192.0.2.1', 100]] as const
    fake(1).message({ kind: 'spent', spending })
    const heard = (pid: number) => fake(pid).heard.filter(({ kind }) => kind === 'spent')
    expect(heard(1).slice(1)).toEqual([])
    expect(heard(2).slice(1)).toEqual([{ kind: 'spent', spending }])
    fake(2).end('SIGKILL')
    fakes.at(-1)?.ready()
    expect(heard(3)).toEqual([{ kind: 'spent', spending }])
  })
})

describe('a restart, one after another', () => {
  it('lets an old worker go only once a new one answers', async () => {
    const { workers, fakes, fake, pids } = await started(2)
    const restart = workers.restart()
    await turn()
    expect([fakes.length, pids()]).toEqual([3, [1, 2]])
    fake(3).ready()
    await turn()
    expect([fakes.length, pids()]).toEqual([4, [2, 3]])
    void workers.restart()
    fake(4).ready()
    await restart
    expect([fakes.length, pids()]).toEqual([4, [3, 4]])
  })

  it('ends where a new one cannot start: the old ones go on', async () => {
    const { workers, fakes, fake, pids } = await started(2)
    const restart = workers.restart()
    fake(3).end('code 1')
    await expect(restart).rejects.toMatchObject({ code: 'WORKER_DIED' })
    expect([fakes.length, pids()]).toEqual([3, [1, 2]])
  })

  it('is given up where the service ends meanwhile', async () => {
    const { workers, fakes, pids } = await started(2)
    const restart = workers.restart()
    const end = workers.unready().then(workers.end)
    for (const { message } of fakes) message({ kind: 'idle' })
    await Promise.all([restart, end])
    expect([fakes.length, pids()]).toEqual([3, []])
  })

  it('leaves no worker too many where an old one dies meanwhile', async () => {
    const { workers, fakes, fake, pids } = await started(1)
    const restart = workers.restart()
    fake(1).end('SIGKILL')
    expect(fakes).toHaveLength(3)
    for (const pid of [3, 2]) fake(pid).ready()
    await restart
    expect(pids()).toEqual([3])
  })
})

describe('the end', () => {
  it('is told first, for a second at most, and no worker is replaced any more', async () => {
    const { workers, fakes, fake, pass, pids } = await started(2)
    const unready = workers.unready()
    expect(fakes.map(({ heard }) => heard.at(-1)?.kind)).toEqual(['unready', 'unready'])
    fake(1).message({ kind: 'idle' })
    expect(await Promise.race([unready.then(() => 'over'), turn()])).toBeUndefined()
    pass(1000)
    await unready
    await workers.end()
    expect([fakes.length, pids()]).toEqual([2, []])
  })

  it('need not be told where nobody is connected', async () => {
    const { workers, fakes } = await started(2)
    const unready = workers.unready()
    for (const { message } of fakes) message({ kind: 'idle' })
    await unready
  })
})
