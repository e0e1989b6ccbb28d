import type { Language } from './accept.ts'

/** The pages for people, in the order in which they are listed on each of them. */
export const NAVIGATION = [
  { path: '/', fr: 'Explorer', en: 'Explore' },
  { path: '/map', fr: 'Carte', en: 'Map' },
  { path: '/compare', fr: 'Comparer', en: 'Compare' },
  { path: '/sources', fr: 'Qui ouvre quoi', en: 'Who opens what' },
  { path: '/graphiql', fr: 'GraphiQL', en: 'GraphiQL' },
  { path: '/v1/', fr: 'Adresses', en: 'Addresses' },
  { path: '/docs/', fr: 'Documentation', en: 'Documentation' },
  { path: '/status', fr: 'État', en: 'Status' },
] as const

/** The pages that are French unless their address says otherwise; the others choose by what the browser prefers. */
const FRENCH_BY_THEMSELVES: ReadonlySet<string> = new Set(['/', '/map', '/compare', '/sources'])

/** The address at which a page is shown in a language. */
export const shownIn = (path: string, language: Language): string =>
  language === 'en' || !FRENCH_BY_THEMSELVES.has(path) ? `${path}?lang=${language}` : path
