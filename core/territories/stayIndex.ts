import { dayNumber, type DayNumber } from './day.ts'
import { STANDINGS, type Chronicle, type Standing } from './lineage.ts'
import type { Pieces, Population } from './pieces.ts'

/** The stays as typed arrays, one entry a stay, by lineage and day; the arrondissements, of no lineage, come last. */
export interface StayColumns {
  /** -1 for a municipal arrondissement. */
  readonly lineage: Int32Array
  /** The piece of its lineage; -1 where it has none. */
  readonly piece: Int32Array
  /** Position of its own code. */
  readonly code: Int32Array
  /** Position of its name. */
  readonly name: Int32Array
  /** Position in `STANDINGS`. */
  readonly standing: Uint8Array
  /** Day as a number, inclusive. */
  readonly from: Int32Array
  /** Day as a number, exclusive. */
  readonly until: Int32Array
  /** Position of the code of the commune in which it stands. */
  readonly commune: Int32Array
}

/** The names of communes as typed arrays, by code and day. */
export interface StateColumns {
  readonly code: Int32Array
  readonly name: Int32Array
  readonly from: Int32Array
  readonly until: Int32Array
}

/** The populations of pieces as typed arrays, by piece, newest census first. */
export interface PopulationColumns {
  readonly piece: Int32Array
  readonly year: Int32Array
  readonly inhabitants: Int32Array
}

/** Every code that a commune, a part of one or an arrondissement ever had, and every name: each once, in order. */
export interface PlaceWords {
  readonly codes: readonly string[]
  readonly names: readonly string[]
}

/** What a timeline is made of, as a version of the store holds it: codes and names stand once, and are named by position. */
export interface TimelineColumns extends PlaceWords {
  readonly stays: StayColumns
  readonly communes: StateColumns
  readonly populations: PopulationColumns
}

/** A chronicle and its pieces as columns. */
export function columnsOf(chronicle: Chronicle, pieces: Pieces): TimelineColumns {
  const stays = [...chronicle.stays, ...chronicle.arrondissements]
  const states = chronicle.communes
  const populations = pieces.all.flatMap(({ index, populations }) => populations.map((own) => ({ index, ...own })))
  const codes = inOrder([...stays, ...states].map(({ code }) => code))
  const names = inOrder([...stays, ...states].map(({ name }) => name))
  const codeOf = positionsIn(codes)
  const nameOf = positionsIn(names)
  return {
    codes,
    names,
    stays: {
      lineage: Int32Array.from(stays, ({ lineage }) => lineage),
      piece: Int32Array.from(stays, ({ lineage }) => pieces.ofLineage[lineage] ?? -1),
      code: Int32Array.from(stays, ({ code }) => codeOf(code)),
      name: Int32Array.from(stays, ({ name }) => nameOf(name)),
      standing: Uint8Array.from(stays, ({ standing }) => STANDINGS.indexOf(standing)),
      from: Int32Array.from(stays, ({ from }) => dayNumber(from)),
      until: Int32Array.from(stays, ({ until }) => dayNumber(until)),
      commune: Int32Array.from(stays, ({ commune }) => codeOf(commune)),
    },
    communes: {
      code: Int32Array.from(states, ({ code }) => codeOf(code)),
      name: Int32Array.from(states, ({ name }) => nameOf(name)),
      from: Int32Array.from(states, ({ from }) => dayNumber(from)),
      until: Int32Array.from(states, ({ until }) => dayNumber(until)),
    },
    populations: {
      piece: Int32Array.from(populations, ({ index }) => index),
      year: Int32Array.from(populations, ({ year }) => year),
      inhabitants: Int32Array.from(populations, ({ inhabitants }) => inhabitants),
    },
  }
}

const inOrder = (words: readonly string[]): readonly string[] => [...new Set(words)].toSorted()

function positionsIn(words: readonly string[]): (word: string) => number {
  const positions = new Map(words.map((word, position) => [word, position]))
  return (word) => positions.get(word) ?? -1
}

