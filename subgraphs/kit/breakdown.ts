import { labelOf, NOT_BROKEN_DOWN, type Dimension } from '../../core/observations/dimension.ts'
import type { Observation } from '../../core/observations/observation.ts'
import type { Part } from '../../core/store/reader.ts'
import type { SubgraphContext } from './context.ts'
import type { Place } from './place.ts'

/** One part of a total, as the schema shows it. */
export interface BreakdownParent {
  readonly measure: string
  readonly key: string
  readonly label: string
  readonly dimensions: readonly { readonly dimension: Dimension; readonly code: string; readonly label: string }[]
  readonly observation: Observation
}

/** The parts of a value by the dimensions asked, each dimension once and in the order asked. */
export function breakdownOf(
  { store, once }: Pick<SubgraphContext, 'store' | 'once'>,
  measure: string,
  period: number,
  { id, territory, vintage, absence }: Place,
  by: readonly Dimension[],
): readonly BreakdownParent[] {
  const dimensions = [...new Set(by)]
  const parts =
    territory === undefined
      ? [{ key: {}, observation: store.notApplicable(measure, period, absence, vintage) }]
      : once(`parts ${measure}@${period}/${id}/${vintage} ${dimensions.join()}`, () =>
          store.breakDown(measure, period, territory, dimensions, vintage),
        )
  return parts.map(({ key, observation }: Part) => {
    const values = dimensions.map((dimension) => {
      const code = key[dimension] ?? NOT_BROKEN_DOWN
      return { dimension, code, label: labelOf(dimension, code) }
    })
    const [codes, labels] = [values.map(({ code }) => code), values.map(({ label }) => label)]
    return { measure, key: codes.join(), label: labels.join(', '), dimensions: values, observation }
  })
}
