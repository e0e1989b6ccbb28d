import { randomUUID } from 'node:crypto'
import { ApolloServer, HeaderMap, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import type { GraphQLFormattedError } from 'graphql'
import { StratesError } from '../core/observations/error.ts'
import { readCatalog } from './doors/catalog.ts'
import type { Execute } from './doors/execute.ts'
import type { Feeds } from './doors/feeds.ts'
import { sendFile } from './doors/file.ts'
import { readStatus } from './doors/status.ts'
import type { Engine, GatewayContext } from './engine.ts'
import { openBill, requirePoints, type Bill, type Cost } from './guard/bill.ts'
import { guardBody } from './guard/body.ts'
import { chargePlugin } from './guard/charge.ts'
import { createClientNames, type TrustedProxies } from './guard/client.ts'
import { createGuards } from './guard/guards.ts'
import { describeLimits, limitsWith, PRICES, type Limits } from './guard/limits.ts'
import { guardOperationType } from './guard/operationType.ts'
import { createAccounts, unlimited, type Account, type Accounts } from './guard/rate.ts'
import { headersOf, isAnswered, statusOf } from './guard/refusal.ts'
import { guardTime } from './guard/timeout.ts'
import { createLog, type Log } from './log.ts'

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
}

/** The gateway as a function from request to response. */
export interface App {
  /** Answers one request. Never rejects. */
  handle(request: AppRequest): Promise<AppResponse>
  /** Settles when the engine answers; rejects with its error when it cannot start. */
  readonly ready: Promise<void>
  /** Stops the engine, after the queries in flight. */
  close(): Promise<void>
}

/** Options of {@link createApp}. */
export interface AppOptions {
  readonly engine: Engine
  /** What GraphiQL shows a first visitor. */
  readonly defaultQuery?: string
  /** Whole tables as files; absent where the gateway has no store of its own. */
  readonly feeds?: Feeds
  /** Limits other than the default ones of `guard/limits.ts`. */
  readonly limits?: Partial<Limits>
  /** Whose `X-Forwarded-For` is believed. Default: nobody's. */
  readonly trustedProxies?: TrustedProxies
  /** What each client may still spend. Default: accounts of this app alone. */
  readonly accounts?: Accounts
  /** Whether the service is about to end, so that `/readyz` sends nobody here any more. */
  readonly isDraining?: () => boolean
  /** Milliseconds of a clock that only goes forward, for the rate limit. */
  readonly now?: () => number
  /** Plug-ins of Apollo Server, after our own. */
  readonly plugins?: ApolloServerPlugin<GatewayContext>[]
  /** Default: JSON lines of level `info` and above. */
  readonly log?: Log
  /** Makes the id of each request. Default: a random UUID. */
  readonly newRequestId?: () => string
}

/** What a route needs to answer. */
interface Visit {
  readonly request: AppRequest
  readonly url: URL
  readonly requestId: string
  readonly account: Account
}

interface Route {
  /** The path; one that ends with a slash has names under it. */
  readonly path: string
  readonly methods: readonly string[]
  /** What one finds there, for the page of an unknown route. */
  readonly purpose: string
  readonly cors?: true
  /** What a request pays, in points; by default the least. Of `/graphql`, the operation decides. */
  readonly price?: number
  answer(visit: Visit): Promise<AppResponse> | AppResponse
}

/** The media type by which a client says that it reads errors whatever the status. */
const GRAPHQL_RESPONSE = 'application/graphql-response+json'

const SECURITY = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

/** Open data: any page may ask, and read what governs caching and quotas. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'ETag, Accept-Ranges, Content-Range, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id',
}
const PREFLIGHT = {
  ...CORS,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'Content-Type, Accept, If-None-Match, If-Range, Range, X-Request-Id',
  'access-control-max-age': '86400',
}

/**
 * Makes the gateway's app: routes, limits, CORS and GraphQL over HTTP around an engine. It touches no socket; it starts
 * the engine at once, and `/readyz` says 200 from the moment that the engine answers.
 */
