/**
 * What is computed from the series that are compared: pure, so that it is tried without a page.
 * @import { Observation } from '../answers.d.ts'
 *
 * @typedef {object} Point the value of a territory in a year
 * @property {number} period
 * @property {number | null} value as it is drawn: the observation's own, or its index
 * @property {string} status
 * @property {Observation | null} observation
 * @property {readonly (string | number)[]} path where it stands in the answer
 *
 * @typedef {object} TerritorySeries
 * @property {string} id of the territory
 * @property {string} name
 * @property {string} tier
 * @property {string} color a variable of the style
 * @property {readonly Point[]} points
 */

/** How far apart two shares of coverage may be for their values to be of like parts. */
const LIKE = 0.02

/**
 * Whether the way from one value to another is a change of what is measured: both are complete, or both are of the same sources with as
 * much of them there. Where parts of a source are missing and none says how many, nothing can be compared.
 * @param {Point} one @param {Point} other
 */
export function isComparable(one, other) {
  if (one.value === null || other.value === null) return false
  if (one === other || (one.status === 'NORMAL' && other.status === 'NORMAL')) return true
  const [left, right] = [one.observation, other.observation]
  if (sourceOf(left) !== sourceOf(right) || !left?.coverage || !right?.coverage) return false
  return Math.abs(left.coverage.share - right.coverage.share) <= LIKE
}

/** What a value was made from: one dataset may be computed from others, which its attribution names. @param {Observation | null} observation */
const sourceOf = (observation) =>
  `${observation?.provenance?.datasetId ?? ''} ${observation?.provenance?.attribution ?? ''}`

/** The newest value. @param {TerritorySeries} series */
const newestOf = ({ points }) => points.findLast(({ value }) => value !== null)

/**
 * The first year in which each of the series has a value that its newest can be measured by; null where there is none, or where nothing
 * else could be measured by it.
 * @param {readonly TerritorySeries[]} series
 */
export function baseOf(series) {
  const [first, ...others] = series.map((one) => {
    const newest = newestOf(one)
    const fit = one.points.filter((point) => (point.value ?? 0) > 0 && newest && isComparable(point, newest))
    return new Set(fit.map(({ period }) => period))
  })
  const common = [...(first ?? [])].filter((year) => others.every((years) => years.has(year)))
  if (common.length === 0) return null
  const base = Math.min(...common)
  const shown = indexed(series, base)
  const isAlone = shown.every(({ points }) => points.every(({ value, period }) => value === null || period === base))
  return isAlone && unlike(series, base).length > 0 ? null : base
}

/**
 * The series with 100 for the value of the base year, and nothing for the values that cannot be compared with it.
 * @template {TerritorySeries} S
 * @param {readonly S[]} series @param {number} base a year in which each has a value, as {@link baseOf} gives it
 */
export const indexed = (series, base) =>
  series.map((one) => {
    const hundred = one.points.find(({ period }) => period === base)
    const points = one.points.map((point) => ({ ...point, value: indexOf(point, hundred) }))
    return { ...one, points }
  })

/** @param {Point} point @param {Point | undefined} hundred */
const indexOf = (point, hundred) =>
  hundred && isComparable(point, hundred) ? (Number(point.value) / Number(hundred.value)) * 100 : null

/** The years that have a value which cannot be compared with that of the base year. @param {readonly TerritorySeries[]} series @param {number} base */
export function unlike(series, base) {
  const years = series.flatMap(({ points }) => {
    const hundred = points.find(({ period }) => period === base)
    const apart = points.filter((point) => point.value !== null && hundred && !isComparable(point, hundred))
    return apart.map(({ period }) => period)
  })
  return [...new Set(years)].toSorted((one, other) => one - other)
}

/**
 * How a series went to its newest value from the first that can be compared with it; null where there is none such, or that one is zero.
 * @param {readonly Point[]} points
 */
export function changeOf(points) {
  const held = points.filter(({ value }) => value !== null)
  const last = held.at(-1)
  const first = held.find((point) => last && isComparable(point, last))
  if (!first || !last || first === last || first.value === null || last.value === null || first.value <= 0) return null
  return {
    since: first.period,
    until: last.period,
    share: last.value / first.value - 1,
    isCertain: first.status === 'NORMAL' && last.status === 'NORMAL',
  }
}

/** Whether a series has several values, and none that the newest can be compared with. @param {readonly Point[]} points */
export function isUnlike(points) {
  const held = points.filter(({ value }) => value !== null)
  const [last] = held.slice(-1)
  return held.length > 1 && last !== undefined && held.every((point) => point === last || !isComparable(point, last))
}

/** How many times the largest newest value is the smallest; 1 where there are not two to compare. @param {readonly TerritorySeries[]} series */
export function spreadOf(series) {
  const newest = series.flatMap(({ points }) => points.findLast(({ value }) => (value ?? 0) > 0)?.value ?? [])
  return newest.length < 2 ? 1 : Math.max(...newest) / Math.min(...newest)
}
