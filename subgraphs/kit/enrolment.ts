import { StratesError } from '../../core/observations/error.ts'
import { askableYear } from '../../core/observations/period.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import { parseTerritoryId } from '../../core/territories/code.ts'
import type { Territory } from '../../core/territories/territory.ts'
import type { EnrolmentParent } from './parents.ts'

/** The measures of the three cycles, each owned by the tier that is competent for its schools. */
export const CYCLES = {
  primary: 'pupils-primary',
  lowerSecondary: 'pupils-lower-secondary',
  upperSecondary: 'pupils-upper-secondary',
} as const

/**
 * The enrolment of a territory at a rentrée.
 * @throws StratesError INVALID_YEAR or UNSUPPORTED_GEOGRAPHY.
 */
export function enrolmentOf(
  store: StoreReader,
  territory: Territory,
  { schoolYear, geography }: { readonly schoolYear?: number | null; readonly geography?: number | null },
): EnrolmentParent {
  requireCurrentGeography(store, 'geography', geography)
  const held = schoolYears(store)
  return enrolment(store, territory, askableYear('schoolYear', schoolYear ?? defaultSchoolYear(store), held))
}

/** The enrolment of a territory over several rentrées, oldest first; by default all those that the store holds. */
export function enrolmentSeriesOf(
  store: StoreReader,
  territory: Territory,
  {
    from,
    to,
    geography,
  }: { readonly from?: number | null; readonly to?: number | null; readonly geography?: number | null },
): readonly EnrolmentParent[] {
  requireCurrentGeography(store, 'geography', geography)
  return yearsBetween(schoolYears(store), { from, to }).map((year) => enrolment(store, territory, year))
}

/**
 * Finds an enrolment again from the id that another subgraph gave: `region:53@2023/g2026`.
 * @throws StratesError INVALID_CODE when the id is none.
 */
export function enrolmentById(store: StoreReader, id: string): EnrolmentParent {
  const [, territoryId = '', year = '', vintage = ''] = /^([^@]+)@(\d{4})\/g(\d{4})$/.exec(id) ?? []
  if (territoryId === '') {
    throw new StratesError({
      code: 'INVALID_CODE',
      what: 'This is not the identifier of a school enrolment',
      on: `id ${JSON.stringify(id)}`,
      expected: 'territory, rentrée and geography, such as region:53@2023/g2026',
      remedy: 'Take the id from an answer.',
    })
  }
  requireCurrentGeography(store, 'geography', Number(vintage))
  const { tier, code } = parseTerritoryId(territoryId)
  return enrolment(store, store.territories.find(tier, code).territory, Number(year))
}

/** The years to show for a list of years held: all of them, or each year of the range asked, held or not. */
export function yearsBetween(
  held: readonly number[],
  { from, to }: { readonly from?: number | null | undefined; readonly to?: number | null | undefined },
): readonly number[] {
  if (from !== null && from !== undefined) askableYear('from', from, held)
  if (to !== null && to !== undefined) askableYear('to', to, held)
  if ((from ?? null) === null && (to ?? null) === null) return held
  const first = from ?? held[0] ?? to ?? 0
  const last = to ?? held.at(-1) ?? from ?? 0
  if (first > last) {
    throw new StratesError({
      code: 'INVALID_YEAR',
      what: 'The range of years is upside down',
      on: `from: ${first}, to: ${last}`,
      expected: 'from at most as large as to',
      remedy: 'Exchange them.',
    })
  }
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset)
}

/**
 * Refuses a COG vintage other than the store's.
 * @throws StratesError UNSUPPORTED_GEOGRAPHY.
 */
export function requireCurrentGeography(
  store: StoreReader,
  argument: string,
  vintage: number | null | undefined,
): void {
  const current = store.territories.vintage
  if (vintage === null || vintage === undefined || vintage === current) return
  throw new StratesError({
    code: 'UNSUPPORTED_GEOGRAPHY',
    what: 'The store holds no values on this geography',
    on: `${argument}: ${vintage}`,
    expected: `${current}, the only COG vintage held`,
    remedy: `Leave ${argument} out.`,
    details: { argument, given: vintage, held: [current] },
  })
}

/** The rentrée answered when none is asked. Without any school data there is still one to say so about: that of the geography. */
export const defaultSchoolYear = ({ manifest }: StoreReader): number =>
  manifest.defaultSchoolYear ?? manifest.geography - 1

/** The rentrées for which any subgraph has figures, ascending. */
export const schoolYears = (store: StoreReader): readonly number[] =>
  [...new Set(Object.values(CYCLES).flatMap((measure) => store.periodsOf(measure)))].toSorted((a, b) => a - b)

const enrolment = ({ territories }: StoreReader, territory: Territory, schoolYear: number): EnrolmentParent => ({
  id: `${territory.id}@${schoolYear}/g${territories.vintage}`,
  schoolYear,
  territory,
})
