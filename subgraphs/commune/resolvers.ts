import type { StoreReader } from '../../core/store/reader.ts'
import { parseTerritoryId } from '../../core/territories/code.ts'
import { breakdownOf } from '../kit/breakdown.ts'
import { measureCell } from '../kit/cell.ts'
import { pageOf } from '../kit/connection.ts'
import { CYCLES } from '../kit/enrolment.ts'
import { schoolFigure, schoolSeries } from '../kit/school.ts'
import { sharedResolvers } from '../kit/territories.ts'
import { aroundOf, beside, findParent } from '../kit/tier.ts'
import type { Resolvers } from './schema.generated.ts'

/** The communes, and the primary cycle at every tier. */
export default {
  ...sharedResolvers,
  Query: {
    commune: (_, { code, at }, { store }) => findParent(store, 'COMMUNE', code, at),
    resolve: (_, { code, from = null, to = null }, { store }) => store.timeline.resolve(code, { from, to }),
    changes: (_, { from, to = null, within, ...page }, { store }) => {
      const communes = within ? communesWithin(store, within) : undefined
      return pageOf(store.timeline.changes({ from, to }, communes), page, {
        idOf: store.timeline.idOf,
        nodeOf: store.timeline.movement,
      })
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
  SchoolEnrolment: {
    ...sharedResolvers.SchoolEnrolment,
    primary: ({ schoolYear, place }, _, { observations }) =>
      observations.load({ measure: CYCLES.primary, period: schoolYear, place }),
    primaryBreakdown: ({ schoolYear, place }, { by }, { store }) =>
      breakdownOf(store, CYCLES.primary, schoolYear, place, by),
  },
  School: {
    ...sharedResolvers.School,
    primary: schoolFigure(CYCLES.primary),
    primarySeries: schoolSeries(CYCLES.primary),
  },
  CommuneMeasureCell: measureCell,
} satisfies Resolvers

/** The codes of the communes of a territory of today. */
function communesWithin({ territories }: StoreReader, id: string): ReadonlySet<string> {
  const { tier, code } = parseTerritoryId(id)
  return new Set(territories.communesOf(territories.find(tier, code).territory).map((commune) => commune.code))
}
