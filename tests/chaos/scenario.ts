/** One way in which things go wrong, tried on the real programs. */
export interface Scenario {
  readonly name: string
  /** What is done, in one line. */
  readonly what: string
  run(effort: Effort): Promise<readonly Finding[]>
}

/** How much is done: a few minutes of everything, or what the aims ask for. */
export type Effort = 'QUICK' | 'WHOLE'

/** What a scenario found. */
export interface Finding {
  readonly what: string
  /** What was measured or counted, for people. */
  readonly found: string
  /** A broken promise fails the run. A figure short of its aim is told and does not: machines differ. */
  readonly verdict: 'KEPT' | 'BROKEN' | 'SHORT'
}

/** A promise: nothing may be found against it. */
export const promise = (what: string, found: string, against: readonly string[]): Finding => ({
  what,
  found:
    against.length === 0
      ? found
      : `${found}; ${against.length} against it, such as: ${against.slice(0, 3).join(' | ')}`,
  verdict: against.length === 0 ? 'KEPT' : 'BROKEN',
})

/** An aim: a figure, and the most that it should be. */
export const aim = (what: string, figure: number, most: number, unit = ''): Finding => ({
  what: `${what} ≤ ${most}${unit}`,
  found: `${figure.toFixed(2)}${unit}`,
  verdict: figure <= most ? 'KEPT' : 'SHORT',
})
