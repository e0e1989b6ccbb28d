import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { sign } from '../draw/lines.js'
import { number } from '../numbers.js'
import { searchBox } from '../search/searchBox.js'
import { waiting } from '../section.js'
import { addressOf, change, state } from '../state.js'
import { named, words } from '../words/words.js'
import { controls, measureOf, measuresShown } from './controls.js'
import { measureSection } from './measure.js'
import { territoriesOf, seriesOf } from './answer.js'
import { spreadOf } from './series.js'

/**
 * @import { Asked } from '../answers.d.ts'
 * @typedef {{ measure: string, variables: import('../ask.js').Variables, asked: Asked<'comparison'> }} Question
 */

/** How many territories stand side by side: more lines are not told apart. */
const MOST = 5

/** From how many times the smallest on the largest hides it. */
const TOO_FAR = 20

/** What one may begin with. */
const EXAMPLES = [
  { ids: ['commune:35238', 'commune:44109', 'commune:29019'], names: ['Rennes', 'Nantes', 'Brest'] },
  { ids: ['region:53', 'region:52'], names: ['Bretagne', 'Pays de la Loire'] },
  { ids: ['commune:35238', 'departement:35', 'region:53'], names: ['Rennes', 'Ille-et-Vilaine', 'Bretagne'] },
]

/** The territories that the address names, each once: one a parameter, or several between commas. */
const territoriesAsked = () => [
  ...new Set(
    state
      .all('t')
      .flatMap((one) => one.split(','))
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  ),
]

/** The comparison: a few territories side by side, a chart for each measure. */
export function page() {
  const w = words()
  const given = territoriesAsked()
  const ids = given.slice(0, MOST)
  const questions = ids.length === 0 ? [] : measuresShown().map((measure) => questionOf(ids, measure))
  const territories = territoriesOf(ids, questions)
  const names = territories.map(({ id, name }) => name ?? id)
  return {
    title: names.length === 0 ? w.compare.title : w.compare.titleOf(names.join(', ')),
    body: html`<header class="comparison">
        <h1>${w.compare.title}</h1>
        <p class="soft">${w.compare.lead}</p>
        ${chosen(territories)}
        ${ids.length < MOST ? searchBox({ id: 'add', label: w.search.add, onChoose: (id) => add(ids, id) }) : html`<p>${w.compare.full}</p>`}
        ${given.length > MOST ? html`<p class="trouble" role="alert">${w.compare.tooMany(given.slice(MOST).join(', '))}</p>` : nothing}
      </header>
      ${ids.length === 0 ? examples() : html`${controls()} ${hint(questions)} ${sections(questions)}`}`,
  }
}

/** @param {readonly string[]} ids @param {string} measure @returns {Question} */
function questionOf(ids, measure) {
  const variables = {
    ids,
    measures: [measure],
    from: state.year('from'),
    to: state.year('to'),
    geography: state.year('geography'),
  }
  return { measure, variables, asked: ask('comparison', variables) }
}

/** @param {readonly string[]} ids @param {string} id */
const add = (ids, id) => change({ t: [...new Set([...ids, id])] })

/** The territories as they were chosen, each with what it is, or why it is none. @param {ReturnType<typeof territoriesOf>} territories */
function chosen(territories) {
  const w = words()
  if (territories.length === 0) return nothing
  const ids = territories.map(({ id }) => id)
  return html`<ul class="chosen" aria-label=${w.compare.chosen} tabindex="-1">
      ${territories.map(
        ({ id, name, tier, color, error }, index) =>
          html`<li class=${error ? 'unknown' : ''}>
            ${sign(index, color)}
            <span class="what">
              ${name === null ? html`<code>${id}</code>` : html`<a href=${addressOf({ t: id }, '/')}>${name}</a>`}
              ${tier === null ? nothing : html`<span class="tier" data-tier=${tier}>${named(w.tiers, tier)}</span>`}
              ${error ? html`<small lang="en">${error.message}</small>` : nothing}
            </span>
            <button
              type="button"
              class="link"
              aria-label=${w.compare.remove(name ?? id)}
              title=${w.compare.remove(name ?? id)}
              @click=${(/** @type {Event & { currentTarget: HTMLElement }} */ { currentTarget }) => {
                currentTarget.closest('ul')?.focus()
                change({ t: ids.filter((one) => one !== id) })
              }}
            >
              ✕
            </button>
          </li>`,
      )}
    </ul>
    <p class="hidden" role="status">${w.compare.count(territories.length)}</p>`
}

function examples() {
  const w = words()
  return html`<section class="examples">
    <p>${w.compare.empty}</p>
    <ul>
      ${EXAMPLES.map(
        ({ ids, names }) =>
          html`<li>
            <a href=${addressOf({ t: ids })}>${names.slice(0, -1).join(', ')} ${w.compare.and} ${names.at(-1)}</a>
          </li>`,
      )}
    </ul>
  </section>`
}

/** Says when the sizes are so far apart that values hide the smaller. @param {readonly Question[]} questions */
function hint(questions) {
  const w = words()
  if (state.one('scale') === 'index') return nothing
  const counts = questions.filter(({ measure }) => measureOf(measure)?.additivity === 'COUNT')
  const spread = Math.max(1, ...counts.map(({ asked }) => spreadOf(seriesOf(asked))))
  if (spread <= TOO_FAR) return nothing
  const times = number(Number(spread.toPrecision(2)))
  return html`<p class="hint">
    ${w.compare.hint(times)} <a href=${addressOf({ scale: 'index' })}>${w.compare.toIndex}</a>
  </p>`
}

/** A part for each measure; what fails alike for all is said once. @param {readonly Question[]} questions */
function sections(questions) {
  const [first] = questions
  const codes = new Set(questions.map(({ asked }) => (asked.state === 'failed' ? asked.problem.detail : asked)))
  if (first?.asked.state === 'failed' && codes.size === 1) return waiting(first.asked)
  return questions.map(measureSection)
}
