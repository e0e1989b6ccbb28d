import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { searchBox } from '../search/searchBox.js'
import { waiting } from '../section.js'
import { addressOf, go, state } from '../state.js'
import { named, words } from '../words/words.js'
import { breakdown } from './breakdown.js'
import { competences } from './competences.js'
import { enrolment } from './enrolment.js'
import { epcis } from './epcis.js'
import { missing } from './missing.js'
import { place } from './place.js'
import { population } from './population.js'
import { series } from './series.js'
import { standing } from './standing.js'
import { shownYear } from './year.js'

/**
 * @import { TerritoryQuery } from '../../../clients/typescript/src/operations.generated.ts'
 * @import { Asked } from '../answers.d.ts'
 * @typedef {NonNullable<TerritoryQuery['territory']>} Territory
 */

/** The explorer: a search, and what is known of one territory. */
export function page() {
  const id = state.one('t') ?? 'nation:FR'
  const asked = ask('territory', { id, schoolYear: shownYear() })
  const territory = asked.state === 'answered' ? asked.data.territory : null
  return {
    title: territory?.name ?? null,
    body: html`<div class="opening">${searchBox({ id: 'search', onChoose: (t) => go(addressOf({ t }, '/')) })}</div>
      ${heading(asked, id)}
      ${
        asked.state === 'failed' || (asked.state === 'answered' && territory === null)
          ? nothing
          : html`<div class="card">
              <div class="column">${place(asked)} ${population(asked)} ${competences(id)} ${epcis(id)}</div>
              <div class="column wide">
                ${enrolment(asked)} ${series(id)} ${breakdown(id)} ${standing(id)} ${missing(id)}
              </div>
            </div>`
      }`,
  }
}

/** What the territory is, or why there is none: one heading, whatever is known yet. @param {Asked<'territory'>} asked @param {string} id */
function heading(asked, id) {
  const w = words()
  const territory = asked.state === 'answered' ? asked.data.territory : null
  const none = html`${isUnknown(asked) ? w.territory.unknownTerritory : w.territory.unanswered} <code>${id}</code>`
  return html`<header class="territory">
    ${territory ? kindOf(territory) : nothing}
    <h1>${territory?.name ?? (asked.state === 'loading' ? w.loading : none)}</h1>
    ${asked.state === 'failed' ? waiting(asked) : nothing}
    ${asked.state === 'answered' && !territory ? asked.errors.map(({ message }) => html`<p class="trouble" lang="en">${message}</p>`) : nothing}
    ${territory ? ways(territory) : nothing}
  </header>`
}

/** Whether it is the territory that there is not. @param {Asked<'territory'>} asked */
const isUnknown = (asked) => asked.state === 'failed' && /^(UNKNOWN_TERRITORY|INVALID_)/.test(asked.problem.code)

/** @param {Territory} territory */
function kindOf({ tier, kind, code }) {
  const w = words()
  return html`<p class="soft">
    <span class="tier" data-tier=${tier}>${named(w.kinds, kind)}</span> ·
    ${tier === 'EPCI' ? w.territory.siren : w.territory.code} <code>${code}</code>
  </p>`
}

/** What it was asked by, where that is another code; and where else it is shown. @param {Territory} territory */
function ways(territory) {
  const w = words()
  const alias = 'resolvedFrom' in territory ? territory.resolvedFrom : null
  const year = shownYear()
  const map = { t: territory.id, measure: state.one('measure'), year: year === null ? null : `${year}` }
  return html`${alias ? html`<p class="soft">${w.territory.resolvedFrom(alias.name, alias.code)}</p>` : nothing}
    <p class="links">
      <a href=${addressOf(map, '/map')}>${w.territory.members}</a>
      <a href=${addressOf({ t: territory.id }, '/compare')}>${w.territory.compare}</a>
    </p>`
}
