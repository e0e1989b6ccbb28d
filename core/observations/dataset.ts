import type { Dimension } from './dimension.ts'
import type { LicenceId } from './licence.ts'
import type { MeasureDefinition } from './measure.ts'
import type { OwnerName } from './owner.ts'
import type { SchoolContract, SchoolKind } from './school.ts'

/**
 * A dataset described, not coded: adding a dataset is adding one file with such a descriptor. The pipeline reads it from
 * top to bottom: where the file is, what it must contain, how a row becomes figures, whose they are.
 */
export interface DatasetDescriptor {
  /** The identifier on the publisher's portal, or the project's own where there is none. */
  readonly id: string
  /** The official title, in French. */
  readonly title: string
  /** What is counted and what is not, for someone who has never seen the file. */
  readonly description: string
  /** The subgraph that holds the descriptor. */
  readonly owner: OwnerName
  readonly roles: Roles
  readonly licence: LicenceId
  /** The sentence that reusers must show. */
  readonly attribution: string
  /** The page on which a person finds the dataset. */
  readonly sourceUrl: string
  readonly updateFrequency: 'ANNUAL' | 'CONTINUOUS'
  /**
   * Of an annual dataset, within how many months of 1 January of a period its publisher is expected to have it out: by this
   * `freshness` is judged. Absent where nobody knows.
   */
  readonly publishedWithin?: number
  readonly source: SourceLocator
  /** The names, without extension, of the files that hold this dataset in a folder given with `--from`. */
  readonly fileNames: readonly RegExp[]
  readonly columns: Readonly<Record<string, ColumnContract>>
  /** Rows that break an invariant stop the dataset. */
  readonly invariants: readonly Invariant[]
  readonly unique: UniqueRule
  /** One SQL projection over the checked columns (`FROM checked`); see {@link MappedColumns}. */
  readonly mapping: string
  /** What a row is: a school, or a commune. It says who the contributors of a total are. */
  readonly contributors: 'SCHOOLS' | 'COMMUNES'
  readonly contributorNoun: { readonly one: string; readonly many: string }
  /** What counts as one missing contributor where no file covers a place: its communes or its département. */
  readonly absentUnit: 'COMMUNE' | 'DEPARTEMENT'
  readonly extent: Extent
  /** First period that the publisher has; earlier ones are NOT_PUBLISHED. */
  readonly firstPeriod: number
  /** Last period, for a series that its publisher has ended; absent while it goes on. */
  readonly lastPeriod?: number
  /** What a later period is that no file gives: the publisher has none (embedded data), or we have no file. */
  readonly whenPeriodAbsent: 'NOT_PUBLISHED' | 'SOURCE_UNAVAILABLE'
  /** How the rows become a commune's value, in one sentence. */
  readonly rule: string
  readonly measures: readonly MeasureClaim[]
  /** Which schools of the directory are expected in this dataset; absent where the directory cannot tell. */
  readonly register?: { readonly kinds: readonly SchoolKind[] }
  /** Declared facts about the editions of a file whose period its content does not tell. */
  readonly editions?: readonly Edition[]
  readonly notes?: readonly DatasetNote[]
  readonly examples: readonly Example[]
}

/** The three roles of a figure, which the field mixes up. */
export interface Roles {
  readonly competent: string
  readonly legalBasis: string
  readonly producer: string
  readonly publisher: string
}

/** Where the bytes come from when no folder is given. */
export type SourceLocator =
  | { readonly kind: 'portal'; readonly host: string; readonly datasetId: string; readonly periodField?: string }
  | { readonly kind: 'cog' }
  | { readonly kind: 'folder' }

/** What a column must be. Values are read as text; the type says which text is accepted and what it becomes. */
export interface ColumnContract {
  /** Headers accepted, labels or technical names; case, accents and punctuation do not matter. */
  readonly names: readonly string[]
  readonly type: ColumnType
  /** Whether the dataset stops when the file has no such column; default true. */
  readonly required?: boolean
  /** Whether a cell may be empty; default false for required columns. */
  readonly nullable?: boolean
}

