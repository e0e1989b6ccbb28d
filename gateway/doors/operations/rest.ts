import { createHash } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import { StratesError } from '../../../core/observations/error.ts'
import { headerOf, isKnown, type AppRequest, type AppResponse } from '../../http/message.ts'
import type { Visit } from '../../routes.ts'
import { FORMAT_OPTIONS, readFormatOptions, type FormatOptions } from '../tables/formats/options.ts'
import type { Format } from '../tables/formats/format.ts'
import { FORMATS } from '../tables/formats/formats.ts'
import { tableSchemaOf } from '../tables/formats/tableSchema.ts'
import type { Table } from '../tables/table.ts'
import { preferred } from '../accept.ts'
import { readFrozen } from './frozen.ts'
import type { Operation } from './operation.ts'
import { nextOf, readPages, type Pages, type Reply } from './pages.ts'
import { parametersOf, variablesFrom, type Parameter } from './parameters.ts'
import { problemOf, strated } from './problems.ts'
import { factsOf, tableReader, type Answer, type TableReader } from './rows.ts'

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
}

/** GraphQL's own answer, byte for byte. */
const JSON_FORMAT = { extension: 'json', mediaType: 'application/json; charset=utf-8', accepts: ['application/json'] }

/** What may be had, JSON first. */
const OFFERED = [
  { accepts: JSON_FORMAT.accepts, format: undefined },
  ...FORMATS.map((format) => ({ accepts: format.accepts, format })),
]

/** In which version the columns of each table are what they are. */
const FROZEN = readFrozen()

/** The end of the address of a table's description. */
const SCHEMA = 'schema.json'

/** Makes the routes. */
export function createRest({ operations, schema, ask, cacheBytes }: RestOptions): Rest {
  const prepared = operations.map((operation) => prepare(operation, schema))
  const byName = new Map(prepared.map((one) => [one.operation.name, one]))
  const written = cacheBytes > 0 ? new LRUCache<string, Written>({ maxSize: cacheBytes, sizeCalculation }) : undefined

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
    const { operation, connection } = found
    const response = await ask(visit, questionOf(operation, variables))
    const answer = parsed(response)
    if (isNothing(answer, found.reader)) throw strated(firstError(answer))
    const next = connection && nextOf(answer, connection)
    const links = [...(next ? [nextLink(visit.url, next.after)] : []), ...aboutLinks(operation.name, [])]
    const headers = { ...response.headers, 'content-type': JSON_FORMAT.mediaType, link: links.join(', ') }
    const { etag } = response.headers

    if (etag !== undefined && isKnown(visit.request, etag)) return { status: 304, headers, body: '' }
    return { status: 200, headers, body: response.body }
  }

  async function answerTable(visit: Visit, found: Prepared, variables: Variables, format: Format) {
    const { operation, reader, connection } = found
    if (reader === undefined) throw noTable(operation.name)
    const options = readFormatOptions(format, visit.url.searchParams)
    const responses: AppResponse[] = []
    const pages = await readPages({
      variables,
      connection,
      async ask(pageVariables): Promise<Reply> {
        const response = await ask(visit, questionOf(operation, pageVariables))
        responses.push(response)
        const answer = parsed(response)
        if (isNothing(answer, found.reader)) throw strated(firstError(answer))
        return { answer, etag: response.headers['etag'] }
      },
    })
    const etag = etagOf(pages, `${visit.request.url} ${format.extension}`)
    const known = etag === undefined ? undefined : written?.get(etag)
    const made = known ?? (await write(found, pages, { reader, format, options, url: visit.url }))
    if (etag !== undefined) written?.set(etag, made)
    const caching = responses[0]?.headers['cache-control'] ?? 'no-store'
    const headers = {
      ...made.headers,
      vary: 'accept',
      ...(etag === undefined ? { 'cache-control': 'no-store' } : { etag, 'cache-control': caching }),
    }
    if (etag !== undefined && isKnown(visit.request, etag)) return { status: 304, headers, body: '' }
    return { status: 200, headers, body: made.body }
  }
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
}

async function write(
  { operation: { name } }: Prepared,
  { replies, more }: Pages,
  { reader, format, options, url }: Writing,
): Promise<Written> {
  const answers = replies.map(({ answer }) => answer)
  const rows = answers.flatMap((answer) => reader.rowsOf(answer))
  const part = more === undefined ? undefined : `${rows.length} of ${more.total ?? 'more'} rows`
  const warnings = [
    ...(part === undefined ? [] : [`This is a part: ${part}. Ask without first and after for all of them.`]),
    ...new Set(answers.flatMap(({ errors = [] }) => errors.map(({ message }) => message))),
  ]
  const about = factsOf(answers, warnings)
  const table: Table = { ...reader.shape, rows, about, ...(more?.total !== undefined && { totalRows: more.total }) }
  const body = await format.write(table, options)
  const file = `${name}${part === undefined ? '' : `-part-${rows.length}-of-${more?.total ?? 'more'}`}.${format.extension}`
  const links = [...(more === undefined ? [] : [nextLink(url, more.after)]), ...aboutLinks(name, about.licences)]
  return {
    body,
    headers: {
      'content-type': format.mediaType,
      'content-disposition': `inline; filename="${file}"`,
      link: links.join(', '),
      'strates-rows': more === undefined ? `${rows.length}` : `${rows.length} of ${more.total ?? 'more'}`,
      'strates-data-version': about.dataVersion,
      ...(about.simulated && { 'strates-simulated': 'true' }),
    },
  }
}

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
    const wanted = preferred(accept, reader ? OFFERED : OFFERED.slice(0, 1))
    if (wanted === undefined) throw notAcceptable(operation.name, accept)
    return wanted.format
  }
  const format = FORMATS.find((one) => one.extension === extension)
  if (format !== undefined) return format
  const known = [JSON_FORMAT, ...(reader ? FORMATS : [])].map((one) => one.extension)
  throw new StratesError({
    code: 'UNSUPPORTED_FORMAT',
    what: 'There is no such format',
    on: `/v1/${operation.name}.${extension.slice(0, 50)}`,
    expected: `one of ${known.join(', ')}`,
    remedy: `Ask for /v1/${operation.name}.${known.at(-1)}, or leave the extension out for JSON.`,
  })
}

const notAcceptable = (name: string, accept: string): StratesError =>
  new StratesError({
    code: 'NOT_ACCEPTABLE',
    what: 'None of the media types that are accepted is one of ours',
    on: `/v1/${name}, Accept: ${accept.slice(0, 100)}`,
    expected: `one of ${OFFERED.flatMap(({ accepts }) => accepts).join(', ')}`,
    remedy: 'Accept one of them, or write the extension into the address, such as .csv.',
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
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
  const headers = { etag, 'cache-control': 'public, max-age=3600', 'content-type': 'application/json; charset=utf-8' }
  return isKnown(request, etag) ? { status: 304, headers, body: '' } : { status: 200, headers, body }
}

/** Of the bytes that were answered: undefined where one of the answers was partial, which nobody may keep. */
function etagOf({ replies }: Pages, of: string): string | undefined {
  const tags = replies.map(({ etag }) => etag)
  if (tags.includes(undefined)) return undefined
  return `"${createHash('sha256')
    .update([...tags, of].join('\n'))
    .digest('base64url')
    .slice(0, 27)}"`
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
  return Object.values(data).every((value) => value === null) || reader?.rowsOf(answer).length === 0
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
  '</v1/openapi.json>; rel="service-desc"',
  ...licences.map(({ url }) => `<${url}>; rel="license"`),
]
