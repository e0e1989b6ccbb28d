/** What publishing one version after another remembers, over a handful of hand-made territories. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Cell } from '../../core/observations/consolidate.ts'
import type { DatasetHistory } from '../../core/observations/history.ts'
import type { DatasetRecord, SliceRecord } from '../../core/store/manifest.ts'
import { currentVersion } from '../../core/store/current.ts'
import { openStore } from '../../core/store/open.ts'
import { atlasOf } from '../../core/territories/atlas.ts'
import { groupingIncludes } from '../../core/territories/cog.ts'
import { indexTerritories, type Territory } from '../../core/territories/territory.ts'
import { publish, type PublishableSlice, type Version } from '../../pipeline/publish.ts'
import { timeline } from '../core/store/tinyStore.ts'
import { rowsOf } from '../core/territories/oneVintage.ts'

const place = (index: number, tier: Territory['tier'], code: string, departement: number): Territory => ({
  index,
  id: `${tier.toLowerCase() as Lowercase<Territory['tier']>}:${code}`,
  tier,
  code,
  name: code,
  kind: tier === 'GROUPING' ? 'ACADEMIE' : tier === 'EPCI' ? 'METROPOLE' : tier,
  epci: -1,
  departement,
  region: -1,
})
const territories = indexTerritories({
  vintage: 2026,
  all: [place(0, 'NATION', 'FR', -1), place(1, 'DEPARTEMENT', '35', -1), place(2, 'COMMUNE', '35238', 1)],
  aliases: [],
  includes: groupingIncludes,
})

const cell = (territory: number, value: number): Cell => ({
  territory,
  value,
  status: 'NORMAL',
  expected: 1,
  reported: 1,
  suppressed: 0,
  share: 1,
  notLocated: 0,
  notLocatedValue: 0,
  absentDepartements: [],
  outsideDepartements: [],
  outOfScope: 0,
  estimated: 0,
  sharedOut: [],
})

/** A slice of pupils in each territory, all or some of them public. */
function slice(period: number, value: number, facts: Partial<SliceRecord> = {}, publicPart = value): PublishableSlice {
  const record: SliceRecord = {
    slice: period - 2020,
    owner: 'commune',
    measure: 'pupils',
    dataset: 'ecoles',
    period,
    rank: 0,
    extent: ['35'],
    covered: ['35'],
    absentUnit: 'COMMUNE',
    vintage: 2026,
    rule: 'Sum.',
    snapshots: ['abc'],
    reported: 1,
    total: value,
    breakdownBy: ['SECTOR'],
    keys: [{ SECTOR: 'PUBLIC' }, { SECTOR: 'PRIVATE' }],
    ...facts,
  }
  const parts = new Map(
    [0, 1, 2].map((index) => [
      index,
      new Map([
        [0, publicPart],
        [1, value - publicPart],
      ]),
    ]),
  )
  return { record, cells: [0, 1, 2].map((index) => cell(index, value)), parts, describe: () => [] }
}

function version(slices: readonly PublishableSlice[], facts: Partial<DatasetRecord> = {}): Version {
  const dataset: DatasetRecord = {
    id: 'ecoles',
    title: 'Écoles',
    description: 'For tests.',
    owner: { id: 'commune', name: 'Communes', legalBasis: 'L212-4', producer: 'DEPP', publisher: 'MEN' },
    licence: { id: 'etalab-2.0', title: 'Licence Ouverte 2.0', url: 'https://example.fr/' },
    attribution: 'MEN',
    sourceUrl: 'https://example.fr/',
    updateFrequency: 'ANNUAL',
    publishedWithin: null,
    firstPeriod: 2019,
    whenPeriodAbsent: 'SOURCE_UNAVAILABLE',
    periods: slices.map(({ record }) => record.period),
    snapshots: [{ name: 'a.csv', url: 'https://example.fr/a.csv', sha256: 'abc', bytes: 3 }],
    simulated: false,
    ...facts,
  }
  return {
    atlas: atlasOf(territories),
    rows: rowsOf(territories),
    epcis: { vintages: [], grounds: [], changes: [] },
    timeline,
    slices,
    manifest: {
      geography: 2026,
      simulated: dataset.simulated,
      defaultSchoolYear: 2021,
      defaultPopulationYear: null,
      measures: [
        {
          id: 'pupils',
          title: 'Pupils',
          titleFr: 'Élèves',
          description: 'For tests.',
          unit: 'pupils',
          unitFr: 'élèves',
          owner: 'commune',
          competent: 'Communes',
          legalBasis: 'L212-4',
          additivity: { kind: 'COUNT' },
          communeMethod: 'CONSOLIDATED',
          datasets: ['ecoles'],
        },
      ],
      ownership: [],
      reconciliations: [],
      datasets: [dataset],
    },
    retrieved: { ecoles: '2026-01-02T03:04:05.000Z' },
    report: {},
  }
}

