import { createHash } from 'node:crypto'
import { HeaderMap, type ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { printSchema, type GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import { StratesError } from '../../../core/observations/error.ts'
import { answerOf, createAnswers, type Answer, type Answers } from '../../cache/answers.ts'
import { createFlights } from '../../cache/flights.ts'
import { createPersistedQueries } from '../../cache/persisted.ts'
import { keyOf } from '../../cache/question.ts'
import { createKnownRequests } from '../../cache/requests.ts'
import type { SharedCache } from '../../cache/shared.ts'
import type { Engine, GatewayContext } from '../../engine.ts'
import { openNotes, type Notes } from '../../engine/notes.ts'
import { openBill, type Bill } from '../../guard/bill.ts'
import { createGuards } from '../../guard/guards.ts'
import { PRICES, type Limits } from '../../guard/limits.ts'
import type { Account } from '../../guard/rate.ts'
import { guardTime } from '../../guard/timeout.ts'
import { headerOf, methodOf, type AppRequest, type AppResponse } from '../../http/message.ts'
import type { Log } from '../../log.ts'
import { reportHit, reportMade, reportRefused, type Report } from '../../report.ts'
import type { Visit } from '../../routes.ts'
import type { Execute } from '../execute.ts'
import type { Operation } from '../operations/operation.ts'
import { createApollo } from './apollo.ts'
import { readAsked, type Asked } from './request.ts'
import { graphqlError, refusal, sendAnswer, statusFor, withRemaining, type CacheStatus } from './response.ts'

/** GraphQL over HTTP: the main door. */
export interface GraphQLDoor {
  /** Starts the engine; rejects with its error when it cannot. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Answers a request to `/graphql`. */
  answer(visit: Visit): Promise<AppResponse>
  /**
   * Answers an operation that another door made of a request to its own address, as one by GET with nothing but JSON accepted: for the
   * same price, from the same cache.
   */
  ask(visit: Visit, asked: Asked): Promise<AppResponse>
  /**
   * Answers a request of which the very bytes were answered before, without reading it; undefined for any other, and for a
   * client that has not even the least price left.
   */
  recall(request: AppRequest, account: Account, report: Report): AppResponse | undefined
  /** Runs a document for another door of ours, which pays nothing. */
  executorOf(requestId: string): Execute
  /** What the cache takes of the memory of this process. */
  readonly kept: Pick<Answers, 'bytes' | 'entries'>
  /** The version of the data that answers now, and since when. */
  served(): Served
}

/** What is served. */
export interface Served {
  /** Undefined where subgraphs tell none. */
  readonly version: string | undefined
  /** Milliseconds since 1970. */
  readonly since: number
}

/** Options of {@link createGraphQLDoor}. */
export interface GraphQLDoorOptions {
  readonly engine: Engine
  readonly limits: Limits
  readonly log: Log
  /** Plug-ins of Apollo Server, after our own. */
  readonly plugins: ApolloServerPlugin<GatewayContext>[]
  /** Documents that may be named by their hash from the first request on. */
  readonly operations: readonly Pick<Operation, 'hash' | 'text'>[]
  /** The most bytes of answers kept in memory; 0 keeps none. */
  readonly cacheBytes: number
  /** What other processes can read too. */
  readonly shared: SharedCache | undefined
  /** The clock, in milliseconds since 1970. */
  readonly now: () => number
}

/** What was made of a request: its answer in bytes, or one that is not kept. */
interface Made {
  readonly answer: Answer | undefined
  readonly response: Response
  readonly notes: Notes
}

/** What Apollo Server answered, with the status that GraphQL over HTTP asks for. */
interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** In which form and language this door answers: there is one of each. */
const FORM = { format: 'graphql', language: 'en' } as const

/**
 * Makes the door: guards, bill, cache, and Apollo Server with the engine behind it. A complete answer is kept as bytes, for one
 * version of the data; who asks the same while it is being made waits for it. Partial answers and errors are never kept.
 */
export function createGraphQLDoor(options: GraphQLDoorOptions): GraphQLDoor {
  const { engine, limits, log, plugins, operations, cacheBytes, shared, now } = options
  const guard = createGuards(limits)
  const persistedQueries = createPersistedQueries({ shared, known: operations })
  const apollo: ApolloServer<GatewayContext> = createApollo({ engine, persistedQueries, limits, log, plugins })
  const answers = createAnswers({ bytes: cacheBytes, shared: cacheBytes > 0 ? shared : undefined })
  const requests = createKnownRequests()
  const contentTypes = new LRUCache<string, string>({ max: MOST_ACCEPTS })
  const board = createFlights<Made>()
  let schema: KnownSchema = { apiSchema: undefined, hash: '' }
  let serving: Served = { version: undefined, since: now() }
  let isReady = false

  return { start, stop, answer, ask, recall, executorOf, kept: answers, served }

  async function start(): Promise<void> {
    await apollo.start()
    const { body } = await apollo.executeOperation(
      { query: '{ __typename }' },
      { contextValue: { requestId: 'start' } },
    )
    if (body.kind === 'single' && body.singleResult.errors) throw new Error(body.singleResult.errors[0]?.message)
    schemaNow()
    served()
    isReady = true
  }

  async function stop(): Promise<void> {
    await apollo.stop()
  }

  /** What was never seen was never answered from: it is looked at before each answer that is made. */
  function served(): Served {
    const version = engine.pin()
    if (version !== serving.version) serving = { version, since: now() }
    return serving
  }

  /** The schema that clients see now: what was answered by another is never given again. */
  function schemaNow(): KnownSchema {
    const { apiSchema } = engine
    if (apiSchema !== schema.apiSchema) schema = { apiSchema, hash: apiSchema ? hashOf(printSchema(apiSchema)) : '' }
    return schema
  }

  function executorOf(requestId: string): Execute {
    return async (query) => {
      const { body } = await apollo.executeOperation(
        { query },
        { contextValue: { requestId, dataVersion: engine.pin() } },
      )
      return body.kind === 'single' ? body.singleResult : {}
    }
  }

  function recall(request: AppRequest, account: Account, report: Report): AppResponse | undefined {
    const known = requests.find(request)
    if (known === undefined || known.schema !== schemaNow() || known.dataVersion !== engine.pin()) return undefined
    const kept = answers.find(known.key)
    if (kept === undefined || !account.take(PRICES.least)) return undefined
    report.paid = PRICES.least
    reportHit(report, kept.facts)
    return send({ request, account }, kept, known.contentType, 'hit')
  }

  async function answer(visit: Visit): Promise<AppResponse> {
    return await answerTo(visit, () => readAsked(visit.request, visit.url, limits))
  }

  async function ask(visit: Visit, asked: Asked): Promise<AppResponse> {
    const { remoteAddress } = visit.request
    const request: AppRequest = {
      method: 'GET',
      url: visit.request.url,
      headers: ASKED_INSIDE,
      ...(remoteAddress !== undefined && { remoteAddress }),
    }
    return await answerTo({ ...visit, request }, () => asked, 'inside')
  }

  async function answerTo(visit: Visit, read: () => unknown, from: From = 'outside'): Promise<AppResponse> {
    if (!isReady) {
      reportRefused(visit.report, 'SERVICE_STARTING')
      return graphqlError(503, 'SERVICE_STARTING', 'The service is starting. Ask again in a second.', {
        headers: { 'retry-after': '1' },
      })
    }
    const { request, account, report } = visit
    let bill: Bill | undefined
    try {
      bill = openBill(account, limits)
      const asked = await readDocument(read())
      bill.prepare(guard(asked))
      return await answerAsked(visit, asked as Asked, bill, from)
    } catch (error) {
      if (!(error instanceof StratesError)) throw error
      bill?.refuse()
      reportRefused(report, error.code)
      return refusal(request, error, bill?.cost())
    } finally {
      report.paid = bill?.paid() ?? 0
    }
  }

  /** A document that is only named by its hash is asked as its text; what is not known, Apollo Server complains about. */
  async function readDocument(asked: unknown): Promise<unknown> {
    const { extensions, ...others } = (asked ?? {}) as Asked
    const { version, sha256Hash: hash } = persistedIn(extensions) ?? {}
    // Of other kinds than the first, Apollo Server says that there are none.
    const isNamed = others.query === undefined && version === 1
    const text = isNamed && typeof hash === 'string' ? await persistedQueries.textOf(hash) : undefined
    return text === undefined ? asked : { ...others, query: text }
  }

  async function answerAsked(visit: Visit, asked: Asked, bill: Bill, from: From): Promise<AppResponse> {
    const { request } = visit
    const { version: dataVersion } = served()
    const asOf = schemaNow()
    const key = questionKey(asked, asOf, dataVersion)
    const run = () => make({ visit, asked, bill, dataVersion, schema: asOf, key, from })
    if (key === undefined || dataVersion === undefined) return sendMade(visit, await run(), 'fwd=bypass')

    const accept = headerOf(request, 'accept')
    const contentType = contentTypes.get(accept)
    const kept = contentType === undefined ? undefined : (answers.find(key) ?? (await answers.fetch(key)))
    if (kept !== undefined && contentType !== undefined) {
      if (from === 'outside') requests.remember(request, { key, dataVersion, schema: asOf, contentType })
      reportHit(visit.report, kept.facts)
      return send(visit, kept, contentType, 'hit')
    }
    const { result, joined } = board(`${key} ${accept}`, run)
    const made = await result
    if (!joined) return sendMade(visit, made, made.answer ? 'fwd=miss; stored' : 'fwd=miss')
    // What was refused to another, or asked wrongly, says nothing about this client.
    return made.notes.executed ? sendMade(visit, made, 'fwd=miss; collapsed') : sendMade(visit, await run(), 'fwd=miss')
  }

  /**
   * Undefined for what is no question that can be kept, nor answered to two at once: malformed, a document that is still to be
   * registered, or one that may change something.
   */
  function questionKey(asked: Asked, { hash }: KnownSchema, dataVersion: string | undefined): string | undefined {
    const { query: document, operationName = null, variables, extensions } = asked
    if (cacheBytes === 0 || dataVersion === undefined || persistedIn(extensions)?.sha256Hash !== undefined)
      return undefined
    if (typeof document !== 'string' || (operationName !== null && typeof operationName !== 'string')) return undefined
    if (!isMap(variables) || !isMap(extensions) || MAY_CHANGE.test(document)) return undefined
    return keyOf({ document, operationName, variables, schema: hash, dataVersion, ...FORM })
  }

  async function make({ visit, asked, bill, dataVersion, schema: asOf, key, from }: Making): Promise<Made> {
    const { request, url, requestId, report } = visit
    const notes = openNotes()
    const span = report.span?.child('execution')
    const method = from === 'inside' ? 'POST' : methodOf(request)
    const httpGraphQLRequest = {
      method,
      headers: headerMapOf(request),
      search: url.search,
      body: method === 'POST' ? asked : undefined,
    }
    const answered = await guardTime(limits, (signal) =>
      apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest,
        context: async () => ({ requestId, bill, signal, notes, dataVersion, span }),
      }),
    ).finally(() => span?.end())
    if (answered.body.kind !== 'complete')
      throw new Error('Apollo Server streamed an answer that nobody asked to be streamed')
    // What was malformed or refused took time too; what was executed is paid for.
    bill.refuse()
    const sent = { headers: Object.fromEntries(answered.headers), body: answered.body.string }
    const response = { status: statusFor(answered.status ?? 200, sent), ...sent }
    // Where another schema came meanwhile, nobody knows by which of the two it was answered.
    const isKept = key !== undefined && asOf === schemaNow()
    return { notes, response, answer: isKept ? keep(request, key, response, notes, dataVersion) : undefined }
  }

  /** Keeps a complete answer of the version that it was asked of; undefined for any other. */
  function keep(
    request: AppRequest,
    key: string,
    { status, headers, body }: Response,
    notes: Notes,
    dataVersion: string | undefined,
  ): Answer | undefined {
    const { ended, volatile, operation, requested, datasets } = notes
    if (status !== 200 || ended !== 'complete' || volatile || notes.dataVersion !== dataVersion) return undefined
    const made = answerOf(Buffer.from(body), now(), { operation, requested, datasets })
    answers.keep(key, made)
    contentTypes.set(headerOf(request, 'accept'), headers['content-type'] ?? '')
    return made
  }

  function sendMade(visit: Visit, { answer, response, notes }: Made, cache: CacheStatus): AppResponse {
    reportMade(visit.report, notes, cache)
    if (answer) return send(visit, answer, response.headers['content-type'] ?? '', cache)
    const { status, headers, body } = response
    const told = { ...headers, 'cache-control': 'no-store', 'cache-status': `strates; ${cache}` }
    return { status, headers: told, body: withRemaining(Buffer.from(body), visit.account.remaining()) }
  }

  function send(
    { request, account }: Pick<Visit, 'request' | 'account'>,
    kept: Answer,
    contentType: string,
    cache: CacheStatus,
  ) {
    return sendAnswer(request, kept, { contentType, cache, remaining: account.remaining(), now: now() })
  }
}

