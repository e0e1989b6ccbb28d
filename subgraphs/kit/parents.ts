import type { Alias, Territory } from '../../core/territories/territory.ts'
import type { Place } from './place.ts'

/** What resolvers of a territory start from: the territory itself; its id names its vintage where that is not the newest. */
export interface TerritoryParent extends Territory {
  /** The GraphQL type, for the interface `Territory`. */
  readonly __typename: 'Commune' | 'Epci' | 'Departement' | 'Region' | 'Nation' | 'Grouping'
  /** The COG vintage that it is of. */
  readonly vintage: number
  /** The alias that was asked for, when the code was not the commune's own. */
  readonly resolvedFrom: Alias | null
}

/** What resolvers of a school enrolment start from: which place, which rentrée. */
export interface EnrolmentParent {
  readonly id: string
  readonly schoolYear: number
  readonly place: Place
}

/** What resolvers of a measure cell start from. */
export interface CellParent {
  readonly __typename?: string
  readonly id: string
  readonly measure: string
  readonly period: string
  readonly place: Place
}

/** What resolvers of a school start from: its place in the list of schools. */
export interface SchoolParent {
  readonly uai: string
  readonly position: number
}
