import type { SchoolValue, MissingRow } from './contributors.ts'
import type { CubeCell } from './cube.ts'

/** Where a reader finds the cells of one owner. An engine that has to fetch them throws `NotHeld` (notHeld.ts) until they are there. */
export interface Cells {
  /** The cell of a territory in a slice; undefined where no file covers any of it. */
  cell(slice: number, territory: number): CubeCell | undefined
  /** The parts of a territory's value in a slice, by position of the part; those that are 0 are left out. */
  parts(slice: number, territory: number): ReadonlyMap<number, number>
  /** Says that cells of all these territories are read next, so that they are fetched together. */
  need(territories: Iterable<number>): void
}

/** Where a reader finds what contributors brought one by one. As with {@link Cells}, some of it may have to be fetched. */
export interface Contributions {
  /** Everything that a school brought, in the order of the slices. */
  valuesOf(school: number): readonly SchoolValue[]
  /** The contributors of a slice that gave no figure of their own, in the order in which they were published. */
  missingIn(slice: number): readonly MissingRow[]
  /** Says that the missing of all these slices are read next. */
  need(slices: Iterable<number>): void
}

/** What an index over published values does without. */
export const NO_CONTRIBUTIONS: Contributions = { valuesOf: () => [], missingIn: () => [], need: () => {} }
