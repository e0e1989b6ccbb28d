import { breakdownOf } from '../kit/breakdown.ts'
import { measureCell } from '../kit/cell.ts'
import { communesPage } from '../kit/communes.ts'
import { observe } from '../kit/context.ts'
import { CYCLES } from '../kit/enrolment.ts'
import { schoolFigure, schoolSeries } from '../kit/school.ts'
import { sharedResolvers } from '../kit/territories.ts'
import { aroundOf, beside, findParent, territoriesPage } from '../kit/tier.ts'
import type { Resolvers } from './schema.generated.ts'

/** The départements, and the collège cycle at every tier. */
export default {
  ...sharedResolvers,
  Query: {
    departement: (_, { code, at }, { store }) => findParent(store, 'DEPARTEMENT', code, at),
  },
  Departement: {
    ...sharedResolvers.Departement,
    region: (departement, _, { store }) => beside(store, departement, departement.region),
    communes: communesPage,
  },
  Nation: {
    ...sharedResolvers.Nation,
    departements: (nation, { collectivities, ...page }, { store }) => {
      const departements = aroundOf(store, nation)
        .ofTier('DEPARTEMENT')
        .filter(({ kind }) => collectivities === true || kind === 'DEPARTEMENT')
      return territoriesPage(store, departements, nation.vintage, page)
    },
  },
  SchoolEnrolment: {
    ...sharedResolvers.SchoolEnrolment,
    lowerSecondary: ({ schoolYear, place }, _, context) =>
      observe(context, { measure: CYCLES.lowerSecondary, period: schoolYear, place }),
    lowerSecondaryBreakdown: ({ schoolYear, place }, { by }, context) =>
      breakdownOf(context, CYCLES.lowerSecondary, schoolYear, place, by),
  },
  School: {
    ...sharedResolvers.School,
    lowerSecondary: schoolFigure(CYCLES.lowerSecondary),
    lowerSecondarySeries: schoolSeries(CYCLES.lowerSecondary),
  },
  DepartementMeasureCell: measureCell,
} satisfies Resolvers
