import { html, nothing, svg } from 'lit-html'
import { simulatedMark } from '../figure/figure.js'
import { unitNameOf } from '../figure/provenance.js'
import { apart, number, percent } from '../numbers.js'
import { named, words } from '../words/words.js'

/**
 * @import { Entry } from './classes.js'
 * @import { Drawing } from './layout.js'
 * @import { View } from './page.js'
 */

/** What the colours, hatches and marks of the map mean, and how many have each; nothing where there is no map. @param {View} view @param {Drawing | undefined} drawing */
export function legend({ question, members, legend, simulated }, drawing) {
  if (drawing === undefined) return nothing
  const w = words()
  const shared = drawing.areas.filter(({ ids, isCopy }) => ids.length > 1 && !isCopy)
  const withShape = new Set(drawing.areas.flatMap(({ ids }) => ids))
  const without = members.filter(({ territory }) => !withShape.has(territory.id)).length
  const bounds = legend.entries.flatMap(({ kind, from, to }) => (kind === 'class' ? [from, to] : []))
  const write = apart(bounds)
  return html`<div class="legend" role="group" aria-label=${w.map.legend}>
    <h3>
      ${question.isCoverage ? w.map.covered : question.measure ? unitNameOf(question.measure) : nothing}
      ${simulated ? simulatedMark() : nothing}
    </h3>
    <ul>
      ${legend.entries.map((entry) => item(swatch(entry.fill), textOf(entry, question.isCoverage, write), entry.count))}
      ${question.isCoverage || legend.partial === 0 ? nothing : item(dotted(), w.map.partialDot, legend.partial)}
      ${shared.length > 0 ? item(swatch('url(#hatch-shared)'), w.map.shared, shared.length) : nothing}
      ${without > 0 ? item(nothing, w.map.withoutShape, without) : nothing}
    </ul>
  </div>`
}

/** @param {unknown} mark @param {string} text @param {number} count */
const item = (mark, text, count) =>
  html`<li>
    <span class="mark">${mark}</span><span class="text">${text}</span><span class="count">${number(count)}</span>
  </li>`

/** @param {string} fill */
const swatch = (fill) =>
  html`<svg width="28" height="16" aria-hidden="true">
    ${svg`<rect class="colour" x="0.5" y="0.5" width="27" height="15" fill=${fill} />`}
  </svg>`

const dotted = () =>
  html`<svg width="28" height="16" aria-hidden="true">${svg`<circle class="dot" cx="14" cy="8" r="3" />`}</svg>`

/** @param {Entry} entry @param {boolean} isCoverage @param {(value: number) => string} write */
function textOf({ kind, status, from, to }, isCoverage, write) {
  const w = words()
  if (kind === 'absent') return named(w.statuses, status ?? '')
  if (kind === 'zero') return number(0)
  if (kind === 'noCoverage') return w.figure.noCoverage
  if (!isCoverage) return w.map.span(write(from), write(to))
  return from === 1 ? w.map.complete : w.map.below(percent(from), percent(to))
}
