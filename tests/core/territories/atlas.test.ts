import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { atlasOf, openAtlas } from '../../../core/territories/atlas.ts'
import { COMMUNES_WITHOUT_EPCI, groupingIncludes } from '../../../core/territories/cog.ts'
import { departementsOf } from '../../../core/territories/geography.ts'
import { GROUPINGS } from '../../../core/territories/groupings.ts'
import type { Territories, Territory } from '../../../core/territories/territory.ts'
import { drawn } from './drawn.ts'

const { atlas, rows, geography, pieces } = drawn()
const { current } = atlas
const overseas = ['975', '977', '978', '984', '986', '987', '988', '989']
const on = (year: number): Territories => atlas.of(year) ?? expect.fail(`no vintage ${year}`)
const everyVintage = atlas.years.map((year) => [year, on(year)] as const)
const at = (year: number, id: string): Territory => on(year).byId(id) ?? expect.fail(`no ${id} in ${year}`)

/** How many of the links of an EPCI's communes differ: its départements, or its régions. */
const reach = (territories: Territories, epci: Territory, link: 'departement' | 'region'): number =>
  new Set(territories.communesOf(epci).map((commune) => commune[link])).size

describe('the vintages side by side', () => {
  it('are 2019 to 2026, the newest being the current one, whose EPCI are of 2025', () => {
    expect(atlas.years).toEqual([2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026])
    expect([current.vintage, current.epciAsOf]).toEqual([2026, 2025])
    expect(everyVintage.map(([, { vintage }]) => vintage)).toEqual(atlas.years)
    expect(atlas.years.slice(0, -1).map((year) => on(year).epciAsOf)).toEqual(atlas.years.slice(0, -1))
    expect(atlas.of(2018)).toBeUndefined()
  })

  it.each(everyVintage)(
    'have in %i 101 départements, 18 régions, 8 collectivities at both, and one nation',
    (_, all) => {
      expect(all.ofTier('NATION')).toHaveLength(1)
      for (const [tier, own] of [
        ['DEPARTEMENT', 101],
        ['REGION', 18],
      ] as const) {
        const kinds = Map.groupBy(all.ofTier(tier), ({ kind }) => kind)
        expect(kinds.get(tier)).toHaveLength(own)
        expect(kinds.get('COLLECTIVITE_OUTRE_MER')?.map(({ code }) => code)).toEqual(overseas)
        expect(kinds.size).toBe(2)
      }
    },
  )

  it('have as many EPCI as the packages', () => {
    expect(everyVintage.map(([, all]) => all.ofTier('EPCI').length)).toEqual([
      1259, 1255, 1254, 1255, 1255, 1255, 1255, 1255,
    ])
    expect(current.ofTier('COMMUNE')).toHaveLength(34_969)
  })

  it.each(everyVintage)(
    'put in %i every commune in exactly one département and one région, that of its département',
    (_, all) => {
      const communes = all.ofTier('COMMUNE')
      const astray = communes.filter(({ departement, region }) => {
        const above = all.at(departement)
        return above.tier !== 'DEPARTEMENT' || all.at(region).tier !== 'REGION' || above.region !== region
      })
      expect(astray).toEqual([])
      for (const tier of ['DEPARTEMENT', 'REGION'] as const) {
        const held = all.ofTier(tier).flatMap((territory) => all.communesOf(territory))
        expect(held).toHaveLength(communes.length)
        expect(new Set(held).size).toBe(communes.length)
      }
    },
  )

  it.each(everyVintage)(
    'put in %i every commune in at most one EPCI, and leave out only islands and collectivities',
    (_, all) => {
      const held = all.ofTier('EPCI').flatMap((epci) => all.communesOf(epci))
      expect(new Set(held).size).toBe(held.length)
      const without = all.ofTier('COMMUNE').filter(({ epci }) => epci === -1)
      expect(held.length + without.length).toBe(all.ofTier('COMMUNE').length)
      const [islands = [], others = []] = [true, false].map((isIn) =>
        without.filter(({ departement }) => (all.at(departement).kind === 'DEPARTEMENT') === isIn),
      )
      expect(islands.map(({ code }) => code)).toEqual(Object.keys(COMMUNES_WITHOUT_EPCI))
      const collectivities = new Set(others.map(({ departement }) => all.at(departement).code))
      expect([...collectivities].toSorted()).toEqual(overseas)
      expect(all.ofTier('EPCI').filter((epci) => all.communesOf(epci).length < 2)).toEqual([])
    },
  )

  it('have no name with a character lost, in EPCI, parts and former codes', () => {
    const names = everyVintage.flatMap(([, all]) =>
      all.all.flatMap((one) => [one.name, ...all.aliasesOf(one).map(({ name }) => name)]),
    )
    expect(names.filter((name) => name.includes('?'))).toEqual([])
    const epci = everyVintage.find(([year]) => year === 2021)?.[1].byId('epci:200090579')
    expect(epci?.name).toBe("CC Terre d'Emeraude Communauté")
  })

  it('let 90 EPCI span several départements until 2023 and 89 since, and 26 span several régions', () => {
    const spanning = (link: 'departement' | 'region') =>
      everyVintage.map(([, all]) => all.ofTier('EPCI').filter((epci) => reach(all, epci, link) > 1).length)
    expect(spanning('departement')).toEqual([90, 90, 90, 90, 90, 89, 89, 89])
    expect(spanning('region')).toEqual([26, 26, 26, 26, 26, 26, 26, 26])
  })

  it.each(everyVintage)('give in %i each position and each id one territory, each tier in code order', (_, all) => {
    expect(new Set(all.all.map(({ id }) => id)).size).toBe(all.all.length)
    expect(new Set(all.all.map(({ index }) => index)).size).toBe(all.all.length)
    for (const tier of ['COMMUNE', 'EPCI', 'DEPARTEMENT', 'REGION'] as const) {
      const codes = all.ofTier(tier).map(({ code }) => code)
      expect(codes).toEqual(codes.toSorted((left, right) => (left < right ? -1 : 1)))
    }
  })

  it.each(everyVintage)(
    'let in %i every piece stand in one commune, and the territories hold the pieces of theirs',
    (_, all) => {
      const held = all.ofTier('COMMUNE').flatMap((commune) => all.piecesOf(commune))
      expect(held.toSorted((a, b) => a - b)).toEqual(pieces.all.map(({ index }) => index))
      expect(all.piecesOf(all.nation)).toHaveLength(pieces.all.length)
    },
  )

  it('keep a department on the same ground in all of them', () => {
    for (const { index, id } of current.ofTier('DEPARTEMENT')) {
      expect(new Set(everyVintage.map(([year]) => at(year, id).index))).toEqual(new Set([index]))
    }
  })
})

