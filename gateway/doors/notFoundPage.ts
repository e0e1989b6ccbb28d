import type { Language } from './accept.ts'
import { NAVIGATION, shownIn } from './navigation.ts'
import { escaped, page } from './page.ts'

/** The words of the page. */
const WORDS = {
  fr: {
    title: 'Il n’y a rien à cette adresse',
    about: (path: string) => `Rien n’est servi à <code>${path}</code>. Voici où aller\u00a0:`,
  },
  en: {
    title: 'There is nothing at this address',
    about: (path: string) => `Nothing is served at <code>${path}</code>. Here is where to go:`,
  },
} as const

/** What is shown at an address that is none: the pages that there are. */
export function notFoundPage(path: string, language: Language): string {
  const { title, about } = WORDS[language]
  const links = NAVIGATION.map((one) => `<li><a href="${shownIn(one.path, language)}">${one[language]}</a></li>`)
  return page({ language, title, main: `<p>${about(escaped(path.slice(0, 200)))}</p>\n<ul>${links.join('')}</ul>` })
}
