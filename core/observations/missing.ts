/** What a missing contributor is: a school; or, where no file covers a place, the commune or département that counts for it. */
export const MEMBER_KINDS = ['SCHOOL', 'COMMUNE', 'DEPARTEMENT'] as const

/** See {@link MEMBER_KINDS}. */
export type MemberKind = (typeof MEMBER_KINDS)[number]

/**
 * Why a contributor is missing. `NO_FIGURE`: expected, and its source has none. `SUPPRESSED`: hidden by the publisher.
 * `NO_FILE`: no file at hand covers the place.
 */
export const MISSING_REASONS = ['NO_FIGURE', 'SUPPRESSED', 'NO_FILE'] as const

/** See {@link MISSING_REASONS}. */
export type MissingReason = (typeof MISSING_REASONS)[number]

/** Someone expected to contribute to a value who did not, so that someone can call them. */
export interface MissingMember {
  /** Unique within a list, for cursors. */
  readonly id: string
  readonly kind: MemberKind
  /** UAI of a school, INSEE code of a commune or département. */
  readonly code: string
  readonly name: string
  readonly reason: MissingReason
  /** The measure that lacks its figure, of which a sum may have several. */
  readonly measure: string
  /** The commune in which it counts; its département where the commune is not known; a place stands for itself. */
  readonly placeId: string
  readonly placeName: string
}
