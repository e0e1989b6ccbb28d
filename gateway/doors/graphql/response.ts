import type { StratesError } from '../../../core/observations/error.ts'
import type { Answer } from '../../cache/answers.ts'
import type { Cost } from '../../guard/bill.ts'
import { headersOf, isAnswered, statusOf } from '../../guard/refusal.ts'
import { headerOf, isKnown, methodOf, type AppRequest, type AppResponse } from '../../http/message.ts'

/** The media type by which a client says that it reads errors whatever the status. */
const GRAPHQL_RESPONSE = 'application/graphql-response+json'

/** How long others may hold an answer after it left us, in seconds: so long may they miss a new version of the data. */
export const HELD_SECONDS = 60

/** How an answer came about, for the header `Cache-Status` (RFC 9211). */
export type CacheStatus = 'hit' | 'fwd=miss' | 'fwd=miss; stored' | 'fwd=miss; collapsed' | 'fwd=bypass'

/** What a response with an answer needs to know. */
interface Sending {
  readonly contentType: string
  /** What is left to the client, in points. */
  readonly remaining: number
  /** The clock, in milliseconds since 1970. */
  readonly now: number
  readonly cache: CacheStatus
}

/**
 * A complete answer as RFC 9110 and 9111 have it: 304 to one who has it already. One by GET is the same for every client, so
 * that a cache between us may hold it; one by POST also says what is left to this client.
 */
export function sendAnswer(request: AppRequest, answer: Answer, sending: Sending): AppResponse {
  const { contentType, remaining, now, cache } = sending
  const isShared = methodOf(request) === 'GET'
  const age = Math.max(0, Math.floor((now - answer.madeAt) / 1000))
  const etag = isShared ? answer.etag : `W/${answer.etag}`
  const headers = {
    etag,
    // The age counts from when the answer was made: it is still right for as long as it is given out.
    age: `${age}`,
    'cache-control': isShared ? `public, max-age=${age + HELD_SECONDS}` : 'no-cache',
    'cache-status': `strates; ${cache}`,
    vary: 'accept',
  }
  // Of other methods than GET, the tag only names what comes.
  if (isShared && isKnown(request, answer.etag)) return { status: 304, headers, body: '' }
  const body = isShared
    ? answer.body
    : withRemaining(Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength), remaining)
  return { status: 200, headers: { 'content-type': contentType, ...headers }, body }
}

/** The end of an answer that says what it cost. */
const COST_AT_END = /"cost":\{"requested":[\d.]+,"limit":\d+\}\}\}$/

/** Adds to `extensions.cost`, with which an answer ends, what is left to the client. What was not even read has no cost. */
export function withRemaining(body: Buffer, remaining: number): Buffer {
  if (!COST_AT_END.test(body.subarray(-100).toString('latin1'))) return body
  return Buffer.concat([body.subarray(0, -3), Buffer.from(`,"remaining":${remaining}}}}`)])
}

/** GraphQL over HTTP: to `application/json`, a request that fails as GraphQL is a 200 with errors. */
export function statusFor(
  status: number,
  { headers, body }: { headers: Record<string, string>; body: string },
): number {
  if (status !== 400 || !headers['content-type']?.startsWith('application/json')) return status
  const { errors } = JSON.parse(body) as { errors?: { extensions?: { code?: string } }[] }
  return errors?.every(({ extensions }) => isAnswered(extensions?.code)) ? 200 : status
}

/** The answer to a request that was refused before Apollo Server saw it, by the same rules. */
export function refusal(request: AppRequest, error: StratesError, cost: Cost | undefined): AppResponse {
  const { code, message, extensions } = error
  const strict = headerOf(request, 'accept').includes(GRAPHQL_RESPONSE)
  const status = statusOf(code)
  const type = strict ? { 'content-type': `${GRAPHQL_RESPONSE}; charset=utf-8` } : {}
  return graphqlError(status === 400 && !strict && isAnswered(code) ? 200 : status, code, message, {
    headers: { ...type, ...headersOf(error) },
    extensions,
    cost,
  })
}

/** An error as GraphQL writes it, for a request that no operation was made of. */
export function graphqlError(
  status: number,
  code: string,
  message: string,
  more: { headers?: Record<string, string>; extensions?: object; cost?: Cost | undefined } = {},
): AppResponse {
  const { headers, extensions, cost } = more
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({
      errors: [{ message, extensions: { code, ...extensions } }],
      ...(cost && { extensions: { cost } }),
    }),
  }
}
