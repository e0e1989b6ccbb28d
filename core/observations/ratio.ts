import type { Observation } from './observation.ts'
import { isAbsent, type Figure, type ObservationStatus } from './status.ts'

/**
 * Rebuilds a ratio from its numerator and denominator: a ratio of sums, never a mean of ratios. Absent where one of them
 * is, with its reason; NOT_APPLICABLE where the denominator is 0; PARTIAL where one of them is.
 */
export function ratioOf(
  { title, unit }: { readonly title: string; readonly unit: string },
  numerator: Observation,
  denominator: Observation,
): Observation {
  const { value, status } = ratioFigure(numerator, denominator)
  return {
    ...numerator,
    value,
    status,
    simulated: numerator.simulated || denominator.simulated,
    estimatedShare: Math.max(numerator.estimatedShare, denominator.estimatedShare),
    notes: [
      ...(status === 'NOT_APPLICABLE' ? [`${title}: there is nothing to divide by.`] : []),
      ...new Set([...numerator.notes, ...denominator.notes]),
    ],
    method: [numerator, denominator].some(({ method }) => method === 'CONVERTED') ? 'CONVERTED' : 'CONSOLIDATED',
    unit,
    timePeriod:
      numerator.timePeriod === denominator.timePeriod
        ? numerator.timePeriod
        : `${numerator.timePeriod}/${denominator.timePeriod}`,
    provenance: {
      ...numerator.provenance,
      title,
      rule: `${number(numerator.value)} ${numerator.unit} (${numerator.timePeriod}) divided by ${number(denominator.value)} ${denominator.unit} (${denominator.timePeriod}), both at this tier.`,
      inputs: [numerator.provenance, denominator.provenance],
    },
    alternatives: [],
  }
}

/** The value and status of a ratio. */
export function ratioFigure(numerator: Figure, denominator: Figure): Figure {
  const status = statusOf(numerator, denominator)
  return { value: isAbsent(status) ? null : (numerator.value ?? 0) / (denominator.value ?? 1), status }
}

function statusOf(numerator: Figure, denominator: Figure): ObservationStatus {
  if (isAbsent(numerator.status)) return numerator.status
  if (isAbsent(denominator.status)) return denominator.status
  if (denominator.value === 0) return 'NOT_APPLICABLE'
  return numerator.status === 'NORMAL' && denominator.status === 'NORMAL' ? 'NORMAL' : 'PARTIAL'
}

const number = (value: number | null): string => (value === null ? 'no' : `${value}`)
