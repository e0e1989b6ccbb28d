import { EPCI_KINDS } from './cog.ts'
import type { TerritoryKind } from './groupings.ts'
import { normaliseName } from './names.ts'
import type { Census, Pieces, Population } from './pieces.ts'
import { nameOfEpci, type Vintage } from './vintage.ts'

// An EPCI is told from vintage to vintage, on the pieces of ground: two members that merge are still in it, and a member
// that merges into a commune of another EPCI has left it. What changed is known between two 1 Januaries, not to the day.

/** What can happen to an EPCI between two vintages. */
export const EPCI_CHANGE_KINDS = [
  'CREATION',
  'DISSOLUTION',
  'RECODED',
  'RENAMED',
  'CHANGED_KIND',
  'JOINED',
  'LEFT',
] as const

/**
 * `RECODED`: the same ground under another SIREN, told in place of a dissolution and a creation. `JOINED` and `LEFT`: a
 * commune came or went, told of EPCI that stand in both vintages; between two of them it is told once of each.
 */
export type EpciChangeKind = (typeof EPCI_CHANGE_KINDS)[number]

/** An EPCI as one vintage has it. */
export interface EpciState {
  readonly siren: string
  readonly name: string
  readonly kind: TerritoryKind
}

/** The EPCI of a vintage, by SIREN. */
export interface EpciVintage {
  readonly year: number
  /** The year of the perimeters, on its 1 January: that of the vintage, or an earlier one. */
  readonly perimeterOf: number
  readonly epcis: readonly EpciState[]
}

/** The smallest ground that the perimeters tell apart: all that was in the same EPCI in every vintage. */
export interface EpciGround {
  /** The SIREN of its EPCI in each vintage, null where it was in none. */
  readonly epcis: readonly (string | null)[]
  /** At the censuses whose communes are each wholly inside it or outside, newest first. */
  readonly populations: readonly Population[]
}

/** A commune in a vintage. */
export interface NamedCommune {
  readonly code: string
  readonly name: string
}

/** One thing that happened to an EPCI between two vintages. */
export interface EpciChange {
  /** The later of the two: the new situation is that of its 1 January. */
  readonly since: number
  readonly kind: EpciChangeKind
  /** The EPCI that it happened to; the new SIREN of one that was recoded. */
  readonly siren: string
  /** The EPCI of the ground in the vintage before, and in the later one; null where it was in none, or there was none. */
  readonly before: string | null
  readonly after: string | null
  /** Of `JOINED` and `LEFT`: the commune in each vintage; two that differ merged or parted on the way. */
  readonly commune: { readonly before: NamedCommune; readonly after: NamedCommune } | null
  /** Codes of the current communes on whose ground it happened, in code order. */
  readonly touches: readonly string[]
}

/** The EPCI through the vintages. */
export interface EpciRecords {
  readonly vintages: readonly EpciVintage[]
  readonly grounds: readonly EpciGround[]
  /** By vintage, SIREN, kind and commune. */
  readonly changes: readonly EpciChange[]
}

/**
 * Follows the EPCI from vintage to vintage.
 * @param vintages ascending; the last is the current one.
 * @param pieces cut over those vintages.
 */
export function epciRecordsOf(vintages: readonly Vintage[], pieces: Pieces, censuses: readonly Census[]): EpciRecords {
  const placed = placeIn(vintages, pieces)
  return {
    vintages: vintages.map(epciVintageOf),
    grounds: groundsOf(placed, pieces.years, censuses),
    changes: vintages.flatMap((after, position) => {
      const before = vintages[position - 1]
      return before === undefined ? [] : changesBetween(before, after, movesInto(placed, position))
    }),
  }
}

/** A piece, and the EPCI that it was in. */
interface PlacedPiece {
  readonly communes: readonly string[]
  readonly epcis: readonly (string | null)[]
  /** The EPCI in one text: pieces with the same one are the same ground. */
  readonly path: string
}

