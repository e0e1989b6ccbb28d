import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { ApolloServer, HeaderMap } from '@apollo/server'
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { StratesError } from '../../core/observations/error.ts'
import { refusalOf, SIGNATURE_HEADER, SIGNATURE_LIFETIME, type Refusal } from '../../core/signature.ts'
import { HELD_HEADER, NOT_HELD_STATUS, PROBLEM_HEADER, WANTED_HEADER } from '../../core/versions.ts'
import type { SubgraphContext } from './context.ts'
import type { Subgraph } from './subgraph.ts'
import { usePlugin } from './use.ts'

/** The largest call read, in bytes: a list of references is long. */
const CALL_LIMIT = 10_000_000

/** An answer of so many bytes is sent as it is: it fits into one packet. */
const UNCOMPRESSED = 1400

const compress = promisify(gzip)

/** A subgraph over the editions of the data that are held. */
export interface HeldSubgraph {
  /** The editions, the newest first. */
  editions(): readonly string[]
  /** The subgraph over one of them; over the newest where none is named; undefined for one that is not held. */
  find(edition: string | undefined): Subgraph | undefined
}

/** How a subgraph is served. */
export interface ServeOptions {
  /** Address to listen on. */
  readonly host: string
  readonly port: number
  /** The secret shared with the gateway: calls without its signature are refused. Absent: all calls are taken. */
  readonly secret?: string | undefined
  /** The clock, in milliseconds since 1970; default that of the machine. */
  readonly now?: () => number
  /** The same subgraph over each edition of data that changes; default: the one given, over all the data that there is. */
  readonly held?: HeldSubgraph
  /** Why the store cannot be read at the moment; undefined while it can. Default: never. */
  readonly problem?: () => StratesError | undefined
}

/**
 * Serves one subgraph over HTTP, for a gateway in another process.
 * @returns where it answers, and how to stop it.
 * @throws StratesError CONFIGURATION_INVALID when the port is taken or not allowed, or when other machines could call it unsigned.
 */
export async function serveSubgraph(
  subgraph: Subgraph,
  { host, port, secret, now = Date.now, held = onlyEdition(subgraph), problem = () => undefined }: ServeOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  requireSecretBeyondLoopback(host, secret)
  const apollo = new ApolloServer<SubgraphContext>({
    schema: subgraph.schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // A machine reads it: without spaces and line breaks it is half as long.
    stringifyResult: (value) => JSON.stringify(value),
    // No account, no page from a CDN, no traces: nothing is reported anywhere.
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      usePlugin,
    ],
  })
  await apollo.start()
  let isClosing = false
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await listen(server, host, port)
  const { address, family, port: taken } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/`,
    async close() {
      isClosing = true
      await new Promise((resolve) => server.close(resolve).closeIdleConnections())
      await apollo.stop()
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (HEALTH_PATHS.has(request.url ?? '')) return send(response, 200, HEALTHY)
    const body = await readBody(request)
    if (body === undefined)
      return send(response, 413, problemOf('The call is too large', `at most ${CALL_LIMIT} bytes`))
    const refusal = secret === undefined ? undefined : refusalOf({ ...signatureOf(request), body }, secret, now())
    if (refusal !== undefined) return send(response, 401, problemOf(REFUSALS[refusal], 'a call signed by the gateway'))
    const editions = held.editions()
    if (editions.length > 0) response.setHeader(HELD_HEADER, editions.join(', '))
    const trouble = problem()
    if (trouble !== undefined) response.setHeader(PROBLEM_HEADER, trouble.code)
    const wanted = headerOf(request, WANTED_HEADER)
    const asked = held.find(wanted)
    if (asked === undefined)
      return send(
        response,
        NOT_HELD_STATUS,
        problemOf(`The edition ${String(wanted).slice(0, 64)} is not held`, `one of ${editions.join(', ')}`),
      )
    const parsed = request.method === 'POST' ? parseJson(body) : undefined
    if (parsed === null) return send(response, 400, problemOf('The call is not JSON', 'a GraphQL request in JSON'))
    const { search } = new URL(request.url ?? '/', 'http://subgraph')
    const {
      status = 200,
      headers,
      body: answered,
    } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers: headersOf(request), search, body: parsed },
      context: async () => asked.context(),
    })
    if (answered.kind !== 'complete') throw new Error('an answer in parts that nobody asked for')
    const text = Buffer.from(answered.string)
    const isSmaller = text.length > UNCOMPRESSED && String(request.headers['accept-encoding'] ?? '').includes('gzip')
    const sent = isSmaller ? await compress(text, { level: 1 }) : text
    const told = {
      ...Object.fromEntries(headers),
      ...(isSmaller && { 'content-encoding': 'gzip' }),
      'content-length': sent.length,
      // A gateway asks again every second, and would keep the connection for ever.
      ...(isClosing && { connection: 'close' }),
    }
    response.writeHead(status, told).end(sent)
  }
}

/** What supervisors ask, who sign nothing: they learn that it answers, and nothing else. It listens once its data is open. */
const HEALTH_PATHS: ReadonlySet<string> = new Set(['/livez', '/readyz'])
const HEALTHY = JSON.stringify({ status: 'ok' })

const REFUSALS: Readonly<Record<Refusal, string>> = {
  UNSIGNED: 'The call is not signed',
  WRONG_SIGNATURE: 'The signature is wrong',
  EXPIRED: `The signature is more than ${SIGNATURE_LIFETIME} seconds old`,
}

const signatureOf = (request: IncomingMessage) => ({
  signature: headerOf(request, SIGNATURE_HEADER),
  authorization: request.headers.authorization,
})

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return value === undefined ? undefined : String(value)
}

const onlyEdition = (subgraph: Subgraph): HeldSubgraph => ({ editions: () => [], find: () => subgraph })

const headersOf = ({ headers }: IncomingMessage): HeaderMap =>
  new HeaderMap(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )

/** Undefined for a body over the limit. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > CALL_LIMIT) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Null for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function problemOf(title: string, expected: string): string {
  return JSON.stringify({ errors: [{ message: `${title}. Expected: ${expected}.` }] })
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', connection: 'close' }).end(body)
}

const LOOPBACK = /^(localhost|::1|127\.\d+\.\d+\.\d+)$/

function requireSecretBeyondLoopback(host: string, secret: string | undefined): void {
  if (secret !== undefined || LOOPBACK.test(host)) return
  throw new StratesError({
    code: 'CONFIGURATION_INVALID',
    what: 'Other machines could call this subgraph past the gateway and its limits',
    on: `HOST=${host}, without STRATES_SUBGRAPH_SECRET`,
    expected: 'a secret shared with the gateway, or a loopback address',
    remedy: 'Set STRATES_SUBGRAPH_SECRET to the same text here and at the gateway, or unset HOST.',
  })
}

/** Listening fails as an event: told to a person. */
async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (cause) {
    throw new StratesError({
      code: 'CONFIGURATION_INVALID',
      what: `The subgraph cannot listen (${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
      on: `HOST=${host}, port ${port}`,
      expected: 'an address of this machine and a port that is free and allowed',
      remedy: `Stop what listens there, or choose another: --port ${port === 65_535 ? 4001 : port + 1}.`,
      cause,
    })
  }
}
