import type { CallEnd } from './calls.ts'

/** What calls, and looks whether it is there, have taught of one subgraph. */
export interface OwnerHealth {
  /** `up`: its last call was answered. `down`: it was not. `unknown`: it was not called yet. */
  readonly state: 'up' | 'down' | 'unknown'
  /** ISO 8601; null where it never answered. */
  readonly lastAnswerAt: string | null
  /** The last call that was not answered, also when it answers again by now. */
  readonly lastError: { readonly at: string; readonly reason: string; readonly message: string } | null
  /** Calls without an answer since the last one that had one. */
  readonly failures: number
}

/** The health of subgraphs. */
export interface Health {
  /** Learns from a call that ended. */
  note(end: CallEnd): void
  /** What is known of a subgraph. */
  of(subgraph: string): OwnerHealth
}

interface Learnt {
  answeredAt: number | undefined
  failed: { readonly at: number; readonly reason: string; readonly message: string } | undefined
  failures: number
}

/**
 * Learns how subgraphs are from the calls that clients cause, and over HTTP from the question which data they hold, which each is asked
 * every second.
 * @param clock milliseconds since 1970.
 */
export function createHealth(clock: () => number): Health {
  const subgraphs = new Map<string, Learnt>()

  return {
    note({ subgraph, outcome, error }) {
      if (SAYS_NOTHING.has(outcome)) return
      let learnt = subgraphs.get(subgraph)
      if (!learnt) subgraphs.set(subgraph, (learnt = { answeredAt: undefined, failed: undefined, failures: 0 }))
      if (outcome === 'ANSWERED') {
        learnt.answeredAt = clock()
        learnt.failures = 0
      } else {
        // The facts of an outage hold no address: those stand in its cause, for the log.
        const message = error?.facts.what ?? `The ${subgraph} subgraph gave no answer`
        learnt.failed = { at: clock(), reason: outcome, message }
        learnt.failures++
      }
    },
    of(subgraph) {
      const { answeredAt, failed, failures = 0 } = subgraphs.get(subgraph) ?? {}
      const known = answeredAt !== undefined || failed !== undefined
      return {
        state: !known ? 'unknown' : failures > 0 ? 'down' : 'up',
        lastAnswerAt: answeredAt === undefined ? null : isoOf(answeredAt),
        lastError: failed === undefined ? null : { ...failed, at: isoOf(failed.at) },
        failures,
      }
    },
  }
}

/** Nobody waited, it answers of another version, or it was not even called: nothing new is known of it. */
const SAYS_NOTHING: ReadonlySet<CallEnd['outcome']> = new Set(['ABANDONED', 'OTHER_VERSION', 'RESTING'])

const isoOf = (time: number): string => new Date(time).toISOString()
