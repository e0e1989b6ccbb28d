import { StratesError } from '../../core/observations/error.ts'
import type { Accounts } from '../guard/rate.ts'
import type { Log } from '../log.ts'
import type { MetricsJson } from '../metrics/json.ts'
import type { ReuseCount } from '../metrics/reuse.ts'
import { createBackoff } from './backoff.ts'
import { createCollection } from './collect.ts'
import type { Fork, WorkerProcess } from './fork.ts'
import type { Handover, Taker } from './handover.ts'
import type { FromWorker, ToWorker, WorkerReport } from './messages.ts'
import { createWatchdog, SILENT_MS, START_MS } from './watchdog.ts'

/** The workers of a service. */
export interface Workers {
  /**
   * Starts them all, and settles with what the first of them serves once each answers. Rejects with the error of the first
   * that cannot start.
   */
  start(): Promise<readonly string[]>
  /** How each that answers fares. */
  reports(): readonly WorkerReport[]
  /** To be called every second: ends workers that are stuck, and tells all how the others fare. */
  look(): void
  /** Starts a new worker, then lets an old one finish and end, for one after another. Rejects when a new one cannot start. */
  restart(): Promise<void>
  /** Readiness off, for a second; or not even that where nobody is connected. */
  unready(): Promise<void>
  /** Lets all finish and end. */
  end(): Promise<void>
  /** Ends all at once. */
  kill(): Promise<void>
}

/** Options of {@link createWorkers}. */
export interface WorkersOptions {
  readonly count: number
  readonly fork: Fork
  /** Who gets a connection next. */
  readonly handover: Handover
  /** What clients spent in all workers: a new one is told of it. */
  readonly accounts: Pick<Accounts, 'takeFromOthers' | 'outstanding'>
  readonly log: Log
  /** Why the newest data published elsewhere is not the store's; all workers are told. Default: it is. */
  readonly problem?: (() => StratesError | undefined) | undefined
  /** Told who reused what in any of them. Default: nobody. */
  readonly onReuse?: ((counts: readonly ReuseCount[]) => void) | undefined
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number
  /** Does something in so many milliseconds. */
  readonly later?: (run: () => void, ms: number) => void
}

/** How long the service says that it ends before it takes no more connections, in milliseconds. */
export const UNREADY_MS = 1000
/** When a worker that was to finish is ended anyway, in milliseconds: it cuts what is left after 10 seconds by itself. */
const PATIENCE_MS = 12_000

interface Worker extends Taker {
  readonly process: WorkerProcess
  readonly ready: PromiseWithResolvers<readonly string[]>
  readonly idle: PromiseWithResolvers<void>
  readonly gone: PromiseWithResolvers<void>
  report?: WorkerReport
  /** Why it cannot start, as it said itself. */
  error?: Error
  /** It is one more than `count`, to take the place of another: when it dies, none takes its own. */
  isSpare: boolean
  /** It was told to finish. */
  isLeaving: boolean
}

