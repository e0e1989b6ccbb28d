import { breakdownOf } from '../kit/breakdown.ts'
import { measureCell } from '../kit/cell.ts'
import { communesPage } from '../kit/communes.ts'
import { pageOf } from '../kit/connection.ts'
import { observe } from '../kit/context.ts'
import { CYCLES } from '../kit/enrolment.ts'
import { schoolFigure, schoolSeries } from '../kit/school.ts'
import { sharedResolvers } from '../kit/territories.ts'
import { aroundOf, beside, findParent } from '../kit/tier.ts'
import { withinOf } from '../kit/within.ts'
import type { Resolvers } from './schema.generated.ts'

/** The communes, and the primary cycle at every tier. */
export default {
  ...sharedResolvers,
  Query: {
    commune: (_, { code, at }, { store }) => findParent(store, 'COMMUNE', code, at),
    resolve: (_, { code, from = null, to = null }, { store }) => store.timeline.resolve(code, { from, to }),
    changes: (_, { from, to = null, within = null, ...page }, { store }) => {
      const { timeline } = store
      const asked = within === null ? undefined : withinOf(store, within)
      const steps = timeline.changes({ from, to }, asked?.communes)
      return {
        ...pageOf(steps, page, { idOf: timeline.idOf, nodeOf: timeline.movement }),
        knownUntil: timeline.today,
        resolvedFrom: asked?.territory.resolvedFrom ?? null,
      }
    },
  },
  ResolvedCommune: {
    commune: ({ code, isCurrent }, _, { store }) => (isCurrent ? findParent(store, 'COMMUNE', code) : null),
  },
  Commune: {
    ...sharedResolvers.Commune,
    departement: (commune, _, { store }) => beside(store, commune, commune.departement),
    region: (commune, _, { store }) => beside(store, commune, commune.region),
    aliases: (commune, _, { store }) => aroundOf(store, commune).aliasesOf(commune),
  },
  Nation: { ...sharedResolvers.Nation, communes: communesPage },
  SchoolEnrolment: {
    ...sharedResolvers.SchoolEnrolment,
    primary: ({ schoolYear, place }, _, context) =>
      observe(context, { measure: CYCLES.primary, period: schoolYear, place }),
    primaryBreakdown: ({ schoolYear, place }, { by }, context) =>
      breakdownOf(context, CYCLES.primary, schoolYear, place, by),
  },
  School: {
    ...sharedResolvers.School,
    primary: schoolFigure(CYCLES.primary),
    primarySeries: schoolSeries(CYCLES.primary),
  },
  CommuneMeasureCell: measureCell,
} satisfies Resolvers
