/** Boundaries as files of a version: kept, checked, carried over, and served by the door. */
import { cp, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { createApp, type App, type AppRequest } from '../../gateway/app.ts'
import { createBoundaries } from '../../gateway/doors/boundaries/boundaries.ts'
import type { Engine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { drawBoundaries } from '../../pipeline/boundaries/build.ts'
import type { BoundaryFiles } from '../../pipeline/sources/boundaries.ts'
import { boundariesOfCurrentVersion, takeBoundaries } from '../../pipeline/sources/boundaries.ts'
import { publishTiny, version } from '../core/store/tinyStore.ts'
import { BEFORE_2024, cells, chronicle, feature, fileOf, territories } from './country.ts'

// The door asks nothing of the engine; one that never starts shows it.
const IDLE = { load: () => new Promise(() => {}), watchCalls() {}, subgraphs: () => [] } as unknown as Engine

let root: string
let given: string
/** The data version of each store. */
const versions: Record<string, string> = {}
const NONE: BoundaryFiles = { files: (async function* () {})(), refused: [] }
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'strates-boundaries-'))
  given = join(root, 'given')
  const files = [
    fileOf('communes.geojson', ...BEFORE_2024),
    fileOf('departements.geojson', feature('35', cells(0, 0, 4))),
    fileOf('cantons.geojson', feature('35', cells(0, 0))),
    fileOf('README.txt'),
  ]
  await cp(join(import.meta.dirname, '..', 'fixtures', 'README.md'), join(given, 'README.md'))
  for (const { name, content } of files) await writeFile(join(given, name), content)
  for (const name of ['first', 'second']) {
    versions[name] = await publishWith(name, await takeBoundaries(given, join(root, name, 'sources')))
  }
  versions['without'] = await publishWith('without', undefined)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const draw = (files: BoundaryFiles) => drawBoundaries({ ...files, chronicle, territories })

/** Publishes a store with the boundaries of some files. */
async function publishWith(name: string, files: BoundaryFiles | undefined): Promise<string> {
  const boundaries = files && (await draw(files))
  return publishTiny(join(root, name), { ...version([]), ...(boundaries && { boundaries }) })
}

const contentOf = async ({ files }: BoundaryFiles): Promise<readonly string[]> => {
  const found: string[] = []
  for await (const { name, content } of files) found.push(`${name} ${Buffer.from(content).toString('base64')}`)
  return found
}

describe('a folder of boundaries', () => {
  it('is taken file by file; one whose name tells no tier is refused, what is no GeoJSON is not looked at', async () => {
    const { refused, files } = await takeBoundaries(given, join(root, 'kept'))
    expect(refused).toEqual([
      { name: 'cantons.geojson', code: 'NO_SOURCE_FILE', message: expect.stringContaining('begin with communes') },
    ])
    const names = (await contentOf({ refused, files })).map((text) => text.split(' ')[0])
    expect(names).toEqual(['communes.geojson', 'departements.geojson'])
    expect((await contentOf({ refused, files })).length, 'as often as they are asked for').toBe(2)
  })

  it('is taken without a link that leads nowhere, which is refused', async () => {
    const linked = join(root, 'linked')
    await cp(given, linked, { recursive: true })
    await symlink(join(root, 'nowhere'), join(linked, 'regions.geojson'))
    const { refused, files } = await takeBoundaries(linked, join(root, 'kept'))
    expect(refused).toContainEqual({
      name: 'regions.geojson',
      code: 'SOURCE_UNREADABLE',
      message: expect.stringContaining('of a link, that it leads to a file'),
    })
    expect(await contentOf({ refused, files })).toHaveLength(2)
  })

  it('that is not there, or holds none, stops', async () => {
    await expect(takeBoundaries(join(root, 'nowhere'), root)).rejects.toMatchObject({ code: 'FOLDER_NOT_FOUND' })
    await expect(takeBoundaries(join(import.meta.dirname), root)).rejects.toMatchObject({ code: 'NO_SOURCE_FILE' })
  })

  it('is told what a file that is too large may take', async () => {
    const large = join(root, 'large')
    await cp(given, large, { recursive: true })
    await truncate(join(large, 'communes.geojson'), 64_000_001)
    const { refused } = await takeBoundaries(large, join(root, 'kept'))
    expect(refused.map(({ name, message }) => `${name}: ${message}`)).toContainEqual(
      expect.stringMatching(/^communes\.geojson: The file is too large .*at most 64000000 bytes/),
    )
  })
})

