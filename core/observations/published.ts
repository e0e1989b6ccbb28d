import type { DimensionKey } from './dimension.ts'

/** A series of totals that someone else publishes, to hold ours against: cited facts. */
export interface PublishedSeries {
  readonly measure: string
  /** The territory that the publisher's scope is, by id: `grouping:depp-france`, `departement:976`. */
  readonly scope: string
  /** The part of the total; empty for the whole. */
  readonly key: DimensionKey
  /** The publication, as one cites it. */
  readonly source: string
  /** The figure of each rentrée. */
  readonly values: Readonly<Record<number, number>>
  /** Pupils that the publisher leaves out of the total and shows beside it. */
  readonly apart?: { readonly says: string; readonly values: Readonly<Record<number, number>> }
}
