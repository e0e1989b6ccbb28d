/** The one file of the gateway that loads the SDK of MCP: it is imported when the first request comes. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  CallToolRequestSchema,
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { JsonSchemaValidator, jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation'
import type { Visit } from '../../routes.ts'
import { callTool, type Calling } from './call.ts'
import type { Resource } from './resources.ts'
import type { Tool } from './tools.ts'

/** What is offered to models. */
export interface Offer {
  readonly tools: readonly Tool[]
  readonly resources: readonly Resource[]
  readonly calling: Calling
  /** Whether it is our own schema that is served, and no other supergraph's. */
  readonly isOurs: boolean
  /** The version of the software. */
  readonly version: string
}

/** What a model is told before its first call. */
const INSTRUCTIONS = `Strates answers which number, at which tier of French territories, for which year, whose it is and how far to trust it.
Each figure comes with a status and the number of its source. Give the source (attribution, licence, version, date of retrieval, geography) with each figure that you use, and say so where it is marked SIMULATED: invented data, not official.
No value is not 0: the status says why there is none. PARTIAL is a value without those that have not reported. Do not add up, average or convert figures yourself: ask for the territory or the measure that has the total.
Territories are named by tier and code: commune:35238, epci:243500139, departement:35, region:53, nation:FR. A list that is not whole says how many of how many, and how to go on.`

/** Answers one message by a server of its own: nothing is remembered between two, so any worker can answer the next. */
export async function answerMessage(offer: Offer, visit: Visit, message: Request, parsed: unknown): Promise<Response> {
  const server = serverFor(offer, visit)
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  await server.connect(transport as Transport)
  try {
    return await transport.handleRequest(message, parsed === undefined ? {} : { parsedBody: parsed })
  } finally {
    await server.close()
  }
}

function serverFor({ tools, resources, calling, isOurs, version }: Offer, visit: Visit): Server {
  const server = new Server(
    { name: 'strates', title: 'Strates', version },
    {
      capabilities: { tools: {}, resources: {} },
      ...(isOurs && { instructions: INSTRUCTIONS }),
      jsonSchemaValidator: UNUSED,
    },
  )
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(({ told }) => told) }) as never)
  server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: given = {} } }) => {
    const tool = tools.find(({ told }) => told.name === name)
    if (tool === undefined)
      throw unknown(
        'tool',
        name,
        tools.map(({ told }) => told.name),
      )
    return (await callTool(calling, tool, given, visit)) as never
  })
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: resources.map(({ uri, name, title, description, mimeType }) => ({
      uri,
      name,
      title,
      description,
      mimeType,
    })),
  }))
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [] }))
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => {
    const found = resources.find((one) => one.uri === uri)
    if (found === undefined)
      throw unknown(
        'resource',
        uri,
        resources.map((one) => one.uri),
      )
    const text = await found.read(visit)
    if (text === undefined) throw silent(uri)
    return { contents: [{ uri, mimeType: found.mimeType, text }] }
  })
  return server
}

const unknown = (kind: string, name: string, known: readonly string[]): McpError =>
  new McpError(
    ErrorCode.InvalidParams,
    `There is no such ${kind} (${name.slice(0, 100)}). Expected: one of ${known.join(', ')}. Correct its name.`,
  )

const silent = (uri: string): McpError =>
  new McpError(
    ErrorCode.InternalError,
    `The resource is not available (${uri}). Expected: an answer of the subgraph national, which owns it. Ask again later.`,
  )

/** The SDK would make a validator of forms for each server; this one sends none. */
const UNUSED: jsonSchemaValidator = {
  getValidator<T>(): JsonSchemaValidator<T> {
    throw new Error('no form is ever sent')
  },
}