describe('a version with boundaries', () => {
  it('is the same to the byte from the same files, and another than the one without', async () => {
    expect(versions['first']).toBe(versions['second'])
    expect(versions['without']).not.toBe(versions['first'])
    expect((await openStore(join(root, 'without'), [])).boundaries).toBeUndefined()
    const files = (await openStore(join(root, 'first'), [])).manifest.files.map(({ name }) => name)
    expect(files).toContain('boundaries-communes-35.topojson.gz')
  })

  it('gives its files to the next ingest, and says which are gone', async () => {
    const data = join(root, 'second')
    const kept = join(data, 'sources')
    const carried = await boundariesOfCurrentVersion(data, kept)
    expect(carried && (await contentOf(carried))).toEqual(await contentOf(await takeBoundaries(given, kept)))
    expect((await draw(carried ?? NONE)).files).toEqual((await draw(await takeBoundaries(given, kept))).files)
    const { boundaries } = await openStore(data, [])
    await rm(join(kept, `${boundaries?.sources.find(({ tier }) => tier === 'COMMUNE')?.sha256}.geojson`))
    const less = await boundariesOfCurrentVersion(data, kept)
    expect(less?.refused).toEqual([
      { name: 'communes.geojson', code: 'SOURCE_UNREADABLE', message: expect.stringContaining('--boundaries again') },
    ])
    expect(await boundariesOfCurrentVersion(join(root, 'without'), kept)).toBeUndefined()
    expect(await boundariesOfCurrentVersion(join(root, 'nowhere'), kept)).toBeUndefined()
  })

  it('is not served where one of its files is damaged', async () => {
    const data = join(root, 'damaged')
    await cp(join(root, 'first'), data, { recursive: true })
    const path = join(data, 'versions', versions['first'] ?? '', 'boundaries-communes-35.topojson.gz')
    await writeFile(path, (await readFile(path)).subarray(1))
    await expect(openStore(data, [])).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })
})