export function createApp(options: AppOptions): App {
  const {
    engine,
    feeds,
    defaultQuery = '{ __typename }',
    plugins = [],
    log = createLog(),
    newRequestId = randomUUID,
  } = options
  const limits = limitsWith(options.limits ?? {})
  const accountOf = createAccountOf(limits, options)
  const guard = createGuards(limits)
  const apollo = createApollo(engine, plugins, limits, log)
  const routes = createRoutes()
  let isReady = false
  const ready = start()
  ready.catch((err: unknown) => log.error({ err }, 'the engine cannot start'))

  return { handle, ready, close }

  async function start(): Promise<void> {
    await apollo.start()
    const { body } = await apollo.executeOperation(
      { query: '{ __typename }' },
      { contextValue: { requestId: 'start' } },
    )
    if (body.kind === 'single' && body.singleResult.errors) throw new Error(body.singleResult.errors[0]?.message)
    isReady = true
  }

  async function close(): Promise<void> {
    const started = await ready.then(
      () => true,
      () => false,
    )
    if (started) await apollo.stop()
  }

  async function handle(request: AppRequest): Promise<AppResponse> {
    const requestId = newRequestId()
    const response = await route(request, requestId).catch((err: unknown) => {
      log.error({ requestId, err }, 'internal error')
      return problem(500, 'Internal error', `Something failed here. The log holds it under ${requestId}.`)
    })
    const body = request.method === 'HEAD' ? '' : response.body
    return { ...response, headers: { ...SECURITY, ...response.headers, 'x-request-id': requestId }, body }
  }

  async function route(request: AppRequest, requestId: string): Promise<AppResponse> {
    const url = URL.parse(request.url, 'http://gateway')
    const found = routes.find(
      ({ path }) => path === url?.pathname || (path.endsWith('/') && path !== '/' && url?.pathname.startsWith(path)),
    )
    if (found?.cors && request.method === 'OPTIONS') return { status: 204, headers: PREFLIGHT, body: '' }

    const account = found?.price === 0 ? undefined : accountOf(request)
    const response = await pay(found, account, () => {
      if (!url || !found) return notFound(url?.pathname ?? request.url)
      if (!allows(found, request.method)) return wrongMethod(found)
      return found.answer({ request, url, requestId, account: account ?? unlimited(0) })
    })
    return { ...response, headers: { ...(found?.cors && CORS), ...account?.headers(), ...response.headers } }
  }

  /** Answers where the client can pay. An operation pays for itself. */
  async function pay(
    found: Route | undefined,
    account: Account | undefined,
    answer: () => Promise<AppResponse> | AppResponse,
  ): Promise<AppResponse> {
    try {
      if (account && found?.path !== '/graphql') requirePoints(account, found?.price ?? PRICES.least)
    } catch (error) {
      if (error instanceof StratesError) return tooMany(error)
      throw error
    }
    return await answer()
  }

  function createRoutes(): Route[] {
    const page = renderGraphiQL({ title: 'Strates GraphiQL', endpoint: '/graphql', defaultQuery })
    return [
      { path: '/', methods: ['GET'], purpose: 'this service in a browser', answer: () => redirect('/graphiql') },
      { path: '/graphql', methods: ['GET', 'POST'], purpose: 'the GraphQL API', cors: true, answer: answerGraphQL },
      {
        path: '/graphiql',
        methods: ['GET'],
        purpose: 'a page to write queries in',
        price: PRICES.page,
        answer: () => html(page),
      },
      {
        path: '/v1/catalog.jsonld',
        methods: ['GET'],
        purpose: 'the catalogue of datasets, as DCAT-AP',
        cors: true,
        price: PRICES.page,
        answer: answerCatalog,
      },
      {
        path: '/v1/feeds/',
        methods: ['GET'],
        purpose: 'whole tables as files, and their list',
        cors: true,
        price: PRICES.file,
        answer: answerFeed,
      },
      {
        path: '/v1/limits',
        methods: ['GET'],
        purpose: 'how much one may ask',
        cors: true,
        answer: () => json(describeLimits(limits)),
      },
      {
        path: '/status',
        methods: ['GET'],
        purpose: 'what is held, how fresh it is, what was refused',
        cors: true,
        price: PRICES.page,
        answer: answerStatus,
      },
      {
        path: '/livez',
        methods: ['GET'],
        purpose: '200 while the process runs',
        price: 0,
        answer: () => text(200, 'alive'),
      },
      {
        path: '/readyz',
        methods: ['GET'],
        purpose: '200 once queries are answered',
        price: 0,
        answer: answerReadiness,
      },
    ]
  }

  function answerReadiness(): AppResponse {
    if (options.isDraining?.()) return text(503, 'draining', { 'retry-after': '1' })
    return isReady ? text(200, 'ready') : text(503, 'starting', { 'retry-after': '1' })
  }

  function executorOf(requestId: string): Execute {
    return async (query) => {
      const { body } = await apollo.executeOperation({ query }, { contextValue: { requestId } })
      return body.kind === 'single' ? body.singleResult : {}
    }
  }

  async function answerCatalog({ request, requestId }: Visit): Promise<AppResponse> {
    const catalog = isReady ? await readCatalog(executorOf(requestId), originOf(request)) : undefined
    return catalog === undefined
      ? nationalSilent('The catalogue is not available')
      : { status: 200, headers: { 'content-type': 'application/ld+json; charset=utf-8' }, body: catalog }
  }

  async function answerFeed({ request, url }: Visit): Promise<AppResponse> {
    if (feeds === undefined) {
      const detail =
        'This gateway asks its subgraphs over HTTP and has no store of its own. Ask one that npm start runs.'
      return problem(404, 'No feeds here', detail)
    }
    const name = url.pathname.slice('/v1/feeds/'.length)
    if (name === '')
      return json(feeds.list.map((feed) => ({ ...feed, href: `${originOf(request)}/v1/feeds/${feed.name}` })))
    const file = await feeds.read(name)
    if (file !== undefined) return sendFile(file, request)
    const detail = `There is no feed ${name}. There are ${feeds.list.length}, such as ${feeds.list[0]?.name}: /v1/feeds/ lists them.`
    return problem(404, 'No such feed', detail)
  }

  async function answerStatus({ requestId }: Visit): Promise<AppResponse> {
    const status = isReady ? await readStatus(executorOf(requestId)) : undefined
    return status === undefined
      ? nationalSilent('The state of the datasets is not known')
      : { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: status }
  }

  function nationalSilent(title: string): AppResponse {
    const detail = 'The subgraph national, which owns it, did not answer. Ask again later.'
    return problem(503, title, detail, {}, { 'retry-after': '5' })
  }

  async function answerGraphQL(visit: Visit): Promise<AppResponse> {
    if (!isReady)
      return graphqlError(503, 'SERVICE_STARTING', 'The service is starting. Ask again in a second.', {
        headers: { 'retry-after': '1' },
      })
    let bill: Bill | undefined
    try {
      bill = openBill(visit.account, limits)
      const asked = readAsked(visit)
      bill.prepare(guard(asked))
      return await execute(visit, asked, bill)
    } catch (error) {
      if (!(error instanceof StratesError)) throw error
      bill?.refuse()
      return refusal(visit.request, error, bill?.cost())
    }
  }

  /** What a request asks, of whatever shape. @throws StratesError for a body that is not even read. */
  function readAsked({ request, url }: Visit): unknown {
    if (methodOf(request) === 'GET') return askedByGet(url)
    guardBody(request.body, limits)
    requireJson(request)
    const asked = parseJson(request.body)
    if (asked === undefined) throw notJson()
    return asked
  }

  async function execute({ request, url, requestId }: Visit, asked: unknown, bill: Bill): Promise<AppResponse> {
    const headers = new HeaderMap(
      Object.entries(request.headers).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])),
    )
    const method = methodOf(request)
    const httpGraphQLRequest = { method, headers, search: url.search, body: method === 'POST' ? asked : undefined }
    const answer = await guardTime(limits, (signal) =>
      apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => ({ requestId, bill, signal }) }),
    )
    if (answer.body.kind !== 'complete')
      throw new Error('Apollo Server streamed an answer that nobody asked to be streamed')
    const sent = { headers: Object.fromEntries(answer.headers), body: answer.body.string }
    return { status: statusFor(answer.status ?? 200, sent), ...sent }
  }

  function notFound(path: string): AppResponse {
    const known = routes.map(({ path, methods, purpose }) => ({ path, methods, purpose }))
    const list = known.map(({ path }) => path).join(', ')
    return problem(404, 'Not found', `There is nothing at ${path}. There is something at: ${list}.`, { routes: known })
  }
}

