import { bulkhead } from 'cockatiel'
import type { GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import { StratesError } from '../../../core/observations/error.ts'
import { requirePoints } from '../../guard/bill.ts'
import { PRICES } from '../../guard/limits.ts'
import { etagOf } from '../../http/etag.ts'
import { headerOf, isKnown, type AppRequest, type AppResponse } from '../../http/message.ts'
import type { Visit } from '../../routes.ts'
import { FORMAT_OPTIONS, readFormatOptions, type FormatOptions } from '../tables/formats/options.ts'
import type { Format } from '../tables/formats/format.ts'
import { FORMATS, formatsFor } from '../tables/formats/formats.ts'
import { refusalOf } from '../tables/formats/refusal.ts'
import { tableSchemaOf } from '../tables/formats/tableSchema.ts'
import type { Table, TableFacts } from '../tables/table.ts'
import { preferred } from '../accept.ts'
import { HELD_SECONDS } from '../graphql/response.ts'
import { FROZEN } from './frozen.ts'
import type { Operation } from './operation.ts'
import { readPages, type PageFacts, type Pages, type Reply } from './pages.ts'
import { parametersOf, variablesFrom, type Parameter } from './parameters.ts'
import { problemOf, strated } from './problems.ts'
import { factsOf, tableReader, valueAt, versionOf, type Answer, type TableReader } from './rows.ts'

/** What a client asks of an operation, in the words of GraphQL over HTTP. */
export interface Question {
  readonly query: string
  readonly operationName: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** An operation as a route, ready to be asked. */
export interface Prepared {
  readonly operation: Operation
  readonly parameters: readonly Parameter[]
  /** Undefined where its answer is no table. */
  readonly reader: TableReader | undefined
  /** The keys that lead to its pages; undefined where it has none. */
  readonly connection: readonly string[] | undefined
}

/** The operations as routes. */
export interface Rest {
  /** The operations, in the order of their names. */
  readonly prepared: readonly Prepared[]
  /** Answers `/v1/<name>` and `/v1/<name>.<extension>`; undefined where there is no operation of that name. */
  answer(visit: Visit, rest: string): Promise<AppResponse | undefined>
}

/** Options of {@link createRest}. */
export interface RestOptions {
  readonly operations: readonly Operation[]
  readonly schema: GraphQLSchema
  /** Asks the GraphQL door. */
  readonly ask: (visit: Visit, question: Question) => Promise<AppResponse>
  /** The most bytes of written tables that are kept; 0 keeps none. */
  readonly cacheBytes: number
  /** What one client may spend in a minute; 0 for no limit. */
  readonly pointsPerMinute: number
}

/** GraphQL's own answer, byte for byte. */
const JSON_FORMAT = { extension: 'json', mediaType: 'application/json; charset=utf-8', accepts: ['application/json'] }

const AS_JSON = { accepts: JSON_FORMAT.accepts, format: undefined }

/** The end of the address of a table's description. */
const SCHEMA = 'schema.json'

/** Makes the routes. */
export function createRest({ operations, schema, ask, cacheBytes, pointsPerMinute }: RestOptions): Rest {
  const prepared = operations.map((operation) => prepare(operation, schema))
  const byName = new Map(prepared.map((one) => [one.operation.name, one]))
  const written = cacheBytes > 0 ? new LRUCache<string, Written>({ maxSize: cacheBytes, sizeCalculation }) : undefined
  const pageFacts = new LRUCache<string, PageFacts>({ max: MOST_PAGES })
  const writing = bulkhead(1, WAITING)

  return { prepared, answer }

  async function answer(visit: Visit, rest: string): Promise<AppResponse | undefined> {
    const [, name = '', extension] = /^([^.]*)(?:\.(.*))?$/.exec(rest) ?? []
    const found = byName.get(name)
    if (found === undefined) return undefined
    try {
      if (extension === SCHEMA) return answerSchema(found, visit.request)
      const format = formatOf(found, extension, headerOf(visit.request, 'accept'))
      const options = Object.keys(FORMAT_OPTIONS)
      const variables = variablesFrom(visit.url.searchParams, found.parameters, format ? options : [])
      return format === undefined
        ? await answerJson(visit, found, variables)
        : await answerTable(visit, found, variables, format)
    } catch (error) {
      if (error instanceof StratesError) return problemOf(error)
      throw error
    }
  }

  async function answerJson(visit: Visit, found: Prepared, variables: Variables) {
    const { operation } = found
    const response = await ask(visit, questionOf(operation, variables))
    const answer = parsed(response)
    if (isNothing(answer, found.reader)) throw strated(firstError(answer))
    const { after } = placeOf(answer, found)
    const about = factsOf([answer], [])
    const links = [
      ...(after === undefined ? [] : [nextLink(visit.url, after)]),
      ...aboutLinks(operation.name, about.licences),
    ]
    const headers = {
      ...response.headers,
      'content-type': JSON_FORMAT.mediaType,
      link: links.join(', '),
      ...toldOf(about),
    }
    const { etag } = response.headers
    if (etag !== undefined && isKnown(visit.request, etag)) return { status: 304, headers, body: '' }
    return { status: 200, headers, body: response.body }
  }

  async function answerTable(visit: Visit, found: Prepared, variables: Variables, format: Format) {
    const { operation, reader, connection } = found
    const { request, url, account } = visit
    if (reader === undefined) throw noTable(operation.name)
    const reason = format.refuses?.(reader.shape)
    if (reason !== undefined) throw refusalOf(format.extension, `/v1/${operation.name}`, reason)
    const options = readFormatOptions(format, url.searchParams)
    const pages = await readPages({
      variables,
      isPaged: connection !== undefined,
      afford: (points, rows) => afford(visit, points, rows),
      ask: (pageVariables) => askPage(visit, found, pageVariables),
    })
    const question = JSON.stringify([
      operation.name,
      sortedEntries(variables),
      format.extension,
      sortedEntries(options),
    ])
    const etag = tagOf(pages, question)
    const caching = { vary: 'accept', ...(etag === undefined ? UNKEPT : { etag, ...KEPT }) }
    const known = etag === undefined ? undefined : written?.get(etag)
    if (etag !== undefined && isKnown(request, etag)) return { status: 304, headers: caching, body: '' }
    // Before anything is paid: who is sent away has nothing for it.
    if (known === undefined && writing.executionSlots + writing.queueSlots === 0) throw tooBusy(operation.name)
    if (known === undefined) requirePoints(account, Math.ceil(rowsOf(pages) * PRICES.tableRow))
    const made = known ?? (await writing.execute(() => write(found, pages, { reader, format, options, url })))
    if (etag !== undefined) written?.set(etag, made)
    return { status: 200, headers: { ...made.headers, ...caching }, body: made.body }
  }

  /** One page. What it says of itself is remembered under its tag: a table that is written already is not read again. */
  async function askPage(visit: Visit, found: Prepared, variables: Variables): Promise<Page> {
    const response = await ask(visit, questionOf(found.operation, variables))
    const { etag } = response.headers
    const remembered = etag === undefined ? undefined : pageFacts.get(etag)
    let answer: Answer | undefined
    const read = (): Answer => (answer ??= parsed(response))
    if (remembered === undefined && isNothing(read(), found.reader)) throw strated(firstError(read()))
    const facts = remembered ?? pageFactsOf(read(), found)
    if (etag !== undefined) pageFacts.set(etag, facts)
    return { etag, facts, read }
  }

  /** Refuses after the first page what could never be paid. */
  function afford({ request, account }: Visit, points: number, rows: number): void {
    if (request.remoteAddress === undefined || pointsPerMinute === 0) return
    if (points <= pointsPerMinute) return
    throw new StratesError({
      code: 'LIST_TOO_LONG',
      what: 'The table costs more than anyone may spend in a minute',
      on: `${rows} rows, some ${Math.ceil(points)} points`,
      expected: `at most ${pointsPerMinute} points, ${Math.floor((rows * pointsPerMinute) / points)} rows of this kind`,
      remedy: 'Ask for less, or page by page with first and after, minute by minute.',
      details: { limit: pointsPerMinute, found: Math.ceil(points), remaining: account.remaining() },
    })
  }
}

/** A page of an answer, read only where it has to be. */
interface Page extends Reply {
  readonly read: () => Answer
}

/** How long others may hold a table: it is of the version of the data that answers now, however old its pages are. */
const KEPT = { 'cache-control': `public, max-age=${HELD_SECONDS}` }
const UNKEPT = { 'cache-control': 'no-store' } as const

/** How many pages are remembered, by their tags. */
const MOST_PAGES = 5000

/** Tables are written one after another: between two of them others are answered. How many may wait. */
const WAITING = 20

const tooBusy = (name: string): StratesError =>
  new StratesError({
    code: 'TOO_BUSY',
    what: 'Too many tables wait to be written here',
    on: `/v1/${name}`,
    expected: `at most ${WAITING} that wait`,
    remedy: `Ask again in ${RETRY_SECONDS} seconds, or for JSON, which is not written anew.`,
    details: { limit: WAITING, retryAfter: RETRY_SECONDS },
  })

/** In how many seconds some of those that wait are written. */
const RETRY_SECONDS = 2

const rowsOf = ({ replies }: Pages<Reply>): number => replies.reduce((sum, { facts }) => sum + facts.rows, 0)

/** The same for the same members, whatever their order. */
const sortedEntries = (members: object): unknown =>
  Object.entries(members).toSorted(([left], [right]) => (left < right ? -1 : 1))

/** What an answer says of the page that it is. */
function pageFactsOf(answer: Answer, prepared: Prepared): PageFacts {
  const { cost } = (answer.extensions ?? {}) as { readonly cost?: { readonly requested?: number } }
  return {
    ...placeOf(answer, prepared),
    version: versionOf([answer]),
    rows: prepared.reader?.countOf(answer) ?? 0,
    cost: cost?.requested,
  }
}

/** Where the page stands among the others: how many rows there are, and after which cursor they go on. */
function placeOf({ data }: Answer, { connection }: Prepared): Pick<PageFacts, 'total' | 'after'> {
  let found: unknown = connection === undefined ? undefined : data
  for (const key of connection ?? []) found = valueAt(found, key)
  const { totalCount: total, pageInfo } = (found ?? {}) as Connection
  return { total, after: (pageInfo?.hasNextPage === true ? pageInfo.endCursor : undefined) ?? undefined }
}

/** What a connection says of the page that it is. */
interface Connection {
  readonly totalCount?: number
  readonly pageInfo?: { readonly hasNextPage?: boolean; readonly endCursor?: string | null }
}

type Variables = Readonly<Record<string, unknown>>

/** A table as bytes, with the headers that only depend on it. */
interface Written {
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

const sizeCalculation = ({ body }: Written): number => body.byteLength + 1000

interface Writing {
  readonly reader: TableReader
  readonly format: Format
  readonly options: FormatOptions
  readonly url: URL
  /** What links begin with. */
}

async function write(
  { operation: { name } }: Prepared,
  { replies, part, after }: Pages<Page>,
  { reader, format, options, url }: Writing,
): Promise<Written> {
  const answers = replies.map(({ read }) => read())
  const rows = answers.flatMap((answer) => reader.rowsOf(answer))
  const of = part === undefined ? '' : ` of ${part.total ?? 'more'}`
  const warnings = [
    ...(part === undefined
      ? []
      : [`This is a part: ${rows.length}${of} rows. Ask without first and after for all of them.`]),
    ...new Set(answers.flatMap(({ errors = [] }) => errors.map(({ message }) => message))),
  ]
  const total = part?.total === undefined ? {} : { totalRows: part.total }
  const about = { ...factsOf(answers, warnings), ...total }
  const table: Table = { ...reader.shape, rows, about }
  const body = await format.write(table, options)
  const file = `${name}${part === undefined ? '' : `-part-${rows.length}${of.replaceAll(' ', '-')}`}.${format.extension}`
  const links = [...(after === undefined ? [] : [nextLink(url, after)]), ...aboutLinks(name, about.licences)]
  return {
    body,
    headers: {
      'content-type': format.mediaType,
      'content-disposition': `inline; filename="${file}"`,
      link: links.join(', '),
      'strates-rows': `${rows.length}${of}`,
      ...toldOf(about),
    },
  }
}

/** Of which data it is, for a client that reads headers. */
const toldOf = ({ dataVersion, simulated }: TableFacts): Readonly<Record<string, string>> => ({
  'strates-data-version': dataVersion,
  ...(simulated && { 'strates-simulated': 'true' }),
})

/** Makes an operation ready to be asked by a door. */
export function prepare(operation: Operation, schema: GraphQLSchema): Prepared {
  const parameters = parametersOf(operation, schema)
  const isPaged = parameters.some(({ name }) => name === 'after')
  const [path = []] = operation.rows
  const connection = isPaged && path.length > 0 ? path.slice(0, -1) : undefined
  return { operation, parameters, reader: tableReader(operation, schema), connection }
}

const questionOf = ({ text, operationName }: Operation, variables: Variables): Question => ({
  query: text,
  operationName,
  variables,
})

/** Undefined for JSON. @throws StratesError UNSUPPORTED_FORMAT. */
function formatOf({ operation, reader }: Prepared, extension: string | undefined, accept: string): Format | undefined {
  if (extension === JSON_FORMAT.extension) return undefined
  if (extension === undefined) {
    const offered = [AS_JSON, ...formatsFor(reader?.shape).map((format) => ({ accepts: format.accepts, format }))]
    const wanted = preferred(accept, offered)
    if (wanted === undefined) throw notAcceptable(operation.name, accept, offered)
    return wanted.format
  }
  const format = FORMATS.find((one) => one.extension === extension)
  if (format !== undefined) return format
  const known = [JSON_FORMAT, ...formatsFor(reader?.shape)].map((one) => one.extension)
  throw new StratesError({
    code: 'UNSUPPORTED_FORMAT',
    what: 'There is no such format',
    on: `/v1/${operation.name}.${extension.slice(0, 50)}`,
    expected: `one of ${known.join(', ')}`,
    remedy: `Ask for /v1/${operation.name}.${known[1] ?? 'json'}, or leave the extension out for JSON.`,
  })
}

const notAcceptable = (
  name: string,
  accept: string,
  offered: readonly { accepts: readonly string[] }[],
): StratesError =>
  new StratesError({
    code: 'NOT_ACCEPTABLE',
    what: 'None of the media types that are accepted is one of ours',
    on: `/v1/${name}, Accept: ${accept.slice(0, 100)}`,
    expected: `one of ${offered.flatMap(({ accepts }) => accepts).join(', ')}`,
    remedy: 'Accept one of them, or write the extension into the address.',
  })

function noTable(name: string): StratesError {
  return new StratesError({
    code: 'UNSUPPORTED_FORMAT',
    what: 'The answer of this operation is no table',
    on: `/v1/${name}`,
    expected: 'JSON',
    remedy: `Ask for /v1/${name}.json.`,
  })
}

function answerSchema({ operation, reader }: Prepared, request: AppRequest): AppResponse {
  if (reader === undefined) throw noTable(operation.name)
  const { name, title } = reader.shape
  const body = JSON.stringify({ name, title, version: FROZEN[name]?.version, ...tableSchemaOf(reader.shape) }, null, 1)
  const etag = etagOf(body)
  const headers = { etag, 'cache-control': 'public, max-age=3600', 'content-type': 'application/json; charset=utf-8' }
  return isKnown(request, etag) ? { status: 304, headers, body: '' } : { status: 200, headers, body }
}

/** The tag of a table, of those of its pages: undefined where one of them was partial, which nobody may keep. */
function tagOf({ replies }: Pages<Reply>, of: string): string | undefined {
  const tags = replies.map(({ etag }) => etag)
  return tags.includes(undefined) ? undefined : etagOf([...tags, of].join('\n'))
}

/** What an answer of the GraphQL door says. */
export const parsed = ({ body }: AppResponse): Answer =>
  JSON.parse(
    typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.length).toString(),
  ) as Answer

/** Whether there is nothing of what was asked for in an answer but its errors. */
export function isNothing(answer: Answer, reader: TableReader | undefined): boolean {
  const { data, errors = [] } = answer
  if (data == null) return true
  if (errors.length === 0) return false
  return Object.values(data).every((value) => value === null) || reader?.countOf(answer) === 0
}

const firstError = ({ errors = [] }: Answer) =>
  errors[0] ?? { message: 'Nothing was answered.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }

function nextLink(url: URL, after: string): string {
  const search = new URLSearchParams(url.searchParams)
  search.set('after', after)
  return `<${url.pathname}?${search}>; rel="next"`
}

const aboutLinks = (name: string, licences: Table['about']['licences']): readonly string[] => [
  `</v1/${name}.${SCHEMA}>; rel="describedby"`,
  `</v1/openapi.json>; rel="service-desc"`,
  ...licences.map(({ url }) => `<${url}>; rel="license"`),
]