describe('/v1/boundaries/', () => {
  let app: App
  let dataVersion: string
  const get = (name: string, headers: AppRequest['headers'] = {}, method = 'GET') =>
    app.handle({ method, url: `/v1/boundaries/${name}`, headers })
  const bytesOf = async ({ body, stream }: Awaited<ReturnType<typeof get>>): Promise<Buffer> => {
    const pieces: Uint8Array[] = []
    for await (const piece of stream?.pieces ?? []) pieces.push(piece)
    return stream === undefined ? Buffer.from(body) : Buffer.concat(pieces)
  }
  const appOver = async (name: string): Promise<App> => {
    const boundaries = createBoundaries(await openStore(join(root, name), []))
    return createApp({ engine: IDLE, boundaries: () => boundaries, log: SILENT })
  }
  beforeAll(async () => {
    dataVersion = versions['first'] ?? ''
    app = await appOver('first')
  })

  it('lists the files, their sources, and who is without', async () => {
    const { status, headers, body } = await get('')
    const list = JSON.parse(String(body))
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
    expect(list).toMatchObject({
      geography: 2026,
      dataVersion,
      licence: { id: 'etalab-2.0' },
      attribution: expect.stringContaining('IGN, Admin Express'),
      sources: [
        { name: 'communes.geojson', tier: 'COMMUNE', vintage: 2023, shapes: 6, used: 6, sha256: expect.any(String) },
        { name: 'departements.geojson' },
      ],
      refused: [{ name: 'cantons.geojson' }],
      files: [
        {
          name: 'communes-35',
          tier: 'COMMUNE',
          departement: '35',
          count: 3,
          topojson: '/v1/boundaries/communes-35.topojson',
          geojson: '/v1/boundaries/communes-35.geojson',
        },
        { name: 'communes-85', count: 2 },
        { name: 'epcis', tier: 'EPCI', count: 2 },
        { name: 'departements', tier: 'DEPARTEMENT', count: 2 },
        { name: 'regions', tier: 'REGION', count: 2 },
      ],
    })
    expect(list).not.toHaveProperty('help')
    const named = list.withoutBoundary.map(({ id }: { id: string }) => id)
    expect(named).toEqual(['departement:75', 'commune:85084', 'commune:85165'])
    expect((await get('', { 'if-none-match': headers['etag'] })).status).toBe(304)
  })

  it('sends every file that it lists, of the size and number of shapes told', async () => {
    const { files } = JSON.parse(String((await get('')).body))
    for (const { count, bytes, topojson, geojson } of files) {
      const text = await bytesOf(await app.handle({ method: 'GET', url: topojson, headers: {} }))
      const { objects } = JSON.parse(String(text))
      expect([text.length, objects.territories.geometries.length]).toEqual([bytes, count])
      const collection = JSON.parse(
        String(await bytesOf(await app.handle({ method: 'GET', url: geojson, headers: {} }))),
      )
      expect([collection.type, collection.features.length]).toEqual(['FeatureCollection', count])
    }
  })

  it('sends a file with its tag, licence and version, packed to who takes that, to any page', async () => {
    const plain = await get('communes-35.topojson')
    expect(plain.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
      'strates-data-version': dataVersion,
      link: expect.stringContaining('rel="license"'),
      vary: 'accept-encoding',
    })
    const packed = await get('communes-35.topojson', { 'accept-encoding': 'gzip, br' })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(await bytesOf(packed)).equals(await bytesOf(plain))).toBe(true)
    for (const response of [plain, packed]) {
      const accept = response === packed ? { 'accept-encoding': 'gzip' } : {}
      const known = { 'if-none-match': response.headers['etag'], ...accept }
      expect((await get('communes-35.topojson', known)).status).toBe(304)
    }
    const head = await get('communes-35.geojson', {}, 'HEAD')
    expect([head.status, head.headers['content-type']]).toEqual([200, 'application/geo+json'])
    expect(Number(head.headers['content-length'])).toBe((await bytesOf(await get('communes-35.geojson'))).length)
  })

  it('says what there is where there is nothing', async () => {
    const { status, headers, body } = await get('communes-75.topojson')
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8'])
    const problem = JSON.parse(String(body))
    expect(problem.detail).toContain('No file that was loaded has the communes of the département 75.')
    expect(problem.boundaries).toContain('communes-35.topojson')
    for (const name of ['boundaries.json', '%2e%2e%2fmanifest.json', 'communes-35']) {
      expect((await get(name)).status).toBe(404)
    }
    expect((await get('?resolution=1')).status).toBe(400)
    expect((await app.handle({ method: 'GET', url: '/v1/boundaries', headers: {} })).headers['location']).toBe(
      '/v1/boundaries/',
    )
  })

  it('says how to load boundaries where none are, and that there are none where there is no store', async () => {
    app = await appOver('without')
    const list = JSON.parse(String((await get('')).body))
    expect(list).toMatchObject({ geography: 2026, files: [], sources: [], withoutBoundary: [] })
    expect(list.help).toContain('npm run ingest -- --boundaries DIR')
    expect(JSON.parse(String((await get('regions.topojson')).body)).detail).toContain('--boundaries DIR')
    const elsewhere = createApp({ engine: IDLE, log: SILENT })
    expect((await elsewhere.handle({ method: 'GET', url: '/v1/boundaries/', headers: {} })).status).toBe(404)
  })
})
