import type { DocumentNode, ExecutionResult } from 'graphql'
import { StratesError } from '../../core/observations/error.ts'

/** One call of the gateway to one subgraph: a step of a query plan. */
export interface SubgraphRequest {
  /** The operation of this step. The same object comes back for the same step of a cached plan. */
  readonly document: DocumentNode
  readonly variables?: Record<string, unknown> | undefined
  readonly operationName?: string | undefined
  /** Id of the client's request, so that the logs of both sides meet. */
  readonly requestId: string
  /** The version of the data that must answer; undefined: any. */
  readonly dataVersion?: string | undefined
  /** The header by which the subgraph carries the trace on; undefined where nothing is traced. */
  readonly traceparent?: string | undefined
  /** Aborted when nobody waits for the answer any longer. */
  readonly signal: AbortSignal
}

/** A way to reach one subgraph. Errors in GraphQL are part of the result; a promise that rejects is an outage. */
export interface SubgraphTransport {
  /**
   * `true` where graphql-js made the answer in this process, so that its shape needs no second check.
   * `false` where it came over a wire from a server that may be wrong.
   */
  readonly trusted: boolean
  /**
   * Asks the subgraph once; answers at once where it is in this process and waits for nothing. Rejects with `SUBGRAPH_UNAVAILABLE`, or anything else, when there is no usable answer; with the
   * reason `OTHER_VERSION` when the subgraph does not hold the version that must answer.
   */
  execute(request: SubgraphRequest): ExecutionResult | Promise<ExecutionResult>
  /** The versions of the data that the subgraph holds, as far as is known, the newest first; empty where it tells none. */
  versions(): readonly string[]
  /** Why the subgraph cannot read its store, the code of an error, as it said last; absent where that is known otherwise. */
  problem?(): string | null
  /** Asks the subgraph which versions it holds; absent where `versions` always knows. Rejects when there is no answer. */
  refresh?(signal: AbortSignal): Promise<void>
  /** Lets go of sockets, after the calls in flight. */
  close(): Promise<void>
}

/** Why a subgraph gave no usable answer, for programs: `extensions.reason`. */
export type OutageReason =
  | 'TIMEOUT'
  | 'UNREACHABLE'
  | 'BAD_ANSWER'
  | 'TOO_LARGE'
  | 'OTHER_VERSION'
  | 'REFUSED'
  | 'RESTING'
  | 'FAILED'

/** What each reason expected, in the sentence that a client reads. */
const EXPECTED: Record<OutageReason, string> = {
  TIMEOUT: 'an answer in time',
  UNREACHABLE: 'a server that accepts connections',
  BAD_ANSWER: 'a GraphQL answer in JSON, of the shape that the supergraph declares',
  TOO_LARGE: 'an answer below the size limit',
  OTHER_VERSION: 'an answer from the version of the data that the other subgraphs answer from',
  REFUSED: 'the same STRATES_SUBGRAPH_SECRET at the gateway and at the subgraph',
  RESTING: 'a subgraph that answers',
  FAILED: 'an answer',
}

/**
 * The error that stands for an owner's missing part: code `SUBGRAPH_UNAVAILABLE`, `extensions.subgraph` and `.reason`.
 * `what` goes on after "The commune subgraph", and never holds an address; the cause is for the log.
 */
export function subgraphUnavailable(facts: {
  subgraph: string
  reason: OutageReason
  what: string
  cause?: unknown
}): StratesError {
  const { subgraph, reason, what, cause } = facts
  return new StratesError({
    code: 'SUBGRAPH_UNAVAILABLE',
    what: `The ${subgraph} subgraph ${what}`,
    on: `owner of this part: ${subgraph}`,
    expected: EXPECTED[reason],
    remedy: 'The rest of this answer stands: ask again for this part in a few seconds.',
    details: { subgraph, reason },
    cause,
  })
}
