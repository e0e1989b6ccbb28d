import type { ErrorFacts } from '../../core/observations/error.ts'
import type { Spending } from '../guard/rate.ts'
import type { MetricsJson } from '../metrics/json.ts'
import type { ReuseCount } from '../metrics/reuse.ts'

/** What a worker says of itself, every second. */
export interface WorkerReport {
  readonly pid: number
  /** Memory that it holds (resident set), in MB. */
  readonly memoryMb: number
  /** Connections open to it. */
  readonly connections: number
}

/** All that a worker tells the primary. */
export type FromWorker =
  /** It answers. `facts` are sentences on what is served. */
  | { readonly kind: 'ready'; readonly facts: readonly string[]; readonly report: WorkerReport }
  /** It cannot start; `facts` are those of a StratesError. */
  | { readonly kind: 'failed'; readonly facts?: ErrorFacts; readonly stack: string }
  /** It is not stuck. */
  | { readonly kind: 'heartbeat'; readonly report: WorkerReport }
  /** The connection handed to it is its own now. */
  | { readonly kind: 'took' }
  /** Nobody was connected to it when the readiness went off. */
  | { readonly kind: 'idle' }
  /** What clients spent there since the last of these. */
  | { readonly kind: 'spent'; readonly spending: Spending }
  /** Who reused what there since the last of these. */
  | { readonly kind: 'reused'; readonly counts: readonly ReuseCount[] }
  /** It serves this supergraph now: who starts later begins with it. */
  | { readonly kind: 'supergraph'; readonly sdl: string }
  /** Someone reads `/metrics` there: the counts of all workers are wanted. */
  | { readonly kind: 'collect'; readonly id: number }
  /** Its own counts, as asked by `count`. */
  | { readonly kind: 'counted'; readonly id: number; readonly metrics: MetricsJson }

/** All that the primary tells a worker. */
export type ToWorker =
  /** Begin. `supergraph`: what other workers serve, where there are any. */
  | { readonly kind: 'begin'; readonly supergraph?: string }
  /** Comes with a socket: answer it. */
  | { readonly kind: 'connection' }
  /** The service ends: `/readyz` says so, and each answer is the last of its connection. */
  | { readonly kind: 'unready' }
  /** Finish what is in flight, then end. */
  | { readonly kind: 'drain' }
  /** What clients spent in other workers. */
  | { readonly kind: 'spent'; readonly spending: Spending }
  /** Send your counts. */
  | { readonly kind: 'count'; readonly id: number }
  /** The counts of all workers that answered in time, as asked by `collect`. */
  | { readonly kind: 'collected'; readonly id: number; readonly all: readonly MetricsJson[] }
  /** How all workers fare, itself included, and why the newest data published elsewhere is not the store's; every second. */
  | { readonly kind: 'workers'; readonly workers: readonly WorkerReport[]; readonly problem?: ErrorFacts }
