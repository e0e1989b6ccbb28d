import { randomUUID } from 'node:crypto'
import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'
import { StratesError } from '../core/observations/error.ts'
import type { RefreshState } from '../core/observations/refresh.ts'
import type { SharedCache } from './cache/shared.ts'
import { answerBoundaries } from './doors/boundaries/door.ts'
import type { Boundaries } from './doors/boundaries/boundaries.ts'
import { readCatalog } from './doors/catalog.ts'
import { createDocsDoor } from './doors/docs/door.ts'
import { explorerRoutes } from './doors/explorer/door.ts'
import { answerFeed } from './doors/feeds/door.ts'
import type { Feeds } from './doors/feeds/feeds.ts'
import { createOperationsDoor } from './doors/operations/door.ts'
import { answerable, readOperations, type Operation } from './doors/operations/operation.ts'
import { createGraphiqlDoor } from './doors/graphiql/door.ts'
import { createGraphQLDoor } from './doors/graphql/door.ts'
import { createMcpDoor } from './doors/mcp/door.ts'
import { answerMetrics, type MetricsAccess } from './doors/metrics.ts'
import { answerStatus, type StatusSources, type SupergraphState } from './doors/status.ts'
import type { Engine, GatewayContext } from './engine.ts'
import { requirePoints } from './guard/bill.ts'
import { createClientNames, type TrustedProxies } from './guard/client.ts'
import { describeLimits, limitsWith, PRICES, type Limits } from './guard/limits.ts'
import { createAccounts, unlimited, type Account, type Accounts } from './guard/rate.ts'
import { headersOf } from './guard/refusal.ts'
import { CORS, PREFLIGHT, SECURITY } from './http/headers.ts'
import { headerOf, type AppRequest, type AppResponse } from './http/message.ts'
import { createOrigins } from './http/origin.ts'
import { json, problem, text } from './http/respond.ts'
import { createLog, type Log } from './log.ts'
import type { MetricsJson } from './metrics/json.ts'
import { reportRefused, type Report } from './report.ts'
import { allows, notFound, routeOf, slipOf, wrongMethod, type Route, type Visit } from './routes.ts'
import type { Tracer } from './tracing/span.ts'
import { VERSION } from './version.ts'
import { createWatch, type OnReuse } from './watch.ts'

export type { AppRequest, AppResponse }

/** The gateway as a function from request to response. */
export interface App {
  /** Answers one request. Never rejects. */
  handle(request: AppRequest): Promise<AppResponse>
  /** Settles when the engine answers; rejects with its error when it cannot start. */
  readonly ready: Promise<void>
  /** The counts of this app, for a process that adds up those of several with `mergeMetrics`. */
  metrics(): Promise<MetricsJson>
  /** Stops the engine, after the queries in flight. */
  close(): Promise<void>
}

