import DataLoader from 'dataloader'
import type { Observation } from '../../core/observations/observation.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import type { Place } from './place.ts'

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
  /** Reads what goes by this key, the first time in one request that it is asked for: under two aliases it is read once. */
  readonly once: <Value>(key: string, read: () => Value) => Value
  /** The clock: whether a dataset is late depends on the day. */
  readonly now: () => Date
}

/** The clock of the machine. */
export const machineClock = (): Date => new Date()

/** The context of one request. */
export function createContext(store: StoreReader, now: () => Date = machineClock): SubgraphContext {
  return {
    store,
    now,
    once: createOnce(),
    observations: new DataLoader<ObservationKey, Observation, string>(
      async (keys) => keys.map((key) => observe(store, key)),
      { cacheKeyFn: ({ measure, period, place }) => `${measure}@${period}/${place.id}/${place.vintage}` },
    ),
  }
}

function createOnce(): SubgraphContext['once'] {
  const known = new Map<string, unknown>()
  return <Value>(key: string, read: () => Value): Value => {
    if (!known.has(key)) known.set(key, read())
    return known.get(key) as Value
  }
}

function observe(store: StoreReader, { measure, period, place }: ObservationKey): Observation {
  const { territory, vintage, absence, note } = place
  if (territory === undefined) return store.notApplicable(measure, period, absence, vintage)
  const observation = store.observe(measure, period, territory, vintage)
  return note === '' ? observation : { ...observation, notes: [note, ...observation.notes] }
}
