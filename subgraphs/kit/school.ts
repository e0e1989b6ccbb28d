import type { Observation } from '../../core/observations/observation.ts'
import { askableYear } from '../../core/observations/period.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import type { SubgraphContext } from './context.ts'
import { defaultSchoolYear, schoolYears, yearsBetween } from './enrolment.ts'
import type { SchoolParent } from './parents.ts'

/**
 * A school by number, as resolvers take it.
 * @throws StratesError INVALID_CODE or UNKNOWN_SCHOOL.
 */
export const findSchool = ({ schools }: StoreReader, uai: string): SchoolParent =>
  schoolAt(schools.find(uai), { schools })

/** The school at a position in the list of schools, as resolvers take it. */
export const schoolAt = (position: number, { schools }: Pick<StoreReader, 'schools'>): SchoolParent => ({
  uai: schools.uaiAt(position),
  position,
})

/** What every subgraph resolves in the same way for a school. */
export const schoolReference = {
  __resolveReference: ({ uai }: { readonly uai: string }, { store }: SubgraphContext): SchoolParent =>
    findSchool(store, uai),
}

/** The figure of one school for a measure at one rentrée. */
export const schoolFigure =
  (measure: string) =>
  (
    { position }: SchoolParent,
    { schoolYear }: { readonly schoolYear?: number | null },
    context: SubgraphContext,
  ): Observation => {
    const { store } = context
    const period = askableYear('schoolYear', schoolYear ?? defaultSchoolYear(store), schoolYears(store))
    return figureOf(context, measure, period, position)
  }

/** The figures of one school for a measure over several rentrées, oldest first. */
export const schoolSeries =
  (measure: string) =>
  (
    { position }: SchoolParent,
    range: { readonly from?: number | null; readonly to?: number | null },
    context: SubgraphContext,
  ): Observation[] =>
    yearsBetween(schoolYears(context.store), range).map((period) => figureOf(context, measure, period, position))

const figureOf = ({ store, once }: SubgraphContext, measure: string, period: number, position: number): Observation =>
  once(`school ${measure}@${period}/${position}`, () => store.observeSchool(measure, period, position))
