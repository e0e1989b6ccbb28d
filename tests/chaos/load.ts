import { Pool } from 'undici'

/** One question, and what is wrong with an answer to it. */
export interface Question {
  readonly query?: string
  readonly variables?: Readonly<Record<string, unknown>>
  /** The whole body, where it is not made of the two above. */
  readonly body?: string
  /** What is wrong with the answer; undefined where nothing is. */
  check?(answer: Reply): string | undefined
}

/** An answer as it came. */
export interface Reply {
  readonly status: number
  readonly body: any
}

/** What a load found. */
export interface LoadResult {
  readonly requests: number
  /** What went wrong, one sentence a request. */
  readonly failures: readonly string[]
  /** Milliseconds below which a part of the answers came; 0.99 for p99. */
  percentile(part: number): number
}

/** Options of {@link load}. */
export interface LoadOptions {
  readonly url: string
  readonly next: (number: number) => Question
  readonly connections: number
  /** Ends the load, after the requests under way. */
  readonly until: Promise<unknown>
  /** The most requests a second over all connections; default: as many as are answered. */
  readonly perSecond?: number
}

/** Asks a gateway over kept-alive connections, one question after the other on each, and never asks again what failed. */
export async function load({ url, next, connections, until, perSecond = Infinity }: LoadOptions): Promise<LoadResult> {
  const pool = new Pool(new URL(url).origin, { connections, pipelining: 1 })
  const failures: string[] = []
  const times: number[] = []
  let over = false
  void until.finally(() => (over = true))
  let asked = 0
  const begun = performance.now()

  async function lane(): Promise<void> {
    while (!over) {
      const number = asked++
      const due = begun + (number / perSecond) * 1000
      const wait = due - performance.now()
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
      if (over) return
      const question = next(number)
      const from = performance.now()
      const failure = await askOnce(pool, question).catch((error: unknown) => `no answer: ${String(error)}`)
      times.push(performance.now() - from)
      if (failure !== undefined) failures.push(failure)
    }
  }

  await Promise.all(Array.from({ length: connections }, lane))
  await pool.close()
  const sorted = Float64Array.from(times).sort()
  return {
    requests: times.length,
    failures,
    percentile: (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN,
  }
}

async function askOnce(pool: Pool, { query, variables, body: given, check }: Question): Promise<string | undefined> {
  const response = await pool.request({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json' },
    body: given ?? JSON.stringify({ query, variables }),
  })
  const body = await response.body.json().catch((error: unknown) => String(error))
  const { statusCode: status } = response
  if (status >= 500) return `HTTP ${status}`
  return check?.({ status, body })
}

/** So many milliseconds. */
export const during = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
