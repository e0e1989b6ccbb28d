import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../core/store/open.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { startFederation, type Federation } from './federation.ts'

const OBSERVATION = `{ value status simulated estimatedShare method unit timePeriod notes
  coverage { expected reported missing suppressed share notLocated notLocatedValue }
  provenance { datasetId title datasetVersion snapshot attribution retrievedAt geographyVintage rule owner { id name legalBasis producer publisher }
    inputs { datasetId datasetVersion snapshot owner { id } rule inputs { datasetId } } } }`

/** How many territories are asked for at once: an observation costs points. */
const AT_ONCE = 8

let federation: Federation
let store: Store
beforeAll(async () => {
  federation = await startFederation()
  store = await openStore(await fixtureStore(), ['national'])
})
afterAll(() => federation?.close())

/** Every territory that is no commune, and every commune with a figure. */
function places(): readonly string[] {
  const national = store.reader('national')
  const years = national.periodsOf('pupils-total')
  return store.atlas.current.all
    .filter(
      (territory) =>
        !['COMMUNE', 'EPCI'].includes(territory.tier) ||
        years.some((year) => national.figure('pupils-total', year, territory).value !== null),
    )
    .map(({ id }) => id)
}

/** What the total of the cycles says, and what the measure does, year after year. */
async function bothOf(ids: readonly string[], geography: number | null = null) {
  const { territories } = await federation.get(
    `query ($ids: [ID!]!, $geography: Int) { territories(ids: $ids) { id
      schoolEnrolmentSeries(geography: $geography) { schoolYear total ${OBSERVATION} }
      observations(measures: ["pupils-total"], geography: $geography) { period observation ${OBSERVATION} } } }`,
    { ids, geography },
  )
  return territories.map(({ id, schoolEnrolmentSeries, observations }: any) => ({
    totals: schoolEnrolmentSeries.map(({ schoolYear, total }: any) => ({ id, year: `${schoolYear}`, said: total })),
    values: observations.map(({ period, observation }: any) => ({ id, year: period, said: observation })),
  }))
}

describe('pupils of all three cycles', () => {
  it('says of every territory and year what the total of the three cycles says', async () => {
    const ids = places()
    const statuses = new Set<string>()
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      for (const { totals, values } of await bothOf(ids.slice(from, from + AT_ONCE))) {
        expect(values).toEqual(totals)
        for (const { said } of values) statuses.add(said.status)
      }
    }
    expect(ids.length).toBeGreaterThan(120)
    expect([...statuses]).toEqual(expect.arrayContaining(['NORMAL', 'PARTIAL', 'SOURCE_UNAVAILABLE']))
  })

  it('says the same on the geography of another year', async () => {
    const [both] = await bothOf(['departement:35'], 2021)
    expect(both.values).toEqual(both.totals)
    expect(both.values[0].said.provenance.geographyVintage).toBe(2021)
  })

  it('is ranked, PARTIAL where a cycle is absent and absent where none is there', async () => {
    const { ranking } = await federation.get(`{ ranking(measure: "pupils-total", tier: DEPARTEMENT, schoolYear: 2022) {
      nodes { territory { id } observation { value status } cell { observation { value status } } }
      unranked { statuses { status } } } }`)
    expect(ranking.nodes.slice(0, 1)).toEqual([
      {
        territory: { id: 'departement:35' },
        observation: { value: 296 + 446 + 1015, status: 'PARTIAL' },
        cell: { observation: { value: 296 + 446 + 1015, status: 'PARTIAL' } },
      },
    ])
    expect(ranking.nodes).toContainEqual(
      expect.objectContaining({
        territory: { id: 'departement:2A' },
        observation: { value: 61 + 201, status: 'PARTIAL' },
      }),
    )
    expect(ranking.unranked.statuses).toEqual([{ status: 'SOURCE_UNAVAILABLE' }])
  })

  it('is told by its parts whose contributors are missing', async () => {
    const { errors } =
      await federation.ask(`{ departement(code: "35") { observations(measures: ["pupils-total"], from: 2022, to: 2022) {
      observation { missingMembers { totalCount } } } } }`)
    expect(errors?.[0]?.extensions['code']).toBe('LISTED_BY_PARTS')
  })

  it('is the same from a subgraph that was opened without the owners of its parts', async () => {
    const year = 2022
    const { departement } = await federation.get(
      `{ departement(code: "35") { schoolEnrolment(schoolYear: ${year}) { total { value status notes } } } }`,
    )
    const place = store.atlas.current.find('DEPARTEMENT', '35').territory
    expect(store.reader('national').observe('pupils-total', year, place)).toMatchObject(
      departement.schoolEnrolment.total,
    )
  })
})
