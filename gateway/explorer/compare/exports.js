import { html } from 'lit-html'
import { lines } from '../draw/lines.js'
import { day } from '../numbers.js'
import { words } from '../words/words.js'
import { tableOf } from './csv.js'
import { pngOf, svgOf } from './picture.js'

/**
 * @import { TerritorySeries } from './series.js'
 * @typedef {object} Shown what is shown of a measure
 * @property {string} measure
 * @property {string} title
 * @property {string} unit
 * @property {readonly string[]} notes what one must know to read it
 * @property {Parameters<typeof lines>[0]} chart
 * @property {readonly TerritorySeries[]} series as they are drawn
 * @property {number | null} base the year of which the index is 100; null where none is shown
 * @property {string | null} version of the data
 */

/** The formats in which what is shown can be taken along, each as the browser makes it. @type {Readonly<Record<string, (shown: Shown) => Blob | Promise<Blob>>>} */
const FORMATS = {
  CSV: (shown) => new Blob([tableOf(shown)], { type: 'text/csv;charset=utf-8' }),
  SVG: (shown) => new Blob([picture(shown)], { type: 'image/svg+xml' }),
  PNG: (shown) => pngOf(picture(shown)),
}

/** The buttons that take along what is shown. @param {Shown} shown */
export function exports(shown) {
  const w = words()
  return html`<p class="exports">
    <span class="soft">${w.compare.export}</span>
    ${Object.entries(FORMATS).map(
      ([format, make]) =>
        html`<button
          type="button"
          data-format=${format}
          aria-label=${w.compare.exportOf(format, shown.title)}
          @click=${(/** @type {Event & { currentTarget: HTMLElement }} */ { currentTarget }) =>
            take(currentTarget, format, () => make(shown), shown)}
        >
          ${format}
        </button>`,
    )}
    <span role="status" class="soft taken"></span>
  </p>`
}

/** @param {HTMLElement} button @param {string} format @param {() => Blob | Promise<Blob>} make @param {Shown} shown */
async function take(button, format, make, { measure, base }) {
  const w = words()
  const said = button.parentElement?.querySelector('.taken')
  let text = w.compare.exported
  try {
    save(await make(), `strates-${measure}${base === null ? '' : '-index'}.${format.toLowerCase()}`)
  } catch (error) {
    text = `${w.compare.exportFailed} (${format})${w.colon} ${error instanceof Error ? error.message : error}`
  }
  if (said) said.textContent = text
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser reads it after this: it must not be gone by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** @param {Shown} shown */
function picture({ title, unit, notes, chart, series, version }) {
  const w = words()
  const observations = series.flatMap(({ points }) => points.flatMap(({ observation }) => observation ?? []))
  const isHollow = observations.some(({ value, status }) => value !== null && status !== 'NORMAL')
  const isHatched = series.some(({ points }) => points.some(({ value }) => value === null))
  return svgOf(
    {
      title,
      notes: [
        `${series.map(({ name }) => name).join(', ')} · ${unit}`,
        ...notes,
        ...(isHollow ? [w.compare.hollow] : []),
        ...(isHatched ? [w.compare.hatched] : []),
      ],
      sources: [...sourcesOf(series), `Strates · ${w.dataVersion}${w.colon} ${version ?? w.none}`],
      isSimulated: observations.some(({ simulated }) => simulated),
    },
    (frame) => lines({ ...chart, id: `picture-${chart.id}`, ...frame }),
  )
}

/** Where the values come from, each source once. @param {readonly TerritorySeries[]} series */
function sourcesOf(series) {
  const { compare, colon } = words()
  const lines = series.flatMap(({ points }) =>
    points.flatMap(({ observation }) => {
      if (!observation?.provenance) return []
      const { owner, datasetId, attribution, licence, retrievedAt } = observation.provenance
      const parts = [owner?.name, attribution, datasetId, compare.retrieved(day(retrievedAt)), licence.title]
      return [`${compare.sourceOf}${colon} ${parts.filter(Boolean).join(' · ')}`]
    }),
  )
  return [...new Set(lines)]
}
