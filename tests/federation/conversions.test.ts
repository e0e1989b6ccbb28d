/** What converted values are made of, and communes of before the first vintage, through the gateway over the fixture store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../core/store/open.ts'
import { openFixtureStore } from '../fixtures/store.ts'
import { startFederation, type Federation } from './federation.ts'

let gateway: Federation
let store: Store
beforeAll(async () => {
  gateway = await startFederation()
  store = await openFixtureStore()
})
afterAll(() => gateway?.close())

const CONVERSIONS =
  'conversions { measure datasetId fromVintage toVintage inputs { id code name share censusYear status value contribution estimated } }'

describe('the conversions of an observation', () => {
  it('tell the communes of the vintage of the source that merged into one, each whole', async () => {
    const { commune } = await gateway.get(
      `{ commune(code: "35062") { population(year: 2019) { value method ${CONVERSIONS} } } }`,
    )
    expect(commune.population).toMatchObject({ value: 2414, method: 'CONVERTED' })
    expect(commune.population.conversions).toEqual([
      {
        measure: 'population-municipale',
        datasetId: 'population-municipale',
        fromVintage: 2021,
        toVintage: 2026,
        inputs: [
          expect.objectContaining({
            id: 'commune:35062/g2021',
            share: 1,
            value: 1475,
            contribution: 1475,
            estimated: false,
          }),
          expect.objectContaining({
            id: 'commune:35112/g2021',
            name: 'Fleurigné',
            share: 1,
            value: 939,
            contribution: 939,
          }),
        ],
      },
    ])
  })

  it('tell the share of a commune that was divided since, and the census that it is weighed by', async () => {
    const { commune } = await gateway.get(
      `{ commune(code: "85165") { population(year: 2018) { value estimatedShare ${CONVERSIONS} } } }`,
    )
    expect(commune.population.estimatedShare).toBe(1)
    const [input] = commune.population.conversions[0].inputs
    expect(input).toMatchObject({
      id: 'commune:85084/g2021',
      censusYear: 2023,
      estimated: true,
      contribution: commune.population.value,
    })
    expect(input.share).toBeCloseTo(1250 / (6851 + 1250 + 1359), 10)
  })

  it('are none for a value given on the geography of its source', async () => {
    const { commune } = await gateway.get(
      `{ commune(code: "35238") { population(year: 2023) { method ${CONVERSIONS} } } }`,
    )
    expect(commune.population).toEqual({ method: 'PUBLISHED', conversions: [] })
  })

  it('are told by the parts of a total, which has several owners', async () => {
    const { data, errors } = await gateway.ask(
      '{ commune(code: "35062") { schoolEnrolment { total { method conversions { measure } } } } }',
    )
    const { total } = data.commune.schoolEnrolment
    if (total.method !== 'CONVERTED') expect([total.conversions, errors]).toEqual([[], undefined])
    else expect([total.conversions, errors?.[0]?.extensions['code']]).toEqual([null, 'LISTED_BY_PARTS'])
  })

  it('add up to the value, for every commune and EPCI of every vintage and census', () => {
    const reader = store.reader('national')
    const open = store.atlas.years.flatMap((year) => {
      const territories = store.atlas.of(year)!
      return [...territories.ofTier('COMMUNE'), ...territories.ofTier('EPCI')].flatMap((territory) =>
        reader.periodsOf('population-municipale').flatMap((period) => {
          const observation = reader.observe('population-municipale', period, territory, year)
          if (observation.method !== 'CONVERTED') return []
          const [conversion] = reader.conversionsOf(observation)
          const sum = conversion!.inputs.reduce((all, { contribution }) => all + (contribution ?? 0), 0)
          return sum === observation.value
            ? []
            : [`${territory.id} ${period} on ${year}: ${sum}, not ${observation.value}`]
        }),
      )
    })
    expect(open).toEqual([])
  })
})

describe('a commune of before 2019', () => {
  it('has its code and name of then: 49126 was Drain', async () => {
    const { commune } = await gateway.get(
      '{ commune(code: "49126", at: 2014) { id code name resolvedFrom { code } nation { id } } }',
    )
    expect(commune).toEqual({
      id: 'commune:49126/g2014',
      code: '49126',
      name: 'Drain',
      resolvedFrom: null,
      nation: { id: 'nation:FR' },
    })
  })

  it('is found by a code of another time, which it tells', async () => {
    const { commune } = await gateway.get('{ commune(code: "75059", at: 1990) { id name resolvedFrom { code kind } } }')
    expect(commune).toEqual({
      id: 'commune:93059/g1990',
      name: 'Pierrefitte-sur-Seine',
      resolvedFrom: { code: '75059', kind: 'FORMER_COMMUNE' },
    })
  })

  it('has values on a later geography, where one commune stands on exactly its ground', async () => {
    const { rennes, drain } = await gateway.get(`{
      rennes: commune(code: "35238", at: 1990) { population(geography: 2026) { value } schoolEnrolment(geography: 2019) { id } }
      drain: commune(code: "49126", at: 2014) { population(geography: 2026) { status notes } schoolEnrolment { primary { status notes } } } }`)
    expect(rennes).toMatchObject({ population: { value: 230890 } })
    expect(rennes.schoolEnrolment.id).toMatch(/^commune:35238@\d{4}\/g2019$/)
    expect(drain.population).toMatchObject({ status: 'NOT_APPLICABLE' })
    expect(drain.population.notes[0]).toContain("Orée d'Anjou (49126)")
    expect(drain.schoolEnrolment.primary).toMatchObject({ status: 'NOT_APPLICABLE' })
    expect(drain.schoolEnrolment.primary.notes[0]).toContain('2019–2026')
  })

  it('has no département and no EPCI at hand, and says so', async () => {
    const { data, errors } = await gateway.ask(
      '{ commune(code: "49126", at: 2014) { name departement { id } epci { id } } }',
    )
    expect(data.commune).toEqual({ name: 'Drain', departement: null, epci: null })
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual([
      'UNSUPPORTED_GEOGRAPHY',
      'UNSUPPORTED_GEOGRAPHY',
    ])
  })

  it('is refused for a code that several share then, and for a year without history', async () => {
    const { data, errors } = await gateway.ask(
      '{ divided: commune(code: "77362", at: 1960) { id } early: commune(code: "35238", at: 1900) { id } }',
    )
    expect(data).toEqual({ divided: null, early: null })
    const codes = Object.fromEntries(errors!.map(({ path, extensions }) => [path?.[0], extensions['code']]))
    expect(codes).toEqual({ divided: 'TERRITORY_DIVIDED', early: 'UNSUPPORTED_GEOGRAPHY' })
  })
})
