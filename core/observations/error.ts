/**
 * The one family of errors that Strates shows to people. Each tells four things: what failed, on what, what was
 * expected, what to do. The code is stable and may be matched by programs; the sentences may improve.
 */
export type ErrorCode =
  // what the caller wrote
  | 'INVALID_CODE'
  | 'UNKNOWN_TERRITORY'
  | 'TERRITORY_DIVIDED'
  | 'INVALID_YEAR'
  | 'INVALID_DATE'
  | 'UNSUPPORTED_GEOGRAPHY'
  | 'INVALID_PAGE'
  | 'UNKNOWN_MEASURE'
  | 'UNKNOWN_DATASET'
  | 'INVALID_VERSION'
  | 'UNSUPPORTED_BREAKDOWN'
  | 'UNSUPPORTED_TIER'
  | 'INVALID_FILTER'
  | 'INVALID_ORDER'
  | 'LIST_TOO_LONG'
  | 'UNKNOWN_SCHOOL'
  | 'INVALID_POSITION'
  | 'INVALID_OPTION'
  | 'NOT_ACCEPTABLE'
  | 'UNSUPPORTED_FORMAT'
  | 'EMPTY_TEXT'
  // requests that are not read, and limits of the gateway that they exceed
  | 'BAD_REQUEST'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'BODY_TOO_LARGE'
  | 'BATCHING_REFUSED'
  | 'VARIABLES_TOO_LARGE'
  | 'TEXT_TOO_LONG'
  | 'TOO_MANY_TOKENS'
  | 'FRAGMENT_CYCLE'
  | 'TOO_MANY_SELECTIONS'
  | 'TOO_DEEP'
  | 'TOO_MANY_ALIASES'
  | 'TOO_MANY_ROOT_FIELDS'
  | 'TOO_MANY_DIRECTIVES'
  | 'TOO_MANY_REPEATS'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'COST_TOO_HIGH'
  | 'RATE_LIMITED'
  | 'OPERATION_TIMEOUT'
  | 'TOO_BUSY'
  // facts that leave a field without an answer
  | 'NOT_APPLICABLE'
  | 'LISTED_BY_PARTS'
  // what the sources sent
  | 'FOLDER_NOT_FOUND'
  | 'NO_SOURCE_FILE'
  | 'SOURCE_UNREADABLE'
  | 'SOURCE_UNREACHABLE'
  | 'CONTRACT_BROKEN'
  | 'CHECK_FAILED'
  | 'DESCRIPTOR_INVALID'
  // the store and the servers
  | 'STORE_MISSING'
  | 'STORE_CORRUPT'
  | 'STORE_BUSY'
  | 'SNAPSHOT_UNREACHABLE'
  | 'SNAPSHOT_CORRUPT'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_LAYOUT'
  | 'SUBGRAPH_UNAVAILABLE'
  | 'COMPOSITION_FAILED'
  | 'CONFIGURATION_INVALID'
  | 'WORKER_DIED'

/** What an error says, field by field. */
export interface ErrorFacts {
  /** Stable code, for programs. */
  readonly code: ErrorCode
  /** What failed, in one clause: `The column "total" is missing`. */
  readonly what: string
  /** On what it failed: dataset, file, line, code, argument. */
  readonly on: string
  /** What was expected instead. */
  readonly expected: string
  /** What the reader can do about it. */
  readonly remedy: string
  /** Further machine-readable facts, shown under `extensions` in GraphQL. */
  readonly details?: Readonly<Record<string, unknown>>
  /** The error underneath, for the log; never shown to clients. */
  readonly cause?: unknown
}

/** An error meant to be read by the person who can mend it. */
export class StratesError extends Error {
  readonly code: ErrorCode
  readonly facts: ErrorFacts
  /** What graphql-js copies into the `extensions` of the error that a client receives. */
  readonly extensions: Record<string, unknown>

  constructor(facts: ErrorFacts) {
    const { code, what, on, expected, remedy, details, cause } = facts
    super(`${what} (${on}). Expected: ${expected}. ${remedy}`, cause === undefined ? undefined : { cause })
    this.name = 'StratesError'
    this.code = code
    this.facts = facts
    this.extensions = { code, on, expected, remedy, ...details }
  }
}
