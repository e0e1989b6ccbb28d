/** Small generated countries for the properties of adding up: places, who holds whom, and contributions. */
import fc from 'fast-check'
import type { Contribution, Geography, Reach } from '../../../core/observations/consolidate.ts'

/** One territory of a generated country, by what it is made of. */
export interface Place {
  readonly index: number
  readonly tier: 'NATION' | 'REGION' | 'DEPARTEMENT' | 'EPCI' | 'COMMUNE'
  readonly communes: readonly number[]
  /** The départements that it contains whole. */
  readonly departements: readonly number[]
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

/** What a generated country may contain. */
export interface WorldOptions {
  readonly states?: readonly Contribution['state'][]
  /** Whether some contributions stand for several communes together. */
  readonly splits?: boolean
  /** Whether some contributions are known only by their département. */
  readonly strays?: boolean
  /** Whether every département is meant to report and does. */
  readonly whole?: boolean
  /** Whether there are contributions from départements outside the extent. */
  readonly strangers?: boolean
}

/** Countries of one to ten communes in one to four départements, two régions and three EPCI that cross borders. */
export function worlds(options: WorldOptions = {}): fc.Arbitrary<World> {
  const { states = ['REPORTED', 'MISSING', 'SUPPRESSED', 'OUT_OF_SCOPE'] } = options
  const { splits = false, strays = true, whole = false, strangers = false } = options
  const commune = fc.record({
    departement: fc.integer({ min: 0, max: 3 }),
    epci: fc.integer({ min: -1, max: 2 }),
    weight: fc.integer({ min: 0, max: 50 }),
  })
  const departement = fc.record({
    region: fc.integer({ min: 0, max: 1 }),
    reach: whole
      ? fc.constant('COVERED' as const)
      : fc.constantFrom('COVERED' as const, 'COVERED' as const, 'ABSENT' as const, 'OUTSIDE' as const),
  })
  const contribution = fc.record({
    at: fc.nat(),
    size: splits ? fc.integer({ min: 1, max: 3 }) : fc.constant(1),
    stray: strays ? fc.integer({ min: 0, max: 5 }).map((die) => die === 0) : fc.constant(false),
    value: fc.integer({ min: 0, max: 400 }),
    state: fc.constantFrom(...states),
  })
  return fc
    .record({
      communes: fc.array(commune, { minLength: 1, maxLength: 10 }),
      departements: fc.array(departement, { minLength: 4, maxLength: 4 }),
      drafts: fc.array(contribution, { maxLength: 14 }),
    })
    .map(({ communes, departements, drafts }) => {
      const geography = geographyFrom(communes, departements)
      const reach = reachFrom(departements)
      const contributions = drafts.flatMap(({ at, size, stray, value, state }, position): Contribution[] => {
        const first = COMMUNE + (at % communes.length)
        const home = geography.departementOf(first)
        if (!reach.covered.has(home) && !(strangers && !reach.extent.has(home))) return []
        const neighbours = geography.communes.filter(
          (other) => geography.departementOf(other) === home && other > first,
        )
        return [
          {
            contributor: `contributor ${position}`,
            communes: stray ? [] : [first, ...neighbours.slice(0, size - 1)],
            departement: home,
            value: state === 'REPORTED' ? value : null,
            state,
          },
        ]
      })
      return { geography, places: placesFrom(communes, departements), reach, contributions }
    })
}

interface CommuneDraft {
  readonly departement: number
  readonly epci: number
  readonly weight: number
}
interface DepartementDraft {
  readonly region: number
  readonly reach: 'COVERED' | 'ABSENT' | 'OUTSIDE'
}

function geographyFrom(communes: readonly CommuneDraft[], departements: readonly DepartementDraft[]): Geography {
  const draft = (commune: number): CommuneDraft => communes[commune - COMMUNE]!
  const above = (departement: number) => [DEPARTEMENT + departement, REGION + departements[departement]!.region, NATION]
  return {
    communes: communes.map((_, position) => COMMUNE + position),
    departementOf: (commune) => DEPARTEMENT + draft(commune).departement,
    holdersOfCommune: (commune) => {
      const { epci, departement } = draft(commune)
      return [commune, ...(epci === -1 ? [] : [EPCI + epci]), ...above(departement)]
    },
    holdersOfDepartement: (departement) => above(departement - DEPARTEMENT),
    weightOf: (commune) => draft(commune).weight,
  }
}

function placesFrom(communes: readonly CommuneDraft[], departements: readonly DepartementDraft[]): readonly Place[] {
  const where = (holds: (commune: CommuneDraft) => boolean) =>
    communes.flatMap((commune, position) => (holds(commune) ? [COMMUNE + position] : []))
  const all = departements.map((_, position) => DEPARTEMENT + position)
  return [
    { index: NATION, tier: 'NATION', communes: where(() => true), departements: all },
    ...[0, 1].map((region): Place => ({
      index: REGION + region,
      tier: 'REGION',
      communes: where(({ departement }) => departements[departement]!.region === region),
      departements: all.filter((_, position) => departements[position]!.region === region),
    })),
    ...all.map((index, position): Place => ({
      index,
      tier: 'DEPARTEMENT',
      communes: where(({ departement }) => departement === position),
      departements: [index],
    })),
    ...[0, 1, 2].map((epci): Place => ({
      index: EPCI + epci,
      tier: 'EPCI',
      communes: where((commune) => commune.epci === epci),
      departements: [],
    })),
    ...communes.map((_, position): Place => ({
      index: COMMUNE + position,
      tier: 'COMMUNE',
      communes: [COMMUNE + position],
      departements: [],
    })),
  ]
}

function reachFrom(departements: readonly DepartementDraft[]): Reach {
  const where = (kinds: readonly DepartementDraft['reach'][]) =>
    new Set(departements.flatMap(({ reach }, position) => (kinds.includes(reach) ? [DEPARTEMENT + position] : [])))
  return { extent: where(['COVERED', 'ABSENT']), covered: where(['COVERED']) }
}
