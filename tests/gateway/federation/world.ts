/** Small invented federations to ask: each is composed, served twice (in process and over HTTP), and asked a table of questions. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, graphql, parse, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../../gateway/app.ts'
import { compose } from '../../../gateway/compose.ts'
import { createEngine } from '../../../gateway/engine.ts'
import { localTransports } from '../../../gateway/transport/local.ts'
import type { SubgraphTransport } from '../../../gateway/transport/transport.ts'
import { recordingLog } from '../fixture.ts'

/** One subgraph of a federation. */
export interface Part {
  readonly sdl: string
  readonly resolvers?: Readonly<Record<string, object>>
}

/** A federation: its subgraphs by name, in the order in which they are composed. */
export type World = Readonly<Record<string, Part>>

/** A question and its answer. */
export interface Case {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly operationName?: string
  /** All of `data`, its fields in order; undefined where the question is refused. */
  readonly data: unknown
  /** The path of each error, with dots, in any order: none by default. Where it is `''`, the error has no path. */
  readonly errors?: readonly string[]
  /** The codes of those errors, where they matter, in any order. */
  readonly codes?: readonly string[]
  /** What each subgraph receives, where it matters: how many calls. */
  readonly calls?: Readonly<Record<string, number>>
}

/** Everything that a subgraph may say of Federation 2; a subgraph that begins with `schema` or `extend schema` says it itself. */
const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@external", "@requires", "@provides", "@shareable", "@override", "@inaccessible", "@tag", "@interfaceObject",
  "@composeDirective", "@authenticated", "@requiresScopes", "@policy"])\n`

/** A subgraph of Federation 2, with everything of it imported. */
export const part = (sdl: string, resolvers: Part['resolvers'] = {}): Part => ({ sdl: `${LINK}${sdl}`, resolvers })

/** A federation that answers. */
export interface Running {
  ask(question: Pick<Case, 'query' | 'variables' | 'operationName'>): Promise<ExecutionResult & { data?: any }>
  /** How many calls each subgraph received since it was last asked for. */
  calls(): Record<string, number>
  close(): Promise<void>
}

/** The two ways to reach subgraphs. */
export const WAYS = ['in process', 'over HTTP'] as const

/** Options of {@link startWorld}. */
export interface WorldOptions {
  /** The versions of the data that subgraphs in process tell, so that answers are kept. */
  readonly versions?: readonly string[]
  /** How long one call of one subgraph may take, in milliseconds. */
  readonly timeoutMs?: number
}

/** Starts a federation. */
export async function startWorld(
  world: World,
  way: (typeof WAYS)[number],
  options: WorldOptions = {},
): Promise<Running> {
  const schemas = new Map(Object.entries(world).map(([name, subgraph]) => [name, schemaOf(name, subgraph)]))
  let calls: Record<string, number> = {}
  const count = (name: string) => void (calls[name] = (calls[name] ?? 0) + 1)
  const isRemote = way === 'over HTTP'
  const servers = isRemote ? await Promise.all([...schemas].map(([name, one]) => serve(one, () => count(name)))) : []
  const services = Object.entries(world).map(([name, { sdl }], index) => ({ name, url: urlOf(servers[index]), sdl }))
  const { versions, ...others } = options
  const engine = createEngine({
    supergraphSdl: compose(services),
    log: recordingLog().log,
    ...others,
    ...(!isRemote && { transports: inProcess(schemas, count, versions) }),
  })
  const app = createApp({ engine, log: recordingLog().log })
  await app.ready

  return {
    async ask(question) {
      const { body } = await app.handle({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(question),
      })
      return JSON.parse(String(body)) as ExecutionResult
    },
    calls() {
      const counted = calls
      calls = {}
      return counted
    },
    async close() {
      await app.close()
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

/** Asks a federation a table of questions, both ways, each twice: the second time the plan is a known one. */
export function describeWorld(title: string, world: World, cases: Readonly<Record<string, Case>>): void {
  describe.each(WAYS)(`${title}, %s`, (way) => {
    let running: Running
    beforeAll(async () => {
      running = await startWorld(world, way)
    })
    afterAll(() => running?.close())

    it.each(Object.entries(cases))('%s', async (_, expected) => {
      const first = await askOnce(running, expected)
      const again = await askOnce(running, expected)
      for (const got of [first, again]) {
        expect(got.errors, JSON.stringify(got.messages)).toEqual((expected.errors ?? []).toSorted())
        expect(got.data, JSON.stringify(got.data)).toEqual(expected.data)
        expect(JSON.stringify(got.data), 'the order of fields').toBe(JSON.stringify(expected.data))
        if (expected.codes) expect(got.codes).toEqual(expected.codes.toSorted())
        if (expected.calls) expect(got.calls).toEqual(expected.calls)
      }
    })
  })
}

async function askOnce(running: Running, { query, variables, operationName }: Case) {
  running.calls()
  const { data, errors = [] } = await running.ask({
    query,
    ...(variables && { variables }),
    ...(operationName !== undefined && { operationName }),
  })
  return {
    data,
    errors: errors.map(({ path = [] }) => path.join('.')).toSorted(),
    codes: errors.map(({ extensions }) => String(extensions?.['code'])).toSorted(),
    messages: errors.map(({ message }) => message),
    calls: running.calls(),
  }
}

function schemaOf(name: string, { sdl, resolvers = {} }: Part): GraphQLSchema {
  try {
    return buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }])
  } catch (cause) {
    throw new Error(`the subgraph ${name} has no valid schema`, { cause })
  }
}

function inProcess(
  schemas: ReadonlyMap<string, GraphQLSchema>,
  count: (name: string) => void,
  versions: readonly string[] | undefined,
): Map<string, SubgraphTransport> {
  const registry = [...schemas].map(([name, schema]) => {
    const one = {
      execute: async ({ document, variables, operationName }: Parameters<SubgraphTransport['execute']>[0]) => {
        count(name)
        return execute({ schema, document, variableValues: variables, operationName: operationName ?? null })
      },
    }
    return [name, one] as const
  })
  const transports = localTransports(new Map(registry as never))
  if (versions) for (const [name, one] of transports) transports.set(name, held(one, versions))
  return transports
}

/** A transport that tells versions, whatever it is asked of. */
const held = (transport: SubgraphTransport, versions: readonly string[]): SubgraphTransport => ({
  ...transport,
  versions: () => versions,
  execute: (request) => transport.execute({ ...request, dataVersion: undefined }),
})

/** A subgraph as any server would be: it validates what it is asked. */
async function serve(schema: GraphQLSchema, onCall: () => void): Promise<Server> {
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += String(chunk)))
    request.on('end', async () => {
      onCall()
      const { query, variables, operationName } = JSON.parse(text) as {
        query: string
        variables?: Record<string, unknown>
        operationName?: string
      }
      const result = await graphql({
        schema,
        source: query,
        variableValues: variables,
        operationName: operationName ?? null,
      })
      response.setHeader('content-type', 'application/json').end(JSON.stringify(result))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const urlOf = (server: Server | undefined): string =>
  server ? `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` : 'http://in.process'

/**
 * Resolves references to rows: the row that has the values of a reference, with what the gateway sent along (`@requires`) over it;
 * null where there is none.
 */
export const rowsOf =
  (rows: readonly Readonly<Record<string, unknown>>[], ...keys: readonly string[]) =>
  (reference: Readonly<Record<string, unknown>>): object | null => {
    const known = keys.filter((key) => reference[key] !== undefined)
    const row = rows.find((one) => known.length > 0 && known.every((key) => isSame(one[key], reference[key])))
    return row ? { ...row, ...reference, __typename: row['__typename'] ?? reference['__typename'] } : null
  }

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right)