function placeIn(vintages: readonly Vintage[], { all, years }: Pieces): readonly PlacedPiece[] {
  if (years.join() !== vintages.map(({ year }) => year).join()) {
    throw new RangeError(`the pieces are cut over ${years.join(', ')}, not over the vintages given`)
  }
  const memberships = vintages.map(
    ({ epci }) => new Map(epci.flatMap(({ code, membres }) => membres.map((membre) => [membre.code, code]))),
  )
  return all.map(({ communes }) => {
    const epcis = communes.map((code, position) => memberships[position]?.get(code) ?? null)
    return { communes, epcis, path: epcis.join() }
  })
}

const epciVintageOf = ({ year, epci, epciAsOf = year }: Vintage): EpciVintage => ({
  year,
  perimeterOf: epciAsOf,
  epcis: epci
    .map((entry) => ({ siren: entry.code, name: nameOfEpci(entry), kind: EPCI_KINDS[entry.type] }))
    .toSorted((left, right) => compare(left.siren, right.siren)),
})

function groundsOf(
  placed: readonly PlacedPiece[],
  years: readonly number[],
  censuses: readonly Census[],
): readonly EpciGround[] {
  const within = placed.filter(({ epcis }) => epcis.some((siren) => siren !== null))
  const byPath = [...Map.groupBy(within, ({ path }) => path)].toSorted(([left], [right]) => compare(left, right))
  const counts = censuses
    .toSorted((left, right) => right.year - left.year)
    .map((census) => ({ census, countIn: counterOf(census, placed, years.indexOf(census.vintage)) }))
  return byPath.map(([, pieces]) => ({
    epcis: pieces[0]?.epcis ?? [],
    populations: counts.flatMap(({ census, countIn }) => {
      const inhabitants = countIn(pieces)
      return inhabitants === undefined ? [] : [{ inhabitants, year: census.year }]
    }),
  }))
}

/** Counts at a census the pieces of a ground; undefined where a commune of then stands in it in part, or has no figure. */
function counterOf({ population }: Census, placed: readonly PlacedPiece[], position: number) {
  // Null for a commune on more than one ground.
  const pathOf = new Map<string, string | null>()
  for (const { communes, path } of placed) {
    const code = communes[position] ?? ''
    const known = pathOf.get(code)
    pathOf.set(code, known === undefined || known === path ? path : null)
  }
  return (pieces: readonly PlacedPiece[]): number | undefined => {
    const codes = [...new Set(pieces.map(({ communes }) => communes[position] ?? ''))]
    const counted = codes.flatMap((code) => (pathOf.get(code) === null ? [] : (population.get(code) ?? [])))
    return counted.length === codes.length ? counted.reduce((sum, count) => sum + count, 0) : undefined
  }
}

/** A piece, from one vintage to the next. */
interface Move {
  readonly before: string | null
  readonly after: string | null
  readonly communeBefore: string
  readonly communeAfter: string
  /** Its commune in the current vintage. */
  readonly today: string
}

const movesInto = (placed: readonly PlacedPiece[], position: number): readonly Move[] =>
  placed.map(({ communes, epcis }) => ({
    before: epcis[position - 1] ?? null,
    after: epcis[position] ?? null,
    communeBefore: communes[position - 1] ?? '',
    communeAfter: communes[position] ?? '',
    today: communes.at(-1) ?? '',
  }))

