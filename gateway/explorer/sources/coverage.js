import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { badge, figure } from '../figure/figure.js'
import { nameOf } from '../figure/provenance.js'
import { same } from '../figure/same.js'
import { number, percent } from '../numbers.js'
import { searchBox } from '../search/searchBox.js'
import { section, waiting } from '../section.js'
import { addressOf, change, state } from '../state.js'
import { named, words } from '../words/words.js'
import { byCoverage, memberTiers } from './members.js'
import { missing, PAGE } from './missing.js'
import { askPages } from './pages.js'

/**
 * @import { Answers } from '../answers.d.ts'
 * @typedef {NonNullable<NonNullable<Answers['choropleth']['ranking']>['members']>} Members
 * @typedef {import('./members.js').Member} Member
 */

/** How many members a page holds: a question costs by what it may answer. */
const FIRST = /** @type {const} */ ({ REGION: 50, DEPARTEMENT: 150, COMMUNE: 1000 })

/** How many members who lack something are listed at first. */
const LISTED = 40

/** What is missing, where: the members of a territory by their coverage, and the schools that gave no figure. */
export function coverage() {
  const w = words().sources.coverage
  const id = state.one('t') ?? 'nation:FR'
  const measure = state.one('measure') ?? 'pupils-primary'
  const tiers = memberTiers(id)
  const tier = tiers.find((one) => one === state.one('tier')) ?? tiers[0]
  const year = state.year('year') ?? newestYear(measure)
  return [
    html`<section id="coverage-choice" aria-labelledby="coverage-choice-title">
      <h2 id="coverage-choice-title">${w.title}</h2>
      <p>${w.lead}</p>
      ${searchBox({ id: 'coverage-search', label: w.chooseTerritory, onChoose: (t) => change({ t, tier: null, all: null, pages: null }) })}
      ${controls(measure, year, tiers, tier)}
    </section>`,
    year === undefined ? nothing : year === null ? nothingHeld() : held(id, measure, year, tier),
  ]
}

/** @param {string} id @param {string} measure @param {number} year @param {'REGION' | 'DEPARTEMENT' | 'COMMUNE' | undefined} tier */
const held = (id, measure, year, tier) => [
  whole(id, measure, year),
  tier === undefined ? nothing : members(id, measure, year, tier),
  missing(id, measure, year),
]

/** Of a measure without any value nothing can be said to be missing or whole. */
function nothingHeld() {
  const w = words().sources
  return html`<section id="coverage-none" aria-labelledby="coverage-none-title">
    <h2 id="coverage-none-title">${w.coverage.noneHeld}</h2>
    <p>
      ${w.coverage.noneHeldMeans}
      <a href=${addressOf({ tab: 'datasets', measure: null, year: null, tier: null })}>${w.tabs.datasets}</a>
    </p>
  </section>`
}

/** The newest year of which anything is held of a measure; null where nothing is, undefined as long as that is not known. @param {string} measure */
function newestYear(measure) {
  const measures = ask('measures', {})
  if (measures.state !== 'answered') return undefined
  return measures.data.measures?.find(({ id }) => id === measure)?.periods.at(-1) ?? null
}

/** @param {string} measure @param {number | null | undefined} year @param {readonly string[]} tiers @param {string | undefined} tier */
function controls(measure, year, tiers, tier) {
  const w = words().sources.coverage
  const asked = ask('measures', {})
  if (asked.state !== 'answered') return waiting(asked)
  const measures = asked.data.measures ?? []
  const periods = measures.find(({ id }) => id === measure)?.periods ?? []
  const years = [...new Set([...periods, ...(typeof year === 'number' ? [year] : [])])].toSorted((a, b) => b - a)
  return html`<div class="controls">
    <label
      >${w.measure}
      <select @change=${chosen('measure')}>
        ${measures.map((one) => html`<option value=${one.id} .selected=${one.id === measure}>${nameOf(one)}</option>`)}
      </select></label
    >
    <label
      >${w.year}
      <select @change=${chosen('year')} ?disabled=${years.length === 0}>
        ${years.length === 0 ? html`<option>${w.noYear}</option>` : nothing}
        ${years.map((one) => html`<option value=${one} .selected=${one === year}>${one}</option>`)}
      </select></label
    >
    ${
      tiers.length < 2
        ? nothing
        : html`<label
            >${w.tier}
            <select @change=${chosen('tier')}>
              ${tiers.map(
                (one) =>
                  html`<option value=${one} .selected=${one === tier}>${named(words().tiersPlural, one)}</option>`,
              )}
            </select></label
          >`
    }
  </div>`
}

/** Puts what is chosen into the address. @param {'measure' | 'year' | 'tier'} name */
const chosen =
  (name) =>
  (/** @type {Event & { currentTarget: HTMLSelectElement }} */ { currentTarget }) =>
    change({ ...(name === 'measure' ? { year: null } : {}), all: null, pages: null, [name]: currentTarget.value })

