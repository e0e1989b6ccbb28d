import { parse, validate, type GraphQLSchema } from 'graphql'
import { etagOf } from '../../http/etag.ts'
import { headerOf, isKnown, type AppResponse } from '../../http/message.ts'
import { html, problem, redirect } from '../../http/respond.ts'
import type { Visit } from '../../routes.ts'
import { languageOf } from '../accept.ts'
import { createAssets, type Assets } from '../assets.ts'
import { REVALIDATED } from '../file.ts'
import { answerable, type Operation } from '../operations/operation.ts'
import { parametersOf } from '../operations/parameters.ts'
import { readFiles } from './library.ts'
import { graphiqlPage, type Example } from './page.ts'

/** GraphiQL, and the files that it is made of. */
export interface GraphiqlDoor {
  /** Answers `/graphiql` and what is under it. */
  answer(visit: Visit): Promise<AppResponse>
}

/** Options of {@link createGraphiqlDoor}. */
export interface GraphiqlDoorOptions {
  readonly operations: readonly Operation[]
  /** The schema that clients see; undefined until the engine answers. */
  readonly schema: () => GraphQLSchema | undefined
  /** What a first visitor sees, where the schema has it. */
  readonly defaultQuery: string
}

/**
 * What the page may do: load its own files, and ask this service. The editor writes `style` attributes and elements by the
 * hundred, so that styles are free; with nothing but this service to load from, a style can tell nobody anything.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'font-src data:',
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Which of the datasets are invented: asked by the page, where the schema has it. */
const SIMULATED_QUERY = '{ datasets { id simulated } }'

/** Makes the door. */
export function createGraphiqlDoor({ operations, schema, defaultQuery }: GraphiqlDoorOptions): GraphiqlDoor {
  let known: Known | undefined
  let seen: GraphQLSchema | undefined
  let files: Promise<Assets> | undefined

  return { answer }

  async function answer(visit: Visit): Promise<AppResponse> {
    const { request, url } = visit
    if (url.pathname === '/graphiql/') return redirect(`/graphiql${url.search}`, 308)
    const current = schema()
    if (current === undefined) {
      return problem(503, 'Starting', 'The service is starting. Ask again in a second.', {}, { 'retry-after': '1' })
    }
    files ??= readFiles().then((sources) => createAssets('/graphiql/', sources))
    const assets = await files
    if (url.pathname !== '/graphiql') return (await assets.answer(request, url.pathname)) ?? noFile(url.pathname)
    if (known === undefined || current !== seen) known = knownOf(current)
    seen = current
    return answerPage(visit, known, assets)
  }

  function knownOf(current: GraphQLSchema): Known {
    const examples = answerable(operations, current).map((operation) => exampleOf(operation, current))
    const isAnswerable = (text: string): boolean => validate(current, parse(text)).length === 0
    return {
      examples,
      firstQuery: isAnswerable(defaultQuery) ? defaultQuery : (examples[0]?.text ?? '{ __typename }'),
      simulatedQuery: isAnswerable(SIMULATED_QUERY) ? SIMULATED_QUERY : undefined,
    }
  }
}

/** What the page says of one schema. */
interface Known {
  readonly examples: readonly Example[]
  readonly firstQuery: string
  readonly simulatedQuery: string | undefined
}

function exampleOf(operation: Operation, schema: GraphQLSchema): Example {
  const { name, question, questionFr, text } = operation
  const given = parametersOf(operation, schema).filter(({ byDefault }) => byDefault !== undefined)
  const variables = Object.fromEntries(given.map((one) => [one.name, one.byDefault]))
  return { name, questions: { fr: questionFr, en: question }, text, variables }
}

/** The text of a query in the address is read in the browser: the page is the same for all of them. */
function answerPage({ request, url }: Visit, known: Known, assets: Assets): AppResponse {
  const language = languageOf(url.searchParams.get('lang'), headerOf(request, 'accept-language'))
  const asked = url.searchParams.get('operation') ?? undefined
  const chosen = known.examples.find(({ name }) => name === asked)
  const page = html(graphiqlPage({ ...known, language, asked, chosen, addressOf: assets.addressOf }))
  const headers = {
    vary: 'accept-language',
    'content-language': language,
    'content-security-policy': POLICY,
  }
  if (asked !== undefined && chosen === undefined)
    return { status: 404, headers: { ...page.headers, ...headers, 'cache-control': 'no-store' }, body: page.body }
  const kept = { ...headers, ...REVALIDATED, etag: etagOf(page.body) }
  if (isKnown(request, kept.etag)) return { status: 304, headers: kept, body: '' }
  return { ...page, headers: { ...page.headers, ...kept } }
}

const noFile = (path: string): AppResponse =>
  problem(
    404,
    'No such file',
    `There is no file at ${path.slice(0, 100)}, or a newer one took its place. /graphiql names those there are.`,
  )
