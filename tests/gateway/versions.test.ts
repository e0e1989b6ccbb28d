import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse } from 'graphql'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore } from '../../core/store/open.ts'
import { readEditions } from '../../core/versions.ts'
import { createApp, type App } from '../../gateway/app.ts'
import { createEngine, type Engine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { httpTransport } from '../../gateway/transport/http.ts'
import { versionedTransports } from '../../gateway/transport/local.ts'
import type { SubgraphTransport } from '../../gateway/transport/transport.ts'
import { createPin, watchVersions } from '../../gateway/transport/versions.ts'
import { serveSubgraph, type HeldSubgraph } from '../../subgraphs/kit/serve.ts'
import { createSubgraph, type Subgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { readSupergraph } from '../federation/federation.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { SUPERGRAPH } from './fixture.ts'

beforeAll(() => fixtureStore())

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

describe('the version that all subgraphs can answer from', () => {
  const pinOf = (...held: string[][]) =>
    createPin(() => held.map((versions) => ({ versions: () => versions }) as unknown as SubgraphTransport))()

  it.each<[string, string[][], string | undefined]>([
    ['is none where none is told', [[], []], undefined],
    [
      'is the newest of all',
      [
        ['b', 'a'],
        ['b', 'a'],
      ],
      'b',
    ],
    ['is the newest that all hold', [['b', 'a'], ['a'], ['b', 'a']], 'a'],
    ['is that of those that tell one', [['a'], [], ['a']], 'a'],
    ['is that of most where none is common, so that the others are missing', [['b'], ['b'], ['a']], 'b'],
    [
      'is the newest common one, whichever is listed first',
      [
        ['c', 'b'],
        ['b', 'c'],
        ['c', 'b'],
      ],
      'c',
    ],
  ])('%s', (_, held, expected) => expect(pinOf(...held)).toBe(expected))
})

it('are read from a header that is a list of them, and from no other', () => {
  expect(readEditions('ab12.34, cd56.78')).toEqual(['ab12.34', 'cd56.78'])
  for (const wrong of [
    '',
    'a b',
    'a,,b',
    '<html>',
    'x'.repeat(65),
    Array.from({ length: 11 }, (_, i) => `v${i}`).join(','),
  ])
    expect(readEditions(wrong)).toEqual([])
})

describe('subgraphs in process over data that changes', () => {
  it('answer a question under way from the version with which it began, or the whole of it again', async () => {
    let held: readonly string[] = ['new.1', 'old.1']
    const seen: (string | undefined)[] = []
    const transports = versionedTransports({
      names: ['towns', 'roads', 'trees', 'sums'],
      versions: () => held,
      find: (name, version = held[0]) =>
        held.includes(version ?? '')
          ? {
              execute: async () => {
                seen.push(`${name} ${version}`)
                if (name === 'towns') held = after
                const town = { __typename: 'Town', id: '1', name: `of ${version}`, roadKm: version === 'new.1' ? 1 : 2 }
                return { data: name === 'towns' ? { town } : { _entities: [town] } }
              },
            }
          : undefined,
    })
    const engine = createEngine({ supergraphSdl: SUPERGRAPH, transports })
    const app = createApp({ engine, log: SILENT })
    await app.ready
    open.push(() => app.close())
    const ask = async () => {
      const { body } = await app.handle({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ town(id: "1") { name roadKm } }' }),
      })
      return JSON.parse(String(body))
    }
    // One newer version comes in while the question is under way: its own is still held.
    let after: readonly string[] = ['newer.1', 'new.1']
    expect(await ask()).toMatchObject({
      data: { town: { name: 'of new.1', roadKm: 1 } },
      extensions: { dataVersion: 'new' },
    })
    // Two come in: the whole question is asked again, of the newest.
    after = ['newest.1', 'newerstill.1']
    const { data, errors, extensions } = await ask()
    expect([data, errors, extensions.dataVersion]).toEqual([
      { town: { name: 'of newest.1', roadKm: 2 } },
      undefined,
      'newest',
    ])
    expect(seen.slice(-2)).toEqual(['towns newest.1', 'roads newest.1'])
  })
})

describe('subgraphs over HTTP', () => {
  /** Two editions of the same content under other names, as far as the subgraph lets us choose. */
  async function served(name: (typeof OWNERS)[number], editions: { list: readonly string[] }) {
    const subgraph = createSubgraph(SUBGRAPHS[name], (await openStore(await fixtureStore(), [name])).reader(name))
    const asked: (string | undefined)[] = []
    const held: HeldSubgraph = {
      editions: () => editions.list,
      find(edition): Subgraph | undefined {
        asked.push(edition)
        return edition === undefined || editions.list.includes(edition) ? subgraph : undefined
      },
    }
    const { url, close } = await serveSubgraph(subgraph, { host: '127.0.0.1', port: 0, held })
    open.push(close)
    return { url, asked }
  }
  const QUERY = '{ commune(code: "35238") { name epci { name } } }'

  async function start(urls: Partial<Record<(typeof OWNERS)[number], string>>): Promise<{ app: App; engine: Engine }> {
    const supergraphSdl = (await readSupergraph()).replace(
      /@join__graph\(name: "(\w+)", url: "[^"]*"\)/g,
      (_: string, name: (typeof OWNERS)[number]) =>
        `@join__graph(name: "${name}", url: "${urls[name] ?? 'http://127.0.0.1:9/'}")`,
    )
    const engine = createEngine({ supergraphSdl })
    const app = createApp({ engine, log: SILENT })
    await app.ready
    open.push(() => app.close())
    return { app, engine }
  }
  const ask = async (app: App) => {
    const { body } = await app.handle({
      method: 'GET',
      url: `/graphql?query=${encodeURIComponent(QUERY)}`,
      headers: {},
    })
    return JSON.parse(String(body))
  }

  it('are told which version must answer, and the gateway follows them to a new one', async () => {
    const [a, b] = [{ list: ['one.1'] }, { list: ['one.1'] }]
    const [commune, epci] = [await served('commune', a), await served('epci', b)]
    const { app, engine } = await start({ commune: commune.url, epci: epci.url })
    expect(engine.pin()).toBe('one.1')
    expect(await ask(app)).toMatchObject({ data: { commune: { name: 'Rennes' } }, extensions: { dataVersion: 'one' } })
    expect(commune.asked.at(-1)).toBe('one.1')
    // The first has published, the second not yet: nothing is mixed.
    a.list = ['two.1', 'one.1']
    await expect.poll(() => commune.asked.length, { timeout: 5000 }).toBeGreaterThan(2)
    expect(engine.pin()).toBe('one.1')
    b.list = ['two.1', 'one.1']
    await expect.poll(() => engine.pin(), { timeout: 5000 }).toBe('two.1')
    expect((await ask(app)).extensions.dataVersion).toBe('two')
  })

  it('refuse a version that they do not hold, and the question is asked again of one that they do', async () => {
    const editions = { list: ['one.1'] }
    const commune = await served('commune', editions)
    const { app } = await start({ commune: commune.url })
    editions.list = ['three.1', 'two.1']
    const { data, extensions } = await ask(app)
    expect([data.commune?.name, extensions.dataVersion]).toEqual(['Rennes', 'three'])
  })

  it('that hold no common version leave a part out, and mix none', async () => {
    const [most, odd] = [{ list: ['two.1'] }, { list: ['one.1'] }]
    const [commune, national, epci] = [
      await served('commune', most),
      await served('national', most),
      await served('epci', odd),
    ]
    const { app } = await start({ commune: commune.url, national: national.url, epci: epci.url })
    const query = '{ commune(code: "35238") { name population { value } epci { members(first: 1) { totalCount } } } }'
    const { body } = await app.handle({
      method: 'GET',
      url: `/graphql?query=${encodeURIComponent(query)}`,
      headers: {},
    })
    const { data, errors, extensions } = JSON.parse(String(body))
    expect(data.commune).toMatchObject({ name: 'Rennes', population: { value: 230_890 } })
    expect(extensions.dataVersion).toBe('two')
    expect(errors.map((error: any) => [error.extensions.subgraph, error.extensions.reason])).toContainEqual([
      'epci',
      'OTHER_VERSION',
    ])
    expect(epci.asked).not.toContain('one.1')
  })
})

describe('a subgraph of another make', () => {
  it('tells no version, is asked once, and then left alone', async () => {
    let asked = 0
    const server: Server = createServer((_, response) => {
      asked += 1
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"__typename":"Query"}}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const transport = httpTransport({
      name: 'other',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    })
    open.push(() => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()))
    open.push(() => transport.close())
    const stop = await watchVersions([['towns', transport]])
    await new Promise((resolve) => setTimeout(resolve, 2200))
    stop()
    expect([asked, transport.versions()]).toEqual([1, []])
    const answer = await transport.execute({
      document: parse('{ __typename }'),
      requestId: 'r',
      dataVersion: 'any.1',
      signal: new AbortController().signal,
    })
    expect(answer.data).toEqual({ __typename: 'Query' })
  })
})
