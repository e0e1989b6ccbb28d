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
  /** From now on, tells of each call that ends. */
  watch(listener: (end: CallEnd) => void): void
}

/** @param now milliseconds of a clock that only goes forward. */
export function createCalls(now: () => number = () => performance.now()): Calls {
  const listeners: ((end: CallEnd) => void)[] = []

  return {
    watch: (listener) => void listeners.push(listener),
    begin(subgraph, { span, signal }) {
      const startedAt = now()
      const traced = span?.child(`subgraph ${subgraph}`, { 'strates.subgraph': subgraph })
      const end = (outcome: CallOutcome, error?: StratesError) => {
        traced?.end({ 'strates.outcome': outcome }, outcome !== 'ANSWERED')
        const told = { subgraph, outcome, ms: now() - startedAt, ...(error && { error }) }
        for (const listener of listeners) listener(told)
      }
      return {
        traceparent: traced?.traceparent,
        answered: () => end('ANSWERED'),
        failed: (error) => end(signal?.aborted ? 'ABANDONED' : reasonOf(error), error),
      }
    },
  }
}

const reasonOf = ({ facts }: StratesError): OutageReason => (facts.details?.['reason'] ?? 'FAILED') as OutageReason
