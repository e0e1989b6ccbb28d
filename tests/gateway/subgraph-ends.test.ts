import { Agent, request } from 'undici'
import { expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { serveSubgraph } from '../../subgraphs/kit/serve.ts'
import { createSubgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { fixtureStore } from '../fixtures/store.ts'

it('answers what it was asked when it ends, and leaves no connection on which it could be asked again', async () => {
  const store = await openStore(await fixtureStore(), ['commune'])
  const subgraph = createSubgraph(SUBGRAPHS.commune, store.reader('commune'))
  let ended: Promise<void> | undefined
  const serving = await serveSubgraph(subgraph, {
    host: '127.0.0.1',
    port: 0,
    held: {
      editions: () => [],
      // It is told to end while it answers.
      find: () => ((ended ??= serving.close()), subgraph),
    },
  })
  // As a gateway has it: connections are kept, and it asks every second.
  const dispatcher = new Agent({ connections: 1 })
  const ask = () =>
    request(serving.url, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ commune(code: \\"35238\\") { name } }"}',
    })
  const { headers, body } = await ask()
  expect([headers['connection'], await body.json()]).toEqual(['close', { data: { commune: { name: 'Rennes' } } }])
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await ended
  await dispatcher.close()
})
