import { describe, expect, it } from 'vitest'
import {
  createClient,
  SchoolsDocument,
  TerritoryDocument,
  type StratesDocument,
} from '../../clients/typescript/src/index.ts'
import { clientOf } from './service.ts'

const json = (body: unknown, init: ResponseInit = {}): Response =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' }, ...init })
const found = () => json({ data: { territory: { id: 'nation:FR' } } })
const limited = (retryAfter: string) =>
  json(
    { errors: [{ message: 'Too much was asked.', extensions: { code: 'RATE_LIMITED' } }] },
    { status: 429, headers: { 'retry-after': retryAfter } },
  )
const broken = () => new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) })

describe('a client tries again', () => {
  it('after 429, once as long has passed as the service says', async () => {
    const { client, waits, sent } = clientOf([limited('2'), found()])
    expect((await client.ask(TerritoryDocument)).data.territory?.id).toBe('nation:FR')
    expect(waits).toEqual([2000])
    expect(sent.map(({ url }) => url)).toEqual([sent[0]?.url, sent[0]?.url])
  })

  it('after 503 and a broken connection, waiting twice as long each time and up to a quarter more', async () => {
    const starting = () => new Response('', { status: 503 })
    const { client, waits } = clientOf([starting(), broken(), starting(), found()], { random: () => 0.4 })
    await client.ask(TerritoryDocument)
    expect(waits).toEqual([220, 440, 880])
  })

  it('no more often than it was told, and then says what the service said', async () => {
    const { client, sent } = clientOf([limited('1'), limited('1'), limited('1')], { retries: 2 })
    await expect(client.ask(TerritoryDocument)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      status: 429,
      retryAfter: 1,
      message: 'Too much was asked.',
    })
    expect(sent).toHaveLength(3)
  })

  it('not where it would have to wait longer than the question may take', async () => {
    const { client, waits } = clientOf([limited('60')], { timeoutMs: 30_000 })
    await expect(client.ask(TerritoryDocument)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 60 })
    expect(waits).toEqual([])
  })

  it('at the date that Retry-After may be too', async () => {
    const { client, waits } = clientOf([limited(new Date(Date.now() + 5000).toUTCString()), found()])
    await client.ask(TerritoryDocument)
    expect(waits[0]).toBeGreaterThan(3000)
    expect(waits[0]).toBeLessThanOrEqual(5000)
  })

  it('not what a POST may have begun: only what the service says that it did not do', async () => {
    const long: StratesDocument<object, object> = {
      operationName: 'Long',
      text: `query Long { nation { name } } #${' '.repeat(9000)}`,
    }
    const { client } = clientOf([broken(), found()])
    await expect(client.ask(long)).rejects.toMatchObject({ code: 'NETWORK_FAILED' })
    const { client: other, sent } = clientOf([limited('1'), found()])
    await other.ask(long)
    expect(sent.map(({ init }) => init.method)).toEqual(['POST', 'POST'])
  })

  it('not what will be refused again', async () => {
    const { client, sent } = clientOf([
      json({ errors: [{ message: 'No.', extensions: { code: 'COST_TOO_HIGH' } }] }, { status: 400 }),
    ])
    await expect(client.ask(TerritoryDocument)).rejects.toMatchObject({ code: 'COST_TOO_HIGH' })
    expect(sent).toHaveLength(1)
  })
})

describe('a client gives up', () => {
  const never: typeof fetch = (_, init) =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))

  it('after the time that a question may take', async () => {
    const client = createClient({ url: 'http://strates.test', timeoutMs: 20, fetch: never })
    await expect(client.ask(TerritoryDocument)).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('Territory had no answer within 20 ms'),
    })
  })

  it('when its caller does, in the middle of a request', async () => {
    const controller = new AbortController()
    const client = createClient({ url: 'http://strates.test', fetch: never })
    const asked = client.ask(TerritoryDocument, {}, { signal: controller.signal })
    controller.abort()
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('when its caller does, while it waits to try again', async () => {
    const controller = new AbortController()
    const client = createClient({ url: 'http://strates.test', fetch: async () => limited('20') })
    const asked = client.ask(TerritoryDocument, {}, { signal: controller.signal })
    setTimeout(() => controller.abort(), 10)
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('a client says', () => {
  it('where it looked when the service cannot be reached', async () => {
    const { client } = clientOf([broken()], { retries: 0 })
    await expect(client.ask(TerritoryDocument)).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
      message: expect.stringMatching(/http:\/\/strates\.test \(ECONNRESET\)/),
    })
  })

  it('what it got when something else answers', async () => {
    const { client } = clientOf([new Response('<h1>Bad gateway</h1>', { status: 502 })])
    await expect(client.ask(TerritoryDocument)).rejects.toMatchObject({
      code: 'BAD_ANSWER',
      status: 502,
      message: expect.stringContaining('<h1>Bad gateway</h1>'),
    })
    const { client: other } = clientOf([json({ hello: 'world' })])
    await expect(other.ask(TerritoryDocument)).rejects.toMatchObject({ code: 'BAD_ANSWER' })
  })
})

describe('pages', () => {
  const page = (uais: readonly (string | null)[], endCursor: string | null, more: object = {}, dataVersion = 'a') =>
    json({
      data: {
        territory: {
          schools: {
            pageInfo: { hasNextPage: endCursor !== null, endCursor },
            nodes: uais.map((uai) => uai && { uai }),
          },
        },
      },
      extensions: { dataVersion },
      ...more,
    })
  const entriesOf = async (answers: readonly Response[]) => {
    const { client } = clientOf(answers)
    const seen: string[] = []
    const entries = client.entries(SchoolsDocument, {}, (data) => data.territory?.schools)
    try {
      for await (const { uai } of entries) seen.push(uai)
    } catch (error) {
      return { seen, code: (error as { code?: string }).code }
    }
    return { seen, code: undefined }
  }

  it('are never put together from two versions of the data', async () => {
    expect(await entriesOf([page(['A'], 'a'), page(['B'], null, {}, 'b')])).toEqual({
      seen: ['A'],
      code: 'VERSION_CHANGED',
    })
  })

  it('stop entries where something is missing, with the code of the reason', async () => {
    const errors = [{ message: 'The commune did not answer.', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]
    const partial = () => page(['B', null], null, { errors })
    expect(await entriesOf([page(['A'], 'a'), partial()])).toEqual({ seen: ['A'], code: 'SUBGRAPH_UNAVAILABLE' })
    const { client } = clientOf([partial()])
    const pages = client.pages(SchoolsDocument, {}, (data) => data.territory?.schools)
    expect((await pages.next()).value).toMatchObject({ entries: [{ uai: 'B' }, null], answer: { errors } })
  })

  it('do not go round in circles', async () => {
    expect(await entriesOf([page(['A'], 'a'), page(['B'], 'a')])).toEqual({ seen: ['A', 'B'], code: 'BAD_ANSWER' })
  })
})
