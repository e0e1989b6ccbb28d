import type { DuckDBConnection } from '@duckdb/node-api'
import type { StratesError } from '../observations/error.ts'
import type { OwnerName } from '../observations/owner.ts'
import type { Cells, Contributions } from './cells.ts'
import type { Manifest } from './manifest.ts'

/** Where the cells of a version are, and what contributors brought to them: in memory, or somewhere from which they are fetched. */
export interface StoreEngine {
  /** Whether what is asked may have to be fetched first: readers throw `NotHeld` then (notHeld.ts). */
  readonly waits: boolean
  /** Whether it takes them from files of the version, which are needed there only then. */
  readonly readsFiles: boolean
  /** @throws StratesError when it has not got what the manifest names. */
  open(version: VersionFiles): Promise<OpenedVersion>
  /** Why what is asked cannot be read now; undefined where all that was asked last could be. */
  problem(): StratesError | undefined
  /** Lets go of connections. */
  close(): Promise<void>
}

/** A version of the store, while it is opened. */
export interface VersionFiles {
  readonly folder: string
  readonly manifest: Manifest
  /** Reads Parquet files; closed once the version is open. */
  readonly connection: DuckDBConnection
}

/** A version that an engine has opened. */
export interface OpenedVersion {
  /** All that there is of an owner for whom the store is opened. */
  own(owner: OwnerName): Promise<{ readonly cells: Cells; readonly contributions: Contributions }>
  /** The published cells of any other owner, of which sums over owners are made: without parts. May be asked later. */
  published(owner: OwnerName): Promise<Cells>
  /** Some slices of an owner, which are then all there: nothing of them has to be fetched. May be asked later. */
  slices(owner: OwnerName, slices: readonly number[]): Promise<Cells>
}