/** A schema that clients see, or saw. */
interface KnownSchema {
  readonly apiSchema: GraphQLSchema | undefined
  /** Of its text. */
  readonly hash: string
}

/** What is needed to make an answer. */
interface Making {
  readonly visit: Visit
  readonly asked: Asked
  readonly bill: Bill
  /** The version of the data to ask; undefined where subgraphs tell none. */
  readonly dataVersion: string | undefined
  /** The schema when the question came in. */
  readonly schema: KnownSchema
  /** Under which it is kept; undefined where it is not. */
  readonly key: string | undefined
  readonly from: From
}

/** Whether a client wrote the operation, or one of our doors. */
type From = 'outside' | 'inside'

/** The headers of an operation that one of our doors asks. */
const ASKED_INSIDE = { accept: 'application/json', 'content-type': 'application/json' } as const

/** The most values of `Accept` of which the media type of the answer is remembered. */
const MOST_ACCEPTS = 200

const headerMapOf = ({ headers }: AppRequest): HeaderMap =>
  new HeaderMap(Object.entries(headers).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])))

/** No operation but a query does without one of these words. A query that has one, as a field, is just not kept. */
const MAY_CHANGE = /\b(?:mutation|subscription)\b/

/** Whether a parameter is as the specification has it: an object, or nothing. */
const isMap = (value: unknown): boolean => value == null || (typeof value === 'object' && !Array.isArray(value))

/** How a document is named (automatic persisted queries); null or undefined where it is not. */
const persistedIn = (
  extensions: unknown,
): { readonly version?: unknown; readonly sha256Hash?: unknown } | null | undefined =>
  (extensions as { readonly persistedQuery?: object | null } | null | undefined)?.persistedQuery

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16)
