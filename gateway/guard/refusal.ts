import { StratesError, type ErrorCode } from '../../core/observations/error.ts'

/** Counts stop here: a document of 1 KB can stand for more selections than there are atoms. */
export const COUNT_END = 1_000_000_000

/** The HTTP status of a refusal; 400 where none is given. */
const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  OPERATION_TIMEOUT: 504,
}

/** Faults in the document or its variables. To a client that asks for `application/json` these are answers, so 200. */
const ANSWERED: ReadonlySet<string> = new Set<ErrorCode | ApolloCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
  'VARIABLES_TOO_LARGE',
  'TEXT_TOO_LONG',
  'TOO_MANY_TOKENS',
  'FRAGMENT_CYCLE',
  'TOO_MANY_SELECTIONS',
  'TOO_DEEP',
  'TOO_MANY_ALIASES',
  'TOO_MANY_ROOT_FIELDS',
  'TOO_MANY_DIRECTIVES',
  'TOO_MANY_REPEATS',
  'COST_TOO_HIGH',
])
type ApolloCode = 'GRAPHQL_PARSE_FAILED' | 'BAD_USER_INPUT' | 'OPERATION_RESOLUTION_FAILURE'

/** The HTTP status that goes with a code. */
export const statusOf = (code: ErrorCode): number => STATUS[code] ?? 400

/** Headers that go with a refusal: when to come back. */
export function headersOf({ extensions: { retryAfter } }: StratesError): Readonly<Record<string, string>> {
  return typeof retryAfter === 'number' ? { 'retry-after': `${retryAfter}` } : {}
}

/** Whether a client that asks for `application/json` gets this refusal as an answer with status 200. */
export const isAnswered = (code: string | undefined): boolean => code !== undefined && ANSWERED.has(code)

/** A limit that was exceeded: code and sentences, with the limit and the value found among the extensions. */
export function overLimit(facts: {
  readonly code: ErrorCode
  /** What there is too much of, as a sentence without its end. */
  readonly what: string
  readonly limit: number
  readonly found: number
  /** In what both are counted, in the plural. */
  readonly unit: string
  readonly remedy: string
}): StratesError {
  const { code, what, limit, found, unit, remedy } = facts
  return new StratesError({
    code,
    what,
    on: `${found}${found === COUNT_END ? ' or more' : ''} ${unit}`,
    expected: `at most ${limit}`,
    remedy,
    details: { limit, found },
  })
}
