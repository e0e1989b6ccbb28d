import DataLoader from 'dataloader'
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

/** What every resolver of a subgraph may use during one request. */
export interface SubgraphContext {
  readonly store: StoreReader
  /** Reads observations of the owner's measures: all that one request needs in one pass, each once. */
  readonly observations: DataLoader<ObservationKey, Observation, string>
  /** The clock: whether a dataset is late depends on the day. */
  readonly now: () => Date
  /** Notes a dataset of which something else than an observation is given. */
  readonly noteDataset: (id: string) => void
  /** The datasets that gave figures so far, sorted. */
  readonly datasets: () => readonly string[]
}

/** The clock of the machine. */
export const machineClock = (): Date => new Date()

/** The context of one request. */
export function createContext(reader: StoreReader, now: () => Date = machineClock): SubgraphContext {
  const { store, note, datasets } = watchUse(reader)
  return {
    store,
    now,
    noteDataset: note,
    datasets,
    observations: new DataLoader<ObservationKey, Observation, string>(
      async (keys) => keys.map((key) => observe(store, key)),
      { cacheKeyFn: ({ measure, period, place }) => `${measure}@${period}/${place.id}/${place.vintage}` },
    ),
  }
}

function observe(store: StoreReader, { measure, period, place }: ObservationKey): Observation {
  const { territory, vintage, absence, note } = place
  if (territory === undefined) return store.notApplicable(measure, period, absence, vintage)
  const observation = store.observe(measure, period, territory, vintage)
  return note === '' ? observation : { ...observation, notes: [note, ...observation.notes] }
}
