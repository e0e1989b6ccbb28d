import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp, type App } from '../../gateway/app.ts'
import { createEngine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { localTransports, type LocalSubgraph } from '../../gateway/transport/local.ts'
import { openFixtureStore } from '../fixtures/store.ts'
import { readSupergraph, subgraphsOver } from './federation.ts'

const get = (app: App, host?: string) =>
  app.handle({ method: 'GET', url: '/v1/catalog.jsonld', headers: host === undefined ? {} : { host } })

async function start(replaced: Readonly<Record<string, LocalSubgraph>> = {}): Promise<App> {
  const store = await openFixtureStore()
  const subgraphs = subgraphsOver(store).map((one): [string, LocalSubgraph] => [one.name, replaced[one.name] ?? one])
  const engine = createEngine({
    supergraphSdl: await readSupergraph(),
    transports: localTransports(new Map(subgraphs)),
  })
  const app = createApp({ engine, log: SILENT })
  await app.ready
  return app
}

describe('/v1/catalog.jsonld', () => {
  let app: App
  beforeAll(async () => {
    app = await start()
  })
  afterAll(() => app?.close())

  it('lists every dataset as DCAT, open to every page', async () => {
    const { status, headers, body } = await get(app, 'strates.example:4000')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'application/ld+json; charset=utf-8',
      'access-control-allow-origin': '*',
    })
    const catalog = JSON.parse(String(body))
    expect(catalog['@id']).toBe('http://strates.example:4000/v1/catalog.jsonld')
    expect(catalog['dcat:dataset']).toHaveLength(6)
    for (const dataset of catalog['dcat:dataset']) {
      expect(dataset).toHaveProperty(['dct:license'])
      expect(dataset).toHaveProperty(['dct:publisher'])
      expect(dataset).toHaveProperty(['dcat:distribution'])
    }
  })

  it('takes no name from a Host header that is none', async () => {
    const { body } = await get(app, 'evil.example/"><script>')
    expect(JSON.parse(String(body))['@id']).toBe('/v1/catalog.jsonld')
  })

  it('is 503 when its owner is down', async () => {
    const down = await start({ national: { execute: () => Promise.reject(new Error('down')) } })
    const { status, headers } = await get(down)
    expect(status).toBe(503)
    expect(headers['content-type']).toContain('application/problem+json')
    await down.close()
  })
})
