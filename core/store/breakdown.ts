import { compareKeys, narrowKey, isOfPupils, type Dimension, type DimensionKey } from '../observations/dimension.ts'
import type { Territory } from '../territories/territory.ts'
import type { Cells } from './cells.ts'
import type { SliceRecord } from './manifest.ts'

/** One part of a value. */
export interface BrokenDown {
  readonly key: DimensionKey
  readonly value: number
}

/**
 * The parts of a territory's value in a slice, by some of its dimensions; every part that the slice has anywhere is there,
 * 0 where the territory has none, unless a part of the value is an estimate that cannot be broken down. Dimensions that the slice has not are not broken down: the whole value stands there.
 * @param total the value that the parts add up to.
 */
export function breakDownSlice(
  cells: Cells,
  slice: SliceRecord,
  territory: Territory,
  by: readonly Dimension[],
  total: number,
): readonly BrokenDown[] {
  const known = by.filter((dimension) => slice.breakdownBy.includes(dimension))
  const family = known.find(isOfPupils)
  if (known.length === 0) return [{ key: narrowKey({}, by), value: total }]
  const values = cells.parts(slice.slice, territory.index)
  const parts = slice.keys.flatMap((key, position) =>
    // A key of a family of pupils has that dimension; the contributors' own dimensions stand in keys without any.
    familyOf(key) === family ? [{ key: narrowKey(key, by), value: values.get(position) ?? 0 }] : [],
  )
  const rest = total - parts.reduce((sum, { value }) => sum + value, 0)
  if (rest === 0) return addUp(parts)
  // What was shared out by population is not broken down: it is a part of its own, and may hold some of what is 0 else.
  return addUp([...parts.filter(({ value }) => value !== 0), { key: narrowKey({}, by), value: rest }])
}

/** Adds up parts that have the same key, in the order in which they are shown. */
export function addUp(parts: readonly BrokenDown[]): readonly BrokenDown[] {
  const sums = new Map<string, BrokenDown>()
  for (const { key, value } of parts) {
    const name = JSON.stringify(key)
    sums.set(name, { key, value: (sums.get(name)?.value ?? 0) + value })
  }
  return [...sums.values()].toSorted((left, right) => compareKeys(left.key, right.key))
}

const familyOf = (key: DimensionKey): Dimension | undefined => (Object.keys(key) as Dimension[]).find(isOfPupils)
