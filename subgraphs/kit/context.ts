import type { Observation } from '../../core/observations/observation.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import type { Place } from './place.ts'
import { watchUse } from './use.ts'

/** Which observation is wanted. */
export interface ObservationKey {
  readonly measure: string
  readonly period: number
  readonly place: Place
}

/** What every resolver of a subgraph may use during one execution. */
export interface SubgraphContext {
  readonly store: StoreReader
  /** The clock: whether a dataset is late depends on the day. */
  readonly now: () => Date
  /** Notes a dataset of which something else than an observation is given. */
  readonly noteDataset: (id: string) => void
  /** The datasets that gave figures so far, sorted. */
  readonly datasets: () => readonly string[]
}

/** The clock of the machine. */
export const machineClock = (): Date => new Date()

/** The context of one execution. */
export function createContext(reader: StoreReader, now: () => Date = machineClock): SubgraphContext {
  const { store, note, datasets } = watchUse(reader)
  return { store, now, noteDataset: note, datasets }
}

/**
 * An observation of one of the owner's measures, or why there is none. The store is in memory, and answers at once: without a
 * promise for each value, a list is one pass over it (docs/decisions/0017-speed.md).
 */
export function observe(store: StoreReader, { measure, period, place }: ObservationKey): Observation {
  const { territory, vintage, absence, note } = place
  if (territory === undefined) return store.notApplicable(measure, period, absence, vintage)
  const observation = store.observe(measure, period, territory, vintage)
  return note === '' ? observation : { ...observation, notes: [note, ...observation.notes] }
}