function createApollo(
  engine: Engine,
  plugins: ApolloServerPlugin<GatewayContext>[],
  limits: Limits,
  log: Log,
): ApolloServer<GatewayContext> {
  return new ApolloServer<GatewayContext>({
    gateway: engine,
    introspection: true,
    // There are no mutations to forge, and a CDN asks with a plain GET.
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    validationRules: [guardOperationType],
    validationOptions: { maxErrors: limits.validationErrors },
    stopOnTerminationSignals: false,
    // No account, whatever APOLLO_KEY is in the environment: nothing is reported anywhere.
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      chargePlugin(limits),
      ...plugins,
    ],
    formatError: (formatted, error) => maskUnexpected(formatted, error, log),
    stringifyResult: (value) => JSON.stringify(value),
    logger: { debug: write('debug'), info: write('debug'), warn: write('warn'), error: write('error') },
  })

  function write(level: keyof Log) {
    return (message: unknown) => log[level]({ from: 'apollo' }, String(message))
  }
}

/** The engine masks its own; this is for what breaks around it. */
function maskUnexpected(formatted: GraphQLFormattedError, error: unknown, log: Log): GraphQLFormattedError {
  const { code, requestId } = formatted.extensions ?? {}
  if (code !== 'INTERNAL_SERVER_ERROR' || requestId !== undefined) return formatted
  log.error({ err: error }, 'internal error')
  return { message: 'Internal error', extensions: { code } }
}

function allows({ methods }: Route, method: string): boolean {
  return methods.includes(method === 'HEAD' ? 'GET' : method)
}