/** Makes the workers of a service: starts them, and another for each that dies or is stuck. */
export function createWorkers(options: WorkersOptions): Workers {
  const { count, fork, handover, accounts, log, now = () => performance.now(), later = setTimeout } = options
  const { onReuse, problem = () => undefined } = options
  const workers = new Set<Worker>()
  const watchdog = createWatchdog<Worker>(now)
  const delayAfterDeath = createBackoff(now)
  const collection = createCollection(later)
  let supergraph: string | undefined
  let isUp = false
  let isEnding = false
  let isRestarting = false

  return { start, reports, look, restart, unready, end, kill }

  async function start(): Promise<readonly string[]> {
    const facts = await Promise.all(Array.from({ length: count }, () => hire().ready.promise))
    isUp = true
    return facts[0] ?? []
  }

  function reports(): readonly WorkerReport[] {
    return [...workers].flatMap(({ report }) => report ?? [])
  }

  function look(): void {
    for (const worker of watchdog.silent()) {
      log.error({ worker: worker.process.pid }, 'a worker is stuck: it gave no sign of life, and is killed')
      worker.process.kill()
    }
    const facts = problem()?.facts
    const told = facts && { problem: { ...facts, cause: undefined } }
    tell([...workers], { kind: 'workers', workers: reports(), ...told })
  }

  async function restart(): Promise<void> {
    if (isRestarting || isEnding) return
    isRestarting = true
    try {
      const olds = [...workers]
      for (const old of olds) if (!isEnding) await renew(old)
      if (!isEnding) log.info({ workers: count }, 'all workers are new')
    } catch (error) {
      if (!isEnding) throw error
    } finally {
      isRestarting = false
    }
  }

  async function unready(): Promise<void> {
    isEnding = true
    tell([...workers], { kind: 'unready' })
    const overdue = new Promise<void>((resolve) => later(resolve, UNREADY_MS))
    await Promise.race([overdue, Promise.all([...workers].map(({ idle }) => idle.promise))])
  }

  async function end(): Promise<void> {
    isEnding = true
    await Promise.all([...workers].map(finish))
  }

  async function kill(): Promise<void> {
    isEnding = true
    for (const { process } of workers) process.kill()
    await Promise.all([...workers].map(({ gone }) => gone.promise))
  }

  async function renew(old: Worker): Promise<void> {
    const fresh = hire({ isSpare: true })
    await fresh.ready.promise
    fresh.isSpare = false
    // Where the old one died meanwhile, another has its place already.
    await finish(workers.has(old) ? old : fresh)
  }

  function hire({ isSpare = false } = {}): Worker {
    const worker: Worker = {
      process: fork({ message: (said) => hear(worker, said), end: (how) => lose(worker, how) }),
      ready: Promise.withResolvers(),
      idle: Promise.withResolvers(),
      gone: Promise.withResolvers(),
      isSpare,
      isLeaving: false,
      take: (socket) => worker.process.send({ kind: 'connection' }, socket),
    }
    // Whoever waits for it hears of its failure; nobody has to.
    worker.ready.promise.catch(() => {})
    workers.add(worker)
    watchdog.watch(worker, START_MS)
    tell([worker], { kind: 'begin', ...(supergraph !== undefined && { supergraph }) })
    return worker
  }

  function hear(worker: Worker, said: FromWorker): void {
    watchdog.heard(worker)
    switch (said.kind) {
      case 'ready':
        worker.report = said.report
        return welcome(worker, said.facts)
      case 'failed':
        worker.error = said.facts ? new StratesError(said.facts) : Object.assign(new Error(), { stack: said.stack })
        return
      case 'heartbeat':
        if (worker.report) worker.report = said.report
        return
      case 'took':
        return handover.took(worker)
      case 'idle':
        return worker.idle.resolve()
      case 'spent':
        accounts.takeFromOthers(said.spending)
        return tell(
          [...workers].filter((other) => other !== worker),
          said,
        )
      case 'reused':
        return onReuse?.(said.counts)
      case 'supergraph':
        supergraph = said.sdl
        return
      case 'collect':
        return collect(worker, said.id)
      case 'counted':
        return collection.add(said.id, said.metrics)
    }
  }

  /** Asks all that answer for their counts, for one of them. */
  function collect(asker: Worker, askedId: number): void {
    const answering = [...workers].filter(({ report }) => report !== undefined)
    const done = (all: readonly MetricsJson[]) => tell([asker], { kind: 'collected', id: askedId, all })
    tell(answering, { kind: 'count', id: collection.begin(answering.length, done) })
  }

  function welcome(worker: Worker, facts: readonly string[]): void {
    watchdog.watch(worker, SILENT_MS)
    tell([worker], { kind: 'spent', spending: accounts.outstanding() })
    if (!worker.isLeaving) handover.join(worker)
    if (isUp) log.info({ worker: worker.process.pid }, 'a new worker answers')
    worker.ready.resolve(facts)
  }

  function lose(worker: Worker, how: string): void {
    if (!workers.delete(worker)) return
    watchdog.forget(worker)
    handover.lose(worker)
    worker.ready.reject(worker.error ?? died(worker, how))
    worker.idle.resolve()
    worker.gone.resolve()
    if (!isUp || isEnding || worker.isSpare || worker.isLeaving) return
    const delay = delayAfterDeath()
    const facts = { worker: worker.process.pid, how, delay, ...(worker.error && { err: worker.error }) }
    log.error(facts, delay === 0 ? 'a worker died: another starts' : 'workers keep dying: another starts after a while')
    later(() => isEnding || hire(), delay)
  }

  /** Lets a worker finish what is in flight; settles when it is gone. */
  async function finish(worker: Worker): Promise<void> {
    worker.isLeaving = true
    handover.retire(worker)
    tell([worker], { kind: 'drain' })
    later(() => workers.has(worker) && worker.process.kill(), PATIENCE_MS)
    await worker.gone.promise
  }
}

function tell(workers: readonly Worker[], message: ToWorker): void {
  for (const { process } of workers) process.send(message)
}

function died({ process }: Worker, how: string): StratesError {
  return new StratesError({
    code: 'WORKER_DIED',
    what: 'A worker died before it answered',
    on: `process ${process.pid}, ended with ${how}`,
    expected: 'a process that opens the store and answers',
    remedy: 'What it wrote above may say why. SIGKILL: too little memory, perhaps; try --workers 1.',
  })
}
