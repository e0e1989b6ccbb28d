/**
 * CSV as the service itself writes it (docs/formats.md): RFC 4180 with a byte order mark, texts between quotes and nothing else, and no text
 * that a spreadsheet would compute.
 * @import { Point, TerritorySeries } from './series.js'
 * @typedef {string | number | boolean | null} Cell
 */

/** @param {readonly string[]} columns @param {readonly (readonly Cell[])[]} rows */
export const csvOf = (columns, rows) => `\uFEFF${[columns, ...rows].map((row) => `${row.map(field)}\r\n`).join('')}`

/** @param {Cell} cell */
const field = (cell) => (typeof cell === 'string' ? `"${defused(cell).replaceAll('"', '""')}"` : `${cell ?? ''}`)

/** @param {string} text */
const defused = (text) => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text)

/**
 * The columns of what is compared, and what of a point stands in each.
 * @type {Readonly<Record<string, (one: TerritorySeries, point: Point, shown: Shown) => Cell | undefined>>}
 */
const COLUMNS = {
  territory_id: ({ id }) => id,
  territory: ({ name }) => name,
  measure: (_one, _point, { measure }) => measure,
  period: (_one, { period }) => `${period}`,
  value: (_one, { observation }) => observation?.value,
  unit: (_one, { observation }) => observation?.unit,
  status: (_one, { status }) => status,
  simulated: (_one, { observation }) => observation?.simulated,
  owner: (_one, { observation }) => observation?.provenance?.owner?.name,
  dataset: (_one, { observation }) => observation?.provenance?.datasetId,
  licence: (_one, { observation }) => observation?.provenance?.licence.title,
  attribution: (_one, { observation }) => observation?.provenance?.attribution,
  data_version: (_one, _point, { version }) => version,
}

/** Those of an index, at the end, where one is shown. @type {typeof COLUMNS} */
const OF_INDEX = {
  index: (_one, { value }) => value,
  index_base: (_one, _point, { base }) => `${base}`,
}

/**
 * @typedef {object} Shown
 * @property {readonly TerritorySeries[]} series as they are drawn
 * @property {string} measure
 * @property {number | null} base the year of which the index is 100; null where none is shown
 * @property {string | null} version of the data
 */

/** What is shown of a measure as a table, a row for each territory and year. @param {Shown} shown */
export function tableOf(shown) {
  const columns = Object.entries({ ...COLUMNS, ...(shown.base === null ? {} : OF_INDEX) })
  const rows = shown.series.flatMap((one) =>
    one.points.map((point) => columns.map(([, cellOf]) => cellOf(one, point, shown) ?? null)),
  )
  return csvOf(
    columns.map(([name]) => name),
    rows,
  )
}
