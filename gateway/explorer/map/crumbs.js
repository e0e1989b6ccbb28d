import { html, nothing } from 'lit-html'
import { addressOf } from '../state.js'
import { words } from '../words/words.js'

/**
 * @import { Question, Shown } from './question.js'
 * @typedef {{ readonly id: string, readonly name: string }} Place
 */

const NATION = { id: 'nation:FR', name: 'France' }

/**
 * The way down to what is shown: nation, région, département, EPCI; each leads to its own map.
 * @param {Shown} territory @param {Question} question @param {string} name of what is shown
 */
export function crumbs(territory, { within }, name) {
  if (within === NATION.id) return nothing
  const above = aboveOf(territory).filter(({ id }) => id !== within)
  return html`<nav class="crumbs" aria-label=${words().map.path}>
    <ol>
      ${[NATION, ...above].map(({ id, name }) => html`<li><a href=${addressOf({ t: id, tier: null, s: null })}>${name}</a></li>`)}
      <li aria-current="page">${name}</li>
    </ol>
  </nav>`
}

/** @param {Shown} territory @returns {readonly Place[]} */
function aboveOf(territory) {
  if ('epci' in territory) return [territory.region, territory.departement].filter((place) => place !== null)
  if ('byDepartement' in territory)
    return [
      ...(territory.regions ?? []),
      ...(territory.byDepartement ?? []).map((part) => part?.departement ?? null),
    ].filter((place) => place !== null)
  if ('region' in territory && territory.region) return [territory.region]
  return []
}
