/** Small generated countries for the properties of adding up: places, who holds whom, and contributions. */
import fc from 'fast-check'
import type { Contribution, Geography, Reach } from '../../../core/observations/consolidate.ts'

/** One territory of a generated country, by what it is made of. */
export interface Place {
  readonly index: number
  readonly tier: 'NATION' | 'REGION' | 'DEPARTEMENT' | 'EPCI' | 'COMMUNE'
  readonly communes: readonly number[]
  readonly pieces: readonly number[]
  /** The départements that it contains whole. */
  readonly departements: readonly number[]
  /** Those that it reaches into. */
  readonly reaches: readonly number[]
}

/** A country, who should report, and who did. */
export interface World {
  readonly geography: Geography
  readonly places: readonly Place[]
  readonly reach: Reach
  readonly contributions: readonly Contribution[]
}

const NATION = 0
const REGION = 100
const DEPARTEMENT = 200
const EPCI = 300
const COMMUNE = 400
const PIECE = 500

/** What a generated country may contain. */
export interface WorldOptions {
  readonly states?: readonly Contribution['state'][]
  /** Whether some contributions stand on the ground of several communes. */
  readonly splits?: boolean
  /** Whether some contributions are known only by their département. */
  readonly strays?: boolean
  /** Whether every département is meant to report and does. */
  readonly whole?: boolean
  /** Whether there are contributions from départements outside the extent. */
  readonly strangers?: boolean
}

/**
 * Countries of one to eight communes, each of one to three pieces of ground, in one to four départements, two régions and
 * three EPCI that cross borders.
 */
export function worlds(options: WorldOptions = {}): fc.Arbitrary<World> {
  const { states = ['REPORTED', 'MISSING', 'SUPPRESSED', 'OUT_OF_SCOPE'] } = options
  const { splits = false, strays = true, whole = false, strangers = false } = options
  const commune = fc.record({
    departement: fc.integer({ min: 0, max: 3 }),
    epci: fc.integer({ min: -1, max: 2 }),
    weights: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 3 }),
  })
  const departement = fc.record({
    region: fc.integer({ min: 0, max: 1 }),
    reach: whole
      ? fc.constant('COVERED' as const)
      : fc.constantFrom('COVERED' as const, 'COVERED' as const, 'ABSENT' as const, 'OUTSIDE' as const),
  })
  const contribution = fc.record({
    at: fc.nat(),
    /** On one piece of a commune, on all of them, or on those that follow too. */
    on: splits
      ? fc.constantFrom('PIECE' as const, 'COMMUNE' as const, 'SEVERAL' as const)
      : fc.constantFrom('PIECE' as const, 'COMMUNE' as const),
    size: fc.integer({ min: 2, max: 4 }),
    stray: strays ? fc.integer({ min: 0, max: 5 }).map((die) => die === 0) : fc.constant(false),
    value: fc.integer({ min: 0, max: 400 }),
    state: fc.constantFrom(...states),
  })
  return fc
    .record({
      communes: fc.array(commune, { minLength: 1, maxLength: 8 }),
      departements: fc.array(departement, { minLength: 4, maxLength: 4 }),
      drafts: fc.array(contribution, { maxLength: 14 }),
    })
    .map(({ communes, departements, drafts }) => {
      const pieces = piecesFrom(communes)
      const geography = geographyFrom(communes, departements, pieces)
      const reach = reachFrom(departements)
      const contributions = drafts.flatMap(({ at, on, size, stray, value, state }, position): Contribution[] => {
        const first = pieces[at % pieces.length]!
        const home = geography.departementOf(first.index)
        if (!reach.covered.has(home) && !(strangers && !reach.extent.has(home))) return []
        const together = pieces.filter(
          ({ index, commune }) =>
            (on === 'COMMUNE' && commune === first.commune) ||
            (on === 'SEVERAL' && index >= first.index && geography.departementOf(index) === home),
        )
        const ground = on === 'PIECE' ? [first] : on === 'COMMUNE' ? together : together.slice(0, size)
        return [
          {
            contributor: `contributor ${position}`,
            pieces: stray ? [] : ground.map(({ index }) => index),
            departement: home,
            value: state === 'REPORTED' ? value : null,
            state,
          },
        ]
      })
      return { geography, places: placesFrom(communes, departements, pieces), reach, contributions }
    })
}

