import { html, nothing } from 'lit-html'
import { lines, seriesTable, sign } from '../draw/lines.js'
import { badge, figure } from '../figure/figure.js'
import { titleOf, unitNameOf } from '../figure/provenance.js'
import { same } from '../figure/same.js'
import { differencePercent, index, number, percent, spans } from '../numbers.js'
import { section } from '../section.js'
import { addressOf, state } from '../state.js'
import { named, words } from '../words/words.js'
import { seriesOf, withoutNoneSuch } from './answer.js'
import { measureOf } from './controls.js'
import { exports } from './exports.js'
import { baseOf, changeOf, indexed, isUnlike, unlike } from './series.js'

/**
 * @import { AnswerError } from '../answers.d.ts'
 * @import { Question } from './page.js'
 * @import { Point, TerritorySeries } from './series.js'
 * @typedef {TerritorySeries & { place: number }} Placed
 */

/** One measure of all territories: chart, newest values, table, export. @param {Question} question */
export function measureSection({ measure, variables, asked }) {
  const w = words()
  const absolute = seriesOf(asked)
  const base = state.one('scale') === 'index' ? baseOf(absolute) : null
  const shown = base === null ? absolute : indexed(absolute, base).map(explained)
  const name = titleOf(measure)
  const title = base === null ? name : html`${name} <span class="soft">· ${w.compare.indexOf(base)}</span>`
  return section(
    { id: `measure-${measure}`, title, asked: withoutNoneSuch(asked), foot: same('comparison', variables, name) },
    ({ errors, version }) => {
      const format = base === null ? number : index
      const whole = base === null ? name : `${name}, ${w.compare.indexOf(base)}`
      const unit = unitOf(measure, absolute)
      const notes = cautions(absolute, base)
      const chart = {
        id: `chart-${measure}`,
        title: whole,
        series: shown,
        format,
        unit: base === null ? unit : w.compare.index,
        from: base === null && measureOf(measure)?.additivity !== 'RATIO' ? 0 : null,
      }
      return html`${notes.map((note) => html`<p class="hint">${note}</p>`)} ${lines(chart)}
        ${newest(absolute, { measure, name, errors })}
        <details>
          <summary>${w.table}</summary>
          ${seriesTable({
            caption: `${whole} (${unit})`,
            series: shown,
            figureOf: (point, one) => cell(point, { id: one.id, name: one.name, measure, title: name, base, errors }),
          })}
        </details>
        ${exports({ measure, title: whole, unit, notes, chart, series: shown, base, version })}`
    },
  )
}

/** The unit in the reader's language. @param {string} measure @param {readonly TerritorySeries[]} series */
function unitOf(measure, series) {
  const found = measureOf(measure)
  if (found) return unitNameOf(found)
  const unit = series.flatMap(({ points }) => points.map(({ observation }) => observation?.unit ?? '')).find(Boolean)
  return named(words().units, unit ?? '')
}

/** Says of what has a value, but no index, why. @param {Placed} one */
const explained = (one) => ({
  ...one,
  points: one.points.map((point) =>
    point.value === null && (point.observation?.value ?? null) !== null
      ? { ...point, label: words().compare.unlikeYear }
      : point,
  ),
})

/** What one must know to read the changes and the index, or why there is none. @param {readonly TerritorySeries[]} series @param {number | null} base */
function cautions(series, base) {
  const { compare } = words()
  const apart = series.filter(({ points }) => isUnlike(points)).map(({ name }) => name)
  const noChange = apart.length === 0 ? [] : [compare.noChange(apart.join(', '))]
  if (state.one('scale') !== 'index') return noChange
  if (base === null) return [...noChange, apart.length === 0 ? compare.noBase : compare.noLikeBase]
  const held = series.flatMap(({ points }) => points.filter(({ value }) => value !== null))
  const left = unlike(series, base)
  const partial = series.filter(({ points }) =>
    points.some(({ period, status }) => period === base && status !== 'NORMAL'),
  )
  return [
    ...noChange,
    ...(held.every(({ period }) => period === base) ? [compare.oneYear] : []),
    ...(left.length > 0 ? [compare.leftOut(spans(left), base)] : []),
    ...(partial.length > 0 ? [compare.partialBase(partial.map(({ name }) => name).join(', '), base)] : []),
  ]
}

/**
 * A cell of the table: the value, and its index where one is shown.
 * @param {Point} point
 * @param {{ id: string, name: string, measure: string, title: string, base: number | null, errors: readonly AnswerError[] }} of
 */
function cell({ period, value, observation, path }, { id, name, measure, title, base, errors }) {
  const shown = figure(observation, { id, measure, label: `${name}, ${title}, ${period}`, errors, path })
  if (base === null || value === null) return shown
  return html`<strong>${index(value)}</strong> <span class="soft own">${shown}</span>`
}

/** The newest values side by side. @param {readonly Placed[]} series @param {{ measure: string, name: string, errors: readonly AnswerError[] }} of */
function newest(series, { measure, name: title, errors }) {
  const w = words()
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${w.compare.newest}, ${title}">
    <table class="newest">
      <caption class="hidden">
        ${w.compare.newest}, ${title}
      </caption>
      <thead>
        <tr>
          <th scope="col">${w.compare.territory}</th>
          <th scope="col" class="number">${w.compare.newest}</th>
          <th scope="col" class="number">${w.compare.change}</th>
          <th scope="col" class="number">${w.compare.coverage}</th>
        </tr>
      </thead>
      <tbody>
        ${series.map(({ id, name, tier, color, points, place }) => {
          const point = points.findLast(({ value }) => value !== null) ?? points.at(-1)
          const path = point?.path ?? ['territories', place, 'observations']
          const label = `${name}, ${title}${point ? `, ${point.period}` : ''}`
          return html`<tr>
            <th scope="row">
              ${sign(place, color)} <a href=${addressOf({ t: id }, '/')}>${name}</a>
              <span class="tier" data-tier=${tier}>${named(w.tiers, tier)}</span>
            </th>
            <td class="number">
              ${points.length === 0 && errors.length === 0 ? w.none : figure(point?.observation, { id, measure, label, errors, path })}
              ${point ? html`<small class="soft">${point.period}</small>` : nothing}
            </td>
            <td class="number">${changed(points)}</td>
            <td class="number">${covered(point)}</td>
          </tr>`
        })}
      </tbody>
    </table>
  </div>`
}

/** @param {readonly Point[]} points */
function changed(points) {
  const { compare, none } = words()
  const change = changeOf(points)
  const held = points.filter(({ value }) => value !== null)
  if (isUnlike(points)) return html`<span class="soft" title=${compare.unlike}>${compare.unlikeYears}</span>`
  if (!change) return held.length === 1 ? html`<span class="soft">${compare.oneValue}</span>` : none
  return html`${differencePercent(change.share, 1)}
    <small class="soft">${compare.period(change.since, change.until)}</small> ${
      change.isCertain ? nothing : html`<span title=${compare.uncertain}>${badge('PARTIAL')}</span>`
    }`
}

/** @param {Point | undefined} point */
function covered(point) {
  const w = words()
  const { coverage, status } = point?.observation ?? {}
  if (!coverage) return status === undefined ? w.none : badge(status)
  const { reported, expected, share } = coverage
  return html`<span title=${w.figure.coverageOf(number(reported), number(expected), percent(share))}
    >${number(reported)} / ${number(expected)} <small class="soft">${percent(share)}</small></span
  >`
}
