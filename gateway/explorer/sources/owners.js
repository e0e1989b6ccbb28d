import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { nameOf } from '../figure/provenance.js'
import { simulatedMark } from '../figure/figure.js'
import { same } from '../figure/same.js'
import { number } from '../numbers.js'
import { searchBox } from '../search/searchBox.js'
import { section } from '../section.js'
import { addressOf, change, state } from '../state.js'
import { named, words } from '../words/words.js'
import { byOwner, isEverywhere } from './registry.js'
import { said } from './said.js'

/** @import { Answers } from '../answers.d.ts' */
/** @typedef {NonNullable<Answers['ownership']['ownership']>[number]} Rule */
/** @typedef {NonNullable<Answers['competences']['territory']>['competences'] extends readonly (infer C)[] | null ? C : never} Competence */

/** Who is competent, who counts, who publishes: in general, and for one territory by name. */
export const owners = () => [roles(), competences(), registry()]

function roles() {
  const w = words().sources.owners
  return html`<section id="roles" aria-labelledby="roles-title">
    <h2 id="roles-title">${w.question}</h2>
    ${w.answer.map((paragraph) => html`<p>${paragraph}</p>`)}
    <dl class="roles">
      ${w.roles.map(
        ([role, meaning]) =>
          html`<div>
            <dt>${role}</dt>
            <dd>${meaning}</dd>
          </div>`,
      )}
    </dl>
    <h3>${w.consolidated}</h3>
    <p>${w.consolidation}</p>
  </section>`
}

function registry() {
  const w = words().sources.owners
  const asked = ask('ownership', {})
  return section(
    {
      id: 'registry',
      title: w.registry,
      asked,
      lead: html`<p>${w.registryLead}</p>`,
      foot: same('ownership', {}, w.registry),
    },
    ({ data }) =>
      html`<table class="cards">
        <thead>
          <tr>
            ${[w.measure, w.competent, w.producer, w.publisher, w.dataset, w.licence, w.years].map(
              (name) => html`<th scope="col">${name}</th>`,
            )}
          </tr>
        </thead>
        ${byOwner(data.ownership ?? []).map(
          (group) =>
            html`<tbody>
              <tr class="group">
                <th colspan="7" scope="rowgroup">
                  ${named(words().owners, group.owner)}
                  <span class="soft">${w.answersFor(new Set(group.rules.map(({ measure }) => measure.id)).size)}</span>
                </th>
              </tr>
              ${group.rules.map((rule) => row(rule, group.rules))}
            </tbody>`,
        )}
      </table>`,
  )
}

/** @param {Rule} rule @param {readonly Rule[]} rules those of the same owner */
function row({ measure, owner, dataset, licence, sourceUrl, firstPeriod, lastPeriod, rank, note, tiers }, rules) {
  const w = words().sources.owners
  const isAlone = rules.every((other) => other.measure.id !== measure.id || other.rank === rank)
  return html`<tr>
    <th scope="row">
      ${nameOf(measure)} <code>${measure.id}</code>
      <span class="small soft"
        >${isEverywhere(tiers) ? w.everyTier : tiers.map((tier) => named(words().tiersPlural, tier)).join(', ')}</span
      >
    </th>
    <td data-label=${w.competent}>${said(owner.name)}<span class="small soft" lang="fr">${owner.legalBasis}</span></td>
    <td data-label=${w.producer}>${said(owner.producer)}</td>
    <td data-label=${w.publisher}>${said(owner.publisher)}</td>
    <td data-label=${w.dataset}>
      <a href=${sourceUrl} rel="noreferrer" lang="fr">${dataset.title}</a>
      <code>${dataset.version === 'none' ? w.notHeld : dataset.version}</code>
      ${dataset.simulated ? simulatedMark() : nothing}
      <span class="small soft"
        >${isAlone ? nothing : w.rank(rank + 1)}${note === null ? nothing : html`${words().colon} ${said(note)}`}</span
      >
    </td>
    <td data-label=${w.licence}><a href=${licence.url} rel="noreferrer" lang="fr">${licence.title}</a></td>
    <td data-label=${w.years}>${lastPeriod === null ? w.since(`${firstPeriod}`) : `${firstPeriod}–${lastPeriod}`}</td>
  </tr>`
}

