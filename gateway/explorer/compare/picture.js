import { nothing, render, svg } from 'lit-html'
import { widthOf, wrap } from '../draw/place.js'
import { paint } from './light.js'
import { words } from '../words/words.js'

/** The size of a picture, in its own units. */
const WIDTH = 960
const MARGIN = 28
const CHART = { width: WIDTH - 2 * MARGIN, height: 420 }

const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"

/**
 * What is said around a chart that leaves the page.
 * @typedef {object} Said
 * @property {string} title
 * @property {readonly string[]} notes below the title: the unit, what hollow and hatched marks are
 * @property {readonly string[]} sources at the foot, a line each: owner, dataset, date, licence
 * @property {boolean} isSimulated whether any value is invented: the picture says so above the chart and across it
 * @typedef {(options: { width: number, height: number, paint: (name: string) => string }) => unknown} Draw draws the chart
 */

/** A chart as a picture that stands alone: all of its style within, and where its values come from. @param {Said} said @param {Draw} draw */
export function svgOf(said, draw) {
  const holder = document.createElement('div')
  render(pictureOf(said, draw), holder)
  const picture = /** @type {SVGSVGElement} */ (holder.firstElementChild)
  // What the library leaves to find its places again is of no use to others.
  const walker = document.createTreeWalker(picture, NodeFilter.SHOW_COMMENT)
  const comments = []
  while (walker.nextNode()) comments.push(walker.currentNode)
  for (const comment of comments) comment.parentNode?.removeChild(comment)
  const chart = picture.querySelector('svg')
  chart?.setAttribute('x', `${MARGIN}`)
  chart?.setAttribute('y', picture.dataset['chart'] ?? '0')
  chart?.setAttribute('width', `${CHART.width}`)
  chart?.setAttribute('height', `${CHART.height}`)
  delete picture.dataset['chart']
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}\n`
}

/** @param {Said} said @param {Draw} draw */
function pictureOf({ title, notes, sources, isSimulated }, draw) {
  const w = words()
  const head = [
    ...rowsOf(title, 21).map((text) => ({ text, size: 21, weight: 700, fill: paint('ink') })),
    ...notes.flatMap((note) => rowsOf(note, 13).map((text) => ({ text, size: 13, weight: 400, fill: paint('soft') }))),
    ...(isSimulated
      ? rowsOf(w.simulatedBanner, 13).map((text) => ({ text, size: 13, weight: 700, fill: paint('fair') }))
      : []),
  ]
  const foot = sources
    .flatMap((source) => rowsOf(source, 11))
    .map((text) => ({ text, size: 11, weight: 400, fill: paint('soft') }))
  const top = MARGIN + heightOf(head) + 12
  const end = top + CHART.height + 14
  const height = end + heightOf(foot) + MARGIN - 8
  return svg`<svg
    xmlns="http://www.w3.org/2000/svg"
    width=${WIDTH}
    height=${height}
    viewBox="0 0 ${WIDTH} ${height}"
    font-family=${FONT}
    data-chart=${top}
  >
    <title>${title}</title>
    <desc>${[...notes, ...(isSimulated ? [w.simulatedBanner] : []), ...sources].join('\n')}</desc>
    <rect width=${WIDTH} height=${height} fill=${paint('sheet')}></rect>
    ${texts(head, MARGIN)}
    ${draw({ ...CHART, paint })}
    ${
      isSimulated
        ? svg`<text x=${WIDTH / 2} y=${top + CHART.height / 2} text-anchor="middle" font-size="54" font-weight="700" fill=${paint('fair')} fill-opacity="0.13" transform="rotate(-18 ${WIDTH / 2} ${top + CHART.height / 2})">${w.simulated.toUpperCase()}</text>`
        : nothing
    }
    <line x1=${MARGIN} x2=${WIDTH - MARGIN} y1=${end - 4} y2=${end - 4} stroke=${paint('line')}></line>
    ${texts(foot, end)}
  </svg>`
}

/** @param {string} text @param {number} size */
const rowsOf = (text, size) => wrap(text, Math.floor(CHART.width / widthOf('x', size)))

/** @typedef {{ text: string, size: number, weight: number, fill: string }} Row */

/** @param {readonly Row[]} rows */
const heightOf = (rows) => rows.reduce((sum, { size }) => sum + size * 1.45, 0)

/** @param {readonly Row[]} rows @param {number} top */
const texts = (rows, top) =>
  rows.map(
    ({ text, size, weight, fill }, index) =>
      svg`<text x=${MARGIN} y=${top + heightOf(rows.slice(0, index)) + size} font-size=${size} font-weight=${weight} fill=${fill}>${text}</text>`,
  )

/** How many points of the bitmap one of the picture takes. */
const SHARP = 2

/** The picture as a bitmap, twice as fine as on paper. @param {string} text of the SVG @returns {Promise<Blob>} */
export async function pngOf(text) {
  const address = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth * SHARP
    canvas.height = image.naturalHeight * SHARP
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise((/** @type {(made: Blob | null) => void} */ resolve) => canvas.toBlob(resolve))
    if (!blob) throw new Error(`the browser made no PNG of ${canvas.width} × ${canvas.height} points`)
    return blob
  } finally {
    URL.revokeObjectURL(address)
  }
}
