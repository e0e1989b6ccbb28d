import type { GraphQLSchema } from 'graphql'
import { requirePoints } from '../../guard/bill.ts'
import { PRICES } from '../../guard/limits.ts'
import { headerOf, type AppResponse } from '../../http/message.ts'
import { html, json, problem, redirect } from '../../http/respond.ts'
import type { Visit } from '../../routes.ts'
import { languageOf, prefersHtml } from '../accept.ts'
import { PAGE_POLICY } from '../page.ts'
import { openApiOf, type OtherRoute } from './openapi.ts'
import { answerable, type Operation } from './operation.ts'
import { createRest, type Rest, type RestOptions } from './rest.ts'
import { routesPage } from './routesPage.ts'

/** The operations under `/v1/`. */
export interface OperationsDoor {
  /** Answers what is under `/v1/` and has no route of its own. */
  answer(visit: Visit): Promise<AppResponse>
}

/** Options of {@link createOperationsDoor}. */
export interface OperationsDoorOptions extends Pick<RestOptions, 'ask' | 'cacheBytes' | 'pointsPerMinute'> {
  readonly operations: readonly Operation[]
  /** The schema that clients see; undefined until the engine answers. */
  readonly schema: () => GraphQLSchema | undefined
  /** The other routes under `/v1/`, for the description. */
  readonly others: readonly OtherRoute[]
  /** The version of the software. */
  readonly version: string
}

/** Makes the door. */
export function createOperationsDoor(options: OperationsDoorOptions): OperationsDoor {
  const { operations, schema, others, version, ask, cacheBytes, pointsPerMinute } = options
  let rest: Rest | undefined
  let seen: GraphQLSchema | undefined

  return { answer }

  async function answer(visit: Visit): Promise<AppResponse> {
    const { url, account } = visit
    const known = schema()
    if (known === undefined) {
      return problem(503, 'Starting', 'The service is starting. Ask again in a second.', {}, { 'retry-after': '1' })
    }
    // Reading an address and writing a problem take time too.
    requirePoints(account, PRICES.least)
    if (rest === undefined || known !== seen) {
      seen = known
      rest = createRest({ operations: answerable(operations, known), schema: known, ask, cacheBytes, pointsPerMinute })
    }
    const { prepared } = rest
    const name = url.pathname.slice('/v1/'.length)
    const meant = name.endsWith('/') ? name.slice(0, -1) : ''
    if (meant === 'openapi.json' || prepared.some(({ operation }) => operation.name === meant.split('.')[0]))
      return redirect(`/v1/${meant}${url.search}`, 308)
    const answered = await rest.answer(visit, name)
    if (answered !== undefined) return answered
    requirePoints(account, PRICES.page - PRICES.least)
    if (name === '') return answerList(visit, rest)
    if (name === 'openapi.json') {
      return json(openApiOf({ prepared, schema: known, others, origin: visit.origin, version }))
    }
    return unknown(name, prepared)
  }
}

function answerList({ request, url }: Visit, { prepared }: Rest): AppResponse {
  if (prefersHtml(headerOf(request, 'accept'))) {
    const language = languageOf(url.searchParams.get('lang'), headerOf(request, 'accept-language'))
    const response = html(routesPage(prepared, language))
    const headers = { vary: 'accept, accept-language', 'content-security-policy': PAGE_POLICY }
    return { ...response, headers: { ...response.headers, ...headers } }
  }
  const list = prepared.map(({ operation: { name, question, questionFr, hash }, parameters, reader }) => ({
    name,
    question,
    questionFr,
    path: `/v1/${name}`,
    ...(reader && { columns: `/v1/${name}.schema.json` }),
    parameters: parameters.map((one) => one.name),
    sha256Hash: hash,
  }))
  const response = json({ openapi: '/v1/openapi.json', feeds: '/v1/feeds/', operations: list })
  return { ...response, headers: { ...response.headers, vary: 'accept' } }
}

function unknown(name: string, prepared: Rest['prepared']): AppResponse {
  const known = prepared.map(({ operation }) => operation.name)
  const detail = `There is no operation called ${name.slice(0, 100)}. There are: ${known.join(', ')}. /v1/ lists them with their questions.`
  return problem(404, 'No such operation', detail, { code: 'UNKNOWN_OPERATION', expected: known })
}
