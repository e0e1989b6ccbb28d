/** Which datasets an answer's figures come from: what the gateway counts as reuse. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'graphql'
import type { Store } from '../../core/store/open.ts'
import { createApp, type App } from '../../gateway/app.ts'
import { createEngine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { httpTransport } from '../../gateway/transport/http.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { serveSubgraph } from '../../subgraphs/kit/serve.ts'
import { openFixtureStore } from '../fixtures/store.ts'
import { readSupergraph, subgraphsOver } from './federation.ts'

const ECOLES = 'fr-en-ecoles-effectifs-nb_classes'

let store: Store
beforeAll(async () => {
  store = await openFixtureStore()
})

const execute = async (owner: string, query: string) => {
  const subgraph = subgraphsOver(store).find(({ name }) => name === owner)
  return await subgraph!.execute({ document: parse(query) })
}

describe('a subgraph', () => {
  it('says which datasets its figures come from', async () => {
    const { errors, extensions } = await execute(
      'commune',
      '{ commune(code: "35238") { schoolEnrolment(schoolYear: 2021) { primary { value } } } }',
    )
    expect(errors).toBeUndefined()
    expect(extensions).toEqual({ datasets: [ECOLES] })
  })

  it('says it of breakdowns, of schools and of their facts', async () => {
    const breakdown =
      '{ commune(code: "35238") { schoolEnrolment(schoolYear: 2021) { primaryBreakdown(by: [SECTOR]) { observation { value } } } } }'
    expect((await execute('commune', breakdown)).extensions).toEqual({ datasets: [ECOLES] })
    const { schools } = store.reader('national')
    const { uai, source } = schools.at(0)
    const facts = await execute('national', `{ school(uai: "${uai}") { name } }`)
    expect(facts.extensions).toEqual({ datasets: [source.dataset] })
  })

  it('says nothing where no dataset gave a figure: for names, and for values that are absent', async () => {
    for (const query of [
      '{ commune(code: "35238") { name } }',
      '{ commune(code: "35238") { schoolEnrolment(schoolYear: 2013) { primary { value } } } }',
    ])
      expect(await execute('commune', query)).not.toHaveProperty('extensions')
  })
})

describe('the gateway', () => {
  const QUERY =
    '{ commune(code: "35238") { name population { value } schoolEnrolment(schoolYear: 2021) { total { value } } } }'
  const closing: (() => Promise<void>)[] = []
  afterAll(() => Promise.all(closing.map((close) => close())))

  const over = async (transports: Parameters<typeof createEngine>[0]['transports']) => {
    const told: (readonly string[])[] = []
    const engine = createEngine({ supergraphSdl: await readSupergraph(), transports: transports! })
    const app: App = createApp({ engine, log: SILENT, onReuse: (datasets) => void told.push(datasets) })
    closing.push(() => app.close())
    await app.ready
    const { body } = await app.handle({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUERY }),
    })
    return { told, answer: JSON.parse(String(body)) }
  }

  it('gathers them from all owners, and tells clients nothing of it', async () => {
    const transports = localTransports(new Map(subgraphsOver(store).map((one) => [one.name, one])))
    const { told, answer } = await over(transports)
    expect(answer.errors).toBeUndefined()
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(ECOLES)
    expect(told[0]?.length).toBeGreaterThan(2)
    expect(told[0]).toEqual([...(told[0] ?? [])].toSorted())
    expect(Object.keys(answer.extensions)).toEqual(['cost'])
  })

  it('gathers them over HTTP too', async () => {
    const transports = new Map(
      await Promise.all(
        subgraphsOver(store).map(async (one) => {
          const { url, close } = await serveSubgraph(one, { host: '127.0.0.1', port: 0 })
          closing.push(close)
          return [one.name, httpTransport({ name: one.name, url })] as const
        }),
      ),
    )
    const { told } = await over(transports)
    const local = await over(localTransports(new Map(subgraphsOver(store).map((one) => [one.name, one]))))
    expect(told).toEqual(local.told)
  })
})
