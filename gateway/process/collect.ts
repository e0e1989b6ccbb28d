import type { MetricsJson } from '../metrics/json.ts'

/** How long the counts of other workers are waited for, in milliseconds: one that is stuck holds nobody up. */
const PATIENCE_MS = 1000

/** The counts of all workers, gathered by the primary for one that is asked for them. */
export interface Collection {
  /** Begins to gather. @returns the number under which each of `workers` is to answer. */
  begin(workers: number, done: (all: readonly MetricsJson[]) => void): number
  /** A worker answered. */
  add(id: number, metrics: MetricsJson): void
}

/** @param later does something in so many milliseconds. */
export function createCollection(later: (run: () => void, ms: number) => void = setTimeout): Collection {
  const open = new Map<number, { readonly all: MetricsJson[]; readonly end: () => void; missing: number }>()
  let last = 0

  return {
    begin(workers, done) {
      const id = ++last
      const all: MetricsJson[] = []
      const end = () => {
        if (open.delete(id)) done(all)
      }
      open.set(id, { all, end, missing: workers })
      later(end, PATIENCE_MS)
      return id
    },
    add(id, metrics) {
      const asked = open.get(id)
      if (!asked) return
      asked.all.push(metrics)
      if (--asked.missing === 0) asked.end()
    },
  }
}

/** Asks the primary for the counts of all workers, on behalf of whoever reads `/metrics` of this one. */
export interface Collector {
  /** The counts of all; those of this one alone where the primary does not answer. */
  collect(): Promise<readonly MetricsJson[]>
  /** The primary answered. */
  collected(id: number, all: readonly MetricsJson[]): void
}

/** Options of {@link createCollector}. */
export interface CollectorOptions {
  /** Sends the question. */
  readonly ask: (id: number) => void
  readonly own: () => Promise<MetricsJson>
  readonly later?: (run: () => void, ms: number) => void
}

/** Makes a collector. */
export function createCollector({ ask, own, later = setTimeout }: CollectorOptions): Collector {
  const waiting = new Map<number, (all: readonly MetricsJson[]) => void>()
  let last = 0

  return {
    async collect() {
      const id = ++last
      const { promise, resolve } = Promise.withResolvers<readonly MetricsJson[]>()
      waiting.set(id, resolve)
      later(() => resolve([]), 2 * PATIENCE_MS)
      ask(id)
      const all = await promise
      waiting.delete(id)
      return all.length > 0 ? all : [await own()]
    },
    collected: (id, all) => waiting.get(id)?.(all),
  }
}
