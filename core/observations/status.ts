/** What a value is, or why there is none. The first two carry a value, the others never do. */
export const OBSERVATION_STATUSES = [
  'NORMAL',
  'PARTIAL',
  'NOT_PUBLISHED',
  'NOT_APPLICABLE',
  'SUPPRESSED',
  'SOURCE_UNAVAILABLE',
  'OUT_OF_SCOPE',
  'NON_ADDITIVE',
] as const

/** See {@link OBSERVATION_STATUSES}. */
export type ObservationStatus = (typeof OBSERVATION_STATUSES)[number]

/** Whether a status says that there is no value; `value` is null exactly then. */
export const isAbsent = (status: ObservationStatus): boolean => status !== 'NORMAL' && status !== 'PARTIAL'

/** A value, null where it is absent, and what it is. */
export interface Figure {
  readonly value: number | null
  readonly status: ObservationStatus
}

/** How a value came to be: taken as published, summed from contributors, or carried to another geography. */
export const METHODS = ['PUBLISHED', 'CONSOLIDATED', 'CONVERTED'] as const

/** See {@link METHODS}. */
export type Method = (typeof METHODS)[number]
