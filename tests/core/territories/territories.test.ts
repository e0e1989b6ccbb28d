import { describe, expect, it } from 'vitest'
import {
  aliasesOf,
  COMMUNES_WITHOUT_EPCI,
  groupingIncludes,
  placeNamesOf,
  territoriesOf,
} from '../../../core/territories/cog.ts'
import { departementsOf, geographyOf } from '../../../core/territories/geography.ts'
import { GROUPINGS } from '../../../core/territories/groupings.ts'
import { successionOver } from '../../../core/territories/succession.ts'
import { indexTerritories } from '../../../core/territories/territory.ts'
import { readEmbeddedCog } from '../../../pipeline/sources/cog.ts'

const { vintages, history } = readEmbeddedCog()
const current = vintages.at(-1)!
const successors = successionOver(vintages)
const aliases = aliasesOf(vintages, successors)
const all = territoriesOf(current)
const territories = indexTerritories({ vintage: current.year, all, aliases, includes: groupingIncludes })
const communes = territories.ofTier('COMMUNE')
const overseas = ['975', '977', '978', '984', '986', '987', '988', '989']

describe('the territories of the COG 2026', () => {
  it('are 34,969 communes, 1,255 EPCI, 101 départements, 18 régions, 8 collectivities at both, one nation', () => {
    const count = (tier: 'COMMUNE' | 'EPCI' | 'NATION') => territories.ofTier(tier).length
    expect([count('COMMUNE'), count('EPCI'), count('NATION')]).toEqual([34_969, 1255, 1])
    for (const [tier, own] of [
      ['DEPARTEMENT', 101],
      ['REGION', 18],
    ] as const) {
      const kinds = Map.groupBy(territories.ofTier(tier), ({ kind }) => kind)
      expect(kinds.get(tier)).toHaveLength(own)
      expect(kinds.get('COLLECTIVITE_OUTRE_MER')?.map(({ code }) => code)).toEqual(overseas)
      expect(kinds.size).toBe(2)
    }
  })

  it('stand at their own position, each identifier once, each tier in code order', () => {
    expect(all.filter(({ index }, position) => index !== position)).toEqual([])
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    for (const tier of ['COMMUNE', 'EPCI', 'DEPARTEMENT', 'REGION'] as const) {
      const codes = territories.ofTier(tier).map(({ code }) => code)
      expect(codes).toEqual(codes.toSorted((left, right) => (left < right ? -1 : 1)))
    }
  })

  it('have each commune in exactly one département and one région, that of its département', () => {
    const astray = communes.filter(({ departement, region }) => {
      const above = all[departement]
      return above?.tier !== 'DEPARTEMENT' || all[region]?.tier !== 'REGION' || above.region !== region
    })
    expect(astray).toEqual([])
    for (const tier of ['DEPARTEMENT', 'REGION'] as const) {
      const held = territories.ofTier(tier).flatMap((territory) => territories.communesOf(territory))
      expect(held).toHaveLength(communes.length)
      expect(new Set(held).size).toBe(communes.length)
    }
  })

  it('leave without EPCI exactly the four islands and the overseas collectivities', () => {
    const without = communes.filter(({ epci }) => epci === -1)
    const inDepartements = without.filter(({ departement }) => territories.at(departement).kind === 'DEPARTEMENT')
    expect(inDepartements.map(({ code }) => code)).toEqual(Object.keys(COMMUNES_WITHOUT_EPCI))
    const collectivities = new Set(
      without
        .filter((commune) => !inDepartements.includes(commune))
        .map(({ departement }) => territories.at(departement).code),
    )
    expect([...collectivities].toSorted()).toEqual(overseas)
  })

  it('give every EPCI at least two communes, and every département its own', () => {
    expect(territories.ofTier('EPCI').filter((epci) => territories.communesOf(epci).length < 2)).toEqual([])
    expect(territories.communesOf(territories.byId('departement:35')!)).toHaveLength(332)
    expect(departementsOf(territories, territories.byId('epci:243500741')!)).toEqual(['35', '44', '56'])
    expect(departementsOf(territories, territories.byId('region:53')!)).toEqual(['22', '29', '35', '56'])
    expect(departementsOf(territories, territories.byId('commune:35238')!)).toEqual(['35'])
  })

  it('let 89 EPCI span several départements', () => {
    const across = territories.ofTier('EPCI').filter((epci) => departementsOf(territories, epci).length > 1)
    expect(across).toHaveLength(89)
  })
})

