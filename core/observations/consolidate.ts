import { apportion } from './apportion.ts'
import type { ContributionState } from './school.ts'
import type { ObservationStatus } from './status.ts'

/** A commune as places are counted: where it is, how much it weighs, and in which territories it counts as one. */
export interface PlaceCount {
  readonly departement: number
  /** Its population. */
  readonly weight: number
  readonly holders: readonly number[]
}

/**
 * Who belongs to whom, by position: all that adding up needs to know of the territories. Ground comes in pieces that no
 * vintage divides; a holder of a piece is any territory of any vintage that contains it: communes, EPCI, départements,
 * régions, the nation, groupings. A position that stands in several vintages is one holder.
 */
export interface Geography {
  /** The communes by which places are counted: each at the holders whose newest vintage is its own. */
  readonly counted: readonly PlaceCount[]
  departementOf(piece: number): number
  holdersOf(piece: number): readonly number[]
  /** The territories that contain a whole département, itself included. */
  holdersOfDepartement(departement: number): readonly number[]
  /** How much of a whole falls on each of its pieces, by population; they add up to 1. */
  sharesOf(pieces: readonly number[]): readonly number[]
}

/** What one contributor, a school or a commune, brings to one measure and period. */
export interface Contribution {
  readonly contributor: string
  /** The ground on which it stands: several pieces where its file does not tell them apart; none where it could not be located. */
  readonly pieces: readonly number[]
  /** Its département, known even where the commune is not. */
  readonly departement: number
  readonly value: number | null
  readonly state: ContributionState
}

/** How much of a contribution falls on each part of a breakdown: pairs of the part's position and its value. */
export interface PartsContribution extends Pick<Contribution, 'pieces' | 'departement'> {
  readonly parts: readonly (readonly [part: number, value: number])[]
}

/** Which départements a dataset is meant to cover, and which the files at hand do cover. */
export interface Reach {
  readonly extent: ReadonlySet<number>
  readonly covered: ReadonlySet<number>
}

/** The consolidated value of one territory. */
export interface Cell {
  readonly territory: number
  readonly value: number | null
  readonly status: ObservationStatus
  readonly expected: number
  readonly reported: number
  readonly suppressed: number
  readonly share: number
  readonly notLocated: number
  readonly notLocatedValue: number
  /** Départements of the territory that no file covers. */
  readonly absentDepartements: readonly number[]
  /** Départements of the territory outside what the dataset is meant to cover. */
  readonly outsideDepartements: readonly number[]
  /** Contributors that the file itself puts outside what the dataset counts. */
  readonly outOfScope: number
  /** The part of the value that was shared out by population, from contributors that stand here and elsewhere. */
  readonly estimated: number
  /** Those contributors, by name. */
  readonly sharedOut: readonly string[]
}

/** Shares a value out over pieces of ground. */
export type ShareOut = (value: number, shares: readonly number[]) => readonly number[]

/** What a territory is made of, seen from one reach: the same for every measure and period that has that reach. */
interface Places {
  coveredCommunes: number
  coveredWeight: number
  absentCommunes: number
  absentWeight: number
  absentDepartements: readonly number[]
  outsideDepartements: readonly number[]
  departements: readonly number[]
}

/** What contributors brought to a territory. */
interface Tally {
  value: number
  expected: number
  reported: number
  suppressed: number
  outOfScope: number
  estimated: number
  sharedOut: readonly string[]
}

/**
 * Adds contributions up to every territory that holds them, commune → EPCI, département, région, nation, groupings, each
 * cell with its coverage. Nothing absent is counted as 0: where nothing reported there is no value, where some did the
 * value is PARTIAL. Places that no file covers count as missing, one for each commune or département (`absentUnit`);
 * places outside the extent do not count at all. A territory without any covered commune gets no cell.
 *
 * A contributor on several pieces of ground that a territory holds only some of counts there with its share by population,
 * which is estimated. The pieces' shares are made once, whole numbers by the largest remainder, so that the communes of
 * every vintage, the EPCI and all above them add up to the same total.
 *
 * The share is that of the population living where a file covers the place, times the share of contributors reported.
 */
