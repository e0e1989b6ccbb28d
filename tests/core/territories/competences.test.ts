import { describe, expect, it } from 'vitest'
import { competencesOf, type Competence, type SchoolCycle } from '../../../core/territories/competences.ts'
import { drawn } from './drawn.ts'

const { atlas } = drawn()
const territories = atlas.current

function competent(id: string, cycle: SchoolCycle, at?: number): readonly Competence[] {
  const territory = territories.byId(id)
  if (territory === undefined) throw new RangeError(`no territory ${id}`)
  return competencesOf(territories, territory, at).filter((one) => one.cycle === cycle)
}
const names = (id: string, cycle: SchoolCycle, at?: number) => competent(id, cycle, at).map(({ name }) => name)

describe('who is competent for the collèges', () => {
  it.each([
    ['commune:35238', undefined, 'Ille-et-Vilaine'],
    ['commune:67482', 2020, 'Bas-Rhin'],
    ['commune:68066', 2020, 'Haut-Rhin'],
    ['commune:67482', 2021, "Collectivité européenne d'Alsace"],
    ['commune:68066', undefined, "Collectivité européenne d'Alsace"],
    ['commune:69123', undefined, 'Métropole de Lyon'],
    ['commune:69264', undefined, 'Rhône'],
    ['commune:75056', 2018, 'Paris'],
    ['commune:75056', undefined, 'Ville de Paris'],
    ['commune:2A004', 2017, 'Collectivité territoriale de Corse'],
    ['commune:2B033', 2018, 'Collectivité de Corse'],
    ['commune:97209', undefined, 'Collectivité territoriale de Martinique'],
    ['commune:97302', undefined, 'Collectivité territoriale de Guyane'],
    ['commune:97411', undefined, 'La Réunion'],
    ['commune:97611', undefined, 'État'],
    ['commune:97502', undefined, 'État'],
    ['departement:977', undefined, 'Collectivité de Saint-Barthélemy'],
    ['commune:97801', undefined, 'Collectivité de Saint-Martin'],
  ])('in %s in %s: %s', (id, at, name) => {
    const [one, ...others] = competent(id, 'LOWER_SECONDARY', at)
    expect(others).toEqual([])
    expect(one).toMatchObject({ name, status: 'KNOWN' })
    expect(one?.legalBasis).toMatch(/L\d|LO\d/)
    expect(one?.notes.join(' ')).toContain('Public schools only')
  })

  it('tells from when and until when a body holds', () => {
    expect(competent('commune:67482', 'LOWER_SECONDARY', 2020)[0]).toMatchObject({ from: null, until: 2020 })
    expect(competent('commune:67482', 'LOWER_SECONDARY', 2021)[0]).toMatchObject({ from: 2021, until: null })
  })

  it('are two in the département 69, each with its communes', () => {
    const both = competent('departement:69', 'LOWER_SECONDARY')
    expect(both.map(({ name, status, territory }) => [name, status, territory]).toSorted()).toEqual([
      ['Métropole de Lyon', 'SHARED', 'epci:200046977'],
      ['Rhône', 'SHARED', 'departement:69'],
    ])
    const all = territories.communesOf(territories.byId('departement:69')!).length
    expect(both.reduce((sum, { communes }) => sum + communes, 0)).toBe(all)
  })

  it('says in a métropole that a convention with the département is not known', () => {
    const [one] = competent('commune:35238', 'LOWER_SECONDARY')
    expect(one).toMatchObject({ status: 'KNOWN', transferableTo: 'epci:243500139' })
    expect(one?.notes.join(' ')).toContain('unknown')
  })
})

