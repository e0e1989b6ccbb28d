import type { Answer, AnswerError, Cost, StratesDocument } from './document.ts'
import { StratesClientError } from './error.ts'
import { createMemory } from './memory.ts'
import { readEntries, readPages, type Connection, type EntryOf, type Page, type Paged } from './pages.ts'
import { requestOf, type Question } from './request.ts'
import { tryAgain } from './retry.ts'
import { send, type Reply } from './send.ts'

/** Asks one service of Strates. */
export interface Client {
  /**
   * Asks a question: `await strates.ask(TerritoryDocument, { id: 'commune:35238' })`. Variables that are left out have the defaults of the
   * document. A part that is missing is null and has its error in `errors`.
   * @throws StratesClientError where there is no answer at all, and the reason of `signal` where that gives up.
   */
  ask<Data, Variables extends object>(
    document: StratesDocument<Data, Variables>,
    ...asked: Asked<Variables>
  ): Promise<Answer<Data>>
  /**
   * Reads a list page by page: `strates.pages(SchoolsDocument, { id: 'departement:35', first: 500 }, (data) => data.territory?.schools)`.
   * All pages are of one version of the data. @throws StratesClientError as {@link Client.ask}, and VERSION_CHANGED.
   */
  pages<Data, Variables extends Paged, Found extends Connection>(
    document: StratesDocument<Data, Variables>,
    variables: Variables,
    connection: (data: Data) => Found | null | undefined,
    options?: AskOptions,
  ): AsyncGenerator<Page<Data, Found>, void, undefined>
  /**
   * The entries of all pages, each once. A page that lacks something stops it, since an entry cannot say what is missing beside it; where
   * a part will do, take {@link Client.pages}. @throws StratesClientError as {@link Client.pages}, and the code of what is missing.
   */
  entries<Data, Variables extends Paged, Found extends Connection>(
    document: StratesDocument<Data, Variables>,
    variables: Variables,
    connection: (data: Data) => Found | null | undefined,
    options?: AskOptions,
  ): AsyncGenerator<EntryOf<Found>, void, undefined>
}

/** The variables, which may be left out where all of them have a default, and options. */
export type Asked<Variables> =
  Record<never, never> extends Variables
    ? [variables?: Variables, options?: AskOptions]
    : [variables: Variables, options?: AskOptions]

/** Options of one question. */
export interface AskOptions {
  /** Gives the question up. */
  readonly signal?: AbortSignal
}

/** Options of {@link createClient}. */
export interface ClientOptions {
  /** Where the service answers: `https://strates.example`. */
  readonly url: string | URL
  /** Tells the service who asks, for its statistics of reuse. In a browser it makes each request ask for permission first (CORS). */
  readonly clientName?: string
  /** How often at most a request is tried again after 429, 503 or, by GET, a connection that failed; 3 by default. */
  readonly retries?: number
  /** Milliseconds after which a question is given up, all tries and waits included; 30,000 by default. */
  readonly timeoutMs?: number
  /** Characters of answers that are kept with their tags; 5,000,000 by default, 0 keeps none. */
  readonly memory?: number
  /** Sends a request; the `fetch` of the platform by default. */
  readonly fetch?: typeof fetch
  /** Waits some milliseconds, unless the signal comes first. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
  /** A number from 0 to 1, which spreads the tries of many clients. */
  readonly random?: () => number
}

