/** What one cell of a table may hold; null where there is nothing, which another cell of the row explains (its status). */
export type Cell = string | number | boolean | null

/** What the cells of a column hold. Codes and ids are texts: "01001" never becomes a number. */
export type CellType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime'

/** A column, by what stays the same as long as the version of its table does. */
export interface Column {
  /** In snake_case, unique in its table. */
  readonly name: string
  readonly type: CellType
  /** One sentence, from the description of the field in the schema. */
  readonly description: string
  /** False where no row may lack it. */
  readonly nullable: boolean
  /** The values that a text may have, where they are few and known. */
  readonly values?: readonly string[]
  /** What the column is in a statistical cube or on a map; none for most. */
  readonly role?: ColumnRole
}

/**
 * `place`: names the territory or school that a row is about; `time`: the year of its figures; `value` and `status`: an observation, the
 * two of one observation having the same `measure`; `latitude`, `longitude`: where the row is, in degrees (WGS 84).
 */
export type ColumnRole =
  | { readonly kind: 'place' | 'time' | 'latitude' | 'longitude' }
  | { readonly kind: 'value' | 'status'; readonly measure: string }

/** The shape of a table: what a Table Schema tells. */
export interface TableShape {
  /** That of its operation or feed: the name of the file, without its extension. */
  readonly name: string
  /** One sentence: what a row is. */
  readonly title: string
  readonly columns: readonly Column[]
}

/** A table, whatever format it is written in. */
export interface Table extends TableShape {
  /** In order; each has as many cells as there are columns. */
  readonly rows: readonly (readonly Cell[])[]
  readonly about: TableFacts
}

/** What a file says of the whole of itself, where its format has room for it. Each figure names its own source in its row. */
export interface TableFacts {
  /** The version of the data, as in `extensions.dataVersion`. */
  readonly dataVersion: string
  /** The sentences to show when reusing it, one for each source, sorted. */
  readonly attributions: readonly string[]
  /** The licences, sorted by id. */
  readonly licences: readonly { readonly id: string; readonly title: string; readonly url: string }[]
  /** The COG vintages on which the figures are given, ascending. */
  readonly geographies: readonly number[]
  /** True when a figure of it is invented. */
  readonly simulated: boolean
  /** What is missing in it and why, in sentences: the owner that did not answer, the rows that are on later pages. Empty when it is whole. */
  readonly warnings: readonly string[]
  /** How many rows there are in all, where the question has pages and says so. */
  readonly totalRows?: number
}