/** `count` is a whole number ≥ 0; `decimal` accepts a comma; `year` takes "2022", "2022-2023" and dates. */
export type ColumnType = 'text' | 'count' | 'decimal' | 'year' | 'uai' | 'commune' | 'date'

/** A SQL condition that holds on every row. */
export interface Invariant {
  readonly holds: string
  /** The condition in words. */
  readonly says: string
}

/** Which columns tell rows apart, and what to do with a second row of the same. */
export interface UniqueRule {
  readonly columns: readonly string[]
  readonly onRepeat: 'REFUSE' | 'KEEP_FIRST'
}

/** The columns that a mapping may give beside one column for each measure it claims. */
export interface MappedColumns {
  /** Year of the period; absent where the edition declares it. */
  readonly period?: number
  /** Newest date on which the row was updated, by which an edition is recognised. */
  readonly updated?: string | null
  /** Who contributes: the UAI of a school, the code of a commune. */
  readonly contributor: string
  readonly contributor_name: string | null
  readonly kind: SchoolKind | null
  readonly uai: string | null
  readonly commune_code: string | null
  /** The COG vintage of `commune_code`, where the file tells. */
  readonly commune_vintage?: number | null
  readonly commune_label: string | null
  readonly departement_label: string | null
  /** False where the file says that the row is outside what the dataset counts; null where it does not say. */
  readonly in_scope: boolean | null
  /** ISO date on which the school opened, null where the file does not say. */
  readonly opened: string | null
  /** Of a school: its contract with the State, null where the file does not say. */
  readonly contract?: SchoolContract | null
  /** Of a school: degrees north and east (WGS 84), null where the file does not say. */
  readonly latitude?: number | null
  readonly longitude?: number | null
}

/** The départements (and overseas collectivities) that a dataset is meant to cover, by code. */
export interface Extent {
  readonly always: 'ALL_DEPARTEMENTS'
  /** Overseas collectivities that always belong to it. */
  readonly collectivities: readonly string[]
  /** Overseas collectivities that belong to it only in the periods in which the file reports them. */
  readonly whenReported: readonly string[]
}

/** A measure to which the dataset gives values. */
export interface MeasureClaim {
  readonly measure: string
  /**
   * What it is broken down by. A dimension of the contributor is a column of the mapping with its name (`SECTOR`); one of
   * its pupils has a column for each value (`"LEVEL=CP"`), and what they do not add up to is shown as not broken down.
   */
  readonly breakdownBy?: readonly Dimension[]
  /** The definition, in the strongest dataset that gives the measure; with `parts`, the dataset gives no column for it. */
  readonly defines?: MeasureDefinition
  /** The first period of the measure, where it is not that of the dataset: of a sum that has stronger sources. */
  readonly firstPeriod?: number
  /** Stronger datasets, to which this one yields wherever they give a value. */
  readonly yieldsTo?: readonly string[]
  /** The kinds of rows that contribute to it; all where it is not said. */
  readonly kinds?: readonly SchoolKind[]
  /** What makes this source weaker or different, shown on each value. */
  readonly note?: string
  /** Why its totals fall short of published ones, where that is known of the source: named when they are compared. */
  readonly shortfall?: string
}

/** An edition of a file, recognised by its name or by its newest update date, and the period of its counts. */
export interface Edition {
  /** Recognises the edition: in the file name, or as prefix of the newest `updated` date of its rows. */
  readonly match: { readonly fileName: RegExp } | { readonly updated: string }
  /** The rentrée that its counts describe. */
  readonly period: number
  /** The rentrée whose situation the list of schools shows. */
  readonly situation: number
}

/** A sentence shown on the observations concerned. */
export interface DatasetNote {
  readonly text: string
  /** Only from this period. */
  readonly from?: number
  /** Only up to this period. */
  readonly to?: number
  /** Only on territories that hold, in whole or in part, one of these départements. */
  readonly departements?: readonly string[]
}

/** A row as the file has it, and what the mapping makes of it; a test runs each. */
export interface Example {
  readonly says: string
  readonly row: Readonly<Record<string, string>>
  readonly gives: Readonly<Record<string, string | number | boolean | null>>
}
