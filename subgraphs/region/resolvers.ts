import { connectionOf } from '../kit/connection.ts'
import { breakdownOf } from '../kit/breakdown.ts'
import { measureCell } from '../kit/cell.ts'
import { CYCLES } from '../kit/enrolment.ts'
import { schoolFigure, schoolSeries } from '../kit/school.ts'
import { sharedResolvers } from '../kit/territories.ts'
import { findParent, parentOf } from '../kit/tier.ts'
import type { Resolvers } from './schema.generated.ts'

/** The régions, and the lycée cycle at every tier. */
export default {
  ...sharedResolvers,
  Query: {
    region: (_, { code }, { store }) => findParent(store, 'REGION', code),
  },
  Region: {
    ...sharedResolvers.Region,
    departements: (region, page, { store }) => {
      const departements = store.territories
        .ofTier('DEPARTEMENT')
        .filter((departement) => departement.region === region.index)
      return connectionOf(
        departements.map((departement) => parentOf(departement)),
        page,
      )
    },
    communes: (region, page, { store }) =>
      connectionOf(
        store.territories.communesOf(region).map((commune) => parentOf(commune)),
        page,
      ),
  },
  Nation: {
    ...sharedResolvers.Nation,
    regions: (_, { collectivities, ...page }, { store }) => {
      const regions = store.territories
        .ofTier('REGION')
        .filter(({ kind }) => collectivities === true || kind === 'REGION')
      return connectionOf(
        regions.map((region) => parentOf(region)),
        page,
      )
    },
  },
  SchoolEnrolment: {
    ...sharedResolvers.SchoolEnrolment,
    upperSecondary: ({ schoolYear, territory }, _, { observations }) =>
      observations.load({ measure: CYCLES.upperSecondary, period: schoolYear, territory }),
    upperSecondaryBreakdown: ({ schoolYear, territory }, { by }, { store }) =>
      breakdownOf(store, CYCLES.upperSecondary, schoolYear, territory, by),
  },
  School: {
    ...sharedResolvers.School,
    upperSecondary: schoolFigure(CYCLES.upperSecondary),
    upperSecondarySeries: schoolSeries(CYCLES.upperSecondary),
  },
  RegionMeasureCell: measureCell,
} satisfies Resolvers
