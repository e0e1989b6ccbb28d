/** Any query has the answer that one schema over all the data would give: the federation does not show. */
import fc from 'fast-check'
import { graphql } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { queriesOf } from './anyQuery.ts'
import { ROOT, WHOLE, WORLD } from './country.ts'
import { startWorld, WAYS, type Running } from './world.ts'

describe.each(WAYS)('a federation, %s', (way) => {
  let running: Running
  beforeAll(async () => {
    running = await startWorld(WORLD, way)
  })
  afterAll(() => running?.close())

  it('answers any query as one schema does', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(queriesOf(WHOLE), async (query) => {
        const expected = JSON.parse(JSON.stringify(await graphql({ schema: WHOLE, source: query, rootValue: ROOT })))
        const { data, errors } = await running.ask({ query })
        // What GraphQL refuses, such as two things under one name, or a limit of ours, says nothing about the federation.
        fc.pre(expected.data !== undefined && !String(errors?.[0]?.extensions?.['code']).startsWith('TOO_'))
        expect({ data, errors }, query).toEqual({ data: expected.data, errors: undefined })
        expect(JSON.stringify(data)).toBe(JSON.stringify(expected.data))
      }),
      // The same questions each time. To look further: RUNS=2000 SEED=7 npx vitest run any-query
      { numRuns: Number(process.env['RUNS'] ?? 150), seed: Number(process.env['SEED'] ?? 2026) },
    )
  })
})
