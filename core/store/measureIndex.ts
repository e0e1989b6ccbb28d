import { setImmediate } from 'node:timers/promises'
import type { Observation } from '../observations/observation.ts'
import type { Descending } from '../observations/rank.ts'
import { OBSERVATION_STATUSES, type ObservationStatus } from '../observations/status.ts'
import type { Atlas } from '../territories/atlas.ts'
import type { Tier } from '../territories/code.ts'
import type { Territory } from '../territories/territory.ts'
import type { MeasureRecord, SliceRecord } from './manifest.ts'
import type { StoreReader } from './reader.ts'

/** The values of one measure in one period, whoever owns it: what lists are ranked, filtered and ordered by. */
export interface MeasureValues {
  readonly measure: MeasureRecord
  readonly period: number
  /**
   * The value of a territory; null where it is absent.
   * @param vintage that of the territory; default: the newest.
   */
  valueOf(territory: Territory, vintage?: number): number | null
  /**
   * What the value of a territory is, or why there is none.
   * @param vintage that of the territory; default: the newest.
   */
  statusOf(territory: Territory, vintage?: number): ObservationStatus
  /**
   * The territories of a tier of the newest vintage that have a value, largest first, those with the same value by code. Made when
   * first asked, a piece at a time: whoever else is being answered meanwhile is not kept waiting.
   */
  ranked(tier: Tier): Promise<Ranked>
  /**
   * The observation behind a value, with its owner, dataset and coverage. What a value of another owner is made of, only that owner
   * can tell: `counted` is left out.
   */
  observe(territory: Territory): Observation
}

/** Territories by value. */
export interface Ranked {
  readonly territories: readonly Territory[]
  /** The value of each, in the same order. */
  readonly values: Descending
  /** Those of the tier that have none, in code order. */
  readonly absent: readonly Territory[]
}

/** Gives the values of any measure. */
export type MeasureIndex = (measure: string, period: number) => Promise<MeasureValues>

/**
 * How many (measure, period) are kept at once: twice those that a store holds today, so that each is read once and not again for
 * whoever asks for many. With all tiers ranked, one takes a megabyte. Those of which nothing is held are not kept.
 */
const KEPT = 64

/** How many values are read before others get their turn: a few milliseconds. */
const AT_ONCE = 1000

/** Not a position in the list of statuses. */
const NOT_READ = 255

/**
 * An index over the measures of every owner. It reads through the reader of the owner, so that it cannot say anything else
 * than the owner does; what it keeps is a value and a status for each territory, made tier by tier when first asked.
 */
export function createMeasureIndex({
  atlas,
  measures,
  slices,
  readerOf,
  kept: most = KEPT,
}: {
  readonly atlas: Atlas
  readonly measures: readonly MeasureRecord[]
  readonly slices: readonly SliceRecord[]
  /** A reader of the owner of a measure that holds all that its values in a period are made of. */
  readonly readerOf: (measure: MeasureRecord, period: number) => StoreReader | Promise<StoreReader>
  /** How many are kept at once. Default {@link KEPT}. */
  readonly kept?: number
}): MeasureIndex {
  const given = new Set(slices.map(({ measure, period }) => keyOf(measure, period)))
  const kept = new Map<string, Promise<MeasureValues>>()
  return async (id, period) => {
    const measure = find(id)
    if (!isHeld(measure, period)) return withoutValues(measure, period, await readerOf(measure, period), atlas)
    return open(measure, period)
  }

  function open(measure: MeasureRecord, period: number): Promise<MeasureValues> {
    const key = keyOf(measure.id, period)
    const found = kept.get(key) ?? read(measure, period)
    // The one used last stays longest.
    kept.delete(key)
    kept.set(key, found)
    // Meanwhile another may have been made in its place.
    found.catch(() => kept.get(key) === found && kept.delete(key))
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    return found
  }

  async function read(measure: MeasureRecord, period: number): Promise<MeasureValues> {
    return readValues(measure, period, await readerOf(measure, period), atlas)
  }

  /** Whether any file gives the measure, what it is summed of, or the numerator that it is made of, in a period. */
  function isHeld({ id, parts = [], additivity }: MeasureRecord, period: number): boolean {
    if (given.has(keyOf(id, period))) return true
    const made = additivity.kind === 'RATIO' ? [...parts, additivity.numerator] : parts
    return made.some((part) => isHeld(find(part), period))
  }

  function find(id: string): MeasureRecord {
    const measure = measures.find((known) => known.id === id)
    if (measure === undefined) throw new RangeError(`there is no measure ${id}`)
    return measure
  }
}

