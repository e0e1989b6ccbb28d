import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../core/store/open.ts'
import type { Federation } from '../federation/federation.ts'
import { openFixtureStore } from '../fixtures/store.ts'
import { gatewayOver } from './gateway.ts'

let store: Store
let gateway: Federation
beforeAll(async () => {
  store = await openFixtureStore()
  gateway = await gatewayOver(store)
})
afterAll(() => gateway?.close())

const schoolOf = async (uai: string, fields: string) =>
  (await gateway.get(`{ school(uai: "${uai}") { ${fields} } }`)).school

const errorOf = async (query: string) => (await gateway.ask(query)).errors?.[0]?.extensions

describe('a school', () => {
  it('has the facts of the directory, and where they come from', async () => {
    const facts =
      'uai name kind sector contract located situation opened notPublished simulated position { lat lon } commune { id name } provenance { datasetId rule }'
    expect(await schoolOf('0359902B', facts)).toEqual({
      uai: '0359902B',
      name: 'Ecole Bêta',
      kind: 'ECOLE',
      sector: 'PRIVATE',
      contract: 'ASSOCIATION',
      located: 'CODE',
      situation: 2022,
      opened: '1990-09-01',
      notPublished: [],
      simulated: false,
      position: { lat: 48.1, lon: -1.7 },
      commune: { id: 'commune:35238', name: 'Rennes' },
      provenance: {
        datasetId: 'fr-en-annuaire-education',
        rule: 'As the file shows the rentrée 2022; the commune is that of the COG 2026.',
      },
    })
  })

  it('is one when only an enrolment file names it, and names each fact that it lacks', async () => {
    const facts = 'name kind sector contract located situation opened notPublished position { lat } commune { id }'
    expect(await schoolOf('0359908H', facts)).toEqual({
      name: 'ECOLE PRIMAIRE THETA',
      kind: 'ECOLE',
      sector: 'PUBLIC',
      contract: 'UNKNOWN',
      located: 'DEPARTEMENT',
      situation: 2022,
      opened: null,
      notPublished: ['COMMUNE', 'POSITION', 'OPENED'],
      position: null,
      commune: null,
    })
  })

  it('has the figures of every owner whose cycle it teaches', async () => {
    const figures =
      'primary(schoolYear: 2021) { value status } lowerSecondary(schoolYear: 2021) { value status } upperSecondary(schoolYear: 2021) { value status unit method provenance { owner { id } } }'
    expect(await schoolOf('0359921X', figures)).toEqual({
      primary: { value: null, status: 'NOT_APPLICABLE' },
      lowerSecondary: { value: 34, status: 'NORMAL' },
      upperSecondary: {
        value: 300,
        status: 'NORMAL',
        unit: 'pupils',
        method: 'PUBLISHED',
        provenance: { owner: { id: 'region' } },
      },
    })
  })

  it('has a series with an entry for each year, and the reason where there is no figure', async () => {
    const { primarySeries } = await schoolOf(
      '0359910K',
      'primarySeries(from: 2020, to: 2023) { timePeriod value status }',
    )
    expect(primarySeries).toEqual([
      { timePeriod: '2020', value: null, status: 'NOT_APPLICABLE' },
      { timePeriod: '2021', value: null, status: 'NOT_APPLICABLE' },
      { timePeriod: '2022', value: 10, status: 'NORMAL' },
      { timePeriod: '2023', value: null, status: 'SOURCE_UNAVAILABLE' },
    ])
  })

  it.each([
    ['0359904D', 'NOT_PUBLISHED'],
    ['0359905E', 'OUT_OF_SCOPE'],
  ])('%s has no figure in 2021: %s', async (uai, status) => {
    const { primary } = await schoolOf(
      uai,
      'primary(schoolYear: 2021) { value status notes missingMembers { totalCount } }',
    )
    expect(primary).toMatchObject({ value: null, status, missingMembers: { totalCount: 0 } })
    expect(primary.notes).toHaveLength(1)
  })

  it('keeps its facts and its other figures when an owner is down, and the error names the owner', async () => {
    const without = await gatewayOver(store, ['departement'])
    const answer = await without.ask(
      '{ school(uai: "0359921X") { name lowerSecondary(schoolYear: 2021) { value } upperSecondary(schoolYear: 2021) { value } } }',
    )
    await without.close()
    expect(answer.data.school).toEqual({ name: 'Lycée Pi', lowerSecondary: null, upperSecondary: { value: 300 } })
    expect(answer.errors).toMatchObject([
      { path: ['school', 'lowerSecondary'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'departement' } },
    ])
  })

  it.each([
    ['school(uai: "35238") { name }', 'INVALID_CODE'],
    ['school(uai: "0350000A") { name }', 'UNKNOWN_SCHOOL'],
    ['school(uai: "0359901A") { primary(schoolYear: 19) { value } }', 'INVALID_YEAR'],
    ['school(uai: "0359901A") { primarySeries(from: 2022, to: 2021) { value } }', 'INVALID_YEAR'],
  ])('refuses %s with %s, and says what was expected and what to do', async (query, code) => {
    expect(await errorOf(`{ ${query} }`)).toMatchObject({
      code,
      on: expect.any(String),
      expected: expect.any(String),
      remedy: expect.any(String),
    })
  })
})

