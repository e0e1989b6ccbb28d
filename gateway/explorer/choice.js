import { html } from 'lit-html'
import { change } from './state.js'

/**
 * A list to choose from; what is chosen is a parameter of the address, and the empty value takes it away.
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.name the parameter
 * @param {string} options.chosen the value that is shown as chosen
 * @param {readonly (readonly [value: string, text: unknown])[]} options.options
 */
export const choice = ({ label, name, chosen, options }) =>
  html`<label
    >${label}
    <select
      @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ { currentTarget }) =>
        change({ [name]: currentTarget.value || null })}
    >
      ${options.map(([value, text]) => html`<option value=${value} .selected=${value === chosen}>${text}</option>`)}
    </select></label
  >`
