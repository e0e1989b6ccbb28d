import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { figure } from '../figure/figure.js'
import { same } from '../figure/same.js'
import { number, percent } from '../numbers.js'
import { section } from '../section.js'
import { addressOf } from '../state.js'
import { words } from '../words/words.js'

/** @import { EpcisReachFragment } from '../../../clients/typescript/src/operations.generated.ts' */

/** More than any région has. */
const ALL = 300

/** Which EPCI reach into a département or région, those that straddle its border first; nothing at other tiers. @param {string} id */
export function epcis(id) {
  if (!/^(departement|region):/.test(id)) return nothing
  const w = words()
  const variables = { id, first: ALL }
  return section(
    {
      id: 'epcis',
      title: w.territory.epcis,
      asked: ask('epcis', variables),
      foot: same('epcis', variables, w.territory.epcis),
    },
    ({ data }) => {
      const found = data.territory && 'epcis' in data.territory ? data.territory.epcis : null
      const edges = (found?.edges ?? []).filter((edge) => edge !== null)
      const straddling = edges.filter(({ node, part }) => node && part && node.id !== part.id)
      const within = edges.filter(({ node, part }) => node && part && node.id === part.id)
      return html`<p>${w.territory.epcisCount(number(found?.totalCount ?? 0), number(straddling.length))}</p>
        ${straddling.length === 0 ? nothing : list(w.territory.straddling, straddling, true)}
        ${within.length === 0 ? nothing : list(w.territory.within, within, straddling.length === 0)}`
    },
  )
}

/** @param {string} title @param {NonNullable<EpcisReachFragment['edges']>} edges @param {boolean} isOpen */
function list(title, edges, isOpen) {
  return html`<details ?open=${isOpen}>
    <summary>${title}</summary>
    <ul class="epcis">
      ${edges.map((edge) => edge && entry(edge))}
    </ul>
  </details>`
}

/** @param {NonNullable<NonNullable<EpcisReachFragment['edges']>[number]>} edge */
function entry({ node, part }) {
  const w = words()
  if (!node || !part) return nothing
  const [whole, here] = [node.population?.value ?? null, part.population?.value ?? null]
  const share = node.id !== part.id && whole !== null && here !== null && whole > 0 ? here / whole : null
  return html`<li>
    <a href=${addressOf({ t: node.id })}>${node.name}</a>
    <span class="soft"
      >${
        share === null
          ? nothing
          : html`<a href=${addressOf({ t: part.id })}>${w.territory.partOf(percent(share))}</a>${w.colon}
              ${figure(part.population, { id: part.id, measure: 'population-municipale', label: part.name })}
              ${w.units.inhabitants}`
      }</span
    >
  </li>`
}
