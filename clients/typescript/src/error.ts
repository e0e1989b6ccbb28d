import type { AnswerError } from './document.ts'

/**
 * Why a question has no answer. `code` is that of the service (`UNKNOWN_TERRITORY`, `RATE_LIMITED`, `COST_TOO_HIGH`…), or one of the client:
 *
 * - `NETWORK_FAILED`: the service was not reached, or the connection broke;
 * - `TIMEOUT`: there was no answer within `timeoutMs`;
 * - `BAD_ANSWER`: what came is not an answer of Strates: is the address right, is there a proxy that answers in its place?
 * - `PARTIAL_ANSWER`: a page of {@link Client.entries} lacks something and its error has no code;
 * - `VERSION_CHANGED`: new data was published while pages were read: read them again from the first.
 */
export class StratesClientError extends Error {
  override readonly name = 'StratesClientError'
  readonly code: string
  /** The HTTP status; undefined where nothing was answered. */
  readonly status: number | undefined
  /** The errors of the answer, the one that this is made of first. */
  readonly errors: readonly AnswerError[]
  /** After how many seconds the service said that it may be asked again. */
  readonly retryAfter: number | undefined
  /** Names the request in the log of the service. */
  readonly requestId: string | undefined

  constructor(facts: ErrorFacts) {
    const { code, message, status, errors = [], retryAfter, requestId, cause } = facts
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = status
    this.errors = errors
    this.retryAfter = retryAfter
    this.requestId = requestId
  }
}

/** What a {@link StratesClientError} says. */
export interface ErrorFacts {
  readonly code: string
  readonly message: string
  readonly status?: number | undefined
  readonly errors?: readonly AnswerError[]
  readonly retryAfter?: number | undefined
  readonly requestId?: string | undefined
  readonly cause?: unknown
}
