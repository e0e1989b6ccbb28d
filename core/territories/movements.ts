import { departementOfCommuneCode } from './code.ts'
import { isoDay, type DayNumber } from './day.ts'
import { sharesOf, standingOf, type ShareQuality } from './shares.ts'
import type { StayIndex } from './stayIndex.ts'

/** What can happen to a commune, in the words of INSEE's "événements survenus aux communes". */
export const MOVEMENT_KINDS = [
  'MERGER',
  'SPLIT',
  'RE_ESTABLISHMENT',
  'CREATION',
  'RENAME',
  'SEAT_TRANSFER',
  'DEPARTEMENT_CHANGE',
] as const

/**
 * `MERGER` of several into one; `SPLIT`, divided among others that go on; `RE_ESTABLISHMENT` of a commune that had merged;
 * `CREATION` of one out of others; `RENAME`; `SEAT_TRANSFER`, the code changed with the seat; `DEPARTEMENT_CHANGE`, the
 * code changed with the département.
 */
export type MovementKind = (typeof MOVEMENT_KINDS)[number]

/** A commune by code and name. */
export interface CommuneName {
  readonly code: string
  /** The name on that day. */
  readonly name: string
}

/** Ground that was in one commune the day before and in another, or the same under another form, since. */
export interface Movement {
  /** ISO day of effect. */
  readonly date: string
  readonly kind: MovementKind
  readonly from: CommuneName
  readonly to: CommuneName
  /** The part of the inhabitants of the first commune that went to the second; null where `quality` is `UNKNOWN`. */
  readonly share: number | null
  readonly quality: ShareQuality
}

/** A movement by code positions, before anyone wants to read it. */
export interface Step {
  readonly day: DayNumber
  readonly kind: MovementKind
  readonly from: number
  readonly to: number
}

/** Derives every movement from the stays and the names, by day, code before and code after. */
export function stepsOf(index: StayIndex): readonly Step[] {
  return [...touchedCodes(index)]
    .toSorted(([left], [right]) => left - right)
    .flatMap(([day, codes]) => {
      const steps = eventsOf(edgesOn(index, day, codes)).flatMap((event) => stepsOfEvent(index, day, event))
      // Positions of codes are in code order.
      return steps.toSorted((left, right) => left.from - right.from || left.to - right.to)
    })
}

/** What a step says to a reader. */
export function movementOf(index: StayIndex, { day, kind, from, to }: Step): Movement {
  const ways = standingOf(index, index.lineagesIn(from, day - 1), day) ?? new Map<number, number[]>()
  const share = sharesOf(index, [...ways.values()])[[...ways.keys()].indexOf(to)]
  return {
    date: isoDay(day),
    kind,
    from: nameOn(index, from, day - 1),
    to: nameOn(index, to, day),
    share: share?.share ?? null,
    quality: share?.quality ?? 'UNKNOWN',
  }
}

/** Code and name of a commune on a day. */
export function nameOn(index: StayIndex, id: number, day: DayNumber): CommuneName {
  const state = index.stateOn(id, day)
  return { code: index.code(id), name: state === undefined ? '' : index.state(state).name }
}

/** By day: the codes that lost or gained ground, or changed name. The number before a day lies after all earlier days. */
function touchedCodes(index: StayIndex): Map<DayNumber, Set<number>> {
  const touched = new Map<DayNumber, Set<number>>()
  const touch = (day: DayNumber, id: number): void => {
    const codes = touched.get(day) ?? new Set()
    touched.set(day, codes.add(id))
  }
  for (const lineage of index.lineages()) {
    let before = -1
    for (const stay of index.staysOfLineage(lineage)) {
      const { commune, from } = index.stay(stay)
      if (before !== -1 && before !== commune) {
        touch(from, before)
        touch(from, commune)
      }
      before = commune
    }
  }
  for (const id of index.codes.keys()) {
    let name = ''
    let end = 0
    for (const position of index.statesOf(id)) {
      const state = index.state(position)
      if (state.from === end && state.name !== name) touch(state.from, id)
      ;({ name, until: end } = state)
    }
  }
  return touched
}

interface Edge {
  readonly from: number
  readonly to: number
  /** Whether the ground is a commune of its own for the first time. */
  readonly isCreation: boolean
}

/** From which commune to which the ground of these codes went on a day. */
function edgesOn(index: StayIndex, day: DayNumber, codes: ReadonlySet<number>): readonly Edge[] {
  const edges = new Map<string, Edge>()
  for (const id of codes) {
    for (const lineage of [...index.lineagesIn(id, day - 1), ...index.lineagesIn(id, day)]) {
      const before = index.stayOn(lineage, day - 1)
      const after = index.stayOn(lineage, day)
      if (before === undefined || after === undefined) continue
      const from = index.communeOf(before)
      const to = index.communeOf(after)
      const isCreation =
        index.stay(before).standing === 'NOT_YET_CREATED' && index.stay(after).standing !== 'NOT_YET_CREATED'
      const key = `${from} ${to}`
      edges.set(key, { from, to, isCreation: isCreation || edges.get(key)?.isCreation === true })
    }
  }
  return [...edges.values()]
}

/** What happened together: edges that share a commune before or after. */
function eventsOf(edges: readonly Edge[]): readonly (readonly Edge[])[] {
  const leaving = Map.groupBy(edges, ({ from }) => from)
  const arriving = Map.groupBy(edges, ({ to }) => to)
  const seen = new Set<Edge>()
  return edges.flatMap((start) => {
    if (seen.has(start)) return []
    const event = new Set([start])
    for (const { from, to } of event) {
      for (const edge of [...(leaving.get(from) ?? []), ...(arriving.get(to) ?? [])]) event.add(edge)
    }
    for (const edge of event) seen.add(edge)
    return [[...event]]
  })
}

function stepsOfEvent(index: StayIndex, day: DayNumber, event: readonly Edge[]): readonly Step[] {
  const kind = kindOf(index, day, event)
  return event.map(({ from, to }) => ({ day, kind, from, to }))
}

function kindOf(index: StayIndex, day: DayNumber, event: readonly Edge[]): MovementKind {
  const isDivided = new Set(event.map(({ from }) => from)).size < event.length
  const [first] = event
  if (event.length === 1 && first !== undefined) {
    const [before, after] = [index.code(first.from), index.code(first.to)]
    if (before === after) return 'RENAME'
    return departementOfCommuneCode(before) === departementOfCommuneCode(after) ? 'SEAT_TRANSFER' : 'DEPARTEMENT_CHANGE'
  }
  if (!isDivided) return 'MERGER'
  if (event.some(({ isCreation }) => isCreation)) return 'CREATION'
  return event.some(({ to }) => index.stateOn(to, day - 1) === undefined) ? 'RE_ESTABLISHMENT' : 'SPLIT'
}
