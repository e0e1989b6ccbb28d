import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Cell,
  consolidate,
  type Contribution,
  type Geography,
  type Reach,
} from '../../../core/observations/consolidate.ts'
import { isAbsent } from '../../../core/observations/status.ts'
import { type Place, type World, worlds } from './world.ts'

const cellsOf = ({ contributions, reach, geography }: World): ReadonlyMap<number, Cell> =>
  new Map(consolidate(contributions, reach, geography).map((cell) => [cell.territory, cell]))

const missingIn = ({ expected, reported, suppressed }: Cell): number => expected - reported - suppressed

/** The contributions that belong to a place as a whole: all on its ground, or in a département it contains. */
const wholeIn = ({ pieces, departements }: Place, contributions: readonly Contribution[]): readonly Contribution[] =>
  contributions.filter((contribution) =>
    contribution.pieces.length === 0
      ? departements.includes(contribution.departement)
      : contribution.pieces.every((piece) => pieces.includes(piece)),
  )

/** Those of which only a part stands in a place. */
const partlyIn = ({ pieces }: Place, contributions: readonly Contribution[]): readonly Contribution[] =>
  contributions.filter(
    (contribution) =>
      contribution.pieces.some((piece) => pieces.includes(piece)) &&
      !contribution.pieces.every((piece) => pieces.includes(piece)),
  )

const totalOf = (contributions: readonly Contribution[]): number =>
  contributions.reduce((sum, { value }) => sum + (value ?? 0), 0)

