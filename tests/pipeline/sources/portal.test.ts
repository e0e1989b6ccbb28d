import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { Agent } from 'undici'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openMemory } from '../../../pipeline/sources/memory.ts'
import { createPortalSource, type PortalOptions } from '../../../pipeline/sources/portal.ts'
import { silent } from '../../../pipeline/sources/progress.ts'
import { isPublicAddress, publicAgent } from '../../../pipeline/sources/publicAgent.ts'
import type { SourceFile, SourceRequest } from '../../../pipeline/sources/source.ts'
import { describeSource, fixedClock } from './contract.ts'
import {
  type Answer,
  cutInHalf,
  type FakePortal,
  inTurn,
  quietlyCutInHalf,
  redirect,
  refused,
  rentrees,
  reset,
  silence,
  startFakePortal,
  whole,
} from './fakePortal.ts'

const years = rentrees({ name: '2023', count: 2 }, { name: '2025', count: 2 }, { name: '2022' }, { name: '2024' })
const facets = '/catalog/datasets/ecoles/facets?facet=rentree_scolaire'
const parquetOf = (year: number): string => `/exports/parquet?refine=rentree_scolaire:${year}`
const csvOf = (year: number): string => `/exports/csv?delimiter=;&use_labels=false&refine=rentree_scolaire:${year}`
const csv = Buffer.from('rentree_scolaire;nom\n2025;"a\nb"\n2025;c\n')

let parquet: Buffer
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'strates-parquet-'))
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(
    `COPY (SELECT DATE '2025-01-01' AS rentree_scolaire, range AS n FROM range(2000)) TO '${folder}/a.parquet'`,
  )
  connection.closeSync()
  parquet = await readFile(join(folder, 'a.parquet'))
  await rm(folder, { recursive: true })
})

describeSource('portal', async (bytes) => {
  const portal = await startFakePortal({ '/exports/csv?delimiter=;&use_labels=false': whole(bytes) })
  const source = createPortalSource({ allowPrivate: true, clock: fixedClock, backoffMs: 1 })
  return {
    source,
    request: { datasetId: 'ecoles', fileNames: [], portal: { host: portal.host, datasetId: 'ecoles' } },
    unknown: { datasetId: 'local', fileNames: [/local/] },
    async close() {
      await source.close?.()
      await portal.close()
    },
  }
})

