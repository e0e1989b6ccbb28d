import { gzipSync } from 'node:zlib'
import { parse } from 'graphql'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../core/store/open.ts'
import { httpTransport } from '../../gateway/transport/http.ts'
import { serveSubgraph as serveReal } from '../../subgraphs/kit/serve.ts'
import { createSubgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { serveSubgraph } from './fixture.ts'

let store: Store
beforeAll(async () => {
  store = await openStore(await fixtureStore(), ['commune'])
})

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

function ask(url: string, compressed: boolean, query: string) {
  const transport = httpTransport({ name: 'one', url, compressed, answerLimit: 100_000 })
  open.push(() => transport.close())
  return transport.execute({ document: parse(query), requestId: 'r', signal: new AbortController().signal })
}

describe('answers from another machine', () => {
  it('come compressed where that makes them smaller, and say the same', async () => {
    const subgraph = createSubgraph(SUBGRAPHS.commune, store.reader('commune'))
    const { url, close } = await serveReal(subgraph, { host: '127.0.0.1', port: 0 })
    open.push(close)
    const [long, short] = ['{ _service { sdl } }', '{ __typename }']
    for (const query of [long, short]) expect(await ask(url, true, query)).toEqual(await ask(url, false, query))
    const headersOf = async (query: string) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip' },
        body: JSON.stringify({ query }),
      })
      await response.text()
      return response.headers
    }
    expect((await headersOf(long)).get('content-encoding')).toBe('gzip')
    expect(Number((await headersOf(long)).get('content-length'))).toBeLessThan(20_000)
    expect((await headersOf(short)).get('content-encoding')).toBeNull()
  })

  it.each([
    ['stand for more than may be read', gzipSync(Buffer.alloc(50_000_000, ' ')), 'TOO_LARGE'],
    ['are cut short', gzipSync(`{"data":{"a":"${'x'.repeat(1000)}"}}`).subarray(0, 30), 'BAD_ANSWER'],
    ['are not compressed at all', Buffer.from('{"data":{}}'), 'BAD_ANSWER'],
  ])('are an outage where they %s', async (_, body, reason) => {
    const server = await serveSubgraph('trees', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(body)
    })
    open.push(() => server.close())
    await expect(ask(server.url, true, '{ a }')).rejects.toMatchObject({ facts: { details: { reason } } })
  })
})
