import { createHash } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { hasRedis, startRedis } from '../../demo/servers/redis.ts'
import { createSharedCache, redisStore, type SharedCache } from '../../gateway/cache/shared.ts'
import type { AppResponse } from '../../gateway/app.ts'
import { startFakeRedis, type FakeRedis } from './fakeRedis.ts'
import { recordingLog, startGateway, type TestGateway } from './fixture.ts'

const BODY = JSON.stringify({ query: 'query Town { town(id: "1") { name } }' })
const VERSIONS = ['0123456789abcdef.0001']

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

async function redis(port?: number): Promise<FakeRedis> {
  const fake = await startFakeRedis(port)
  open.push(() => fake.close())
  return fake
}

function cacheAt(url: string): { cache: SharedCache; logged: TestGateway['logged'] } {
  const { log, logged } = recordingLog()
  const cache = createSharedCache(redisStore(url), log)
  open.push(() => cache.close())
  return { cache, logged }
}

async function gatewayWith(shared: SharedCache | undefined): Promise<TestGateway> {
  const gateway = await startGateway({}, { shared, versions: () => VERSIONS })
  open.push(() => gateway.close())
  return gateway
}

const ask = (gateway: TestGateway) => gateway.send({ body: BODY })
const cacheOf = ({ headers }: AppResponse) => headers['cache-status']
const settle = () => new Promise((resolve) => setTimeout(resolve, 50))

/** A media type is learnt from the first complete answer; another question teaches it. */
const teach = (gateway: TestGateway) => gateway.send({ body: JSON.stringify({ query: '{ echo(number: 7) }' }) })

describe('what gateways share', () => {
  it('is an answer that one of them made, byte for byte', async () => {
    const { url, texts } = await redis()
    const [one, other] = [await gatewayWith(cacheAt(url).cache), await gatewayWith(cacheAt(url).cache)]
    await Promise.all([teach(one), teach(other)])
    const first = await ask(one)
    await expect.poll(() => texts.size).toBeGreaterThanOrEqual(2)
    const second = await ask(other)
    expect(String(second.body)).toBe(String(first.body))
    expect([cacheOf(second), second.headers['etag'], other.calls['towns']]).toEqual([
      'strates; hit',
      first.headers['etag'],
      1,
    ])
  })

  it('is a document that a client registered with one of them under its hash', async () => {
    const { url } = await redis()
    const [one, other] = [await gatewayWith(cacheAt(url).cache), await gatewayWith(cacheAt(url).cache)]
    const query = '{ echo(number: 5) }'
    const hash = createHash('sha256').update(query).digest('hex')
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash } }
    await one.send({ body: JSON.stringify({ query, extensions }) })
    await settle()
    const { body } = await other.send({ body: JSON.stringify({ extensions }) })
    expect(JSON.parse(String(body))).toMatchObject({ data: { echo: 5 } })
  })

  it('is believed only as far as it is what it says: a damaged answer is made again, a document under another hash is unknown', async () => {
    const { url, texts } = await redis()
    const one = await gatewayWith(cacheAt(url).cache)
    await teach(one)
    await ask(one)
    await expect.poll(() => texts.size).toBeGreaterThanOrEqual(2)
    for (const key of texts.keys()) texts.set(key, '{"value":"{\\"body\\":5}"}')
    const other = await gatewayWith(cacheAt(url).cache)
    await teach(other)
    expect(JSON.parse(String((await ask(other)).body)).data).toEqual({ town: { name: 'Ambre' } })
    const hash = 'ab'.repeat(32)
    texts.set(`strates::apq:${hash}`, '{"value":"{ forest { age } }"}')
    const { body } = await other.send({
      body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
    })
    expect(JSON.parse(String(body)).errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND')
  })
})

describe('a shared cache that fails', () => {
  /** How much longer questions take than without it, in milliseconds: the worst of 20 new ones. */
  async function worst(gateway: TestGateway): Promise<number> {
    let longest = 0
    for (let number = 0; number < 20; number += 1) {
      const begun = performance.now()
      const { status, body } = await gateway.send({
        body: JSON.stringify({ query: `query ($n: Int) { echo(number: $n) }`, variables: { n: number } }),
      })
      longest = Math.max(longest, performance.now() - begun)
      expect([status, JSON.parse(String(body)).data]).toEqual([200, { echo: number }])
    }
    return longest
  }

  it.each([
    ['is not there', async () => 'redis://127.0.0.1:9'],
    ['never replies', silent],
    ['is slow', async () => slow(400)],
    ['speaks another protocol', garbage],
  ])('because it %s costs no error and less than 50 ms', async (_, urlOf) => {
    // Beside a gateway without it, and the best of three: others run on this machine too.
    const added = []
    for (let round = 0; round < 3; round += 1) {
      const gateway = await gatewayWith(cacheAt(await urlOf()).cache)
      const control = await gatewayWith(undefined)
      await Promise.all([teach(gateway), teach(control)])
      const without = await worst(control)
      added.push((await worst(gateway)) - without)
    }
    expect(Math.min(...added)).toBeLessThan(50)
  })

  it('is left alone after three failures, and used again when it is back', async () => {
    const fake = await redis()
    const port = Number(new URL(fake.url).port)
    const { cache, logged } = cacheAt(fake.url)
    cache.set('a', 'text')
    await expect.poll(() => cache.get('a')).toBe('text')
    await fake.close()
    await expect.poll(async () => (await cache.get('a'), logged.some(({ level }) => level === 'warn'))).toBe(true)
    const begun = performance.now()
    for (let times = 0; times < 1000; times += 1) expect(await cache.get('a')).toBeUndefined()
    expect(performance.now() - begun).toBeLessThan(1000)
    const back = await redis(port)
    back.texts.set('strates::a', '{"value":"again"}')
    await expect.poll(() => cache.get('a'), { timeout: 15_000, interval: 200 }).toBe('again')
    expect(logged.filter(({ level }) => level === 'info')).toHaveLength(1)
  }, 30_000)
})

describe.skipIf(!hasRedis())('a real Redis', () => {
  it('keeps what one gateway made for the other', async () => {
    const server = await startRedis()
    open.push(() => server.stop())
    const { url } = server
    const [one, other] = [await gatewayWith(cacheAt(url).cache), await gatewayWith(cacheAt(url).cache)]
    await Promise.all([teach(one), teach(other)])
    await settle()
    await ask(one)
    await settle()
    expect(cacheOf(await ask(other))).toBe('strates; hit')
  }, 30_000)
})

async function silent(): Promise<string> {
  const fake = await redis()
  fake.delay = Infinity
  return fake.url
}

async function slow(ms: number): Promise<string> {
  const fake = await redis()
  fake.delay = ms
  return fake.url
}

/** Something that listens there, and is no Redis. */
async function garbage(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.resume()
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => new Promise((resolve) => server.close(resolve)))
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`
}
