/** Whole tables as files: every pair of vintages, exact bytes, and HTTP as files have it. */
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../core/store/open.ts'
import { correspondenceOf } from '../../core/territories/correspondence.ts'
import { createApp, type App, type AppRequest } from '../../gateway/app.ts'
import { createFeeds } from '../../gateway/doors/feeds/feeds.ts'
import type { Engine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { openFixtureStore } from '../fixtures/store.ts'

// The feeds ask nothing of the engine; one that never starts shows it.
const IDLE = { load: () => new Promise(() => {}), watchCalls() {}, subgraphs: () => [] } as unknown as Engine
let store: Store
let app: App
beforeAll(async () => {
  store = await openFixtureStore()
  const feeds = createFeeds(store)
  app = createApp({ engine: IDLE, feeds: () => feeds, log: SILENT })
})

const get = (name: string, headers: AppRequest['headers'] = {}, method = 'GET') =>
  app.handle({ method, url: `/v1/feeds/${name}`, headers })
const tableOf = async (from: number, to: number): Promise<readonly Record<string, string>[]> =>
  parse(String(Buffer.from((await get(`correspondence-${from}-${to}.csv`)).body as Uint8Array)), { columns: true })

describe('the tables of correspondence', () => {
  it('say where each commune went, and with which part of its inhabitants', async () => {
    const rows = await tableOf(2019, 2026)
    const of = (code: string) => rows.filter(({ code_from }) => code_from === code)
    expect(of('35112')).toEqual([expect.objectContaining({ code_to: '35062', share: '1', extent: 'WHOLE' })])
    expect(of('49069')).toEqual([expect.objectContaining({ code_to: '49126', extent: 'WHOLE' })])
    expect(of('85084').map(({ code_to, census_year, extent }) => [code_to, census_year, extent])).toEqual([
      ['85084', '2023', 'PART'],
      ['85165', '2023', 'PART'],
      ['85212', '2023', 'PART'],
    ])
    expect(of('15141')).toHaveLength(5)
  })

  it('carry every commune of every vintage to every other, with shares that add up to 1', () => {
    const { atlas, timeline } = store
    for (const from of atlas.years) {
      for (const to of atlas.years) {
        const rows = correspondenceOf(atlas.of(from)!, atlas.of(to)!, timeline.weigh)
        const shares = new Map<string, number>()
        for (const { from: commune, share } of rows)
          shares.set(commune.id, (shares.get(commune.id) ?? 0) + (share ?? 0))
        expect([...shares].filter(([, sum]) => Math.abs(sum - 1) > 1e-9)).toEqual([])
        const ids = (year: number) =>
          new Set(
            atlas
              .of(year)!
              .ofTier('COMMUNE')
              .map(({ id }) => id),
          )
        expect(new Set<string>(shares.keys())).toEqual(ids(from))
        expect(new Set(rows.map((row) => row.to.id))).toEqual(ids(to))
      }
    }
  })

  it('are listed, CSV and Parquet for each pair of years', async () => {
    const { status, headers, body } = await get('')
    const list = JSON.parse(String(body))
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
    expect(list).toHaveLength(
      store.feeds.feeds.length * 3 + store.atlas.years.length * (store.atlas.years.length - 1) * 2,
    )
    expect(list).toContainEqual(
      expect.objectContaining({ name: 'correspondence-2019-2020.csv', href: '/v1/feeds/correspondence-2019-2020.csv' }),
    )
  })

  it('are written as RFC 4180 has it, and as Parquet', async () => {
    const csv = String(Buffer.from((await get('correspondence-2025-2026.csv')).body as Uint8Array))
    expect(csv.split('\r\n')[0]).toBe(
      '"code_from","name_from","code_to","name_to","share","inhabitants","census_year","extent"',
    )
    expect(csv.split('\r\n')[1]).toMatch(/^"01001","L'Abergement-Clémenciat","01001",/)
    expect(csv.replaceAll('\r\n', '')).not.toContain('\n')
    const { headers, body } = await get('correspondence-2025-2026.parquet')
    expect(headers['content-type']).toBe('application/vnd.apache.parquet')
    expect(String(Buffer.from(body as Uint8Array).subarray(0, 4))).toBe('PAR1')
    expect(Buffer.from(body as Uint8Array).includes('INSEE, Code officiel')).toBe(true)
  })
})

describe('a feed over HTTP', () => {
  const NAME = 'correspondence-2019-2026.csv'

  it('has a tag and a licence, and is not sent again to one who has it', async () => {
    const first = await get(NAME)
    const { etag = '' } = first.headers
    expect(etag).toBe(`"${store.manifest.dataVersion}-${NAME}"`)
    expect(first.headers['link']).toContain('rel="license"')
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      expect(await get(NAME, { 'if-none-match': known })).toMatchObject({ status: 304, body: '' })
    }
    expect((await get(NAME, { 'if-none-match': '"other"' })).status).toBe(200)
    expect(Buffer.from(first.body as Uint8Array).equals((await get(NAME)).body as Uint8Array)).toBe(true)
  })

  it('tells its size to HEAD', async () => {
    const { body } = await get(NAME)
    const head = await get(NAME, {}, 'HEAD')
    expect([head.status, head.body, head.headers['content-length']]).toEqual([
      200,
      '',
      `${(body as Uint8Array).byteLength}`,
    ])
  })

  it('sends a range of bytes, and refuses one that it has not', async () => {
    const whole = (await get(NAME)).body as Uint8Array
    const size = whole.byteLength
    const cases: readonly (readonly [string, number, number])[] = [
      ['bytes=0-8', 0, 9],
      [`bytes=${size - 3}-`, size - 3, size],
      ['bytes=-5', size - 5, size],
      [`bytes=10-${size * 2}`, 10, size],
    ]
    for (const [range, first, end] of cases) {
      const { status, headers, body } = await get(NAME, { range })
      expect([status, headers['content-range']]).toEqual([206, `bytes ${first}-${end - 1}/${size}`])
      expect(Buffer.from(body as Uint8Array).equals(whole.subarray(first, end))).toBe(true)
    }
    expect(await get(NAME, { range: `bytes=${size}-` })).toMatchObject({
      status: 416,
      headers: { 'content-range': `bytes */${size}` },
    })
    expect((await get(NAME, { range: 'bytes=0-8', 'if-range': '"older"' })).status).toBe(200)
    expect((await get(NAME, { range: 'bytes=0-3,5-8' })).status).toBe(200)
  })

  it('costs more to who asks for it first, for whom it is made', async () => {
    const feeds = createFeeds(store)
    const paying = createApp({ engine: IDLE, feeds: () => feeds, log: SILENT, now: () => 0 })
    const priceFor = async (remoteAddress: string) => {
      const { headers } = await paying.handle({ method: 'HEAD', url: `/v1/feeds/${NAME}`, headers: {}, remoteAddress })
      return 60_000 - Number(/r=(\d+)/.exec(headers['ratelimit'] ?? '')?.[1])
    }
    expect([await priceFor('192.0.2.1'), await priceFor('192.0.2.2')]).toEqual([510, 10])
  })

  it('is open to any page, and an unknown one says which there are', async () => {
    const missing = await get('correspondence-1999-2026.csv')
    expect([missing.status, missing.headers['access-control-allow-origin']]).toEqual([404, '*'])
    expect(String(missing.body)).toContain('correspondence-2026-2025.parquet')
  })

  it('is not there where the gateway has no store of its own, which is said', async () => {
    const { status, body } = await createApp({ engine: IDLE, log: SILENT }).handle({
      method: 'GET',
      url: '/v1/feeds/',
      headers: {},
    })
    expect([status, JSON.parse(String(body)).title]).toEqual([404, 'No feeds here'])
  })
})
