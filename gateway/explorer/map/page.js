import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { nameOf } from '../figure/provenance.js'
import { searchBox } from '../search/searchBox.js'
import { section, waiting } from '../section.js'
import { change, state } from '../state.js'
import { named, words } from '../words/words.js'
import { askGround } from './boundaries.js'
import { crumbs } from './crumbs.js'
import { coverageLegendOf, legendOf } from './classes.js'
import { controls } from './controls.js'
import { drawing } from './drawing.js'
import { legend } from './legend.js'
import { askMembers, membersOf } from './members.js'
import { questionOf } from './question.js'
import { same } from '../figure/same.js'
import { chosen } from './chosen.js'
import { table } from './table.js'

/**
 * @import { Question } from './question.js'
 * @import { Answered, Member } from './members.js'
 * @import { Legend } from './classes.js'
 * @import { Ground } from './boundaries.js'
 * @import { Reply } from '../answers.d.ts'
 *
 * @typedef {object} View all that the parts of the page show
 * @property {Question} question
 * @property {readonly Member[]} members
 * @property {Legend} legend
 * @property {string} title
 * @property {boolean} simulated
 */

/** The page: a map of the members of a territory, and the same as a table. */
export function page() {
  const w = words()
  const asked = ask('territory', { id: state.one('t') ?? 'nation:FR' })
  const measures = ask('measures', {})
  const lead = searchBox({ id: 'map-search', label: w.map.search, onChoose: (t) => change({ t, tier: null, s: null }) })
  const territory = asked.state === 'answered' ? asked.data.territory : null
  if (territory === null || measures.state !== 'answered') {
    /** @type {Reply<unknown>} */
    const waited = territory === null ? asked : measures
    return {
      title: w.map.map,
      body: html`${lead}${section({ id: 'map', title: w.map.map, asked: waited }, () => nothing)}`,
    }
  }

  const question = questionOf(territory, measures.data.measures?.filter((one) => one !== null) ?? [])
  const { within, tier, measure, year } = question
  if (measure === undefined)
    return {
      title: w.map.map,
      body: html`${lead}
        <p>${w.map.noMembers}</p>`,
    }
  const members = askMembers({ within, tier, measure: measure.id, schoolYear: year })
  const name = (members.state === 'answered' ? members.data.ranking?.within?.name : null) ?? territory.name
  const period = members.state === 'answered' ? (members.data.ranking?.period ?? '') : `${year ?? ''}`
  const title = titleOf(question, name, period)
  const askedYear = state.one('year')
  const variables = { within, tier, measure: measure.id, schoolYear: year, first: 1000 }
  return {
    title,
    body: html`<div class="map-top">${lead} ${crumbs(territory, question, name)}</div>
      <h1>${title}</h1>
      ${controls(question, period)}
      ${askedYear !== null && year === null ? html`<p class="hint" role="status">${w.map.noSuchYear(askedYear)}</p>` : nothing}
      ${
        members.state === 'answered'
          ? shown(members, question, title, same('choropleth', variables, title))
          : section({ id: 'map', title: w.map.map, asked: members }, () => nothing)
      }`,
  }
}

/** @param {Answered} answered @param {Question} question @param {string} title @param {unknown} foot */
function shown(answered, question, title, foot) {
  const w = words()
  const members = membersOf(answered.data.ranking)
  const ground = askGround(question.within, question.tier, members)
  /** @type {View} */
  const view = {
    question,
    members,
    title,
    simulated: members.some(({ observation }) => observation.simulated),
    legend: legendFor(members, question),
  }
  const isTiles = ground.state === 'answered' && ground.data.isTiles && ground.data.drawing !== undefined
  return html`<div class="map-page">
    <div class="map-column">
      ${section({ id: 'map', title: isTiles ? w.map.tiles : w.map.map, asked: answered, foot }, () => [
        ground.state === 'answered' ? [drawing(view, ground.data), how(ground.data)] : waiting(ground),
        legend(view, ground.state === 'answered' ? ground.data.drawing : undefined),
      ])}
    </div>
    <div class="map-column">${chosen(view)} ${table(view)}</div>
  </div>`
}

/** How boundaries are loaded, where there are none; whose they are, where there are. @param {Ground} ground */
function how({ drawing, isTiles, attribution }) {
  const w = words()
  if (!isTiles)
    return attribution ? html`<p class="soft small">${w.map.boundaries}${w.colon} ${attribution}</p>` : nothing
  return html`<p class="soft small">
    ${drawing === undefined ? w.map.noShapes : w.map.tilesWhy}
    <code>npm run ingest -- --boundaries DIR</code>. <a href="/docs/boundaries">${w.map.how}</a>
  </p>`
}

/** @param {Question} question @param {string} name @param {string} period */
function titleOf({ tier, measure, isCoverage }, name, period) {
  const w = words()
  const tierName = named(w.tiers, tier)
  const when = period !== '' && measure && /^(pupils|classes)-/.test(measure.id) ? w.map.rentree(period) : period
  const what = measure ? nameOf(measure) : ''
  return isCoverage ? w.map.coverageTitle(tierName, name, what, when) : w.map.title(what, tierName, name, when)
}

/** The legend of what was drawn last: values are sorted once, not at each step of a pointer. @type {{ members: readonly Member[], key: string, legend: Legend } | undefined} */
let last

/** @param {readonly Member[]} members @param {Question} question */
function legendFor(members, { method, count, isCoverage, measure }) {
  const key = `${method} ${count} ${isCoverage}`
  if (last?.members !== members || last.key !== key) {
    const observations = members.map(({ observation }) => observation)
    const isCount = measure?.additivity === 'COUNT'
    const made = isCoverage ? coverageLegendOf(observations) : legendOf(observations, { method, count, isCount })
    last = { members, key, legend: made }
  }
  return last.legend
}
