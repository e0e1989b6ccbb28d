import type { Cells } from './cells.ts'
import { OBSERVATION_STATUSES, type ObservationStatus } from '../observations/status.ts'
import { lowerBound, rangesOf, type Range } from './sorted.ts'

/** The cells of one owner as they come from its Parquet file: one typed array a column, sorted by slice and territory. */
export interface CellColumns {
  readonly slice: Int32Array
  readonly territory: Int32Array
  readonly value: Float64Array
  readonly status: Uint8Array
  readonly expected: Int32Array
  readonly reported: Int32Array
  readonly share: Float32Array
  /** Position in the owner's list of note sets. */
  readonly notes: Uint16Array
  /** The few cells with suppressed, not located or shared-out contributors, by position. */
  readonly rare: ReadonlyMap<number, RareFacts>
}

/** What only few cells have. */
export interface RareFacts {
  readonly suppressed: number
  readonly notLocated: number
  readonly notLocatedValue: number
  /** The part of the value that was shared out by population. */
  readonly estimated: number
}

/** One cell, read out of the columns. */
export interface CubeCell extends RareFacts {
  readonly value: number | null
  readonly status: ObservationStatus
  readonly expected: number
  readonly reported: number
  readonly share: number
  readonly notes: number
}

/** The parts of breakdowns of one owner: one typed array a column, sorted by slice, territory and part. */
export interface PartColumns {
  readonly slice: Int32Array
  readonly territory: Int32Array
  readonly part: Uint16Array
  readonly value: Float64Array
}

/** Of most cells. */
export const NOTHING_RARE: RareFacts = { suppressed: 0, notLocated: 0, notLocatedValue: 0, estimated: 0 }

/** Finds cells by (slice, territory) in typed arrays: 29 bytes a cell, a look-up is one binary search. */
export class Cube implements Cells {
  readonly #columns: CellColumns
  readonly #parts: PartColumns
  readonly #cellRanges: ReadonlyMap<number, Range>
  readonly #partRanges: ReadonlyMap<number, Range>

  constructor(columns: CellColumns, parts: PartColumns = NO_PARTS) {
    this.#columns = columns
    this.#parts = parts
    this.#cellRanges = rangesOf(columns.slice)
    this.#partRanges = rangesOf(parts.slice)
  }

  /** How many cells there are. */
  get size(): number {
    return this.#columns.slice.length
  }

  /** The cell of a territory in a slice; undefined where no file covers any of it. */
  cell(slice: number, territory: number): CubeCell | undefined {
    const position = this.#positionOf(slice, territory)
    if (position === undefined) return undefined
    const { value, status, expected, reported, share, notes, rare } = this.#columns
    const known = OBSERVATION_STATUSES[status[position] ?? 0] ?? 'SOURCE_UNAVAILABLE'
    const number = value[position] ?? Number.NaN
    return {
      value: Number.isNaN(number) ? null : number,
      status: known,
      expected: expected[position] ?? 0,
      reported: reported[position] ?? 0,
      share: share[position] ?? 0,
      notes: notes[position] ?? 0,
      ...(rare.get(position) ?? NOTHING_RARE),
    }
  }

  /** The parts of a territory's value in a slice, by position of the part; those that are 0 are left out. */
  parts(slice: number, territory: number): ReadonlyMap<number, number> {
    const { territory: territories, part, value } = this.#parts
    const range = this.#partRanges.get(slice)
    const values = new Map<number, number>()
    if (range === undefined) return values
    for (
      let row = lowerBound(territories, territory, range);
      row < range.to && territories[row] === territory;
      row += 1
    ) {
      values.set(part[row] ?? 0, value[row] ?? 0)
    }
    return values
  }

  /** Everything is there. */
  need(): void {}

  #positionOf(slice: number, territory: number): number | undefined {
    const range = this.#cellRanges.get(slice)
    if (range === undefined) return undefined
    const position = lowerBound(this.#columns.territory, territory, range)
    return position < range.to && this.#columns.territory[position] === territory ? position : undefined
  }
}

const NO_PARTS: PartColumns = {
  slice: new Int32Array(),
  territory: new Int32Array(),
  part: new Uint16Array(),
  value: new Float64Array(),
}
