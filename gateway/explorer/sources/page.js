import { html } from 'lit-html'
import { addressOf, state } from '../state.js'
import { words } from '../words/words.js'
import { coverage } from './coverage.js'
import { datasets } from './datasets.js'
import { owners } from './owners.js'
import { reconciliation } from './reconciliation.js'
import { status } from './status.js'

/** The parts of the page, by the parameter `tab`. */
const TABS = { owners, datasets, coverage, reconciliation, status }

/** What belongs to one part alone, and is left behind when one goes to another. */
const FILTERS = { measure: null, year: null, verdict: null, tier: null, all: null, pages: null, figure: null }

/** Who opens what: the registry of owners, the catalogue, what is missing, what agrees, and how the service stands. */
export function page() {
  const w = words().sources
  const names = /** @type {(keyof typeof TABS)[]} */ (Object.keys(TABS))
  const current = names.find((name) => name === state.one('tab')) ?? 'owners'
  return {
    title: `${w.title}${words().colon} ${w.tabs[current].toLowerCase()}`,
    body: html`<div class="sources">
      <h1>${w.title}</h1>
      <p class="lead">${w.lead}</p>
      <nav class="tabs" aria-label=${w.parts}>
        <ul>
          ${names.map((name) => {
            const address = addressOf({ ...FILTERS, tab: name === 'owners' ? null : name })
            return html`<li>
              <a href=${address} aria-current=${name === current ? 'page' : 'false'}>${w.tabs[name]}</a>
            </li>`
          })}
        </ul>
      </nav>
      ${TABS[current]()}
    </div>`,
  }
}
