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

const OF = (at?: number) =>
  `competences${at === undefined ? '' : `(at: ${at})`} { cycle status name communes from until legalBasis notes territory { id name } transferableTo { id } }`

describe('who is competent in a place', () => {
  it('is asked on every tier, by name', async () => {
    const { alsace2020, alsace2021, mayotte, paris, rhone, region } = await federation.get(`{
      alsace2020: commune(code: "67482") { ${OF(2020)} }
      alsace2021: commune(code: "67482") { ${OF(2021)} }
      mayotte: departement(code: "976") { ${OF()} }
      paris: territory(id: "departement:75") { ${OF()} }
      rhone: territory(id: "departement:69") { ${OF()} }
      region(code: "53") { ${OF()} }
    }`)
    const colleges = (place: { competences: { cycle: string; name: string }[] }) =>
      place.competences.filter(({ cycle }) => cycle === 'LOWER_SECONDARY').map(({ name }) => name)
    expect(colleges(alsace2020)).toEqual(['Bas-Rhin'])
    expect(colleges(alsace2021)).toEqual(["Collectivité européenne d'Alsace"])
    expect(colleges(mayotte)).toEqual(['État'])
    expect(colleges(paris)).toEqual(['Ville de Paris'])
    expect(colleges(rhone).toSorted()).toEqual(['Métropole de Lyon', 'Rhône'])
    expect(colleges(region)).toHaveLength(4)
    expect(region.competences.at(-1)).toMatchObject({
      name: 'Bretagne',
      status: 'KNOWN',
      territory: { id: 'region:53' },
    })
  })

  it('is unknown where an EPCI may have taken the écoles over', async () => {
    const { commune } = await federation.get(`{ commune(code: "35238") { ${OF()} } }`)
    expect(commune.competences[0]).toMatchObject({
      cycle: 'PRIMARY',
      status: 'UNKNOWN',
      name: 'Rennes',
      territory: { id: 'commune:35238', name: 'Rennes' },
      transferableTo: { id: 'epci:243500139' },
    })
  })

  it('is refused for a year before 2016, and the rest stands', async () => {
    const { data, errors } = await federation.ask('{ commune(code: "35238") { name competences(at: 2010) { name } } }')
    expect(data.commune).toEqual({ name: 'Rennes', competences: null })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_YEAR', subgraph: 'national' })
  })
})
