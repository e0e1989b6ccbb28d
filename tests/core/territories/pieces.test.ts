import { beforeAll, describe, expect, it } from 'vitest'
import type { Chronicle, Stay } from '../../../core/territories/lineage.ts'
import { piecesOf, weigh, type Pieces } from '../../../core/territories/pieces.ts'
import { communesOf, type Vintage } from '../../../core/territories/vintage.ts'
import { censusesOf } from '../../../pipeline/sources/cog.ts'
import { embeddedCog } from './embedded.ts'

const stay = (lineage: number, commune: string, from: string, until: string | null): Stay => ({
  lineage,
  code: commune,
  name: commune,
  standing: 'COMMUNE',
  from,
  until,
  commune,
})
const chronicle = (...stays: readonly Stay[]): Chronicle => ({ stays, communes: [], arrondissements: [] })

describe('the pieces of the ground', () => {
  // 0 and 1 were one commune in 2019, 1 and 2 are one in 2021; 3 joined 2 long before; 4 ended before.
  const small = chronicle(
    stay(0, '01001', '1943-01-01', null),
    stay(1, '01001', '1943-01-01', '2020-01-01'),
    stay(1, '01002', '2020-01-01', null),
    stay(2, '01002', '1943-01-01', null),
    stay(3, '01003', '1943-01-01', '1990-01-01'),
    stay(3, '01002', '1990-01-01', null),
    stay(4, '01009', '1943-01-01', '1990-01-01'),
  )
  const census = (year: number, vintage: number, population: Readonly<Record<string, number>>) => ({
    year,
    vintage,
    population: new Map(Object.entries(population)),
  })

  it('are what no vintage divides: who stood together in all of them is one piece', () => {
    const { all, ofLineage } = piecesOf(small, [2019, 2021], [])
    expect(all.map(({ communes }) => communes)).toEqual([
      ['01001', '01001'],
      ['01001', '01002'],
      ['01002', '01002'],
    ])
    expect([...ofLineage]).toEqual([0, 1, 2, 2, -1])
  })

  it('are one for each commune of a single vintage', () => {
    expect(piecesOf(small, [2021], []).all.map(({ communes }) => communes)).toEqual([['01001'], ['01002']])
  })

  it('were counted on their own where they were the whole of a commune', () => {
    const censuses = [
      census(2016, 2019, { '01001': 100, '01002': 30 }),
      census(2018, 2021, { '01001': 70, '01002': 70 }),
    ]
    const { all } = piecesOf(small, [2019, 2021], censuses)
    expect(all.map(({ populations }) => populations)).toEqual([
      [{ inhabitants: 70, year: 2018 }],
      [],
      [{ inhabitants: 30, year: 2016 }],
    ])
    expect(weigh(all.slice(0, 1))).toEqual({ shares: [1], inhabitants: [70], year: 2018 })
    expect(weigh(all)).toBeUndefined()
  })

  it('are weighed at the newest census that counted all of them, else each at its newest', () => {
    const piece = (index: number, ...populations: readonly (readonly [number, number])[]) => ({
      index,
      communes: [],
      populations: populations.map(([year, inhabitants]) => ({ year, inhabitants })),
    })
    const both = [piece(0, [2023, 90], [2016, 30]), piece(1, [2016, 10])]
    expect(weigh(both)).toEqual({ shares: [0.75, 0.25], inhabitants: [30, 10], year: 2016 })
    const apart = [piece(0, [2023, 90]), piece(1, [2016, 10])]
    expect(weigh(apart)).toEqual({ shares: [0.9, 0.1], inhabitants: [90, 10], year: null })
    expect(weigh([piece(0, [2023, 0]), piece(1, [2023, 0])])).toBeUndefined()
  })
})

describe('the pieces of the embedded vintages', () => {
  let vintages: readonly Vintage[]
  let pieces: Pieces
  beforeAll(() => {
    const cog = embeddedCog()
    vintages = cog.vintages
    pieces = piecesOf(
      cog.chronicle,
      vintages.map(({ year }) => year),
      censusesOf(vintages),
    )
  })

  it('are 35,072, hardly more than there are communes', () => {
    expect(pieces.all).toHaveLength(35_072)
    expect(pieces.all.map(({ index }) => index)).toEqual(pieces.all.map((_, position) => position))
  })

  it('make up every commune of every vintage, and nothing else', () => {
    for (const [position, vintage] of vintages.entries()) {
      const held = new Set(pieces.all.map(({ communes }) => communes[position]))
      expect(held).toEqual(new Set(communesOf(vintage).map(({ code }) => code)))
    }
  })

  it('can be weighed wherever a commune of any vintage has several, by shares that add up to 1', () => {
    let weighed = 0
    for (const [position, { year }] of vintages.entries()) {
      const several = [...Map.groupBy(pieces.all, ({ communes }) => communes[position])].filter(
        ([, parts]) => parts.length > 1,
      )
      for (const [code, parts] of several) {
        const weights = weigh(parts)
        if (weights === undefined) expect.fail(`${code} of ${year} cannot be weighed`)
        expect(weights.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
        weighed += 1
      }
    }
    expect(weighed).toBeGreaterThan(200)
  })

  it('give 85084 of 2023 to its three heirs by the census of 2023, at which each was counted', () => {
    const parts = pieces.all.filter(({ communes }) => communes[pieces.years.indexOf(2023)] === '85084')
    expect(parts.map(({ communes }) => communes.at(-1))).toEqual(['85084', '85165', '85212'])
    expect(weigh(parts)?.year).toBe(2023)
  })
})

describe('the populations of the first vintage', () => {
  const first = embeddedCog().vintages[0]!
  const populationOf = (code: string) =>
    communesOf(first).find((commune) => commune.code === code && commune.type === 'commune-actuelle')?.population

  it('leave out a commune that took others in during 2018: the package gives that of one of its parts', () => {
    // Valserhône (01033) is of 1 January 2019: Bellegarde alone had 11,666 inhabitants of its 16,000.
    expect(populationOf('01033')).toBeUndefined()
    expect(populationOf('60054')).toBeUndefined()
    expect(populationOf('17340')).toBeUndefined()
    expect(populationOf('35238')).toBe(216_268)
  })
})