/** What changed from one vintage to the next. */
function changesBetween(before: Vintage, after: Vintage, moves: readonly Move[]): readonly EpciChange[] {
  const [stateBefore, stateAfter] = [statesOf(before), statesOf(after)]
  const groundBefore = Map.groupBy(moves, (move) => move.before)
  const groundAfter = Map.groupBy(moves, (move) => move.after)
  const changes: EpciChange[] = []

  function add(kind: EpciChangeKind, siren: string, ground: readonly Move[], facts: Partial<EpciChange> = {}): void {
    const touches = [...new Set(ground.map(({ today }) => today))].toSorted(compare)
    changes.push({
      since: after.year,
      kind,
      siren,
      before: siren,
      after: siren,
      commune: null,
      touches,
      ...facts,
    })
  }

  for (const siren of stateBefore.keys()) {
    const ground = groundBefore.get(siren) ?? []
    if (!stateAfter.has(siren) && recodedFrom(sameFor(ground, 'after')) !== siren) {
      add('DISSOLUTION', siren, ground, { after: null })
    }
  }
  for (const [siren, state] of stateAfter) {
    const ground = groundAfter.get(siren) ?? []
    const past = stateBefore.get(siren)
    if (past === undefined) {
      const older = recodedFrom(siren)
      add(older === null ? 'CREATION' : 'RECODED', siren, ground, { before: older })
      continue
    }
    if (!isSameName(past.name, state.name)) add('RENAMED', siren, ground)
    if (past.kind !== state.kind) add('CHANGED_KIND', siren, ground)
    for (const moved of byCommune(ground.filter((move) => move.before !== siren))) addMove('JOINED', siren, moved)
    const left = (groundBefore.get(siren) ?? []).filter((move) => move.after !== siren)
    for (const moved of byCommune(left)) addMove('LEFT', siren, moved)
  }
  return changes.toSorted((left, right) => compare(orderOf(left), orderOf(right)))

  /** The SIREN that the same ground had before, when another one replaced it. */
  function recodedFrom(siren: string | null): string | null {
    if (siren === null || stateBefore.has(siren)) return null
    const older = sameFor(groundAfter.get(siren) ?? [], 'before')
    if (older === null || stateAfter.has(older)) return null
    return sameFor(groundBefore.get(older) ?? [], 'after') === siren ? older : null
  }

  function addMove(kind: 'JOINED' | 'LEFT', siren: string, ground: readonly Move[]): void {
    const [first] = ground
    if (first === undefined) return
    const commune = {
      before: namedIn(before, first.communeBefore),
      after: namedIn(after, first.communeAfter),
    }
    add(kind, siren, ground, { before: first.before, after: first.after, commune })
  }

  function byCommune(ground: readonly Move[]): Iterable<readonly Move[]> {
    return Map.groupBy(ground, ({ communeBefore, communeAfter }) => `${communeBefore} ${communeAfter}`).values()
  }
}

/** The EPCI that all of a ground is in; null where there is none or more than one. */
function sameFor(ground: readonly Move[], side: 'before' | 'after'): string | null {
  const [only = null, ...others] = new Set(ground.map((move) => move[side]))
  return others.length === 0 ? only : null
}

const statesOf = (vintage: Vintage): ReadonlyMap<string, EpciState> =>
  new Map(epciVintageOf(vintage).epcis.map((state) => [state.siren, state]))

/** A commune under its name in a vintage. The few that come and go are looked for one by one: an index costs more. */
function namedIn({ communes, year }: Vintage, code: string): NamedCommune {
  const commune = communes.find((entry) => entry.code === code && entry.type === 'commune-actuelle')
  if (commune === undefined) throw new RangeError(`the vintage ${year} has no commune ${code}`)
  return { code, name: commune.nom }
}

/** Whether two names differ in nothing but the spelling, the kind before them ("CC", "CA") or an abbreviation after. */
export const isSameName = (left: string, right: string): boolean => bareName(left) === bareName(right)

const bareName = (name: string): string =>
  normaliseName(name.replace(/\s*\([^)]*\)\s*$/, ''))
    .replace(/^(CC|CA|CU) /, '')
    .replace(/^COMMUNAUTE (DE COMMUNES|D AGGLOMERATION|URBAINE) /, '')

const orderOf = ({ siren, kind, commune }: EpciChange): string =>
  [siren, EPCI_CHANGE_KINDS.indexOf(kind), commune?.before.code, commune?.after.code].join()

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)
