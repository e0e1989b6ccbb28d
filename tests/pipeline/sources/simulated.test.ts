import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../core/store/open.ts'
import { communesOf } from '../../../core/territories/vintage.ts'
import { conform, type MappedRow } from '../../../pipeline/conform.ts'
import { findDescriptors, type FoundDescriptor } from '../../../pipeline/descriptors.ts'
import { ingest } from '../../../pipeline/ingest.ts'
import { readTable } from '../../../pipeline/read.ts'
import { createCogSource, type EmbeddedCog } from '../../../pipeline/sources/cog.ts'
import { silent } from '../../../pipeline/sources/progress.ts'
import { PUBLISHED_TOTALS } from '../../../pipeline/sources/published-totals.ts'
import { allocate, createSimulatedSource } from '../../../pipeline/sources/simulated.ts'
import type { Source, SourceFile } from '../../../pipeline/sources/source.ts'
import { embeddedCog } from '../../core/territories/embedded.ts'

const ENROLMENT = [
  { id: 'fr-en-ecoles-effectifs-nb_classes', measure: 'pupils-primary', schools: 48_000 },
  { id: 'fr-en-college-effectifs-niveau-sexe-lv', measure: 'pupils-lower-secondary', schools: 7_000 },
  { id: 'fr-en-lycee_gt-effectifs-niveau-sexe-lv', measure: 'pupils-upper-secondary-gt', schools: 2_500 },
  { id: 'fr-en-lycee_pro-effectifs-niveau-sexe-lv', measure: 'pupils-upper-secondary-pro', schools: 2_100 },
] as const

let cog: EmbeddedCog
let descriptors: readonly FoundDescriptor[]
let instance: DuckDBInstance
let connection: DuckDBConnection
let source: Source
let folder: string
beforeAll(async () => {
  cog = embeddedCog()
  descriptors = await findDescriptors()
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  source = createSimulatedSource(connection, cog.vintages)
  folder = await mkdtemp(join(tmpdir(), 'strates-simulated-'))
})
afterAll(async () => {
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true })
})

const fetch = (datasetId: string, into = 'sources'): Promise<SourceFile[]> =>
  source.fetch({ datasetId, fileNames: [] }, { folder: join(folder, into), progress: silent })

describe.each(ENROLMENT)('the simulated $id', ({ id, measure, schools }) => {
  let file: SourceFile
  let rows: readonly MappedRow[]
  const warnings: string[] = []
  beforeAll(async () => {
    const [delivered] = await fetch(id)
    file = delivered!
    const { descriptor } = descriptors.find((found) => found.descriptor.id === id)!
    const read = await readTable(connection, file, 'source')
    rows = (await conform(connection, 'source', read, descriptor, file.name, (warning) => warnings.push(warning))).rows
  })

  it('keeps the contract of its dataset, every invariant on every row', () => {
    expect(rows).toHaveLength(schools * PUBLISHED_TOTALS.length)
    expect(warnings).toEqual([])
  })

  it('adds up to the published total of each rentrée, without an empty school', () => {
    for (const { year, pupils } of PUBLISHED_TOTALS) {
      const counts = rows.filter(({ period }) => period === year).map(({ values }) => values[measure]!)
      expect(counts.reduce((total, count) => total + count, 0)).toBe(pupils[id])
      expect(counts.every((count) => count > 0)).toBe(true)
    }
  })

  it('reports from the 101 départements, Saint-Barthélemy and Saint-Martin, and from nowhere else', () => {
    const newest = cog.vintages.at(-1)!
    const scope = newest.departements.filter(({ code, zone }) => zone !== 'com' || ['977', '978'].includes(code))
    expect(scope).toHaveLength(103)
    for (const { year } of PUBLISHED_TOTALS) {
      const reported = rows.filter(({ period }) => period === year).map(({ departementLabel }) => departementLabel)
      expect([...new Set(reported)].toSorted()).toEqual(scope.map(({ nom }) => nom).toSorted())
    }
    const communes = new Set(newest.communes.filter(({ type }) => type === 'commune-actuelle').map(({ code }) => code))
    expect(rows.filter(({ communeCode }) => !communes.has(communeCode!) || /^9(75|8)/.test(communeCode!))).toEqual([])
  })

  it('keeps the same schools from rentrée to rentrée, none of them possible', () => {
    const placesByYear = PUBLISHED_TOTALS.map(({ year }) =>
      rows
        .filter(({ period }) => period === year)
        .map(({ uai, communeCode, contributorName }) => [uai, communeCode, contributorName]),
    )
    expect(placesByYear[1]).toEqual(placesByYear[0])
    expect(placesByYear[2]).toEqual(placesByYear[0])
    expect(rows.every(({ uai }) => /^999\d{4}[A-Z]$/.test(uai!))).toBe(true)
    expect(rows.every(({ contributorName }) => contributorName!.endsWith(' DONNEE SIMULEE'))).toBe(true)
  })

  it('gives the same bytes again, alone in the folder, under a name that no --from takes for official', async () => {
    const again = await fetch(id, `again-${id}`)
    expect(again).toEqual([{ ...file, path: join(folder, `again-${id}`, `${file.sha256}.parquet`) }])
    expect(await readdir(join(folder, `again-${id}`))).toEqual([`${file.sha256}.parquet`])
    const { fileNames } = descriptors.find(({ descriptor }) => descriptor.id === id)!.descriptor
    expect(fileNames.some((pattern) => pattern.test(file.name))).toBe(false)
  })
})

