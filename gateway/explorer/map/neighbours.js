/**
 * @typedef {'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'} Arrow
 * @typedef {{ readonly x: number, readonly y: number }} Place
 */

/** The way of each arrow key, y downward. @type {Readonly<Record<Arrow, readonly [number, number]>>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** @param {string} key @returns {key is Arrow} */
export const isArrow = (key) => key in WAYS

/** How much a step aside counts against a step ahead. */
const ASIDE = 2

/**
 * The nearest place in the direction of an arrow, what lies straight ahead before what lies aside; undefined where nothing lies there.
 * @template {Place} P
 * @param {readonly P[]} places @param {Place} from @param {Arrow} arrow
 * @returns {P | undefined}
 */
export function neighbourOf(places, from, arrow) {
  const [dx, dy] = WAYS[arrow]
  let best
  let least = Infinity
  for (const place of places) {
    const x = place.x - from.x
    const y = place.y - from.y
    const ahead = x * dx + y * dy
    const aside = Math.abs(x * dy - y * dx)
    if (place === from || ahead < 1e-6) continue
    // Beyond a right angle of sight only where nothing else is there.
    const far = (aside > ahead ? 1e6 : 0) + ahead + ASIDE * aside
    if (far < least) [best, least] = [place, far]
  }
  return best
}
