import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { print, type DocumentNode, type ExecutionResult } from 'graphql'
import { Pool, type Dispatcher } from 'undici'
import { sign, SIGNATURE_HEADER } from '../../core/signature.ts'
import { HELD_HEADER, NOT_HELD_STATUS, PROBLEM_HEADER, readEditions, WANTED_HEADER } from '../../core/versions.ts'
import { DEFAULT_LIMITS } from '../guard/limits.ts'
import { subgraphUnavailable, type OutageReason, type SubgraphRequest, type SubgraphTransport } from './transport.ts'

/** The largest answer read from a subgraph: 10 MB. */
export const ANSWER_LIMIT = DEFAULT_LIMITS.subgraphBytes

/** The media types of a GraphQL answer. An HTML page of a proxy is not one, whatever its status. */
const GRAPHQL_TYPES = new Set(['application/json', 'application/graphql-response+json'])

/** What undici says when a kept-alive socket was closed under us: the question did not arrive, so it is asked again. */
const STALE_SOCKET = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** What is said of an answer that ends too early, compressed or not. */
const BROKEN_OFF = new Set([...STALE_SOCKET, 'Z_BUF_ERROR', 'Z_DATA_ERROR', 'ERR_STREAM_PREMATURE_CLOSE'])

/** Options of {@link httpTransport}. */
export interface HttpTransportOptions {
  /** The subgraph's name in the supergraph, for the errors. */
  readonly name: string
  /** Where it answers: `http://127.0.0.1:4001`, with a path when it has one. */
  readonly url: string
  /** The largest answer read, in bytes. Default 10 MB. */
  readonly answerLimit?: number
  /** Connections kept to this subgraph. Default 32. */
  readonly connections?: number
  /** What calls are signed with; absent: they are not. */
  readonly secret?: string | undefined
  /** Whether answers may come compressed. Default: from another machine, where the network is slower than the processor. */
  readonly compressed?: boolean
  /** The clock, in milliseconds since 1970; default that of the machine. */
  readonly now?: () => number
}

/**
 * A transport over HTTP: POST in JSON, one pool of connections a subgraph. Gives up when the request's signal does.
 * Rejects with `SUBGRAPH_UNAVAILABLE` for no connection, a status or a content that is no GraphQL answer, an answer
 * over the limit.
 */
