import type { OwnerName } from '../../core/observations/owner.ts'
import { STORE_FILES } from '../../core/store/manifest.ts'

/** A table of which each owner's Parquet file of a version is a partition, row by row. */
export interface FactTable {
  readonly table: string
  /** The file of an owner. */
  readonly file: (owner: OwnerName) => string
  /** The columns beside version and owner, and the type that each has in the text that is copied. */
  readonly columns: readonly string[]
  /** What rows are found by, once version and owner are given. Made after the rows are there, which takes less time. */
  readonly indexes: readonly string[]
}

/** The position of a row in its file: what is read in the file's order is ordered by it. */
export const POSITION = 'position'

/** What the cells, parts and contributors of a version are read from. */
export const FACT_TABLES: readonly FactTable[] = [
  {
    table: 'cell',
    file: STORE_FILES.cells,
    columns: [
      'territory',
      'slice',
      'value',
      'status',
      'expected',
      'reported',
      'share',
      'notes',
      'suppressed',
      'not_located',
      'not_located_value',
      'estimated',
    ],
    indexes: ['UNIQUE (territory, slice)', '(slice)'],
  },
  {
    table: 'part',
    file: STORE_FILES.parts,
    columns: ['territory', 'slice', 'part', 'value'],
    indexes: ['UNIQUE (territory, slice, part)'],
  },
  {
    table: 'school_value',
    file: STORE_FILES.schoolValues,
    columns: [POSITION, 'school', 'slice', 'value', 'state', 'commune'],
    indexes: ['(school, slice)'],
  },
  {
    table: 'missing',
    file: STORE_FILES.missing,
    columns: [POSITION, 'slice', 'piece', 'departement', 'school', 'together', 'state', 'kind', 'code', 'name'],
    indexes: ['(slice)'],
  },
]
