/** Feeds over HTTP, from versions published one after the other: files, what changed since, and the versions as Atom. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore, type Store } from '../../core/store/open.ts'
import { createApp, type App, type AppRequest, type AppResponse } from '../../gateway/app.ts'
import { createFeeds } from '../../gateway/doors/feeds/feeds.ts'
import type { Engine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import type { Version } from '../../pipeline/publish.ts'
import { cell, dataset, measure, publishTiny, slice, version } from '../core/store/tinyStore.ts'

const IDLE = { load: () => new Promise(() => {}), watchCalls() {}, subgraphs: () => [] } as unknown as Engine

/** The pupils of Rennes and Bruz in 2021, and of Rennes in 2022 where they are known. */
function country(rennes: number, bruz: number, next?: number): Version {
  const slices = [slice(0, [cell('commune:35047', bruz), cell('commune:35238', rennes)])]
  if (next !== undefined)
    slices.push(slice(1, [cell('commune:35238', next)], { period: 2022, covered: [], extent: ['35'] }))
  return version(slices, {
    measures: [measure('pupils-primary')],
    datasets: [
      dataset('ecoles', { snapshots: [{ name: 'a', url: 'https://example.fr/a', sha256: `${rennes}`, bytes: 1 }] }),
    ],
  })
}

let data: string
const versions: string[] = []
let app: App
let store: Store
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'strates-since-'))
  versions.push(await publishTiny(data, country(100, 50)))
  versions.push(await publishTiny(data, country(110, 50, 120)))
  versions.push(await publishTiny(data, country(111, 50)))
  store = await openStore(data, OWNERS)
  app = appOver(store)
})
afterAll(() => rm(data, { recursive: true, force: true }))

function appOver(over: Store, log = SILENT): App {
  const feeds = createFeeds(over)
  return createApp({ engine: IDLE, feeds: () => feeds, log })
}
const get = (path: string, headers: AppRequest['headers'] = {}, method = 'GET') =>
  app.handle({ method, url: `/v1/feeds/${path}`, headers })
/** The store, with the texts of its feeds as large as that. */
const withBytes = (of: Store, bytes: number): Store => ({
  ...of,
  feeds: {
    ...of.feeds,
    feeds: of.feeds.feeds.map((feed) => ({ ...feed, files: feed.files.map((file) => ({ ...file, bytes })) })),
  },
})
/** What a request to the feeds of a store costs, in points; each comes from a client of its own. */
function pricesOver(over: Store) {
  const feeds = createFeeds(over)
  const paying = createApp({ engine: IDLE, feeds: () => feeds, log: SILENT, now: () => 0 })
  let clients = 0
  return async (path: string, headers: AppRequest['headers'] = {}, method = 'GET') => {
    const remoteAddress = `192.0.2.${++clients}`
    const response = await paying.handle({ method, url: `/v1/feeds/${path}`, headers, remoteAddress })
    return 60_000 - Number(/r=(\d+)/.exec(response.headers['ratelimit'] ?? '')?.[1])
  }
}
async function bytesOf({ body, stream }: AppResponse): Promise<Buffer> {
  if (stream === undefined) return Buffer.from(body)
  const pieces: Uint8Array[] = []
  for await (const piece of stream.pieces) pieces.push(piece)
  return Buffer.concat(pieces)
}
const problemOf = async (path: string) => {
  const { status, headers, body } = await get(path)
  expect(headers['content-type']).toContain('application/problem+json')
  return { ...(JSON.parse(String(body)) as { status: number; detail: string; versions?: string[] }), status }
}

