import { StratesClientError } from './error.ts'
import type { QuestionRequest } from './request.ts'

/** What came back, as text. */
export interface Reply {
  readonly status: number
  readonly text: string
  readonly etag: string | undefined
  /** In seconds. */
  readonly retryAfter: number | undefined
  readonly requestId: string | undefined
}

/** What is needed to send. */
export interface SendOptions {
  readonly fetch: typeof fetch
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** GraphQL over HTTP; with the first, a refusal has an HTTP status that says so. */
const ACCEPT = 'application/graphql-response+json, application/json;q=0.9'

/** Sends one request and reads all of what comes. @throws StratesClientError NETWORK_FAILED, and the reason of the signal. */
export async function send(request: QuestionRequest, { fetch, headers, signal }: SendOptions): Promise<Reply> {
  const { method, url, body } = request
  const sent = { accept: ACCEPT, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }
  try {
    const response = await fetch(url, { method, headers: sent, signal, ...(body !== undefined && { body }) })
    return {
      status: response.status,
      text: await response.text(),
      etag: response.headers.get('etag') ?? undefined,
      retryAfter: secondsOf(response.headers.get('retry-after')),
      requestId: response.headers.get('x-request-id') ?? undefined,
    }
  } catch (cause) {
    signal.throwIfAborted()
    throw new StratesClientError({
      code: 'NETWORK_FAILED',
      message: `Strates cannot be reached, or the connection broke: ${new URL(url).origin} (${reasonOf(cause)}). Is it running there?`,
      cause,
    })
  }
}

/** Seconds, or an HTTP date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined
  if (/^\d+$/.test(header)) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000))
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error
  return (cause as { readonly code?: string } | undefined)?.code ?? message
}