export function httpTransport(options: HttpTransportOptions): SubgraphTransport {
  const { name, url, answerLimit = ANSWER_LIMIT, connections = 32, secret, now = Date.now } = options
  const { origin, pathname, search, hostname } = new URL(url)
  const { compressed = !LOOPBACK.test(hostname) } = options
  const pool = new Pool(origin, { connections })
  let told = ''
  let versions: readonly string[] = []
  let problem: string | null = null

  return {
    trusted: false,
    async execute(request) {
      const { document, variables, operationName } = request
      const response = await call(JSON.stringify({ query: printed(document), variables, operationName }), request)
      const text = await readText(response)
      if (response.statusCode === NOT_HELD_STATUS && request.dataVersion !== undefined && versions.length > 0)
        throw unavailable('OTHER_VERSION', `does not hold the data of ${request.dataVersion}`)
      return parseAnswer(response, text)
    },
    versions: () => versions,
    problem: () => problem,
    async refresh(signal) {
      const response = await call('{"query":"{ __typename }"}', { requestId: 'refresh', signal })
      await response.body.dump()
      if (response.statusCode !== 200) throw unavailable('BAD_ANSWER', `answered HTTP ${response.statusCode}`)
    },
    close: () => pool.close(),
  }

  async function call(body: string, request: Call): Promise<Dispatcher.ResponseData> {
    const response = await post(body, request).catch((cause: unknown) => {
      if (request.signal.aborted) throw cause
      throw unavailable('UNREACHABLE', 'cannot be reached', cause)
    })
    note(headerOf(response, HELD_HEADER))
    const code = headerOf(response, PROBLEM_HEADER)
    problem = /^[A-Z_]{1,40}$/.test(code) ? code : null
    return response
  }

  /** The same list as long as the subgraph tells the same. An answer that tells nothing may be that of a proxy. */
  function note(header: string): void {
    if (header === '' || header === told) return
    told = header
    versions = readEditions(header)
  }

  async function post(body: string, request: Call): Promise<Dispatcher.ResponseData> {
    const call: Dispatcher.RequestOptions = {
      method: 'POST',
      path: `${pathname}${search}`,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(compressed && { 'accept-encoding': 'gzip' }),
        'x-request-id': request.requestId,
        ...(request.dataVersion !== undefined && { [WANTED_HEADER]: request.dataVersion }),
        ...(request.traceparent !== undefined && { traceparent: request.traceparent }),
        ...(secret !== undefined && { [SIGNATURE_HEADER]: sign(secret, body, now()) }),
      },
      body,
      signal: request.signal,
    }
    try {
      return await pool.request(call)
    } catch (cause) {
      if (!STALE_SOCKET.has(codeOf(cause))) throw cause
      return await pool.request(call)
    }
  }

  async function readText(response: Dispatcher.ResponseData): Promise<string> {
    const chunks: Buffer[] = []
    let size = 0
    try {
      for await (const chunk of plainBytes(response)) {
        size += chunk.length
        if (size > answerLimit) throw unavailable('TOO_LARGE', `answered over ${answerLimit} bytes`)
        chunks.push(chunk)
      }
    } catch (cause) {
      if (BROKEN_OFF.has(codeOf(cause))) throw unavailable('BAD_ANSWER', 'broke off its answer', cause)
      throw cause
    }
    return Buffer.concat(chunks).toString('utf8')
  }

  function parseAnswer(response: Dispatcher.ResponseData, text: string): ExecutionResult {
    const type = mediaType(response)
    if (REFUSED.has(response.statusCode))
      throw unavailable('REFUSED', `refused the call of this gateway: HTTP ${response.statusCode}`)
    const received = `HTTP ${response.statusCode}, ${type || 'no content type'}`
    if (!GRAPHQL_TYPES.has(type)) throw unavailable('BAD_ANSWER', `answered something that is not JSON: ${received}`)

    const answer = parseJson(text)
    if (answer === undefined) throw unavailable('BAD_ANSWER', `answered JSON that cannot be read: ${received}`)
    if (!isGraphQLAnswer(answer))
      throw unavailable('BAD_ANSWER', `answered JSON that is no GraphQL answer: ${received}`)
    // What stands before a subgraph says in JSON too that it is busy or broken.
    if (answer.data == null && (response.statusCode >= 500 || response.statusCode === 429))
      throw unavailable('BAD_ANSWER', `answered HTTP ${response.statusCode}`)
    return answer
  }

  function unavailable(reason: OutageReason, what: string, cause?: unknown) {
    return subgraphUnavailable({ subgraph: name, reason, what, cause })
  }
}

/** The statuses of a subgraph that does not take our calls: the secret is not the same on both sides. */
const REFUSED: ReadonlySet<number> = new Set([401, 403])

const LOOPBACK = /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/

/** The body as it was before it was compressed, a piece at a time: a small one may stand for a very large one. */
function plainBytes({ headers, body }: Dispatcher.ResponseData): AsyncIterable<Buffer> {
  if (headers['content-encoding'] !== 'gzip') return body
  const plain = createGunzip()
  // What goes wrong on either side ends the reading, and lets go of both.
  return pipeline(body, plain, () => {})
}

/** What is needed of a request to send it. */
type Call = Pick<SubgraphRequest, 'requestId' | 'dataVersion' | 'traceparent' | 'signal'>

/** The text of each document, printed once: the steps of a cached plan keep their document. */
const texts = new WeakMap<DocumentNode, string>()

function printed(document: DocumentNode): string {
  const known = texts.get(document)
  if (known !== undefined) return known
  const text = print(document)
  texts.set(document, text)
  return text
}

function mediaType(response: Dispatcher.ResponseData): string {
  return headerOf(response, 'content-type').split(';')[0]?.trim().toLowerCase() ?? ''
}

/** The first value of a header; empty where it was not sent. */
function headerOf({ headers }: Dispatcher.ResponseData, name: string): string {
  const header = headers[name]
  return (Array.isArray(header) ? header[0] : header) ?? ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isGraphQLAnswer(answer: unknown): answer is ExecutionResult {
  if (!isRecord(answer)) return false
  const { data, errors } = answer
  const errorsAreFine =
    errors === undefined ||
    (Array.isArray(errors) && errors.every((e) => isRecord(e) && typeof e['message'] === 'string'))
  return errorsAreFine && (isRecord(data) || (data == null && Array.isArray(errors) && errors.length > 0))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function codeOf(cause: unknown): string {
  return isRecord(cause) && typeof cause['code'] === 'string' ? cause['code'] : ''
}