describe('the schools of a territory', () => {
  it.each(['commune:35238', 'epci:243500139', 'departement:35', 'region:53', 'nation:FR', 'grouping:academie-14'])(
    'are there for %s, a page at a time',
    async (id) => {
      const page = (after: string) =>
        `{ territory(id: "${id}") { schools(first: 2${after}) { totalCount nodes { uai } edges { cursor node { uai } } pageInfo { endCursor hasNextPage hasPreviousPage } } } }`
      const first = (await gateway.get(page(''))).territory.schools
      expect(first.nodes).toHaveLength(2)
      expect(first.edges.map(({ node }: { node: unknown }) => node)).toEqual(first.nodes)
      expect(first.pageInfo.hasPreviousPage).toBe(false)
      const second = (await gateway.get(page(`, after: "${first.pageInfo.endCursor}"`))).territory.schools
      expect(second.totalCount).toBe(first.totalCount)
      expect(second.nodes[0].uai > first.nodes[1].uai).toBe(true)
    },
  )

  it('can be asked by kind, with what the owner of the cycle says of each', async () => {
    const { departement } = await gateway.get(
      '{ departement(code: "35") { schools(kind: COLLEGE) { nodes { name lowerSecondary(schoolYear: 2022) { value status } } } } }',
    )
    expect(departement.schools.nodes).toEqual([
      { name: 'Collège Omicron', lowerSecondary: { value: 410, status: 'NORMAL' } },
      { name: 'Collège Phi', lowerSecondary: { value: null, status: 'NOT_PUBLISHED' } },
    ])
  })

  it('come in pages of at most 1,000', async () => {
    expect(await errorOf('{ nation { schools(first: 1001) { totalCount } } }')).toMatchObject({ code: 'INVALID_PAGE' })
  })
})

describe('the schools around a place', () => {
  const around = (where: string) =>
    `{ schoolsNear(${where}) { totalCount edges { distanceKm node { uai } } nodes { uai } } }`

  it('are there with their distance, of one kind if wished', async () => {
    const { schoolsNear } = await gateway.get(around('lat: 48.11, lon: -1.7, radiusKm: 5, kind: LYCEE'))
    expect(schoolsNear.nodes.map(({ uai }: { uai: string }) => uai)).toEqual(['0359921X', '0359930Z', '0359931A'])
    expect(schoolsNear.edges[0].distanceKm).toBeCloseTo(1.112, 3)
  })

  it('are none where there is none', async () => {
    const { schoolsNear } = await gateway.get(around('lat: 0, lon: 0, radiusKm: 200'))
    expect(schoolsNear).toEqual({ totalCount: 0, edges: [], nodes: [] })
  })

  it.each([
    'lat: 90.1, lon: 0, radiusKm: 1',
    'lat: 0, lon: -181, radiusKm: 1',
    'lat: 0, lon: 0, radiusKm: 0',
    'lat: 0, lon: 0, radiusKm: 201',
  ])('are refused for %s', async (where) => {
    expect(await errorOf(around(where))).toMatchObject({ code: 'INVALID_POSITION', subgraph: 'national' })
  })
})
