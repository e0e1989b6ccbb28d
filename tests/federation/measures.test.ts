import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

describe('population municipale', () => {
  it('is by default that of the newest census year held, with who answers for it', async () => {
    const { commune } = await federation.get(
      '{ commune(code: "35238") { population { value status timePeriod unit method provenance { datasetId owner { id name publisher } attribution } } } }',
    )
    expect(commune.population).toMatchObject({
      value: 230_890,
      status: 'NORMAL',
      timePeriod: '2023',
      unit: 'inhabitants',
      method: 'PUBLISHED',
      provenance: { datasetId: 'population-municipale', owner: { id: 'national', name: 'État' } },
    })
    expect(commune.population.provenance.attribution).toContain('INSEE')
  })

  it('is added up from the communes at every higher tier', async () => {
    const { departement } = await federation.get(
      '{ departement(code: "35") { population { value method coverage { expected reported } } communes(first: 1000) { nodes { population { value } } } } }',
    )
    const sum = departement.communes.nodes.reduce(
      (total: number, commune: { population: { value: number } }) => total + commune.population.value,
      0,
    )
    expect(departement.population).toEqual({
      value: sum,
      method: 'CONSOLIDATED',
      coverage: { expected: 332, reported: 332 },
    })
  })

  it('is NOT_PUBLISHED for a year that no census of ours describes', async () => {
    const { commune } = await federation.get(
      '{ commune(code: "35238") { hole: population(year: 2017) { value status notes } early: population(year: 1990) { value status } late: population(year: 2030) { value status } } }',
    )
    expect(commune.hole).toMatchObject({ value: null, status: 'NOT_PUBLISHED' })
    expect(commune.hole.notes.join(' ')).toContain('2016, 2018–2023')
    expect([commune.early, commune.late]).toEqual([
      { value: null, status: 'NOT_PUBLISHED' },
      { value: null, status: 'NOT_PUBLISHED' },
    ])
  })

  it('is a series of the census years held, or of every year of a range', async () => {
    const { commune } = await federation.get(
      '{ commune(code: "35238") { all: populationSeries { timePeriod } range: populationSeries(from: 2016, to: 2018) { timePeriod status } } }',
    )
    expect(commune.all.map(({ timePeriod }: { timePeriod: string }) => timePeriod)).toEqual([
      '2016',
      '2018',
      '2019',
      '2020',
      '2021',
      '2022',
      '2023',
    ])
    expect(commune.range).toEqual([
      { timePeriod: '2016', status: 'NORMAL' },
      { timePeriod: '2017', status: 'NOT_PUBLISHED' },
      { timePeriod: '2018', status: 'NORMAL' },
    ])
  })

  it.each([
    ['year: 1800', 'INVALID_YEAR'],
    ['geography: 2018', 'UNSUPPORTED_GEOGRAPHY'],
  ])('is refused for %s, and the rest of the commune stands', async (argument, code) => {
    const { data, errors } = await federation.ask(
      `{ commune(code: "35238") { name population(${argument}) { value } } }`,
    )
    expect(data.commune).toEqual({ name: 'Rennes', population: null })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({ path: ['commune', 'population'], extensions: { code, subgraph: 'national' } })
  })
})

