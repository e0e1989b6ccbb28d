/** The same questions over two engines have the same answers, byte for byte. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import type { Store } from '../../core/store/open.ts'
import { createEngine } from '../../gateway/engine.ts'
import { readOperations } from '../../gateway/doors/operations/operation.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { readSupergraph, startOver, subgraphsOver, type Federation } from '../federation/federation.ts'
import { randomQuestions } from '../operations/randomQuestions.ts'

/** The gateway with the five subgraphs over a store, prepared as before it is served. */
export async function startOverStore(store: Store): Promise<Federation> {
  for (const name of OWNERS) await SUBGRAPHS[name].prepare?.(store.reader(name))
  const transports = localTransports(new Map(subgraphsOver(store).map((subgraph) => [subgraph.name, subgraph])))
  return startOver(createEngine({ supergraphSdl: await readSupergraph(), transports }))
}

/** Asks both every operation of the folder as it stands there. @returns how many. */
export async function compareOperations(cube: Federation, other: Federation): Promise<number> {
  const operations = readOperations()
  for (const { name, text } of operations) expect(await other.ask(text), name).toEqual(await cube.ask(text))
  return operations.length
}

/** Asks both 300 random questions. @returns how many of them have an error. */
export async function compareRandom(cube: Federation, other: Federation): Promise<number> {
  let refused = 0
  await fc.assert(
    fc.asyncProperty(randomQuestions, async ({ operation: { name, text }, variables }) => {
      const expected = await cube.ask(text, variables)
      expect(await other.ask(text, variables), `${name} ${JSON.stringify(variables)}`).toEqual(expected)
      refused += expected.errors === undefined ? 0 : 1
    }),
    { numRuns: 300, seed: 2026 },
  )
  return refused
}
