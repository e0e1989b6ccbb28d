import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, graphql, parse, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { createApp, type App, type AppOptions, type AppRequest, type AppResponse } from '../../gateway/app.ts'
import { compose } from '../../gateway/compose.ts'
import { createEngine, type Engine } from '../../gateway/engine.ts'
import type { Log } from '../../gateway/log.ts'
import { httpTransport } from '../../gateway/transport/http.ts'
import { localTransports, type LocalSubgraph } from '../../gateway/transport/local.ts'
import type { SubgraphTransport } from '../../gateway/transport/transport.ts'
import { StratesError } from '../../core/observations/error.ts'

/*
 * A small invented country: towns (names), roads (kilometres), trees (counts) and sums (what needs the others). Town "2" has
 * a road that no one may ask about; town "3" has a tree counter that crashes.
 */

const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7",
  import: ["@key", "@external", "@requires", "@shareable", "@interfaceObject"])`

const TOWNS = [
  { __typename: 'Town', id: '1', name: 'Ambre' },
  { __typename: 'Town', id: '2', name: 'Basalte' },
  { __typename: 'Town', id: '3', name: 'Craie' },
]
const CAPE = { __typename: 'Cape', id: '9', name: 'Diorite', lighthouse: true }

interface Module {
  readonly sdl: string
  readonly resolvers: Record<string, Record<string, unknown>>
}

const MODULES: Record<string, Module> = {
  towns: {
    sdl: `${FEDERATION}
      interface Place @key(fields: "id") { id: ID! name: String! }
      type Town implements Place @key(fields: "id") { id: ID! name: String! neighbours: [Town]! }
      type Cape implements Place @key(fields: "id") { id: ID! name: String! lighthouse: Boolean! }
      enum Order { NAME ID }
      type Query { town(id: ID!): Town  towns(order: Order = ID): [Town]  places: [Place]  echo(number: Int): Int }`,
    resolvers: {
      Query: {
        town: (_: unknown, { id }: { id: string }) => TOWNS.find((town) => town.id === id) ?? null,
        towns: () => TOWNS,
        places: () => [...TOWNS, CAPE],
        echo: (_: unknown, { number }: { number?: number }) => number ?? null,
      },
      Place: { __resolveReference: ({ id }: { id: string }) => [...TOWNS, CAPE].find((place) => place.id === id) },
      Town: {
        __resolveReference: ({ id }: { id: string }) => TOWNS.find((town) => town.id === id),
        neighbours: ({ id }: { id: string }) => TOWNS.filter((town) => town.id !== id),
      },
    },
  },
  roads: {
    sdl: `${FEDERATION}
      type Town @key(fields: "id") { id: ID! roadKm: Float  roads: RoadList }
      type RoadList { nodes: [Road] }
      type Road @key(fields: "number") { number: ID! town: Town  lanes: Int! }`,
    resolvers: {
      Town: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        roadKm: ({ id }: { id: string }) => {
          if (id !== '2') return Number(id) * 10
          throw new StratesError({
            code: 'NOT_APPLICABLE',
            what: 'This road is secret',
            on: `town ${id}`,
            expected: 'a public road',
            remedy: 'Ask about another town.',
          })
        },
        roads: ({ id }: { id: string }) => ({ nodes: [{ number: `D${id}`, lanes: 2, town: { id: '1' } }] }),
      },
      Road: { __resolveReference: ({ number }: { number: string }) => ({ number, lanes: 2 }) },
    },
  },
  trees: {
    sdl: `${FEDERATION}
      type Town @key(fields: "id") { id: ID! trees(kind: String): Int  oldest: Tree! }
      type Tree { species: String!  age: Int! }
      type Query { forest: Tree }`,
    resolvers: {
      Query: { forest: () => ({ species: 'oak', age: 800 }) },
      Town: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        trees: ({ id }: { id: string }) => {
          if (id === '3') throw new TypeError('cannot read property "bark" of password123')
          return Number(id) * 1000
        },
        oldest: () => ({ species: 'yew', age: 1200 }),
      },
    },
  },
  sums: {
    sdl: `${FEDERATION}
      type Town @key(fields: "id") { id: ID! roadKm: Float @external  trees(kind: String): Int @external
        green: String @requires(fields: "roadKm trees") }
      type Place @key(fields: "id") @interfaceObject { id: ID! people: Int }
      type Query { busiest: Place  version: String! }`,
    resolvers: {
      Query: { busiest: () => ({ __typename: 'Place', id: '9' }), version: () => '1' },
      Town: {
        __resolveReference: (town: object) => town,
        green: ({ roadKm, trees }: { roadKm?: number; trees?: number }) => {
          const parts = Object.entries({ roadKm, trees }).filter(([, value]) => value != null)
          return parts.map(([name, value]) => `${name}=${value}`).join(' ')
        },
      },
      Place: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        people: ({ id }: { id: string }) => Number(id) * 100,
      },
    },
  },
}

export type Name = keyof typeof MODULES & string

const DOCUMENTS = new Map<string, DocumentNode>(Object.entries(MODULES).map(([name, { sdl }]) => [name, parse(sdl)]))
const SCHEMAS = new Map<string, GraphQLSchema>(
  Object.entries(MODULES).map(([name, { resolvers }]) => [
    name,
    buildSubgraphSchema([{ typeDefs: DOCUMENTS.get(name)!, resolvers: resolvers as never }]),
  ]),
)

/** The supergraph of the invented country. */
export const SUPERGRAPH = compose(
  Object.entries(MODULES).map(([name, { sdl }], index) => ({ name, url: `http://127.0.0.1:${4001 + index}`, sdl })),
)

