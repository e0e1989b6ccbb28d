/** What comparing two totals of the same thing comes to. */
export const VERDICTS = ['AGREES', 'EXPLAINED', 'DISAGREES', 'NOT_COMPARABLE'] as const

/** See {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number]

/** Totals at most this far apart, as a share of the published one, agree. */
export const AGREEMENT = 0.001

/** A gap larger than this share of the published total is explained by nothing. */
export const EXPLAINABLE = 0.02

/** A reason why a computed total differs from a published one, and how many it accounts for; null where nobody can count. */
export interface Cause {
  readonly says: string
  readonly covers: number | null
  /** Whether the number is an estimate: one that would cover more than the gap explains nothing, and is left out. */
  readonly isEstimate?: boolean
}

/** Two totals held against each other. */
export interface Comparison {
  readonly gap: number | null
  readonly gapRatio: number | null
  readonly verdict: Verdict
  readonly explanation: string
}

/**
 * Holds a computed total against a published one. AGREES within 0.1 %. EXPLAINED where known causes account for a gap of at
 * most 2 %: all of it where each can be counted, a shortfall where one cannot. DISAGREES otherwise.
 * @param incomparable why the two cannot be compared at all, when that is so.
 */
export function compareTotals(input: {
  readonly computed: number | null
  readonly published: number
  readonly causes: readonly Cause[]
  readonly incomparable?: string | undefined
}): Comparison {
  const { computed, published, causes, incomparable } = input
  if (computed === null || incomparable !== undefined) {
    return {
      gap: null,
      gapRatio: null,
      verdict: 'NOT_COMPARABLE',
      explanation: incomparable ?? 'There is no computed total.',
    }
  }
  const gap = computed - published
  const gapRatio = published === 0 ? (gap === 0 ? 0 : Math.sign(gap)) : gap / published
  if (Math.abs(gapRatio) <= AGREEMENT) return { gap, gapRatio, verdict: 'AGREES', explanation: 'Within 0.1 %.' }
  const known = overshoots(gap, causes) ? causes.filter(({ isEstimate }) => isEstimate !== true) : causes
  const remains = gap - totalOf(known)
  const uncounted = known.some(({ covers }) => covers === null)
  const isSmall = Math.abs(gapRatio) <= EXPLAINABLE
  const isCovered = Math.abs(remains) <= AGREEMENT * published || (uncounted && gap < 0 && remains <= 0)
  const explains = known.length > 0 && isSmall && isCovered
  return {
    gap,
    gapRatio,
    verdict: explains ? 'EXPLAINED' : 'DISAGREES',
    explanation: explanationOf(known, remains, uncounted),
  }
}

const totalOf = (causes: readonly Cause[]): number => causes.reduce((sum, { covers }) => sum + (covers ?? 0), 0)

const overshoots = (gap: number, causes: readonly Cause[]): boolean =>
  Math.sign(gap - totalOf(causes)) === -Math.sign(gap)

function explanationOf(causes: readonly Cause[], remains: number, uncounted: boolean): string {
  if (causes.length === 0) return 'No cause is known.'
  const known = causes.map(({ says, covers }) => (covers === null ? says : `${says} (${signed(covers)})`)).join('; ')
  const rest = uncounted ? `${signed(remains)} remain for what cannot be counted` : `${signed(remains)} remain`
  return `${known}; ${rest}.`
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(Math.round(value)).toLocaleString('en')}`
