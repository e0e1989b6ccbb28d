import { StratesError } from '../observations/error.ts'
import { parseCode } from './code.ts'
import { dayNumber, isoDay, parseDay, type DayRange } from './day.ts'
import { FIRST_DAY } from './lineage.ts'
import { movementOf, stepsOf, type CommuneName, type Movement, type Step } from './movements.ts'
import type { Weights } from './pieces.ts'
import { resolveCode, type CommuneResolution } from './resolve.ts'
import { standingOf, weighIn } from './shares.ts'
import { StayIndex, type TimelineColumns } from './stayIndex.ts'

/** A day as a caller writes it: ISO, or a year for its 1 January. */
export type DayInput = string | number

/** The communes of France since 1943: what a code was, what it became, what happened between two days. */
export interface Timeline {
  /**
   * The newest day on which the communes are known, the 1 January of the newest vintage; ISO. Later days of its year may be
   * asked, and have the communes of this one.
   */
  readonly today: string
  /**
   * What the place that a code named on one day is on another, later or earlier.
   * @param from default: today where the code is valid, else the last day on which it was.
   * @param to default: today.
   * @throws StratesError INVALID_CODE, INVALID_DATE, or UNKNOWN_TERRITORY for a code that never was, or not yet.
   */
  resolve(code: string, days?: { readonly from?: DayInput | null; readonly to?: DayInput | null }): CommuneResolution
  /**
   * The movements after one day and until another, oldest first, to be read with `movement`.
   * @param days `to` is by default today, or `from` where that is later.
   * @param within codes of communes of today: only movements of ground that is in one of them now, wherever it was or went.
   * @throws StratesError INVALID_DATE.
   */
  changes(
    days: { readonly from: DayInput; readonly to?: DayInput | null },
    within?: ReadonlySet<string>,
  ): readonly Step[]
  /** A movement in full: names, and the share where one commune becomes several. */
  movement(step: Step): Movement
  /** What names a movement among all: day, code before, code after. */
  idOf(step: Step): string
  /** Every name that a code had as a commune or as a part of one, each pair once. */
  names(): readonly CommuneName[]
  /** Weighs pieces of ground against each other by population; undefined where one was never counted, or nobody lives there. */
  weigh(pieces: readonly number[]): Weights | undefined
}

/**
 * Indexes the columns of a chronicle. The movements are derived when they are first needed.
 * @param vintage the newest COG vintage; days up to the end of its year may be asked.
 */
export function createTimeline(columns: TimelineColumns, vintage: number): Timeline {
  const index = new StayIndex(columns)
  const today = `${vintage}-01-01`
  const days: DayRange = { first: FIRST_DAY, last: `${vintage}-12-31` }
  const dayOf = (argument: string, given: DayInput | null | undefined): string | undefined =>
    given === null || given === undefined ? undefined : parseDay(argument, given, days)
  const steps = once(() => stepsOf(index))
  const stepsFrom = once(() => Map.groupBy(steps(), ({ from }) => from))
  const known = new Map<Step, Movement>()
  function movement(step: Step): Movement {
    const made = known.get(step) ?? movementOf(index, step)
    known.set(step, made)
    return made
  }
  return {
    today,
    resolve(code, { from, to } = {}) {
      const sources = { index, stepsFrom: stepsFrom(), movement, today }
      return resolveCode(sources, parseCode('COMMUNE', code), { from: dayOf('from', from), to: dayOf('to', to) })
    },
    changes({ from, to }, within) {
      const first = dayOf('from', from) ?? today
      const last = dayOf('to', to) ?? (first > today ? first : today)
      if (first > last) throw upsideDown(first, last)
      const found = steps().filter(({ day }) => day > dayNumber(first) && day <= dayNumber(last))
      return within === undefined ? found : found.filter((step) => isWithin(index, step, within, dayNumber(today)))
    },
    movement,
    names: () => namesIn(index),
    weigh: (pieces) => weighIn(index, pieces),
    idOf: ({ day, from, to }) => `${isoDay(day)}/${index.code(from)}/${index.code(to)}`,
  }
}

function namesIn(index: StayIndex): readonly CommuneName[] {
  return index.codes.flatMap((code, id) => {
    const states = Array.from(index.statesOf(id), (state) => index.state(state).name)
    const stays = Array.from(index.staysOfCode(id), (stay) => index.stay(stay).name)
    return [...new Set([...states, ...stays])].map((name) => ({ code, name }))
  })
}

/** Whether any ground of the commune before, or of the one after, is in one of these communes now. */
function isWithin(index: StayIndex, { day, from, to }: Step, communes: ReadonlySet<string>, today: number): boolean {
  const lineages = [...index.lineagesIn(from, day - 1), ...index.lineagesIn(to, day)]
  return [...(standingOf(index, lineages, today)?.keys() ?? [])].some((id) => communes.has(index.code(id)))
}

function upsideDown(from: string, to: string): StratesError {
  return new StratesError({
    code: 'INVALID_DATE',
    what: 'The days are in the wrong order',
    on: `from: ${from}, to: ${to}`,
    expected: 'from before to',
    remedy: 'Exchange them, or leave to out for today.',
    details: { from, to },
  })
}

function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined
  return () => (made ??= make())
}
