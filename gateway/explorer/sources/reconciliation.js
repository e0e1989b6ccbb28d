import { html, nothing } from 'lit-html'
import { ask } from '../ask.js'
import { badge, figure, simulatedMark } from '../figure/figure.js'
import { titleOf } from '../figure/provenance.js'
import { same } from '../figure/same.js'
import { difference, differencePercent, number } from '../numbers.js'
import { section } from '../section.js'
import { addressOf, change, state } from '../state.js'
import { named, words } from '../words/words.js'

/**
 * @import { Answers, Observation } from '../answers.d.ts'
 * @typedef {NonNullable<Answers['reconciliation']['reconciliations']>[number]} Row
 */

/** The verdicts, in the order in which they are told. */
const VERDICTS = ['AGREES', 'EXPLAINED', 'DISAGREES', 'NOT_COMPARABLE']

/** How many rows are listed at first. */
const LISTED = 25

/** What Strates adds up beside what is published, with the gap and its reason. */
export function reconciliation() {
  const w = words().sources.reconciliation
  const filters = { measure: state.one('measure'), schoolYear: state.year('year'), verdict: verdictAsked() }
  const asked = ask('reconciliation', filters)
  const every = ask('reconciliation', {})
  const all = every.state === 'answered' ? (every.data.reconciliations ?? []) : []
  return [
    html`<section id="reconciliation-choice" aria-labelledby="reconciliation-choice-title">
      <h2 id="reconciliation-choice-title">${w.title}</h2>
      <p>${w.lead}</p>
      ${all.length === 0 ? nothing : controls(all, filters)} ${legend(all, filters)}
    </section>`,
    section(
      { id: 'reconciliation', title: w.tableTitle, asked, foot: same('reconciliation', filters, w.tableTitle) },
      ({ data }) => {
        const rows = data.reconciliations ?? []
        if (rows.length === 0) return html`<p>${w.none}</p>`
        const shown = state.one('all') === 'rows' ? rows : rows.slice(0, LISTED)
        return html`${table(shown)}
        ${
          rows.length > shown.length
            ? html`<p><a href=${addressOf({ all: 'rows' })}>${w.allRows(number(rows.length))}</a></p>`
            : nothing
        }`
      },
    ),
  ]
}

const verdictAsked = () => VERDICTS.find((verdict) => verdict === state.one('verdict')) ?? null

/** @typedef {{ measure: string | null, schoolYear: number | null, verdict: string | null }} Filters */

/** @param {readonly Row[]} all @param {Filters} filters */
function controls(all, { measure, schoolYear }) {
  const w = words().sources.reconciliation
  const measures = [...new Set(all.map((row) => row.measure))]
  const years = [...new Set(all.map((row) => row.schoolYear))].toSorted((a, b) => b - a)
  return html`<div class="controls">
    <label
      >${w.measure}
      <select @change=${chosen('measure')}>
        <option value="" .selected=${measure === null}>${w.every}</option>
        ${measures.map((one) => html`<option value=${one} .selected=${one === measure}>${titleOf(one)}</option>`)}
      </select></label
    >
    <label
      >${w.year}
      <select @change=${chosen('year')}>
        <option value="" .selected=${schoolYear === null}>${w.every}</option>
        ${years.map((one) => html`<option value=${one} .selected=${one === schoolYear}>${one}</option>`)}
      </select></label
    >
  </div>`
}

/** @param {'measure' | 'year'} name */
const chosen =
  (name) =>
  (/** @type {Event & { currentTarget: HTMLSelectElement }} */ { currentTarget }) =>
    change({ all: null, [name]: currentTarget.value || null })

