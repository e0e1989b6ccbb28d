/** The operations as tables while an owner does not answer. */
import { parse as parseCsv } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OwnerName } from '../../core/observations/owner.ts'
import { createEngine } from '../../gateway/engine.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { openFixtureStore } from '../fixtures/store.ts'
import { readSupergraph, startOver, subgraphsOver, type Federation } from '../federation/federation.ts'

let federation: Federation
let silent: OwnerName | undefined
beforeAll(async () => {
  const store = await openFixtureStore()
  const subgraphs = new Map(subgraphsOver(store).map((subgraph) => [subgraph.name, subgraph]))
  const transports = new Map(
    [...localTransports(subgraphs, store.edition)].map(([name, transport]) => [
      name,
      {
        ...transport,
        execute(request: Parameters<typeof transport.execute>[0]) {
          if (name === silent) throw new Error('connection refused')
          return transport.execute(request)
        },
      },
    ]),
  )
  federation = await startOver(createEngine({ supergraphSdl: await readSupergraph(), transports }))
})
afterAll(() => federation?.close())

const get = (path: string) => federation.app.handle({ method: 'GET', url: `/v1/${path}`, headers: {} })

describe('while an owner does not answer', () => {
  it('a table has the rest, and a status that says why a figure is not there', async () => {
    silent = 'departement'
    const { status, headers, body } = await get('enrolment-by-tier.csv?schoolYear=2021')
    expect([status, headers['cache-control'], headers['etag']]).toEqual([200, 'no-store', undefined])
    const rows = parseCsv(Buffer.from(body as Uint8Array), { columns: true }) as Record<string, string>[]
    const commune = rows.find(({ tier }) => tier === 'COMMUNE')
    expect(commune).toMatchObject({
      name: 'Rennes',
      school_enrolment_primary_status: 'NORMAL',
      school_enrolment_lower_secondary_value: '',
      school_enrolment_lower_secondary_status: 'SOURCE_UNAVAILABLE',
      school_enrolment_total_status: 'PARTIAL',
    })
  })

  it('a format with room for it says which owner it was', async () => {
    silent = 'departement'
    const { body } = await get('enrolment-series.jsonstat')
    expect(Buffer.from(body as Uint8Array).toString()).toMatch(/departement/)
    expect(JSON.stringify(JSON.parse(Buffer.from(body as Uint8Array).toString()).extension)).toMatch(/departement/)
  })

  it('JSON is partial and says so, and nobody may keep it', async () => {
    silent = 'departement'
    const { status, headers, body } = await get('territory')
    const { errors } = JSON.parse(Buffer.from(body as Uint8Array).toString())
    expect([status, headers['cache-control']]).toEqual([200, 'no-store'])
    expect(errors[0].extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'departement' })
  })

  it('what it alone could answer is a problem of 503 that says when to come back', async () => {
    silent = 'national'
    const { status, headers, body } = await get('schools.csv')
    expect([status, headers['retry-after']]).toEqual([503, '5'])
    expect(JSON.parse(String(body))).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'national' })
  })
})
