import { StratesError } from '../observations/error.ts'
import { dayBefore, dayNumber, isoDay, NEVER, type DayNumber } from './day.ts'
import type { Standing } from './lineage.ts'
import { nameOn, type CommuneName, type Movement, type Step } from './movements.ts'
import { sharesOf, standingOf, UNKNOWN, type Share } from './shares.ts'
import type { StayIndex } from './stayIndex.ts'
import { suggestionsFor } from './suggest.ts'

/** What a code may name: a commune, or a part of one that keeps a code of its own. */
export type NamedStanding = Exclude<Standing, 'FORMER_COMMUNE' | 'NOT_YET_CREATED'>

/** A commune that a place is in, or became, and with which part of its inhabitants. */
export interface ResolvedCommune extends CommuneName, Share {
  /** Whether it is a commune of today: the same code for the same ground. 49126 of 2014, Drain, is not. */
  readonly isCurrent: boolean
}

/** What a code named on one day, and what that place is on another. */
export interface CommuneResolution {
  readonly code: string
  readonly name: string
  readonly standing: NamedStanding
  /** The commune in which it stood: itself, or the one that it was a part of. */
  readonly stoodIn: CommuneName
  /** ISO day on which the code is taken: the one asked for, or the last one before it on which it was valid. */
  readonly from: string
  readonly to: string
  /** The newest day on which the communes are known: of a later one, the answer is that of this one. */
  readonly knownUntil: string
  /** The communes of the other day, in code order. */
  readonly results: readonly ResolvedCommune[]
  /** What happened to the place between the two days, oldest first. */
  readonly path: readonly Movement[]
}

/** What resolving looks into. */
export interface ResolveSources {
  readonly index: StayIndex
  /** The movements that leave a commune, by code position, oldest first. */
  readonly stepsFrom: ReadonlyMap<number, readonly Step[]>
  /** A movement in full. */
  readonly movement: (step: Step) => Movement
  /** The newest day on which the communes are known; ISO. */
  readonly today: string
}

/**
 * Follows a code from one day to another, forward or backward: exactly, by the lineages that stood in it.
 * @param from ISO day; default: today where the code is valid, else the last day on which it was.
 * @param to ISO day; default: today.
 * @throws StratesError UNKNOWN_TERRITORY for a code that never was, or not yet; INVALID_DATE before the history begins.
 */
export function resolveCode(
  sources: ResolveSources,
  code: string,
  { from, to = sources.today }: { readonly from?: string | undefined; readonly to?: string | undefined },
): CommuneResolution {
  const { index, today } = sources
  const named = placeOf(index, code, from ?? today)
  const day = dayNumber(to)
  const standing = standingOf(index, named.lineages, day)
  if (standing === undefined) throw beforeHistory(index, named, to)
  // Positions of codes are in code order.
  const ways = [...standing].toSorted(([left], [right]) => left - right)
  // Nobody says in which part of its commune an arrondissement lies.
  const isTold = named.standing !== 'ARRONDISSEMENT_MUNICIPAL' || ways.length === 1
  const shares = isTold
    ? sharesOf(
        index,
        ways.map(([, lineages]) => lineages),
      )
    : []
  return {
    code,
    name: named.name,
    standing: named.standing,
    stoodIn: nameOn(index, named.commune, dayNumber(named.day)),
    from: named.day,
    to,
    knownUntil: today,
    results: ways.map(([id], position) => ({
      ...nameOn(index, id, day),
      ...(shares[position] ?? UNKNOWN),
      isCurrent: isSameGround(index, id, day, dayNumber(today)),
    })),
    path: pathOf(sources, named.lineages, dayNumber(named.day), day).map(sources.movement),
  }
}

function isSameGround(index: StayIndex, id: number, one: DayNumber, other: DayNumber): boolean {
  if (one === other) return true
  const [before, after] = [index.lineagesIn(id, one), index.lineagesIn(id, other)]
  return before.length === after.length && before.every((lineage) => after.includes(lineage))
}

/** The ground that a code named on a day. */
interface NamedPlace {
  readonly name: string
  readonly standing: NamedStanding
  readonly day: string
  readonly commune: number
  readonly lineages: readonly number[]
}

/** What a code named on a day, else on the last day before it on which it named anything. */
function placeOf(index: StayIndex, code: string, day: string): NamedPlace {
  const id = index.id(code)
  if (id === undefined) throw unknown(index, code)
  const found = placeOn(index, id, day)
  if (found !== undefined) return found
  const ended = periodsOf(index, id).filter(({ until }) => until <= dayNumber(day))
  const last = ended.findLast(({ standing }) => standing === 'COMMUNE') ?? ended.at(-1)
  const earlier = last && placeOn(index, id, dayBefore(isoDay(last.until)))
  if (earlier === undefined) throw notYet(index, id, day)
  return earlier
}

