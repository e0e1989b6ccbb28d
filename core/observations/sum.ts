import { LICENCES } from './licence.ts'
import type { MeasureDefinition } from './measure.ts'
import type { Coverage, Observation, Provenance } from './observation.ts'
import { isAbsent, type Figure, type ObservationStatus } from './status.ts'

/** One part of a sum; undefined when its owner did not answer. */
export interface Part {
  /** The part in a sentence: "lycées professionnels". */
  readonly label: string
  readonly observation: Observation | null | undefined
}

/** What the sum is, and in whose name it is made. */
export interface SumFacts {
  readonly unit: string
  readonly timePeriod: string
  /** Provenance of the sum itself; its inputs are those of the parts that came. */
  readonly provenance: Omit<Provenance, 'inputs' | 'attribution' | 'snapshot' | 'retrievedAt' | 'datasetVersion'>
}

/**
 * Adds up observations of different datasets. With a part absent or not answered the sum is PARTIAL and names it; with no
 * part at all it is absent: SOURCE_UNAVAILABLE if that is the reason of any part, else the reason of the first. Coverage counts add up; the share is the mean of the
 * parts' shares, each part weighing the same, since the size of an absent part is not known.
 */
export function sumOf(parts: readonly Part[], { unit, timePeriod, provenance }: SumFacts): Observation {
  const came = parts.flatMap(({ label, observation }) => (observation ? [{ label, observation }] : []))
  const counted = came.filter(({ observation }) => observation.value !== null)
  const reasons = parts.flatMap(({ label, observation }) => {
    if (!observation) return [`Not counted: ${label}, whose owner did not answer.`]
    if (isAbsent(observation.status)) return [`Not counted: ${label} (${observation.status}).`]
    return []
  })
  const values = counted.map(({ observation }) => observation)
  const inputs = came.map(({ observation }) => observation.provenance)
  const unanswered = came.length < parts.length
  // Where a sum has no object at all, nothing of it is left out.
  const applies = unanswered || came.some(({ observation }) => observation.status !== 'NOT_APPLICABLE')
  return {
    ...sumFigure(parts.map(({ observation }) => observation ?? undefined)),
    simulated: came.some(({ observation }) => observation.simulated),
    estimatedShare: estimatedShareOf(values),
    notes: unique([...(applies ? reasons : []), ...came.flatMap(({ observation }) => observation.notes)]),
    method: values.some(({ method }) => method === 'CONVERTED') ? 'CONVERTED' : 'CONSOLIDATED',
    unit,
    timePeriod,
    coverage: unanswered ? null : coverageOf(came.map(({ observation }) => observation.coverage)),
    provenance: {
      ...provenance,
      attribution: unique(inputs.map(({ attribution }) => attribution)).join(' ; '),
      datasetVersion: unique(inputs.map(({ datasetVersion }) => datasetVersion)).join(' ; '),
      snapshot: unique(inputs.map(({ snapshot }) => snapshot)).join(' ; '),
      retrievedAt: inputs.map(({ retrievedAt }) => retrievedAt).toSorted()[0] ?? '',
      inputs,
    },
    alternatives: [],
    ...(came.every(({ observation }) => observation.counted !== undefined) &&
      !unanswered && { counted: came.flatMap(({ observation }) => observation.counted ?? []) }),
  }
}

/** A measure that is the sum of measures of other owners. */
export type SumAcrossOwners = MeasureDefinition & Required<Pick<MeasureDefinition, 'parts' | 'across'>>

/**
 * Adds up what several owners answered, in the name of the owner of the sum, as {@link sumOf} does.
 * @param partOf what the owner of a part answered; null or undefined where it did not.
 */
export function sumAcross(
  { parts, across, unit, owner: id, competent: name, legalBasis }: SumAcrossOwners,
  { period, vintage }: { readonly period: number; readonly vintage: number },
  partOf: (measure: string) => Observation | null | undefined,
): Observation {
  const { datasetId, title, producer, publisher, licence, sourceUrl, rule, labels } = across
  return sumOf(
    parts.map((part) => ({ label: labels[part] ?? part, observation: partOf(part) })),
    {
      unit,
      timePeriod: `${period}`,
      provenance: {
        datasetId,
        title,
        owner: { id, name, legalBasis, producer, publisher },
        licence: LICENCES[licence],
        sourceUrl,
        geographyVintage: vintage,
        rule,
      },
    },
  )
}

/** The value and status of a sum; undefined for a part whose owner did not answer. */
export function sumFigure(parts: readonly (Figure | undefined)[]): Figure {
  const came = parts.filter((part) => part !== undefined)
  const values = came.flatMap(({ value }) => value ?? [])
  const isWhole = came.length === parts.length && came.every(({ status }) => status === 'NORMAL')
  if (values.length > 0) {
    return { value: values.reduce((sum, value) => sum + value, 0), status: isWhole ? 'NORMAL' : 'PARTIAL' }
  }
  const isUnanswered = came.length < parts.length
  return {
    value: null,
    status: isUnanswered ? 'SOURCE_UNAVAILABLE' : reasonOf(came.map(({ status }) => status)),
  }
}

/** Why nothing came: a figure that should exist weighs more than one that should not; else the reason of the first part. */
const reasonOf = (statuses: readonly ObservationStatus[]): ObservationStatus =>
  statuses.find((status) => status === 'SOURCE_UNAVAILABLE') ?? statuses[0] ?? 'SOURCE_UNAVAILABLE'

function coverageOf(coverages: readonly (Coverage | null)[]): Coverage | null {
  const known = coverages.filter((coverage) => coverage !== null)
  if (known.length < coverages.length || known.length === 0) return null
  const total = (field: keyof Coverage) => known.reduce((sum, coverage) => sum + coverage[field], 0)
  return {
    expected: total('expected'),
    reported: total('reported'),
    missing: total('missing'),
    suppressed: total('suppressed'),
    share: total('share') / known.length,
    notLocated: total('notLocated'),
    notLocatedValue: total('notLocatedValue'),
  }
}

function estimatedShareOf(observations: readonly Observation[]): number {
  const value = observations.reduce((sum, observation) => sum + (observation.value ?? 0), 0)
  if (value === 0) return 0
  return observations.reduce((sum, { value: part, estimatedShare }) => sum + (part ?? 0) * estimatedShare, 0) / value
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)]