describe('finding a territory by code', () => {
  it('takes spellings of official files', () => {
    expect(territories.find('DEPARTEMENT', '02A').territory.id).toBe('departement:2A')
    expect(territories.find('COMMUNE', ' 2a004 ').territory.name).toBe('Ajaccio')
    expect(territories.find('COMMUNE', '35238').resolvedFrom).toBeNull()
  })

  it.each([
    ['75112', 'commune:75056', 'ARRONDISSEMENT_MUNICIPAL'],
    ['49069', 'commune:49126', 'COMMUNE_DELEGUEE'],
    ['93059', 'commune:93066', 'COMMUNE_DELEGUEE'],
    ['02077', 'commune:02564', 'FORMER_COMMUNE'],
  ])('carries %s to %s and says that it was a %s', (code, id, kind) => {
    const { territory, resolvedFrom } = territories.find('COMMUNE', code)
    expect([territory.id, resolvedFrom?.kind, resolvedFrom?.code]).toEqual([id, kind, code])
    expect(territories.aliasesOf(territory)).toContain(resolvedFrom)
  })

  it('refuses a well-formed code that nobody has, and says of which COG', () => {
    expect(() => territories.find('COMMUNE', '75100')).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_TERRITORY',
        message: expect.stringMatching(/75100.*COG 2026, or one that a commune had/),
      }),
    )
    expect(() => territories.find('EPCI', '552100554')).toThrow(expect.objectContaining({ code: 'UNKNOWN_TERRITORY' }))
  })

  it('refuses a malformed code before looking', () => {
    expect(() => territories.find('COMMUNE', '1001')).toThrow(expect.objectContaining({ code: 'INVALID_CODE' }))
  })

  it('has aliases that are no commune themselves, each leading to one', () => {
    expect(
      aliases.filter(
        ({ code, commune }) => territories.byId(`commune:${code}`) || !territories.byId(`commune:${commune}`),
      ),
    ).toEqual([])
    expect(new Set(aliases.map(({ code }) => code)).size).toBe(aliases.length)
  })
})

describe('the groupings', () => {
  const codesOf = (grouping: string) =>
    territories
      .ofTier('DEPARTEMENT')
      .map(({ code }) => code)
      .filter((code) => groupingIncludes(grouping, code))

  it('know the départements of an académie and of the published tables', () => {
    expect(codesOf('academie-14')).toEqual(['22', '29', '35', '56'])
    expect(codesOf('depp-france')).toHaveLength(103)
    expect(codesOf('depp-drom')).toEqual(['971', '972', '973', '974', '976', '977', '978'])
    expect(codesOf('metropole')).toHaveLength(96)
    expect(codesOf('drom')).toHaveLength(5)
  })

  it('put every département and collectivity in exactly one académie or vice-rectorat, but 984 and 989, where nobody lives', () => {
    const academies = GROUPINGS.filter(({ kind }) => kind === 'ACADEMIE')
    const astray = territories
      .ofTier('DEPARTEMENT')
      .map(({ code }) => code)
      .filter((code) => academies.filter(({ includes }) => includes(code)).length !== 1)
    expect(astray).toEqual(['984', '989'])
  })

  it('hold all communes of their départements', () => {
    const academie = territories.byId('grouping:academie-14')!
    expect(territories.communesOf(academie)).toEqual(territories.communesOf(territories.byId('region:53')!))
    expect(groupingIncludes('academie-99', '35')).toBe(false)
  })

  it.each([
    ['academie-14', 'Académie de Rennes'],
    ['academie-02', "Académie d'Aix-Marseille"],
    ['academie-28', 'Académie de La Réunion'],
    ['academie-18', "Académie d'Orléans-Tours"],
  ])('are named as people write them: %s is "%s"', (code, name) => {
    expect(territories.byId(`grouping:${code}`)?.name).toBe(name)
  })
})

describe('the geography that adding up uses', () => {
  const geography = geographyOf(territories, (code) => (code === '35238' ? 230_890 : 0))
  const idsOf = (positions: readonly number[]) => positions.map((position) => territories.at(position).id)

  it('lets a commune be held by itself, its EPCI, département, région, nation and groupings', () => {
    const rennes = territories.byId('commune:35238')!.index
    const held = [
      'commune:35238',
      'epci:243500139',
      'departement:35',
      'region:53',
      'nation:FR',
      'grouping:metropole',
      'grouping:depp-france',
      'grouping:academie-14',
    ]
    expect(idsOf(geography.holdersOfCommune(rennes))).toEqual(held)
    expect(geography.weightOf(rennes)).toBe(230_890)
    expect(idsOf(geography.holdersOfDepartement(geography.departementOf(rennes)))).toEqual(held.slice(2))
  })

  it('agrees with the members of every territory', () => {
    const holders = new Map(communes.map(({ index }) => [index, new Set(geography.holdersOfCommune(index))]))
    for (const territory of all) {
      const members = territories.communesOf(territory)
      if (members.some(({ index }) => !holders.get(index)?.has(territory.index))) expect.fail(territory.id)
    }
    const held = all.reduce((sum, territory) => sum + territories.communesOf(territory).length, 0)
    expect([...holders.values()].reduce((sum, { size }) => sum + size, 0)).toBe(held)
  })
})

describe('the names under which communes are met', () => {
  const names = placeNamesOf(vintages, history, successors)
  const called = (name: string, departement: string) =>
    names
      .filter((place) => place.name === name && place.departement === departement)
      .map(({ commune, rank }) => `${commune}/${rank}`)

  it('are its own, those of its parts, and those it had', () => {
    expect(called('Rennes', '35')).toContain('35238/0')
    expect(called('Champtoceaux', '49')).toContain('49126/1')
    expect(called('Paris 12e Arrondissement', '75')).toContain('75056/1')
    expect(new Set(called('Pont-de-Metz', '80'))).toContain('80632/0')
    expect(called('Loisieux', '73').length).toBeGreaterThan(0)
  })

  it('lead to current communes only', () => {
    expect(names.filter(({ commune }) => !territories.byId(`commune:${commune}`))).toEqual([])
  })
})
