import { html, nothing } from 'lit-html'
import { number } from '../numbers.js'
import { addressOf } from '../state.js'
import { named, words } from '../words/words.js'

/**
 * @import { AnswerError, Observation } from '../answers.d.ts'
 * @typedef {object} About what a figure is
 * @property {string} id the territory: `commune:35238`
 * @property {string} measure
 * @property {string} label what it is in words, for who does not see where it stands
 * @property {readonly AnswerError[]} [errors] those of the answer, which say why a figure is not there
 * @property {readonly (string | number)[]} [path] where it stands in the answer
 */

/**
 * A number as it is shown everywhere: with its status where that is not the usual one, marked where it is simulated, and a link that
 * opens where it comes from. An absent one says why in its place.
 * @param {Observation | null | undefined} observation @param {About} about
 */
export function figure(observation, { id, measure, label, errors = [], path = [] }) {
  const w = words()
  if (!observation) return absence(errorAt(errors, path))
  const { value, status, simulated, timePeriod } = observation
  const open = addressOf({ figure: `${measure}@${timePeriod ?? ''}@${id}` })
  const shown = value === null ? named(w.statuses, status) : number(value)
  const name = `${label}${w.colon} ${shown}`
  return html`<a
      class="figure ${value === null ? 'absent' : ''}"
      href=${open}
      data-status=${status}
      title=${named(w.statusMeans, status)}
      aria-label=${w.figure.open(name)}
      >${shown}</a
    >${value !== null && status !== 'NORMAL' ? badge(status) : nothing}${simulated ? simulatedMark() : nothing}`
}

/** A status in a word. @param {string} status */
export const badge = (status) =>
  html` <span class="badge" data-status=${status} title=${named(words().statusMeans, status)}
    >${named(words().statuses, status)}</span
  >`

/** What stands beside each number that is invented. */
export const simulatedMark = () => html` <span class="badge simulated">${words().simulated}</span>`

/** What stands in the place of a number that did not come. @param {AnswerError | undefined} error */
function absence(error) {
  const w = words()
  const owner = error?.extensions?.subgraph
  const text = owner ? w.ownerDown(named(w.owners, owner)) : named(w.statuses, 'SOURCE_UNAVAILABLE')
  return html`<span class="absent down" data-status="DOWN" title=${error?.message ?? ''}>${text}</span>`
}

/** The error that says why nothing stands at a place of an answer. @param {readonly AnswerError[]} errors @param {readonly (string | number)[]} path */
export const errorAt = (errors, path) =>
  errors.find(({ path: place = [] }) => place.length > 0 && place.every((key, index) => key === path[index])) ??
  errors[0]
