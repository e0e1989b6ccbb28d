import type { Licence } from './licence.ts'
import type { Method, ObservationStatus } from './status.ts'

/** A value with everything needed to trust it, or the reason why there is none. */
export interface Observation {
  /** Null exactly when the status is one of the absent ones. */
  readonly value: number | null
  readonly status: ObservationStatus
  /** True when the value, or any part of it, is invented data. */
  readonly simulated: boolean
  /** Share of the value that was estimated, from 0 (none) to 1. */
  readonly estimatedShare: number
  /** What a careful reader should know, each a sentence. */
  readonly notes: readonly string[]
  readonly method: Method
  /** "pupils", "inhabitants"… */
  readonly unit: string
  /** The year that the value describes: the September of a rentrée, the reference year of a census. */
  readonly timePeriod: string
  readonly coverage: Coverage | null
  readonly provenance: Provenance
  /** The same value from weaker sources. */
  readonly alternatives: readonly Observation[]
  /**
   * The cells whose contributors the coverage counts, by which a store lists those missing; not there on an observation
   * put together from what other owners sent.
   */
  readonly counted?: readonly CountedCell[]
}

/** A territory of a COG vintage in a slice of the store, both by position. */
export interface CountedCell {
  readonly slice: number
  readonly territory: number
  readonly vintage: number
}

/** Who was expected to contribute to a value, and who did. */
export interface Coverage {
  readonly expected: number
  readonly reported: number
  readonly missing: number
  readonly suppressed: number
  /** Share of the expected weight that reported, from 0 to 1. */
  readonly share: number
  /** Contributors known to be in the département but in no known commune: counted from the département up. */
  readonly notLocated: number
  /** The part of the département's value that those contributors hold. */
  readonly notLocatedValue: number
}

/** Who is responsible for a figure; the three roles of open data are kept apart. */
export interface Owner {
  /** The subgraph that answers for the figure: commune, epci, departement, region or national. */
  readonly id: string
  /** Who is competent by law. */
  readonly name: string
  /** The text that gives the competence. */
  readonly legalBasis: string
  /** Who produces the figure. */
  readonly producer: string
  /** Who publishes the file. */
  readonly publisher: string
}

/** Where a value comes from, complete in itself. */
export interface Provenance {
  readonly datasetId: string
  readonly title: string
  readonly owner: Owner
  readonly licence: Licence
  /** The sentence that the licence asks to be shown. */
  readonly attribution: string
  readonly sourceUrl: string
  /** Semantic version of the content within this store, with the first digits of its hash: `1.2.0+ab12cd34`. */
  readonly datasetVersion: string
  /** sha256 of the untouched bytes read. */
  readonly snapshot: string
  /** When those bytes were taken, ISO 8601 UTC. */
  readonly retrievedAt: string
  /** The COG vintage on which the value is given. */
  readonly geographyVintage: number
  /** How the value was computed from the rows. */
  readonly rule: string
  /** Of a sum of several datasets: theirs. */
  readonly inputs: readonly Provenance[]
}

/** What an observation says, before it is told where it comes from. */
export interface ObservedFacts extends Pick<Observation, 'value' | 'status' | 'coverage' | 'notes'> {
  /** The share of the value that was estimated; default 0. */
  readonly estimatedShare?: number
  /** Whether the value was carried over from the geography of its source. */
  readonly isConverted?: boolean
  /** The cells that the coverage counts; none where there is no coverage. */
  readonly counted?: readonly CountedCell[]
}
