import type { StratesError } from '../../core/observations/error.ts'
import { DEFAULT_LIMITS } from '../guard/limits.ts'
import { createAccounts } from '../guard/rate.ts'
import type { Log } from '../log.ts'
import type { ReuseFile } from '../metrics/reuse.ts'
import { openPort } from '../port.ts'
import { forkWith } from './fork.ts'
import { createHandover } from './handover.ts'
import type { WorkerReport } from './messages.ts'
import { BEAT_MS } from './watchdog.ts'
import { until } from '../until.ts'
import { createWorkers, UNREADY_MS } from './workers.ts'

/** A service that runs: a port, and the workers that answer there. */
export interface Service {
  readonly url: string
  /** Sentences on what is served. */
  readonly facts: readonly string[]
  /** How each worker fares. */
  reports(): readonly WorkerReport[]
  /** Puts new workers in the place of the old ones, one after another, while it goes on answering. */
  restart(): Promise<void>
  /** Readiness off, then no new connections; settles when what was in flight is finished and all workers are gone. */
  end(): Promise<void>
  /** Ends all workers at once. */
  kill(): Promise<void>
}

/** Options of {@link startService}. */
export interface ServiceOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** How many workers. */
  readonly workers: number
  /** What a worker finds on its command line. */
  readonly given: readonly string[]
  /** Points that one client may spend in a minute; 0 for no limit. */
  readonly rateLimit: number
  /** Where it is written who reuses what. */
  readonly reuse: ReuseFile
  /** Why the newest data published elsewhere is not the store's. */
  readonly problem: () => StratesError | undefined
  readonly log: Log
}

/**
 * Starts the workers, then opens the port and hands them its connections. Nothing is left running when it rejects.
 * @throws StratesError what keeps a worker from starting, or CONFIGURATION_INVALID where the port cannot be opened.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { host, port, workers: count, given, rateLimit, reuse, problem, log } = options
  const handover = createHandover(DEFAULT_LIMITS.connections)
  const accounts = createAccounts({ pointsPerMinute: rateLimit })
  const workers = createWorkers({
    count,
    fork: forkWith(given),
    handover,
    accounts,
    log,
    problem,
    onReuse: (counts) => reuse.merge(counts),
  })
  const beat = setInterval(workers.look, BEAT_MS)
  try {
    const facts = await workers.start()
    const { url, close } = await openPort(host, port, handover.offer)
    return { url, facts, reports: workers.reports, restart: workers.restart, end: () => end(close), kill }
  } catch (error) {
    await kill()
    throw error
  }

  async function end(closePort: () => Promise<void>): Promise<void> {
    await workers.unready()
    await closePort()
    await until(() => handover.waiting() === 0, UNREADY_MS)
    await workers.end()
    await kill()
  }

  async function kill(): Promise<void> {
    clearInterval(beat)
    await workers.kill()
    handover.close()
    await reuse.flush()
  }
}