describe('who is competent for the écoles', () => {
  it('is the commune, and unknown where its EPCI may have taken them over', () => {
    const [one] = competent('commune:35238', 'PRIMARY')
    expect(one).toMatchObject({ name: 'Rennes', status: 'UNKNOWN', transferableTo: 'epci:243500139' })
    expect(one?.notes.join(' ')).toMatch(/By law the commune.*unknown/)
  })

  it('is the commune alone on an island without EPCI and in the Métropole de Lyon, and Paris itself', () => {
    expect(competent('commune:29155', 'PRIMARY')[0]).toMatchObject({ name: 'Ouessant', status: 'KNOWN' })
    expect(competent('commune:69123', 'PRIMARY')[0]).toMatchObject({ name: 'Lyon', status: 'KNOWN' })
    expect(competent('commune:75056', 'PRIMARY')[0]).toMatchObject({ name: 'Ville de Paris', status: 'KNOWN' })
  })

  it('does not take the Métropole du Grand Paris for one that could', () => {
    const [one] = competent('commune:93066', 'PRIMARY')
    expect(one).toMatchObject({ status: 'UNKNOWN', transferableTo: null })
    expect(one?.notes.join(' ')).toContain('établissement public territorial')
  })

  it('are counted where they are more than twenty, and named below', () => {
    const [one, ...others] = competent('departement:35', 'PRIMARY')
    expect(others).toEqual([])
    expect(one).toMatchObject({ name: '332 communes', status: 'UNKNOWN', communes: 332 })
    const small = territories
      .ofTier('EPCI')
      .find((epci) => territories.communesOf(epci).length === 5 && epci.kind === 'COMMUNAUTE_DE_COMMUNES')!
    expect(competent(small.id, 'PRIMARY')).toHaveLength(5)
  })
})

describe('who is competent for the lycées', () => {
  it.each([
    ['commune:35238', 'Bretagne'],
    ['commune:69123', 'Auvergne-Rhône-Alpes'],
    ['commune:67482', 'Grand Est'],
    ['commune:75056', 'Île-de-France'],
    ['region:94', 'Collectivité de Corse'],
    ['commune:97209', 'Collectivité territoriale de Martinique'],
    ['commune:97611', 'État'],
  ])('in %s: %s', (id, name) => {
    expect(names(id, 'UPPER_SECONDARY')).toEqual([name])
  })
})

describe('who is competent in a larger territory', () => {
  it('are the départements of a région, by name', () => {
    expect(names('region:53', 'LOWER_SECONDARY')).toEqual(["Côtes-d'Armor", 'Finistère', 'Ille-et-Vilaine', 'Morbihan'])
  })

  it('are counted for the nation, and all exceptions named', () => {
    const colleges = names('nation:FR', 'LOWER_SECONDARY')
    expect(colleges[0]).toMatch(/^\d\d départements$/)
    expect(colleges).toEqual(expect.arrayContaining(['Métropole de Lyon', 'Rhône', 'Ville de Paris', 'État', null]))
    expect(colleges.length).toBeLessThan(20)
    expect(names('nation:FR', 'UPPER_SECONDARY')).toEqual(expect.arrayContaining(['Bretagne', 'Collectivité de Corse']))
  })

  it('concern every commune of the nation once a cycle', () => {
    for (const cycle of ['PRIMARY', 'LOWER_SECONDARY', 'UPPER_SECONDARY'] as const) {
      const sum = competent('nation:FR', cycle).reduce((total, { communes }) => total + communes, 0)
      expect(sum).toBe(territories.ofTier('COMMUNE').length)
    }
  })
})

describe('the territories that are named', () => {
  it.each(atlas.years)('are of the vintage of the territory: %i', (year) => {
    const then = atlas.of(year)!
    const all = [...then.ofTier('COMMUNE'), ...then.ofTier('DEPARTEMENT')].flatMap((place) =>
      competencesOf(then, place),
    )
    const named = all.flatMap(({ territory, transferableTo }) => [territory ?? [], transferableTo ?? []].flat())
    expect(named.length).toBeGreaterThan(100_000)
    expect(named.filter((id) => then.byId(id) === undefined)).toEqual([])
    expect(new Set(all.map(({ vintage }) => vintage))).toEqual(new Set([year]))
  })
})

describe('what is not known', () => {
  it('is said, with the statute, for the overseas collectivities', () => {
    for (const code of ['986', '987', '988']) {
      expect(competent(`departement:${code}`, 'UPPER_SECONDARY')[0]).toMatchObject({ status: 'UNKNOWN', name: null })
    }
    expect(competent('departement:984', 'PRIMARY')[0]).toMatchObject({ status: 'NOT_APPLICABLE', name: null })
  })

  it.each([2015, 2100])('is refused for %i', (at) => {
    expect(() => competent('commune:35238', 'PRIMARY', at)).toThrow(expect.objectContaining({ code: 'INVALID_YEAR' }))
  })
})