/** Options of {@link createApp}. */
export interface AppOptions {
  readonly engine: Engine
  /** What GraphiQL shows a first visitor. */
  readonly defaultQuery?: string
  /** The named documents that are routes, tools and persisted operations. Default: those of the folder `operations/`. */
  readonly operations?: readonly Operation[]
  /** Whole tables of the current data as files; absent where the gateway has no store of its own. */
  readonly feeds?: () => Feeds
  /** The shapes that maps draw; absent where the gateway has no store of its own. */
  readonly boundaries?: () => Boundaries
  /** Limits other than the default ones of `guard/limits.ts`. */
  readonly limits?: Partial<Limits>
  /** The most bytes of answers kept in memory. Default 64 MB; 0 keeps none. */
  readonly cacheBytes?: number
  /** Answers that other gateways can read too. Default: none. */
  readonly shared?: SharedCache | undefined
  /** Whose `X-Forwarded-For`, `-Proto` and `-Host` are believed. Default: nobody's. */
  readonly trustedProxies?: TrustedProxies
  /** The origin at which clients find the service, `https://strates.example.org`: what absolute links begin with. Default: as each request tells. */
  readonly publicUrl?: string | undefined
  /** What each client may still spend. Default: accounts of this app alone. */
  readonly accounts?: Accounts
  /** What keeps the version of the data published last from being served. Default: nothing. */
  readonly problem?: () => StratesError | undefined
  /** Since when the supergraph is served, and what keeps a newer one from being; absent where none is followed. */
  readonly supergraph?: (() => SupergraphState) | undefined
  /** Whether the service is about to end, so that `/readyz` sends nobody here any more. */
  readonly isDraining?: () => boolean
  /** Milliseconds of a clock that only goes forward, for the rate limit. */
  readonly now?: () => number
  /** Milliseconds since 1970, for the age of answers. */
  readonly clock?: () => number
  /** Plug-ins of Apollo Server, after our own. */
  readonly plugins?: ApolloServerPlugin<GatewayContext>[]
  /** Default: JSON lines of level `info` and above. */
  readonly log?: Log
  /** Who may read `/metrics`. Default: callers on this machine. */
  readonly metrics?: MetricsAccess
  /** The text that `/metrics` answers, where it tells of more than this app. Default: its own counts. */
  readonly collectMetrics?: (() => Promise<string>) | undefined
  /** Told of each answer with figures, for the monthly summary of reuse. Default: nobody. */
  readonly onReuse?: OnReuse | undefined
  /** Traces each request. Default: nothing is traced. */
  readonly tracer?: Tracer | undefined
  /** How many processes answer, where it is more than this one. */
  readonly workers?: (() => number) | undefined
  /** What is remembered of looking for newer files. Default: nothing, as where the store is elsewhere. */
  readonly refresh?: (() => Promise<RefreshState | undefined>) | undefined
  /** Makes the id of each request. Default: a random UUID. */
  readonly newRequestId?: () => string
}

/** The part of that which written tables may take beside. */
const WRITTEN_SHARE = 1 / 4

/** What is under `/v1/` beside the operations. */
const OTHER_ROUTES = [
  { path: '/v1/boundaries/', summary: 'Shapes for maps: their list.', mediaType: 'application/json' },
  { path: '/v1/catalog.jsonld', summary: 'The catalogue of datasets, as DCAT-AP.', mediaType: 'application/ld+json' },
  { path: '/v1/feeds/', summary: 'Whole tables as files: their list.', mediaType: 'application/json' },
  { path: '/v1/feeds/versions.atom', summary: 'New versions of the data.', mediaType: 'application/atom+xml' },
  { path: '/v1/limits', summary: 'How much one may ask.', mediaType: 'application/json' },
] as const

/** Bytes of answers kept in memory, unless told otherwise. */
const CACHE_BYTES = 64_000_000

/**
 * Makes the gateway's app: routes, accounts and CORS around its doors. It touches no socket; it starts the engine at once,
 * and `/readyz` says 200 from the moment that the engine answers.
 */
