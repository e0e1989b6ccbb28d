import { describe, expect, it } from 'vitest'
import { StratesError, type ErrorFacts } from '../../../core/observations/error.ts'
import type { Tier } from '../../../core/territories/code.ts'
import { FORMER_REGIONS } from '../../../core/territories/facts.ts'
import type { Territories } from '../../../core/territories/territory.ts'
import { drawn } from './drawn.ts'

const { atlas, rows, vintages } = drawn()
const { current } = atlas
const on = (year: number): Territories => atlas.of(year) ?? expect.fail(`no vintage ${year}`)

function refusal(act: () => unknown): ErrorFacts {
  try {
    act()
  } catch (error) {
    if (error instanceof StratesError) return error.facts
    throw error
  }
  return expect.fail('nothing was refused')
}

/** The codes that a code leads to: its own or another, or those of its heirs. */
function leadsTo(territories: Territories, tier: Tier, code: string): readonly string[] {
  try {
    return [territories.find(tier, code).territory.code]
  } catch (error) {
    if (!(error instanceof StratesError) || error.code !== 'TERRITORY_DIVIDED') throw error
    return error.facts.details?.['heirs'] as readonly string[]
  }
}

describe('finding a territory by code', () => {
  it('takes spellings of official files', () => {
    expect(current.find('DEPARTEMENT', '02A').territory.id).toBe('departement:2A')
    expect(current.find('COMMUNE', ' 2a004 ').territory.name).toBe('Ajaccio')
    expect(current.find('COMMUNE', '35238').resolvedFrom).toBeNull()
  })

  it.each([
    ['75112', '75056', 'ARRONDISSEMENT_MUNICIPAL', 'Paris 12e Arrondissement'],
    ['49069', '49126', 'COMMUNE_DELEGUEE', 'Champtoceaux'],
    ['93059', '93066', 'COMMUNE_DELEGUEE', 'Pierrefitte-sur-Seine'],
    ['75059', '93066', 'FORMER_COMMUNE', 'Pierrefitte-sur-Seine'],
    ['02077', '02564', 'FORMER_COMMUNE', 'Berzy-le-Sec'],
    ['27058', '27676', 'FORMER_COMMUNE', 'Bernières-sur-Seine'],
    ['60455', '60694', 'COMMUNE_DELEGUEE', 'La Neuville-Garnier'],
    ['35112', '35062', 'COMMUNE_DELEGUEE', 'Fleurigné'],
    ['14697', '14654', 'FORMER_COMMUNE', "L'Oudon"],
    ['14513', '50592', 'FORMER_COMMUNE', 'Pont-Farcy'],
    ['50649', '50592', 'FORMER_COMMUNE', 'Pont-Farcy'],
    ['20004', '2A004', 'FORMER_COMMUNE', 'Ajaccio'],
    ['97123', '97701', 'FORMER_COMMUNE', 'Saint-Barthélemy'],
    ['97127', '97801', 'FORMER_COMMUNE', 'Saint-Martin'],
    ['98511', '97611', 'FORMER_COMMUNE', 'Mamoudzou'],
  ])('carries %s to %s and says that it was a %s', (code, today, kind, name) => {
    const { territory, resolvedFrom } = current.find('COMMUNE', code)
    expect(territory.code).toBe(today)
    expect(resolvedFrom).toMatchObject({ tier: 'COMMUNE', code, name, kind, leadsTo: today })
    expect(current.aliasesOf(territory)).toContain(resolvedFrom)
  })

  it.each([
    ['49126', 2019, '49069'],
    ['27676', 2022, '27058'],
    ['85165', 2023, '85084'],
    ['93059', 2024, '93059'],
    ['49069', 2024, '49069'],
    ['97123', 2019, '97701'],
    ['50649', 2019, '50592'],
  ])('answers for %s in %i with %s, as it was then', (code, year, then) => {
    expect(on(year).find('COMMUNE', code).territory.code).toBe(then)
  })

  it.each([
    ['77362', ['77066', '77444'], /Pierrelez.*Cerneux \(77066\), Sancy-lès-Provins \(77444\)/],
    ['45117', ['45093', '45313'], /Creusy/],
  ])('refuses %s, the ground of which several communes have, and names them', (code, heirs, says) => {
    const facts = refusal(() => current.find('COMMUNE', code))
    expect(facts).toMatchObject({ code: 'TERRITORY_DIVIDED', details: { heirs, geography: 2026 } })
    expect(`${facts.on} ${facts.expected}`).toMatch(says)
  })

  it('keeps the code of a commune that was divided and went on', () => {
    for (const code of ['85084', '15141', '60054']) expect(current.find('COMMUNE', code).territory.code).toBe(code)
  })

  it('refuses a well-formed code that nobody ever had, and says of which COG', () => {
    expect(refusal(() => current.find('COMMUNE', '75100'))).toMatchObject({
      code: 'UNKNOWN_TERRITORY',
      on: 'code "75100"',
      expected: 'a code of the COG 2026, or one that a territory had before',
    })
    expect(refusal(() => current.find('EPCI', '552100554')).code).toBe('UNKNOWN_TERRITORY')
    expect(refusal(() => on(2019).find('REGION', '99')).expected).toMatch(/COG 2019/)
  })

  it('refuses a malformed code before looking', () => {
    expect(refusal(() => current.find('COMMUNE', '1001')).code).toBe('INVALID_CODE')
  })
})

