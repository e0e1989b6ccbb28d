import { StratesError } from '../../core/observations/error.ts'
import type { Observation } from '../../core/observations/observation.ts'
import type { OwnerName } from '../../core/observations/owner.ts'
import type { MeasureRecord } from '../../core/store/manifest.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import { territoryId } from '../../core/territories/code.ts'
import { observe, type SubgraphContext } from './context.ts'
import type { CellParent } from './parents.ts'
import { idOn, parseId, placeById, type Place } from './place.ts'

/** The GraphQL type of a measure's cells, by the owner of the measure; the EPCI own no measure. */
const CELL_TYPES: Readonly<Partial<Record<OwnerName, string>>> = {
  commune: 'CommuneMeasureCell',
  departement: 'DepartementMeasureCell',
  region: 'RegionMeasureCell',
}

/** The GraphQL type of the cells of a measure. */
export const cellTypeOf = ({ owner }: MeasureRecord): string => CELL_TYPES[owner] ?? 'NationalMeasureCell'

/** The cell of a measure, territory and period, typed by the owner of the measure. */
export const cellOf = (
  store: StoreReader,
  __typename: string,
  measure: string,
  place: Place,
  period: number,
): CellParent => ({
  __typename,
  id: `${measure}|${idOn(store, place.id, place.vintage)}|${period}`,
  measure,
  period: `${period}`,
  place,
})

/** What every owner resolves in the same way for its cells: found again by id, then observed. */
export const measureCell = {
  __resolveReference: ({ id }: { readonly id: string }, { store }: SubgraphContext): CellParent => {
    const [measure = '', territory = '', period = ''] = id.split('|')
    if (!/^\d{4}$/.test(period) || store.measure(measure)?.owner !== store.owner) throw notACell(id)
    const { tier, code, vintage } = parseId(store, territory)
    return { id, measure, period, place: placeById(store, territoryId(tier, code), vintage) }
  },
  observation: ({ measure, period, place }: CellParent, _: unknown, context: SubgraphContext): Observation =>
    observe(context, { measure, period: Number(period), place }),
}

const notACell = (id: string): StratesError =>
  new StratesError({
    code: 'INVALID_CODE',
    what: 'This is not the identifier of a measure cell',
    on: `id ${JSON.stringify(id)}`,
    expected: 'a measure of this owner, a territory and a year, such as pupils-primary|commune:35238|2022',
    remedy: 'Take the id from an answer.',
  })
