import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dimension } from '../../core/observations/dimension.ts'
import { OBSERVATION_STATUSES } from '../../core/observations/status.ts'
import { departementsOf } from '../../core/territories/geography.ts'
import type { Federation } from '../federation/federation.ts'
import { expectAsManyMissing } from '../schools/asManyMissing.ts'
import { gatewayOver } from '../schools/gateway.ts'
import { type Ingested, ingestFolder } from './ingestFolder.ts'

const SHARED = join(import.meta.dirname, '..', '..', '..', 'shared', 'data')
const isHere = existsSync(SHARED)
if (!isHere) console.log(`Skipped, the official files are not on this machine: ${SHARED} does not exist.`)

const PRIMARY = 'pupils-primary'
const LOWER = 'pupils-lower-secondary'
const UPPER = 'pupils-upper-secondary'
const UPPER_GT = 'pupils-upper-secondary-gt'
const POPULATION = 'population-municipale'

const located = ({ report }: Ingested, dataset: string) => report.datasets.find((found) => found.dataset === dataset)

// Each folder is ingested once, for all that is asked of it.
const ingests = new Map<string, Promise<Ingested>>()
function once(folder: string): Promise<Ingested> {
  const known = ingests.get(folder) ?? ingestFolder(join(SHARED, folder))
  ingests.set(folder, known)
  return known
}
afterAll(async () => {
  for (const ingested of ingests.values()) await (await ingested.catch(() => undefined))?.remove()
})

