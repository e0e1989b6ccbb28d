import { max, min, nice, ticks } from 'd3-array'

/** Where things stand in a drawing: pure, so that it is tried without a page. */

/** How wide a letter is beside how high it is, on the wide side: what is drawn must never be cut. */
const LETTER = 0.58

/** About how wide a text is. @param {string} text @param {number} size of its letters */
export const widthOf = (text, size) => text.length * size * LETTER

/**
 * A text in lines, broken at spaces, but not those that hold together, and after hyphens; a word longer than a line stays whole.
 * @param {string} text @param {number} most letters in a line
 */
export function wrap(text, most) {
  /** @type {string[]} */
  const rows = []
  for (const word of text.match(/[^ \n-]+-?|-/g) ?? []) {
    const last = rows.at(-1)
    const joined = last === undefined ? '' : last.endsWith('-') ? last + word : `${last} ${word}`
    if (last !== undefined && joined.length <= most) rows[rows.length - 1] = joined
    else rows.push(word)
  }
  return rows
}

/** From values to places. @param {readonly [number, number]} domain @param {readonly [number, number]} range */
export const scale =
  ([first, last], [start, end]) =>
  (/** @type {number} */ value) =>
    last === first ? (start + end) / 2 : start + ((value - first) / (last - first)) * (end - start)

/**
 * The round numbers of an axis that holds all values. Without values, none.
 * @param {readonly number[]} values
 * @param {number | null} from where it begins, were no value lower; null: near the lowest value
 * @param {number} [count] about how many
 */
export function axis(values, from, count = 5) {
  const lowest = min([...values, ...(from === null ? [] : [from])])
  const highest = max([...values, ...(from === null ? [] : [from])])
  if (values.length === 0 || lowest === undefined || highest === undefined) return []
  // One value alone still needs a room around it.
  const margin = lowest === highest ? Math.abs(lowest) * 0.1 || 1 : 0
  const bottom = from === null ? lowest - margin : lowest
  const [low, high] = nice(bottom, highest + margin, count)
  return ticks(low, high, count)
}

/** All years from the first to the last. @param {readonly number[]} years */
export function yearsBetween(years) {
  const [first, last] = [min(years), max(years)]
  if (first === undefined || last === undefined) return []
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/**
 * The years that are written where not all have room: every second, fifth… counted back from the newest.
 * @param {readonly number[]} years @param {number} most how many have room
 */
export function yearsWritten(years, most) {
  const step = [1, 2, 5, 10, 20].find((size) => years.length / size <= most) ?? 50
  return years.filter((_, index) => (years.length - 1 - index) % step === 0)
}

/**
 * Places for labels, each as near as may be to where it is wanted, none over another, in the order in which they are wanted.
 * @param {readonly { at: number, size: number }[]} labels the middle of each, and how high it is
 * @param {readonly [number, number]} room from where to where
 * @returns {readonly number[]} their middles, as they were given
 */
export function apart(labels, [low, high]) {
  const order = labels.map((_, index) => index).sort((a, b) => (labels[a]?.at ?? 0) - (labels[b]?.at ?? 0))
  const placed = labels.map(({ at }) => at)
  const sizeOf = (/** @type {number} */ index) => (labels[index]?.size ?? 0) / 2
  let edge = low
  for (const index of order) {
    placed[index] = Math.max(placed[index] ?? 0, edge + sizeOf(index))
    edge = (placed[index] ?? 0) + sizeOf(index)
  }
  edge = high
  for (const index of order.toReversed()) {
    placed[index] = Math.min(placed[index] ?? 0, edge - sizeOf(index))
    edge = (placed[index] ?? 0) - sizeOf(index)
  }
  return placed
}