/** The territory itself: its value, and how much of it is there. @param {string} id @param {string} measure @param {number} year */
function whole(id, measure, year) {
  const w = words().sources.coverage
  const variables = { id, measure, period: year, first: PAGE }
  const asked = ask('figure', variables)
  const name = asked.state === 'answered' ? (asked.data.territory?.name ?? id) : id
  return section(
    { id: 'coverage-whole', title: w.whole(name, year), asked, foot: same('figure', variables, w.whole(name, year)) },
    ({ data, errors }) => {
      const cell = data.territory?.observations?.at(-1)
      const observation = cell && 'observation' in cell ? cell.observation : null
      return html`<p class="headline">
          <strong
            >${figure(observation, { id, measure, label: name, errors, path: ['territory', 'observations'] })}</strong
          >
          ${observation?.status === 'NORMAL' ? badge('NORMAL') : nothing}
        </p>
        ${observation?.coverage ? html`<p>${bar(observation.coverage.share)} ${coverageText(observation.coverage)}</p>` : nothing}
        <p>
          <a href=${addressOf({ t: id, measure, year: `${year}`, show: 'coverage' }, '/map')}>${w.map}</a>
        </p>`
    },
  )
}

/** @param {string} id @param {string} measure @param {number} year @param {'REGION' | 'DEPARTEMENT' | 'COMMUNE'} tier */
function members(id, measure, year, tier) {
  const w = words().sources.coverage
  const variables = { within: id, tier, measure, schoolYear: year, first: FIRST[tier] }
  const { asked, pages } = askPages(
    (after) => ask('choropleth', { ...variables, after }),
    ({ ranking }) => ranking?.members,
  )
  const title = w.members(named(words().tiersPlural, tier))
  return section({ id: 'coverage-members', title, asked, foot: same('choropleth', variables, title) }, ({ errors }) => {
    const { lacking, whole, beside } = byCoverage(pages.flatMap(membersOf))
    const listed = state.one('all') === 'members' ? lacking.length : LISTED
    const isWholeListed = state.one('all') === 'whole'
    const shown = isWholeListed ? whole : lacking.slice(0, listed)
    const called = (/** @type {readonly Member[]} */ those) =>
      named(those.length === 1 ? words().tiers : words().tiersPlural, tier)
    return html`<p class="summary">
        ${w.lacking(lacking.length, number(lacking.length), called(lacking))}
        ${w.complete(whole.length, number(whole.length), called(whole))}
        ${beside.length === 0 ? nothing : w.beside(number(beside.length), called(beside))}
      </p>
      ${shown.length === 0 ? nothing : table(shown, measure, year, errors, isWholeListed ? w.wholeCaption : w.lackingCaption)}
      <p class="links">
        ${
          !isWholeListed && lacking.length > shown.length
            ? html`<a href=${addressOf({ all: 'members' })}>${w.allLacking(number(lacking.length))}</a>`
            : nothing
        }
        ${whole.length > 0 && !isWholeListed ? html`<a href=${addressOf({ all: 'whole' })}>${w.listWhole}</a>` : nothing}
        ${isWholeListed ? html`<a href=${addressOf({ all: null })}>${w.listLacking}</a>` : nothing}
      </p>`
  })
}

/** @param {Members} page @returns {readonly Member[]} */
const membersOf = ({ nodes }) =>
  (nodes ?? []).flatMap((node) =>
    node?.territory ? [{ territory: node.territory, observation: node.observation }] : [],
  )

/**
 * @param {readonly Member[]} shown @param {string} measure @param {number} year
 * @param {readonly import('../answers.d.ts').AnswerError[]} errors @param {string} caption
 */
function table(shown, measure, year, errors, caption) {
  const w = words().sources.coverage
  return html`<table class="cards coverage">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">${w.territory}</th>
        <th scope="col">${words().figure.coverage}</th>
        <th scope="col" class="number">${w.missing}</th>
        <th scope="col" class="number">${w.value}</th>
      </tr>
    </thead>
    <tbody>
      ${shown.map(({ territory: { id, name }, observation }) => {
        const own = observation?.coverage
        const isOpenable = memberTiers(id).length > 0 || (own && own.reported < own.expected)
        const inside = addressOf({ t: id, tier: null, all: null, pages: null, year: `${year}` })
        return html`<tr>
          <th scope="row">${isOpenable ? html`<a href=${inside}>${name}</a>` : name}</th>
          <td data-label=${words().figure.coverage}>
            ${own ? html`${bar(own.share)} <span>${coverageText(own)}</span>` : html`<span class="absent">${w.unknown}</span>`}
          </td>
          <td class="number" data-label=${w.missing}>${own ? number(own.expected - own.reported) : words().none}</td>
          <td class="number" data-label=${w.value}>
            ${figure(observation, { id, measure, label: `${name}, ${w.value.toLowerCase()}`, errors })}
          </td>
        </tr>`
      })}
    </tbody>
  </table>`
}

/** @param {{ expected: number, reported: number, share: number }} coverage */
const coverageText = ({ expected, reported, share }) =>
  words().sources.coverage.reportedOf(number(reported), number(expected), percent(share))

/** A part of the whole as a bar; its text stands beside it. @param {number} share */
const bar = (share) =>
  html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="expected" width="100" height="8" />
    <rect class="reported" width=${100 * share} height="8" />
  </svg>`