/** Who is competent for the public schools of one territory. */
function competences() {
  const w = words().sources.owners
  const id = state.one('t')
  const search = searchBox({ id: 'competent-search', label: w.chooseTerritory, onChoose: (t) => change({ t }) })
  if (id === null) {
    return html`<section id="competences" aria-labelledby="competences-title">
      <h2 id="competences-title">${w.competences}</h2>
      <p>${w.competencesLead}</p>
      ${search}
      <p>
        ${w.forExample}
        ${EXAMPLES.map(([t, name], index) => html`${index > 0 ? ', ' : nothing}<a href=${addressOf({ t })}>${name}</a>`)}
      </p>
    </section>`
  }
  const asked = ask('competences', { id })
  const name = asked.state === 'answered' ? (asked.data.territory?.name ?? id) : id
  return section(
    {
      id: 'competences',
      title: w.competencesOf(name),
      asked,
      lead: html`<p>${w.competencesLead}</p>
        ${search}`,
      foot: same('competences', { id }, w.competencesOf(name)),
    },
    ({ data }) => {
      const all = data.territory?.competences ?? []
      const shown = state.one('all') === 'competences' ? all : firstOfEach(all)
      return html`<table class="cards">
          <thead>
            <tr>
              ${[w.schools, w.body, w.certainty, w.since(''), w.legalBasis].map((title) => html`<th scope="col">${title}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${shown.map(competence)}
          </tbody>
        </table>
        ${
          all.length > shown.length
            ? html`<p><a href=${addressOf({ all: 'competences' })}>${w.allBodies(number(all.length))}</a></p>`
            : nothing
        }
        ${notesOf(shown)}`
    },
  )
}

/** How many bodies of a cycle are shown at first: a département may have one for each of its communes. */
const SHOWN = 3

/** @param {readonly Competence[]} all */
const firstOfEach = (all) => [...Map.groupBy(all, ({ cycle }) => cycle).values()].flatMap((own) => own.slice(0, SHOWN))

/** Territories of which the answer is instructive: a commune, the métropole that is a département, a collectivité of its own, the State. */
const EXAMPLES = /** @type {const} */ ([
  ['commune:35238', 'Rennes'],
  ['commune:69123', 'Lyon'],
  ['departement:2A', 'Corse-du-Sud'],
  ['departement:976', 'Mayotte'],
])

/** @param {Competence} competence */
function competence({ cycle, status, name, governs, transferableTo, communes, legalBasis, from, until }) {
  const w = words().sources.owners
  return html`<tr>
    <th scope="row">${named(words().cyclesCompetence, cycle)}</th>
    <td data-label=${w.body}>
      ${name === null ? words().none : bodyOf(name, governs)}
      ${communes > 1 && !SEVERAL.test(name ?? '') ? html`<span class="small soft">${w.forCommunes(number(communes))}</span>` : nothing}
      ${
        transferableTo
          ? html`<span class="small soft"
              >${w.transferable} <a href=${addressOf({ t: transferableTo.id }, '/')}>${transferableTo.name}</a></span
            >`
          : nothing
      }
    </td>
    <td data-label=${w.certainty}>
      <span class="badge" data-tone=${TONES[status] ?? 'soft'}>${named(w.certainties, status)}</span>
      <span class="small soft">${named(w.certaintyMeans, status)}</span>
    </td>
    <td data-label=${w.since('')}>${from === null ? w.longSince : from}${until === null ? nothing : `–${until}`}</td>
    <td data-label=${w.legalBasis} lang="fr">${legalBasis}</td>
  </tr>`
}

/** @type {Readonly<Record<string, string>>} */
const TONES = { KNOWN: 'good', SHARED: 'good', UNKNOWN: 'fair' }

/** Where each place has its own body, their number stands in the place of a name: 34874 communes. */
const SEVERAL = /^\d+(?= )/

/** @param {string} name @param {Competence['governs']} governs */
const bodyOf = (name, governs) =>
  governs
    ? html`<a href=${addressOf({ t: governs.id }, '/')}>${name}</a>`
    : html`<strong>${name.replace(SEVERAL, (count) => number(Number(count)))}</strong>`

/** What a careful reader should know, each once. @param {readonly Competence[]} shown */
function notesOf(shown) {
  const notes = new Set(shown.flatMap(({ notes }) => notes))
  if (notes.size === 0) return nothing
  return html`<details>
    <summary>${words().sources.owners.notes(notes.size)}</summary>
    <ul>
      ${[...notes].map((note) => html`<li>${said(note)}</li>`)}
    </ul>
  </details>`
}