describe('measures by id', () => {
  it('come from all their owners in one list, one cell for each measure and year', async () => {
    const { commune } = await federation.get(`{ commune(code: "35238") {
      observations(measures: ["pupils-primary", "pupils-lower-secondary", "pupils-upper-secondary", "population-municipale"], from: 2021, to: 2022) {
        __typename id measure period observation { value provenance { owner { id } } } } } }`)
    const cell = (type: string, measure: string, period: number, value: number, owner: string) => ({
      __typename: type,
      id: `${measure}|commune:35238|${period}`,
      measure,
      period: `${period}`,
      observation: { value, provenance: { owner: { id: owner } } },
    })
    expect(commune.observations.slice(0, 6)).toEqual([
      cell('CommuneMeasureCell', 'pupils-primary', 2021, 150, 'commune'),
      cell('CommuneMeasureCell', 'pupils-primary', 2022, 180, 'commune'),
      cell('DepartementMeasureCell', 'pupils-lower-secondary', 2021, 400, 'departement'),
      cell('DepartementMeasureCell', 'pupils-lower-secondary', 2022, 410, 'departement'),
      cell('RegionMeasureCell', 'pupils-upper-secondary', 2021, 700, 'region'),
      cell('RegionMeasureCell', 'pupils-upper-secondary', 2022, 710, 'region'),
    ])
    expect(commune.observations.slice(6)).toMatchObject([
      { __typename: 'NationalMeasureCell', measure: 'population-municipale', period: '2021' },
      { __typename: 'NationalMeasureCell', measure: 'population-municipale', period: '2022' },
    ])
  })

  it('refuse a measure that is not listed, naming those that are', async () => {
    const { data, errors } = await federation.ask(
      '{ commune(code: "35238") { name observations(measures: ["pupils-primary", "nope"]) { id } } }',
    )
    expect(data.commune).toEqual({ name: 'Rennes', observations: null })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNKNOWN_MEASURE', subgraph: 'national' })
    expect(errors?.[0]?.message).toMatch(/"nope".*pupils-primary/)
  })

  it('refuse more than 50 in one list', async () => {
    const measures = Array.from({ length: 51 }, () => 'pupils-primary')
    const { errors } = await federation.ask(
      'query ($measures: [ID!]!) { commune(code: "35238") { observations(measures: $measures) { id } } }',
      { measures },
    )
    expect(errors?.[0]?.extensions['code']).toBe('LIST_TOO_LONG')
  })
})

describe('the catalogue', () => {
  it('lists every measure with its owner, its years and its datasets, strongest first', async () => {
    const { measures } = await federation.get('{ measures { id owner unit additivity periods datasets { id } parts } }')
    expect(measures.map(({ id }: { id: string }) => id)).toEqual([
      'classes-primary',
      'population-municipale',
      'pupils-lower-secondary',
      'pupils-per-class-primary',
      'pupils-primary',
      'pupils-primary-per-1000-inhabitants',
      'pupils-total',
      'pupils-upper-secondary',
      'pupils-upper-secondary-gt',
      'pupils-upper-secondary-pro',
    ])
    expect(measures[4]).toEqual({
      id: 'pupils-primary',
      owner: 'commune',
      unit: 'pupils',
      additivity: 'COUNT',
      periods: [2021, 2022],
      datasets: [{ id: 'fr-en-ecoles-effectifs-nb_classes' }, { id: 'fr-en-annuaire-education' }],
      parts: [],
    })
    expect(measures[6]).toMatchObject({
      owner: 'national',
      parts: ['pupils-primary', 'pupils-lower-secondary', 'pupils-upper-secondary'],
    })
    expect(measures[7]).toMatchObject({
      owner: 'region',
      parts: ['pupils-upper-secondary-gt', 'pupils-upper-secondary-pro'],
    })
  })

  it('lists every dataset with licence, attribution and a page to go to', async () => {
    const { datasets, dataset } = await federation.get(`{
      datasets { id title licence { id url } attribution sourceUrl simulated version owner { name legalBasis producer publisher } }
      dataset(id: "fr-en-annuaire-education") { id periods } }`)
    expect(datasets).toHaveLength(6)
    expect(datasets.map(({ id }: { id: string }) => id)).toEqual(
      datasets.map(({ id }: { id: string }) => id).toSorted(),
    )
    for (const { id, licence, attribution, sourceUrl, simulated, version, owner } of datasets) {
      expect(licence, id).toMatchObject({ id: 'etalab-2.0', url: expect.stringMatching(/^https:/) })
      expect(attribution, id).toMatch(/Ministère|INSEE/)
      expect(sourceUrl, id).toMatch(/^https:/)
      expect(simulated, id).toBe(false)
      expect(version, id).toMatch(/^1\.0\.0\+[0-9a-f]{8}$/)
      for (const role of Object.values(owner)) expect(role, id).toMatch(/\S/)
    }
    expect(dataset).toEqual({ id: 'fr-en-annuaire-education', periods: [2021] })
  })
})