describe('a feed of a dataset', () => {
  it('is listed with its size, rows, licence and schema', async () => {
    const list = JSON.parse(String((await get('')).body)) as Record<string, unknown>[]
    const whole = await bytesOf(await get('ecoles-commune.csv'))
    expect(list[0]).toMatchObject({
      name: 'ecoles-commune.csv',
      href: '/v1/feeds/ecoles-commune.csv',
      schema: '/v1/feeds/ecoles-commune.schema.json',
      dataset: 'ecoles',
      tier: 'COMMUNE',
      bytes: whole.length,
      rows: 6,
      licence: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
    })
  })

  it.each(['csv', 'ndjson', 'parquet'])(
    'as %s is streamed with its tag, licence, schema and version',
    async (format) => {
      const response = await get(`ecoles-commune.${format}`)
      expect(response.status).toBe(200)
      expect(response.headers).toMatchObject({
        etag: expect.stringMatching(/^"[0-9a-f]{16}"$/),
        'strates-data-version': versions[2],
        'access-control-allow-origin': '*',
        'accept-ranges': 'bytes',
      })
      expect(response.headers['link']).toContain('licence-ouverte-open-licence/>; rel="license"')
      expect(response.headers['link']).toContain('</v1/feeds/ecoles-commune.schema.json>; rel="describedby"')
      const whole = await bytesOf(response)
      expect(response.stream?.bytes).toBe(whole.length)
      const head = await get(`ecoles-commune.${format}`, {}, 'HEAD')
      expect([head.headers['content-length'], head.body, head.stream]).toEqual([`${whole.length}`, '', undefined])
      const part = await get(`ecoles-commune.${format}`, { range: 'bytes=5-24' })
      expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 5-24/${whole.length}`])
      expect((await bytesOf(part)).equals(whole.subarray(5, 25))).toBe(true)
      const { etag = '' } = response.headers
      expect(await get(`ecoles-commune.${format}`, { 'if-none-match': etag })).toMatchObject({ status: 304, body: '' })
      expect(await get(`ecoles-commune.${format}`, { range: `bytes=${whole.length}-` })).toMatchObject({ status: 416 })
    },
  )

  it('is sent packed to who takes gzip, under a tag of its own; a range is one of the file', async () => {
    const plain = await bytesOf(await get('ecoles-commune.csv'))
    const packed = await get('ecoles-commune.csv', { 'accept-encoding': 'br;q=0.9, gzip' })
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    const bytes = await bytesOf(packed)
    expect(packed.stream?.bytes).toBe(bytes.length)
    expect(gunzipSync(bytes).equals(plain)).toBe(true)
    expect(packed.headers['etag']).not.toBe((await get('ecoles-commune.csv')).headers['etag'])
    expect((await get('ecoles-commune.csv', { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBe(
      undefined,
    )
    const part = await get('ecoles-commune.csv', { 'accept-encoding': 'gzip', range: 'bytes=0-9' })
    expect((await bytesOf(part)).equals(plain.subarray(0, 10))).toBe(true)
  })

  it.each([
    ['*', 'gzip'],
    ['br, *;q=0.5', 'gzip'],
    ['GZIP;q=0.1, identity;q=0', 'gzip'],
    ['gzip;q=0, *', undefined],
    ['identity;q=1, *;q=0', undefined],
    ['identity, *;q=0.5', undefined],
    ['br', undefined],
    ['', undefined],
  ])('to who accepts %j is sent as %s', async (accepted, encoding) => {
    const { headers } = await get('ecoles-commune.csv', { 'accept-encoding': accepted }, 'HEAD')
    expect(headers['content-encoding']).toBe(encoding)
  })

  it('is sent whole where the range ends before it begins, which is none', async () => {
    const whole = await bytesOf(await get('ecoles-commune.csv'))
    const response = await get('ecoles-commune.csv', { range: 'bytes=5-2' })
    expect([response.status, response.headers['content-range']]).toEqual([200, undefined])
    expect((await bytesOf(response)).equals(whole)).toBe(true)
  })

  it('says in a header where its figures are invented, the whole of it and what changed', async () => {
    const { manifest } = store
    const datasets = manifest.datasets.map((one) => ({ ...one, simulated: true }))
    const invented = appOver({ ...store, manifest: { ...manifest, datasets } })
    for (const path of ['ecoles-commune.csv', 'ecoles-commune.parquet', `ecoles-commune.csv?since=${versions[1]}`]) {
      const request = { method: 'HEAD', url: `/v1/feeds/${path}`, headers: {} }
      expect((await invented.handle(request)).headers['strates-simulated']).toBe('true')
      expect((await app.handle(request)).headers).not.toHaveProperty('strates-simulated')
    }
  })

  it('has a Table Schema beside it', async () => {
    const { headers, body } = await get('ecoles-commune.schema.json')
    const schema = JSON.parse(Buffer.from(body).toString()) as { fields: { name: string }[] }
    expect(headers['content-type']).toContain('application/json')
    expect(schema).toMatchObject({
      primaryKey: ['measure', 'period', 'territory'],
      licenses: [{ name: 'etalab-2.0' }],
      sources: [{ title: 'MEN' }],
      dataVersion: versions[2],
    })
    const [head = ''] = (await bytesOf(await get('ecoles-commune.csv'))).toString().split('\r\n')
    expect(schema.fields.map(({ name }) => `"${name}"`).join(',')).toBe(head)
  })

  it('costs by the bytes that are unpacked; as it lies there, 500 at most', async () => {
    const priceOf = pricesOver(withBytes(store, 230_000_000))
    const gzip = { 'accept-encoding': 'gzip' }
    expect(await priceOf('ecoles-commune.ndjson')).toBe(4610)
    expect(await priceOf('ecoles-commune.ndjson', gzip)).toBe(510)
    expect(await priceOf('ecoles-commune.parquet')).toBe(510)
    expect(await priceOf('ecoles-commune.ndjson', { ...gzip, range: 'bytes=1000000-100999999' })).toBe(2010)
    expect(await priceOf('ecoles-commune.parquet', { range: 'bytes=-8' })).toBe(60)
    expect(await pricesOver(store)('ecoles-commune.csv')).toBe(60)
  })

  it('costs little where no figure is sent', async () => {
    const priceOf = pricesOver(store)
    const { etag = '' } = (await get('ecoles-commune.csv')).headers
    expect(await priceOf('ecoles-commune.csv', {}, 'HEAD')).toBe(10)
    expect(await priceOf('ecoles-commune.csv', { 'if-none-match': etag })).toBe(10)
    expect(await priceOf('ecoles-commune.csv', { range: 'bytes=9999999-' })).toBe(10)
    expect(await priceOf('nothing.csv')).toBe(10)
    expect(await priceOf('ecoles-commune.schema.json')).toBe(60)
    expect(await priceOf('versions.atom')).toBe(60)
    expect(await priceOf('')).toBe(50)
  })

  it('has its list where the slash is left out', async () => {
    const { status, headers } = await app.handle({ method: 'GET', url: '/v1/feeds', headers: {} })
    expect([status, headers['location'], headers['access-control-allow-origin']]).toEqual([308, '/v1/feeds/', '*'])
  })

  it('that is not there says what is', async () => {
    expect((await problemOf('ecoles-commune.xlsx')).detail).toContain('ecoles-commune.csv, ecoles-commune.parquet')
    expect((await problemOf('pupils-primary-epci.csv')).detail).toContain('ecoles-epci.csv')
    expect(await problemOf('nothing.csv')).toMatchObject({ status: 404, detail: expect.stringContaining('/v1/feeds/') })
  })

  it('that is being replaced says to ask again', async () => {
    const older = appOver({ ...store, folder: join(data, 'versions', versions[0] ?? '') })
    const response = await older.handle({ method: 'GET', url: '/v1/feeds/ecoles-commune.csv', headers: {} })
    expect([response.status, response.headers['retry-after']]).toEqual([503, '1'])
  })

  it('that is damaged breaks off, and the log says so', async () => {
    const other = await mkdtemp(join(tmpdir(), 'strates-damaged-'))
    try {
      await publishTiny(other, country(1, 2))
      const damaged = await openStore(other, OWNERS)
      const file = damaged.feeds.feeds[0]?.files.find(({ format }) => format === 'csv')
      await writeFile(join(damaged.folder, file?.file ?? ''), 'x'.repeat(file?.packedBytes ?? 0))
      const errors: unknown[] = []
      const log = { ...SILENT, error: (...told: unknown[]) => void errors.push(told) }
      const response = await appOver(damaged, log).handle({
        method: 'GET',
        url: '/v1/feeds/ecoles-commune.csv',
        headers: {},
      })
      await expect(bytesOf(response)).rejects.toThrow()
      expect(errors).toContainEqual([expect.objectContaining({ requestId: expect.any(String) }), 'a feed broke off'])
    } finally {
      await rm(other, { recursive: true, force: true })
    }
  })
})

describe('what changed since a version', () => {
  const changesOf = async (format: string) => {
    const response = await get(`ecoles-commune.${format}?since=${versions[1]}`)
    expect([response.status, response.stream?.bytes]).toEqual([200, undefined])
    return (await bytesOf(response)).toString()
  }

  it('is the rows revised, added and removed, in CSV', async () => {
    const rows = parse(await changesOf('csv'), { columns: true }) as Record<string, string>[]
    const brief = rows.map(({ change, period, code, value, status }) => [change, period, code, value, status])
    expect(brief).toEqual([
      ['revised', '2021', '35238', '111', 'NORMAL'],
      ['removed', '2022', '22016', '', 'OUT_OF_SCOPE'],
      ['removed', '2022', '22209', '', 'OUT_OF_SCOPE'],
      ['removed', '2022', '35047', '', 'SOURCE_UNAVAILABLE'],
      ['removed', '2022', '35093', '', 'SOURCE_UNAVAILABLE'],
      ['removed', '2022', '35238', '120', 'NORMAL'],
      ['removed', '2022', '98818', '', 'OUT_OF_SCOPE'],
    ])
    expect(rows[0]?.['data_version']).toBe(versions[2])
    expect(rows[1]?.['data_version']).toBe(versions[1])
  })

  it('is the same in NDJSON, with numbers and nulls', async () => {
    const rows = (await changesOf('ndjson'))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows).toHaveLength(7)
    expect(rows[0]).toMatchObject({ change: 'revised', code: '35238', period: 2021, value: 111, simulated: false })
    expect(rows[1]).toMatchObject({ change: 'removed', value: null })
  })

  it('turned about, is what was added: applied to the older file, it gives the newer one', async () => {
    const whole = async (of: Store) =>
      parse(
        (
          await bytesOf(await appOver(of).handle({ method: 'GET', url: '/v1/feeds/ecoles-commune.csv', headers: {} }))
        ).toString(),
        {
          columns: true,
        },
      ) as Record<string, string>[]
    const keyOf = (row: Record<string, string>) => `${row['measure']} ${row['period']} ${row['territory']}`
    const factsOf = ({ dataset_version: _1, retrieved_at: _2, data_version: _3, ...facts }: Record<string, string>) =>
      facts
    const current = await whole(store)
    const table = new Map<string, Record<string, string>>()
    const other = await mkdtemp(join(tmpdir(), 'strates-turned-'))
    try {
      await publishTiny(other, country(111, 50))
      const before = await openStore(other, OWNERS)
      for (const row of await whole(before)) table.set(keyOf(row), row)
      expect(before.manifest.dataVersion).toBe(versions[2])
      const next = await publishTiny(other, country(110, 50, 120))
      const after = await openStore(other, OWNERS)
      const url = `/v1/feeds/ecoles-commune.csv?since=${versions[2]}`
      const delta = parse(
        (await bytesOf(await appOver(after).handle({ method: 'GET', url, headers: {} }))).toString(),
        {
          columns: true,
        },
      ) as Record<string, string>[]
      expect(delta.map(({ change }) => change)).toEqual(['revised', ...Array.from({ length: 6 }, () => 'added')])
      for (const { change, ...row } of delta) {
        if (change === 'removed') table.delete(keyOf(row))
        else table.set(keyOf(row), row)
      }
      expect([...table.values()].map(factsOf)).toEqual((await whole(after)).map(factsOf))
      expect([next, current.length]).toEqual([versions[1], 6])
    } finally {
      await rm(other, { recursive: true, force: true })
    }
  })

  it('is nothing since the version that is served, and is known again by its tag', async () => {
    const response = await get(`ecoles-commune.csv?since=${versions[2]}`)
    expect((await bytesOf(response)).toString().split('\r\n')).toEqual([
      expect.stringMatching(/^"change","territory",/),
      '',
    ])
    const known = { 'if-none-match': response.headers['etag'] ?? '' }
    expect((await get(`ecoles-commune.csv?since=${versions[2]}`, known)).status).toBe(304)
  })

  it('costs more than the file, where there are two to compare', async () => {
    const priceOf = pricesOver(store)
    const url = `ecoles-commune.csv?since=${versions[1]}`
    expect(await priceOf(url)).toBe(5060)
    expect(await priceOf(`ecoles-commune.csv?since=${versions[2]}`)).toBe(50)
    expect(await priceOf(url, {}, 'HEAD')).toBe(10)
    const large = pricesOver(withBytes(store, 250_000_000))
    // Both files are unpacked: the older one as it is, the newer one as it is said to be.
    expect(await large(url)).toBe(10_011)
  })

  it('is refused to who has not the points, who is told when to ask again', async () => {
    const feeds = createFeeds(store)
    const poor = createApp({ engine: IDLE, feeds: () => feeds, log: SILENT, limits: { pointsPerMinute: 5100 } })
    const ask = async () => {
      const url = `/v1/feeds/ecoles-commune.csv?since=${versions[1]}`
      const { status, headers } = await poor.handle({ method: 'GET', url, headers: {}, remoteAddress: '192.0.2.1' })
      return [status, headers['retry-after'] !== undefined]
    }
    expect([await ask(), await ask()]).toEqual([
      [200, false],
      [429, true],
    ])
  })

  it('cannot be told of a version that is gone, never was or is none; what to do is said', async () => {
    const gone = await problemOf(`ecoles-commune.csv?since=${versions[0]}`)
    expect(gone).toMatchObject({ status: 410, versions: [versions[1], versions[2]] })
    expect(gone.detail).toContain('Take /v1/feeds/ecoles-commune.csv whole')
    expect((await problemOf('ecoles-commune.csv?since=0123456789abcdef')).status).toBe(404)
    for (const since of ['', 'yesterday', '../../etc', versions[1]?.toUpperCase() ?? ''])
      expect((await problemOf(`ecoles-commune.csv?since=${since}`)).status).toBe(400)
    expect((await problemOf(`ecoles-commune.parquet?since=${versions[1]}`)).detail).toContain(
      'ecoles-commune.csv?since=',
    )
    expect((await problemOf(`nothing.csv?since=${versions[1]}`)).status).toBe(404)
  })
})

describe('a parameter that a feed does not take', () => {
  it.each(['ecoles-commune.csv?snice=', 'ecoles-commune.csv?Since=', 'versions.atom?since=', '?since='])(
    'is refused: %s',
    async (path) => {
      const refused = await problemOf(`${path}${versions[1]}`)
      expect(refused).toMatchObject({ status: 400, title: 'No such parameter' })
      expect(refused.detail).toContain(`takes no parameter "${path.slice(path.indexOf('?') + 1, -1)}"`)
    },
  )

  it('is refused beside one that it takes', async () => {
    expect((await problemOf(`ecoles-commune.csv?since=${versions[1]}&format=csv`)).detail).toContain('"format"')
  })
})

describe('the versions as Atom', () => {
  it('are one entry each, newest first, with what changed and times of the data', async () => {
    const { status, headers, body } = await get('versions.atom', { host: 'strates.example' })
    const text = Buffer.from(body).toString()
    expect([status, headers['content-type']]).toEqual([200, 'application/atom+xml; charset=utf-8'])
    const entries = text.split('<entry>').slice(1)
    expect(entries.map((entry) => /<title>Data version (\w+)</.exec(entry)?.[1])).toEqual(versions.toReversed())
    expect(entries[0]).toContain('0 values added, 1 revised, 1 removed.')
    expect(entries[2]).toContain('the first of this store')
    expect(text).toContain(
      '<link rel="self" type="application/atom+xml" href="http://strates.example/v1/feeds/versions.atom"/>',
    )
    const ids = [...text.matchAll(/<id>(.*?)<\/id>/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(4)
    for (const id of ids)
      expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect([...text.matchAll(/<updated>(.*?)<\/updated>/g)].map(([, time]) => time)).toEqual(
      Array.from({ length: 4 }, () => '2026-01-02T03:04:05.000Z'),
    )
  })

  it('keep their ids wherever the service answers, and are not sent again', async () => {
    const idsOf = async (host: string) =>
      [
        ...Buffer.from((await get('versions.atom', { host })).body)
          .toString()
          .matchAll(/<id>(.*?)<\/id>/g),
      ].map(([, id]) => id)
    expect(await idsOf('a.example')).toEqual(await idsOf('b.example'))
    const { etag = '' } = (await get('versions.atom')).headers
    expect((await get('versions.atom', { 'if-none-match': etag })).status).toBe(304)
  })
})
