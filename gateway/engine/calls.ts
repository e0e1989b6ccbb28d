import type { StratesError } from '../../core/observations/error.ts'
import type { Span } from '../tracing/span.ts'
import type { OutageReason } from '../transport/transport.ts'

/** How a call of a subgraph ended. `ABANDONED`: nobody waited for it any longer, which says nothing about the subgraph. */
export type CallOutcome = 'ANSWERED' | 'ABANDONED' | OutageReason

/** One call of a subgraph, once it has ended. */
export interface CallEnd {
  readonly subgraph: string
  readonly outcome: CallOutcome
  readonly ms: number
  /** What the client is told of an outage; absent for an answer. */
  readonly error?: StratesError
  /** The gateway asked it of itself, whether the subgraph is there: no client waited for it. */
  readonly isLook?: true
}

/** One call of a subgraph, while it is under way. */
export interface Call {
  /** For the subgraph to carry the trace on; undefined where nothing is traced. */
  readonly traceparent: string | undefined
  answered(): void
  failed(error: StratesError): void
}

/** Calls of subgraphs, for those who want to know of them. */
export interface Calls {
  begin(subgraph: string, asked: { readonly span?: Span | undefined; readonly signal?: AbortSignal | undefined }): Call
  /** Tells of a look at a subgraph that ended, with an error where it did not answer. */
  looked(subgraph: string, ms: number, error: StratesError | undefined): void
  /** From now on, tells of each call that ends. */
  watch(listener: (end: CallEnd) => void): void
}

/** @param now milliseconds of a clock that only goes forward. */
export function createCalls(now: () => number = () => performance.now()): Calls {
  const listeners: ((end: CallEnd) => void)[] = []

  return {
    watch: (listener) => void listeners.push(listener),
    looked(subgraph, ms, error) {
      const outcome = error === undefined ? 'ANSWERED' : reasonOf(error)
      tell({ subgraph, outcome, ms, isLook: true, ...(error && { error }) })
    },
    begin(subgraph, { span, signal }) {
      const startedAt = now()
      const traced = span?.child(`subgraph ${subgraph}`, { 'strates.subgraph': subgraph })
      const end = (outcome: CallOutcome, error?: StratesError) => {
        traced?.end({ 'strates.outcome': outcome }, outcome !== 'ANSWERED')
        tell({ subgraph, outcome, ms: now() - startedAt, ...(error && { error }) })
      }
      return {
        traceparent: traced?.traceparent,
        answered: () => end('ANSWERED'),
        failed: (error) => end(signal?.aborted ? 'ABANDONED' : reasonOf(error), error),
      }
    },
  }

  function tell(end: CallEnd): void {
    for (const listener of listeners) listener(end)
  }
}

const reasonOf = ({ facts }: StratesError): OutageReason => (facts.details?.['reason'] ?? 'FAILED') as OutageReason