interface CommuneDraft {
  readonly departement: number
  readonly epci: number
  readonly weights: readonly number[]
}
interface DepartementDraft {
  readonly region: number
  readonly reach: 'COVERED' | 'ABSENT' | 'OUTSIDE'
}
interface PieceDraft {
  readonly index: number
  readonly commune: number
  readonly weight: number
}

const piecesFrom = (communes: readonly CommuneDraft[]): readonly PieceDraft[] =>
  communes
    .flatMap(({ weights }, commune) => weights.map((weight) => ({ commune, weight })))
    .map((piece, position) => ({ ...piece, index: PIECE + position }))

function geographyFrom(
  communes: readonly CommuneDraft[],
  departements: readonly DepartementDraft[],
  pieces: readonly PieceDraft[],
): Geography {
  const above = (departement: number) => [DEPARTEMENT + departement, REGION + departements[departement]!.region, NATION]
  const holdersOf = (position: number) => {
    const { epci, departement } = communes[position]!
    return [COMMUNE + position, ...(epci === -1 ? [] : [EPCI + epci]), ...above(departement)]
  }
  const communeOf = (piece: number) => pieces[piece - PIECE]!.commune
  const weightsOf = (of: readonly number[]) => of.map((piece) => pieces[piece - PIECE]!.weight)
  return {
    counted: communes.map(({ departement, weights }, position) => ({
      departement: DEPARTEMENT + departement,
      weight: total(weights),
      holders: holdersOf(position),
    })),
    departementOf: (piece) => DEPARTEMENT + communes[communeOf(piece)]!.departement,
    holdersOf: (piece) => holdersOf(communeOf(piece)),
    holdersOfDepartement: (departement) => above(departement - DEPARTEMENT),
    sharesOf: (of) => {
      const sum = total(weightsOf(of))
      return weightsOf(of).map((weight) => (sum === 0 ? 1 / of.length : weight / sum))
    },
  }
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)

function placesFrom(
  communes: readonly CommuneDraft[],
  departements: readonly DepartementDraft[],
  pieces: readonly PieceDraft[],
): readonly Place[] {
  const place = (
    index: number,
    tier: Place['tier'],
    whole: readonly number[],
    holds: (commune: CommuneDraft, position: number) => boolean,
  ): Place => {
    const held = communes.flatMap((commune, position) => (holds(commune, position) ? [position] : []))
    return {
      index,
      tier,
      communes: held.map((position) => COMMUNE + position),
      pieces: pieces.filter(({ commune }) => held.includes(commune)).map((piece) => piece.index),
      departements: whole,
      reaches: [...new Set(held.map((position) => DEPARTEMENT + communes[position]!.departement))].toSorted(),
    }
  }
  const all = departements.map((_, position) => DEPARTEMENT + position)
  const inRegion = (region: number) => (departement: number) => departements[departement]!.region === region
  return [
    place(NATION, 'NATION', all, () => true),
    ...[0, 1].map((region) =>
      place(
        REGION + region,
        'REGION',
        all.filter((_, position) => inRegion(region)(position)),
        ({ departement }) => inRegion(region)(departement),
      ),
    ),
    ...all.map((index, own) => place(index, 'DEPARTEMENT', [index], ({ departement }) => departement === own)),
    ...[0, 1, 2].map((own) => place(EPCI + own, 'EPCI', [], ({ epci }) => epci === own)),
    ...communes.map((_, own) => place(COMMUNE + own, 'COMMUNE', [], (__, position) => position === own)),
  ]
}

function reachFrom(departements: readonly DepartementDraft[]): Reach {
  const where = (kinds: readonly DepartementDraft['reach'][]) =>
    new Set(departements.flatMap(({ reach }, position) => (kinds.includes(reach) ? [DEPARTEMENT + position] : [])))
  return { extent: where(['COVERED', 'ABSENT']), covered: where(['COVERED']) }
}
