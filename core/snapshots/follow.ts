import { StratesError } from '../observations/error.ts'
import { holdsVersion, pullSnapshot, type PullOptions } from './pull.ts'
import type { Remote } from './remote.ts'
import { unreachable } from './snapshot.ts'

/** A store that takes what is published elsewhere. */
export interface Follower {
  /** Settles when there is a version to serve. */
  readonly ready: Promise<void>
  /** Why the newest snapshot is not the current version; undefined while it is. */
  problem(): StratesError | undefined
  /** Asks no more; settles when what was under way has ended. */
  close(): Promise<void>
}

/** Options of {@link followSnapshots}. */
export interface FollowOptions {
  /** How often to ask, in milliseconds. */
  readonly everyMs: number
  /** Told of what happens on the way. */
  readonly report?: (event: FollowEvent) => void
  /**
   * Whether a folder that has a version is ready only after the newest was asked for once, as where rows of older versions are not kept.
   * Default false.
   */
  readonly asksFirst?: boolean
  /** As {@link PullOptions}. */
  readonly wants?: PullOptions['wants']
  readonly write?: PullOptions['write'] | undefined
  /** Does something in so many milliseconds. Returns how to drop it. */
  readonly later?: (run: () => void, ms: number) => () => void
  readonly random?: () => number
}

/** What happens to a follower. */
export type FollowEvent =
  | { readonly kind: 'TOOK'; readonly snapshot: string }
  | { readonly kind: 'REFUSED'; readonly error: StratesError }
  /** The newest is held, after it could not be taken. */
  | { readonly kind: 'RECOVERED' }

/** After a failure it is soon tried again, then ever later, in milliseconds. */
const RETRY_MS = { first: 2000, longest: 60_000 }

/**
 * Follows the snapshots of a remote into a folder, until it is closed. A folder that has a version is ready at once: who has no
 * network serves what there was. One without waits for the first.
 */
export function followSnapshots(
  data: string,
  remote: Remote,
  {
    everyMs,
    report = () => {},
    asksFirst = false,
    wants = () => true,
    write,
    later = laterByClock,
    random = Math.random,
  }: FollowOptions,
): Follower {
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  let tag: string | undefined
  let problem: StratesError | undefined
  let failures = 0
  let isClosed = false
  let drop = () => {}
  let isFirst = true
  let turn = begin()

  return {
    ready,
    problem: () => problem,
    async close() {
      isClosed = true
      drop()
      await turn
    },
  }

  async function begin(): Promise<void> {
    const isReady = await holdsVersion(data)
    if (isReady && !asksFirst) resolve()
    await take()
    if (isReady) resolve()
  }

  async function take(): Promise<void> {
    try {
      const pulled = await pullSnapshot(data, remote, { tag, verify: isFirst, wants, ...(write && { write }) })
      tag = pulled.tag
      isFirst = false
      if (pulled.applied !== undefined) report({ kind: 'TOOK', snapshot: pulled.applied })
      if (problem !== undefined) report({ kind: 'RECOVERED' })
      problem = undefined
      failures = 0
      resolve()
    } catch (error) {
      refuse(asProblem(error, remote))
    }
    if (isClosed) return
    const wait = failures === 0 ? everyMs : Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** (failures - 1))
    // Replicas that were started together do not all ask at the same moment.
    drop = later(() => (turn = take()), wait * (0.9 + random() * 0.2))
  }

  /** The same problem is told once. What is held goes on being served. */
  function refuse(error: StratesError): void {
    failures += 1
    // What was asked for under this tag was not taken: it is not to be skipped as unchanged.
    tag = undefined
    if (problem?.message !== error.message) report({ kind: 'REFUSED', error })
    problem = error
  }
}

/** Whatever it is, it is tried again. */
const asProblem = (error: unknown, { address }: Remote): StratesError =>
  error instanceof StratesError
    ? error
    : unreachable(`The snapshots cannot be taken (${String(error)})`, address, 'a snapshot', error)

function laterByClock(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
