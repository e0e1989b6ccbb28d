/** The typeahead through the gateway: what a hit says, how to go on from it, and what is refused. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REPOSITORY } from '../fixtures/store.ts'
import { startFederation, type Federation } from './federation.ts'

const SEARCH = readFileSync(join(REPOSITORY, 'operations', 'search.graphql'), 'utf8')

let federation: Federation
beforeAll(async () => {
  federation = await startFederation()
})
afterAll(() => federation?.close())

const found = async (variables: object): Promise<any[]> => (await federation.get(SEARCH, { ...variables })).search
const labels = async (variables: object): Promise<string[]> => (await found(variables)).map(({ label }) => label)

describe('a hit', () => {
  it('says what it is, what matched, and how', async () => {
    expect(await found({ text: 'rennes metropole', first: 1 })).toEqual([
      {
        label: 'Rennes Métropole (intercommunalité, 35)',
        matched: 'Rennes Métropole',
        kind: 'EXACT',
        population: {
          value: expect.any(Number),
          status: 'NORMAL',
          provenance: {
            datasetId: 'population-municipale',
            attribution: expect.stringContaining('INSEE'),
            licence: { id: 'etalab-2.0', title: expect.any(String), url: expect.any(String) },
            retrievedAt: expect.any(String),
          },
        },
        departements: ['35'],
        resolvedFrom: null,
        territory: { id: 'epci:243500139', tier: 'EPCI', code: '243500139', name: 'Rennes Métropole' },
      },
    ])
  })

  it('tells homonyms apart by their département, the largest first', async () => {
    expect(await labels({ text: 'saint denis', tiers: ['COMMUNE'], first: 5 })).toEqual([
      'Saint-Denis (974, La Réunion)',
      'Saint-Denis (93, Seine-Saint-Denis)',
      // Ten times as large as the homonyms that follow.
      'Saint-Denis-en-Val (45, Loiret)',
      'Saint-Denis (11, Aude)',
      'Saint-Denis (30, Gard)',
    ])
  })

  it.each([
    ['2b', 'Haute-Corse (département, 2B)', ['2B']],
    ['bretagne', 'Bretagne (région)', []],
    ['nouvelle-caledonie', "Nouvelle-Calédonie (collectivité d'outre-mer, 988)", ['988']],
    ['france', 'France', []],
    ['academie de rennes', 'Académie de Rennes', []],
    ['redon agglomeration', 'CA Redon Agglomération (intercommunalité, 35, 44, 56)', ['35', '44', '56']],
  ])('of %s reads %s', async (text, label, departements) => {
    const [hit] = await found({ text })
    expect(hit).toMatchObject({ label, departements })
  })

  it.each([
    [
      'paris 12',
      'commune:75056',
      'PART',
      { code: '75112', name: 'Paris 12e Arrondissement', kind: 'ARRONDISSEMENT_MUNICIPAL' },
    ],
    [
      '75012',
      'commune:75056',
      'POSTAL_CODE',
      { code: '75112', name: 'Paris 12e Arrondissement', kind: 'ARRONDISSEMENT_MUNICIPAL' },
    ],
    ['97123', 'commune:97701', 'CODE', { code: '97123', name: 'Saint-Barthélemy', kind: 'FORMER_COMMUNE' }],
    ['alsace', 'region:44', 'FORMER_NAME', { code: '42', name: 'Alsace', kind: 'FORMER_REGION' }],
    [
      'chalons sur marne',
      'commune:51108',
      'FORMER_NAME',
      { code: '51108', name: 'Châlons-sur-Marne', kind: 'FORMER_NAME' },
    ],
    ['cotes du nord', 'departement:22', 'FORMER_NAME', { code: '22', name: 'Côtes-du-Nord', kind: 'FORMER_NAME' }],
    ['annecy le vieux', 'commune:74010', 'PART', { code: '74011', name: 'Annecy-le-Vieux', kind: 'COMMUNE_DELEGUEE' }],
    ['paca', 'region:93', 'SIGLE', null],
    ['213502388', 'commune:35238', 'CODE', null],
    ['marseile', 'commune:13055', 'FUZZY', null],
  ])('of %s is %s, by %s, and says what led there', async (text, id, kind, resolvedFrom) => {
    expect((await found({ text }))[0]).toMatchObject({ territory: { id }, kind, resolvedFrom })
  })

  it('is each territory once, and every heir of a code that was divided', async () => {
    const codes = await found({ text: '20' })
    expect(
      codes
        .slice(0, 2)
        .map(({ territory }) => territory.id)
        .toSorted(),
    ).toEqual(['departement:2A', 'departement:2B'])
    const paris = await found({ text: 'paris', first: 50 })
    expect(new Set(paris.map(({ territory }) => territory.id)).size).toBe(paris.length)
  })

  it('shares a postal code with others, the largest first', async () => {
    const hits = await found({ text: '35400' })
    const shared = await found({ text: '01400' })
    expect(hits[0]).toMatchObject({ matched: '35400', kind: 'POSTAL_CODE', territory: { name: 'Saint-Malo' } })
    expect(shared.length).toBeGreaterThan(3)
    const populations = shared.filter(({ matched }) => matched === '01400').map(({ population }) => population.value)
    expect(populations).toEqual(populations.toSorted((left: number, right: number) => right - left))
  })
})

describe('going on from a hit', () => {
  it('leads to what every owner knows of the territory', async () => {
    const { search } = await federation.get(`{
      search(text: "rennes", tiers: [COMMUNE], first: 1) {
        population { value }
        territory {
          population { value }
          schoolEnrolment(schoolYear: 2021) { primary { status } lowerSecondary { status } total { status } }
          ... on Commune { epci { name } departement { name } region { name } resolvedFrom { code } }
        }
      }
    }`)
    const [{ population, territory }] = search
    expect(territory).toMatchObject({
      population,
      epci: { name: 'Rennes Métropole' },
      departement: { name: 'Ille-et-Vilaine' },
      region: { name: 'Bretagne' },
      resolvedFrom: null,
    })
    expect(territory.schoolEnrolment.primary.status).toEqual(expect.any(String))
  })
})

describe('what is asked', () => {
  it('may be of some tiers only', async () => {
    const hits = await found({ text: 'guyane', tiers: ['REGION', 'GROUPING'] })
    expect(hits.map(({ territory }) => territory.id)).toEqual(['region:03', 'grouping:academie-33'])
  })

  it('is answered with ten hits, or as many as are wanted', async () => {
    expect(await found({ text: 'saint' })).toHaveLength(10)
    expect(await found({ text: 'saint', first: 50 })).toHaveLength(50)
    expect(await labels({ text: 'saint', first: 3 })).toEqual((await labels({ text: 'saint' })).slice(0, 3))
  })

  it.each(['xqzwk', '!!', '99999999999', '🙂', 'zz top zz'])('finds nothing for %j, without an error', async (text) => {
    expect(await found({ text })).toEqual([])
  })

  it.each([
    [{ text: '' }, 'EMPTY_TEXT'],
    [{ text: ' \t ' }, 'EMPTY_TEXT'],
    [{ text: 'a'.repeat(101) }, 'TEXT_TOO_LONG'],
    [{ text: 'rennes', first: 0 }, 'INVALID_PAGE'],
    [{ text: 'rennes', first: 51 }, 'INVALID_PAGE'],
  ])('is refused as %j with %s', async (variables, code) => {
    const { data, errors } = await federation.ask(SEARCH, variables)
    expect(data).toEqual({ search: null })
    expect(errors).toMatchObject([{ path: ['search'], extensions: { code } }])
  })

  it('is answered whatever it holds', async () => {
    const odd = [
      'a'.repeat(100),
      'é'.repeat(100),
      '%',
      "'; --",
      '\\',
      '\u0000',
      '١٢٣',
      'st',
      'le',
      "l'",
      '0',
      '-',
      'ß',
      'commune:',
    ]
    for (const text of odd) expect(Array.isArray(await found({ text })), text).toBe(true)
  })
})
