import { unitNameOf } from '../figure/provenance.js'
import { number, ordinal, percent } from '../numbers.js'
import { named, words } from '../words/words.js'

/**
 * @import { Member } from './members.js'
 * @import { Question } from './question.js'
 */

/** A member in a line, for ear and eye: “Rennes: 18 949 pupils, partial”. @param {Member} member @param {Question} question */
export function lineOf({ territory, observation }, question) {
  const w = words()
  return `${territory.name}${w.colon} ${factsOf(observation, question).join(', ')}`
}

/** What is said of a value: number and unit, or why there is none; status; coverage where that is shown; that it is invented. @param {Member['observation']} observation @param {Question} question */
export function factsOf({ value, status, simulated, coverage }, { measure, isCoverage }) {
  const w = words()
  const shown = value === null ? named(w.statuses, status) : `${number(value)} ${measure ? unitNameOf(measure) : ''}`
  return [
    shown,
    ...(value !== null && status !== 'NORMAL' ? [named(w.statuses, status)] : []),
    ...(isCoverage && coverage ? [coverageOf(coverage)] : []),
    ...(simulated ? [w.simulated] : []),
  ]
}

/** @param {{ expected: number, reported: number, share: number }} coverage */
export const coverageOf = ({ expected, reported, share }) =>
  `${words().map.reported(number(reported), number(expected))} (${percent(share)})`

/** The place of a member among all; nothing where it has none. @param {Member} member @param {number} count of members that have a value */
export const rankIn = ({ rank }, count) => (rank === null ? null : words().map.rank(ordinal(rank), number(count)))
