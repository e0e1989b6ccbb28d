import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore } from '../../core/store/open.ts'
import { createApp, type App } from '../../gateway/app.ts'
import { createEngine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { noteQuarantine } from '../../pipeline/quarantine.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { readSupergraph, subgraphsOver } from './federation.ts'

const ECOLES = 'fr-en-ecoles-effectifs-nb_classes'

describe('/status', () => {
  let data: string
  let app: App
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'strates-status-'))
    await cp(await fixtureStore(), data, { recursive: true })
    const subgraphs = subgraphsOver(await openStore(data, OWNERS))
    const transports = localTransports(new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph])))
    app = createApp({ engine: createEngine({ supergraphSdl: await readSupergraph(), transports }), log: SILENT })
    await app.ready
  })
  afterAll(async () => {
    await app?.close()
    await rm(data, { recursive: true, force: true })
  })
  const ask = async () => {
    const { status, headers, body } = await app.handle({ method: 'GET', url: '/status', headers: {} })
    return { status, headers, body: JSON.parse(String(body)) }
  }

  it('tells of every dataset what is held and how fresh it is', async () => {
    const { status, headers, body } = await ask()
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
    })
    expect(body.status).toBe('ok')
    expect(body.datasets).toHaveLength(6)
    for (const { freshness, version, quarantine } of body.datasets) {
      expect(freshness).toMatch(/^[A-Z_]+$/)
      expect(version).toMatch(/\S/)
      expect(quarantine).toEqual([])
    }
  })

  it('tells at once, and as long as it lasts, that the newest file of a dataset was refused', async () => {
    const refused = {
      dataset: ECOLES,
      code: 'CHECK_FAILED',
      message: 'a total like the one before',
      since: '2026-01-02T03:04:05.000Z',
    }
    await noteQuarantine(data, [refused], [])
    const { body } = await ask()
    expect(body.status).toBe('quarantine')
    const ecoles = body.datasets.find(({ id }: { id: string }) => id === ECOLES)
    expect(ecoles.quarantine).toEqual([{ code: 'CHECK_FAILED', message: refused.message, since: refused.since }])
    await noteQuarantine(data, [], [ECOLES])
    expect((await ask()).body.status).toBe('ok')
  })
})
