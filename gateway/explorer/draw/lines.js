import { line, symbol, symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolTriangle } from 'd3-shape'
import { html, nothing, svg } from 'lit-html'
import { redraw } from '../draw.js'
import { number } from '../numbers.js'
import { named, words } from '../words/words.js'
import { apart, axis, scale, widthOf, wrap, yearsBetween, yearsWritten } from './place.js'

/**
 * @typedef {object} Point a value of a year, or why there is none
 * @property {number} period the year
 * @property {number | null} value
 * @property {string} status as the data has it: hollow where it is not `NORMAL`, beside the chart where there is no value
 * @property {string} [label] the value in words, or why there is none; what `format` writes, or the status, unless given
 */

/**
 * @template {Point} P
 * @typedef {object} Series
 * @property {string} name
 * @property {string} color a variable of the style, without its dashes: `series-1`
 * @property {readonly P[]} points
 */

/** How the series differ for who does not see colours; each has its mark and its stroke. */
const MARKS = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolCross]
const DASHES = [nothing, '8 4', '2 4', '10 4 2 4', '5 2']

/** The letters of a chart, in its own units. */
const LETTERS = 12
const ROW = 15

/** A colour of the style, as a page has it. @param {string} name */
const ofStyle = (name) => `var(--${name})`

/**
 * Several series over years. A year without a value is a gap in the line, and a hatched mark below the years of its series that says why;
 * a partial value is a hollow mark. Every chart needs its table beside it: {@link seriesTable}.
 * @param {object} options
 * @param {string} options.id unique in the page
 * @param {string} options.title what is shown, for who does not see it
 * @param {readonly Series<Point>[]} options.series at most five
 * @param {(value: number) => string} [options.format] how a value is written
 * @param {string} [options.unit] written at the top of the axis
 * @param {number | null} [options.from] where the axis of values begins, were no value lower; null: near the lowest
 * @param {number} [options.width] the width that it takes, so that letters keep their size; that of the page unless given
 * @param {number} [options.height]
 * @param {(name: string) => string} [options.paint] the colours, for where the style of the page is not there
 */
export function lines({
  id,
  title,
  series: given,
  format = number,
  unit = '',
  from = 0,
  width = columnWidth(),
  height = width < 560 ? 250 : 320,
  paint = ofStyle,
}) {
  const series = filled(given)
  const frame = frameOf({ series, format, from, width, height })
  const { x, y, left, right, top, bottom, ticks, years, rows } = frame
  const hatch = `${id}-hatch`
  return html`<svg
    class="chart lines"
    id=${id}
    role="img"
    aria-label=${described(title, series, format)}
    viewBox="0 0 ${width} ${frame.height}"
    font-size=${LETTERS}
    font-family="system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"
  >
    ${svg`
      <defs>
        <pattern id=${hatch} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="4" height="4" fill=${paint('sheet')}></rect>
          <rect width="1.4" height="4" fill=${paint('hatch')}></rect>
        </pattern>
      </defs>
      <text x="0" y=${LETTERS} fill=${paint('soft')}>${unit}</text>
      ${ticks.map(
        (tick) => svg`
        <line class="grid" x1=${left} x2=${right} y1=${y(tick)} y2=${y(tick)} stroke=${paint('line')}></line>
        <text x=${left - 8} y=${y(tick)} dy="0.32em" text-anchor="end" fill=${paint('soft')}>${format(tick)}</text>`,
      )}
      ${ticks.length === 0 ? noValue({ left, right, top, bottom, paint }) : nothing}
      ${years.map(
        (year) =>
          svg`<text x=${x(year)} y=${frame.height - 6} text-anchor="middle" fill=${paint('soft')}>${year}</text>`,
      )}
      ${series.map((one, index) => drawn(one, index, { frame, format, paint }))}
      ${rows.map(({ index, at }) => absences(series[index], { at, x, hatch, paint }))}
      ${frame.labels.map((label) => nameAtEnd(label, { frame, paint }))}`}
  </svg>`
}

/** The series with a point for each year between the first and the last of all: where nothing was answered, none. @param {readonly Series<Point>[]} series */
function filled(series) {
  const all = yearsBetween(series.flatMap(({ points }) => points.map(({ period }) => period)))
  const none = (/** @type {number} */ period) => ({ period, value: null, status: '', label: words().lines.none })
  return series.map((one) => {
    const byYear = new Map(one.points.map((point) => [point.period, point]))
    return { ...one, points: all.map((year) => byYear.get(year) ?? none(year)) }
  })
}

