import type { DatasetDescriptor } from './dataset.ts'
import { StratesError } from './error.ts'

/** Where the files of a store come from, and so where to look for newer ones. */
export type Origin =
  /** The portals that descriptors name; since a year, or the three newest rentrées. */
  | { readonly kind: 'portal'; readonly since?: number | undefined }
  /** A folder of this machine. */
  | { readonly kind: 'folder'; readonly folder: string }

/**
 * How a look at a source ended: nothing new; a new version was published; other bytes with the same figures, which publish
 * nothing; the new file was refused; the source did not answer, or not whole.
 */
export type LookOutcome = 'UNCHANGED' | 'PUBLISHED' | 'SAME_FIGURES' | 'QUARANTINED' | 'FAILED'

/** The last look at the source of a dataset. */
export interface SourceLook {
  readonly dataset: string
  /** When it was asked, ISO 8601. */
  readonly askedAt: string
  /** When it last answered whole, whatever it said; null for never. */
  readonly answeredAt: string | null
  /** When a change of it was last published by a look; null for never. */
  readonly changedAt: string | null
  readonly outcome: LookOutcome
  /** Why it failed or was refused, for anybody to read; else null. */
  readonly problem: { readonly code: string; readonly message: string } | null
  /** How many looks in a row failed. */
  readonly failures: number
  /** When it is to be asked again. */
  readonly nextAt: string
  /** Which files were dealt with last: they are not dealt with again, refused or not. */
  readonly seen: string
}

/** What a store remembers of looking for newer files. */
export interface RefreshState {
  readonly origin: Origin
  /** By order of dataset. */
  readonly looks: readonly SourceLook[]
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
const WEEK = 7 * DAY

/** How long before a date on which something is expected one looks daily. */
const EARLY = 60 * DAY

/** After how long without a whole answer a source counts as silent, and after how many days' looks one that never answered. */
const SILENT_AFTER = 2 * WEEK
const SILENT_FROM_THE_START = 14

/** What decides when a source is asked next. */
export interface PlanFacts {
  readonly updateFrequency: DatasetDescriptor['updateFrequency']
  /** When its next update is expected, ISO 8601; null where nothing is held. */
  readonly nextExpected: string | null
  /** How many looks in a row failed. */
  readonly failures: number
  /** How long the source asks to be left alone, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** Whether it is a folder of this machine. */
  readonly isFolder: boolean
}

/**
 * When to ask a source again: a folder every hour; a continuous dataset every day; an annual one every week, and every day
 * from 60 days before its next update is expected until it is there. After failures sooner: after 1, 2, 4… hours, at most a
 * day. Never before `Retry-After`, up to a week of it, and never within an hour. Up to a tenth later, by chance, so that not
 * all ask at once.
 * @param random a number from 0 to 1.
 */
export function nextLook(facts: PlanFacts, now: Date, random: number): Date {
  const { failures, retryAfterMs = 0 } = facts
  const usual = usualInterval(facts, now)
  const wait = failures === 0 ? usual : Math.min(usual, DAY, HOUR * 2 ** (failures - 1))
  const least = Math.max(HOUR, wait, Math.min(retryAfterMs, WEEK))
  return new Date(now.getTime() + Math.round(least * (1 + random / 10)))
}

function usualInterval({ isFolder, updateFrequency, nextExpected }: PlanFacts, now: Date): number {
  if (isFolder) return HOUR
  if (updateFrequency === 'CONTINUOUS' || nextExpected === null) return DAY
  return now.getTime() >= Date.parse(nextExpected) - EARLY ? DAY : WEEK
}

/** Whether a source has failed for two weeks, so that nobody knows whether what is held is still the newest. */
export function isSilent({ failures, answeredAt }: Pick<SourceLook, 'failures' | 'answeredAt'>, now: number): boolean {
  if (answeredAt === null) return failures > SILENT_FROM_THE_START
  return failures > 0 && now - Date.parse(answeredAt) > SILENT_AFTER
}

/** What anybody may read of a problem: of a path on this machine, its last two parts. */
export function toldProblem(error: unknown): NonNullable<SourceLook['problem']> {
  if (!(error instanceof StratesError))
    return { code: 'INTERNAL', message: 'The look failed for another reason, which the log tells.' }
  const { code, what, on, expected } = error.facts
  const place = /https?:/.test(on) ? on : on.split(/[\\/]/).slice(-2).join('/')
  return { code, message: `${what} (${place}). Expected: ${expected}.` }
}
