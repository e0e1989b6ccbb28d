import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { choice } from '../choice.js'
import { badge, figure } from '../figure/figure.js'
import { nameOf, titleOf } from '../figure/provenance.js'
import { same } from '../figure/same.js'
import { number, ordinal, percent } from '../numbers.js'
import { section } from '../section.js'
import { addressOf, state } from '../state.js'
import { named, words } from '../words/words.js'
import { shownYear } from './year.js'

/** @import { PeersQuery } from '../../../clients/typescript/src/operations.generated.ts' */

/** Where a territory stands among those of its tier, and beside those most like it. @param {string} id */
export function standing(id) {
  const w = words()
  const measure = state.one('measure') ?? 'pupils-primary'
  const variables = { id, measure, schoolYear: measure.startsWith('population') ? null : shownYear(), first: 5 }
  return section(
    {
      id: 'standing',
      title: w.territory.rank,
      asked: ask('peers', variables),
      lead: html`<div class="controls">${measureChoice(measure)}</div>`,
      foot: same('peers', variables, w.territory.rank),
    },
    ({ data }) => (data.compared ? told(data.compared, measure) : nothing),
  )
}

/** @param {NonNullable<PeersQuery['compared']>} compared @param {string} measure */
function told({ id, name, rank, peers }, measure) {
  const w = words()
  const tier = (id.split(':', 1)[0] ?? '').toUpperCase()
  const nodes = (peers?.nodes ?? []).filter((node) => node !== null)
  return html`${rank ? place(rank, tier) : nothing}
  ${
    nodes.length === 0
      ? nothing
      : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="standing-title">
          <table>
            <caption>
              ${w.territory.peers}
            </caption>
            <thead>
              <tr>
                <th scope="col">${named(w.tiers, tier)}</th>
                <th scope="col" class="number">${w.territory.population}</th>
                <th scope="col" class="number">${titleOf(measure)}</th>
                <th scope="col" class="number">${w.territory.position_}</th>
              </tr>
            </thead>
            <tbody>
              ${[{ territory: { id, name, rank }, observation: peers?.observation ?? null }, ...nodes].map(
                ({ territory, observation }, index) =>
                  territory &&
                  html`<tr>
                    <th scope="row">
                      ${index === 0 ? html`<strong>${name}</strong>` : html`<a href=${addressOf({ t: territory.id })}>${territory.name}</a>`}
                    </th>
                    <td class="number">
                      ${figure(observation, { id: territory.id, measure: 'population-municipale', label: territory.name })}
                    </td>
                    <td class="number">
                      ${figure(territory.rank?.observation, { id: territory.id, measure, label: territory.name })}
                    </td>
                    <td class="number">
                      ${territory.rank?.position == null ? w.none : ordinal(territory.rank.position)}
                    </td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`
  }`
}

/** @param {NonNullable<NonNullable<PeersQuery['compared']>['rank']>} rank @param {string} tier */
function place({ position, of, percentile, quartiles, status, reason }, tier) {
  const w = words()
  if (position === null) {
    return html`<p>
      <span class="absent">${named(w.statuses, status)}</span>
      ${reason === null ? nothing : html`<br /><small class="soft" lang="en">${reason}</small>`}
    </p>`
  }
  return html`<p class="big">
      ${w.territory.position(ordinal(position), number(of), named(w.tiersPlural, tier))}${status === 'NORMAL' ? nothing : badge(status)}
    </p>
    ${percentile === null ? nothing : html`<p class="soft">${w.territory.percentile(percent(percentile / 100, 2), named(w.tiersPlural, tier))}</p>`}
    ${
      quartiles
        ? html`<p class="soft">
            ${w.territory.quartiles}${w.colon} Q1 ${number(quartiles.q1)} · ${w.territory.median}
            ${number(quartiles.median)} · Q3 ${number(quartiles.q3)}
          </p>`
        : nothing
    }`
}

/** Which measure is ranked. @param {string} chosen */
function measureChoice(chosen) {
  const w = words()
  const measures = ask('measures', {})
  const all = measures.state === 'answered' ? (measures.data.measures ?? []) : []
  return choice({
    label: w.territory.measure,
    name: 'measure',
    chosen,
    options: all.map((one) => [one.id, nameOf(one)]),
  })
}