/**
 * What a chart is measured by.
 * @param {{ series: readonly Series<Point>[], format: (value: number) => string, from: number | null, width: number, height: number }} options
 */
function frameOf({ series, format, from, width, height }) {
  const points = series.flatMap((one) => one.points)
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]))
  const ticks = axis(values, from)
  const all = yearsBetween(points.map(({ period }) => period))
  const names = series.map(({ name }) => wrap(name, width < 560 ? 13 : 26))
  const label = Math.max(0, ...names.flat().map((text) => widthOf(text, LETTERS))) + 30
  const left = Math.max(8, ...ticks.map((tick) => widthOf(format(tick), LETTERS))) + 12
  const right = width - label
  const lacking = series.flatMap(({ points: own }, index) => (own.some(({ value }) => value === null) ? [index] : []))
  const sizes = names.map((own) => own.length * ROW + 3)
  const tall =
    ticks.length > 0
      ? height
      : Math.min(
          height,
          60 +
            Math.max(
              60,
              sizes.reduce((sum, size) => sum + size, 0),
            ),
        )
  const top = 26
  const bottom = tall - 26 - lacking.length * ROW
  const ends = /** @type {const} */ ([all[0] ?? 0, all.at(-1) ?? 0])
  const x = scale(ends, [left + 14, right - 10])
  const y = scale([ticks[0] ?? 0, ticks.at(-1) ?? 1], [bottom, top])
  const rows = lacking.map((index, row) => ({ index, at: bottom + 6 + row * ROW + ROW / 2 }))
  const shown = series.map(({ points: own }) => own.findLast(({ value }) => value !== null))
  const wanted = shown.map((point, index) => ({
    at: point ? y(point.value ?? 0) : (rows.find((row) => row.index === index)?.at ?? bottom),
    size: sizes[index] ?? ROW,
  }))
  const places = apart(wanted, [top - ROW / 2, tall - 20])
  return {
    x,
    y,
    left,
    right,
    top,
    bottom,
    ticks,
    rows,
    height: tall,
    all,
    years: yearsWritten(all, Math.max(1, (right - left) / 46)),
    labels: places.map((at, index) => ({
      at,
      index,
      color: series[index]?.color ?? '',
      rows: names[index] ?? [],
      end: shown[index] ? { x: x(shown[index].period), y: wanted[index]?.at ?? at } : null,
    })),
  }
}

/** @typedef {ReturnType<typeof frameOf>} Frame */
/** @typedef {(name: string) => string} Paint */

/** The line of a series, broken where a value is absent, and its marks. @param {Series<Point>} series @param {number} index @param {{ frame: Frame, format: (value: number) => string, paint: Paint }} drawing */
function drawn({ name, color, points }, index, { frame: { x, y, all }, format, paint }) {
  const byYear = new Map(points.map((point) => [point.period, point]))
  const path = line(
    (/** @type {number} */ year) => x(year),
    (year) => y(byYear.get(year)?.value ?? 0),
  ).defined((year) => (byYear.get(year)?.value ?? null) !== null)
  return svg`
    <path class="line" d=${path(all) ?? ''} fill="none" stroke=${paint(color)} stroke-width="2.25" stroke-dasharray=${DASHES[index % DASHES.length] ?? nothing}></path>
    ${points.map((point) =>
      point.value === null
        ? nothing
        : mark(index, color, {
            x: x(point.period),
            y: y(point.value),
            paint,
            isHollow: point.status !== 'NORMAL',
            title: said(name, point, format),
          }),
    )}`
}

/** @param {number} index @param {string} color @param {{ x: number, y: number, paint: Paint, isHollow?: boolean, title?: string }} options */
function mark(index, color, { x, y, paint, isHollow = false, title }) {
  return svg`<g class="mark" transform="translate(${x} ${y})">
    ${title === undefined ? nothing : svg`<title>${title}</title><circle r="14" fill="none" pointer-events="all"></circle>`}
    <path d=${symbol(MARKS[index % MARKS.length], 52)() ?? ''} fill=${isHollow ? paint('sheet') : paint(color)} stroke=${paint(color)} stroke-width="1.75"></path>
  </g>`
}

/** The mark of a series by its place and colour, to stand beside its name outside of the chart. @param {number} index @param {string} color */
export const sign = (index, color) =>
  html`<svg class="sign" viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true">
    ${mark(index, color, { x: 0, y: 0, paint: ofStyle })}
  </svg>`

