import { html, nothing } from 'lit-html'
import { figure } from '../figure/figure.js'
import { nameOf, unitNameOf } from '../figure/provenance.js'
import { addressOf, state } from '../state.js'
import { named, words } from '../words/words.js'
import { coverageOf, rankIn } from './describe.js'
import { tiersWithin } from './question.js'

/** @import { View } from './page.js' */

/** The member that is chosen, if there is one: its value, and where to go from it. @param {View} view */
export function chosen({ question, members }) {
  const member = members.find(({ territory }) => territory.id === question.selected)
  if (!member || !question.measure) return nothing
  const w = words()
  const { territory, observation } = member
  const { id, name } = territory
  const rank = rankIn(member, members.filter(({ observation }) => observation.value !== null).length)
  const [tier] = tiersWithin(id)
  return html`<section id="chosen" aria-labelledby="chosen-title">
    <h2 id="chosen-title">${name}</h2>
    <p class="headline">
      <strong
        >${figure(observation, { id, measure: question.measure.id, label: `${nameOf(question.measure)}, ${name}` })}</strong
      >
    </p>
    ${observation.status === 'NORMAL' ? nothing : html`<p>${named(w.statusMeans, observation.status)}</p>`}
    <p class="soft">
      ${[observation.value === null ? null : unitNameOf(question.measure), rank, observation.coverage ? coverageOf(observation.coverage) : null].filter((part) => part !== null).join(' · ')}
    </p>
    <ul class="links">
      <li><a href=${addressOf({ t: id }, '/')}>${w.map.card}</a></li>
      ${
        tier === undefined
          ? nothing
          : html`<li>
              <a href=${addressOf({ t: id, tier: null, s: null, sort: null })}
                >${w.map.members(named(w.tiersPlural, tier))}</a
              >
            </li>`
      }
      <li><a href="${addressOf({ t: id }, '/')}#missing">${w.map.missing}</a></li>
      ${state.one('s') === null ? nothing : html`<li><a href=${addressOf({ s: null })}>${w.map.unselect}</a></li>`}
    </ul>
  </section>`
}
