import { MEMBER_KINDS, type MemberKind } from '../observations/missing.ts'
import { CONTRIBUTION_STATES, type ContributionState } from '../observations/school.ts'
import type { Contributions } from './cells.ts'
import { lowerBound, rangesOf, type Range } from './sorted.ts'

/** The figures of schools as they come from their Parquet file, sorted by school and slice. */
export interface SchoolValueColumns {
  readonly school: Int32Array
  readonly slice: Int32Array
  /** NaN where there is none. */
  readonly value: Float64Array
  readonly state: Uint8Array
  /** Position of the commune in whose totals it counts; -1 where that is not known. */
  readonly commune: Int32Array
}

/** What one school brought to one slice. */
export interface SchoolValue {
  readonly slice: number
  readonly value: number | null
  readonly state: ContributionState
  readonly commune: number
}

/** Contributors expected without a figure, as they come from their Parquet file, sorted by slice. */
export interface MissingColumns {
  readonly slice: Int32Array
  /** The piece of ground, -1 where only the département is known. */
  readonly piece: Int32Array
  readonly departement: Int32Array
  /** Position of the school; -1 for a contributor that is none. */
  readonly school: Int32Array
  /** Rows of one contributor on several pieces share a number; -1 for one on a single piece. */
  readonly together: Int32Array
  readonly state: Uint8Array
  readonly kind: Uint8Array
  /** Code and name of a contributor that is no school of the list. */
  readonly code: readonly string[]
  readonly name: readonly string[]
}

/** One contributor without a figure, on one of the pieces of ground that it stands on. */
export interface MissingRow {
  readonly piece: number
  readonly departement: number
  readonly school: number
  readonly together: number
  readonly state: ContributionState
  readonly kind: MemberKind
  readonly code: string
  readonly name: string
}

/** What contributors brought, one by one: the figures of schools, and who gave none. */
export class Contributors implements Contributions {
  readonly #values: SchoolValueColumns
  readonly #missing: MissingColumns
  readonly #missingOf: ReadonlyMap<number, Range>

  constructor(values: SchoolValueColumns, missing: MissingColumns) {
    this.#values = values
    this.#missing = missing
    this.#missingOf = rangesOf(missing.slice)
  }

  /** Everything that a school brought, in the order of the slices. */
  valuesOf(school: number): readonly SchoolValue[] {
    const { school: schools, slice, value, state, commune } = this.#values
    const found: SchoolValue[] = []
    for (let row = lowerBound(schools, school); schools[row] === school; row += 1) {
      const number = value[row] ?? Number.NaN
      found.push({
        slice: slice[row] ?? -1,
        value: Number.isNaN(number) ? null : number,
        state: stateAt(state, row),
        commune: commune[row] ?? -1,
      })
    }
    return found
  }

  /** The contributors of a slice that gave no figure of their own, in the file's order. */
  missingIn(slice: number): readonly MissingRow[] {
    const { piece, departement, school, together, state, kind, code, name } = this.#missing
    const { from, to } = this.#missingOf.get(slice) ?? { from: 0, to: 0 }
    return Array.from({ length: to - from }, (_, offset): MissingRow => {
      const row = from + offset
      return {
        piece: piece[row] ?? -1,
        departement: departement[row] ?? -1,
        school: school[row] ?? -1,
        together: together[row] ?? -1,
        state: stateAt(state, row),
        kind: MEMBER_KINDS[kind[row] ?? 0] ?? 'SCHOOL',
        code: code[row] ?? '',
        name: name[row] ?? '',
      }
    })
  }

  /** Everything is there. */
  need(): void {}
}

const stateAt = (states: Uint8Array, row: number): ContributionState =>
  CONTRIBUTION_STATES[states[row] ?? 1] ?? 'MISSING'