export function consolidate(
  contributions: Iterable<Contribution>,
  reach: Reach,
  geography: Geography,
  absentUnit: 'COMMUNE' | 'DEPARTEMENT' = 'COMMUNE',
  share: ShareOut = apportion,
): readonly Cell[] {
  const places = placesOf(reach, geography)
  const tallies = new Map<number, Tally>()
  const notLocated = new Map<number, { count: number; value: number }>()
  const tallyOf = (territory: number): Tally => {
    const tally = tallies.get(territory) ?? { ...EMPTY_TALLY }
    tallies.set(territory, tally)
    return tally
  }

  for (const contribution of contributions) {
    const { pieces, departement } = contribution
    if (!reach.extent.has(departement)) continue
    if (pieces.length === 0 && contribution.state !== 'OUT_OF_SCOPE') {
      const known = notLocated.get(departement) ?? { count: 0, value: 0 }
      notLocated.set(departement, { count: known.count + 1, value: known.value + (contribution.value ?? 0) })
    }
    for (const holder of wholeHoldersOf(contribution, geography)) addTo(tallyOf(holder), contribution)
    for (const [holder, part] of shareOut(contribution, geography, share)) addPart(tallyOf(holder), contribution, part)
  }

  const cells: Cell[] = []
  for (const [territory, place] of places) {
    const tally = tallies.get(territory) ?? EMPTY_TALLY
    if (place.coveredCommunes === 0 && tally.expected === 0) continue
    cells.push(cellOf(territory, place, tally, notLocated, absentUnit))
  }
  return cells.toSorted((left, right) => left.territory - right.territory)
}

/**
 * Adds the parts of contributions up to every territory that holds the whole of them: what is shared out is not broken
 * down. Parts that are 0 everywhere in a territory are left out.
 * @returns for each territory, the value of each part.
 */
export function consolidateParts(
  contributions: Iterable<PartsContribution>,
  geography: Geography,
): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const all = new Map<number, Map<number, number>>()
  for (const contribution of contributions) {
    for (const holder of wholeHoldersOf(contribution, geography)) {
      const values = all.get(holder) ?? new Map<number, number>()
      all.set(holder, values)
      for (const [part, value] of contribution.parts) {
        if (value !== 0) values.set(part, (values.get(part) ?? 0) + value)
      }
    }
  }
  return all
}

const EMPTY_TALLY: Tally = {
  value: 0,
  expected: 0,
  reported: 0,
  suppressed: 0,
  outOfScope: 0,
  estimated: 0,
  sharedOut: [],
}

// A dozen measures and periods share a reach: each is walked once.
const knownPlaces = new WeakMap<Geography, Map<string, ReadonlyMap<number, Places>>>()

function placesOf(reach: Reach, geography: Geography): ReadonlyMap<number, Places> {
  const key = [[...reach.extent].toSorted(ascending), [...reach.covered].toSorted(ascending)].join('/')
  const known = knownPlaces.get(geography) ?? new Map<string, ReadonlyMap<number, Places>>()
  knownPlaces.set(geography, known)
  const places = known.get(key) ?? walkPlaces(reach, geography)
  known.set(key, places)
  return places
}

function walkPlaces({ extent, covered }: Reach, geography: Geography): ReadonlyMap<number, Places> {
  const all = new Map<number, Places>()
  for (const { departement, weight, holders } of geography.counted) {
    for (const holder of holders) {
      const places = all.get(holder) ?? { ...NO_PLACES }
      all.set(holder, places)
      places.departements = withMember(places.departements, departement)
      if (!extent.has(departement)) places.outsideDepartements = withMember(places.outsideDepartements, departement)
      else if (covered.has(departement)) {
        places.coveredCommunes += 1
        places.coveredWeight += weight
      } else {
        places.absentCommunes += 1
        places.absentWeight += weight
        places.absentDepartements = withMember(places.absentDepartements, departement)
      }
    }
  }
  return all
}

const NO_PLACES: Places = {
  coveredCommunes: 0,
  coveredWeight: 0,
  absentCommunes: 0,
  absentWeight: 0,
  absentDepartements: [],
  outsideDepartements: [],
  departements: [],
}

/** Communes come in code order, so that a département already there is the last one, but for Corsica's and overseas. */
const withMember = (members: readonly number[], member: number): readonly number[] =>
  members.at(-1) === member || members.includes(member) ? members : [...members, member].toSorted(ascending)

