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

/** @import { Asked } from '../answers.d.ts' */

/** The explorer: a search, and what is known of one territory. */
export function page() {
  const id = state.one('t') ?? 'nation:FR'
  const asked = ask('territory', { id, schoolYear: state.year('year') })
  const territory = asked.state === 'answered' ? asked.data.territory : null
  return {
    title: territory?.name ?? null,
    body: html`<div class="opening">
        ${searchBox({ id: 'search', onChoose: (t) => go(addressOf({ t, figure: null }, '/')) })}
      </div>
      ${heading(asked, id)}
      ${
        territory === null
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

/** What the territory is; or why there is none. @param {Asked<'territory'>} asked @param {string} id */
function heading(asked, id) {
  const w = words()
  if (asked.state === 'loading')
    return html`<h1 class="soft">${w.loading}</h1>
      <p class="loading"></p>`
  if (asked.state === 'failed')
    return html`<h1>${w.territory.unknownTerritory} <code>${id}</code></h1>
      ${waiting(asked)}`
  const { territory } = asked.data
  if (!territory)
    return html`<h1><code>${id}</code></h1>
      ${asked.errors.map(({ message }) => html`<p class="trouble" lang="en">${message}</p>`)}`
  const { tier, kind, code, name } = territory
  const alias = 'resolvedFrom' in territory ? territory.resolvedFrom : null
  return html`<header class="territory">
    <p class="soft">
      <span class="tier" data-tier=${tier}>${named(w.kinds, kind)}</span> ·
      ${tier === 'EPCI' ? w.territory.siren : w.territory.code} <code>${code}</code>
    </p>
    <h1>${name}</h1>
    ${alias ? html`<p class="soft">${w.territory.resolvedFrom(alias.name, alias.code)}</p>` : nothing}
    <p class="links">
      <a href=${addressOf({ t: territory.id }, '/map')}>${w.territory.members}</a>
      <a href=${addressOf({ t: territory.id }, '/compare')}>${w.territory.compare}</a>
    </p>
  </header>`
}
