import { StratesError } from '../../core/observations/error.ts'
import type { Observation } from '../../core/observations/observation.ts'
import { parseTerritoryId } from '../../core/territories/code.ts'
import type { Territory } from '../../core/territories/territory.ts'
import type { SubgraphContext } from './context.ts'
import type { CellParent } from './parents.ts'

/** The cell of a measure, territory and period, typed by the owner of the measure. */
export const cellOf = (__typename: string, measure: string, territory: Territory, period: number): CellParent => ({
  __typename,
  id: `${measure}|${territory.id}|${period}`,
  measure,
  period: `${period}`,
  territory,
})

/** What every owner resolves in the same way for its cells: found again by id, then observed. */
export const measureCell = {
  __resolveReference: ({ id }: { readonly id: string }, { store }: SubgraphContext): CellParent => {
    const [measure = '', territory = '', period = ''] = id.split('|')
    if (!/^\d{4}$/.test(period) || store.measure(measure)?.owner !== store.owner) throw notACell(id)
    const { tier, code } = parseTerritoryId(territory)
    return { id, measure, period, territory: store.territories.find(tier, code).territory }
  },
  observation: (
    { measure, period, territory }: CellParent,
    _: unknown,
    { observations }: SubgraphContext,
  ): Promise<Observation> => observations.load({ measure, period: Number(period), territory }),
}

const notACell = (id: string): StratesError =>
  new StratesError({
    code: 'INVALID_CODE',
    what: 'This is not the identifier of a measure cell',
    on: `id ${JSON.stringify(id)}`,
    expected: 'a measure of this owner, a territory and a year, such as pupils-primary|commune:35238|2022',
    remedy: 'Take the id from an answer.',
  })