/**
 * Finds stays and names by code, lineage and day. Codes, stays and names of communes ("states") are known by position, so
 * that a look-up walks a few numbers and makes no object.
 */
export class StayIndex {
  /** Every code that a commune, a part of one or an arrondissement ever had, in order. */
  readonly codes: readonly string[]
  readonly #names: readonly string[]
  readonly #stays: StayColumns
  readonly #states: StateColumns
  readonly #populations: PopulationColumns
  readonly #ids: ReadonlyMap<string, number>
  readonly #ofLineage: Groups
  readonly #inCommune: Groups
  readonly #ofCode: Groups
  readonly #statesOfCode: Groups
  readonly #ofPiece: Groups
  /** How many lineages each piece is made of. */
  readonly #sizes: Int32Array

  constructor({ codes, names, stays, communes, populations }: TimelineColumns) {
    this.codes = codes
    this.#names = names
    this.#stays = stays
    this.#states = communes
    this.#populations = populations
    this.#ids = new Map(codes.map((code, id) => [code, id]))
    const inCommune = stays.commune.map((commune, stay) => (stays.lineage[stay] === -1 ? -1 : commune))
    this.#statesOfCode = groupsOf(communes.code, codes.length)
    this.#ofCode = groupsOf(stays.code, codes.length)
    this.#inCommune = groupsOf(inCommune, codes.length)
    this.#ofLineage = groupsOf(stays.lineage, largest(stays.lineage) + 1)
    this.#ofPiece = groupsOf(populations.piece, Math.max(largest(populations.piece), largest(stays.piece)) + 1)
    this.#sizes = new Int32Array(this.#ofPiece.starts.length - 1)
    for (const [stay, piece] of stays.piece.entries()) {
      const isFirst = stays.lineage[stay] !== stays.lineage[stay - 1]
      if (isFirst && piece !== -1) this.#sizes[piece] = (this.#sizes[piece] ?? 0) + 1
    }
  }

  /** The position of a code; undefined for one that never was. */
  id(code: string): number | undefined {
    return this.#ids.get(code)
  }

  /** The code at a position. */
  code(id: number): string {
    return this.codes[id] ?? ''
  }

  /** Every lineage. */
  *lineages(): Iterable<number> {
    const { starts } = this.#ofLineage
    for (let lineage = 0; lineage < starts.length - 1; lineage += 1) {
      if (starts[lineage] !== starts[lineage + 1]) yield lineage
    }
  }