describe('the position of a territory', () => {
  const position = (year: number, id: string) => at(year, id).index

  it.each([
    ['commune:49069', 2019, 'commune:49126', 2026],
    ['commune:27676', 2020, 'commune:27058', 2022],
    ['commune:27676', 2020, 'commune:27676', 2026],
  ])('is that of its ground: %s of %i is %s of %i', (before, then, after, now) => {
    expect(position(then, before)).toBe(position(now, after))
  })

  it.each([
    ['commune:35062', 2023, 2026, 'Fleurigné joined it'],
    ['commune:85084', 2023, 2026, 'two parts left it'],
    ['commune:60054', 2023, 2026, 'two parts left it'],
  ])('is another when the ground is: %s of %i and of %i, since %s', (id, then, now) => {
    expect(position(then, id)).not.toBe(position(now, id))
  })

  it('means the same ground in every vintage, and within a tier no other position does', () => {
    const grounds = new Map<number, string>()
    for (const [, all] of everyVintage) {
      const seen = new Set<string>()
      for (const territory of all.all) {
        if (territory.tier === 'GROUPING') continue
        const ground = `${territory.tier} ${all.piecesOf(territory).join()}`
        if ((grounds.get(territory.index) ?? ground) !== ground || seen.has(ground)) expect.fail(territory.id)
        grounds.set(territory.index, ground)
        seen.add(ground)
      }
    }
    expect(new Set(grounds.values()).size).toBe(grounds.size)
  })

  it('starts with the newest vintage, whose territories have the first ones', () => {
    expect(current.all.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(
      current.all.map((_, index) => index),
    )
  })

  it('leads to the newest vintage that has it', () => {
    expect(atlas.newestWith(position(2019, 'commune:35112')).vintage).toBe(2023)
    expect(atlas.newestWith(position(2019, 'commune:35238')).vintage).toBe(2026)
    expect(() => atlas.newestWith(1e9)).toThrow(RangeError)
  })
})

describe('the rows of an atlas', () => {
  it('tell what did not change once, and give the atlas back', () => {
    expect(rows.territories.filter(({ id }) => id === 'commune:35238')).toHaveLength(1)
    expect(rows.territories.length).toBeLessThan(current.all.length * 1.1)
    const again = openAtlas(JSON.parse(JSON.stringify(rows)))
    expect(again.of(2019)?.all).toEqual(on(2019).all)
  })

  it('need a vintage', () => {
    expect(() => openAtlas({ vintages: [], territories: [], grounds: [], aliases: [] })).toThrow(RangeError)
  })

  it('can be of one vintage alone', () => {
    const one = atlasOf(current)
    expect([one.years, one.current, one.of(2026), one.of(2025)]).toEqual([[2026], current, current, undefined])
  })

  it('cost, all eight vintages opened, less than 120 MB', () => {
    const script = join(import.meta.dirname, 'measureAtlas.ts')
    const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' })
    const megabytes = Number(stdout)
    console.log(`the atlas of eight vintages: ${megabytes} MB`)
    expect(megabytes, stderr).toBeGreaterThan(20)
    expect(megabytes).toBeLessThan(120)
  })
})

describe('the members of a territory', () => {
  it('are those of its département, its EPCI, its académie', () => {
    expect(current.communesOf(at(2026, 'departement:35'))).toHaveLength(332)
    expect(on(2023).communesOf(at(2023, 'departement:35'))).toHaveLength(333)
    expect(departementsOf(current, at(2026, 'epci:243500741'))).toEqual(['35', '44', '56'])
    expect(departementsOf(current, at(2026, 'region:53'))).toEqual(['22', '29', '35', '56'])
    expect(departementsOf(current, at(2026, 'commune:35238'))).toEqual(['35'])
    expect(current.communesOf(at(2026, 'grouping:academie-14'))).toEqual(current.communesOf(at(2026, 'region:53')))
  })

  it('change with the perimeter', () => {
    const members = (year: number) => on(year).communesOf(at(year, 'epci:200068989')).length
    expect(atlas.years.map(members).every((count) => count > 1)).toBe(true)
    const gone = on(2019)
      .ofTier('EPCI')
      .filter(({ id }) => current.byId(id) === undefined)
    expect(gone.length).toBeGreaterThan(5)
  })
})

describe('the parts of the EPCI that span a border', () => {
  it.each(everyVintage)(
    'are in %i one for each département, and one for each région, and together the EPCI',
    (_, all) => {
      const parts = Map.groupBy(
        all.ofTier('GROUPING').filter(({ kind }) => kind === 'EPCI_PART'),
        ({ epci, departement }) => `${epci} ${departement === -1 ? 'region' : 'departement'}`,
      )
      for (const epci of all.ofTier('EPCI')) {
        for (const link of ['departement', 'region'] as const) {
          const count = reach(all, epci, link)
          const own = parts.get(`${epci.index} ${link}`) ?? []
          expect(own.length, `${epci.id} ${link}`).toBe(count > 1 ? count : 0)
          if (own.length === 0) continue
          const together = own.flatMap((part) => all.communesOf(part)).map(({ id }) => id)
          expect(together.toSorted()).toEqual(
            all
              .communesOf(epci)
              .map(({ id }) => id)
              .toSorted(),
          )
        }
      }
    },
  )

  it('are groupings named after both', () => {
    expect(current.byId('grouping:epci-243500741-departement-35')).toMatchObject({
      kind: 'EPCI_PART',
      name: 'CA Redon Agglomération (partie Ille-et-Vilaine)',
    })
  })
})

describe('the groupings', () => {
  const codesOf = (grouping: string) =>
    current
      .ofTier('DEPARTEMENT')
      .map(({ code }) => code)
      .filter((code) => groupingIncludes(grouping, code))

  it('know the départements of an académie and of the published tables', () => {
    expect(codesOf('academie-14')).toEqual(['22', '29', '35', '56'])
    expect(codesOf('depp-france')).toHaveLength(103)
    expect(codesOf('depp-drom')).toEqual(['971', '972', '973', '974', '976', '977', '978'])
    expect(codesOf('metropole')).toHaveLength(96)
    expect(codesOf('drom')).toHaveLength(5)
    expect(groupingIncludes('academie-99', '35')).toBe(false)
  })

  it('put every département and collectivity in exactly one académie or vice-rectorat, but 984 and 989, where nobody lives', () => {
    const academies = GROUPINGS.filter(({ kind }) => kind === 'ACADEMIE')
    const astray = current
      .ofTier('DEPARTEMENT')
      .map(({ code }) => code)
      .filter((code) => academies.filter(({ includes }) => includes(code)).length !== 1)
    expect(astray).toEqual(['984', '989'])
  })

  it.each([
    ['academie-14', 'Académie de Rennes'],
    ['academie-02', "Académie d'Aix-Marseille"],
    ['academie-28', 'Académie de La Réunion'],
    ['academie-18', "Académie d'Orléans-Tours"],
  ])('are named as people write them: %s is "%s"', (code, name) => {
    expect(current.byId(`grouping:${code}`)?.name).toBe(name)
  })
})

describe('the geography that adding up uses', () => {
  const pieceOf = (year: number, id: string) => on(year).piecesOf(at(year, id))[0] ?? -1
  const idsOf = (positions: readonly number[]) =>
    positions.map((position) => atlas.newestWith(position)).map((all, index) => all.at(positions[index] ?? -1).id)

  it('lets a piece be held by its commune, EPCI, département, région, nation and groupings', () => {
    const rennes = pieceOf(2026, 'commune:35238')
    const above = [
      'departement:35',
      'region:53',
      'nation:FR',
      'grouping:metropole',
      'grouping:depp-france',
      'grouping:academie-14',
    ]
    const held = idsOf(geography.holdersOf(rennes))
    expect(held).toEqual(expect.arrayContaining(['commune:35238', 'epci:243500139', ...above]))
    expect(new Set(held).size).toBe(held.length)
    expect(idsOf(geography.holdersOfDepartement(geography.departementOf(rennes)))).toEqual(above)
  })

  it('lets it be held by the communes of every vintage that stood on it', () => {
    const fleurigne = geography.holdersOf(pieceOf(2019, 'commune:35112'))
    expect(fleurigne).toContain(at(2019, 'commune:35112').index)
    expect(fleurigne).toContain(at(2026, 'commune:35062').index)
    expect(fleurigne).not.toContain(at(2019, 'commune:35062').index)
  })

  it('agrees with the ground of every territory of every vintage', () => {
    const wanted = new Map<number, readonly number[]>()
    for (const [, all] of everyVintage) {
      for (const territory of all.all) wanted.set(territory.index, all.piecesOf(territory))
    }
    const found = new Map<number, number[]>([...wanted.keys()].map((index) => [index, []]))
    for (const { index } of pieces.all) {
      for (const holder of geography.holdersOf(index)) found.get(holder)?.push(index)
    }
    const wrong = [...wanted].filter(([index, ground]) => found.get(index)?.join() !== ground.join())
    expect(idsOf(wrong.map(([index]) => index))).toEqual([])
  })

  it('counts in every territory each of its communes once, in the newest vintage that has it', () => {
    const counts = new Map<number, number>()
    for (const { holders } of geography.counted) {
      for (const holder of holders) counts.set(holder, (counts.get(holder) ?? 0) + 1)
    }
    for (const [, all] of everyVintage) {
      for (const territory of all.all) {
        const newest = atlas.newestWith(territory.index)
        const expected = newest.communesOf(newest.at(territory.index)).length
        if (counts.get(territory.index) !== (expected === 0 ? undefined : expected)) expect.fail(territory.id)
      }
    }
  })
})
