import { lexicographicSortSchema, printSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listOf, pointOf, totalOf, typeaheadOf, type Question } from '../../bench/kit/documents.ts'
import { createMonolith, monolithEngine } from '../../bench/monolith.ts'
import type { Store } from '../../core/store/open.ts'
import { createApp, type App } from '../../gateway/app.ts'
import { createEngine, type Engine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { readSupergraph, subgraphsOver } from '../federation/federation.ts'
import { openFixtureStore } from '../fixtures/store.ts'

let store: Store
let federated: App
let alone: App
let engines: { readonly federated: Engine; readonly alone: Engine }

beforeAll(async () => {
  store = await openFixtureStore()
  const supergraphSdl = await readSupergraph()
  const transports = localTransports(new Map(subgraphsOver(store).map((subgraph) => [subgraph.name, subgraph])))
  engines = {
    federated: createEngine({ supergraphSdl, transports }),
    alone: monolithEngine(createMonolith(store, supergraphSdl)),
  }
  const limits = { pointsPerMinute: 0 }
  federated = createApp({ engine: engines.federated, log: SILENT, limits })
  alone = createApp({ engine: engines.alone, log: SILENT, limits })
  await Promise.all([federated.ready, alone.ready])
})
afterAll(() => Promise.all([federated.close(), alone.close()]))

const ask = async (app: App, body: object) => {
  const response = await app.handle({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: String(response.body) }
}

const QUESTIONS: Readonly<Record<string, (store: Store) => Question>> = {
  point: pointOf,
  list: listOf,
  total: totalOf,
  typeahead: typeaheadOf,
}

describe('the server without federation that the gateway is measured beside', () => {
  it.each(Object.keys(QUESTIONS))('gives the same bytes for %s, and no error', async (name) => {
    const { query, cases } = QUESTIONS[name]!(store)
    for (const variables of cases.slice(0, 5)) {
      const answer = await ask(alone, { query, variables })
      expect(answer).toEqual(await ask(federated, { query, variables }))
      expect(answer).toMatchObject({ status: 200 })
      expect(answer.body).not.toContain('"errors"')
    }
  })

  it('asks a list of more than 300 communes, and tiers of which some have figures', async () => {
    const list = await ask(alone, { query: listOf(store).query, variables: { departement: '35' } })
    expect(JSON.parse(list.body).data.departement.communes.totalCount).toBeGreaterThan(300)
    const total = await ask(alone, { query: totalOf(store).query, variables: totalOf(store).cases[0] })
    expect(JSON.parse(total.body).data.departement.schoolEnrolment.total.value).toBeGreaterThan(0)
  })

  it('has the schema that clients of the gateway see', () => {
    const text = ({ apiSchema }: Engine) => printSchema(lexicographicSortSchema(apiSchema!))
    expect(text(engines.alone)).toBe(text(engines.federated))
  })

  it('has the same guards: it refuses what the gateway refuses, with the same bytes', async () => {
    const refused = [
      { query: '{ commune(code: "35238") { ...F } } fragment F on Commune { ...F }' },
      { query: `{ ${Array.from({ length: 40 }, (_, index) => `a${index}: nation { name }`).join(' ')} }` },
      { query: `{ nation { departements(first: 1000) { nodes { communes(first: 1000) { nodes { name } } } } } }` },
      [{ query: '{ nation { name } }' }],
    ]
    for (const body of refused) {
      const answer = await ask(alone, body)
      expect(answer.body).toContain('"errors"')
      expect(answer).toEqual(await ask(federated, body))
    }
  })
})
