import { enrolmentReference, territoryType, tier } from './tier.ts'

/** The resolvers of the types in `shared.graphql`, the same in every subgraph. */
export const sharedResolvers = {
  Territory: territoryType,
  Commune: tier('COMMUNE'),
  Epci: tier('EPCI'),
  Departement: tier('DEPARTEMENT'),
  Region: tier('REGION'),
  Nation: tier('NATION'),
  Grouping: tier('GROUPING'),
  SchoolEnrolment: enrolmentReference,
}
