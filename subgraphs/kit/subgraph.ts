import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, parse, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql'
import type { OwnerName } from '../../core/observations/owner.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import { createContext, machineClock, type SubgraphContext } from './context.ts'
import { entitiesOf } from './entities.ts'
import { extensionsOf } from './use.ts'
import { waitInFields } from './waiting.ts'

/** What makes a subgraph: its name, which is its folder, and its resolvers; its schema is in `schema.graphql` there. */
export interface SubgraphDefinition {
  readonly name: OwnerName
  readonly resolvers: Readonly<Record<string, object>>
  /** Makes, before a store is served, what its first questions would wait for; meanwhile others are answered. */
  readonly prepare?: (store: StoreReader) => Promise<void>
}

/** A subgraph over a store: it reads nothing but what its owner's reader gives. */
export interface Subgraph {
  readonly name: OwnerName
  readonly schema: GraphQLSchema
  context(): SubgraphContext
  /** The same subgraph over other data of the same owner, behind the same engine. */
  over(store: StoreReader): Subgraph
  /**
   * Answers an operation without HTTP: for a gateway in the same process, at once wherever nothing has to be waited for. Beside
   * the answer, `extensions.datasets` says which datasets its figures come from.
   */
  execute(request: {
    readonly document: DocumentNode
    readonly variables?: Readonly<Record<string, unknown>> | undefined
    readonly operationName?: string | undefined
  }): ExecutionResult | Promise<ExecutionResult>
}

const SUBGRAPHS = join(import.meta.dirname, '..')

/** The text of a subgraph's schema: what all five share, then its own. */
export const schemaTextOf = (name: OwnerName): string =>
  `${readFileSync(join(SUBGRAPHS, 'kit', 'shared.graphql'), 'utf8')}\n${readFileSync(join(SUBGRAPHS, name, 'schema.graphql'), 'utf8')}`

/**
 * Builds a subgraph over its owner's reader.
 * @param now the clock; default that of the machine.
 */
export function createSubgraph(
  { name, resolvers }: SubgraphDefinition,
  store: StoreReader,
  { now = machineClock }: { readonly now?: () => Date } = {},
): Subgraph {
  const query = { ...resolvers['Query'], _entities: entitiesOf(resolvers) }
  const all = { ...resolvers, Query: query }
  const schema = buildSubgraphSchema([{ typeDefs: parse(schemaTextOf(name)), resolvers: all as never }])
  // Nothing is paid for it where the store is in memory.
  if (store.waits) waitInFields(schema)
  return overStore(store)

  /** The schema is made once, the data comes with each request. */
  function overStore(held: StoreReader): Subgraph {
    const context = () => createContext(held, now)
    return {
      name,
      schema,
      context,
      over: overStore,
      execute({ document, variables, operationName }) {
        const contextValue = context()
        const result = execute({ schema, document, variableValues: variables, operationName, contextValue })
        const told = (answer: ExecutionResult) => ({ ...answer, ...extensionsOf(contextValue) })
        return result instanceof Promise ? result.then(told) : told(result)
      },
    }
  }
}
