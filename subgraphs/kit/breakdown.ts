import { labelOf, type Dimension } from '../../core/observations/dimension.ts'
import type { Observation } from '../../core/observations/observation.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import type { Territory } from '../../core/territories/territory.ts'

/** One part of a total, as the schema shows it. */
export interface BreakdownParent {
  readonly dimensions: readonly { readonly dimension: Dimension; readonly code: string; readonly label: string }[]
  readonly observation: Observation
}

/** The parts of a value by the dimensions asked, each dimension once and in the order asked. */
export const breakdownOf = (
  store: StoreReader,
  measure: string,
  period: number,
  territory: Territory,
  by: readonly Dimension[],
): readonly BreakdownParent[] =>
  store.breakDown(measure, period, territory, [...new Set(by)]).map(({ key, observation }) => ({
    dimensions: [...new Set(by)].map((dimension) => {
      const code = key[dimension] ?? 'NOT_BROKEN_DOWN'
      return { dimension, code, label: labelOf(dimension, code) }
    }),
    observation,
  }))
