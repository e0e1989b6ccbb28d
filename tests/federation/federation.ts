/** The gateway in this process, over the committed supergraph and the fixture store: what every test here asks. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GraphQLSchema } from 'graphql'
import { OWNERS } from '../../core/observations/owner.ts'
import type { Store } from '../../core/store/open.ts'
import { createApp, type App } from '../../gateway/app.ts'
import { createEngine, type Engine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { createSubgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { openFixtureStore, REPOSITORY } from '../fixtures/store.ts'

/** The supergraph as committed. */
export const readSupergraph = (): Promise<string> => readFile(join(REPOSITORY, 'gateway', 'supergraph.graphql'), 'utf8')

/** An error of an answer, as a client reads it. */
export interface ClientError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: Readonly<Record<string, unknown>>
}

/** An answer as a client reads it. `data` is whatever was asked for. */
export interface Answer {
  readonly data: any
  readonly errors?: readonly ClientError[]
  readonly extensions: { readonly cost: { readonly requested: number } }
}

/** A gateway to ask. */
export interface Federation {
  readonly app: App
  readonly apiSchema: GraphQLSchema
  /** The answer, whatever its errors. */
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>
  /** The data of an answer that has no error; fails when it has one. */
  get(query: string, variables?: Readonly<Record<string, unknown>>): Promise<any>
  close(): Promise<void>
}

/** Starts the gateway with the five subgraphs in this process, which keep no answers unless they tell the edition of the store. */
export async function startFederation({ tellsEdition = false } = {}): Promise<Federation> {
  const store = await openFixtureStore()
  const subgraphs = new Map(subgraphsOver(store).map((subgraph) => [subgraph.name, subgraph]))
  const transports = localTransports(subgraphs, tellsEdition ? store.edition : undefined)
  return startOver(createEngine({ supergraphSdl: await readSupergraph(), transports }))
}

/** The five subgraphs over one store. */
export const subgraphsOver = (store: Store) => OWNERS.map((name) => createSubgraph(SUBGRAPHS[name], store.reader(name)))

/** Starts the app around an engine. */
export async function startOver(engine: Engine): Promise<Federation> {
  const app = createApp({ engine, log: SILENT })
  await app.ready
  const { apiSchema } = engine
  if (apiSchema === undefined) throw new Error('the engine answers, and has no schema')

  const ask: Federation['ask'] = (query, variables = {}) => askOf(app, query, variables)
  return {
    app,
    apiSchema,
    ask,
    async get(query, variables) {
      const { data, errors } = await ask(query, variables)
      if (errors !== undefined) throw new Error(`unexpected errors: ${JSON.stringify(errors, null, 1)}`)
      return data
    },
    close: () => app.close(),
  }
}

async function askOf(app: App, query: string, variables: Readonly<Record<string, unknown>>): Promise<Answer> {
  const response = await app.handle({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return JSON.parse(String(response.body)) as Answer
}
