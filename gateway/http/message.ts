/** A request, off any socket. */
export interface AppRequest {
  readonly method: string
  /** Path and query string, as in the request line. */
  readonly url: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Read up to a byte over the limit `bodyBytes` at least, so that the app can refuse it. */
  readonly body?: string | Uint8Array
  /** The address at the other end of the socket; absent for a caller in this process, who pays nothing. */
  readonly remoteAddress?: string
}

/** A response, off any socket. Header names are in lower case. */
export interface AppResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** What is sent in the place of `body`, where it is too much to hold. */
  readonly stream?: BodyStream
}

/** A body that is sent as fast as the client takes it; nothing of it is read before, nor after the client has gone. */
export interface BodyStream {
  /** Its size, where it is known before. */
  readonly bytes?: number
  readonly pieces: AsyncIterable<Uint8Array>
}

/** A request of HEAD is answered as one of GET, without its body. */
export const methodOf = ({ method }: AppRequest): string => (method === 'HEAD' ? 'GET' : method)

/** A header as one text; empty where it was not sent. */
export const headerOf = ({ headers }: Pick<AppRequest, 'headers'>, name: string): string => String(headers[name] ?? '')

/** Whether `If-None-Match` names a tag: the client has what it stands for. Compared weakly, as RFC 9110 has it. */
export function isKnown(request: Pick<AppRequest, 'headers'>, etag: string): boolean {
  const known = headerOf(request, 'if-none-match')
  // Most requests have none.
  if (known === '') return false
  return known.trim() === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