describe('the portal source', () => {
  let folder: string
  let portal: FakePortal | undefined
  const waits: number[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strates-portal-'))
    waits.length = 0
  })
  afterEach(async () => {
    await portal?.close()
    portal = undefined
    await rm(folder, { recursive: true, force: true })
  })

  async function fetchFrom(
    routes: Record<string, Answer>,
    { request = {}, ...options }: PortalOptions & { request?: Partial<SourceRequest> } = {},
  ): Promise<SourceFile[]> {
    portal = await startFakePortal(routes)
    return fetchAt(portal.host, { request, ...options })
  }

  async function fetchAt(
    host: string,
    { request = {}, ...options }: PortalOptions & { request?: Partial<SourceRequest> } = {},
  ): Promise<SourceFile[]> {
    const sleep = async (ms: number): Promise<void> => void waits.push(ms)
    const source = createPortalSource({ allowPrivate: true, clock: fixedClock, sleep, random: () => 1, ...options })
    const locator = { host, datasetId: 'ecoles', periodField: 'rentree_scolaire' }
    try {
      return await source.fetch(
        { datasetId: 'ecoles', fileNames: [], portal: locator, periods: { newest: 1 }, ...request },
        { folder, progress: silent },
      )
    } finally {
      await source.close?.()
    }
  }

  describe('asks for years', () => {
    // Each year its own bytes; only the two marks count here.
    const exportFor = (year: number): Answer => whole(`PAR1${year}PAR1`)
    const everyYear = Object.fromEntries([2022, 2023, 2024, 2025].map((year) => [parquetOf(year), exportFor(year)]))

    it('takes the three newest rentrées by default, one file each', async () => {
      portal = await startFakePortal({ [facets]: years, ...everyYear })
      const source = createPortalSource({ allowPrivate: true, clock: fixedClock })
      const locator = { host: portal.host, datasetId: 'ecoles', periodField: 'rentree_scolaire' }
      const request = { datasetId: 'ecoles', fileNames: [], portal: locator }
      const files = await source.fetch(request, { folder, progress: silent })
      await source.close?.()
      expect(files.map(({ name, period }) => [name, period])).toEqual([
        ['ecoles-2023.parquet', 2023],
        ['ecoles-2024.parquet', 2024],
        ['ecoles-2025.parquet', 2025],
      ])
      expect(files[0]!.url).toBe(`https://${portal.host}/explore/dataset/ecoles/`)
    })

    it('takes every rentrée since a year', async () => {
      const files = await fetchFrom({ [facets]: years, ...everyYear }, { request: { periods: { since: 2022 } } })
      expect(files.map(({ period }) => period)).toEqual([2022, 2023, 2024, 2025])
      expect(await fetchAt(portal!.host, { request: { periods: { since: 2030 } } })).toEqual([])
    })

    it('reads a year written as a date', async () => {
      const files = await fetchFrom({
        [facets]: rentrees({ name: '2024-01-01' }, { name: '2025-01-01' }),
        ...everyYear,
      })
      expect(files.map(({ period }) => period)).toEqual([2025])
    })

    it.each([400, 404])('takes the whole dataset when the years are refused with %i', async (status) => {
      const files = await fetchFrom({ [facets]: refused(status), '/exports/parquet': whole(parquet) })
      expect(files).toMatchObject([{ name: 'ecoles.parquet', bytes: parquet.length }])
      expect(files[0]).not.toHaveProperty('period')
    })

    it('takes the whole dataset when it is not cut into years', async () => {
      const about = whole(JSON.stringify({ dataset_id: 'ecoles', metas: { default: { records_count: 2000 } } }))
      portal = await startFakePortal({ '/catalog/datasets/ecoles': about, '/exports/parquet': whole(parquet) })
      const files = await fetchAt(portal.host, { request: { portal: { host: portal.host, datasetId: 'ecoles' } } })
      expect(files).toMatchObject([{ name: 'ecoles.parquet' }])
      expect(portal.asked).toHaveLength(2)
    })
  })

  describe('asks for a format', () => {
    it.each([400, 404, 406, 501])('falls back to CSV when Parquet is refused with %i', async (status) => {
      const files = await fetchFrom({ [facets]: years, [parquetOf(2025)]: refused(status), [csvOf(2025)]: whole(csv) })
      expect(files).toMatchObject([{ name: 'ecoles-2025.csv', bytes: csv.length }])
    })

    it('says so when both are refused', async () => {
      await expect(fetchFrom({ [facets]: years })).rejects.toMatchObject({
        code: 'SOURCE_UNREACHABLE',
        extensions: { status: 404, datasetId: 'ecoles' },
      })
      expect(portal!.asked).toHaveLength(3)
    })
  })

  describe('asks whether a file changed', () => {
    const request = (host: string) => ({
      datasetId: 'ecoles',
      fileNames: [],
      portal: { host, datasetId: 'ecoles', periodField: 'rentree_scolaire' },
      periods: { newest: 1 },
    })
    /** Takes the file twice, as two runs do. @returns the conditions of the second request. */
    async function twice(first: Record<string, string>, second: Answer) {
      const asked: IncomingHttpHeaders[] = []
      const answer: Answer = (response, visit, given) => {
        asked.push(given.headers)
        if (visit === 1) response.writeHead(200, first).end(parquet)
        else second(response, visit, given)
      }
      portal = await startFakePortal({ [facets]: years, [parquetOf(2025)]: answer })
      const take = async () => {
        const source = createPortalSource({ allowPrivate: true, clock: fixedClock, sleep: async () => {} })
        const memory = await openMemory(folder)
        const target = { folder, progress: silent, memory }
        return await source.fetch(request(portal!.host), target).finally(() => source.close?.())
      }
      const [before] = await take()
      const [after] = await take()
      expect(after).toMatchObject({ sha256: before!.sha256, path: before!.path, bytes: parquet.length })
      const { 'if-none-match': tag, 'if-modified-since': since } = asked[1]!
      return { tag, since }
    }
    const notModified: Answer = (response) => void response.writeHead(304).end()
    const date = 'Mon, 05 Jan 2026 00:00:00 GMT'

    it('by its ETag alone where it has one, weak or strong', async () => {
      const conditions = await twice({ etag: 'W/"7"', 'last-modified': date }, notModified)
      expect(conditions).toEqual({ tag: 'W/"7"', since: undefined })
    })

    it('by its date where it has no ETag', async () => {
      expect(await twice({ 'last-modified': date }, notModified)).toEqual({ tag: undefined, since: date })
    })

    it('by taking it again where it has neither', async () => {
      expect(await twice({}, (response) => void response.writeHead(200).end(parquet))).toEqual({})
    })

    it('and refuses to hear that it did not where nobody asked', async () => {
      await expect(twice({}, notModified)).rejects.toMatchObject({
        code: 'SOURCE_UNREACHABLE',
        extensions: { status: 304 },
      })
    })
  })

  it('asks none of the other datasets of a portal that wants to be left alone', async () => {
    portal = await startFakePortal({ [facets]: refused(429, { 'retry-after': '7200' }) })
    const source = createPortalSource({ allowPrivate: true, clock: fixedClock })
    for (const datasetId of ['ecoles', 'colleges']) {
      const locator = { host: portal.host, datasetId: 'ecoles', periodField: 'rentree_scolaire' }
      await expect(
        source.fetch({ datasetId, fileNames: [], portal: locator }, { folder, progress: silent }),
      ).rejects.toMatchObject({ extensions: { datasetId, retryAfterMs: 7_200_000 } })
    }
    await source.close?.()
    expect(portal.asked).toHaveLength(1)
  })

  describe('tries again', () => {
    it('after 500, 502, 503 and 504, waiting longer each time', async () => {
      const flaky = inTurn(refused(500), refused(502), refused(504), whole(parquet))
      const files = await fetchFrom({ [facets]: years, [parquetOf(2025)]: flaky })
      expect(files).toHaveLength(1)
      expect(waits).toEqual([500, 1000, 2000])
    })

    it('after 429, as long as Retry-After asks, in seconds or as a date', async () => {
      const now = Date.parse('2026-01-01T00:00:00Z')
      const busy = inTurn(
        refused(429, { 'retry-after': '7' }),
        refused(429, { 'retry-after': new Date(now + 9_000).toUTCString() }),
        whole(parquet),
      )
      await fetchFrom({ [facets]: years, [parquetOf(2025)]: busy }, { now: () => now })
      expect(waits).toEqual([7_000, 9_000])
    })

    it('not before a portal that wants more than the longest wait, and says for how long; nonsense is no wish', async () => {
      const busy = inTurn(refused(503, { 'retry-after': 'soon' }), refused(429, { 'retry-after': '86400' }))
      await expect(fetchFrom({ [facets]: years, [parquetOf(2025)]: busy })).rejects.toMatchObject({
        code: 'SOURCE_UNREACHABLE',
        extensions: { status: 429, retryAfterMs: 86_400_000 },
      })
      expect(waits).toEqual([500])
    })

    it('spreads its waits', async () => {
      const flaky = inTurn(refused(500), whole(parquet))
      await fetchFrom({ [facets]: years, [parquetOf(2025)]: flaky }, { random: () => 0 })
      expect(waits).toEqual([250])
    })

    it('from the start after a reset, a cut body, and a body cut without a word', async () => {
      const broken = inTurn(reset, cutInHalf(parquet), quietlyCutInHalf(parquet), whole(parquet))
      const [file] = await fetchFrom({ [facets]: years, [parquetOf(2025)]: broken })
      expect(await readFile(file!.path)).toEqual(parquet)
      expect(await readdir(folder)).toHaveLength(1)
      expect(waits).toHaveLength(3)
    })

    it('a CSV with fewer rows than announced, line breaks in quotes not counted', async () => {
      const cut = inTurn(whole(csv.subarray(0, csv.indexOf('2025;c'))), whole(csv))
      const [file] = await fetchFrom({ [facets]: years, [csvOf(2025)]: cut })
      expect(await readFile(file!.path)).toEqual(csv)
      expect(waits).toHaveLength(1)
    })

    it('after a silence in the middle of a body', async () => {
      const stalls: Answer = (response) => {
        response.writeHead(200, { 'content-length': parquet.length })
        response.write(parquet.subarray(0, 100))
      }
      const [file] = await fetchFrom(
        { [facets]: years, [parquetOf(2025)]: inTurn(stalls, whole(parquet)) },
        { silenceMs: 100 },
      )
      expect(file!.bytes).toBe(parquet.length)
    })

    it('four times in all, then says the file is not whole', async () => {
      const refusal = fetchFrom({ [facets]: years, [parquetOf(2025)]: cutInHalf(parquet) })
      await expect(refusal).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
      expect(portal!.asked.filter((path) => path.endsWith(parquetOf(2025)))).toHaveLength(4)
      expect(await readdir(folder)).toEqual([])
    })

    it('not at all when the disk refuses, which is no fault of the portal', async () => {
      const file = join(folder, 'not-a-folder')
      await writeFile(file, '')
      portal = await startFakePortal({ [facets]: years, [parquetOf(2025)]: whole(parquet) })
      const source = createPortalSource({ allowPrivate: true })
      const locator = { host: portal.host, datasetId: 'ecoles', periodField: 'rentree_scolaire' }
      const refusal = source.fetch(
        { datasetId: 'ecoles', fileNames: [], portal: locator },
        { folder: file, progress: silent },
      )
      await expect(refusal).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' })
      await source.close?.()
    })

    it('not at all after a refusal', async () => {
      await expect(fetchFrom({ [facets]: years, [parquetOf(2025)]: refused(403) })).rejects.toMatchObject({
        code: 'SOURCE_UNREACHABLE',
        extensions: { status: 403 },
      })
      expect(waits).toEqual([])
    })
  })

  describe('gives up soon', () => {
    it('when the first answer does not come, and does not ask that host again', async () => {
      portal = await startFakePortal({ [facets]: silence })
      const source = createPortalSource({ allowPrivate: true, firstAnswerMs: 100 })
      const locator = { host: portal.host, datasetId: 'ecoles', periodField: 'rentree_scolaire' }
      const request = (datasetId: string): SourceRequest => ({ datasetId, fileNames: [], portal: locator })
      const started = Date.now()
      await expect(source.fetch(request('one'), { folder, progress: silent })).rejects.toThrow(
        /no answer within 0.1 s \(one/,
      )
      await expect(source.fetch(request('two'), { folder, progress: silent })).rejects.toThrow(
        /no answer within 0.1 s \(two/,
      )
      expect(Date.now() - started).toBeLessThan(1_500)
      expect(portal.asked).toHaveLength(1)
      await source.close?.()
    })

    it('when nobody listens', async () => {
      portal = await startFakePortal({})
      const { host } = portal
      await portal.close()
      await expect(fetchAt(host)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
      expect(waits).toEqual([])
    })

    it('when a web page answers in place of the portal', async () => {
      await expect(fetchFrom({ [facets]: whole('<html>Identifiez-vous</html>', 'text/html') })).rejects.toMatchObject({
        code: 'SOURCE_UNREACHABLE',
      })
    })

    it('but not when the portal is only busy', async () => {
      const files = await fetchFrom({ [facets]: inTurn(refused(503), years), [parquetOf(2025)]: whole(parquet) })
      expect(files).toHaveLength(1)
    })
  })

  describe('refuses', () => {
    it.each([
      ['a web page', Buffer.from('<!doctype html><title>Maintenance</title>')],
      ['a message', Buffer.from('{"message":"quota"}')],
      ['something short', Buffer.from('PA')],
    ])('%s in place of Parquet', async (_, bytes) => {
      await expect(fetchFrom({ [facets]: years, [parquetOf(2025)]: whole(bytes) })).rejects.toMatchObject({
        code: 'SOURCE_UNREADABLE',
      })
      expect(await readdir(folder)).toEqual([])
    })

    it('a web page in place of CSV', async () => {
      const page = whole('\ufeff\n<!doctype html><title>Maintenance</title>')
      await expect(fetchFrom({ [facets]: years, [csvOf(2025)]: page })).rejects.toMatchObject({
        code: 'SOURCE_UNREADABLE',
      })
      expect(waits).toEqual([])
    })

    it('a body that drips for ever', async () => {
      const drips: Answer = (response) => {
        response.writeHead(200).write('PAR1')
        const timer = setInterval(() => response.write('.'), 20)
        response.on('close', () => clearInterval(timer))
      }
      const refusal = fetchFrom({ [facets]: years, [parquetOf(2025)]: drips }, { fileMs: 200 })
      await expect(refusal).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
      expect(await readdir(folder)).toEqual([])
    })

    it('a file larger than the cap, announced or not', async () => {
      const streamed: Answer = (response) => void response.writeHead(200).end(parquet)
      const options = { maxBytes: 1000 }
      for (const answer of [whole(parquet), streamed]) {
        await expect(fetchFrom({ [facets]: years, [parquetOf(2025)]: answer }, options)).rejects.toThrow(
          /larger than 1000 bytes/,
        )
        await portal!.close()
      }
      expect(await readdir(folder)).toEqual([])
    })

    it('compressed bytes, which nobody asked for', async () => {
      const packed: Answer = (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')
      await expect(fetchFrom({ [facets]: years, [parquetOf(2025)]: packed })).rejects.toThrow(/compressed \(gzip\)/)
    })
  })

  describe('follows redirects', () => {
    const hop = (to: number): Answer => redirect(`/hop/${to}`)

    it('three times', async () => {
      const routes = {
        [facets]: years,
        [parquetOf(2025)]: hop(1),
        '/hop/1': hop(2),
        '/hop/2': hop(3),
        '/hop/3': whole(parquet),
      }
      expect(await fetchFrom(routes)).toHaveLength(1)
    })

    it('but not four times', async () => {
      const routes = {
        [facets]: years,
        [parquetOf(2025)]: hop(1),
        '/hop/1': hop(2),
        '/hop/2': hop(3),
        '/hop/3': hop(4),
      }
      await expect(fetchFrom(routes)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    })

    it('nor out of HTTP', async () => {
      const routes = { [facets]: years, [parquetOf(2025)]: redirect('file:///etc/passwd') }
      await expect(fetchFrom(routes)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    })
  })

  describe('stays on the public internet', () => {
    it.each([
      '127.0.0.1',
      '[::1]',
      '169.254.169.254',
      '0x7f.1',
      '2130706433',
      '10.0.0.1',
      'localhost',
      '[::ffff:7f00:1]',
    ])('and does not connect to %s', async (host) => {
      const refusal = fetchAt(host, { allowPrivate: false })
      await expect(refusal).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
      await expect(refusal).rejects.toThrow(/is not on the public internet/)
    })

    it.each([
      'http://127.0.0.1/',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://169.254.169.254/',
      'https://localhost/',
    ])('and does not follow a redirect to %s', async (location) => {
      portal = await startFakePortal({ [facets]: redirect(location) })
      const { host } = portal
      const inside = new Agent()
      const agent = publicAgent({ connectMs: 1_000 })
      // portal.example stands for the public portal; whatever it redirects to goes through the real agent.
      const dispatcher = agent.compose(
        (dispatch) => (options, handler) =>
          String(options.origin) === 'https://portal.example'
            ? inside.dispatch({ ...options, origin: `http://${host}` }, handler)
            : dispatch(options, handler),
      )
      const refusal = fetchAt('portal.example', { allowPrivate: false, dispatcher })
      await expect(refusal).rejects.toThrow(/is not on the public internet/)
      expect(portal.asked).toHaveLength(1)
      await Promise.all([inside.destroy(), agent.destroy()])
    })

    it.each(['::1', 'file:///etc/passwd', 'user@example.fr', 'example.fr/path', '1.2.3.4.5', ''])(
      'and refuses %j as a host',
      async (host) => {
        await expect(fetchAt(host, { allowPrivate: false })).rejects.toMatchObject({ code: 'DESCRIPTOR_INVALID' })
      },
    )

    it.each([
      '0.0.0.0',
      '100.64.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      'fe80::1%eth0',
      'fd00::1',
      '::ffff:10.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      'not an address',
    ])('where %s is not', (address) => {
      expect(isPublicAddress(address)).toBe(false)
    })

    it.each(['1.1.1.1', '172.32.0.1', '185.31.40.11', '2a00:1450:4007:80c::200e'])('where %s is', (address) => {
      expect(isPublicAddress(address)).toBe(true)
    })
  })
})
