import { html, nothing, render } from 'lit-html'
import { forgetTrouble, isAnySimulated, versionSeen, whenAnswered } from './ask.js'
import { drawWith, redraw } from './draw.js'
import { openFigure } from './figure/provenance.js'
import { addressOf, cameFromHere, follow, onChange, state } from './state.js'
import { words } from './words/words.js'

/**
 * The pages, by address: each is a function of the address and of the answers that are there, and is loaded when it is first shown.
 * @typedef {{ page(): { title: string | null, body: unknown } }} Page
 * @type {Readonly<Record<string, () => Promise<Page>>>}
 */
const PAGES = {
  '/': () => import('./territory/page.js'),
  '/map': () => import('./map/page.js'),
  '/compare': () => import('./compare/page.js'),
  '/sources': () => import('./sources/page.js'),
}

/** Those that are loaded. @type {Map<string, Page>} */
const loaded = new Map()

const main = elementOf('main')
const banner = elementOf('banner')
const footer = elementOf('footer')
const dialog = document.body.appendChild(document.createElement('dialog'))
dialog.className = 'provenance'
dialog.setAttribute('aria-labelledby', 'figure-title')
dialog.addEventListener('close', closeFigure)
dialog.addEventListener('click', (event) => void (event.target === dialog && dialog.close()))

main.replaceChildren()
drawWith(draw)
whenAnswered(redraw)
onChange((isNewPage) => {
  forgetTrouble()
  draw()
  if (isNewPage) beginAgain()
})
follow()
printWhole()
draw()

function draw() {
  const w = words()
  const { title, body } = pageOf(state.page)?.page() ?? { title: null, body: html`<p class="soft">${w.loading}</p>` }
  document.title = title === null ? w.title : `${title} – ${w.title}`
  render(body, main)
  render(isAnySimulated() ? html`<p class="warning">${w.simulatedBanner}</p>` : nothing, banner)
  const version = versionSeen()
  render(version === null ? nothing : html`${w.dataVersion}${w.colon} <code>${version}</code>`, footer)
  markNavigation()
  drawFigure()
}

/** The page of an address; undefined until it is loaded. @param {string} pathname */
function pageOf(pathname) {
  const found = loaded.get(pathname)
  if (!found) {
    PAGES[pathname]?.()
      .then((page) => void loaded.set(pathname, page))
      .catch(() => void loaded.set(pathname, { page: () => ({ title: null, body: unloaded() }) }))
      .finally(redraw)
  }
  return found
}

function drawFigure() {
  const asked = state.one('figure')
  if (asked !== null) render(openFigure(asked), dialog)
  if (asked !== null && !dialog.open) dialog.showModal()
  if (asked === null && dialog.open) dialog.close()
}

function closeFigure() {
  if (state.one('figure') === null) return
  // The step back is where it was opened; who came by its address stays where they are, without it.
  if (cameFromHere()) history.back()
  else history.replaceState(null, '', addressOf({ figure: null }))
}

/** What stands where the files of a page could not be loaded. */
const unloaded = () =>
  html`<h1>${words().failed}</h1>
    <p>${words().unreachable}</p>
    <p><button type="button" @click=${() => location.reload()}>${words().retry}</button></p>`

/** The links of the navigation carry the language and the territory along; the current one is marked. */
function markNavigation() {
  for (const link of document.querySelectorAll('header nav a')) {
    if (!(link instanceof HTMLAnchorElement)) continue
    const isCurrent = link.pathname === state.page
    if (isCurrent) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
    const territories = state.all('t')
    if (!isCurrent && link.pathname in PAGES) link.href = addressOf({ t: territories }, link.pathname)
  }
  const language = document.querySelector('header a.language')
  if (language instanceof HTMLAnchorElement) {
    language.href = addressOf({ lang: state.language === 'fr' ? 'en' : null })
  }
}

/** On paper there is nothing to open: what is folded is printed too. */
function printWhole() {
  /** @type {HTMLDetailsElement[]} */
  let opened = []
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details')].filter((one) => !one.open)
    for (const one of opened) one.open = true
  })
  addEventListener('afterprint', () => {
    for (const one of opened) one.open = false
  })
}

/** A reader who went elsewhere begins at the heading. */
function beginAgain() {
  scrollTo(0, 0)
  const heading = main.querySelector('h1')
  if (heading instanceof HTMLElement) {
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }
}

/** @param {string} id */
function elementOf(id) {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no element #${id}: it and its script are of two versions. Load it again.`)
  return found
}