/** Makes a client. */
export function createClient(options: ClientOptions): Client {
  const { url, clientName, retries = 3, timeoutMs = 30_000, memory: characters = 5_000_000 } = options
  const { fetch = globalThis.fetch, wait = waitFor, random = Math.random } = options
  const endpoint = new URL('graphql', `${new URL(url).href.replace(/\/$/, '')}/`)
  const named = clientName === undefined ? {} : { 'apollographql-client-name': clientName }
  const memory = createMemory(characters)

  const client: Client = {
    ask,
    pages: (document, variables, connection, asking) => readPages(client, document, variables, connection, asking),
    entries: (document, variables, connection, asking) => readEntries(client, document, variables, connection, asking),
  }
  return client

  async function ask<Data, Variables extends object>(
    document: StratesDocument<Data, Variables>,
    ...[variables, { signal: given } = {}]: Asked<Variables>
  ): Promise<Answer<Data>> {
    const until = performance.now() + timeoutMs
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = given === undefined ? timeout : AbortSignal.any([given, timeout])
    try {
      return answerOf<Data>(await exchange({ document, variables: variables ?? {} }, signal, until))
    } catch (error) {
      if (timeout.aborted && error === timeout.reason) throw tooSlow(document.operationName, timeoutMs)
      throw error
    }
  }

  /** Names the text; sends it where the service does not know it, such as one of another version. */
  async function exchange(question: Question, signal: AbortSignal, until: number): Promise<Reply> {
    if (question.document.hash !== undefined) {
      const reply = await exchangeOnce(question, signal, until, true)
      if (!isUnknownName(reply)) return reply
    }
    return await exchangeOnce(question, signal, until, false)
  }

  async function exchangeOnce(question: Question, signal: AbortSignal, until: number, byName: boolean) {
    const request = requestOf(question, endpoint, byName)
    const repeatable = request.method === 'GET'
    const kept = repeatable ? memory.find(request.url) : undefined
    const headers = { ...named, ...(kept && { 'if-none-match': kept.etag }) }
    const reply = await tryAgain(() => send(request, { fetch, headers, signal }), {
      retries,
      left: () => until - performance.now(),
      wait: (ms) => wait(ms, signal),
      random,
      repeatable,
    })
    if (reply.status === 304 && kept) return { ...reply, status: 200, text: kept.text }
    const { etag, text } = reply
    if (repeatable && reply.status === 200 && etag !== undefined) memory.keep(request.url, { etag, text })
    return reply
  }
}

/** Whether the service says that it knows no text of that hash; an answer that is long is something else. */
const isUnknownName = ({ text }: Reply): boolean => text.length < 2000 && text.includes('"PERSISTED_QUERY_NOT_FOUND"')

/** An answer as JSON has it. */
interface Body<Data> {
  readonly data?: Data | null
  readonly errors?: readonly AnswerError[]
  readonly extensions?: { readonly dataVersion?: string; readonly cost?: Cost }
  /** Of a problem (RFC 9457). */
  readonly code?: string
  readonly detail?: string
}

function answerOf<Data>(reply: Reply): Answer<Data> {
  const { data, errors = [], extensions = {}, code, detail } = parse<Data>(reply)
  if (data != null && (errors.length === 0 || !isEmpty(data))) {
    return { data, errors, dataVersion: extensions.dataVersion, cost: extensions.cost }
  }
  const { status, retryAfter, requestId } = reply
  const [first] = errors
  const said = first?.extensions?.code ?? code
  if (said === undefined && first === undefined) throw badAnswer(reply)
  const message = first?.message ?? detail ?? `The service answered ${status}.`
  throw new StratesClientError({ code: said ?? 'BAD_ANSWER', message, status, errors, retryAfter, requestId })
}

/** Whether nothing that was asked for was found. */
const isEmpty = (data: object): boolean => Object.values(data).every((value) => value === null)

function parse<Data>(reply: Reply): Body<Data> {
  let body: unknown
  try {
    body = JSON.parse(reply.text)
  } catch (cause) {
    throw badAnswer(reply, cause)
  }
  if (typeof body !== 'object' || body === null) throw badAnswer(reply)
  return body as Body<Data>
}

function badAnswer({ status, text, requestId }: Reply, cause?: unknown): StratesClientError {
  const begins = text.slice(0, 100)
  const message = `This is no answer of Strates: status ${status}, "${begins}". Expected JSON with data or errors: is the address right?`
  return new StratesClientError({ code: 'BAD_ANSWER', message, status, requestId, cause })
}

const tooSlow = (operationName: string, timeoutMs: number): StratesClientError =>
  new StratesClientError({
    code: 'TIMEOUT',
    message: `${operationName} had no answer within ${timeoutMs} ms. Ask for less, or give it more timeoutMs.`,
  })

/** Waits by a timer. */
const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