// First, so that the peak of memory is its own.
describe.skipIf(!isHere)('the official files of the whole country', () => {
  let france: Ingested
  let peakMegabytes: number
  beforeAll(async () => {
    france = await once('france')
    peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024)
    const steps = france.steps.map(({ step, at }) => `${at.toFixed(1)} s ${step}`).join(', ')
    console.log(`France: ${france.seconds.toFixed(1)} s, ${peakMegabytes} MB at most (${steps})`)
  })

  it('become a store within a minute and two gigabytes', () => {
    expect(france.seconds).toBeLessThan(60)
    expect(peakMegabytes).toBeLessThan(2048)
  })

  it('name in the report the two commune codes that never existed, and place their schools by label', () => {
    const directory = located(france, 'fr-en-annuaire-education')
    expect(directory?.unknownCodes).toEqual({ '13200': 1, '75100': 1 })
    expect(directory?.located).toEqual({ CODE: 68_725, LABEL: 2 })
    expect(directory?.rows).toBe(68_727)
    expect(directory?.repeated).toBe(65)
    expect(directory?.refused).toEqual([])
  })

  it('give the general and technological pupils of the nation, every year complete in its own scope', () => {
    expect([2019, 2020, 2021].map((year) => france.observe(UPPER_GT, year, 'nation:FR'))).toMatchObject([
      {
        value: 1_625_066,
        status: 'NORMAL',
        coverage: { expected: 2513, reported: 2513, notLocated: 1, notLocatedValue: 501 },
      },
      { value: 1_604_358, status: 'NORMAL', coverage: { expected: 2498, reported: 2498, notLocated: 0 } },
      { value: 1_620_602, status: 'NORMAL', coverage: { notLocated: 0 } },
    ])
  })

  it('warn on 2019 that four collectivities with 13,372 pupils leave the file, there and nowhere else', () => {
    const warning =
      /Break in the series: Saint-Pierre-et-Miquelon \(975\), .*\(986\), .*\(987\), .*\(988\) \(13372 pupils\).*2019 and not for 2020/
    const warned = (year: number, id: string) =>
      france.observe(UPPER_GT, year, id).notes.some((note) => warning.test(note))
    expect(['nation:FR', 'departement:987', 'commune:97502'].map((id) => warned(2019, id))).toEqual([true, true, true])
    expect(['region:53', 'grouping:metropole', 'grouping:depp-france'].map((id) => warned(2019, id))).toEqual([
      false,
      false,
      false,
    ])
    expect([2020, 2021].map((year) => warned(year, 'nation:FR'))).toEqual([false, false])
  })

  it('say of 2020 which collectivities are outside, and answer OUT_OF_SCOPE for them', () => {
    expect(france.observe(UPPER_GT, 2020, 'nation:FR').notes.join()).toMatch(
      /not counted: Saint-Pierre-et-Miquelon \(975\).*\(988\)/,
    )
    expect(france.observe(UPPER_GT, 2020, 'departement:988')).toMatchObject({
      value: null,
      status: 'OUT_OF_SCOPE',
      coverage: null,
    })
    expect(france.observe(UPPER_GT, 2019, 'departement:988')).toMatchObject({ value: 6486, status: 'NORMAL' })
  })

  it('give Guadeloupe, Saint-Barthélemy and Saint-Martin each their own, though the file calls all three GUADELOUPE', () => {
    const values = ['971', '977', '978'].map((code) => france.observe(UPPER_GT, 2019, `departement:${code}`).value)
    expect(values).toEqual([11_178, 14, 759])
  })

  it('make the lycée cycle PARTIAL where the vocational lycées are not at hand, and say so', () => {
    const upper = france.observe(UPPER, 2021, 'nation:FR')
    expect(upper).toMatchObject({ value: 1_620_602, status: 'PARTIAL' })
    expect(upper.notes).toContain('Not counted: Pupils of vocational lycées (SOURCE_UNAVAILABLE).')
  })

  it('give the primary pupils of 2023 from the directory, PARTIAL: a school without a figure has not 0 pupils', () => {
    expect(france.observe(PRIMARY, 2023, 'nation:FR')).toMatchObject({
      value: 6_310_226,
      status: 'PARTIAL',
      coverage: { expected: 48_701, reported: 47_363, missing: 1338, suppressed: 0 },
    })
  })

  it('count the collège pupils of 2023 once for each school number', () => {
    expect(france.observe(LOWER, 2023, 'nation:FR')).toMatchObject({ value: 3_365_445, status: 'PARTIAL' })
    expect(france.store.manifest.defaultSchoolYear).toBe(2023)
  })

  it.each(['22016', '29083', '29155', '85113'])('answer for the island %s, which has no EPCI', (code) => {
    const island = france.store.atlas.current.find('COMMUNE', code).territory
    expect(island.epci).toBe(-1)
    expect(france.observe(PRIMARY, 2023, island.id)).toMatchObject({ status: 'NORMAL', coverage: { missing: 0 } })
    expect(france.observe(UPPER_GT, 2021, island.id)).toMatchObject({
      value: 0,
      status: 'NORMAL',
      coverage: { expected: 0 },
    })
    expect(france.observe(POPULATION, 2023, island.id).value).toBeGreaterThan(200)
  })

  it('answer for Paris when an arrondissement is asked, and hold the pupils of all arrondissements', () => {
    const { territory, resolvedFrom } = france.store.atlas.current.find('COMMUNE', '75112')
    expect([territory.id, resolvedFrom?.kind]).toEqual(['commune:75056', 'ARRONDISSEMENT_MUNICIPAL'])
    const commune = france.observe(UPPER_GT, 2019, 'commune:75056')
    expect(commune).toMatchObject({ value: 58_708, status: 'NORMAL' })
    expect(france.observe(UPPER_GT, 2019, 'departement:75').value).toBe(commune.value)
  })

  it('keep the two départements of Corse apart, with letters in their codes', () => {
    const values = ['2A', '2B'].map((code) => france.observe(UPPER_GT, 2019, `departement:${code}`).value)
    expect(values).toEqual([2906, 3448])
    expect(france.observe(UPPER_GT, 2019, 'region:94').value).toBe(2906 + 3448)
    expect(france.observe(PRIMARY, 2023, 'commune:2A004').value).toBe(4359)
  })

  it('answer for the overseas collectivities what the file tells of each year', () => {
    expect(france.observe(UPPER_GT, 2021, 'commune:97701')).toMatchObject({ value: 18, status: 'NORMAL' })
    expect(france.observe(POPULATION, 2023, 'commune:97701')).toMatchObject({ value: 10_660, status: 'NORMAL' })
    expect(france.observe(UPPER_GT, 2019, 'commune:98611')).toMatchObject({ value: 29, status: 'NORMAL' })
    expect(france.observe(UPPER_GT, 2021, 'commune:98611')).toMatchObject({ value: null, status: 'OUT_OF_SCOPE' })
    expect(france.observe(PRIMARY, 2023, 'departement:975')).toMatchObject({ value: null, status: 'NOT_PUBLISHED' })
  })

  it('add up at every tier: départements, régions and EPCI are the sums of their communes and of what found none', () => {
    const territories = france.store.atlas.current
    for (const [measure, year] of [
      [UPPER_GT, 2019],
      [PRIMARY, 2023],
      [POPULATION, 2023],
    ] as const) {
      const values = new Map(
        territories.ofTier('COMMUNE').map(({ index, id }) => [index, france.observe(measure, year, id).value ?? 0]),
      )
      for (const tier of ['EPCI', 'DEPARTEMENT', 'REGION', 'NATION', 'GROUPING'] as const) {
        for (const territory of territories.ofTier(tier)) {
          const { value, coverage } = france.observe(measure, year, territory.id)
          if (value === null) continue
          const members = territories
            .communesOf(territory)
            .reduce((sum, { index }) => sum + (values.get(index) ?? 0), 0)
          const stray = tier === 'EPCI' ? 0 : (coverage?.notLocatedValue ?? 0)
          expect(value, `${measure} ${year} ${territory.id}`).toBe(members + stray)
        }
      }
    }
  })

  it('add up on the geography of every vintage to the same nation, at every tier, shared out or not', () => {
    const { years } = france.store.atlas
    for (const [measure, year] of [
      [UPPER_GT, 2019],
      [PRIMARY, 2023],
      [POPULATION, 2018],
    ] as const) {
      const whole = france.observe(measure, year, 'nation:FR')
      for (const geography of years) {
        const territories = france.store.atlas.of(geography)!
        const sum = (ids: readonly string[]) =>
          ids.reduce((total, id) => total + (france.observe(measure, year, id, geography).value ?? 0), 0)
        const communes = territories.ofTier('COMMUNE')
        const ids = (tier: 'COMMUNE' | 'EPCI' | 'DEPARTEMENT' | 'REGION') =>
          territories.ofTier(tier).map(({ id }) => id)
        const alone = communes.filter(({ epci }) => epci === -1).map(({ id }) => id)
        const strays = whole.coverage?.notLocatedValue ?? 0
        const told = `${measure} ${year} on ${geography}`
        expect(sum(ids('COMMUNE')) + strays, told).toBe(whole.value)
        expect(sum([...ids('EPCI'), ...alone]) + strays, told).toBe(whole.value)
        expect(sum(ids('DEPARTEMENT')), told).toBe(whole.value)
        expect(sum(ids('REGION')), told).toBe(whole.value)
        expect(france.observe(measure, year, 'nation:FR', geography).value, told).toBe(whole.value)
      }
    }
  })

  it('add up from the parts of the EPCI that span a border to each of them, on every geography', () => {
    for (const geography of france.store.atlas.years) {
      const territories = france.store.atlas.of(geography)!
      const parts = Map.groupBy(
        territories.ofTier('GROUPING').filter(({ kind }) => kind === 'EPCI_PART'),
        ({ epci, departement }) => `${territories.at(epci).id} ${departement === -1}`,
      )
      expect(parts.size).toBe((geography < 2024 ? 90 : 89) + 26)
      for (const [key, all] of parts) {
        const [id = ''] = key.split(' ')
        const sum = all.reduce(
          (total, part) => total + (france.observe(PRIMARY, 2023, part.id, geography).value ?? 0),
          0,
        )
        expect(sum, key).toBe(france.observe(PRIMARY, 2023, id, geography).value ?? 0)
      }
    }
  })

  describe('the schools of the whole country', () => {
    let gateway: Federation
    beforeAll(async () => {
      gateway = await gatewayOver(france.store)
    })
    afterAll(async () => {
      await gateway?.close()
    })

    it('lack a figure for 1,338 écoles in 2023, each by name', async () => {
      const { nation } = await gateway.get(`{ nation { schoolEnrolment(schoolYear: 2023) { primary {
        coverage { missing suppressed } missingMembers(first: 1000) { totalCount nodes { kind code name reason } }
      } } } }`)
      const { coverage, missingMembers } = nation.schoolEnrolment.primary
      expect([missingMembers.totalCount, coverage.missing + coverage.suppressed]).toEqual([1338, 1338])
      for (const { kind, code, name, reason } of missingMembers.nodes) {
        expect([kind, reason]).toEqual(['SCHOOL', 'NO_FIGURE'])
        expect(code).toMatch(/^\d{7}[A-Z]$/)
        expect(name).not.toBe('')
      }
    })

    it('are 68,763, each number once, and found around any place in milliseconds', () => {
      const { schools } = france.store.reader('national')
      expect(schools.size).toBe(68_763)
      const rennes = { latitude: 48.11, longitude: -1.68 }
      schools.near({ ...rennes, radiusKm: 1 })
      const started = performance.now()
      const near = schools.near({ ...rennes, radiusKm: 1 })
      const milliseconds = performance.now() - started
      console.log(`schoolsNear: ${near.length} of ${schools.size} schools in ${milliseconds.toFixed(2)} ms`)
      expect(near).toHaveLength(57)
      expect(milliseconds).toBeLessThan(50)
    })

    it('say of a fact that the extract never tells that it is not published', async () => {
      const { school } = await gateway.get(
        '{ school(uai: "0010001W") { name contract opened notPublished situation } }',
      )
      expect(school).toEqual({
        name: 'Lycée professionnel Alexandre Bérard',
        contract: 'UNKNOWN',
        opened: null,
        notPublished: ['OPENED'],
        situation: 2024,
      })
    })

    it('are missing as often as the coverage of each value says', () => {
      expect(expectAsManyMissing(france, 97)).toBeGreaterThan(20_000)
    })
  })
})