function wrongMethod({ path, methods, cors }: Route): AppResponse {
  const allow = cors ? [...methods, 'OPTIONS'] : methods
  return problem(405, 'Method not allowed', `${path} answers ${allow.join(', ')}.`, {}, { allow: allow.join(', ') })
}

const methodOf = ({ method }: AppRequest): string => (method === 'HEAD' ? 'GET' : method)

/** Variables and extensions by GET are JSON in a parameter; what cannot be read is left to Apollo Server to complain about. */
function askedByGet({ searchParams }: URL): unknown {
  const { variables, extensions, ...others } = Object.fromEntries(searchParams)
  return { ...others, variables: parseJson(variables) ?? variables, extensions: parseJson(extensions) ?? extensions }
}

/** HTML forms can send the other types from anywhere. @throws StratesError UNSUPPORTED_MEDIA_TYPE. */
function requireJson({ headers }: AppRequest): void {
  const type = String(headers['content-type'] ?? '')
  const [essence = '', ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '')
  if (essence === 'application/json' && (charset ?? 'utf-8') === 'utf-8') return
  throw new StratesError({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    what: 'The body is of a type that is not read',
    on: `content type "${type.slice(0, 100)}"`,
    expected: 'application/json, in UTF-8',
    remedy: 'Set the header Content-Type, and send {"query": "…"}.',
  })
}

const notJson = () =>
  new StratesError({
    code: 'BAD_REQUEST',
    what: 'The body cannot be read',
    on: 'POST /graphql',
    expected: 'JSON, in UTF-8',
    remedy: 'Send {"query": "…"}.',
  })

/** Undefined for what is not JSON. */
function parseJson(body: string | Uint8Array | undefined): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

/** GraphQL over HTTP: to `application/json`, a request that fails as GraphQL is a 200 with errors. */
function statusFor(status: number, { headers, body }: { headers: Record<string, string>; body: string }): number {
  if (status !== 400 || !headers['content-type']?.startsWith('application/json')) return status
  const { errors } = JSON.parse(body) as { errors?: { extensions?: { code?: string } }[] }
  return errors?.every(({ extensions }) => isAnswered(extensions?.code)) ? 200 : status
}

/** The answer to a request that was refused before Apollo Server saw it, by the same rules. */
function refusal({ headers }: AppRequest, error: StratesError, cost: Cost | undefined): AppResponse {
  const { code, message, extensions } = error
  const strict = String(headers['accept'] ?? '').includes(GRAPHQL_RESPONSE)
  const status = statusOf(code)
  const type = strict ? { 'content-type': `${GRAPHQL_RESPONSE}; charset=utf-8` } : {}
  return graphqlError(status === 400 && !strict && isAnswered(code) ? 200 : status, code, message, {
    headers: { ...type, ...headersOf(error), 'cache-control': 'no-store' },
    extensions,
    cost,
  })
}

function graphqlError(
  status: number,
  code: string,
  message: string,
  more: { headers?: Record<string, string>; extensions?: object; cost?: Cost | undefined } = {},
): AppResponse {
  const { headers, extensions, cost } = more
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify({
      errors: [{ message, extensions: { code, ...extensions } }],
      ...(cost && { extensions: { cost } }),
    }),
  }
}

/** An error outside GraphQL, as RFC 9457 writes it. */
function problem(
  status: number,
  title: string,
  detail: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): AppResponse {
  return {
    status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers },
    body: JSON.stringify({ type: 'about:blank', title, status, detail, ...more }),
  }
}

function tooMany(error: StratesError): AppResponse {
  return problem(
    429,
    'Too many requests',
    error.message,
    { code: error.code },
    { ...headersOf(error), 'cache-control': 'no-store' },
  )
}

/** The account of whoever sent a request. */
function createAccountOf(
  limits: Limits,
  { trustedProxies = 0, now, accounts }: AppOptions,
): (request: AppRequest) => Account {
  const { pointsPerMinute } = limits
  const nameOf = createClientNames(trustedProxies)
  const accountFor = accounts ?? createAccounts({ pointsPerMinute, ...(now && { now }) })
  const free = unlimited(pointsPerMinute)
  return ({ remoteAddress, headers }) => {
    if (remoteAddress === undefined || pointsPerMinute === 0) return free
    return accountFor(nameOf({ remoteAddress, forwardedFor: String(headers['x-forwarded-for'] ?? '') }))
  }
}

/** Where the client found the service; a Host header that is no host falls back to a relative one. */
function originOf({ headers }: AppRequest): string {
  const host = String(headers['host'] ?? '')
  return /^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i.test(host) ? `http://${host}` : ''
}

const json = (value: unknown): AppResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value, null, 1),
})

function redirect(location: string): AppResponse {
  return { status: 302, headers: { location }, body: '' }
}

function html(body: string): AppResponse {
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

function text(status: number, body: string, headers: Record<string, string> = {}): AppResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body,
  }
}
