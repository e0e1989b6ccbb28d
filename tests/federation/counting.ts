/** The gateway over the five subgraphs, counting what it asks of them and what they read of the store. */
import { execute, type ExecutionResult } from 'graphql'
import type { StoreReader } from '../../core/store/reader.ts'
import { createEngine } from '../../gateway/engine.ts'
import { localTransports, type LocalSubgraph } from '../../gateway/transport/local.ts'
import { createContext } from '../../subgraphs/kit/context.ts'
import type { Subgraph } from '../../subgraphs/kit/subgraph.ts'
import { openFixtureStore } from '../fixtures/store.ts'
import { readSupergraph, startOver, subgraphsOver, type Federation } from './federation.ts'

/** What one operation made the subgraphs do. */
export interface Counted {
  /** How many requests each subgraph received. */
  readonly requests: Readonly<Record<string, number>>
  /** How many values each subgraph read of the store, by way of reading: `commune.observe`. */
  readonly reads: Readonly<Record<string, number>>
  /** What was read more than once in one request to a subgraph. */
  readonly repeated: readonly string[]
}

/** A federation that counts. */
export interface CountingFederation extends Federation {
  /** What was counted since this was last called. */
  counted(): Counted
}

/** The ways to read a value of the store: everything else that a reader has is a list that it holds already. */
const READS: ReadonlySet<string> = new Set<keyof StoreReader>([
  'observe',
  'breakDown',
  'observeSchool',
  'missingIn',
  'conversionsOf',
  'valuesOf',
])

/** Starts the gateway with the five subgraphs in this process, each reading through a reader that counts. */
export async function startCounting(): Promise<CountingFederation> {
  const store = await openFixtureStore()
  let tally = emptyTally()
  const counting = subgraphsOver(store).map((subgraph): [string, LocalSubgraph] => [
    subgraph.name,
    { execute: (request) => answer(subgraph, store.reader(subgraph.name), request, tally) },
  ])
  const transports = localTransports(new Map(counting))
  const federation = await startOver(createEngine({ supergraphSdl: await readSupergraph(), transports }))
  tally = emptyTally()
  return {
    ...federation,
    counted() {
      const { requests, reads, repeated } = tally
      tally = emptyTally()
      return { requests: sorted(requests), reads: sorted(reads), repeated }
    },
  }
}

interface Tally {
  readonly requests: Map<string, number>
  readonly reads: Map<string, number>
  readonly repeated: string[]
}

const emptyTally = (): Tally => ({ requests: new Map(), reads: new Map(), repeated: [] })

/** As a subgraph answers, but for the reader that its resolvers get. */
async function answer(
  { name, schema }: Subgraph,
  reader: StoreReader,
  { document, variables, operationName }: Parameters<LocalSubgraph['execute']>[0],
  { requests, reads, repeated }: Tally,
): Promise<ExecutionResult> {
  add(requests, name)
  const seen = new Set<string>()
  const counted = countingReader(reader, (way, given) => {
    add(reads, `${name}.${way}`)
    const one = `${name}.${way}(${described(given)})`
    if (seen.has(one)) repeated.push(one)
    seen.add(one)
  })
  return execute({
    schema,
    document,
    variableValues: variables,
    operationName: operationName ?? null,
    contextValue: createContext(counted),
  })
}

/** The same reader, telling of each value that is read. */
function countingReader(reader: StoreReader, tell: (way: string, given: readonly unknown[]) => void): StoreReader {
  return new Proxy(reader, {
    get(target, name: keyof StoreReader) {
      const member = target[name]
      if (typeof member !== 'function' || !READS.has(name)) return member
      return (...given: unknown[]) => {
        tell(name, given)
        return (member as (...given: unknown[]) => unknown).apply(target, given)
      }
    },
  })
}

/** Territories by id: two objects for one place are one place. */
const described = (given: readonly unknown[]): string =>
  JSON.stringify(given, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !('tier' in value && 'id' in value))
      return value
    return value.id
  })

const add = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)

const sorted = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].toSorted(([left], [right]) => (left < right ? -1 : 1)))
