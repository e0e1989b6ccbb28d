import { StratesError, type ErrorCode } from '../../../core/observations/error.ts'
import { headersOf, statusOf } from '../../guard/refusal.ts'
import type { AppResponse } from '../../http/message.ts'
import { problem } from '../../http/respond.ts'
import type { AnswerError } from './rows.ts'

/** HTTP statuses of codes, where they are not those of a refusal; 400 for all others. */
const STATUS: Readonly<Record<string, number>> = {
  UNKNOWN_TERRITORY: 404,
  UNKNOWN_SCHOOL: 404,
  UNKNOWN_MEASURE: 404,
  UNKNOWN_DATASET: 404,
  NOT_APPLICABLE: 404,
  NOT_ACCEPTABLE: 406,
  UNSUPPORTED_FORMAT: 404,
  SUBGRAPH_UNAVAILABLE: 503,
  DATABASE_UNREACHABLE: 503,
  DATABASE_LAYOUT: 503,
  STORE_CORRUPT: 503,
  SERVICE_STARTING: 503,
  TOO_BUSY: 503,
  INTERNAL_SERVER_ERROR: 500,
}

/** What the first error of an answer says, in the words of RFC 9457. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  404: 'Not found',
  406: 'Not acceptable',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
  504: 'Too slow',
}

/** A problem that a StratesError is. */
export function problemOf(error: StratesError): AppResponse {
  const { code, message, extensions } = error
  const status = STATUS[code] ?? statusOf(code)
  const headers = { ...(status === 503 && { 'retry-after': '5' }), ...headersOf(error), 'cache-control': 'no-store' }
  return problem(status, TITLES[status] ?? 'Bad request', message, extensions, headers)
}

/** An error of an answer of GraphQL, as the one family of errors: what a door throws where nothing was answered. */
export function strated({ message, extensions = {} }: AnswerError): StratesError {
  const { code = 'BAD_REQUEST', on = '', expected = '', remedy = '', ...details } = extensions
  const error = new StratesError({
    code: String(code) as ErrorCode,
    what: message,
    on: String(on),
    expected: String(expected),
    remedy: String(remedy),
    details,
  })
  // Its sentences are complete already: they were made by the owner that answered.
  error.message = message
  return error
}
