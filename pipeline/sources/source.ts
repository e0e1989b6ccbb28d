/**
 * What every connector does: given where a dataset is published, deliver its bytes untouched into the store's
 * `sources/` folder. A connector reads no cell and knows no column.
 */
import type { Memory } from './memory.ts'
import type { Progress } from './progress.ts'

/** One file of a dataset, byte for byte as its publisher served it. */
export interface SourceFile {
  readonly datasetId: string
  /** The name a person knows the file by; its extension says CSV or Parquet. */
  readonly name: string
  /** What a person can open to see where the file comes from: a page, or the file's own name when it has none. */
  readonly url: string
  /** Where the bytes are now: `<folder>/<sha256>.<extension>`. */
  readonly path: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
  /** ISO 8601, UTC. Kept beside the data, never inside it: the same bytes give the same version. */
  readonly retrievedAt: string
  /** The rentrée the file was asked for; absent when it holds whatever the publisher had. */
  readonly period?: number
}

/** Where a dataset stands on an Opendatasoft portal. Comes from a descriptor, never from a user. */
export interface PortalLocator {
  /** `data.education.gouv.fr`, without scheme or path. */
  readonly host: string
  readonly datasetId: string
  /** The facet that cuts the dataset into years, such as `rentree_scolaire`; without it the dataset comes whole. */
  readonly periodField?: string
}

/** What to fetch. */
export interface SourceRequest {
  readonly datasetId: string
  /** Which file names in a folder belong to the dataset. */
  readonly fileNames: readonly RegExp[]
  readonly portal?: PortalLocator
  /** Which years, where the source can be asked by year; by default the three newest. */
  readonly periods?: { readonly newest: number } | { readonly since: number }
}

/** Where to put it, and whom to tell. */
export interface SourceTarget {
  /** The store's `sources/` folder; created when absent. */
  readonly folder: string
  readonly progress: Progress
  /** What was taken before, so that a file is taken again only when it changed; without it, everything is taken. */
  readonly memory?: Memory
}

/** A place datasets come from. */
export interface Source {
  /** For reports: `folder`, `portal`. */
  readonly name: string
  /**
   * Delivers the files of one dataset, sorted by name; none when the source does not hold it.
   * @throws {StratesError} SOURCE_UNREACHABLE, SOURCE_UNREADABLE or FOLDER_NOT_FOUND
   */
  fetch(request: SourceRequest, target: SourceTarget): Promise<SourceFile[]>
  /** Lets go of connections, where a source holds any. */
  close?(): Promise<void>
}