/** The body of an answer without what it says of its cost. */
export const withoutCost = (body: string | Uint8Array): string =>
  String(body).replace(/,"extensions":\{"cost":\{[^}]*\}\}\}$/, '}')

/** What a test sees of the gateway. */
export interface TestGateway {
  readonly app: App
  readonly engine: Engine
  /** What was logged, one record a line. */
  readonly logged: { level: string; record: Record<string, unknown> }[]
  /** How many calls each subgraph received. */
  readonly calls: Record<string, number>
  /** The answer without what it says of its cost. */
  ask(query: string, variables?: Record<string, unknown>): Promise<ExecutionResult & { data: any }>
  send(request: Partial<AppRequest>): Promise<AppResponse>
  close(): Promise<void>
}

/** Starts a gateway over the invented country, with some of its subgraphs replaced. */
export async function startGateway(
  replaced: Record<string, LocalSubgraph | SubgraphTransport> = {},
  options: {
    timeoutMs?: number
    supergraphSdl?: string
    /** The versions of the data that all subgraphs say they hold; by default they say none. */
    versions?: () => readonly string[]
  } & Omit<AppOptions, 'engine'> = {},
): Promise<TestGateway> {
  const calls: Record<string, number> = {}
  const transports = localTransports(new Map([...SCHEMAS].map(([name, schema]) => [name, inProcess(schema)])))
  for (const [name, one] of Object.entries(replaced)) {
    transports.set(name, 'trusted' in one ? one : localTransports(new Map([[name, one]])).get(name)!)
  }
  const { timeoutMs, supergraphSdl = SUPERGRAPH, versions, ...appOptions } = options
  for (const [name, transport] of transports) {
    const { execute } = transport
    transports.set(name, {
      ...transport,
      ...(versions && { versions }),
      execute(request) {
        calls[name] = (calls[name] ?? 0) + 1
        // What the test says of versions is between the gateway and the transport.
        return execute(versions ? { ...request, dataVersion: undefined } : request)
      },
    })
  }
  const { logged, log: recording } = recordingLog()
  const { log = recording } = options
  const engine = createEngine({ supergraphSdl, transports, log, ...(timeoutMs !== undefined && { timeoutMs }) })
  let id = 0
  const app = createApp({ engine, log, newRequestId: () => `request-${++id}`, ...appOptions })
  await app.ready

  const send = (request: Partial<AppRequest>) =>
    app.handle({ method: 'POST', url: '/graphql', headers: { 'content-type': 'application/json' }, ...request })
  return {
    app,
    engine,
    logged,
    calls,
    send,
    async ask(query, variables) {
      const { body } = await send({ body: JSON.stringify({ query, variables }) })
      return JSON.parse(withoutCost(body))
    },
    close: () => app.close(),
  }
}

/** A log that keeps what it is told. */
export function recordingLog(): { logged: TestGateway['logged']; log: Log } {
  const logged: TestGateway['logged'] = []
  const write = (level: string) => (record: unknown) =>
    void logged.push({ level, record: record as Record<string, unknown> })
  return {
    logged,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') } as Log,
  }
}

function inProcess(schema: GraphQLSchema): LocalSubgraph {
  return {
    execute: async ({ document, variables, operationName }) =>
      execute({
        schema,
        document,
        ...(variables && { variableValues: variables }),
        ...(operationName && { operationName }),
      }),
  }
}

/** A subgraph that is down. */
export const DOWN: LocalSubgraph = { execute: () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3:4002')) }

/** A subgraph that never answers. */
export const ASLEEP: LocalSubgraph = { execute: () => new Promise(() => {}) }

/** A subgraph that answers the same thing to whatever it is asked. */
export function parrot(answer: ExecutionResult): LocalSubgraph {
  return { execute: async () => structuredClone(answer) }
}

/** Serves one subgraph of the invented country over HTTP, or any listener in its place. */
export async function serveSubgraph(name: Name, listener: RequestListener = graphqlListener(name)) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  return {
    url,
    transport: httpTransport({ name, url, answerLimit: 100_000 }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function graphqlListener(name: Name): RequestListener {
  return (request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += chunk))
    request.on('end', async () => {
      const { query, variables, operationName } = JSON.parse(text)
      const result = await graphql({
        schema: SCHEMAS.get(name)!,
        source: query,
        variableValues: variables,
        operationName,
      })
      response.setHeader('content-type', 'application/json').end(JSON.stringify(result))
    })
  }
}
