import { readFile } from 'node:fs/promises'
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql'
import { sign, SIGNATURE_HEADER } from '../../core/signature.ts'
import { apiSchemaOf } from '../engine.ts'
import { unreadable } from './operationsInUse.ts'

/** Where a schema may be read. */
export interface Reading {
  /** Asks over HTTP. Default: that of the platform. */
  readonly fetch?: typeof fetch
  /** The clock, in milliseconds since 1970; default that of the machine. */
  readonly now?: () => number
}

/** How long an answer may take, in milliseconds, and how large it may be, in characters. */
const MOST = { ms: 10_000, characters: 10_000_000 } as const

/** The files of schemas that a web server serves: any other address is asked as a GraphQL service. */
const FILE = /\.(?:graphqls?|gql|sdl|txt)$/

const EXPECTED_FILE = 'a supergraph, or the schema that clients see, in the GraphQL schema language'

/**
 * The schema that clients see now. `place` is a file with a supergraph or an API schema; the http(s) address of such a file
 * (`….graphql`); or that of a running service, which is asked for its schema.
 * @throws StratesError INVALID_OPTION when it cannot be read, or is no schema.
 */
export async function readServed(place: string, { fetch: ask = fetch }: Reading = {}): Promise<GraphQLSchema> {
  const url = addressOf(place)
  if (url !== undefined && !FILE.test(url.pathname)) return await introspected(url, ask)
  const text = url === undefined ? await readText(place) : await fetchText(url, {}, ask)
  try {
    return /\benum\s+join__Graph\b/.test(text) ? apiSchemaOf(text) : buildSchema(text)
  } catch (cause) {
    throw unreadable('The schema served now cannot be read', place, EXPECTED_FILE, cause)
  }
}

/**
 * The schema of one subgraph: a file, the address of one (`….graphql`), or that of a running subgraph, which is asked in a signed call.
 * @throws StratesError INVALID_OPTION when it cannot be read.
 */
export async function readSubgraph(
  place: string,
  secret: string | undefined,
  { fetch: ask = fetch, now = Date.now }: Reading = {},
): Promise<string> {
  const url = addressOf(place)
  if (url === undefined) return await readText(place)
  if (FILE.test(url.pathname)) return await fetchText(url, {}, ask)
  const query = '{ _service { sdl } }'
  const answer = await askGraphQL<{ readonly _service?: { readonly sdl?: unknown } }>(url, query, ask, (body) =>
    secret === undefined ? {} : { [SIGNATURE_HEADER]: sign(secret, body, now()) },
  )
  const sdl = answer._service?.sdl
  if (typeof sdl === 'string' && sdl !== '') return sdl
  throw unreadable('The subgraph does not say its schema', url.href, `an answer to ${query}`)
}

async function introspected(url: URL, ask: typeof fetch): Promise<GraphQLSchema> {
  const service = url.pathname === '/' ? new URL('/graphql', url) : url
  const query = getIntrospectionQuery({ inputValueDeprecation: true, descriptions: false })
  const answer = await askGraphQL<IntrospectionQuery>(service, query, ask)
  try {
    return buildClientSchema(answer)
  } catch (cause) {
    throw unreadable('The service does not say its schema', service.href, 'an answer to the introspection query', cause)
  }
}

async function askGraphQL<Data>(
  url: URL,
  query: string,
  ask: typeof fetch,
  headersFor: (body: string) => Record<string, string> = () => ({}),
): Promise<Data> {
  const body = JSON.stringify({ query })
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...headersFor(body) }
  const text = await fetchText(url, { method: 'POST', body, headers }, ask)
  const { data, errors } = parsed(text) as { readonly data?: Data | null; readonly errors?: { message: string }[] }
  if (data) return data
  const says = errors?.[0]?.message
  throw unreadable(`The service gives no data${says === undefined ? '' : `: ${says}`}`, url.href, 'a GraphQL answer')
}

function parsed(text: string): object {
  try {
    return (JSON.parse(text) as object | null) ?? {}
  } catch {
    return {}
  }
}

/** Where a redirection leads was not asked for, so none is followed. */
async function fetchText(url: URL, init: RequestInit, ask: typeof fetch): Promise<string> {
  let response: Response
  let text: string
  try {
    response = await ask(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(MOST.ms) })
    text = await response.text()
  } catch (cause) {
    throw unreadable('It cannot be read', url.href, `an answer within ${MOST.ms / 1000} s`, causeOf(cause))
  }
  if (response.status === 401 || response.status === 403)
    throw unreadable(
      `It answered HTTP ${response.status}`,
      url.href,
      'the same STRATES_SUBGRAPH_SECRET here and at the subgraph',
    )
  if (!response.ok) throw unreadable(`It answered HTTP ${response.status}`, url.href, 'HTTP 200, without a redirection')
  if (text.length > MOST.characters)
    throw unreadable('It is too large', url.href, `at most ${MOST.characters} characters`)
  return text
}

/** What fetch says of the network stands in the cause of its error. */
const causeOf = (error: unknown): unknown => (error as Error).cause ?? error

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unreadable('It cannot be read', path, 'a file, or an http:// or https:// address', cause)
  })
}

/** Undefined for a file. @throws StratesError INVALID_OPTION for an address of another kind. */
function addressOf(place: string): URL | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) return undefined
  const url = URL.parse(place)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw unreadable('This is no address that is read', place, 'a file, or an http:// or https:// address')
}