/** A commune of that code comes first: 49126 was Drain, and is Orée-d'Anjou, of which Drain is a part with the same code. */
function placeOn(index: StayIndex, id: number, isoDate: string): NamedPlace | undefined {
  const day = dayNumber(isoDate)
  const state = index.stateOn(id, day)
  if (state !== undefined) {
    const { name } = index.state(state)
    return { name, standing: 'COMMUNE', day: isoDate, commune: id, lineages: index.lineagesIn(id, day) }
  }
  const parts = [...index.staysOfCode(id)].filter(
    (stay) => index.lasts(stay, day) && isNamed(index.stay(stay).standing),
  )
  const [part] = parts
  if (part === undefined) return undefined
  const { name, standing, commune } = index.stay(part)
  if (!isNamed(standing)) return undefined
  const lineages =
    standing === 'ARRONDISSEMENT_MUNICIPAL'
      ? index.lineagesIn(commune, day)
      : parts.map((stay) => index.lineageOf(stay))
  return { name, standing, day: isoDate, commune, lineages }
}

/** Whether the code of what stands so is a code of the COG. */
const isNamed = (standing: Standing): standing is NamedStanding =>
  standing !== 'FORMER_COMMUNE' && standing !== 'NOT_YET_CREATED'

/** The movements that the lineages went through after one day and until another, oldest first. */
function pathOf(
  { index, stepsFrom }: ResolveSources,
  lineages: readonly number[],
  one: DayNumber,
  other: DayNumber,
): readonly Step[] {
  const [after, until] = one < other ? [one, other] : [other, one]
  const path = new Set<Step>()
  for (const lineage of lineages) {
    const stays = index.staysOfLineage(lineage)
    for (let position = 0; position < stays.length; position += 1) {
      const stay = stays[position] ?? 0
      const commune = index.communeOf(stay)
      const next = stays[position + 1]
      const start = Math.max(after, index.fromOf(stay))
      const end = Math.min(until, index.untilOf(stay))
      if (end <= start) continue
      for (const step of stepsFrom.get(commune) ?? []) {
        if (step.day <= start || step.day > end) continue
        const isLast = next !== undefined && step.day === index.untilOf(stay)
        if (step.to === (isLast ? index.communeOf(next) : commune)) path.add(step)
      }
    }
  }
  return [...path].toSorted((left, right) => left.day - right.day || left.from - right.from || left.to - right.to)
}

/** When a code named something. */
interface Period {
  readonly name: string
  readonly standing: NamedStanding
  readonly from: DayNumber
  readonly until: DayNumber
}

/** The periods in which a code was valid, as a commune or as a part of one, oldest first. */
function periodsOf(index: StayIndex, id: number): readonly Period[] {
  const asCommune = [...index.statesOf(id)].map((state) => ({ ...index.state(state), standing: 'COMMUNE' as const }))
  const asPart = [...index.staysOfCode(id)].flatMap((position): readonly Period[] => {
    const { standing, ...stay } = index.stay(position)
    return standing !== 'COMMUNE' && isNamed(standing) ? [{ ...stay, standing }] : []
  })
  return [...asCommune, ...asPart].toSorted((left, right) => left.until - right.until)
}

function unknown(index: StayIndex, code: string): StratesError {
  const suggestions = suggestionsFor(index, code)
  const near = suggestions.map(({ code: other, name }) => `${other} ${name}`).join(', ')
  return new StratesError({
    code: 'UNKNOWN_TERRITORY',
    what: 'No commune ever had this code, nor a part of one, since 1943',
    on: `code ${JSON.stringify(code)}`,
    expected: 'a code that the COG holds or held',
    remedy:
      near === '' ? 'Look the code up in the Code officiel géographique (insee.fr).' : `The nearest are: ${near}.`,
    details: { tier: 'COMMUNE', given: code, suggestions },
  })
}

function notYet(index: StayIndex, id: number, day: string): StratesError {
  const valid = periodsOf(index, id).map(({ name, standing, from, until }) => ({
    name,
    standing,
    from: isoDay(from),
    until: until === NEVER ? null : isoDay(until),
  }))
  const [first] = valid.toSorted((left, right) => (left.from < right.from ? -1 : 1))
  return new StratesError({
    code: 'UNKNOWN_TERRITORY',
    what: 'This code did not exist yet on that day',
    on: `code ${JSON.stringify(index.code(id))} on ${day}`,
    expected: `a day from ${first?.from}, when it became that of ${first?.name}`,
    remedy: 'Ask for a later day, or leave from out.',
    details: { tier: 'COMMUNE', given: index.code(id), day, valid },
  })
}

/** The overseas collectivities enter with the first vintage that has them; what they were before, nothing held says. */
function beforeHistory(index: StayIndex, { name, lineages }: NamedPlace, day: string): StratesError {
  const starts = lineages.map((lineage) => index.stay(index.staysOfLineage(lineage)[0] ?? 0).from)
  const first = isoDay(Math.max(...starts))
  return new StratesError({
    code: 'INVALID_DATE',
    what: 'The history held of this place does not reach back to that day',
    on: `${name} on ${day}`,
    expected: `a day from ${first}`,
    remedy: 'Ask for a later day.',
    details: { given: day, first },
  })
}
