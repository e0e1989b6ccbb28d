import type { BoundaryFormat } from './boundaries.ts'
import type { Dimension, DimensionKey } from '../observations/dimension.ts'
import type { FeedFormat } from '../observations/feed.ts'
import type { MeasureDefinition } from '../observations/measure.ts'
import type { Owner } from '../observations/observation.ts'
import type { Verdict } from '../observations/reconcile.ts'
import type { Licence } from '../observations/licence.ts'
import type { OwnerName } from '../observations/owner.ts'
import type { OwnershipRule } from '../observations/ownership.ts'

/** The version of the layout below; a reader refuses any other. */
export const STORE_FORMAT = 8

/**
 * What a version of the store says of itself. It holds no clock: the same inputs give the same bytes, and `dataVersion`
 * is a hash over them. Retrieval times live beside it, in `retrieved.json`, what each version of a dataset changed, in
 * `history.json`, what each version of all the data changed, in `versions.json`, and the feeds, which show all of these, as
 * `feeds.json` lists them.
 */
export interface Manifest {
  readonly format: typeof STORE_FORMAT
  /** First 16 hexadecimal digits of the sha256 over the files listed. */
  readonly dataVersion: string
  /** The COG vintage on which values are given by default: the newest of those held. */
  readonly geography: number
  /** The vintages held, ascending, each with the year of its EPCI perimeters. */
  readonly vintages: readonly { readonly year: number; readonly epciAsOf: number }[]
  /** True when the school data is invented, see the pipeline's simulated source. */
  readonly simulated: boolean
  /** The rentrée answered when none is asked: the newest with all parts for the nation, else the newest of any; null without school data. */
  readonly defaultSchoolYear: number | null
  /** The census year answered when none is asked; null without population. */
  readonly defaultPopulationYear: number | null
  readonly measures: readonly MeasureRecord[]
  /** Who owns what, and which source comes first. */
  readonly ownership: readonly OwnershipRule[]
  readonly datasets: readonly DatasetRecord[]
  readonly slices: readonly SliceRecord[]
  readonly reconciliations: readonly ReconciliationRecord[]
  /** The editions of files that the facts of schools come from, which the file of schools names by position. */
  readonly schoolSources: readonly SchoolSource[]
  readonly files: readonly FileRecord[]
}

/** One measure, with the datasets that give it, strongest first; the measure exists even where none was at hand. */
export interface MeasureRecord extends MeasureDefinition {
  readonly datasets: readonly string[]
}

/** One dataset of the store, as provenance shows it. */
export interface DatasetRecord {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly owner: Owner
  readonly licence: Licence
  readonly attribution: string
  readonly sourceUrl: string
  readonly updateFrequency: 'ANNUAL' | 'CONTINUOUS'
  /** Within how many months of 1 January of a period its publisher has it out; null where that is not declared. */
  readonly publishedWithin: number | null
  readonly firstPeriod: number
  /** What a period is that the dataset should have and the store has not. */
  readonly whenPeriodAbsent: 'NOT_PUBLISHED' | 'SOURCE_UNAVAILABLE'
  readonly periods: readonly number[]
  /** Hashes of the untouched files that it was read from; empty when no file was at hand. */
  readonly snapshots: readonly SnapshotRecord[]
  /** Whether its values are invented. */
  readonly simulated: boolean
}

/** One untouched file of a dataset. */
export interface SnapshotRecord {
  readonly name: string
  readonly url: string
  readonly sha256: string
  readonly bytes: number
}

/** One (measure, dataset, period): the cells that were consolidated together. */
export interface SliceRecord {
  /** Its position in the manifest, which the cells name. */
  readonly slice: number
  readonly owner: OwnerName
  readonly measure: string
  readonly dataset: string
  readonly period: number
  /** The order of precedence among the datasets of a measure: 0 is the strongest. */
  readonly rank: number
  /** Codes of the départements that the dataset is meant to cover in that period. */
  readonly extent: readonly string[]
  /** Codes of those that the files at hand do cover. */
  readonly covered: readonly string[]
  /** What counts as one missing contributor where no file covers a place. */
  readonly absentUnit: 'COMMUNE' | 'DEPARTEMENT'
  /** The COG vintage on which the source gives the values; elsewhere they are carried over. */
  readonly vintage: number
  /** How the rows became values. */
  readonly rule: string
  /** What makes the source weaker or different; said of each value, that of one school included. */
  readonly note?: string
  /** The sha256 of the files that the rows come from. */
  readonly snapshots: readonly string[]
  /** Over all that the files at hand cover: contributors counted, and the total; what the next ingest is held against. */
  readonly reported: number
  readonly total: number | null
  /** What the value can be broken down by. */
  readonly breakdownBy: readonly Dimension[]
  /** The parts of the breakdown, which the file of parts names by position. */
  readonly keys: readonly DimensionKey[]
}

/** A computed total held against one that someone else publishes, or against another source. */
export interface ReconciliationRecord {
  readonly measure: string
  /** The dataset of the computed total. */
  readonly dataset: string
  readonly period: number
  /** The territory that both totals are about, by id. */
  readonly scope: string
  /** The part of the total; empty for the whole. */
  readonly key: DimensionKey
  readonly computed: number | null
  /** Contributors expected and counted in the computed total. */
  readonly expected: number
  readonly reported: number
  readonly published: number
  /** The publication, as one cites it, or the id of the other dataset. */
  readonly source: string
  readonly gap: number | null
  readonly gapRatio: number | null
  readonly verdict: Verdict
  readonly explanation: string
}

/** One edition of a file that lists schools. */
export interface SchoolSource {
  readonly dataset: string
  /** The rentrée whose situation it shows. */
  readonly situation: number
  /** The sha256 of the file. */
  readonly snapshot: string
}

/** One file of the store. */
export interface FileRecord {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** Names of the files of a store version. */
export const STORE_FILES = {
  manifest: 'manifest.json',
  retrieved: 'retrieved.json',
  history: 'history.json',
  versions: 'versions.json',
  feeds: 'feeds.json',
  report: 'report.json',
  territories: 'territories.parquet',
  grounds: 'grounds.parquet',
  aliases: 'aliases.parquet',
  stays: 'stays.parquet',
  communes: 'communes.parquet',
  pieces: 'pieces.parquet',
  placeWords: 'place-words.json',
  placeCodes: 'place-codes.json',
  schools: 'schools.parquet',
  epciVintages: 'epci-vintages.parquet',
  epciGrounds: 'epci-grounds.parquet',
  epciChanges: 'epci-changes.parquet',
  cells: (owner: OwnerName) => `cells-${owner}.parquet`,
  parts: (owner: OwnerName) => `parts-${owner}.parquet`,
  schoolValues: (owner: OwnerName) => `school-values-${owner}.parquet`,
  missing: (owner: OwnerName) => `missing-${owner}.parquet`,
  /** Named by its content, so that a file never changes under who reads it. */
  feed: (name: string, format: FeedFormat, sha256: string) =>
    `feed-${name}-${sha256.slice(0, 16)}.${format}${format === 'parquet' ? '' : '.gz'}`,
  notes: (owner: OwnerName) => `notes-${owner}.json`,
  boundaries: 'boundaries.json',
  boundary: (name: string, format: BoundaryFormat) => `boundaries-${name}.${format}.gz`,
} as const