/** The years in which a series has no value, each with why. @param {Series<Point> | undefined} series @param {{ at: number, x: (year: number) => number, hatch: string, paint: Paint }} drawing */
function absences(series, { at, x, hatch, paint }) {
  if (!series) return nothing
  return series.points.map((point) =>
    point.value !== null
      ? nothing
      : svg`<g class="gap">
          <title>${said(series.name, point)}</title>
          <rect x=${x(point.period) - 9} y=${at - 4.5} width="18" height="9" fill="url(#${hatch})" stroke=${paint(series.color)} stroke-width="1.5"></rect>
        </g>`,
  )
}

/** The name of a series at the end of its line. @param {Frame['labels'][number]} label @param {{ frame: Frame, paint: Paint }} drawing */
function nameAtEnd({ at, index, color, rows, end }, { frame: { right }, paint }) {
  const first = at - ((rows.length - 1) * ROW) / 2
  const hook = right + 6
  return svg`
    ${
      end
        ? svg`<path d="M${end.x + 8} ${end.y}L${hook - 6} ${end.y}L${hook} ${at}" fill="none" stroke=${paint(color)} stroke-dasharray="1 3"></path>`
        : nothing
    }
    ${mark(index, color, { x: right + 13, y: at, paint })}
    ${rows.map(
      (row, line) =>
        svg`<text class="name" x=${right + 23} y=${first + line * ROW} dy="0.32em" fill=${paint('ink')}>${row}</text>`,
    )}`
}

/** @param {{ left: number, right: number, top: number, bottom: number, paint: Paint }} drawing */
const noValue = ({ left, right, top, bottom, paint }) =>
  svg`<line class="grid" x1=${left} x2=${right} y1=${bottom} y2=${bottom} stroke=${paint('line')}></line>
    <text x=${(left + right) / 2} y=${(top + bottom) / 2} text-anchor="middle" fill=${paint('soft')}>${words().lines.none}</text>`

/** A point in words. @param {string} name @param {Point} point @param {(value: number) => string} [format] */
function said(name, { period, value, status, label }, format = number) {
  const w = words()
  const shown = label ?? (value === null ? named(w.statuses, status) : format(value))
  const note = value !== null && status !== 'NORMAL' ? ` (${named(w.statuses, status)})` : ''
  return `${name}, ${period}${w.colon} ${shown}${note}`
}

/** A chart for who does not see it: what it is, and each series from its first value to its last. @param {string} title @param {readonly Series<Point>[]} series @param {(value: number) => string} format */
function described(title, series, format) {
  const w = words()
  const ways = series.map(({ name, points }) => {
    const held = points.filter(({ value }) => value !== null)
    const [first, last] = [held[0], held.at(-1)]
    const lacking = points.length - held.length
    if (!first || !last) return `${name}${w.colon} ${w.lines.none}`
    const way =
      first === last
        ? `${format(first.value ?? 0)} (${first.period})`
        : w.lines.way(format(first.value ?? 0), first.period, format(last.value ?? 0), last.period)
    return `${name}${w.colon} ${way}${lacking > 0 ? `, ${w.lines.lacking(lacking)}` : ''}`
  })
  return [title, ...ways].join('. ')
}

/**
 * The same as a table: a row for each year, a column for each series.
 * @template {Series<Point>} S
 * @param {object} options
 * @param {string} options.caption
 * @param {readonly S[]} options.series
 * @param {(point: S['points'][number], series: S) => unknown} options.figureOf what stands in a cell: a number through `figure()`
 */
export function seriesTable({ caption, series, figureOf }) {
  const w = words()
  const years = [...new Set(series.flatMap(({ points }) => points.map(({ period }) => period)))].sort((a, b) => a - b)
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}>
    <table>
      <caption>
        <span class="held">${caption}</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">${w.lines.year}</th>
          ${series.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${years.map(
          (year) =>
            html`<tr>
              <th scope="row">${year}</th>
              ${series.map((one) => {
                const point = one.points.find(({ period }) => period === year)
                return html`<td class="number">${point ? figureOf(point, one) : w.none}</td>`
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** How wide a part of a page is within, so that the letters of a chart are as large as those beside it. */
function columnWidth() {
  const [page, around] = innerWidth <= 640 ? [innerWidth, 52] : [Math.min(innerWidth, 1280), 82]
  return Math.max(260, page - around)
}

let drawnAt = columnWidth()
addEventListener('resize', () => {
  if (columnWidth() === drawnAt) return
  drawnAt = columnWidth()
  redraw()
})