describe.skipIf(!isHere)('the official files of Ille-et-Vilaine alone', () => {
  let ille: Ingested
  beforeAll(async () => {
    ille = await once('ille-et-vilaine')
    console.log(`Ille-et-Vilaine: ${ille.seconds.toFixed(1)} s`)
  })
  const communes = () =>
    ille.store.atlas.current.communesOf(ille.store.atlas.current.find('DEPARTEMENT', '35').territory)

  it('locate every row: 2,694 écoles by their number, 10 by département and name', () => {
    const ecoles = located(ille, 'fr-en-ecoles-effectifs-nb_classes')
    expect(ecoles).toMatchObject({
      rows: 2704,
      located: { UAI: 2694, LABEL: 10 },
      unknownDepartements: {},
      conflicts: [],
    })
    expect(located(ille, 'fr-en-college-effectifs-niveau-sexe-lv')?.located).toEqual({
      UAI: 369,
      LABEL: 2,
      LABEL_AGAINST_UAI: 3,
    })
  })

  it('record each row whose label denies the directory', () => {
    const conflicts = located(ille, 'fr-en-college-effectifs-niveau-sexe-lv')?.conflicts.toSorted()
    expect(conflicts).toHaveLength(3)
    expect(conflicts?.[0]).toMatch(
      /^0350852L \(2019\): the directory says Saint-Erblon \(35266\), the row says BRUZ \(35047\)$/,
    )
  })

  it.each([
    [PRIMARY, [2019, 2020, 2021, 2022], [111_629, 110_324, 108_848, 107_729]],
    [LOWER, [2019, 2020, 2021], [56_959, 57_639, 57_649]],
  ])('give %s of the département, complete', (measure, years, values) => {
    const observations = years.map((year) => ille.observe(measure, year, 'departement:35'))
    expect(observations.map(({ value }) => value)).toEqual(values)
    expect(observations.map(({ status }) => status)).toEqual(years.map(() => 'NORMAL'))
  })

  it.each([2019, 2020, 2021, 2022])('add up: the communes of %i are the département', (year) => {
    const values = communes().map(({ id }) => ille.observe(PRIMARY, year, id).value)
    expect(values).not.toContain(null)
    expect(values.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(
      ille.observe(PRIMARY, year, 'departement:35').value,
    )
  })

  it('know who was expected in 2022, from the directory: 675 écoles, and all reported', () => {
    const { coverage } = ille.observe(PRIMARY, 2022, 'departement:35')
    expect(coverage).toMatchObject({ expected: 675, reported: 675, missing: 0, suppressed: 0, share: 1 })
  })

  it('answer 0 for the 39 of 332 communes without any école, and say why it is a 0', () => {
    expect(communes()).toHaveLength(332)
    const none = communes()
      .map(({ id }) => ille.observe(PRIMARY, 2022, id))
      .filter(({ value }) => value === 0)
    expect(none).toHaveLength(39)
    for (const { status, coverage, notes } of none) {
      expect([status, coverage?.expected]).toEqual(['NORMAL', 0])
      expect(notes.join()).toMatch(/No école is known here: 0 because there is none/)
    }
  })

  it('leave Bretagne and the nation PARTIAL, and name what is absent', () => {
    const region = ille.observe(PRIMARY, 2022, 'region:53')
    expect(region).toMatchObject({
      value: 107_729,
      status: 'PARTIAL',
      coverage: { expected: 1545, reported: 675, missing: 870 },
    })
    expect(region.notes).toContain("No file at hand covers Côtes-d'Armor (22), Finistère (29), Morbihan (56).")
    const nation = ille.observe(PRIMARY, 2022, 'nation:FR')
    expect(nation).toMatchObject({ value: 107_729, status: 'PARTIAL' })
    expect(nation.notes.join()).toMatch(
      /No file at hand covers Ain \(01\), .*Mayotte \(976\), Saint-Barthélemy \(977\), Saint-Martin \(978\)/,
    )
    expect(nation.coverage?.share).toBeLessThan(0.02)
  })

  it('leave an EPCI that reaches out of the département PARTIAL, and the others complete', () => {
    const territories = ille.store.atlas.current
    const reaching = territories.ofTier('EPCI').filter((epci) => departementsOf(territories, epci).includes('35'))
    const across = reaching.filter((epci) => departementsOf(territories, epci).length > 1)
    expect(across.map(({ id }) => id)).toEqual(['epci:243500725', 'epci:243500741'])
    for (const epci of reaching) {
      const expected = across.includes(epci) ? 'PARTIAL' : 'NORMAL'
      expect([epci.id, ille.observe(PRIMARY, 2022, epci.id).status]).toEqual([epci.id, expected])
    }
    expect(ille.observe(PRIMARY, 2022, 'epci:243500725').notes).toContain("No file at hand covers Côtes-d'Armor (22).")
  })

  it('answer SOURCE_UNAVAILABLE, never 0, where no file covers the place', () => {
    const outside = ille.observe(PRIMARY, 2022, 'commune:22278')
    expect(outside).toMatchObject({
      value: null,
      status: 'SOURCE_UNAVAILABLE',
      coverage: { expected: 1, missing: 1, share: 0 },
    })
    expect(outside.notes).toEqual([
      'No file at hand of the dataset fr-en-ecoles-effectifs-nb_classes covers Saint-Brieuc for 2022.',
    ])
    expect(ille.observe(PRIMARY, 2022, 'commune:98611')).toMatchObject({ value: null, status: 'OUT_OF_SCOPE' })
  })

  it('show the weaker count of the directory beside the enrolment of 2021', () => {
    const [alternative, ...others] = ille.observe(PRIMARY, 2021, 'departement:35').alternatives
    expect(others).toEqual([])
    expect(alternative).toMatchObject({ value: 108_730, provenance: { datasetId: 'fr-en-annuaire-education' } })
  })

  it('give the population of Rennes Métropole without any file: it is embedded', () => {
    expect(ille.observe(POPULATION, 2023, 'epci:243500139')).toMatchObject({
      value: 480_178,
      status: 'NORMAL',
      coverage: { expected: 43, reported: 43 },
    })
    expect(ille.observe(POPULATION, 2017, 'epci:243500139')).toMatchObject({ value: null, status: 'NOT_PUBLISHED' })
  })

  it('give La Chapelle-Fleurigné (35062), two communes until 2024, as it is now for every rentrée', () => {
    const series = (geography: number) =>
      [2019, 2020, 2021, 2022].map((year) => ille.observe(PRIMARY, year, 'commune:35062', geography))
    expect(series(2026).map(({ value }) => value)).toEqual([187, 176, 188, 198])
    for (const observation of series(2026)) {
      expect(observation).toMatchObject({ status: 'NORMAL', method: 'CONVERTED', estimatedShare: 0 })
    }
    for (const year of [2019, 2020, 2021, 2022]) {
      const before = ['35062', '35112'].map((code) => ille.observe(PRIMARY, year, `commune:${code}`, 2023))
      const sum = before.reduce((total, { value }) => total + (value ?? 0), 0)
      expect(sum).toBe(ille.observe(PRIMARY, year, 'commune:35062').value)
      for (const { method, status } of before) expect([method, status]).toEqual(['CONSOLIDATED', 'NORMAL'])
    }
  })

  it('give on the geographies of 2019 and of 2023 the same figures for every commune of the département', () => {
    const on = (geography: number) => {
      const territories = ille.store.atlas.of(geography)!
      const all = territories.communesOf(territories.find('DEPARTEMENT', '35').territory)
      return new Map(
        all.map(({ id }) => [
          id,
          [2019, 2020, 2021, 2022].map((year) => ille.observe(PRIMARY, year, id, geography).value),
        ]),
      )
    }
    const first = on(2019)
    expect(first.size).toBe(333)
    expect(first).toEqual(on(2023))
    const now = on(2026)
    const changed = [...first].filter(([id, values]) => now.get(id)?.join() !== values.join()).map(([id]) => id)
    expect(changed).toEqual(['commune:35062', 'commune:35112'])
  })

  it('never change a département with the geography, nor estimate any of it', () => {
    for (const [measure, years] of [
      [PRIMARY, [2019, 2020, 2021, 2022]],
      [LOWER, [2019, 2020, 2021]],
      [POPULATION, [2016, 2018, 2019, 2020, 2021, 2022, 2023]],
    ] as const) {
      for (const year of years) {
        const found = ille.store.atlas.years.map((geography) =>
          ille.observe(measure, year, 'departement:35', geography),
        )
        expect(new Set(found.map(({ value }) => value)).size, `${measure} ${year}`).toBe(1)
        expect(new Set(found.map(({ estimatedShare }) => estimatedShare))).toEqual(new Set([0]))
      }
    }
  })

  it('have a value exactly where the status carries one, everywhere', () => {
    const { manifest } = ille.store
    const territories = ille.store.atlas.current
    expect(manifest.defaultSchoolYear).toBe(2021)
    for (const { id: measure } of manifest.measures) {
      for (const { id } of territories.all) {
        const { value, status, coverage } = ille.observe(measure, 2021, id)
        expect(OBSERVATION_STATUSES).toContain(status)
        if ((value !== null) !== ['NORMAL', 'PARTIAL'].includes(status))
          expect.fail(`${measure} of ${id}: ${value} ${status}`)
        if (coverage === null) continue
        const { expected, reported, missing, suppressed } = coverage
        if (expected !== reported + missing + suppressed || missing < 0)
          expect.fail(`${measure} of ${id}: ${JSON.stringify(coverage)}`)
      }
    }
  })
})

describe.skipIf(!isHere)('the official files, broken down and held against published totals', () => {
  const parts = (
    { store }: Ingested,
    owner: 'commune' | 'departement' | 'region',
    measure: string,
    year: number,
    id: string,
    by: readonly Dimension[],
  ) => {
    const territory = store.atlas.current.byId(id)
    if (territory === undefined) throw new RangeError(id)
    return Object.fromEntries(
      store
        .reader(owner)
        .breakDown(measure, year, territory, by)
        .map(({ key, observation }) => [Object.values(key).join(' '), observation.value]),
    )
  }
  const comparison = ({ report }: Ingested, scope: string, sector?: string) =>
    report.reconciliations.find(
      (record) =>
        record.measure === PRIMARY &&
        record.scope === scope &&
        record.key.SECTOR === sector &&
        record.key.LEVEL === undefined,
    )

  describe('of the whole country', () => {
    let france: Ingested
    beforeAll(async () => {
      france = await once('france')
    })

    it('leave 330, 675 and 718 lycée pupils without level, and 8,124, 7,862 and 7,625 without sex', () => {
      for (const [year, level, sex] of [
        [2019, 330, 8124],
        [2020, 675, 7862],
        [2021, 718, 7625],
      ] as const) {
        const byLevel = parts(france, 'region', UPPER_GT, year, 'nation:FR', ['LEVEL'])
        const bySex = parts(france, 'region', UPPER_GT, year, 'nation:FR', ['SEX'])
        expect(byLevel['NOT_BROKEN_DOWN']).toBe(level)
        expect(bySex['NOT_BROKEN_DOWN']).toBe(sex)
        const total = france.observe(UPPER_GT, year, 'nation:FR').value
        for (const broken of [byLevel, bySex]) {
          expect(Object.values(broken).reduce<number>((sum, part) => sum + (part ?? 0), 0)).toBe(total)
        }
      }
    })

    it('agree with the DEPP on Mayotte and on the private schools of the DROM in its sense', () => {
      expect(comparison(france, 'departement:976', 'PUBLIC')).toMatchObject({
        computed: 62_680,
        published: 62_680,
        verdict: 'AGREES',
      })
      expect(comparison(france, 'grouping:depp-drom', 'PRIVATE')).toMatchObject({ computed: 21_001, verdict: 'AGREES' })
    })

    it('explain where they fall short of the DEPP', () => {
      expect(comparison(france, 'grouping:depp-drom', 'PUBLIC')).toMatchObject({
        computed: 275_461,
        published: 275_797,
        verdict: 'EXPLAINED',
      })
      const nation = comparison(france, 'grouping:depp-france')
      expect(nation).toMatchObject({ gap: -29_687, verdict: 'EXPLAINED' })
      expect(nation?.gapRatio).toBeCloseTo(-0.0047, 4)
      expect(comparison(france, 'grouping:depp-france', 'PUBLIC')?.gapRatio).toBeCloseTo(-0.0051, 4)
      expect(comparison(france, 'grouping:depp-france', 'PRIVATE')?.gapRatio).toBeCloseTo(-0.0018, 4)
      expect(nation?.explanation).toMatch(/closed between the rentrée/)
    })

    it('give every comparison a verdict, and none disagrees', () => {
      expect(france.report.reconciliations.length).toBeGreaterThan(10)
      expect(france.report.reconciliations.filter(({ verdict }) => verdict === 'DISAGREES')).toEqual([])
    })
  })

  describe('of Ille-et-Vilaine', () => {
    let ille: Ingested
    beforeAll(async () => {
      ille = await once('ille-et-vilaine')
    })

    it('tell by name the two closed schools, 118 pupils, between the enrolment dataset and the directory', () => {
      const record = comparison(ille, 'departement:35')
      expect(record).toMatchObject({ computed: 108_848, published: 108_730, gap: 118, verdict: 'EXPLAINED' })
      expect(record?.explanation).toMatch(/0351258C, 25.*0351631H, 93.*\(\+118\); \+0 remain/)
      expect(ille.observe(PRIMARY, 2021, 'departement:35').alternatives.map(({ value }) => value)).toEqual([108_730])
    })

    it('add up by sector, level and both, at every tier', () => {
      for (const id of ['commune:35238', 'epci:243500139', 'departement:35', 'nation:FR']) {
        const total = ille.observe(PRIMARY, 2021, id).value
        for (const by of [['SECTOR'], ['LEVEL'], ['SECTOR', 'LEVEL'], ['PRIORITY_EDUCATION', 'SECTOR']] as const) {
          const sum = Object.values(parts(ille, 'commune', PRIMARY, 2021, id, by)).reduce<number>(
            (all, part) => all + (part ?? 0),
            0,
          )
          expect([id, by, sum]).toEqual([id, by, total])
        }
      }
    })

    it('rebuild pupils per class from pupils and classes', () => {
      const ratio = ille.observe('pupils-per-class-primary', 2021, 'departement:35')
      const classes = ille.observe('classes-primary', 2021, 'departement:35')
      expect(ratio.value).toBeCloseTo(108_848 / (classes.value ?? 0), 10)
      expect(ratio.provenance.inputs).toHaveLength(2)
    })
  })
})
