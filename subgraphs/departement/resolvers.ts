import { connectionOf } from '../kit/connection.ts'
import { breakdownOf } from '../kit/breakdown.ts'
import { measureCell } from '../kit/cell.ts'
import { CYCLES } from '../kit/enrolment.ts'
import { schoolFigure, schoolSeries } from '../kit/school.ts'
import { sharedResolvers } from '../kit/territories.ts'
import { findParent, parentOf } from '../kit/tier.ts'
import type { Resolvers } from './schema.generated.ts'

/** The départements, and the collège cycle at every tier. */
export default {
  ...sharedResolvers,
  Query: {
    departement: (_, { code }, { store }) => findParent(store, 'DEPARTEMENT', code),
  },
  Departement: {
    ...sharedResolvers.Departement,
    region: ({ region }, _, { store }) => parentOf(store.territories.at(region)),
    communes: (departement, page, { store }) =>
      connectionOf(
        store.territories.communesOf(departement).map((commune) => parentOf(commune)),
        page,
      ),
  },
  Nation: {
    ...sharedResolvers.Nation,
    departements: (_, { collectivities, ...page }, { store }) => {
      const departements = store.territories
        .ofTier('DEPARTEMENT')
        .filter(({ kind }) => collectivities === true || kind === 'DEPARTEMENT')
      return connectionOf(
        departements.map((departement) => parentOf(departement)),
        page,
      )
    },
  },
  SchoolEnrolment: {
    ...sharedResolvers.SchoolEnrolment,
    lowerSecondary: ({ schoolYear, territory }, _, { observations }) =>
      observations.load({ measure: CYCLES.lowerSecondary, period: schoolYear, territory }),
    lowerSecondaryBreakdown: ({ schoolYear, territory }, { by }, { store }) =>
      breakdownOf(store, CYCLES.lowerSecondary, schoolYear, territory, by),
  },
  School: {
    ...sharedResolvers.School,
    lowerSecondary: schoolFigure(CYCLES.lowerSecondary),
    lowerSecondarySeries: schoolSeries(CYCLES.lowerSecondary),
  },
  DepartementMeasureCell: measureCell,
} satisfies Resolvers
