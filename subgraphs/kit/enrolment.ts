import { StratesError } from '../../core/observations/error.ts'
import { askableYear } from '../../core/observations/period.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import type { EnrolmentParent, TerritoryParent } from './parents.ts'
import { placeById, placeOn, type Place } from './place.ts'

/** The measures of the three cycles, each owned by the tier that is competent for its schools. */
export const CYCLES = {
  primary: 'pupils-primary',
  lowerSecondary: 'pupils-lower-secondary',
  upperSecondary: 'pupils-upper-secondary',
} as const

/**
 * The enrolment of a territory at a rentrée; by default on the geography of the vintage that it is of.
 * @throws StratesError INVALID_YEAR or UNSUPPORTED_GEOGRAPHY.
 */
export function enrolmentOf(
  store: StoreReader,
  territory: TerritoryParent,
  { schoolYear, geography }: { readonly schoolYear?: number | null; readonly geography?: number | null },
): EnrolmentParent {
  const place = placeOn(store, territory, territory.vintage, geography ?? territory.vintage)
  return enrolment(place, askableYear('schoolYear', schoolYear ?? defaultSchoolYear(store), schoolYears(store)))
}

/** The enrolment of a territory over several rentrées, oldest first; by default all those that the store holds. */
export function enrolmentSeriesOf(
  store: StoreReader,
  territory: TerritoryParent,
  {
    from,
    to,
    geography,
  }: { readonly from?: number | null; readonly to?: number | null; readonly geography?: number | null },
): readonly EnrolmentParent[] {
  const place = placeOn(store, territory, territory.vintage, geography ?? territory.vintage)
  return yearsBetween(schoolYears(store), { from, to }).map((year) => enrolment(place, year))
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
  return enrolment(placeById(store, territoryId, Number(vintage)), Number(year))
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

/** The rentrée answered when none is asked. Without any school data there is still one to say so about: that of the geography. */
export const defaultSchoolYear = ({ manifest }: StoreReader): number =>
  manifest.defaultSchoolYear ?? manifest.geography - 1

/** The rentrées for which any subgraph has figures, ascending. */
export function schoolYears(store: StoreReader): readonly number[] {
  const known = yearsOfStores.get(store.manifest)
  if (known !== undefined) return known
  const held = Object.values(CYCLES).flatMap((measure) => store.periodsOf(measure))
  const years = [...new Set(held)].toSorted((left, right) => left - right)
  yearsOfStores.set(store.manifest, years)
  return years
}

/** A store does not change: a new version has another manifest. Each execution has a reader of its own. */
const yearsOfStores = new WeakMap<StoreReader['manifest'], readonly number[]>()

const enrolment = (place: Place, schoolYear: number): EnrolmentParent => ({
  id: `${place.id}@${schoolYear}/g${place.vintage}`,
  schoolYear,
  place,
})
