import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFederation, type Federation } from './federation.ts'

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

describe('the ownership registry', () => {
  it('says for each measure and dataset who owns it, at which tiers, from when, and who comes first', async () => {
    const { ownership } = await federation.get(`{ ownership {
      measure { id } tiers dataset { id } rank firstPeriod lastPeriod yieldsTo { id } computedFrom { id } note sourceUrl
      owner { id name legalBasis producer publisher } licence { id }
    } }`)
    const primary = ownership.filter(({ measure }: { measure: { id: string } }) => measure.id === 'pupils-primary')
    expect(primary).toMatchObject([
      {
        dataset: { id: 'fr-en-ecoles-effectifs-nb_classes' },
        rank: 0,
        yieldsTo: [],
        firstPeriod: 2019,
        lastPeriod: null,
        owner: { id: 'commune', name: 'Communes', legalBasis: "Code de l'éducation, article L212-4" },
        licence: { id: 'etalab-2.0' },
      },
      {
        dataset: { id: 'fr-en-annuaire-education' },
        rank: 1,
        yieldsTo: [{ id: 'fr-en-ecoles-effectifs-nb_classes' }],
      },
    ])
    expect(primary[0].tiers).toEqual(['COMMUNE', 'EPCI', 'DEPARTEMENT', 'REGION', 'NATION', 'GROUPING'])
    const lycees = ownership.find(({ measure }: { measure: { id: string } }) => measure.id === 'pupils-upper-secondary')
    expect(lycees.computedFrom).toEqual([{ id: 'pupils-upper-secondary-gt' }, { id: 'pupils-upper-secondary-pro' }])
  })
})
