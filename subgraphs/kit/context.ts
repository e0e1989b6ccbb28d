import DataLoader from 'dataloader'
import type { Observation } from '../../core/observations/observation.ts'
import type { Quarantine, StoreReader } from '../../core/store/reader.ts'
import type { Territory } from '../../core/territories/territory.ts'
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
  /** Observations read so far, by measure, then by period and vintage, then by territory: see {@link observe}. */
  readonly observations: Map<string, Map<number, Map<number, Observation>>>
  /** Reads what goes by this key, the first time in one execution that it is asked for: under two aliases it is read once. */
  readonly once: <Value>(key: string, read: () => Value) => Value
  /** The quarantine of each dataset, by id: a file that changes, read once for all that one execution asks. */
  readonly quarantines: DataLoader<string, readonly Quarantine[]>
  /** Until when it waits for what the store has to fetch, in all its rounds, on the clock of `performance.now()`. */
  readonly waitUntil: number
  /** The clock: whether a dataset is late depends on the day. */
  readonly now: () => Date
  /** Notes a dataset of which something else than an observation is given. */
  readonly noteDataset: (id: string) => void
  /** The datasets that gave figures so far, sorted. */
  readonly datasets: () => readonly string[]
}

/** The clock of the machine. */
export const machineClock = (): Date => new Date()

/**
 * How long one execution waits for what the store has to fetch, in milliseconds: less than a gateway gives a subgraph, so that the rest is
 * answered.
 */
const WAIT_MS = 2500

/** The context of one execution. */
export function createContext(reader: StoreReader, now: () => Date = machineClock): SubgraphContext {
  const { store, note, datasets } = watchUse(reader)
  let quarantines: SubgraphContext['quarantines'] | undefined
  return {
    store,
    now,
    waitUntil: performance.now() + WAIT_MS,
    observations: new Map(),
    once: createOnce(),
    noteDataset: note,
    datasets,
    get quarantines() {
      return (quarantines ??= new DataLoader((ids) => quarantinesOf(store, ids)))
    },
  }
}

function createOnce(): SubgraphContext['once'] {
  const known = new Map<string, unknown>()
  return <Value>(key: string, read: () => Value): Value => {
    if (!known.has(key)) known.set(key, read())
    return known.get(key) as Value
  }
}

async function quarantinesOf(store: StoreReader, ids: readonly string[]): Promise<(readonly Quarantine[])[]> {
  const all = await store.quarantine()
  return ids.map((id) => all.filter(({ dataset }) => dataset === id))
}

/**
 * An observation of one of the owner's measures, or why there is none; read once in one execution. The store is in memory, and
 * answers at once: without a promise for each value, a list is one pass over it (docs/decisions/0017-speed.md).
 */
export function observe(context: SubgraphContext, key: ObservationKey): Observation {
  const { measure, period, place } = key
  const { territory, vintage } = place
  if (territory === undefined) return context.store.notApplicable(measure, period, place.absence, vintage)
  // One of before the first vintage has no position.
  if (territory.index < 0) return read(context.store, key, territory)
  let times = context.observations.get(measure)
  if (!times) context.observations.set(measure, (times = new Map()))
  // Small numbers as keys: to make a text, or a large number, would take longer than to find the observation.
  const time = period * 10_000 + vintage
  let known = times.get(time)
  if (!known) times.set(time, (known = new Map()))
  let observation = known.get(territory.index)
  if (!observation) known.set(territory.index, (observation = read(context.store, key, territory)))
  return observation
}

function read(store: StoreReader, { measure, period, place }: ObservationKey, territory: Territory): Observation {
  const { vintage, note } = place
  const observation = store.observe(measure, period, territory, vintage)
  return note === '' ? observation : { ...observation, notes: [note, ...observation.notes] }
}
