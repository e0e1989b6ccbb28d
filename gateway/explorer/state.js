/**
 * The address is the state: what a page shows follows from it alone, so that an address pasted elsewhere shows the same.
 * @typedef {Readonly<Record<string, string | readonly string[] | null>>} Changes
 */

/** What is shown now. */
export const state = {
  /** The page: `/`, `/map`, `/compare` or `/sources`. */
  get page() {
    return location.pathname
  },
  /** @returns {'fr' | 'en'} */
  get language() {
    return state.one('lang') === 'en' ? 'en' : 'fr'
  },
  /** A parameter of the address; null where it is not there or empty. @param {string} name */
  one: (name) => new URLSearchParams(location.search).get(name) || null,
  /** All values of a parameter. @param {string} name */
  all: (name) => new URLSearchParams(location.search).getAll(name).filter((value) => value !== ''),
  /** A year in the address; null where there is none, or no year. @param {string} name */
  year(name) {
    const given = state.one(name)
    return given !== null && /^\d{4}$/.test(given) ? Number(given) : null
  },
}

/**
 * The address of a page with other parameters than now: a text or a list for a value, null for none. Parameters that are not named stay
 * where the page stays the same; to another page goes the language only, and what is named.
 * @param {Changes} changes
 * @param {string} [page]
 */
export function addressOf(changes, page = location.pathname) {
  const parameters = new URLSearchParams(page === location.pathname ? location.search : '')
  if ('t' in changes) for (const name of OF_ONE_TERRITORY) parameters.delete(name)
  if (state.language === 'en') parameters.set('lang', 'en')
  for (const [name, value] of Object.entries(changes)) {
    parameters.delete(name)
    for (const one of value === null ? [] : [value].flat()) parameters.append(name, one)
  }
  const query = parameters.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%40', '@')
  return query === '' ? page : `${page}?${query}`
}

/** What is chosen for the territory that is shown, and means nothing for another. */
const OF_ONE_TERRITORY = ['figure', 'missing', 's', 'rows']

/** Who is told that the address changed. @type {Set<(isNewPage: boolean) => void>} */
const listeners = new Set()

/** Calls back when the address changes, with whether another thing is shown. @param {(isNewPage: boolean) => void} listener */
export const onChange = (listener) => void listeners.add(listener)

/**
 * Goes to another address. @param {string} address
 * @param {{ readonly replace?: boolean }} [options] `replace`: the step back leads past it.
 */
export function go(address, { replace = false } = {}) {
  const from = location.href
  if (replace) history.replaceState(history.state, '', address)
  else history.pushState(INNER, '', address)
  tell(isOther(from, location.href))
}

/** Changes parameters of the address. @param {Changes} changes @param {{ readonly replace?: boolean }} [options] */
export const change = (changes, options) => go(addressOf(changes), options)

/** Marks an address that was reached from within the page: the step back leads to the page again. */
const INNER = { inner: true }

/** Whether the step back leads to what the page showed before. */
export const cameFromHere = () => history.state?.inner === true

let last = location.href

/** Follows links of the page itself without loading it anew, and the steps back and forth. */
export function follow() {
  addEventListener('popstate', () => tell(isOther(last, location.href)))
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    if (link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return
    const isLanguage = link.hasAttribute('hreflang')
    const isSection = link.hash !== '' && link.pathname === location.pathname && link.search === location.search
    if (isLanguage || isSection || !PAGES.has(link.pathname)) return
    event.preventDefault()
    go(link.href)
  })
}

const PAGES = new Set(['/', '/map', '/compare', '/sources'])

/** @param {boolean} isNewPage */
function tell(isNewPage) {
  last = location.href
  for (const listener of listeners) listener(isNewPage)
}

/** Whether another page or another territory is shown, so that a reader begins at the top. @param {string} from @param {string} to */
function isOther(from, to) {
  const [before, after] = [new URL(from), new URL(to)]
  return before.pathname !== after.pathname || before.searchParams.get('t') !== after.searchParams.get('t')
}
