import type { LicenceId } from './licence.ts'
import type { OwnerName } from './owner.ts'
import type { SchoolKind } from './school.ts'

/** A quantity that Strates serves, for every tier. */
export interface MeasureDefinition {
  readonly id: string
  readonly title: string
  /** Its official name in French; numbers in it are written as French does, with narrow no-break spaces. */
  readonly titleFr: string
  readonly description: string
  /** What is counted: "pupils", "inhabitants". */
  readonly unit: string
  /** The same in French: "élèves", "habitants". */
  readonly unitFr: string
  /** The subgraph that answers for the measure at every tier. */
  readonly owner: OwnerName
  /** Who is competent by law for what is counted, and the text that says so. */
  readonly competent: string
  readonly legalBasis: string
  readonly additivity: Additivity
  /** Whether a commune's value is taken as published, or summed from smaller contributors. */
  readonly communeMethod: 'PUBLISHED' | 'CONSOLIDATED'
  /** Of a measure of schools: the kinds that may have such a figure, any where not said; a school of another kind has none. */
  readonly kinds?: readonly SchoolKind[]
  /** Of a measure that is the sum of others: their ids. No dataset column gives it. */
  readonly parts?: readonly string[]
  /** Set where the parts have other owners: in whose name the sum is shown. */
  readonly across?: AcrossOwners
}

/** How a sum over the measures of several owners is shown; each part keeps its own provenance among the inputs. */
export interface AcrossOwners {
  /** What stands in the place of a dataset. */
  readonly datasetId: string
  readonly title: string
  readonly producer: string
  readonly publisher: string
  readonly licence: LicenceId
  readonly sourceUrl: string
  readonly rule: string
  /** What notes call each part, by its id. */
  readonly labels: Readonly<Record<string, string>>
}

/** How values of a measure may be put together. */
export type Additivity =
  | { readonly kind: 'COUNT' }
  | {
      readonly kind: 'RATIO'
      readonly numerator: string
      readonly denominator: string
      /** How many of the denominator the value is for: 1,000 inhabitants. Default 1. */
      readonly per?: number
      /** Set where numerator and denominator have two owners: the ingest makes the values, since no one owner could. */
      readonly madeAt?: 'INGEST'
    }
  | { readonly kind: 'MEAN'; readonly weight: string }
  | { readonly kind: 'NON_ADDITIVE'; readonly reason: string }

/** Whether the values of a measure are made of those of others, so that no dataset column gives them. */
export const isDerived = ({ parts, additivity }: Pick<MeasureDefinition, 'parts' | 'additivity'>): boolean =>
  parts !== undefined || additivity.kind === 'RATIO'
