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

/**
 * The first year in which each of the series has a value that others can be measured by; null where there is none.
 * @param {readonly TerritorySeries[]} series
 */
export function baseOf(series) {
  const [first, ...others] = series.map(
    ({ points }) => new Set(points.filter(({ value }) => value !== null && value > 0).map(({ period }) => period)),
  )
  const common = [...(first ?? [])].filter((year) => others.every((years) => years.has(year)))
  return common.length === 0 ? null : Math.min(...common)
}

/**
 * The series with 100 for the value of the base year.
 * @template {TerritorySeries} S
 * @param {readonly S[]} series @param {number} base a year in which each has a value, as {@link baseOf} gives it
 */
export const indexed = (series, base) =>
  series.map((one) => {
    const hundred = one.points.find(({ period }) => period === base)?.value ?? null
    const points = one.points.map((point) => ({ ...point, value: indexOf(point.value, hundred) }))
    return { ...one, points }
  })

/** @param {number | null} value @param {number | null} hundred */
const indexOf = (value, hundred) => (value === null || hundred === null ? null : (value / hundred) * 100)

/**
 * How a series went from its first value to its newest; null where it has fewer than two, or begins with zero.
 * @param {readonly Point[]} points
 */
export function changeOf(points) {
  const held = points.filter(({ value }) => value !== null)
  const [first, last] = [held[0], held.at(-1)]
  if (!first || !last || first === last || first.value === null || last.value === null || first.value <= 0) return null
  return {
    since: first.period,
    until: last.period,
    share: last.value / first.value - 1,
    isCertain: first.status === 'NORMAL' && last.status === 'NORMAL',
  }
}

/** How many times the largest newest value is the smallest; 1 where there are not two to compare. @param {readonly TerritorySeries[]} series */
export function spreadOf(series) {
  const newest = series.flatMap(({ points }) => points.findLast(({ value }) => (value ?? 0) > 0)?.value ?? [])
  return newest.length < 2 ? 1 : Math.max(...newest) / Math.min(...newest)
}
