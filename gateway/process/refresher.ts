import { constants, setPriority } from 'node:os'
import type { RefreshState, SourceLook } from '../../core/observations/refresh.ts'
import { readRefresh } from '../../core/store/refresh.ts'
import type { Log } from '../log.ts'
import { PUBLISHED_INCOMPLETE, startIngest } from './buildStore.ts'

/** After the start, so that who only tries something asks nobody. */
const FIRST_MS = 60_000
/** One wakes up at least so often, to learn of what others wrote down; and after a look that failed as a program, only then. */
const HOUR_MS = 3_600_000
/** A look that takes longer is ended: an ingest of the whole country takes minutes, its downloads at most an hour. */
const LONGEST_MS = 2 * HOUR_MS
/** How much is kept of what a look wrote before it failed, in characters. */
const MOST_WORDS = 4000

/** How a look ended as a program. */
export interface LookEnd {
  /** Null for one that was ended by a signal. */
  readonly code: number | null
  /** What it wrote to its standard error, the last of it. */
  readonly words: string
}

/** Options of {@link startRefresher}. */
export interface RefresherOptions {
  /** The folder of the store. */
  readonly data: string
  readonly log: Log
  /** Looks at the sources that are due; settles when that is done. Default: the ingest, as a program of its own. */
  readonly look?: () => Promise<LookEnd>
  readonly read?: (data: string) => Promise<RefreshState | undefined>
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Does something in so many milliseconds. */
  readonly later?: (run: () => void, ms: number) => unknown
}

/**
 * Looks for newer files for as long as the process runs: whenever a source is due, one look after another. When that is stands
 * in the store, so that a new start asks nobody again. Workers take what a look publishes as they take any version.
 */
export function startRefresher({
  data,
  log,
  look = runLook,
  read = readRefresh,
  now = Date.now,
  later = (run, ms) => setTimeout(run, ms).unref(),
}: RefresherOptions): void {
  plan(FIRST_MS)

  function plan(ms: number): void {
    later(() => {
      step().catch((err: unknown) => {
        log.error({ err }, 'newer files cannot be looked for: it is tried again in an hour')
        plan(HOUR_MS)
      })
    }, ms)
  }

  async function step(): Promise<void> {
    const wait = waitOf(await read(data))
    if (wait > 0) return plan(Math.min(wait, HOUR_MS))
    const begun = now()
    const { code, words } = await look()
    const hasFailed = code !== 0 && code !== PUBLISHED_INCOMPLETE
    if (hasFailed) log.error({ code, words }, 'a look for newer files failed: another in an hour')
    const state = await read(data)
    for (const one of state?.looks ?? []) if (Date.parse(one.askedAt) >= begun) tell(one)
    plan(hasFailed ? HOUR_MS : Math.min(Math.max(FIRST_MS, waitOf(state)), HOUR_MS))
  }

  /** Nothing for a store at which nobody looked yet. */
  function waitOf(state: RefreshState | undefined): number {
    const times = state?.looks.map(({ nextAt }) => Date.parse(nextAt)) ?? []
    return times.length === 0 ? 0 : Math.max(0, Math.min(...times) - now())
  }

  function tell({ dataset, outcome, problem, failures, nextAt }: SourceLook): void {
    const facts = { dataset, outcome, failures, nextAt, ...(problem && { problem }) }
    if (outcome === 'QUARANTINED') log.error(facts, 'the newest file of a source is refused: the version before serves')
    else if (outcome === 'FAILED') log.warn(facts, 'a source could not be asked')
    else if (outcome === 'PUBLISHED') log.info(facts, 'a source changed: a new version is published')
    else log.debug(facts, 'a source has nothing new')
  }
}

/** Runs the ingest as a program of its own, below the workers in the order of who may use a processor. It ends with this process. */
function runLook(): Promise<LookEnd> {
  const child = startIngest(['--refresh'], ['ignore', 'ignore', 'pipe'])
  const end = () => void child.kill('SIGKILL')
  const overdue = setTimeout(end, LONGEST_MS)
  process.once('exit', end)
  if (child.pid !== undefined) lower(child.pid)
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (words = (words + chunk).slice(-MOST_WORDS)))
  const { promise, resolve, reject } = Promise.withResolvers<LookEnd>()
  child.once('error', reject)
  child.once('close', (code) => resolve({ code, words }))
  return promise.finally(() => {
    clearTimeout(overdue)
    process.off('exit', end)
  })
}

/** A wish, no more: where it is refused, all are equal. */
function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    return
  }
}
