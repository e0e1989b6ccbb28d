import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { choice } from '../choice.js'
import { state } from '../state.js'
import { words } from '../words/words.js'

/** The rentrées of which anything is held, the newest first; undefined until they are known. */
function heldYears() {
  const measures = ask('measures', {})
  if (measures.state !== 'answered') return undefined
  const ofPupils = (measures.data.measures ?? []).filter(({ id }) => id.startsWith('pupils-'))
  return [...new Set(ofPupils.flatMap(({ periods }) => periods))].toSorted((one, other) => other - one)
}

/** The rentrée that is shown: that of the address where it is held; null for the newest. */
export function shownYear() {
  const asked = state.year('year')
  return asked === null || heldYears()?.includes(asked) === false ? null : asked
}

/** Which rentrée is shown, to choose another; says where the one in the address is not held. */
export function yearChoice() {
  const w = words()
  const [asked, shown] = [state.year('year'), shownYear()]
  return html`${choice({
    label: w.territory.year,
    name: 'year',
    chosen: `${shown ?? ''}`,
    options: [['', w.territory.newest], ...(heldYears() ?? []).map((year) => /** @type {const} */ ([`${year}`, year]))],
  })}
  ${asked !== null && asked !== shown ? html`<p class="trouble">${w.territory.notHeld(asked)}</p>` : nothing}`
}
