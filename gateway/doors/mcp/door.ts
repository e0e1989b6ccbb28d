import type { GraphQLSchema } from 'graphql'
import { StratesError } from '../../../core/observations/error.ts'
import { requirePoints } from '../../guard/bill.ts'
import { guardBatching } from '../../guard/batching.ts'
import { guardBody } from '../../guard/body.ts'
import { PRICES } from '../../guard/limits.ts'
import { headerOf, type AppRequest, type AppResponse } from '../../http/message.ts'
import { problem } from '../../http/respond.ts'
import type { Visit } from '../../routes.ts'
import { answerable, type Operation } from '../operations/operation.ts'
import { problemOf } from '../operations/problems.ts'
import type { Calling } from './call.ts'
import { resourcesOf, type ResourceSources } from './resources.ts'
import type { Offer } from './server.ts'
import { toolsOf } from './tools.ts'

/** The operations as tools of the Model Context Protocol (Streamable HTTP, without sessions). */
export interface McpDoor {
  /** Answers a request to `/mcp`: one message of JSON-RPC. */
  answer(visit: Visit): Promise<AppResponse>
}

/** Options of {@link createMcpDoor}. */
export interface McpDoorOptions extends Omit<Calling, 'schema'>, Pick<ResourceSources, 'executorOf' | 'feeds'> {
  readonly operations: readonly Operation[]
  /** The schema that clients see; undefined until the engine answers. */
  readonly schema: () => GraphQLSchema | undefined
  /** The version of the software. */
  readonly version: string
}

/** The headers by which the protocol agrees on anything. */
const PASSED_ON = ['accept', 'content-type', 'mcp-protocol-version']

/** Makes the door. The SDK is loaded when the first request comes: it takes a quarter of a second and 29 MB. */
export function createMcpDoor(options: McpDoorOptions): McpDoor {
  const { operations, schema: schemaNow, limits, ask, executorOf, feeds, version } = options
  let offer: Offer | undefined
  let seen: GraphQLSchema | undefined

  return { answer }

  async function answer(visit: Visit): Promise<AppResponse> {
    const schema = schemaNow()
    if (schema === undefined) {
      return problem(503, 'Starting', 'The service is starting. Ask again in a second.', {}, { 'retry-after': '1' })
    }
    const { request, account, report } = visit
    try {
      guardBody(request.body, limits)
      const message = parseMessage(request)
      guardBatching(message, limits)
      const price = priceOf(message)
      requirePoints(account, price)
      if (offer === undefined || schema !== seen) offer = offerOf(schema)
      seen = schema
      report.paid = price
      const { answerMessage } = await import('./server.ts')
      const response = await answerMessage(offer, visit, webRequest(request), message)
      return await appResponse(response)
    } catch (error) {
      if (error instanceof StratesError) return problemOf(error)
      throw error
    }
  }

  function offerOf(schema: GraphQLSchema): Offer {
    const known = answerable(operations, schema)
    const hasCatalogue = known.some(({ name }) => name === 'catalogue')
    return {
      tools: toolsOf(known, schema),
      resources: resourcesOf({ schema, hasCatalogue, executorOf, feeds }),
      calling: { schema, limits, ask: addingUp(ask) },
      isOurs: schema.getType('Observation') !== undefined,
      version,
    }
  }
}

/** The report of a request tells what all that was asked for it has paid. */
const addingUp =
  (ask: Calling['ask']): Calling['ask'] =>
  async (visit, asked) => {
    const before = visit.report.paid
    const response = await ask(visit, asked)
    visit.report.paid += before
    return response
  }

/** Undefined for what is no JSON, about which the SDK complains. */
function parseMessage({ body = '' }: AppRequest): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

/** A list or a document is a page; what a tool asks is paid for beside. */
function priceOf(message: unknown): number {
  const { method } = (message ?? {}) as { readonly method?: unknown }
  return method === 'tools/list' || method === 'resources/read' ? PRICES.page : PRICES.least
}

const webRequest = (request: AppRequest): Request =>
  new Request('http://gateway/mcp', {
    method: 'POST',
    headers: PASSED_ON.map((name) => [name, headerOf(request, name)] as [string, string]).filter(([, text]) => text),
    body: (request.body ?? '') as NonNullable<RequestInit['body']>,
  })

const appResponse = async (response: Response): Promise<AppResponse> => ({
  status: response.status,
  headers: { ...Object.fromEntries(response.headers), 'cache-control': 'no-store' },
  body: await response.text(),
})
