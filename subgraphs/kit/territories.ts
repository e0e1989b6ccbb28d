import { conversionInput, conversions, missingMembers } from './observation.ts'
import { schoolReference } from './school.ts'
import { enrolmentReference, territoryType, tier, tierWithinNation } from './tier.ts'

/** The resolvers of the types in `shared.graphql`, the same in every subgraph. */
export const sharedResolvers = {
  Territory: territoryType,
  Commune: tierWithinNation('COMMUNE'),
  Epci: tierWithinNation('EPCI'),
  Departement: tierWithinNation('DEPARTEMENT'),
  Region: tierWithinNation('REGION'),
  Nation: tier('NATION'),
  Grouping: tier('GROUPING'),
  SchoolEnrolment: enrolmentReference,
  School: schoolReference,
  Observation: { missingMembers, conversions },
  ConversionInput: conversionInput,
}
