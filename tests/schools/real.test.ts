import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Federation } from '../federation/federation.ts'
import { ingestFolder, type Ingested } from '../pipeline/ingestFolder.ts'
import { expectAsManyMissing } from './asManyMissing.ts'
import { gatewayOver } from './gateway.ts'

const SHARED = join(import.meta.dirname, '..', '..', '..', 'shared', 'data')
const isHere = existsSync(SHARED)
if (!isHere) console.log(`Skipped, the official files are not on this machine: ${SHARED} does not exist.`)

const GENERAL_LYCEES = 'fr-en-lycee_gt-effectifs-niveau-sexe-lv.csv'

describe.skipIf(!isHere)('the schools of Ille-et-Vilaine, with the general lycées of the country', () => {
  let folder: string
  let ille: Ingested
  let gateway: Federation
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strates-schools-'))
    const source = join(SHARED, 'ille-et-vilaine')
    for (const name of await readdir(source)) await copyFile(join(source, name), join(folder, name))
    await copyFile(join(SHARED, 'france', GENERAL_LYCEES), join(folder, GENERAL_LYCEES))
    ille = await ingestFolder(folder)
    gateway = await gatewayOver(ille.store)
  })
  afterAll(async () => {
    await gateway?.close()
    await ille?.remove()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  it('have the facts of the directory and a series, one entry a year', async () => {
    const { school } = await gateway.get(`{ school(uai: "0350122T") {
      uai name kind sector contract situation opened notPublished position { lat lon } commune { code name }
      primarySeries { timePeriod value status alternatives { value provenance { datasetId } } }
    } }`)
    expect(school).toMatchObject({
      uai: '0350122T',
      name: 'Ecole primaire publique les Lucioles',
      kind: 'ECOLE',
      sector: 'PUBLIC',
      contract: 'SANS_OBJET',
      situation: 2022,
      opened: '1965-10-01',
      notPublished: [],
      position: { lat: 47.98614492070133, lon: -1.9294895003671315 },
      commune: { code: '35016', name: 'Baulon' },
    })
    const figures = school.primarySeries.map(({ timePeriod, status }: Record<string, unknown>) => [timePeriod, status])
    expect(figures).toEqual(['2019', '2020', '2021', '2022'].map((year) => [year, 'NORMAL']))
    expect(school.primarySeries[2].alternatives).toEqual([
      { value: 143, provenance: { datasetId: 'fr-en-annuaire-education' } },
    ])
  })

  it.each(['0350030T', '0350710G', '0350776D', '0350793X', '0350808N', '0352072M'])(
    '%s, in the collège and in the lycée file, has both series',
    async (uai) => {
      const { school } = await gateway.get(`{ school(uai: "${uai}") {
        kind primary(schoolYear: 2021) { status }
        lowerSecondarySeries(from: 2019, to: 2021) { value status provenance { datasetId } }
        upperSecondarySeries(from: 2019, to: 2021) { value status provenance { datasetId inputs { datasetId } } }
      } }`)
      expect([school.kind, school.primary.status]).toEqual(['LYCEE', 'NOT_APPLICABLE'])
      const lower = school.lowerSecondarySeries.filter(({ value }: { value: number | null }) => value !== null)
      const upper = school.upperSecondarySeries.filter(({ value }: { value: number | null }) => value !== null)
      expect(lower.length).toBeGreaterThan(0)
      expect(lower[0]).toMatchObject({
        status: 'NORMAL',
        provenance: { datasetId: 'fr-en-college-effectifs-niveau-sexe-lv' },
      })
      // The vocational lycées are not at hand: a lycée may have such pupils, and nobody knows.
      expect(upper.length).toBeGreaterThan(0)
      expect(upper[0]).toMatchObject({ status: 'PARTIAL' })
    },
  )

  it('add up, each with its own figure, to the département', async () => {
    const values: (number | null)[] = []
    let after = ''
    for (let hasNext = true; hasNext;) {
      const { departement } = await gateway.get(`{ departement(code: "35") {
        schools(first: 1000${after}) { nodes { primary(schoolYear: 2021) { value } } pageInfo { endCursor hasNextPage } }
      } }`)
      const { nodes, pageInfo } = departement.schools
      values.push(...nodes.map(({ primary }: { primary: { value: number | null } }) => primary.value))
      after = `, after: "${pageInfo.endCursor}"`
      hasNext = pageInfo.hasNextPage
    }
    expect(values.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(108_848)
  })

  it('are listed around the centre of Rennes, nearest first', async () => {
    const { schoolsNear } = await gateway.get(`{ schoolsNear(lat: 48.11, lon: -1.68, radiusKm: 1, first: 100) {
      totalCount edges { distanceKm node { uai name commune { name } } }
    } }`)
    const distances = schoolsNear.edges.map(({ distanceKm }: { distanceKm: number }) => distanceKm)
    expect(schoolsNear.totalCount).toBe(58)
    expect(distances).toEqual(distances.toSorted((left: number, right: number) => left - right))
    expect(distances.at(-1)).toBeLessThanOrEqual(1)
    expect(schoolsNear.edges[0].node).toMatchObject({
      name: 'Ecole primaire privée St Yves',
      commune: { name: 'Rennes' },
    })
  })

  it('lack the 870 communes of the three other départements of Bretagne, by name', async () => {
    const { region } = await gateway.get(`{ region(code: "53") { schoolEnrolment(schoolYear: 2022) { primary {
      coverage { missing suppressed } missingMembers(first: 1000) { totalCount nodes { kind code reason placeId } }
    } } } }`)
    const { coverage, missingMembers } = region.schoolEnrolment.primary
    expect([missingMembers.totalCount, coverage.missing + coverage.suppressed]).toEqual([870, 870])
    const departements = missingMembers.nodes.map(({ code }: { code: string }) => code.slice(0, 2))
    expect(new Set(departements)).toEqual(new Set(['22', '29', '56']))
    expect(missingMembers.nodes[0]).toEqual({
      kind: 'COMMUNE',
      code: '22001',
      reason: 'NO_FILE',
      placeId: 'commune:22001',
    })
  })

  it('are missing as often as the coverage of each value says', () => {
    expect(expectAsManyMissing(ille, 23)).toBeGreaterThan(50_000)
    expect(expectAsManyMissing(ille, 101, 2019)).toBeGreaterThan(20_000)
  })
})
