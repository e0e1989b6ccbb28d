/** Territories and values on the geography of other years, through the gateway, over a few départements and schools. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { csvOf } from '../pipeline/csv.ts'
import { ecole } from '../pipeline/ecole.ts'
import { ingestFolder, type Ingested } from '../pipeline/ingestFolder.ts'
import { smallCog } from '../pipeline/smallCog.ts'
import { gatewayOver } from '../schools/gateway.ts'
import { subgraphsOver, type Federation } from './federation.ts'

const VENDEE = 'VENDEE'
const college = (uai: string, departement: string, commune: string, pupils: number) => ({
  'Rentrée scolaire': '2022',
  Département: departement,
  Commune: commune,
  'Numéro du collège': uai,
  'Dénomination principale': 'COLLEGE',
  Patronyme: 'DES TILLEULS',
  Secteur: 'PUBLIC',
  "Nombre d'élèves total": `${pupils}`,
  'Nombre total de 6èmes': `${pupils}`,
  'Nombre total de 5èmes': '0',
  'Nombre total de 4èmes': '0',
  'Nombre total de 3èmes': '0',
})
const lycee = (uai: string, departement: string, commune: string, pupils: number) => ({
  rentree_scolaire: '2022',
  departement,
  commune,
  numero_lycee: uai,
  denomination_principale: 'LYCEE GENERAL',
  patronyme: 'DES TILLEULS',
  secteur: 'PUBLIC',
  nombre_d_eleves: `${pupils}`,
})

// Fleurigné (35112) joined La Chapelle-Janson (35062) in 2024; Essarts en Bocage (85084) is three communes since 2024.
const ECOLES = [
  ecole({ uai: '0359950A', pupils: 60, commune: 'FLEURIGNE', year: 2019 }),
  ecole({ uai: '0359951B', pupils: 100, commune: 'LA CHAPELLE-JANSON', year: 2019 }),
  ecole({ uai: '0359950A', pupils: 50, commune: 'FLEURIGNE' }),
  ecole({ uai: '0359951B', pupils: 110, commune: 'LA CHAPELLE-JANSON' }),
  ecole({ uai: '0359952C', pupils: 70, commune: 'REDON' }),
  ecole({ uai: '0859950D', pupils: 41, commune: 'ESSARTS EN BOCAGE', departement: VENDEE }),
]
const COLLEGES = [
  college('0359960E', 'ILLE-ET-VILAINE', 'REDON', 300),
  college('0859960F', VENDEE, 'ESSARTS EN BOCAGE', 200),
]
const LYCEES = [lycee('0859970G', VENDEE, 'ESSARTS EN BOCAGE', 101)]

let folder: string
let ingested: Ingested
let gateway: Federation
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strates-geographies-'))
  await writeFile(join(folder, 'fr-en-ecoles-effectifs-nb_classes.csv'), csvOf(ECOLES))
  await writeFile(join(folder, 'fr-en-college-effectifs-niveau-sexe-lv.csv'), csvOf(COLLEGES))
  await writeFile(join(folder, 'fr-en-lycee_gt-effectifs-niveau-sexe-lv.csv'), csvOf(LYCEES))
  const cog = smallCog('15', '22', '2A', '2B', '35', '44', '45', '47', '49', '50', '56', '85', '976', '977')
  ingested = await ingestFolder(folder, { cog })
  gateway = await gatewayOver(ingested.store)
})
afterAll(async () => {
  await gateway?.close()
  await ingested?.remove()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

const PRIMARY =
  'schoolEnrolment(schoolYear: 2022) { id primary { value status method estimatedShare notes provenance { geographyVintage rule } } }'

describe('a territory as it was', () => {
  it('is asked with at:, and has the name, the links and the id of then', async () => {
    const data = await gateway.get(`{
      past: commune(code: "35062", at: 2023) { id code name departement { id } region { id } epci { id } nation { id } resolvedFrom { code } }
      now: commune(code: "35062") { id code name departement { id } epci { id } } }`)
    expect(data.past).toEqual({
      id: 'commune:35062/g2023',
      code: '35062',
      name: 'La Chapelle-Janson',
      departement: { id: 'departement:35/g2023' },
      region: { id: 'region:53/g2023' },
      epci: { id: 'epci:200072452/g2023' },
      nation: { id: 'nation:FR/g2023' },
      resolvedFrom: null,
    })
    expect(data.now).toMatchObject({
      id: 'commune:35062',
      name: 'La Chapelle-Fleurigné',
      departement: { id: 'departement:35' },
      epci: { id: 'epci:200072452' },
    })
  })

  it('has the members of then, at every tier', async () => {
    const counts = async (at: string) => {
      const { departement, epci, region } = await gateway.get(`{
        departement(code: "35"${at}) { communes(first: 1) { totalCount nodes { id } } epcis(first: 1) { totalCount nodes { id } } }
        epci(siren: "200072452"${at}) { members(first: 1) { totalCount nodes { id } } perimeterOf }
        region(code: "53"${at}) { departements(first: 1) { nodes { id } } communes(first: 1) { totalCount } } }`)
      return [
        departement.communes.totalCount,
        epci.members.totalCount,
        epci.perimeterOf,
        region.departements.nodes[0].id,
      ]
    }
    const [communes, members] = await counts('')
    expect(await counts('')).toEqual([332, members, 2025, 'departement:22'])
    expect(await counts(', at: 2023')).toEqual([communes + 1, members + 1, 2023, 'departement:22/g2023'])
  })

  it('keeps its year through the lists of another subgraph', async () => {
    const { epci } = await gateway.get(`{ epci(siren: "200072452", at: 2019) {
      members(first: 1000) { nodes { id departement { id } epci { id } population { value provenance { geographyVintage } } } } } }`)
    const found = epci.members.nodes.find(({ id }: { id: string }) => id.startsWith('commune:35112'))
    expect(found).toEqual({
      id: 'commune:35112/g2019',
      departement: { id: 'departement:35/g2019' },
      epci: { id: 'epci:200072452/g2019' },
      population: { value: expect.any(Number), provenance: { geographyVintage: 2019 } },
    })
  })

  it.each([
    ['commune', 'code: "35112"', 'Commune', 'commune:35112/g2019'],
    ['epci', 'siren: "243500741"', 'Epci', 'epci:243500741/g2019'],
    ['departement', 'code: "35"', 'Departement', 'departement:35/g2019'],
    ['region', 'code: "53"', 'Region', 'region:53/g2019'],
  ])('is found again by its id through every route: %s', async (field, code, type, id) => {
    const fields = `__typename id name schools(first: 1) { totalCount } population { value provenance { geographyVintage } } ${PRIMARY}`
    const data = await gateway.get(
      `query ($id: ID!) { direct: ${field}(${code}, at: 2019) { ${fields} } territory(id: $id) { ${fields} } territories(ids: [$id]) { ${fields} } }`,
      { id },
    )
    expect(data.direct).toMatchObject({ __typename: type, id, population: { provenance: { geographyVintage: 2019 } } })
    expect(data.direct.schoolEnrolment.id).toBe(`${id.replace('/', '@2022/')}`)
    expect(data.direct.schoolEnrolment.primary.provenance.geographyVintage).toBe(2019)
    expect(data.territory).toEqual(data.direct)
    expect(data.territories).toEqual([data.direct])
  })

  it.each(OWNERS)('is found again by the subgraph %s from the ids that another gave', async (owner) => {
    const subgraph = subgraphsOver(ingested.store).find(({ name }) => name === owner)!
    const ids = ['commune:35112/g2019', 'epci:243500741/g2019', 'departement:35/g2019', 'region:53/g2019']
    const types = ['Commune', 'Epci', 'Departement', 'Region']
    const of = [
      ...ids.map((id, position) => ({ __typename: types[position], id })),
      { __typename: 'Nation', id: 'nation:FR/g2019' },
      { __typename: 'SchoolEnrolment', id: 'commune:35112@2022/g2019' },
    ]
    const { data, errors } = await subgraph.execute({
      document: parse(`query ($of: [_Any!]!) { _entities(representations: $of) {
        ... on Territory { id name schoolEnrolment(schoolYear: 2022) { id } } ... on SchoolEnrolment { id schoolYear } } }`),
      variables: { of },
    })
    expect(errors).toBeUndefined()
    const entities = data?.['_entities'] as readonly { id: string; name?: string; schoolEnrolment?: { id: string } }[]
    expect(entities.map(({ id }) => id)).toEqual(of.map(({ id }) => id))
    expect(entities[0]).toMatchObject({ name: 'Fleurigné', schoolEnrolment: { id: 'commune:35112@2022/g2019' } })
  })

  it('can be the nation or a grouping too, whose communes are those of then', async () => {
    const { territories } = await gateway.get(
      '{ territories(ids: ["nation:FR/g2019", "grouping:academie-14/g2019", "nation:FR"]) { id population(year: 2016) { value method } } }',
    )
    expect(territories.map(({ id }: { id: string }) => id)).toEqual([
      'nation:FR/g2019',
      'grouping:academie-14/g2019',
      'nation:FR',
    ])
    expect(territories[0].population).toEqual({ value: territories[2].population.value, method: 'CONSOLIDATED' })
  })

  it('names the code that was asked where it was not its own, at every tier', async () => {
    const data = await gateway.get(
      `{
      commune(code: "35112") { id resolvedFrom { code name kind } }
      past: commune(code: "49126", at: 2019) { id resolvedFrom { code name kind } }
      departement(code: "985") { id resolvedFrom { code name kind } }
      bySiren: epci(siren: "243500139") { id resolvedFrom { code } } }`,
    )
    expect(data).toEqual({
      commune: { id: 'commune:35062', resolvedFrom: { code: '35112', name: 'Fleurigné', kind: 'COMMUNE_DELEGUEE' } },
      past: {
        id: 'commune:49069/g2019',
        resolvedFrom: { code: '49126', name: 'Drain', kind: 'COMMUNE_DELEGUEE' },
      },
      departement: {
        id: 'departement:976',
        resolvedFrom: { code: '985', name: 'Mayotte', kind: 'FORMER_DEPARTEMENT' },
      },
      bySiren: { id: 'epci:243500139', resolvedFrom: null },
    })
  })

  it('names a former région and a former EPCI', async () => {
    const { region, epci, past } = await gateway.get(`{
      region(code: "25") { id resolvedFrom { code name kind } }
      epci(siren: "200035459") { id name resolvedFrom { code name kind } }
      past: epci(siren: "200035459", at: 2019) { id name resolvedFrom { code } } }`)
    expect(region).toEqual({
      id: 'region:28',
      resolvedFrom: { code: '25', name: 'Basse-Normandie', kind: 'FORMER_REGION' },
    })
    expect(epci).toMatchObject({
      id: 'epci:200096956',
      resolvedFrom: { code: '200035459', name: "CA d'Agen", kind: 'FORMER_EPCI' },
    })
    expect(past).toEqual({ id: 'epci:200035459/g2019', name: "CA d'Agen", resolvedFrom: null })
  })
})

describe('a value on another geography', () => {
  const values = async (query: string, path: readonly string[]) => {
    let found = await gateway.get(query)
    for (const key of path) found = found[key]
    return found
  }

  it('is added up where communes merged since, and says that it was carried over', async () => {
    const series = await values(
      '{ commune(code: "35062") { schoolEnrolmentSeries(from: 2019, to: 2022) { schoolYear primary { value method estimatedShare provenance { geographyVintage rule } } } } }',
      ['commune', 'schoolEnrolmentSeries'],
    )
    const held = series.filter(({ schoolYear }: { schoolYear: number }) => [2019, 2022].includes(schoolYear))
    expect(held).toEqual(
      [160, 160].map((value, position) => ({
        schoolYear: position === 0 ? 2019 : 2022,
        primary: {
          value,
          method: 'CONVERTED',
          estimatedShare: 0,
          provenance: {
            geographyVintage: 2026,
            rule: expect.stringMatching(/Carried from the COG 202[03], .* to the COG 2026/),
          },
        },
      })),
    )
  })

  it('is on the geography of the rentrée what the source gives', async () => {
    const { commune } = await gateway.get(`{ commune(code: "35062") {
      y2019: schoolEnrolment(schoolYear: 2019, geography: 2019) { id primary { value method estimatedShare provenance { geographyVintage rule } } }
      y2023: schoolEnrolment(schoolYear: 2022, geography: 2023) { id primary { value method estimatedShare provenance { geographyVintage } } } } }`)
    expect(commune.y2019).toMatchObject({
      id: 'commune:35062@2019/g2019',
      primary: { value: 100, method: 'CONSOLIDATED', estimatedShare: 0, provenance: { geographyVintage: 2019 } },
    })
    expect(commune.y2019.primary.provenance.rule).not.toMatch(/Carried/)
    expect(commune.y2023).toMatchObject({ primary: { value: 110, method: 'CONSOLIDATED' } })
  })

  it('is NOT_APPLICABLE where the geography has no such territory, and says where its ground is', async () => {
    const { commune } = await gateway.get(`{ commune(code: "85165") {
      schoolEnrolment(schoolYear: 2022, geography: 2019) {
        primary { value status notes method provenance { geographyVintage } }
        lowerSecondary { value status } upperSecondary { value status } total { value status } }
      population(year: 2016, geography: 2019) { value status notes }
      observations(measures: ["pupils-primary", "population-municipale"], geography: 2019) { measure observation { value status } } } }`)
    const note = 'There is no commune:85165 in the COG 2019: its ground is in Essarts en Bocage (85084) there.'
    expect(commune.schoolEnrolment).toEqual({
      primary: {
        value: null,
        status: 'NOT_APPLICABLE',
        notes: [note],
        method: expect.any(String),
        provenance: { geographyVintage: 2019 },
      },
      lowerSecondary: { value: null, status: 'NOT_APPLICABLE' },
      upperSecondary: { value: null, status: 'NOT_APPLICABLE' },
      total: { value: null, status: 'NOT_APPLICABLE' },
    })
    expect(commune.population).toEqual({ value: null, status: 'NOT_APPLICABLE', notes: [note] })
    expect(commune.observations.length).toBeGreaterThan(2)
    for (const { observation } of commune.observations) {
      expect(observation).toEqual({ value: null, status: 'NOT_APPLICABLE' })
    }
  })

  it('is NOT_APPLICABLE for a commune of then that is none now, and is there where only the seat moved', async () => {
    const data = await gateway.get(`{
      merged: commune(code: "35112", at: 2019) { ...On2026 }
      moved: commune(code: "49069", at: 2019) { id population(year: 2023, geography: 2026) { value status } }
      now: commune(code: "49126") { population(year: 2023) { value } } }
      fragment On2026 on Commune { population(year: 2023, geography: 2026) { value status notes } }`)
    expect(data.merged.population).toEqual({
      value: null,
      status: 'NOT_APPLICABLE',
      notes: ['There is no commune:35112 in the COG 2026: its ground is in La Chapelle-Fleurigné (35062) there.'],
    })
    // The seat moved, the ground did not: it is the same place.
    expect(data.moved.population).toEqual({ value: data.now.population.value, status: 'NORMAL' })
  })

  it('breaks down into one absent part where there is no such territory', async () => {
    const { commune } =
      await gateway.get(`{ commune(code: "85165") { schoolEnrolment(schoolYear: 2022, geography: 2019) {
      primaryBreakdown(by: [SECTOR]) { dimensions { code } observation { value status } } } } }`)
    expect(commune.schoolEnrolment.primaryBreakdown).toEqual([
      { dimensions: [{ code: 'NOT_BROKEN_DOWN' }], observation: { value: null, status: 'NOT_APPLICABLE' } },
    ])
  })

  it('is shared out by population where a commune was divided since: whole numbers that add up, and say so', async () => {
    const heirs = ['85084', '85165', '85212']
    const { territories, whole } = await gateway.get(
      `query ($ids: [ID!]!) {
        territories(ids: $ids) { name ${PRIMARY} population(year: 2016) { value method estimatedShare } }
        whole: commune(code: "85084", at: 2019) { ${PRIMARY} population(year: 2016) { value method estimatedShare } } }`,
      { ids: heirs.map((code) => `commune:${code}`) },
    )
    const primaries = territories.map((heir: any) => heir.schoolEnrolment.primary)
    for (const primary of primaries) {
      expect(primary).toMatchObject({ status: 'NORMAL', method: 'CONVERTED', estimatedShare: 1 })
      expect(primary.notes.join()).toMatch(/pupils are estimated: the part here, by population, of/)
      expect(Number.isInteger(primary.value)).toBe(true)
    }
    const sum = (all: readonly { readonly value: number }[]) => all.reduce((total, { value }) => total + value, 0)
    expect(sum(primaries)).toBe(41)
    expect(whole.schoolEnrolment.primary).toMatchObject({ value: 41, method: 'CONSOLIDATED', estimatedShare: 0 })
    expect(sum(territories.map((heir: any) => heir.population))).toBe(whole.population.value)
    expect(whole.population).toMatchObject({ method: 'PUBLISHED', estimatedShare: 0 })
  })

  it('adds the three cycles up across their owners on another geography', async () => {
    const total =
      'total { value status method estimatedShare provenance { geographyVintage inputs { geographyVintage } } }'
    const { past, now } = await gateway.get(`{
      past: commune(code: "85084") { schoolEnrolment(schoolYear: 2022, geography: 2019) { primary { value } lowerSecondary { value } upperSecondary { value } ${total} } }
      now: commune(code: "85084") { schoolEnrolment(schoolYear: 2022) { primary { value } lowerSecondary { value } upperSecondary { value } ${total} } } }`)
    expect(past.schoolEnrolment).toMatchObject({
      primary: { value: 41 },
      lowerSecondary: { value: 200 },
      upperSecondary: { value: 101 },
      total: { value: 342, provenance: { geographyVintage: 2019 }, method: 'CONSOLIDATED', estimatedShare: 0 },
    })
    for (const { geographyVintage } of past.schoolEnrolment.total.provenance.inputs) expect(geographyVintage).toBe(2019)
    const { primary, lowerSecondary, upperSecondary, total: sum } = now.schoolEnrolment
    expect(sum).toMatchObject({ method: 'CONVERTED', estimatedShare: 1, provenance: { geographyVintage: 2026 } })
    expect(sum.value).toBe(primary.value + lowerSecondary.value + upperSecondary.value)
    expect(sum.value).toBeLessThan(342)
  })

  it('never changes a département, whatever the geography', async () => {
    const asked = [2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026].map(
      (year) =>
        `y${year}: schoolEnrolment(schoolYear: 2022, geography: ${year}) { primary { value method estimatedShare } }`,
    )
    const { departement } = await gateway.get(`{ departement(code: "35") { ${asked.join(' ')} } }`)
    const values = Object.values<any>(departement).map(({ primary }) => primary)
    expect(values).toEqual(values.map(() => ({ value: 230, method: 'CONSOLIDATED', estimatedShare: 0 })))
  })

  it('comes for any measures and years at once, typed by their owners, with ids that lead back', async () => {
    const { commune } = await gateway.get(`{ commune(code: "35062") {
      observations(measures: ["pupils-primary", "population-municipale"], from: 2019, to: 2022, geography: 2019) {
        __typename id measure period observation { value status provenance { geographyVintage } } } } }`)
    const found = new Map<string, any>(commune.observations.map((cell: any) => [cell.id, cell]))
    expect(found.get('pupils-primary|commune:35062/g2019|2019')).toMatchObject({
      __typename: 'CommuneMeasureCell',
      observation: { value: 100, provenance: { geographyVintage: 2019 } },
    })
    expect(found.get('population-municipale|commune:35062/g2019|2022')).toMatchObject({
      __typename: 'NationalMeasureCell',
      observation: { status: 'NORMAL', provenance: { geographyVintage: 2019 } },
    })
  })

  it('lists as many missing as it counts, each with an id that leads to its place', async () => {
    const asked = ['region:53/g2019', 'epci:243500741/g2019', 'departement:44/g2022', 'commune:22016/g2020']
    const { territories } = await gateway.get(
      `query ($ids: [ID!]!) { territories(ids: $ids) { id schoolEnrolment(schoolYear: 2022) { primary {
        coverage { missing } missingMembers(first: 1000) { totalCount nodes { code name placeId } } } } } }`,
      { ids: asked },
    )
    for (const { id, schoolEnrolment } of territories) {
      const { coverage, missingMembers } = schoolEnrolment.primary
      expect([id, missingMembers.totalCount]).toEqual([id, coverage.missing])
      expect(missingMembers.totalCount).toBeGreaterThan(0)
      const places = await gateway.get('query ($ids: [ID!]!) { territories(ids: $ids) { id code name } }', {
        ids: missingMembers.nodes.map(({ placeId }: { placeId: string }) => placeId).slice(0, 500),
      })
      expect(places.territories).toEqual(
        missingMembers.nodes.slice(0, 500).map(({ code, name, placeId }: any) => ({ id: placeId, code, name })),
      )
    }
  })

  it('lists the schools of a commune of then where a file tells on which part they stand', async () => {
    const { territories } =
      await gateway.get(`{ territories(ids: ["commune:35112/g2019", "commune:35062/g2019", "commune:35062"]) {
      schools { nodes { uai } } } }`)
    const numbers = territories.map(({ schools }: any) => schools.nodes.map(({ uai }: { uai: string }) => uai))
    expect(numbers).toEqual([['0359950A'], ['0359951B'], ['0359950A', '0359951B']])
  })
})

describe('an EPCI that spans a border', () => {
  it('has a part in each département and région, which add up to it', async () => {
    const { epci } = await gateway.get(`{ epci(siren: "243500741") {
      population(year: 2023) { value }
      byDepartement { departement { code } part { __typename id population(year: 2023) { value } ${PRIMARY} } }
      byRegion { region { code } part { id population(year: 2023) { value } } } } }`)
    expect(epci.byDepartement.map(({ departement }: any) => departement.code)).toEqual(['35', '44', '56'])
    expect(epci.byRegion.map(({ region }: any) => region.code)).toEqual(['52', '53'])
    for (const parts of [epci.byDepartement, epci.byRegion]) {
      const sum = parts.reduce((total: number, { part }: any) => total + part.population.value, 0)
      expect(sum).toBe(epci.population.value)
    }
    expect(epci.byDepartement[0].part).toMatchObject({
      __typename: 'Grouping',
      id: 'grouping:epci-243500741-departement-35',
      schoolEnrolment: { primary: { value: 70, status: 'NORMAL' } },
    })
  })

  it.each(['', ', at: 2019'])(
    'gives the lists of a département the part of each, which with the others add up to it%s',
    async (at) => {
      const { departement } = await gateway.get(`{ departement(code: "35"${at}) {
      population(year: 2023) { value }
      epcis(first: 1000) { totalCount nodes { id } edges { node { id } part { id population(year: 2023) { value } } } }
      communesWithoutEpci(first: 1000) { nodes { population(year: 2023) { value } } } } }`)
      const { edges, nodes } = departement.epcis
      expect(edges.map(({ node }: any) => node)).toEqual(nodes)
      const spanning = edges.filter(({ node, part }: any) => node.id !== part.id)
      expect(spanning.length).toBeGreaterThan(1)
      const all = [...edges.map(({ part }: any) => part), ...departement.communesWithoutEpci.nodes]
      const sum = all.reduce((total: number, { population }: any) => total + population.value, 0)
      expect(sum).toBe(departement.population.value)
    },
  )

  it('is whole in the list of a région that it does not leave, and the islands are beside it', async () => {
    const { region } = await gateway.get(`{ region(code: "53") {
      population(year: 2023) { value }
      epcis(first: 1000) { edges { node { id } part { id population(year: 2023) { value } } } }
      communesWithoutEpci { totalCount nodes { name population(year: 2023) { value } } } } }`)
    const emeraude = region.epcis.edges.find(({ node }: any) => node.id === 'epci:243500725')
    expect(emeraude.part.id).toBe('epci:243500725')
    expect(region.communesWithoutEpci.nodes.map(({ name }: any) => name)).toEqual(['Île-de-Bréhat'])
    const all = [...region.epcis.edges.map(({ part }: any) => part), ...region.communesWithoutEpci.nodes]
    expect(all.reduce((total: number, { population }: any) => total + population.value, 0)).toBe(
      region.population.value,
    )
  })

  it('comes in pages, and is one part in one département', async () => {
    const { departement, rennes } = await gateway.get(`{
      departement(code: "35") { epcis(first: 2) { totalCount edges { cursor } pageInfo { hasNextPage } } }
      rennes: epci(siren: "243500139") { id byDepartement { departement { id } part { __typename id } } } }`)
    expect(departement.epcis.edges).toHaveLength(2)
    expect(departement.epcis.pageInfo.hasNextPage).toBe(true)
    expect(rennes.byDepartement).toEqual([
      { departement: { id: 'departement:35' }, part: { __typename: 'Epci', id: 'epci:243500139' } },
    ])
  })
})

describe('a geography that cannot be given', () => {
  const refused = async (query: string) => {
    const { errors } = await gateway.ask(query)
    expect(errors).toHaveLength(1)
    return errors![0]!
  }

  it.each([
    ['epci(siren: "243500139", at: 2030) { id }', 'at'],
    ['territory(id: "epci:243500139/g2010") { id }', 'at'],
    ['commune(code: "35238") { schoolEnrolment(geography: 1999) { id } }', 'geography'],
    ['region(code: "53") { schoolEnrolmentSeries(geography: 1999) { id } }', 'geography'],
    ['nation { population(geography: 2018) { value } }', 'geography'],
    ['nation { populationSeries(geography: 2018) { value } }', 'geography'],
    ['nation { observations(measures: ["pupils-primary"], geography: 2018) { id } }', 'geography'],
  ])('is refused with the years there are: %s', async (query, argument) => {
    const { extensions, message } = await refused(`{ ${query} }`)
    expect(extensions).toMatchObject({ code: 'UNSUPPORTED_GEOGRAPHY', argument, expected: 'one of 2019–2026' })
    expect(message).toMatch(/COG vintage/)
  })

  it.each([1942, -1, 2030])('is refused with the years that communes have, of %i', async (at) => {
    const { extensions } = await refused(`{ commune(code: "35238", at: ${at}) { id } }`)
    expect(extensions).toMatchObject({ code: 'UNSUPPORTED_GEOGRAPHY', argument: 'at', given: at })
    expect(extensions['expected']).toMatch(/^a year from 1943 to 2026; before 2019/)
  })

  it.each([
    ['departement(code: "20") { id }', 'Ask for one of them.'],
    ['commune(code: "45117") { id }', /the geography of a year in which the code stood/],
  ])('is suggested only for a code that stood in a year held: %s', async (query, remedy) => {
    expect((await refused(`{ ${query} }`)).extensions['remedy']).toMatch(remedy)
  })

  it.each([
    ['commune(code: "45117") { id }', ['45093', '45313'], /Creusy/],
    ['departement(code: "20") { id }', ['2A', '2B'], /Corse/],
    ['territory(id: "commune:45117") { id }', ['45093', '45313'], /Creusy/],
  ])('is a code that several share: %s', async (query, heirs, name) => {
    const { extensions } = await refused(`{ ${query} }`)
    expect(extensions).toMatchObject({ code: 'TERRITORY_DIVIDED', heirs, geography: 2026 })
    expect(extensions['on']).toMatch(name)
  })

  it('is an id that is none', async () => {
    expect((await refused('{ territory(id: "commune:35238/2019") { id } }')).extensions).toMatchObject({
      code: 'INVALID_CODE',
    })
  })
})

describe('what follows from a value that was shared out', () => {
  const SHARES = ['85084', '85165', '85212']

  it('is broken down into what the source does not break down there, so that the parts add up', async () => {
    const asked = SHARES.map(
      (code) =>
        `c${code}: commune(code: "${code}") { schoolEnrolment(schoolYear: 2022) { primary { value } primaryBreakdown(by: [SECTOR]) { dimensions { code } observation { value } } } }`,
    )
    const data = await gateway.get(`{ ${asked.join(' ')} }`)
    for (const code of SHARES) {
      const { primary, primaryBreakdown } = data[`c${code}`].schoolEnrolment
      const parts = primaryBreakdown.map(({ observation }: { observation: { value: number } }) => observation.value)
      expect(parts.reduce((sum: number, part: number) => sum + part, 0)).toBe(primary.value)
      const rest = primaryBreakdown.find(({ dimensions }: any) => dimensions[0].code === 'NOT_BROKEN_DOWN')
      expect(rest?.observation.value).toBe(primary.value)
    }
    const total = SHARES.reduce((sum, code) => sum + data[`c${code}`].schoolEnrolment.primary.value, 0)
    expect(total).toBe(41)
  })

  it('has its schools listed wherever their pupils count', async () => {
    const { past, now, elsewhere } = await gateway.get(`{
      past: commune(code: "85084", at: 2019) { schools { nodes { uai } } }
      now: commune(code: "85165") { schools { nodes { uai } } }
      elsewhere: commune(code: "35238") { schools { nodes { uai } } } }`)
    const uais = ({ schools }: any) => schools.nodes.map(({ uai }: { uai: string }) => uai)
    expect(uais(past)).toEqual(expect.arrayContaining(['0859950D', '0859960F', '0859970G']))
    expect(uais(now)).toEqual(uais(past))
    expect(uais(elsewhere)).not.toContain('0859950D')
  })
})

describe('a code that names other ground on the geography asked', () => {
  it('says so beside each value, at whatever owner it is asked', async () => {
    const { commune } = await gateway.get(
      '{ commune(code: "35062") { population(geography: 2019, year: 2019) { notes } schoolEnrolment(schoolYear: 2022, geography: 2019) { primary { notes } lowerSecondary { notes } } today: population(year: 2019) { notes } } }',
    )
    const note = 'La Chapelle-Janson (35062) of 2019 stands on other ground than La Chapelle-Fleurigné of 2026.'
    expect(commune.population.notes).toContain(note)
    expect(commune.schoolEnrolment.primary.notes).toContain(note)
    expect(commune.schoolEnrolment.lowerSecondary.notes).toContain(note)
    expect(commune.today.notes).not.toContain(note)
  })
})

describe('every measure, where the geography has no such territory', () => {
  it('is NOT_APPLICABLE with the reason: sums, ratios and rates of two owners too', async () => {
    const { measures } = await gateway.get('{ measures { id } }')
    const ids = measures.map(({ id }: { id: string }) => id)
    const { commune } = await gateway.get(
      `query ($ids: [ID!]!) { commune(code: "35112", at: 2021) { observations(measures: $ids, from: 2021, to: 2021, geography: 2026) { measure observation { value status notes } } } }`,
      { ids },
    )
    expect(commune.observations.map(({ measure }: { measure: string }) => measure).toSorted()).toEqual(ids.toSorted())
    for (const { observation } of commune.observations) {
      expect(observation).toMatchObject({ value: null, status: 'NOT_APPLICABLE' })
      expect(observation.notes[0]).toContain('La Chapelle-Fleurigné (35062)')
    }
  })

  it('has conversions with the value of each input; those of a rate bring none, since rates do not add up', async () => {
    const { commune } = await gateway.get(
      '{ commune(code: "35062") { observations(measures: ["pupils-primary-per-1000-inhabitants"], from: 2022, to: 2022) { observation { status method conversions { inputs { id value contribution } } } } } }',
    )
    const [{ observation }] = commune.observations
    expect(observation.method).toBe('CONVERTED')
    const { inputs } = observation.conversions[0]
    expect(inputs.map(({ id }: { id: string }) => id)).toEqual(['commune:35062/g2023', 'commune:35112/g2023'])
    expect(inputs.every(({ contribution }: { contribution: number | null }) => contribution === null)).toBe(true)
  })
})
