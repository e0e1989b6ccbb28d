import type { Servers } from './servers.ts'
import type { Pace } from './load.ts'

/** One line of the table of results. */
export interface Row {
  /** What was measured, in words. */
  readonly what: string
  /** The figure: a ratio, seconds, bytes; the median first, least and most in brackets. */
  readonly value: string
  /** What it was held against in the same rounds; empty for a figure of its own. */
  readonly beside: string
  /** What it is meant to reach; empty where nothing was set. */
  readonly target: string
  /** Undefined where there is no target. */
  readonly reached?: boolean | undefined
  /** What the machine did, for whoever wants to check the division. */
  readonly detail: string
}

/** What a figure may use. */
export interface Bench {
  /** The folder of the store. */
  readonly data: string
  readonly servers: Servers
  readonly pace: Pace
  /** A folder of its own, removed at the end. */
  temporary(): Promise<string>
  /** Says on the terminal what is going on. */
  say(text: string): void
}

/** One figure: a name for `--only`, and how it is measured. */
export interface Figure {
  readonly name: string
  /** What is asked or done, in a sentence. */
  readonly about: string
  measure(bench: Bench): Promise<readonly Row[]>
}

/** The median of a list with its least and its most. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** The median, least and most of some numbers. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((left, right) => left - right)
  const [least = Number.NaN] = sorted
  const half = sorted.length / 2
  const median = ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half) - 1] ?? Number.NaN)) / 2
  return { median, least, most: sorted.at(-1) ?? Number.NaN }
}

/** `0.82 (0.79–0.88)` */
export const written = ({ median, least, most }: Spread, digits = 2): string =>
  `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`

/** A target that a ratio or a number of seconds is held against. */
export const atLeast = (limit: number, { median }: Spread, unit = '') => ({
  target: `≥ ${limit}${unit}`,
  reached: median >= limit,
})

/** The same, for what should be small. */
export const atMost = (limit: number, { median }: Spread, unit = '') => ({
  target: `≤ ${limit}${unit}`,
  reached: median <= limit,
})
