import { html } from 'lit-html'
import { addressIn, curlOf, graphiqlOf } from '../ask.js'
import { words } from '../words/words.js'

/** @import { Name } from '../answers.d.ts' */
/** @import { Variables } from '../ask.js' */

/**
 * Where the same data is to be had by machines. Stands under every figure.
 * @param {Name} name @param {Variables} variables @param {string} what what it is in words
 */
export function same(name, variables, what) {
  const w = words()
  const command = curlOf(name, variables)
  return html`<p class="same">
    <span>${w.sameIn}</span>
    <a href=${graphiqlOf(name, variables)}>${w.sameInGraphQL}<span class="hidden">${w.colon} ${what}</span></a>
    <a href=${addressIn('', name, variables)}>${w.sameInJson}<span class="hidden">${w.colon} ${what}</span></a>
    <a href=${addressIn('.csv', name, variables)}>${w.sameInCsv}<span class="hidden">${w.colon} ${what}</span></a>
    ${curlLine(command, what)}
  </p>`
}

/** A line for a shell, to be copied. @param {string} command @param {string} what what it asks, in words */
export const curlLine = (command, what) => {
  const w = words()
  return html`<button type="button" class="link" data-curl=${command} title=${command} @click=${copy}>
      ${w.curl}${w.colon} ${w.copy.toLowerCase()}<span class="hidden">${w.colon} ${what}</span>
    </button>
    <span role="status" class="copied"></span>`
}

/** @param {Event & { currentTarget: HTMLButtonElement }} event */
async function copy({ currentTarget: button }) {
  const said = /** @type {HTMLElement} */ (button.nextElementSibling)
  const command = button.dataset['curl'] ?? ''
  try {
    await navigator.clipboard.writeText(command)
    said.textContent = words().copied
  } catch {
    // No clipboard here: the command is shown, to be taken by hand.
    said.textContent = command
  }
}
