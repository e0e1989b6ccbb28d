import type * as Q from '../../clients/typescript/src/operations.generated.ts'

/** What each operation answers, as the schema has it. */
export interface Answers {
  catalogue: Q.CatalogueQuery
  choropleth: Q.ChoroplethQuery
  comparison: Q.ComparisonQuery
  competences: Q.CompetencesQuery
  'enrolment-breakdown': Q.EnrolmentBreakdownQuery
  'enrolment-series': Q.EnrolmentSeriesQuery
  epcis: Q.EpcisQuery
  figure: Q.FigureQuery
  measures: Q.MeasuresQuery
  'missing-schools': Q.MissingSchoolsQuery
  ownership: Q.OwnershipQuery
  peers: Q.PeersQuery
  'population-series': Q.PopulationSeriesQuery
  reconciliation: Q.ReconciliationQuery
  search: Q.SearchQuery
  status: Q.StatusQuery
  territory: Q.TerritoryQuery
  'territory-reconciliation': Q.TerritoryReconciliationQuery
}

/** The name of an operation that the explorer asks. */
export type Name = keyof Answers

/** A figure as most operations give it. */
export interface Observation {
  readonly value: number | null
  readonly status: string
  readonly simulated?: boolean
  readonly unit?: string
  readonly timePeriod?: string
  readonly coverage?: { readonly expected: number; readonly reported: number; readonly share: number } | null
  readonly provenance?: {
    readonly owner?: { readonly name: string }
    readonly datasetId: string
    readonly attribution: string
    readonly licence: { readonly id: string; readonly title: string; readonly url: string }
    readonly retrievedAt: string
  }
}

/** An error of an answer: what failed, and whose part it was. */
export interface AnswerError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: { readonly code?: string; readonly subgraph?: string; readonly reason?: string }
}

/** Where the asking of an operation stands. */
export type Asked<N extends Name> = Reply<Answers[N]>

/** Where the asking of an address stands. */
export type Reply<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | {
      readonly state: 'answered'
      readonly data: T
      readonly errors: readonly AnswerError[]
      readonly simulated: boolean
      readonly version: string | null
    }

/** Why there is no answer. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly detail: string
}
