/** Values of the communes of one vintage on the geography of another: nothing is lost and nothing counted twice. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consolidate, type Cell, type Contribution } from '../../../core/observations/consolidate.ts'
import type { Territories, Territory } from '../../../core/territories/territory.ts'
import { communesOf } from '../../../core/territories/vintage.ts'
import { drawn } from './drawn.ts'

const { atlas, geography, vintages } = drawn()
const { current, years } = atlas
const on = (year: number): Territories => atlas.of(year) ?? expect.fail(`no vintage ${year}`)

const everywhere = new Set(current.ofTier('DEPARTEMENT').map(({ index }) => index))
const reach = { extent: everywhere, covered: everywhere }

/** The cells, by position, over the values of the communes of a vintage. */
function convert(year: number, valueOf: (commune: Territory) => number | undefined): ReadonlyMap<number, Cell> {
  const territories = on(year)
  const contributions = territories.ofTier('COMMUNE').flatMap((commune): readonly Contribution[] => {
    const value = valueOf(commune)
    const pieces = territories.piecesOf(commune)
    const { departement } = current.communeOf(pieces[0] ?? -1)
    return value === undefined ? [] : [{ contributor: commune.name, pieces, departement, value, state: 'REPORTED' }]
  })
  return new Map(consolidate(contributions, reach, geography).map((cell) => [cell.territory, cell]))
}

const sumOf = (cells: ReadonlyMap<number, Cell>, all: readonly Territory[]): number =>
  all.reduce((sum, { index }) => sum + (cells.get(index)?.value ?? 0), 0)

/** Each way to cut the country up in a vintage. */
function cutsOf(territories: Territories): readonly (readonly [string, readonly Territory[]])[] {
  const alone = territories.ofTier('COMMUNE').filter(({ epci }) => epci === -1)
  return [
    ['communes', territories.ofTier('COMMUNE')],
    ['EPCI and the communes without', [...territories.ofTier('EPCI'), ...alone]],
    ['départements', territories.ofTier('DEPARTEMENT')],
    ['régions', territories.ofTier('REGION')],
    ['nation', [territories.nation]],
  ]
}

function expectSameSums(cells: ReadonlyMap<number, Cell>, total: number): void {
  for (const year of years) {
    for (const [name, cut] of cutsOf(on(year))) expect(sumOf(cells, cut), `the ${name} of ${year}`).toBe(total)
  }
}

const populations = vintages.map(
  (vintage) => [vintage.year, new Map(communesOf(vintage).map(({ code, population }) => [code, population]))] as const,
)
const counted = new Map(
  populations.map(([year, population]) => [year, convert(year, ({ code }) => population.get(code))] as const),
)
const cellsOf = (year: number): ReadonlyMap<number, Cell> => counted.get(year) ?? expect.fail(`no vintage ${year}`)

describe('the population of a vintage on the geography of another', () => {
  it.each(populations)('of %i adds up to the same, to the unit, at every tier of every vintage', (year, population) => {
    const total = [...population.values()].reduce<number>((sum, inhabitants) => sum + (inhabitants ?? 0), 0)
    expect(total).toBeGreaterThan(60_000_000)
    expectSameSums(cellsOf(year), total)
  })

  it.each(populations)(
    'of %i is on its own geography as it was, and nothing of it is estimated',
    (year, population) => {
      const cells = cellsOf(year)
      for (const { code, index } of on(year).ofTier('COMMUNE')) {
        const { value, estimated } = cells.get(index) ?? { value: null, estimated: 0 }
        if (population.has(code) && (value !== (population.get(code) ?? 0) || estimated !== 0)) expect.fail(code)
      }
    },
  )

  it('is exact where communes merged: Fleurigné and La Chapelle-Janson', () => {
    const then = new Map(communesOf(vintages[0]!).map(({ code, population }) => [code, population ?? 0]))
    const merged = cellsOf(2019).get(on(2026).find('COMMUNE', '35062').territory.index)
    expect(merged).toMatchObject({ value: then.get('35062')! + then.get('35112')!, estimated: 0, sharedOut: [] })
  })

  it('is estimated, whole numbers by weight, where a commune was divided', () => {
    const then = new Map(communesOf(vintages[0]!).map(({ code, population }) => [code, population ?? 0]))
    const heirs = ['85084', '85165', '85212'].map((code) => cellsOf(2019).get(on(2026).byId(`commune:${code}`)!.index)!)
    expect(heirs.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBe(then.get('85084'))
    for (const { value, estimated, sharedOut } of heirs) {
      expect(Number.isInteger(value)).toBe(true)
      expect([estimated, sharedOut]).toEqual([value, ['Essarts en Bocage']])
    }
  })

  it('is estimated in no département, région or nation of any vintage', () => {
    for (const { year: from } of vintages) {
      for (const to of years) {
        for (const [name, cut] of cutsOf(on(to)).slice(2)) {
          const estimated = cut.filter(({ index }) => (cellsOf(from).get(index)?.estimated ?? 0) > 0)
          expect(estimated, `the ${name} of ${to}`).toEqual([])
        }
      }
    }
  })
})

describe('any additive measure', () => {
  it('adds up to the same, to the unit, at every tier of every vintage, whatever the communes of a vintage bring', () => {
    const draft = fc.record({
      year: fc.constantFrom(...years),
      values: fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 200 }),
      every: fc.integer({ min: 1, max: 7 }),
    })
    fc.assert(
      fc.property(draft, ({ year, values, every }) => {
        const valueOf = ({ index }: Territory) => (index % every === 0 ? values[index % values.length] : undefined)
        const total = on(year)
          .ofTier('COMMUNE')
          .reduce((sum, commune) => sum + (valueOf(commune) ?? 0), 0)
        expectSameSums(convert(year, valueOf), total)
      }),
      { numRuns: 6 },
    )
  })
})

describe('the parts of the EPCI that span a border', () => {
  const cells = cellsOf(2026)
  const partsOf = (territories: Territories) =>
    territories.ofTier('GROUPING').filter(({ kind }) => kind === 'EPCI_PART')

  it.each(years)('add up on the geography of %i to the EPCI, by département and by région', (year) => {
    const territories = on(year)
    const byEpci = Map.groupBy(
      partsOf(territories),
      ({ epci, departement }) => `${epci} ${departement === -1 ? 'région' : 'département'}`,
    )
    expect(byEpci.size).toBe((year < 2024 ? 90 : 89) + 26)
    for (const [key, parts] of byEpci) {
      expect(sumOf(cells, parts), key).toBe(cells.get(Number.parseInt(key))?.value)
    }
  })

  it.each(years)(
    'add up in %i, with the EPCI within and the communes without, to each département and région',
    (year) => {
      const territories = on(year)
      for (const link of ['departement', 'region'] as const) {
        const parts = new Map(
          partsOf(territories)
            .filter(({ departement }) => (link === 'departement') === (departement !== -1))
            .map((part) => [`${part.epci} ${part[link]}`, part]),
        )
        for (const holder of territories.ofTier(link === 'departement' ? 'DEPARTEMENT' : 'REGION')) {
          const communes = territories.communesOf(holder)
          const epcis = new Set(communes.map(({ epci }) => epci).filter((epci) => epci !== -1))
          const held = [...epcis].map((epci) => parts.get(`${epci} ${holder.index}`) ?? territories.at(epci))
          const alone = communes.filter(({ epci }) => epci === -1)
          expect(sumOf(cells, [...held, ...alone]), holder.id).toBe(cells.get(holder.index)?.value ?? 0)
        }
      }
    },
  )
})