  /** The stays of a lineage, from the oldest to the newest. */
  staysOfLineage(lineage: number): Int32Array {
    return membersOf(this.#ofLineage, lineage)
  }

  /** The stays that have this code as their own, those of arrondissements included. */
  staysOfCode(id: number): Int32Array {
    return membersOf(this.#ofCode, id)
  }

  /** The states of a code as a commune, from the oldest to the newest. */
  statesOf(id: number): Int32Array {
    return membersOf(this.#statesOfCode, id)
  }

  /** The state of a commune on a day; undefined where the code was none. */
  stateOn(id: number, day: DayNumber): number | undefined {
    const { from, until } = this.#states
    const { starts, positions } = this.#statesOfCode
    for (let place = starts[id] ?? 0; place < (starts[id + 1] ?? 0); place += 1) {
      const state = positions[place] ?? 0
      if ((from[state] ?? 0) <= day && day < (until[state] ?? 0)) return state
    }
    return undefined
  }

  /** The lineages that stand in a commune on a day. */
  lineagesIn(id: number, day: DayNumber): readonly number[] {
    const found: number[] = []
    const { starts, positions } = this.#inCommune
    for (let place = starts[id] ?? 0; place < (starts[id + 1] ?? 0); place += 1) {
      const stay = positions[place] ?? 0
      if (this.lasts(stay, day)) found.push(this.lineageOf(stay))
    }
    return found
  }

  /** The stay of a lineage on a day; undefined before the history of its place begins. */
  stayOn(lineage: number, day: DayNumber): number | undefined {
    const { starts, positions } = this.#ofLineage
    for (let place = starts[lineage] ?? 0; place < (starts[lineage + 1] ?? 0); place += 1) {
      const stay = positions[place] ?? 0
      if (this.lasts(stay, day)) return stay
    }
    return undefined
  }

  /** Whether a stay lasts on a day. */
  lasts(stay: number, day: DayNumber): boolean {
    return (this.#stays.from[stay] ?? 0) <= day && day < (this.#stays.until[stay] ?? 0)
  }

  /** What a stay says; its commune by code position. */
  stay(stay: number): {
    readonly name: string
    readonly standing: Standing
    readonly from: DayNumber
    readonly until: DayNumber
    readonly commune: number
  } {
    const { name, standing, from, until } = this.#stays
    return {
      name: this.#nameAt(name[stay]),
      standing: STANDINGS[standing[stay] ?? 0] ?? 'COMMUNE',
      from: from[stay] ?? 0,
      until: until[stay] ?? 0,
      commune: this.communeOf(stay),
    }
  }

  /** The first day of a stay. */
  fromOf(stay: number): DayNumber {
    return this.#stays.from[stay] ?? 0
  }

  /** The day after the last one of a stay. */
  untilOf(stay: number): DayNumber {
    return this.#stays.until[stay] ?? 0
  }

  /** The lineage of a stay; -1 for an arrondissement. */
  lineageOf(stay: number): number {
    return this.#stays.lineage[stay] ?? -1
  }

  /** The commune of a stay, by code position. */
  communeOf(stay: number): number {
    return this.#stays.commune[stay] ?? -1
  }

  /** What a state says. */
  state(state: number): { readonly name: string; readonly from: DayNumber; readonly until: DayNumber } {
    const { name, from, until } = this.#states
    return { name: this.#nameAt(name[state]), from: from[state] ?? 0, until: until[state] ?? 0 }
  }

  /** The piece of a lineage; -1 where it has none. */
  pieceOf(lineage: number): number {
    const [first] = this.staysOfLineage(lineage)
    return first === undefined ? -1 : (this.#stays.piece[first] ?? -1)
  }

  /** How many lineages a piece is made of. */
  sizeOf(piece: number): number {
    return this.#sizes[piece] ?? 0
  }

  #nameAt(position: number | undefined): string {
    return this.#names[position ?? -1] ?? ''
  }

  /** The censuses that counted a piece on its own, newest first. */
  populationsOf(piece: number): readonly Population[] {
    const { year, inhabitants } = this.#populations
    return Array.from(membersOf(this.#ofPiece, piece), (row) => ({
      inhabitants: inhabitants[row] ?? 0,
      year: year[row] ?? 0,
    }))
  }
}

/** Positions by group: those of group 2 are `positions.subarray(starts[2], starts[3])`, in ascending order. */
interface Groups {
  readonly starts: Int32Array
  readonly positions: Int32Array
}

/** Groups the positions of a column by its values from 0 to `count` - 1; what is -1 is in no group. */
function groupsOf(values: Int32Array, count: number): Groups {
  const starts = new Int32Array(count + 1)
  for (const value of values) if (value >= 0) starts[value + 1] = (starts[value + 1] ?? 0) + 1
  for (let group = 0; group < count; group += 1) starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0)
  const positions = new Int32Array(starts[count] ?? 0)
  const next = starts.slice()
  for (let position = 0; position < values.length; position += 1) {
    const group = values[position] ?? -1
    if (group < 0) continue
    positions[next[group] ?? 0] = position
    next[group] = (next[group] ?? 0) + 1
  }
  return { starts, positions }
}

const membersOf = ({ starts, positions }: Groups, group: number): Int32Array =>
  positions.subarray(starts[group] ?? 0, starts[group + 1] ?? 0)

function largest(values: Int32Array): number {
  let most = -1
  for (const value of values) if (value > most) most = value
  return most
}
