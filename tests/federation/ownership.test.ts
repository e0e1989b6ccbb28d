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

  it('is told of the territory as it was in the year, with ids of that vintage', async () => {
    const { now, merged, then, departement, early, gone } = await federation.get(`{
      now: commune(code: "35062") { name ${OF(2019)} }
      merged: commune(code: "35112", at: 2019) { ${OF()} }
      then: commune(code: "35062") { ${OF(2026)} }
      departement(code: "35", at: 2019) { ${OF(2026)} }
      early: commune(code: "35112", at: 2019) { ${OF(2016)} }
      gone: territory(id: "departement:75/g2019") { ${OF()} }
    }`)
    expect(now.name).toBe('La Chapelle-Fleurigné')
    const ecoles = { cycle: 'PRIMARY', transferableTo: { id: 'epci:200072452/g2019' } }
    expect(now.competences[0]).toMatchObject({
      ...ecoles,
      name: 'La Chapelle-Janson',
      territory: { id: 'commune:35062/g2019', name: 'La Chapelle-Janson' },
    })
    const fleurigne = { ...ecoles, name: 'Fleurigné', territory: { id: 'commune:35112/g2019', name: 'Fleurigné' } }
    expect(merged.competences[0]).toMatchObject(fleurigne)
    expect(early.competences[0]).toMatchObject(fleurigne)
    expect(then.competences[0]).toMatchObject({ territory: { id: 'commune:35062' } })
    expect(departement.competences.at(-1)).toMatchObject({ name: 'Bretagne', territory: { id: 'region:53' } })
    expect(gone.competences[0]).toMatchObject({ territory: { id: 'commune:75056/g2019', name: 'Paris' } })
  })

  it.each([
    ['commune(code: "35112", at: 2019)', 2026, 'NOT_APPLICABLE', /La Chapelle-Fleurigné \(35062\) there/],
    ['epci(siren: "200096956")', 2019, 'NOT_APPLICABLE', /200096956 in the COG 2019/],
    ['departement(code: "35", at: 2019)', 2030, 'INVALID_YEAR', /from 2016.*to 2026/],
    ['commune(code: "35112", at: 2010)', 2020, 'UNSUPPORTED_GEOGRAPHY', /2019–2026/],
  ])('is refused, of %s, for %i', async (place, at, code, message) => {
    const { errors } = await federation.ask(`{ ${place} { name competences(at: ${at}) { name } } }`)
    expect(errors).toMatchObject([{ extensions: { code, subgraph: 'national' } }])
    expect(errors?.[0]?.message).toMatch(message)
  })

  it('is refused for a year before 2016, and the rest stands', async () => {
    const { data, errors } = await federation.ask('{ commune(code: "35238") { name competences(at: 2010) { name } } }')
    expect(data.commune).toEqual({ name: 'Rennes', competences: null })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_YEAR', subgraph: 'national' })
  })
})
