import { StratesClientError } from './error.ts'
import type { Reply } from './send.ts'

/** How a request is tried again. */
export interface RetryOptions {
  /** How often at most, after the first try. */
  readonly retries: number
  /** Milliseconds that are left for the question; what would have to wait longer is not tried again. */
  readonly left: () => number
  /** Waits; rejects when the question is given up. */
  readonly wait: (ms: number) => Promise<void>
  /** A number from 0 to 1, so that many clients do not come back at once. */
  readonly random: () => number
  /** Whether a connection that broke is tried again: the service may have begun to answer. */
  readonly repeatable: boolean
}

/** The service says that it did nothing: too much was asked (429), or it is starting, ending or without an owner (503). */
const PASSING: ReadonlySet<number> = new Set([429, 503])

const FIRST_WAIT_MS = 200

/** Tries, and tries again what failed in passing: after what `Retry-After` says, else after a wait that doubles each time. */
export async function tryAgain(attempt: () => Promise<Reply>, options: RetryOptions): Promise<Reply> {
  const { retries, left, wait, random, repeatable } = options
  for (let tried = 0; ; tried += 1) {
    const result = await attempt().catch((error: unknown) => {
      if (repeatable && isNetworkFailure(error)) return error
      throw error
    })
    const failed = result instanceof StratesClientError
    if (!failed && !PASSING.has(result.status)) return result
    const ms = waitMs(tried, random(), failed ? undefined : result.retryAfter)
    if (tried >= retries || ms >= left()) {
      if (failed) throw result
      return result
    }
    await wait(ms)
  }
}

const isNetworkFailure = (error: unknown): error is StratesClientError =>
  error instanceof StratesClientError && error.code === 'NETWORK_FAILED'

/** Never sooner than told; up to a quarter later. */
function waitMs(tried: number, chance: number, retryAfter: number | undefined): number {
  const least = retryAfter === undefined ? FIRST_WAIT_MS * 2 ** tried : retryAfter * 1000
  return Math.round(least * (1 + chance / 4))
}