describe('every code of every vintage', () => {
  const codes = [...new Set(vintages.flatMap(({ communes }) => communes.map(({ code }) => code)))].toSorted()
  const sirens = [...new Set(vintages.flatMap(({ epci }) => epci.map(({ code }) => code)))].toSorted()

  it.each(atlas.years)('of a commune, arrondissement or part leads to one of %i, or names its heirs there', (year) => {
    const territories = on(year)
    const lost = codes.filter((code) => {
      const heirs = leadsTo(territories, 'COMMUNE', code)
      return heirs.length === 0 || heirs.some((heir) => territories.byId(`commune:${heir}`) === undefined)
    })
    expect(lost).toEqual([])
  })

  it.each(atlas.years)('of an EPCI leads to one of %i, or names its heirs there', (year) => {
    const territories = on(year)
    const lost = sirens.filter((siren) => {
      const heirs = leadsTo(territories, 'EPCI', siren)
      return heirs.length === 0 || heirs.some((heir) => territories.byId(`epci:${heir}`) === undefined)
    })
    expect(lost).toEqual([])
  })

  it('leads where its ground is', () => {
    for (const year of atlas.years) {
      const then = on(year)
      for (const commune of then.ofTier('COMMUNE')) {
        const heirs = new Set(then.piecesOf(commune).map((piece) => current.communeOf(piece).code))
        const found = leadsTo(current, 'COMMUNE', commune.code)
        // A commune that went on under its code is found alone, though others may have taken parts of its ground.
        const isOwn = found.length === 1 && found[0] === commune.code
        const isKnown = isOwn || found.every((code) => heirs.has(code))
        if (!isKnown) expect.fail(`${commune.code} of ${year}: ${found.join()} and not ${[...heirs].join()}`)
      }
    }
  })
})

describe('the EPCI that are no more', () => {
  it('lead to the one that has their whole ground, or name those that share it', () => {
    const gone = on(2019)
      .ofTier('EPCI')
      .filter(({ id }) => current.byId(id) === undefined)
    const found = gone.map((epci) => ({ epci, heirs: leadsTo(current, 'EPCI', epci.code) }))
    expect(found.filter(({ heirs }) => heirs.length === 1).length).toBeGreaterThan(0)
    for (const { epci, heirs } of found) {
      const holders = new Set(
        on(2019)
          .piecesOf(epci)
          .map((piece) => current.communeOf(piece).epci)
          .filter((position) => position !== -1),
      )
      expect(heirs).toEqual([...holders].map((position) => current.at(position).code).toSorted())
    }
  })

  it('say by which name they went', () => {
    const [alias] = rows.aliases.filter(({ tier, last }) => tier === 'EPCI' && last === 2026)
    expect(alias).toMatchObject({ kind: 'FORMER_EPCI', tier: 'EPCI' })
    expect(alias?.name).toMatch(/^C[CAU] /)
  })

  it('also answer in the years before there were any', () => {
    const young = current.ofTier('EPCI').find(({ id }) => on(2019).byId(id) === undefined)
    expect(leadsTo(on(2019), 'EPCI', young?.code ?? '').length).toBeGreaterThan(0)
  })
})

describe('the départements and régions that are no more', () => {
  it.each(FORMER_REGIONS.map(({ from, name, to }) => [from, name, to[0]] as const))(
    'lead to those of today: %s, %s',
    (code, name, today) => {
      const { territory, resolvedFrom } = current.find('REGION', code)
      expect([territory.code, resolvedFrom?.name, resolvedFrom?.kind]).toEqual([today, name, 'FORMER_REGION'])
    },
  )

  it('are sixteen régions, Mayotte under 985, and Corse under 20, which two share', () => {
    expect(FORMER_REGIONS).toHaveLength(16)
    expect(current.find('DEPARTEMENT', '985').territory.id).toBe('departement:976')
    expect(refusal(() => current.find('DEPARTEMENT', '20'))).toMatchObject({
      code: 'TERRITORY_DIVIDED',
      details: { heirs: ['2A', '2B'] },
    })
    expect(current.find('DEPARTEMENT', '75').resolvedFrom).toBeNull()
  })
})

describe('an alias', () => {
  it.each(atlas.years)('is in %i no code of a territory, and leads to one, each way once', (year) => {
    const territories = on(year)
    const held = rows.aliases.filter(({ first, last }) => first <= year && year <= last)
    const idOf = (tier: Tier, code: string) => `${tier.toLowerCase()}:${code}`
    const wrong = held.filter(
      ({ tier, code, leadsTo: to }) => territories.byId(idOf(tier, code)) || !territories.byId(idOf(tier, to)),
    )
    expect(wrong).toEqual([])
    expect(new Set(held.map(({ tier, code, leadsTo: to }) => `${tier} ${code} ${to}`)).size).toBe(held.length)
  })

  it('is among those of its territory unless several share it', () => {
    const aliases = (id: string) => current.aliasesOf(current.byId(id) ?? current.nation).map(({ code }) => code)
    expect(aliases('commune:75056')).toHaveLength(20)
    expect(aliases('commune:77066')).not.toContain('77362')
    expect(aliases('departement:976')).toEqual(['985'])
    expect(aliases('region:75').toSorted()).toEqual(['54', '72', '74'])
  })
})