describe('the history that a store keeps', () => {
  let data: string
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'strates-history-'))
  })
  afterEach(() => rm(data, { recursive: true, force: true }))

  async function put(content: Version): Promise<string> {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    try {
      return await publish(connection, data, content)
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  }
  const pathOf = async (name: string) => join(data, 'versions', (await currentVersion(data)) ?? '', name)
  const history = async () => JSON.parse(await readFile(await pathOf('history.json'), 'utf8')) as DatasetHistory
  const newest = async () => (await history())['ecoles']?.at(-1)

  it('begins with 1.0.0, and gives the same bytes for the same content', async () => {
    const once = await put(version([slice(2021, 10)]))
    expect(await newest()).toMatchObject({ number: '1.0.0', added: { measures: ['pupils'], periods: [2021] } })
    const bytes = await readFile(await pathOf('history.json'), 'utf8')
    expect(await put(version([slice(2021, 10)]))).toBe(once)
    expect(await readFile(await pathOf('history.json'), 'utf8')).toBe(bytes)
    await rm(data, { recursive: true })
    expect(await put(version([slice(2021, 10)]))).toBe(once)
    expect(await readFile(await pathOf('history.json'), 'utf8')).toBe(bytes)
    expect(bytes).not.toContain('2026-01-02')
  })

  it('counts what a new year adds', async () => {
    await put(version([slice(2021, 10)]))
    await put(version([slice(2021, 10), slice(2022, 12)]))
    expect(await newest()).toMatchObject({
      number: '1.1.0',
      added: { measures: [], periods: [2022] },
      values: [{ measure: 'pupils', period: 2022, added: 9, revised: 0, removed: 0 }],
    })
  })

  it('counts revised values, those of breakdowns too', async () => {
    await put(version([slice(2021, 10), slice(2022, 12)]))
    await put(version([slice(2021, 11), slice(2022, 12, {}, 5)]))
    expect((await newest())?.values).toEqual([
      { measure: 'pupils', period: 2021, added: 0, revised: 6, removed: 0 },
      { measure: 'pupils', period: 2022, added: 0, revised: 6, removed: 0 },
    ])
  })

  it('is MAJOR for a dimension that disappears, and PATCH for words and bytes', async () => {
    await put(version([slice(2021, 10)]))
    await put(version([slice(2021, 10)], { description: 'In other words.' }))
    expect(await newest()).toMatchObject({ number: '1.0.1', level: 'PATCH', values: [] })
    await put(version([slice(2021, 10, { breakdownBy: [], keys: [] })]))
    expect(await newest()).toMatchObject({
      number: '2.0.0',
      level: 'MAJOR',
      removed: { dimensions: ['pupils/SECTOR'] },
    })
  })

  it('says so when the dataset has no file any more, and when it comes back', async () => {
    await put(version([slice(2021, 10)]))
    await put(version([], { snapshots: [] }))
    expect(await newest()).toMatchObject({ number: '2.0.0', removed: { measures: ['pupils'], periods: [2021] } })
    const store = await openStore(data, ['commune'])
    expect(store.reader('commune').versionOf('ecoles')).toBe('none')
    await put(version([slice(2021, 10)]))
    expect(await newest()).toMatchObject({ number: '2.1.0', added: { measures: ['pupils'] } })
  })

  it('goes on when older content comes back: the store is the same version, the dataset a newer one', async () => {
    const first = await put(version([slice(2021, 10)]))
    await put(version([slice(2021, 11)]))
    expect(await put(version([slice(2021, 10)]))).toBe(first)
    expect((await history())['ecoles']?.map(({ number }) => number)).toEqual(['1.0.0', '1.1.0', '1.2.0'])
  })

  it('never compares invented figures with official ones', async () => {
    await put(version([slice(2021, 10)], { simulated: true }))
    await put(version([slice(2021, 20)]))
    expect(await newest()).toMatchObject({ number: '1.0.0', level: 'FIRST' })
  })

  it('begins anew over a damaged version, and publishes', async () => {
    await put(version([slice(2021, 10)]))
    await writeFile(await pathOf('cells-commune.parquet'), 'damage')
    await put(version([slice(2021, 11)]))
    expect(await newest()).toMatchObject({ number: '1.0.0' })
  })

  it('shows on every value which version it is of', async () => {
    await put(version([slice(2021, 10)]))
    await put(version([slice(2021, 11)]))
    const reader = (await openStore(data, ['commune'])).reader('commune')
    const { provenance } = reader.observe('pupils', 2021, territories.nation)
    expect(provenance.datasetVersion).toMatch(/^1\.1\.0\+[0-9a-f]{8}$/)
    expect(reader.historyOf('ecoles')).toHaveLength(2)
  })
})
