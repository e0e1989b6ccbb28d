import { spreadOf, type Spread } from '../kit/figure.ts'

/** What one run measured, from which `docs/capacity.md` is computed. */
export interface Measured {
  readonly day: string
  readonly node: string
  readonly cores: number
  /** The store, in words. */
  readonly store: string
  readonly kinds: Readonly<Record<KindName, KindMeasured>>
  /** Of one process with the whole store after load and a garbage collection, in bytes; cold answers, then with the cache full of what was asked. */
  readonly memory: { readonly cold: number; readonly cached: number }
  readonly cells: { readonly held: number; readonly bytesEach: number }
  /** Microseconds of processor for a point whose cells a database gives; absent where PostgreSQL is not installed. */
  readonly database?: { readonly gateway: number; readonly database: number } | undefined
  /** Commands that one Redis answers in a second, with values of 4 KB; absent where it is not installed. */
  readonly redis?: { readonly get: number; readonly set: number }
}

/** The kinds of request. */
export const KIND_NAMES = ['point', 'list', 'search', 'json', 'csv'] as const
export type KindName = (typeof KIND_NAMES)[number]

/** What one kind of request takes. */
export interface KindMeasured {
  /** Microseconds of processor for each answer, one a round: made anew, and from memory. */
  readonly cold: readonly number[]
  readonly cached: readonly number[]
  /** Bytes of an answer on the wire, head included: the mean of twenty. */
  readonly bytes: number
  /** The same, its body compressed with gzip, as a proxy or CDN would. */
  readonly packed: number
}

/** What a kind takes over all runs. */
export interface Needs {
  readonly cold: Spread
  readonly cached: Spread
  readonly bytes: number
  readonly packed: number
}

/** Several runs as one: the rounds of all, and the means of what hardly varies. */
export function needsOf(runs: readonly Measured[], kind: KindName): Needs {
  const all = runs.map(({ kinds }) => kinds[kind])
  return {
    cold: spreadOf(all.flatMap(({ cold }) => cold)),
    cached: spreadOf(all.flatMap(({ cached }) => cached)),
    bytes: mean(all.map(({ bytes }) => bytes)),
    packed: mean(all.map(({ packed }) => packed)),
  }
}

/** Memory of a worker: the most that was seen. */
export const workerBytes = (runs: readonly Measured[]): number =>
  Math.max(...runs.flatMap(({ memory }) => [memory.cold, memory.cached]))

/** The mean of some numbers. */
export const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length