describe('the simulated source', () => {
  it('gives an école to every town, to few hamlets, and to no commune whose code meant several', async () => {
    const [file] = await fetch('fr-en-ecoles-effectifs-nb_classes', 'ecoles')
    const result = await connection.runAndReadAll(`SELECT DISTINCT code_commune AS code FROM '${file!.path}'`)
    const withEcole = new Set(result.getRowObjects().map(({ code }) => code))
    const communes = communesOf(cog.vintages.at(-1)!).filter(({ code }) => !/^9(75|8)/.test(code))
    const towns = communes.filter(({ population = 0 }) => population >= 2_000)
    expect(towns.filter(({ code }) => !withEcole.has(code))).toEqual([])
    const hamlets = communes.filter(({ population = 0 }) => population < 200)
    expect(hamlets.filter(({ code }) => withEcole.has(code)).length).toBeLessThan(hamlets.length / 2)
    // Neussargues en Pinatelle was split in 2025.
    expect(withEcole.has('15141')).toBe(false)
  })

  it('has no directory of schools, and nothing of any other dataset', async () => {
    expect(await fetch('fr-en-annuaire-education', 'none')).toEqual([])
    expect(await fetch('population-municipale', 'none')).toEqual([])
    expect(await fetch('toString', 'none')).toEqual([])
  })

  it('fills a store that says so on every school figure, and on no other', { timeout: 120_000 }, async () => {
    const data = join(folder, 'data')
    const population = createCogSource(connection, cog.vintages)
    const files = new Map<string, SourceFile[]>()
    for (const { descriptor } of descriptors) {
      const { id, source: locator, fileNames } = descriptor
      const from = locator.kind === 'cog' ? population : source
      files.set(id, await from.fetch({ datasetId: id, fileNames }, { folder: join(data, 'sources'), progress: silent }))
    }
    const report = await ingest({ data, cog, descriptors, files, absent: new Map(), simulated: true, feeds: false })
    const schoolReports = report.datasets.filter(({ dataset }) => dataset !== 'population-municipale')
    expect(schoolReports.map(({ located }) => Object.keys(located))).toEqual(ENROLMENT.map(() => ['CODE']))

    const store = await openStore(data, ['commune', 'departement', 'region', 'national'])
    const { nation, all } = store.atlas.current
    expect(store.manifest).toMatchObject({ simulated: true, defaultSchoolYear: 2025 })
    for (const { year, pupils } of PUBLISHED_TOTALS) {
      const lycees =
        pupils['fr-en-lycee_gt-effectifs-niveau-sexe-lv'] + pupils['fr-en-lycee_pro-effectifs-niveau-sexe-lv']
      const upper = store.reader('region').observe('pupils-upper-secondary', year, nation)
      expect(upper).toMatchObject({ value: lycees, status: 'NORMAL', simulated: true })
      for (const { id, measure } of ENROLMENT) {
        const reader = store.reader(store.manifest.measures.find((known) => known.id === measure)!.owner)
        expect(reader.observe(measure, year, nation)).toMatchObject({ value: pupils[id], status: 'NORMAL' })
        expect(all.filter((territory) => !reader.observe(measure, year, territory).simulated)).toEqual([])
      }
    }
    const real = store.reader('national').observe('population-municipale', 2023, nation)
    expect(real).toMatchObject({ status: 'NORMAL', simulated: false })
    expect(
      all.filter((territory) => store.reader('national').observe('population-municipale', 2023, territory).simulated),
    ).toEqual([])
  })
})

describe('allocate', () => {
  const weights = fc
    .array(fc.nat(1_000_000), { minLength: 1, maxLength: 200 })
    .filter((all) => all.some((weight) => weight > 0))

  it('shares out the whole, each part within 1 of its true share', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), weights, (total, all) => {
        const parts = allocate(total, all)
        const whole = all.reduce((sum, weight) => sum + weight, 0)
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total)
        expect(parts.every((part) => Number.isInteger(part) && part >= 0)).toBe(true)
        // In whole numbers, as the true share is a fraction: |part − total × weight / whole| < 1.
        expect(parts.every((part, position) => Math.abs(part * whole - total * all[position]!) < whole)).toBe(true)
      }),
    )
  })

  it('shares out the whole by fractional weights too', () => {
    const fractions = fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(fc.nat(10_000_000), fractions, (total, all) => {
        expect(allocate(total, all).reduce((sum, part) => sum + part, 0)).toBe(total)
      }),
    )
  })

  it('gives nothing to a weight of 0, and among equal remainders prefers the first', () => {
    expect(allocate(3, [0, 1, 1, 0])).toEqual([0, 2, 1, 0])
    expect(allocate(1, [1, 1, 1])).toEqual([1, 0, 0])
  })

  it('refuses weights by which nothing can be shared out', () => {
    for (const all of [[], [0, 0], [NaN, 1], [Infinity]]) expect(() => allocate(5, all)).toThrow(RangeError)
  })
})
