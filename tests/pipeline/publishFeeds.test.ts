/** What publish writes of each dataset: the same rows in three formats, as the store answers them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FEED_COLUMNS } from '../../core/observations/feed.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { readFeed, type FeedFileRecord } from '../../core/store/feeds.ts'
import { openStore, type Store } from '../../core/store/open.ts'
import { cell, dataset, measure, publishTiny, slice, version } from '../core/store/tinyStore.ts'

let data: string
let store: Store
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'strates-feeds-'))
  await publishTiny(
    data,
    version(
      [
        slice(0, [
          cell('commune:35238', 20_000, { status: 'PARTIAL', expected: 4, reported: 3, share: 0.75 }),
          cell('commune:35047', 0),
          cell('nation:FR', 20_000),
        ]),
        slice(1, [cell('commune:35238', 800)], { measure: 'classes-primary' }),
        slice(2, [cell('commune:35238', 19_000), cell('commune:22209', 300)], {
          dataset: 'annuaire',
          rank: 1,
          extent: ['22', '35'],
        }),
      ],
      {
        measures: [
          measure('pupils-primary', { datasets: ['ecoles', 'annuaire'] }),
          measure('classes-primary', { unit: 'classes' }),
          measure('pupils-per-class', {
            unit: 'pupils per class',
            additivity: { kind: 'RATIO', numerator: 'pupils-primary', denominator: 'classes-primary' },
            datasets: [],
          }),
        ],
        datasets: [
          dataset('ecoles', { attribution: '=HYPERLINK("http://example.fr","MEN")' }),
          dataset('annuaire', { simulated: true }),
          dataset('without-figures'),
        ],
      },
    ),
  )
  store = await openStore(data, OWNERS)
})
afterAll(() => rm(data, { recursive: true, force: true }))

const fileOf = (name: string, format: string): FeedFileRecord =>
  store.feeds.feeds.find((feed) => feed.name === name)?.files.find((file) => file.format === format) ??
  expect.fail(`no ${name}.${format}`)
const onDisk = (name: string, format: string): Promise<Buffer> =>
  readFile(join(store.folder, fileOf(name, format).file))
const textOf = async (name: string, format: string): Promise<string> => String(gunzipSync(await onDisk(name, format)))
const objectsOf = async (name: string): Promise<readonly Record<string, unknown>[]> =>
  (await textOf(name, 'ndjson'))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const find = async (name: string, facts: Readonly<Record<string, unknown>>) =>
  (await objectsOf(name)).find((row) => Object.entries(facts).every(([key, value]) => row[key] === value))

describe('the feeds of a version', () => {
  it('are one for each dataset with figures and tier, named after both', () => {
    expect(store.feeds.feeds.map(({ name, rows }) => [name, rows])).toEqual([
      ['annuaire-commune', 6],
      ['annuaire-epci', 2],
      ['annuaire-departement', 3],
      ['annuaire-region', 2],
      ['annuaire-nation', 1],
      ['ecoles-commune', 18],
      ['ecoles-epci', 6],
      ['ecoles-departement', 9],
      ['ecoles-region', 6],
      ['ecoles-nation', 3],
    ])
  })

  it('hold every territory in every period: a figure, a zero, or why there is none', async () => {
    expect(await find('ecoles-commune', { measure: 'pupils-primary', code: '35238' })).toMatchObject({
      territory: 'commune:35238',
      name: 'Rennes',
      tier: 'COMMUNE',
      geography: 2026,
      period: 2021,
      unit: 'pupils',
      value: 20_000,
      status: 'PARTIAL',
      expected: 4,
      reported: 3,
      missing: 1,
      suppressed: 0,
      coverage_share: 0.75,
      simulated: false,
      answered: true,
      dataset: 'ecoles',
      owner: 'Communes',
      legal_basis: 'L212-4',
      producer: 'DEPP',
      publisher: 'MEN',
      licence: 'etalab-2.0',
      dataset_version: expect.stringMatching(/^1\.0\.0\+[0-9a-f]{8}$/),
      retrieved_at: '2026-01-02T03:04:05.000Z',
      data_version: store.manifest.dataVersion,
    })
    const statusOf = async (code: string) =>
      (await find('ecoles-commune', { measure: 'pupils-primary', code }))?.['status']
    expect(await find('ecoles-commune', { measure: 'pupils-primary', code: '35047' })).toMatchObject({
      value: 0,
      status: 'NORMAL',
    })
    expect(await statusOf('22016')).toBe('SOURCE_UNAVAILABLE')
    expect(await statusOf('98818')).toBe('OUT_OF_SCOPE')
  })

  it('hold the ratios of which a dataset gives both parts', async () => {
    expect(await find('ecoles-commune', { measure: 'pupils-per-class', code: '35238' })).toMatchObject({
      value: 25,
      unit: 'pupils per class',
    })
  })

  it('say which figures are answered, where several datasets give one', async () => {
    const answered = async (feed: string, code: string) =>
      (await find(feed, { measure: 'pupils-primary', code }))?.['answered']
    expect([await answered('ecoles-commune', '35238'), await answered('annuaire-commune', '35238')]).toEqual([
      true,
      false,
    ])
    expect([await answered('ecoles-commune', '22209'), await answered('annuaire-commune', '22209')]).toEqual([
      false,
      true,
    ])
    expect(await find('annuaire-commune', { code: '35238' })).toMatchObject({ value: 19_000, simulated: true })
  })

  it('hold the very figures and reasons that the store answers', async () => {
    const reader = store.reader('commune')
    for (const tier of ['COMMUNE', 'EPCI', 'DEPARTEMENT', 'REGION', 'NATION'] as const) {
      const rows = [
        ...(await objectsOf(`ecoles-${tier.toLowerCase()}`)),
        ...(await objectsOf(`annuaire-${tier.toLowerCase()}`)),
      ].filter(({ answered }) => answered)
      for (const territory of store.atlas.current.ofTier(tier)) {
        for (const id of ['pupils-primary', 'classes-primary', 'pupils-per-class']) {
          const { value, status, method, coverage } = reader.observe(id, 2021, territory)
          const ofCell = rows.filter((row) => row['territory'] === territory.id && row['measure'] === id)
          // A ratio of the figures of two datasets is in the feed of neither.
          if (id !== 'pupils-per-class') expect(ofCell).toHaveLength(1)
          for (const row of ofCell)
            expect(row).toMatchObject({ value, status, method, expected: coverage?.expected ?? null })
        }
      }
    }
  })

  it('are the same rows in CSV, NDJSON and Parquet, in the order of measure, period and territory', async () => {
    for (const name of ['ecoles-commune', 'annuaire-nation']) {
      const objects = await objectsOf(name)
      const csv = parse(await textOf(name, 'csv'), { columns: true }) as Record<string, string>[]
      expect(csv.map((row) => Object.values(row).map((text) => text.replace(/^'=/, '=')))).toEqual(
        objects.map((row) => Object.values(row).map((value) => `${(value ?? '') as string}`)),
      )
      const file = await asyncBufferFromFile(join(store.folder, fileOf(name, 'parquet').file))
      expect(await parquetReadObjects({ file })).toEqual(objects)
      const keys = objects.map(({ measure, period, territory }) => `${measure}/${period}/${territory}`)
      expect(keys).toEqual(keys.toSorted())
    }
  })

  it('have the columns that their schema tells, in its order and types', async () => {
    const names = FEED_COLUMNS.map(({ name }) => name)
    expect((await textOf('ecoles-commune', 'csv')).split('\r\n')[0]).toBe(names.map((name) => `"${name}"`).join(','))
    expect(Object.keys((await objectsOf('ecoles-commune'))[0]!)).toEqual(names)
    const file = await asyncBufferFromFile(join(store.folder, fileOf('ecoles-commune', 'parquet').file))
    const { schema } = await parquetMetadataAsync(file)
    expect(schema.slice(1).map(({ name }) => name)).toEqual(names)
    const types = {
      string: 'BYTE_ARRAY',
      datetime: 'BYTE_ARRAY',
      integer: 'INT32',
      number: 'DOUBLE',
      boolean: 'BOOLEAN',
    }
    expect(schema.slice(1).map(({ type }) => type)).toEqual(FEED_COLUMNS.map(({ type }) => types[type]))
  })

  it('are RFC 4180, with formulas made harmless', async () => {
    const csv = await textOf('ecoles-commune', 'csv')
    expect(csv.endsWith('\r\n')).toBe(true)
    expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(csv).toContain(`,"'=HYPERLINK(""http://example.fr"",""MEN"")",`)
    expect(csv).toContain('"commune:35238","35238","Rennes"')
  })
})

describe('a packed text', () => {
  const bytesOf = async (file: FeedFileRecord, first?: number, last?: number): Promise<Buffer> => {
    const pieces: Uint8Array[] = []
    for await (const piece of readFeed(store.folder, file, first, last)) pieces.push(piece)
    return Buffer.concat(pieces)
  }

  it('is a gzip file, of the size and in the blocks that the list says', async () => {
    const file = fileOf('ecoles-commune', 'csv')
    const packed = await onDisk('ecoles-commune', 'csv')
    const text = gunzipSync(packed)
    expect([packed.length, text.length]).toEqual([file.packedBytes, file.bytes])
    expect(file.blocks?.reduce((sum, [size]) => sum + size, 0)).toBe(file.bytes)
  })

  it('gives any range of its bytes', async () => {
    const file = fileOf('ecoles-commune', 'csv')
    const whole = gunzipSync(await onDisk('ecoles-commune', 'csv'))
    expect((await bytesOf(file)).equals(whole)).toBe(true)
    for (const [first, last] of [
      [0, 0],
      [10, 300],
      [whole.length - 5, whole.length - 1],
    ] as const) {
      expect((await bytesOf(file, first, last)).equals(whole.subarray(first, last + 1))).toBe(true)
    }
  })
})
