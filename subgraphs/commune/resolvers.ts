import { breakdownOf } from '../kit/breakdown.ts'
import { measureCell } from '../kit/cell.ts'
import { CYCLES, requireCurrentGeography } from '../kit/enrolment.ts'
import { schoolFigure, schoolSeries } from '../kit/school.ts'
import { sharedResolvers } from '../kit/territories.ts'
import { findParent, parentOf } from '../kit/tier.ts'
import type { Resolvers } from './schema.generated.ts'

/** The communes, and the primary cycle at every tier. */
export default {
  ...sharedResolvers,
  Query: {
    commune: (_, { code, at }, { store }) => {
      requireCurrentGeography(store, 'at', at)
      return findParent(store, 'COMMUNE', code)
    },
  },
  Commune: {
    ...sharedResolvers.Commune,
    resolvedFrom: ({ resolvedFrom }) => resolvedFrom ?? null,
    departement: ({ departement }, _, { store }) => parentOf(store.territories.at(departement)),
    region: ({ region }, _, { store }) => parentOf(store.territories.at(region)),
    aliases: (commune, _, { store }) => store.territories.aliasesOf(commune),
  },
  SchoolEnrolment: {
    ...sharedResolvers.SchoolEnrolment,
    primary: ({ schoolYear, territory }, _, { observations }) =>
      observations.load({ measure: CYCLES.primary, period: schoolYear, territory }),
    primaryBreakdown: ({ schoolYear, territory }, { by }, { store }) =>
      breakdownOf(store, CYCLES.primary, schoolYear, territory, by),
  },
  School: {
    ...sharedResolvers.School,
    primary: schoolFigure(CYCLES.primary),
    primarySeries: schoolSeries(CYCLES.primary),
  },
  CommuneMeasureCell: measureCell,
} satisfies Resolvers
