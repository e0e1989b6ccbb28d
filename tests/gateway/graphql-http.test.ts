import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from '../../gateway/app.ts'
import { createEngine } from '../../gateway/engine.ts'
import { listen, type Listening } from '../../gateway/serve.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { readSupergraph, startOver, subgraphsOver } from '../federation/federation.ts'
import { openFixtureStore } from '../fixtures/store.ts'
import { startGateway } from './fixture.ts'

/*
 * The audits of graphql-http (github.com/graphql/graphql-http) against the specification "GraphQL over HTTP", over a real
 * socket. None is waived: a recommendation that is not followed fails as a requirement does.
 */

/** How many there are; a later release of the library may have more. */
const AUDITS = 61

interface Audited {
  readonly app: App
  close(): Promise<void>
}

const GATEWAYS: readonly (readonly [string, () => Promise<Audited>])[] = [
  ['the invented country', () => startGateway()],
  ['the invented country, where answers are kept', () => startGateway({}, { versions: () => HELD })],
  ['the five subgraphs of this repository, where answers are kept', startFive],
]
const HELD = ['1']

describe.each(GATEWAYS)('GraphQL over HTTP, before %s', (_, start) => {
  let gateway: Audited
  let server: Listening
  beforeAll(async () => {
    gateway = await start()
    server = await listen({ app: gateway.app, port: 0 })
  })
  afterAll(async () => {
    await server?.close()
    await gateway?.close()
  })

  const audits = serverAudits({ url: () => `${server.url}/graphql` })

  it(`has ${AUDITS} audits`, () => {
    expect(audits).toHaveLength(AUDITS)
  })

  it.each(audits.map(({ id, name, fn }) => ({ id, name, fn })))('$id: $name', async ({ fn }) => {
    // A repeated question may be answered from what is kept, by rules that are easy to get different.
    for (const time of ['first', 'second', 'third']) expect(await resultOf(fn), `the ${time} time`).toBe('ok')
  })
})

type Audit = ReturnType<typeof serverAudits>[number]

/** "ok", or why not. */
async function resultOf(audit: Audit['fn']): Promise<string> {
  const result = await audit()
  return result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`
}

async function startFive(): Promise<Audited> {
  const store = await openFixtureStore()
  const subgraphs = new Map(subgraphsOver(store).map((subgraph) => [subgraph.name, subgraph]))
  const transports = localTransports(subgraphs, store.manifest.dataVersion)
  return startOver(createEngine({ supergraphSdl: await readSupergraph(), transports }))
}