/** What each verdict means, and how many there are: each chooses its rows. @param {readonly Row[]} all @param {Filters} filters */
function legend(all, { measure, schoolYear, verdict }) {
  const w = words().sources.reconciliation
  const within = all.filter(
    (row) => (measure === null || row.measure === measure) && (schoolYear === null || row.schoolYear === schoolYear),
  )
  return html`<ul class="verdicts plain">
    ${VERDICTS.map((one) => {
      const count = within.filter((row) => row.verdict === one).length
      const isChosen = one === verdict
      return html`<li>
        <a
          href=${addressOf({ all: null, verdict: isChosen ? null : one })}
          aria-current=${isChosen ? 'true' : 'false'}
          title=${isChosen ? w.showAll : w.showOnly}
        >
          <strong>${number(count)}</strong>
          <span class="badge" data-verdict=${one}>${named(words().verdicts, one)}</span>
        </a>
        <span class="small soft">${named(w.means, one)}</span>
      </li>`
    })}
  </ul>`
}

/** @param {readonly Row[]} rows */
function table(rows) {
  const w = words().sources.reconciliation
  const names = namesOf(rows)
  return html`<table class="cards reconciliation">
    <thead>
      <tr>
        <th scope="col">${w.what}</th>
        <th scope="col">${w.scope}</th>
        <th scope="col" class="number">${w.year}</th>
        <th scope="col" class="number">${words().figure.computed}</th>
        <th scope="col" class="number">${words().figure.published}</th>
        <th scope="col" class="number">${words().figure.gap}</th>
        <th scope="col">${words().figure.verdict}</th>
      </tr>
    </thead>
    ${rows.map((row) => {
      const name = names(row.scope)
      const what = whatOf(row)
      return html`<tbody>
        <tr>
          <th scope="row">${titleOf(row.measure)} <span class="small soft">${what}</span></th>
          <td data-label=${w.scope}>${name}</td>
          <td class="number" data-label=${w.year}>${row.schoolYear}</td>
          <td class="number" data-label=${words().figure.computed}>${computed(row, name)}</td>
          <td class="number" data-label=${words().figure.published}>${plain(row.published)}</td>
          <td class="number" data-label=${words().figure.gap}>${gap(row)}</td>
          <td data-label=${words().figure.verdict}>
            <span class="badge" data-verdict=${row.verdict}>${named(words().verdicts, row.verdict)}</span>
          </td>
        </tr>
        <tr class="explanation">
          <td colspan="7">
            <span lang="en">${row.explanation}</span>
            <span class="soft"
              >${w.publishedBy}${words().colon} <span lang="fr">${row.published.provenance.attribution}</span></span
            >
          </td>
        </tr>
      </tbody>`
    })}
  </table>`
}

/** Which part of the measure a row is about. @param {Row} row */
const whatOf = ({ sector, dimensions }) =>
  [named(words().sources.reconciliation.sectors, sector), ...dimensions.map(({ label }) => label)].join(', ')

/** The names of the territories that rows are about, in one question. @param {readonly Row[]} rows @returns {(id: string) => string} */
function namesOf(rows) {
  const ids = [...new Set(rows.map(({ scope }) => scope))].toSorted()
  const year = rows[0]?.schoolYear ?? null
  const asked = ask('comparison', { ids, measures: [rows[0]?.measure ?? ''], from: year, to: year })
  const territories = asked.state === 'answered' ? (asked.data.territories ?? []) : []
  const names = new Map(territories.map((one) => [one?.id, one?.name]))
  return (id) => names.get(id) ?? (asked.state === 'loading' ? '…' : id)
}

/** Only a number that stands for the whole of a territory opens what is said of it. @param {Row} row @param {string} name */
const computed = (row, name) =>
  row.sector === 'ALL' && row.dimensions.length === 0
    ? figure(row.computed, { id: row.scope, measure: row.measure, label: `${name}, ${titleOf(row.measure)}` })
    : plain(row.computed)

/** A number of a part of a territory, or of another's publication, with its status. @param {Observation} observation */
function plain({ value, status, simulated }) {
  if (value === null) return html`<span class="absent" data-status=${status}>${named(words().statuses, status)}</span>`
  return html`${number(value)}${status === 'NORMAL' ? nothing : badge(status)}${simulated ? simulatedMark() : nothing}`
}

/** @param {Row} row */
const gap = ({ gap, gapRatio }) =>
  gap === null
    ? html`<span class="soft">${words().none}</span>`
    : html`${difference(gap)}
      ${gapRatio === null ? nothing : html`<span class="small soft">${differencePercent(gapRatio)}</span>`}`