/** The territories that contain the whole of a contribution. */
function wholeHoldersOf(
  { pieces, departement }: Pick<Contribution, 'pieces' | 'departement'>,
  geography: Geography,
): readonly number[] {
  const [first, ...others] = pieces
  if (first === undefined) return geography.holdersOfDepartement(departement)
  return others.reduce<readonly number[]>((holders, piece) => {
    const also = new Set(geography.holdersOf(piece))
    return holders.filter((holder) => also.has(holder))
  }, geography.holdersOf(first))
}

/** The territories that contain only a part of a contribution, each with its part of the value. */
function shareOut({ pieces, value }: Contribution, geography: Geography, share: ShareOut): ReadonlyMap<number, number> {
  const parts = new Map<number, number>()
  if (pieces.length < 2) return parts
  const values = share(value ?? 0, geography.sharesOf(pieces))
  const held = new Map<number, number>()
  for (const [position, piece] of pieces.entries()) {
    for (const holder of geography.holdersOf(piece)) {
      parts.set(holder, (parts.get(holder) ?? 0) + (values[position] ?? 0))
      held.set(holder, (held.get(holder) ?? 0) + 1)
    }
  }
  for (const [holder, count] of held) if (count === pieces.length) parts.delete(holder)
  return parts
}

function addTo(tally: Tally, { value, state }: Contribution): void {
  if (state === 'OUT_OF_SCOPE') {
    tally.outOfScope += 1
    return
  }
  tally.expected += 1
  if (state === 'SUPPRESSED') tally.suppressed += 1
  if (state === 'REPORTED' && value !== null) {
    tally.reported += 1
    tally.value += value
  }
}

/** A contributor counts as one wherever a part of it stands; its name is told, since the part is an estimate. */
function addPart(tally: Tally, contribution: Contribution, part: number): void {
  const { state, value, contributor } = contribution
  addTo(tally, value === null ? contribution : { ...contribution, value: part })
  if (state !== 'REPORTED' || value === null) return
  tally.estimated += Math.abs(part)
  if (!tally.sharedOut.includes(contributor)) tally.sharedOut = [...tally.sharedOut, contributor].toSorted()
}

function cellOf(
  territory: number,
  places: Places,
  tally: Tally,
  notLocated: ReadonlyMap<number, { readonly count: number; readonly value: number }>,
  absentUnit: 'COMMUNE' | 'DEPARTEMENT',
): Cell {
  const { value, reported, suppressed, outOfScope, estimated, sharedOut } = tally
  const { coveredWeight, absentWeight, absentDepartements, outsideDepartements, departements } = places
  const absent = absentUnit === 'COMMUNE' ? places.absentCommunes : absentDepartements.length
  const expected = tally.expected + absent
  const strays = departements.map((departement) => notLocated.get(departement))
  const straysCount = strays.reduce((sum, stray) => sum + (stray?.count ?? 0), 0)
  const status = statusOf({ tally, expected, absent, strays: straysCount })
  const weight = coveredWeight + absentWeight
  const placeShare = weight === 0 ? (absent === 0 ? 1 : 0) : coveredWeight / weight
  return {
    territory,
    value: status === 'NORMAL' || status === 'PARTIAL' ? value : null,
    status,
    expected,
    reported,
    suppressed,
    share: placeShare * (tally.expected === 0 ? 1 : reported / tally.expected),
    notLocated: straysCount,
    notLocatedValue: strays.reduce((sum, stray) => sum + (stray?.value ?? 0), 0),
    absentDepartements,
    outsideDepartements,
    outOfScope,
    estimated,
    sharedOut,
  }
}

function statusOf(facts: { tally: Tally; expected: number; absent: number; strays: number }): ObservationStatus {
  const { tally, expected, absent, strays } = facts
  const { reported, suppressed } = tally
  if (reported === expected && expected > 0) return 'NORMAL'
  if (reported > 0) return 'PARTIAL'
  if (suppressed > 0) return 'SUPPRESSED'
  if (tally.expected > 0) return 'NOT_PUBLISHED'
  if (absent > 0) return 'SOURCE_UNAVAILABLE'
  // No contributor is expected here: the value is 0, unless one of the rows that found no commune belongs here.
  return strays > 0 ? 'PARTIAL' : 'NORMAL'
}

const ascending = (left: number, right: number): number => left - right