export function createApp(options: AppOptions): App {
  const { engine, feeds, boundaries, plugins = [], log = createLog(), newRequestId = randomUUID } = options
  const { defaultQuery = '{ __typename }', cacheBytes = CACHE_BYTES, shared, clock = Date.now } = options
  const { metrics: access = 'local', collectMetrics, onReuse, tracer, workers } = options
  const { operations = readOperations() } = options
  const limits = limitsWith(options.limits ?? {})
  const accountOf = createAccountOf(limits, options)
  const graphql = createGraphQLDoor({ engine, limits, log, plugins, operations, cacheBytes, shared, now: clock })
  const named = createOperationsDoor({
    operations,
    schema: () => (isReady ? engine.apiSchema : undefined),
    ask: graphql.ask,
    cacheBytes: cacheBytes * WRITTEN_SHARE,
    pointsPerMinute: limits.pointsPerMinute,
    others: OTHER_ROUTES,
    version: VERSION,
  })
  const mcp = createMcpDoor({
    operations,
    schema: () => (isReady ? engine.apiSchema : undefined),
    ask: graphql.ask,
    executorOf: graphql.executorOf,
    feeds,
    limits,
    version: VERSION,
  })
  const graphiql = createGraphiqlDoor({
    operations,
    schema: () => (isReady ? engine.apiSchema : undefined),
    defaultQuery,
  })
  const looks = async () => (await options.refresh?.())?.looks ?? []
  const watch = createWatch({ engine, kept: graphql.kept, looks, log, clock, tracer, onReuse })
  const docs = createDocsDoor()
  const startedAt = clock()
  const originOf = createOrigins({ publicUrl: options.publicUrl, trustedProxies: options.trustedProxies ?? 0 })
  const routes = createRoutes()
  let isReady = false
  let own: { readonly schema: GraphQLSchema; readonly is: boolean } | undefined
  const ready = graphql.start().then(() => void (isReady = true))
  ready.catch((err: unknown) => log.error({ err }, 'the engine cannot start'))

  return { handle, ready, metrics: watch.metrics.json, close }

  async function close(): Promise<void> {
    const started = await ready.then(
      () => true,
      () => false,
    )
    if (started) await graphql.stop()
    await shared?.close()
    await tracer?.close()
  }

  async function handle(request: AppRequest): Promise<AppResponse> {
    const requestId = newRequestId()
    const report = watch.open(request, requestId)
    const response = await route(request, report).catch((err: unknown) => {
      if (report.route === '/graphql') reportRefused(report, 'INTERNAL_SERVER_ERROR')
      log.error({ requestId, err }, 'internal error')
      return problem(500, 'Internal error', `Something failed here. The log holds it under ${requestId}.`)
    })
    watch.close(request, report, response.status)
    const headers = { ...SECURITY, ...response.headers, 'x-request-id': requestId }
    return request.method === 'HEAD' ? { status: response.status, headers, body: '' } : { ...response, headers }
  }

  async function route(request: AppRequest, report: Report): Promise<AppResponse> {
    const recalled = recall(request, report)
    if (recalled) return recalled
    const url = URL.parse(request.url, 'http://gateway')
    const found = (url && slipOf(routes, url.pathname, request.method)) ?? routeOf(routes, url?.pathname)
    if (found) report.route = found.path
    if (found?.cors && request.method === 'OPTIONS') return { status: 204, headers: PREFLIGHT, body: '' }

    const account = found?.price === 0 ? undefined : accountOf(request)
    const response = await pay(found, account, report, () => {
      if (!url || !found) return notFound(routes, request, url)
      if (!allows(found, request.method)) return wrongMethod(found)
      return found.answer({
        request,
        url,
        requestId: report.requestId,
        account: account ?? unlimited(0),
        origin: originOf(request),
        report,
      })
    })
    return { ...response, headers: { ...(found?.cors && CORS), ...account?.headers(), ...response.headers } }
  }

  /** The way of a repeated question: its bytes are known, and nothing of it is read. */
  function recall(request: AppRequest, report: Report): AppResponse | undefined {
    if (!request.url.startsWith('/graphql')) return undefined
    const account = accountOf(request)
    const response = graphql.recall(request, account, report)
    if (response) report.route = '/graphql'
    return response && { ...response, headers: { ...CORS, ...account.headers(), ...response.headers } }
  }

  /** Answers where the client can pay. An operation pays for itself. */
  async function pay(
    found: Route | undefined,
    account: Account | undefined,
    report: Report,
    answer: () => Promise<AppResponse> | AppResponse,
  ): Promise<AppResponse> {
    const price = account && !found?.paysItself ? (found?.price ?? PRICES.least) : 0
    try {
      if (account && price > 0) requirePoints(account, price)
      report.paid = price
      return await answer()
    } catch (error) {
      if (error instanceof StratesError && error.code === 'RATE_LIMITED') return tooMany(error)
      throw error
    }
  }

  /** Whether the schema answers what the pages ask; a foreign supergraph does not. */
  function isOwn(): boolean {
    const { apiSchema } = engine
    if (apiSchema === undefined) return true
    if (own?.schema !== apiSchema) own = { schema: apiSchema, is: answerable(operations, apiSchema).length > 0 }
    return own.is
  }

  function createRoutes(): Route[] {
    return [
      ...explorerRoutes({ price: PRICES.page, isAnswerable: isOwn }),
      {
        path: '/graphql',
        methods: ['GET', 'POST'],
        purpose: 'the GraphQL API',
        cors: true,
        paysItself: true,
        answer: graphql.answer,
      },
      {
        path: '/graphiql',
        methods: ['GET'],
        purpose: 'a page to write queries in',
        price: PRICES.page,
        answer: graphiql.answer,
      },
      {
        path: '/graphiql/',
        methods: ['GET'],
        purpose: 'the files of that page',
        price: PRICES.page,
        answer: graphiql.answer,
      },
      {
        path: '/v1/boundaries/',
        methods: ['GET'],
        purpose: 'shapes of communes, EPCI, départements and régions for maps, and their list',
        cors: true,
        paysItself: true,
        answer: (visit) => answerBoundaries(visit, boundaries?.(), log),
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
        paysItself: true,
        answer: (visit) => answerFeed(visit, feeds?.(), log),
      },
      {
        path: '/v1/limits',
        methods: ['GET'],
        purpose: 'how much one may ask',
        cors: true,
        answer: () => json(describeLimits(limits)),
      },
      {
        path: '/v1/',
        methods: ['GET'],
        purpose: 'named questions, as JSON and as tables, and their list',
        cors: true,
        paysItself: true,
        answer: named.answer,
      },
      {
        path: '/docs/',
        methods: ['GET'],
        purpose: 'the documentation: tutorial, concepts, cookbook, schema',
        price: PRICES.page,
        answer: docs.answer,
      },
      {
        path: '/mcp',
        methods: ['POST'],
        purpose: 'the same questions as tools for assistants, by the Model Context Protocol',
        cors: true,
        paysItself: true,
        answer: mcp.answer,
      },
      {
        path: '/status',
        methods: ['GET'],
        purpose: 'what is held, how fresh it is, who answers, what was refused',
        cors: true,
        price: PRICES.page,
        answer: (visit) => answerStatus(visit.request, visit.url, statusSources(visit)),
      },
      {
        path: '/metrics',
        methods: ['GET'],
        purpose: 'counts for who operates this service',
        price: access === 'public' ? PRICES.page : 0,
        answer: ({ request }) => answerMetrics(request, access, collectMetrics ?? watch.metrics.text),
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

  async function answerCatalog({ origin, requestId }: Visit): Promise<AppResponse> {
    const catalog = isReady ? await readCatalog(graphql.executorOf(requestId), origin, feeds?.().list) : undefined
    return catalog === undefined
      ? nationalSilent('The catalogue is not available')
      : { status: 200, headers: { 'content-type': 'application/ld+json; charset=utf-8' }, body: catalog }
  }

  function statusSources({ requestId }: Visit): StatusSources {
    return {
      execute: isReady ? graphql.executorOf(requestId) : undefined,
      subgraphs: () => engine.subgraphs().map(({ isDown: _, ...told }) => ({ ...told, ...watch.health.of(told.name) })),
      data: graphql.served(),
      problem: options.problem?.(),
      supergraph: options.supergraph?.(),
      looks,
      process: { uptimeSeconds: Math.round((clock() - startedAt) / 1000), ...(workers && { workers: workers() }) },
      now: clock(),
    }
  }
}

function nationalSilent(title: string): AppResponse {
  const detail = 'The subgraph national, which owns it, did not answer. Ask again later.'
  return problem(503, title, detail, {}, { 'retry-after': '5' })
}

function tooMany(error: StratesError): AppResponse {
  const headers = { ...headersOf(error), 'cache-control': 'no-store' }
  return problem(429, 'Too many requests', error.message, { code: error.code }, headers)
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
  return (request) => {
    const { remoteAddress } = request
    if (remoteAddress === undefined || pointsPerMinute === 0) return free
    return accountFor(nameOf({ remoteAddress, forwardedFor: headerOf(request, 'x-forwarded-for') }))
  }
}
