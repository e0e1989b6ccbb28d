import { OBSERVATION_STATUSES, type ObservationStatus } from '../observations/status.ts'

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
  /** The few cells with suppressed or not located contributors, by position. */
  readonly rare: ReadonlyMap<number, RareFacts>
}

/** What only few cells have. */
export interface RareFacts {
  readonly suppressed: number
  readonly notLocated: number
  readonly notLocatedValue: number
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

const NOTHING_RARE: RareFacts = { suppressed: 0, notLocated: 0, notLocatedValue: 0 }

/** Finds cells by (slice, territory) in typed arrays: 29 bytes a cell, a look-up is one binary search. */
export class Cube {
  readonly #columns: CellColumns
  readonly #starts: Map<number, { readonly from: number; readonly to: number }>

  constructor(columns: CellColumns) {
    this.#columns = columns
    this.#starts = rangesOf(columns.slice)
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

  #positionOf(slice: number, territory: number): number | undefined {
    const range = this.#starts.get(slice)
    if (range === undefined) return undefined
    const territories = this.#columns.territory
    let low = range.from
    let high = range.to - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = territories[middle] ?? -1
      if (found === territory) return middle
      if (found < territory) low = middle + 1
      else high = middle - 1
    }
    return undefined
  }
}

function rangesOf(slices: Int32Array): Map<number, { readonly from: number; readonly to: number }> {
  const ranges = new Map<number, { from: number; to: number }>()
  for (let position = 0; position < slices.length; position += 1) {
    const slice = slices[position] ?? -1
    const range = ranges.get(slice)
    if (range === undefined) ranges.set(slice, { from: position, to: position + 1 })
    else range.to = position + 1
  }
  return ranges
}
