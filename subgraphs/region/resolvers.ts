import { breakdownOf } from '../kit/breakdown.ts'
import { measureCell } from '../kit/cell.ts'
import { communesPage } from '../kit/communes.ts'
import { observe } from '../kit/context.ts'
import { CYCLES } from '../kit/enrolment.ts'
import { schoolFigure, schoolSeries } from '../kit/school.ts'
import { sharedResolvers } from '../kit/territories.ts'
import { aroundOf, findParent, territoriesPage } from '../kit/tier.ts'
import type { Resolvers } from './schema.generated.ts'

/** The régions, and the lycée cycle at every tier. */
export default {
  ...sharedResolvers,
  Query: {
    region: (_, { code, at }, { store }) => findParent(store, 'REGION', code, at),
  },
  Region: {
    ...sharedResolvers.Region,
    departements: (region, page, { store }) => {
      const departements = aroundOf(store, region)
        .ofTier('DEPARTEMENT')
        .filter((departement) => departement.region === region.index)
      return territoriesPage(store, departements, region.vintage, page)
    },
    communes: communesPage,
  },
  Nation: {
    ...sharedResolvers.Nation,
    regions: (nation, { collectivities, ...page }, { store }) => {
      const regions = aroundOf(store, nation)
        .ofTier('REGION')
        .filter(({ kind }) => collectivities === true || kind === 'REGION')
      return territoriesPage(store, regions, nation.vintage, page)
    },
  },
  SchoolEnrolment: {
    ...sharedResolvers.SchoolEnrolment,
    upperSecondary: ({ schoolYear, place }, _, context) =>
      observe(context, { measure: CYCLES.upperSecondary, period: schoolYear, place }),
    upperSecondaryBreakdown: ({ schoolYear, place }, { by }, context) =>
      breakdownOf(context, CYCLES.upperSecondary, schoolYear, place, by),
  },
  School: {
    ...sharedResolvers.School,
    upperSecondary: schoolFigure(CYCLES.upperSecondary),
    upperSecondarySeries: schoolSeries(CYCLES.upperSecondary),
  },
  RegionMeasureCell: measureCell,
} satisfies Resolvers
