import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../core/store/open.ts'
import { createSubgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { startFederation, type Federation } from './federation.ts'

const ECOLES = 'fr-en-ecoles-effectifs-nb_classes'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

describe('the catalogue', () => {
  it('says of each measure who is competent, at which tiers, by what it can be broken down and what it is made of', async () => {
    const { measures } = await federation.get(
      '{ measures { id competent legalBasis tiers breakdowns computedFrom { id } periods } }',
    )
    const of = (id: string) => measures.find((measure: { id: string }) => measure.id === id)
    expect(of('pupils-primary')).toMatchObject({
      competent: 'Communes',
      legalBasis: "Code de l'éducation, article L212-4",
      tiers: ['COMMUNE', 'EPCI', 'DEPARTEMENT', 'REGION', 'NATION', 'GROUPING'],
      breakdowns: ['SECTOR', 'PRIORITY_EDUCATION', 'LEVEL'],
      computedFrom: [],
    })
    expect(of('pupils-per-class-primary').computedFrom).toEqual([{ id: 'pupils-primary' }, { id: 'classes-primary' }])
    expect(of('population-municipale').breakdowns).toEqual([])
  })

  it('says of each dataset what it gives, when it was taken and which version it is', async () => {
    const { dataset } = await federation.get(
      `{ dataset(id: "${ECOLES}") { measures { id } tiers breakdowns lastUpdate version changes { version level added { measures periods dimensions } removed { measures } values { measure } } } }`,
    )
    expect(dataset.measures).toEqual([
      { id: 'classes-primary' },
      { id: 'pupils-primary' },
      { id: 'pupils-primary-per-1000-inhabitants' },
    ])
    expect(dataset.breakdowns).toEqual(['SECTOR', 'PRIORITY_EDUCATION', 'LEVEL'])
    expect(dataset.lastUpdate).toMatch(/^\d{4}-\d\d-\d\dT/)
    expect(dataset.version).toMatch(/^1\.0\.0\+[0-9a-f]{8}$/)
    expect(dataset.changes).toMatchObject([
      { version: dataset.version, level: 'FIRST', removed: { measures: [] }, values: [] },
    ])
    expect(dataset.changes[0].added.dimensions).toContain('pupils-primary/LEVEL')
  })

  it('gives the same version in the provenance of every value', async () => {
    const { dataset, nation } = await federation.get(
      `{ dataset(id: "${ECOLES}") { version } nation { schoolEnrolment { primary { provenance { datasetVersion } } } } }`,
    )
    expect(nation.schoolEnrolment.primary.provenance.datasetVersion).toBe(dataset.version)
  })

  it('gives the changes since a version, and refuses what is none', async () => {
    const { dataset } = await federation.get(
      `{ dataset(id: "${ECOLES}") { version changes(since: "1.0.0") { version } } }`,
    )
    expect(dataset.changes).toEqual([])
    const { errors } = await federation.ask(`{ dataset(id: "${ECOLES}") { changes(since: "yesterday") { version } } }`)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_VERSION' })
  })

  it('judges freshness by the day on which it is asked', async () => {
    const store = await openStore(await fixtureStore(), ['national'])
    const { periods } = store.manifest.datasets.find(({ id }) => id === ECOLES)!
    const due = periods.at(-1)! + 2
    const judged = async (day: string) => {
      const national = createSubgraph(SUBGRAPHS.national, store.reader('national'), { now: () => new Date(day) })
      const document = parse(`{ dataset(id: "${ECOLES}") { freshness nextExpected } }`)
      return (await national.execute({ document })).data?.['dataset']
    }
    expect(await judged(`${due}-08-31`)).toEqual({ freshness: 'FRESH', nextExpected: `${due}-09-01T00:00:00.000Z` })
    expect(await judged(`${due}-09-02`)).toMatchObject({ freshness: 'LATE' })
    expect(await judged(`${due + 1}-09-02`)).toMatchObject({ freshness: 'STALE' })
  })
})
