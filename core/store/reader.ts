import type { Dimension, DimensionKey } from '../observations/dimension.ts'
import type { DatasetVersion } from '../observations/history.ts'
import type { MissingMember } from '../observations/missing.ts'
import type { CountedCell, Observation, Provenance } from '../observations/observation.ts'
import type { OwnerName } from '../observations/owner.ts'
import type { Figure } from '../observations/status.ts'
import type { Atlas } from '../territories/atlas.ts'
import type { EpciHistory } from '../territories/epciLookup.ts'
import type { PlaceCodes } from '../territories/placeCodes.ts'
import type { Territories, Territory } from '../territories/territory.ts'
import type { Timeline } from '../territories/timeline.ts'
import type { Conversion, ConversionInput } from './conversion.ts'
import type { Manifest, MeasureRecord, SliceRecord } from './manifest.ts'
import type { MeasureValues, Ranked } from './measureIndex.ts'
import type { Quarantine } from './quarantine.ts'
import type { School, Schools } from './schools.ts'

export { NotHeld, whenHeld } from './notHeld.ts'
export type { Conversion, ConversionInput, MeasureValues, Quarantine, Ranked, School, Schools }

/**
 * All that a subgraph may know of the store. Kept narrow, so that another engine than the in-memory cube can stand
 * behind it.
 */
export interface StoreReader {
  /** Whose measures this reader holds. */
  readonly owner: OwnerName
  /**
   * Whether what is asked may have to be fetched first. Then `observe`, `figure`, `observeIn`, `breakDown`, `observeSchool`, `missingIn` and `conversionsOf`
   * throw `NotHeld`, and who asks waits for what it carries and asks again; `valuesOf` waits by itself. False where all is in memory.
   */
  readonly waits: boolean
  readonly manifest: Manifest
  /** The vintages of the COG side by side. */
  readonly atlas: Atlas
  /** The territories of the newest vintage, on which values are given by default. */
  readonly territories: Territories
  /** The EPCI of every COG vintage: what happened to them, and what became of them. */
  readonly epciHistory: EpciHistory
  /** The communes since 1943: what a code was and became. */
  readonly timeline: Timeline
  /** Postal codes and SIREN numbers of the communes; read from the version's file when they are first asked. */
  placeCodes(): PlaceCodes
  /** A measure of any owner, by id. */
  measure(id: string): MeasureRecord | undefined
  /** When the files of a dataset were taken, or last looked for where there is none; ISO 8601. */
  retrievedAt(dataset: string): string
  /** The datasets whose newest file was refused; asked anew each time. */
  quarantine(): Promise<readonly Quarantine[]>
  /** The periods in which the store has any figure of a measure, ascending; of any owner. */
  periodsOf(measure: string): readonly number[]
  /** What a measure can be broken down by, whoever owns it; a sum over owners by nothing, its parts can be. */
  dimensionsOf(measure: string): readonly Dimension[]
  /** The version of a dataset, `1.2.0+ab12cd34`; `none` where no file was at hand. */
  versionOf(dataset: string): string
  /** The versions of a dataset that this store remembers, oldest first. */
  historyOf(dataset: string): readonly DatasetVersion[]
  /**
   * The value of one of the owner's measures, or why there is none: from the strongest dataset that gives one, the
   * weaker ones beside it as alternatives.
   * @param vintage that of the territory; default: the newest.
   * @throws RangeError when the measure belongs to another owner: a subgraph reads only what it owns.
   */
  observe(measure: string, period: number, territory: Territory, vintage?: number): Observation
  /**
   * The value and status that `observe` gives on the newest vintage, alone.
   * @throws RangeError when the measure belongs to another owner.
   */
  figure(measure: string, period: number, territory: Territory): Figure
  /**
   * The value that one slice of the owner's gives, whatever stronger dataset there is.
   * @throws RangeError when the slice belongs to another owner.
   */
  observeIn(slice: SliceRecord, territory: Territory): Observation
  /**
   * The same value broken down; the parts add up to it, what the source does not break down being a part of its own. Where
   * the value is absent, so is each part, for the same reason.
   * @throws StratesError UNSUPPORTED_BREAKDOWN for dimensions that the measure's sources have not.
   */
  breakDown(
    measure: string,
    period: number,
    territory: Territory,
    by: readonly Dimension[],
    vintage?: number,
  ): readonly Part[]
  /**
   * The absence of a value where the question has no meaning: NOT_APPLICABLE, with the reason.
   * @throws RangeError when the measure belongs to another owner.
   */
  notApplicable(measure: string, period: number, reason: string, vintage: number): Observation
  /**
   * The values of a measure of any owner in one period, to rank, filter and order by: the published cells of the other owners
   * are read when they are first asked for. Figures shown as an owner's own come from its own reader.
   * @throws RangeError when there is no such measure; StratesError STORE_CORRUPT when a file is not as the manifest says.
   */
  valuesOf(measure: string, period: number): Promise<MeasureValues>
  /** Every school that a directory or an enrolment file names. */
  readonly schools: Schools
  /**
   * The figure of one school for one of the owner's measures, or why there is none; weaker sources beside it.
   * @param school its position in the list of schools.
   * @throws RangeError when the measure belongs to another owner.
   */
  observeSchool(measure: string, period: number, school: number): Observation
  /** Where the facts of a school come from. */
  provenanceOfSchool(school: School): Provenance
  /** Who was expected in cells of the owner and brought no figure: as many as their coverage counts missing and suppressed. */
  missingIn(counted: readonly CountedCell[]): readonly MissingMember[]
  /** What a converted observation of the owner is made of, one entry for each source; none for any other. */
  conversionsOf(observation: Pick<Observation, 'method' | 'counted'>): readonly Conversion[]
}

/** One part of a broken-down value. */
export interface Part {
  readonly key: DimensionKey
  readonly observation: Observation
}
