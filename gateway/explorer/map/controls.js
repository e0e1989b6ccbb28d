import { html, nothing } from 'lit-html'
import { nameOf } from '../figure/provenance.js'
import { change } from '../state.js'
import { named, words } from '../words/words.js'
import { COUNTS } from './classes.js'

/** @import { Question } from './question.js' */

/** What may be chosen: tier, measure, year, values or coverage, classes. All of it goes into the address. @param {Question} question @param {string} period the year that is shown */
export function controls({ tier, tiers, measure, measures, year, method, count, isCoverage }, period) {
  const w = words()
  const years = (measure?.periods ?? []).toReversed().map(String)
  return html`<form class="controls map-controls" aria-label=${w.map.settings} @submit=${stay}>
    ${choice(
      'tier',
      w.map.tier,
      tier,
      tiers.map((one) => [one, named(w.tiers, one)]),
    )}
    ${choice(
      'measure',
      w.map.measure,
      measure?.id ?? '',
      measures.map((one) => [
        one.id,
        one.periods.length > 0 ? nameOf(one) : `${nameOf(one)} (${w.map.noYear})`,
        one.periods.length === 0,
      ]),
    )}
    ${choice('year', w.map.year, `${year ?? period}`, years.length > 0 ? years.map((one) => [one, one]) : [['', w.map.noYear]])}
    ${choice('show', w.map.show, isCoverage ? 'coverage' : 'value', [
      ['value', w.map.value],
      ['coverage', w.map.coverage],
    ])}
    ${
      isCoverage
        ? nothing
        : [
            choice('classes', w.map.classes, method, [
              ['quantile', w.map.quantile],
              ['equal', w.map.equal],
            ]),
            choice(
              'n',
              w.map.count,
              `${count}`,
              COUNTS.map((one) => [`${one}`, `${one}`]),
            ),
          ]
    }
  </form>`
}

/** @param {Event} event */
const stay = (event) => event.preventDefault()

/**
 * @param {string} name of the parameter of the address @param {string} label @param {string} chosen
 * @param {readonly (readonly [value: string, text: string, isDisabled?: boolean])[]} options
 */
const choice = (name, label, chosen, options) =>
  html`<label
    ><span>${label}</span>
    <select
      name=${name}
      @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ { currentTarget }) =>
        change(name === 'tier' ? { tier: currentTarget.value, s: null } : { [name]: currentTarget.value })}
    >
      ${options.map(
        ([value, text, isDisabled = false]) =>
          html`<option value=${value} ?disabled=${isDisabled} .selected=${value === chosen}>${text}</option>`,
      )}
    </select></label
  >`
