/** The same questions over several engines have the same answers, byte for byte. */
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

/** How long one answer, and one read, may take where answers are compared, in milliseconds. */
export const PATIENCE_MS = 9000

/** The gateway with the five subgraphs over a store, prepared as before it is served. */
export async function startOverStore(store: Store): Promise<Federation> {
  for (const name of OWNERS) await SUBGRAPHS[name].prepare?.(store.reader(name))
  const transports = localTransports(new Map(subgraphsOver(store).map((subgraph) => [subgraph.name, subgraph])))
  // What is compared is the answers: a machine at its limit has time for them.
  return startOver(createEngine({ supergraphSdl: await readSupergraph(), transports, timeoutMs: PATIENCE_MS }))
}

/** Asks all of them every operation of the folder as it stands there. @returns how many. */
export async function compareOperations(cube: Federation, others: readonly Federation[]): Promise<number> {
  const operations = readOperations()
  for (const { name, text } of operations) {
    const expected = await cube.ask(text)
    for (const other of others) expect(await other.ask(text), name).toEqual(expected)
  }
  return operations.length
}

/** Asks all of them 300 random questions. @returns how many of those have an error. */
export async function compareRandom(cube: Federation, others: readonly Federation[]): Promise<number> {
  let refused = 0
  await fc.assert(
    fc.asyncProperty(randomQuestions, async ({ operation: { name, text }, variables }) => {
      const expected = await cube.ask(text, variables)
      for (const other of others)
        expect(await other.ask(text, variables), `${name} ${JSON.stringify(variables)}`).toEqual(expected)
      refused += expected.errors === undefined ? 0 : 1
    }),
    { numRuns: 300, seed: 2026 },
  )
  return refused
}
