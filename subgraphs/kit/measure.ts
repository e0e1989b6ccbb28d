import { StratesError } from '../../core/observations/error.ts'
import { askableYear } from '../../core/observations/period.ts'
import type { MeasureRecord } from '../../core/store/manifest.ts'
import type { MeasureValues, StoreReader } from '../../core/store/reader.ts'
import type { SubgraphContext } from './context.ts'

/** The measure of the census. */
export const POPULATION = 'population-municipale'

/**
 * A measure of any owner, by id.
 * @throws StratesError UNKNOWN_MEASURE.
 */
export function requireMeasure({ measure, manifest }: StoreReader, id: string): MeasureRecord {
  return measure(id) ?? unknownMeasure(id, manifest)
}

function unknownMeasure(id: string, { measures }: StoreReader['manifest']): never {
  throw new StratesError({
    code: 'UNKNOWN_MEASURE',
    what: 'There is no such measure',
    on: `measure ${JSON.stringify(id)}`,
    expected: `one of ${measures.map((known) => known.id).join(', ')}`,
    remedy: 'Ask { measures { id title } } for the list.',
  })
}

/**
 * The values of a measure of any owner in a year, opened once in one execution. By default the year in which the measure is shown
 * elsewhere, where it has figures, else the newest that it has.
 * @throws StratesError UNKNOWN_MEASURE or INVALID_YEAR.
 */
export async function measureValues(
  { store, once }: SubgraphContext,
  id: string,
  year?: number | null,
): Promise<MeasureValues> {
  const { manifest } = store
  const measure = requireMeasure(store, id)
  const held = store.periodsOf(id)
  const shown = (id === POPULATION ? manifest.defaultPopulationYear : manifest.defaultSchoolYear) ?? manifest.geography
  const newest = held.includes(shown) ? shown : (held.at(-1) ?? shown)
  const period = askableYear('schoolYear', year ?? newest, held)
  return once(`values ${measure.id}@${period}`, () => store.valuesOf(measure.id, period))
}
