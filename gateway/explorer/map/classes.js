import { bisectRight, quantileSorted } from 'd3-array'

/**
 * @import { Observation } from '../answers.d.ts'
 *
 * @typedef {'quantile' | 'equal'} Method how values are put into classes: as many members in each, or as wide a span for each
 *
 * @typedef {object} Entry what stands in the legend: one look of an area, and whom it is for
 * @property {string} key
 * @property {'zero' | 'class' | 'absent' | 'noCoverage'} kind
 * @property {string} fill as SVG takes it
 * @property {'low' | 'middle' | 'high' | 'none'} shade how far along the colours it is, by which lines and letters on it are chosen
 * @property {number} count how many members have it
 * @property {number} from the smallest value that has it; of a class of coverage, where the class begins
 * @property {number} to the largest
 * @property {string} [status] of absent values
 *
 * @typedef {object} Legend
 * @property {readonly Entry[]} entries in the order in which they are read: zero, classes, absent values
 * @property {(observation: Observation | null | undefined) => Entry} entryOf the look of one member
 * @property {number} partial how many values lack some of their contributors
 */

/** How many classes there may be. */
export const COUNTS = /** @type {const} */ ([3, 4, 5, 6, 7])

/** What stands for a figure that did not come at all. */
export const DOWN = 'SOURCE_UNAVAILABLE'

/**
 * The limits between classes, ascending, each once: a value that equals a limit is in the class above.
 * @param {readonly number[]} sorted ascending
 * @param {Method} method @param {number} count of classes
 */
export function limitsOf(sorted, method, count) {
  const [first = 0] = sorted
  const last = sorted.at(-1) ?? first
  const parts = Array.from({ length: count - 1 }, (_, index) => (index + 1) / count)
  const limits = parts.map((part) =>
    method === 'quantile' ? (quantileSorted([...sorted], part) ?? first) : first + (last - first) * part,
  )
  return [...new Set(limits)].filter((limit) => limit > first && limit <= last)
}

/**
 * The colours of values. Zero is a number, not an absence: among counts it has a look of its own.
 * @param {readonly (Observation | null | undefined)[]} observations
 * @param {{ method: Method, count: number, isCount: boolean }} options `isCount`: whether the measure counts, so that zero is none at all
 * @returns {Legend}
 */
export function legendOf(observations, { method, count, isCount }) {
  const sorted = presentValues(observations).toSorted((left, right) => left - right)
  const zeros = isCount ? sorted.filter((value) => value === 0).length : 0
  const classed = zeros > 0 ? sorted.filter((value) => value !== 0) : sorted
  const limits = limitsOf(classed, method, count)
  const classes = classed.length === 0 ? [] : [...limits, Infinity].map((_, index) => classAt(index, limits, classed))
  /** @type {Entry} */
  const zero = { key: 'zero', kind: 'zero', fill: 'var(--class-0)', shade: 'none', count: zeros, from: 0, to: 0 }
  return {
    entries: [...(zeros > 0 ? [zero] : []), ...classes.filter((one) => one.count > 0), ...absentOf(observations)],
    partial: partialOf(observations),
    entryOf(observation) {
      const value = observation?.value ?? null
      if (value === null) return absent(observation?.status ?? DOWN, 0)
      if (value === 0 && zeros > 0) return zero
      return classes[bisectRight(limits, value)] ?? zero
    },
  }
}

/** @param {number} index @param {readonly number[]} limits @param {readonly number[]} sorted @returns {Entry} */
function classAt(index, limits, sorted) {
  const members = sorted.filter((value) => bisectRight(limits, value) === index)
  const place = limits.length === 0 ? 0.5 : index / limits.length
  return coloured(`class-${index}`, place, members.length, members[0] ?? 0, members.at(-1) ?? 0)
}

/** Where the classes of coverage begin: the last is for those of whom nothing is missing. */
const COVERAGE = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 1]

/**
 * The colours of coverage: the part of the expected contributors that reported.
 * @param {readonly (Observation | null | undefined)[]} observations @returns {Legend}
 */
export function coverageLegendOf(observations) {
  const shares = observations.flatMap((one) => (one && one.value !== null && one.coverage ? [one.coverage.share] : []))
  const classes = COVERAGE.map((from, index) => {
    const members = shares.filter((share) => coverageClass(share) === index)
    return coloured(
      `coverage-${index}`,
      index / (COVERAGE.length - 1),
      members.length,
      from,
      COVERAGE[index + 1] ?? from,
    )
  })
  const without = observations.filter((one) => one && one.value !== null && !one.coverage).length
  /** @type {Entry} */
  const none = {
    key: 'noCoverage',
    kind: 'noCoverage',
    fill: 'var(--class-0)',
    shade: 'none',
    count: without,
    from: 0,
    to: 0,
  }
  return {
    entries: [...classes.filter((one) => one.count > 0), ...(without > 0 ? [none] : []), ...absentOf(observations)],
    partial: partialOf(observations),
    entryOf(observation) {
      if (!observation || observation.value === null) return absent(observation?.status ?? DOWN, 0)
      return classes[coverageClass(observation.coverage?.share ?? NaN)] ?? none
    },
  }
}

/** @param {number} share */
const coverageClass = (share) => COVERAGE.findLastIndex((from) => share >= from)

/** @param {readonly (Observation | null | undefined)[]} observations */
const presentValues = (observations) => observations.flatMap((one) => (one && one.value !== null ? [one.value] : []))

/** @param {readonly (Observation | null | undefined)[]} observations */
const partialOf = (observations) =>
  observations.filter((one) => one?.value !== null && one?.status === 'PARTIAL').length

/** A look for each status that stands in the place of a value. @param {readonly (Observation | null | undefined)[]} observations */
function absentOf(observations) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const one of observations) {
    if (one && one.value !== null) continue
    const status = one?.status ?? DOWN
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  return [...counts].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([status, n]) => absent(status, n))
}

/** @param {string} status @param {number} count @returns {Entry} */
const absent = (status, count) => ({
  key: status,
  kind: 'absent',
  fill: `url(#${hatchOf(status)})`,
  shade: 'none',
  count,
  from: 0,
  to: 0,
  status,
})

/** The hatch of a status: the id of an SVG pattern. @param {string} status */
export const hatchOf = (status) => `hatch-${status}`

/** @param {string} key @param {number} place @param {number} count @param {number} from @param {number} to @returns {Entry} */
const coloured = (key, place, count, from, to) => ({
  key,
  kind: 'class',
  fill: colourAt(place),
  shade: shadeAt(place),
  count,
  from,
  to,
})

/** The last of the colours `--class-1`… of the style. */
const LAST = 5

/** The colour at a place between the first (0) and the last (1), between two of the style's where need be. @param {number} place */
export function colourAt(place) {
  const step = place * (LAST - 1)
  const below = Math.floor(step)
  const part = Math.round((step - below) * 100)
  if (part === 0) return `var(--class-${below + 1})`
  return `color-mix(in oklab, var(--class-${below + 2}) ${part}%, var(--class-${below + 1}))`
}

/** @param {number} place @returns {Entry['shade']} */
export const shadeAt = (place) => (place < 0.38 ? 'low' : place < 0.63 ? 'middle' : 'high')