describe('consolidating contributions over any geography', () => {
  it('gives every tier the sum over its communes and of the contributors that found none, to the unit', () => {
    fc.assert(
      fc.property(worlds({ splits: true }), (world) => {
        const cells = cellsOf(world)
        for (const place of world.places) {
          const cell = cells.get(place.index)
          if (cell === undefined || cell.value === null) continue
          const members = place.communes.reduce((sum, commune) => sum + (cells.get(commune)?.value ?? 0), 0)
          const strays = place.departements.reduce((sum, index) => sum + (cells.get(index)?.notLocatedValue ?? 0), 0)
          expect(cell.value).toBe(members + strays)
        }
      }),
    )
  })

  it('counts in a territory everyone who stands in it, whole or with a part, as one', () => {
    fc.assert(
      fc.property(worlds({ splits: true, whole: true }), (world) => {
        const cells = cellsOf(world)
        for (const place of world.places) {
          const open = world.contributions.filter(({ state }) => state === 'REPORTED')
          const [inside, across] = [wholeIn(place, open), partlyIn(place, open)]
          const { value = 0, reported = 0, estimated = 0, sharedOut = [] } = cells.get(place.index) ?? {}
          expect(reported).toBe(inside.length + across.length)
          expect((value ?? 0) - estimated).toBe(totalOf(inside))
          expect(sharedOut).toEqual(across.map(({ contributor }) => contributor).toSorted())
        }
      }),
    )
  })

  it('has a value exactly where the status carries one, and never a 0 for those who did not report', () => {
    fc.assert(
      fc.property(worlds({ splits: true }), (world) => {
        for (const cell of cellsOf(world).values()) {
          expect(cell.value === null).toBe(isAbsent(cell.status))
          if (cell.expected > 0 && cell.reported === 0) expect(cell.value).toBeNull()
        }
      }),
    )
  })

  it('counts everyone expected once: reported, missing or suppressed', () => {
    fc.assert(
      fc.property(worlds({ splits: true }), (world) => {
        for (const cell of cellsOf(world).values()) {
          expect([cell.reported, cell.suppressed, missingIn(cell)].every((count) => count >= 0)).toBe(true)
          expect(cell.share).toBeGreaterThanOrEqual(0)
          expect(cell.share).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('is PARTIAL exactly where some of those expected reported and some did not', () => {
    fc.assert(
      fc.property(worlds({ strays: false }), (world) => {
        for (const cell of cellsOf(world).values()) {
          const some = cell.reported > 0 && cell.reported < cell.expected
          expect(cell.status === 'PARTIAL').toBe(some)
        }
      }),
    )
  })

  it('is null with the reason NOT_PUBLISHED at every tier where all are missing', () => {
    fc.assert(
      fc.property(worlds({ states: ['MISSING'], whole: true }), (world) => {
        const cells = cellsOf(world)
        for (const place of world.places) {
          const count = wholeIn(place, world.contributions).length
          if (count === 0) continue
          expect(cells.get(place.index)).toMatchObject({
            value: null,
            status: 'NOT_PUBLISHED',
            expected: count,
            reported: 0,
            share: 0,
          })
        }
      }),
    )
  })

  it('is SUPPRESSED at every tier where only hidden figures are, whatever else is missing', () => {
    fc.assert(
      fc.property(worlds({ states: ['SUPPRESSED', 'MISSING'] }), (world) => {
        const cells = cellsOf(world)
        for (const place of world.places) {
          const hidden = wholeIn(place, world.contributions).filter(({ state }) => state === 'SUPPRESSED').length
          if (hidden === 0) continue
          expect(cells.get(place.index)).toMatchObject({ value: null, status: 'SUPPRESSED', suppressed: hidden })
        }
      }),
    )
  })

  it('keeps a hidden figure out of the total above it, which becomes PARTIAL', () => {
    fc.assert(
      fc.property(worlds({ states: ['SUPPRESSED', 'REPORTED'], whole: true }), (world) => {
        const cells = cellsOf(world)
        for (const place of world.places) {
          const inside = wholeIn(place, world.contributions)
          const open = inside.filter(({ state }) => state === 'REPORTED')
          if (open.length === 0 || open.length === inside.length) continue
          const value = open.reduce((sum, contribution) => sum + (contribution.value ?? 0), 0)
          expect(cells.get(place.index)).toMatchObject({
            value,
            status: 'PARTIAL',
            suppressed: inside.length - open.length,
          })
        }
      }),
    )
  })

  it('is NORMAL everywhere when everyone in the extent reported: members outside it degrade nothing', () => {
    fc.assert(
      fc.property(worlds({ states: ['REPORTED', 'OUT_OF_SCOPE'], strays: false }), (world) => {
        const extent = world.reach.covered
        for (const cell of cellsOf({ ...world, reach: { extent, covered: extent } }).values()) {
          expect(cell.status).toBe('NORMAL')
          expect(missingIn(cell)).toBe(0)
        }
      }),
    )
  })

  it('does not count contributions from outside the extent at all', () => {
    fc.assert(
      fc.property(worlds({ splits: true, strangers: true }), (world) => {
        const inside = world.contributions.filter(({ departement }) => world.reach.extent.has(departement))
        expect([...cellsOf(world).values()]).toEqual([...cellsOf({ ...world, contributions: inside }).values()])
      }),
    )
  })

  it('names the départements outside the extent and those that no file covers', () => {
    fc.assert(
      fc.property(worlds(), (world) => {
        const { reach } = world
        const cells = cellsOf(world)
        for (const { index, reaches } of world.places) {
          const cell = cells.get(index)
          if (cell === undefined) continue
          expect(cell.outsideDepartements).toEqual(reaches.filter((departement) => !reach.extent.has(departement)))
          const absent = reaches.filter(
            (departement) => reach.extent.has(departement) && !reach.covered.has(departement),
          )
          expect(cell.absentDepartements).toEqual(absent)
        }
      }),
    )
  })

  it.each(['COMMUNE', 'DEPARTEMENT'] as const)(
    'counts each %s that no file covers as one missing contributor',
    (absentUnit) => {
      fc.assert(
        fc.property(worlds({ states: ['REPORTED'] }), ({ contributions, reach, geography, places }) => {
          const cells = new Map(
            consolidate(contributions, reach, geography, absentUnit).map((cell) => [cell.territory, cell]),
          )
          const isAbsentIn = (departement: number) => reach.extent.has(departement) && !reach.covered.has(departement)
          for (const { index, communes, reaches } of places) {
            const cell = cells.get(index)
            const absent = communes.filter((commune) =>
              geography.counted.some(({ departement, holders }) => holders[0] === commune && isAbsentIn(departement)),
            )
            const units = absentUnit === 'COMMUNE' ? absent.length : reaches.filter(isAbsentIn).length
            if (cell === undefined) continue
            expect(missingIn(cell)).toBe(units)
            if (units > 0) expect(cell.status).toBe(cell.reported > 0 ? 'PARTIAL' : 'SOURCE_UNAVAILABLE')
          }
        }),
      )
    },
  )

  it('gives no cell to a territory that no file covers at all', () => {
    fc.assert(
      fc.property(worlds(), (world) => {
        const cells = cellsOf(world)
        for (const { index, reaches, departements } of world.places) {
          const reached = [...departements, ...reaches]
          if (!reached.some((departement) => world.reach.covered.has(departement))) expect(cells.has(index)).toBe(false)
        }
      }),
    )
  })

  it('shares out who stands in several communes: each part a whole number, by population, all of them the whole', () => {
    fc.assert(
      fc.property(worlds({ splits: true, states: ['REPORTED'], strays: false, whole: true }), (world) => {
        for (const contribution of world.contributions) {
          const { pieces, value } = contribution
          const cells = cellsOf({ ...world, contributions: [contribution] })
          const shares = world.geography.sharesOf(pieces)
          const communes = world.places.filter(
            (place) => place.tier === 'COMMUNE' && pieces.some((piece) => place.pieces.includes(piece)),
          )
          const parts = communes.map(({ index }) => cells.get(index)?.value ?? -1)
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(value)
          for (const [position, { pieces: own }] of communes.entries()) {
            const exact = pieces.reduce(
              (sum, piece, at) => sum + (own.includes(piece) ? (value ?? 0) * (shares[at] ?? 0) : 0),
              0,
            )
            expect(Number.isInteger(parts[position])).toBe(true)
            expect(Math.abs((parts[position] ?? 0) - exact)).toBeLessThan(own.length)
          }
        }
      }),
    )
  })

  it('estimates nothing where it holds all of everyone', () => {
    fc.assert(
      fc.property(worlds(), (world) => {
        for (const { estimated, sharedOut } of cellsOf(world).values()) expect([estimated, sharedOut]).toEqual([0, []])
      }),
    )
  })

  it('does not depend on the order of the contributions', () => {
    const shuffled = worlds({ splits: true }).chain((world) =>
      fc.tuple(
        fc.constant(world),
        fc.shuffledSubarray([...world.contributions], { minLength: world.contributions.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([world, contributions]) => {
        expect([...cellsOf({ ...world, contributions }).values()]).toEqual([...cellsOf(world).values()])
      }),
    )
  })
})

describe('consolidating one département of three communes', () => {
  const [NATION, DEPARTEMENT, EPCI, RENNES, BRUZ, ACIGNE] = [0, 1, 2, 3, 4, 5]
  const holdersOf = (commune: number) => [commune, ...(commune === ACIGNE ? [] : [EPCI]), DEPARTEMENT, NATION]
  const geography: Geography = {
    counted: [RENNES, BRUZ, ACIGNE].map((commune) => ({
      departement: DEPARTEMENT,
      weight: 10,
      holders: holdersOf(commune),
    })),
    departementOf: () => DEPARTEMENT,
    holdersOf,
    holdersOfDepartement: () => [DEPARTEMENT, NATION],
    // Rennes weighs three times as much as the others.
    sharesOf: (pieces) => {
      const weights = pieces.map((piece) => (piece === RENNES ? 3 : 1))
      return weights.map((weight) => weight / weights.reduce((sum, other) => sum + other, 0))
    },
  }
  const reach: Reach = { extent: new Set([DEPARTEMENT]), covered: new Set([DEPARTEMENT]) }
  const school = (
    contributor: string,
    pieces: readonly number[],
    value: number | null,
    state: Contribution['state'] = 'REPORTED',
  ) => ({ contributor, pieces, departement: DEPARTEMENT, value, state }) satisfies Contribution
  const cellIn = (territory: number, ...contributions: readonly Contribution[]) =>
    consolidate(contributions, reach, geography).find((cell) => cell.territory === territory)

  it('gives 0, complete, to a commune where nobody is expected', () => {
    expect(cellIn(ACIGNE, school('a', [RENNES], 12))).toMatchObject({
      value: 0,
      status: 'NORMAL',
      expected: 0,
      share: 1,
    })
  })

  it('gives 0 but PARTIAL to such a commune when a school of the département found no commune', () => {
    const contributions = [school('a', [RENNES], 12), school('b', [], 30)]
    expect(cellIn(ACIGNE, ...contributions)).toMatchObject({
      value: 0,
      status: 'PARTIAL',
      expected: 0,
      notLocated: 1,
      notLocatedValue: 30,
    })
    expect(cellIn(RENNES, ...contributions)).toMatchObject({ value: 12, status: 'NORMAL', expected: 1 })
    expect(cellIn(DEPARTEMENT, ...contributions)).toMatchObject({
      value: 42,
      status: 'NORMAL',
      expected: 2,
      reported: 2,
      notLocated: 1,
    })
  })

  it('gives 0 but PARTIAL also when the school that found no commune has no figure: it may stand here', () => {
    const contributions = [school('a', [RENNES], 12), school('b', [], null, 'MISSING')]
    expect(cellIn(ACIGNE, ...contributions)).toMatchObject({ value: 0, status: 'PARTIAL', expected: 0 })
    expect(cellIn(DEPARTEMENT, ...contributions)).toMatchObject({
      value: 12,
      status: 'PARTIAL',
      expected: 2,
      reported: 1,
    })
  })

  it('tells a reported 0 from nobody reporting', () => {
    expect(cellIn(RENNES, school('a', [RENNES], 0))).toMatchObject({
      value: 0,
      status: 'NORMAL',
      expected: 1,
      reported: 1,
    })
    expect(cellIn(RENNES, school('a', [RENNES], null, 'MISSING'))).toMatchObject({
      value: null,
      status: 'NOT_PUBLISHED',
      expected: 1,
    })
  })

  it('counts those outside the scope apart, and expects nothing of them', () => {
    const contributions = [school('a', [RENNES], 12), school('b', [RENNES], null, 'OUT_OF_SCOPE')]
    expect(cellIn(RENNES, ...contributions)).toMatchObject({ value: 12, status: 'NORMAL', expected: 1, outOfScope: 1 })
  })

  it('shares a school of two communes out by population, and counts it as one in each and in what holds both', () => {
    const both = school('Rennes-Bruz', [RENNES, BRUZ], 50)
    const part = { status: 'NORMAL', expected: 1, reported: 1, sharedOut: ['Rennes-Bruz'] }
    // 37.5 and 12.5: the remainders are equal, and the first takes the pupil.
    expect(cellIn(RENNES, both)).toMatchObject({ ...part, value: 38, estimated: 38 })
    expect(cellIn(BRUZ, both)).toMatchObject({ ...part, value: 12, estimated: 12 })
    const whole = { value: 50, status: 'NORMAL', expected: 1, reported: 1, estimated: 0, sharedOut: [] }
    expect(cellIn(EPCI, both)).toMatchObject(whole)
    expect(cellIn(DEPARTEMENT, both)).toMatchObject(whole)
  })

  it('gives an EPCI that holds only one of the two communes its part, and says how much of the value that is', () => {
    const both = school('Bruz-Acigné', [BRUZ, ACIGNE], 50)
    expect(cellIn(EPCI, school('a', [RENNES], 12), both)).toMatchObject({
      value: 37,
      status: 'NORMAL',
      expected: 2,
      estimated: 25,
      sharedOut: ['Bruz-Acigné'],
    })
  })

  it('expects a school of two communes without figure in each of them, and estimates nothing', () => {
    const both = school('Rennes-Bruz', [RENNES, BRUZ], null, 'MISSING')
    for (const place of [RENNES, BRUZ, EPCI, DEPARTEMENT]) {
      expect(cellIn(place, both)).toMatchObject({ value: null, status: 'NOT_PUBLISHED', expected: 1, sharedOut: [] })
    }
  })

  it('weighs the share by population, then by contributors', () => {
    const [ELSEWHERE] = [6]
    const elsewhere = { departement: 9, weight: 30, holders: [ELSEWHERE, 9, NATION] }
    const wider: Geography = { ...geography, counted: [...geography.counted, elsewhere] }
    const cells = consolidate(
      [school('a', [RENNES], 12), school('b', [BRUZ], null, 'MISSING')],
      { extent: new Set([DEPARTEMENT, 9]), covered: new Set([DEPARTEMENT]) },
      wider,
    )
    const nation = cells.find(({ territory }) => territory === NATION)
    expect(nation).toMatchObject({ status: 'PARTIAL', expected: 3, reported: 1, share: 0.25, absentDepartements: [9] })
  })
})
