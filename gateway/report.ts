import type { CacheStatus } from './doors/graphql/response.ts'
import type { Notes } from './engine/notes.ts'
import type { Span } from './tracing/span.ts'

/** How the cache took part in an answer. */
export type CacheUse = 'hit' | 'miss' | 'collapsed' | 'bypass'

/**
 * What a request to `/graphql` came to. A complete answer is told by where it came from; `partial` has data and errors, `error` is
 * our own failure, `refused` is all that no answer of the data was made for.
 */
export type Outcome = CacheUse | 'partial' | 'error' | 'refused'

/** What one request came to, written down on its way for those who count, log and trace it. */
export interface Report {
  readonly requestId: string
  /** Milliseconds of a clock that only goes forward. */
  readonly startedAt: number
  /** The trace of the request; absent where nothing is traced. */
  readonly span: Span | undefined
  /** The path of the route; `none` where there is none. */
  route: string
  /** Undefined for anything but an operation. */
  outcome: Outcome | undefined
  cache: CacheUse | undefined
  /** The name of the operation; empty where it has none, or where it was refused before it was known. */
  operation: string
  /** What the operation was estimated to cost, in points; 0 where that was not reached. */
  requested: number
  /** What the request paid, in points. */
  paid: number
  /** Why it was refused, or the first thing that is missing in its answer. */
  code: string | undefined
  /** The datasets that the figures of the answer come from, sorted. */
  datasets: readonly string[]
}

const NO_DATASETS: readonly string[] = []

/** The report of a request that has just come in. */
export const openReport = (requestId: string, startedAt: number, span: Span | undefined): Report => ({
  requestId,
  startedAt,
  span,
  route: 'none',
  outcome: undefined,
  cache: undefined,
  operation: '',
  requested: 0,
  paid: 0,
  code: undefined,
  datasets: NO_DATASETS,
})

/** What an answer from the cache came to. */
export function reportHit(
  report: Report,
  { operation, requested, datasets }: Pick<Notes, 'operation' | 'requested' | 'datasets'>,
): void {
  report.outcome = 'hit'
  report.cache = 'hit'
  report.operation = operation
  report.requested = requested
  report.datasets = datasets
}

/** What an answer that was made came to. */
export function reportMade(report: Report, notes: Notes, cache: CacheStatus): void {
  const { operation, requested, datasets, ended, code } = notes
  report.cache = cacheUseOf(cache)
  report.outcome = ended === 'complete' ? report.cache : ended
  report.operation = operation
  report.requested = requested
  report.datasets = datasets
  report.code = code
}

/** A request that was refused before an operation was made of it, or given up. */
export function reportRefused(report: Report, code: string): void {
  report.outcome = FAILURES.has(code) ? 'error' : 'refused'
  report.code = code
}

/** Codes that tell of a failure of ours, and not of a request that we will not answer. */
export const FAILURES: ReadonlySet<string | undefined> = new Set([
  'INTERNAL_SERVER_ERROR',
  'OPERATION_TIMEOUT',
  'SERVICE_STARTING',
])

function cacheUseOf(cache: CacheStatus): CacheUse {
  if (cache === 'hit') return 'hit'
  if (cache === 'fwd=bypass') return 'bypass'
  return cache === 'fwd=miss; collapsed' ? 'collapsed' : 'miss'
}