const keyOf = (measure: string, period: number): string => `${measure}@${period}`

/** Of a period that no file gives, every territory has the same to say: nothing is read, and nothing kept. */
function withoutValues(measure: MeasureRecord, period: number, reader: StoreReader, { current }: Atlas): MeasureValues {
  const { status } = reader.figure(measure.id, period, current.nation)
  return {
    measure,
    period,
    valueOf: () => null,
    statusOf: () => status,
    ranked: async (tier) => ({ territories: [], values: new Float64Array(), absent: current.ofTier(tier) }),
    observe: (territory) => reader.observe(measure.id, period, territory),
  }
}

function readValues(measure: MeasureRecord, period: number, reader: StoreReader, { current }: Atlas): MeasureValues {
  const size = current.all.reduce((most, { index }) => Math.max(most, index), 0) + 1
  const values = new Float64Array(size).fill(Number.NaN)
  const statuses = new Uint8Array(size).fill(NOT_READ)
  const rankedOf = new Map<Tier, Promise<Ranked>>()
  /** Whether the territory is on ground that none of the newest vintage is on: such values are not kept. */
  const isPast = ({ index }: Territory): boolean => !current.has(index)

  /** The value alone, read once. */
  function read(territory: Territory): number {
    const { index } = territory
    if (statuses[index] === NOT_READ) {
      const { value, status } = reader.figure(measure.id, period, territory)
      values[index] = value ?? Number.NaN
      statuses[index] = OBSERVATION_STATUSES.indexOf(status)
    }
    return values[index] ?? Number.NaN
  }

  async function rank(tier: Tier): Promise<Ranked> {
    const all = current.ofTier(tier)
    for (const [position, territory] of all.entries()) {
      if (position % AT_ONCE === AT_ONCE - 1) await setImmediate()
      read(territory)
    }
    const known = all.filter(({ index }) => !Number.isNaN(values[index]))
    // In code order before, and the sort is stable.
    const territories = known.toSorted((left, right) => (values[right.index] ?? 0) - (values[left.index] ?? 0))
    return {
      territories,
      values: Float64Array.from(territories, ({ index }) => values[index] ?? Number.NaN),
      absent: all.filter(({ index }) => Number.isNaN(values[index])),
    }
  }

  return {
    measure,
    period,
    valueOf(territory, vintage) {
      if (isPast(territory)) return reader.observe(measure.id, period, territory, vintage).value
      const value = read(territory)
      return Number.isNaN(value) ? null : value
    },
    statusOf(territory, vintage) {
      if (isPast(territory)) return reader.observe(measure.id, period, territory, vintage).status
      read(territory)
      return OBSERVATION_STATUSES[statuses[territory.index] ?? 0] ?? 'SOURCE_UNAVAILABLE'
    },
    ranked(tier) {
      let ranked = rankedOf.get(tier)
      if (ranked === undefined) rankedOf.set(tier, (ranked = rank(tier)))
      return ranked
    },
    observe: (territory) => reader.observe(measure.id, period, territory),
  }
}

/** The same values as another owner may show them. */
export const asShownByOthers = (values: MeasureValues): MeasureValues => ({
  ...values,
  observe: (territory) => withoutCounted(values.observe(territory)),
})

/** An observation of another owner: the cells that it counts are that owner's. */
export function withoutCounted(observation: Observation): Observation {
  const { counted: _counted, ...shown } = observation
  return { ...shown, alternatives: observation.alternatives.map(withoutCounted) }
}
