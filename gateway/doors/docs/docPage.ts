import type { Language } from '../accept.ts'
import { escaped, inLanguage, page } from '../page.ts'
import type { Document, Library } from './library.ts'
import { resolveLink } from './links.ts'
import { renderMarkdown, type Heading } from './render.ts'
import { shelvesOf } from './shelf.ts'

/** The words around the documents. */
const WORDS = {
  fr: {
    documents: 'Les documents',
    contents: 'Sur cette page',
    onlyEnglish: 'Ce texte n’existe qu’en anglais.',
    decisions: 'Décisions',
    decisionsAbout: 'Ce qui a été décidé, et pourquoi ; une demi-page chacune, en anglais.',
    missing: 'Ce document n’existe pas',
    missingAbout: (name: string) => `Il n’y a rien à /docs/${name}. Voici ce qu’il y a :`,
    code: 'Code',
    table: 'Tableau',
    anchor: 'Lien vers',
  },
  en: {
    documents: 'The documents',
    contents: 'On this page',
    onlyEnglish: '',
    decisions: 'Decisions',
    decisionsAbout: 'What was decided, and why; half a page each.',
    missing: 'There is no such document',
    missingAbout: (name: string) => `There is nothing at /docs/${name}. This is what there is:`,
    code: 'Code',
    table: 'Table',
    anchor: 'Link to',
  },
} as const

/** Who reads: in which language, and whether the address asks for it. */
export interface Reader {
  readonly language: Language
  readonly asked: Language | undefined
}

/** A document as a page, among the others. */
export function docPage(document: Document, library: Library, { language, asked }: Reader): string {
  const words = WORDS[language]
  const { html, headings } = renderMarkdown(document.text, {
    language: document.language,
    resolve: (href) => resolveLink(href, document, library, asked),
    words,
  })
  const isForeign = document.language !== language
  const main = `${isForeign ? `<p class="soft">${words.onlyEnglish}</p>\n` : ''}${contents(headings, document, language)}
<article${isForeign ? ` lang="${document.language}"` : ''}>
${html}</article>`
  const beside = documentsNav(document.name, library, { language, asked })
  return page({ language, title: document.title, here: '/docs/', beside, main, hasHeading: true })
}

/** The list of decisions as a page. */
export function decisionsPage(library: Library, { language, asked }: Reader): string {
  const words = WORDS[language]
  const list = decisionsOf(library).map(
    ({ name, title }) =>
      `<li><a href="${inLanguage(`/docs/${name}`, asked)}">${name.slice('decisions/'.length, 'decisions/'.length + 4)}</a> <span lang="en">${escaped(title)}</span></li>`,
  )
  const main = `<p>${words.decisionsAbout}</p>\n<article><ul>\n${list.join('\n')}\n</ul></article>`
  const beside = documentsNav('decisions/', library, { language, asked })
  return page({ language, title: words.decisions, here: '/docs/', beside, main })
}

/** What is shown where there is no such document: those that there are. */
export function missingPage(name: string, library: Library, { language, asked }: Reader): string {
  const words = WORDS[language]
  const main = `<p>${escaped(words.missingAbout(name.slice(0, 100)))}</p>\n${shelves('', library, { language, asked })}`
  return page({ language, title: words.missing, here: '/docs/', main })
}

const decisionsOf = ({ documents }: Library): readonly Document[] =>
  documents.filter(({ name }) => name.startsWith('decisions/'))

/** Where one is among the documents. */
function documentsNav(name: string, library: Library, reader: Reader): string {
  const { documents } = WORDS[reader.language]
  return `<nav aria-label="${documents}"><details class="side list"><summary>${documents}</summary>
${shelves(name, library, reader)}
</details></nav>`
}

function shelves(name: string, library: Library, { language, asked }: Reader): string {
  const here = inLanguage(`/docs/${name.startsWith('decisions/') ? 'decisions/' : name}`, asked)
  const kind = name.startsWith('decisions/') && name !== 'decisions/' ? 'true' : 'page'
  return shelvesOf(library, language, asked)
    .map(({ title, entries }) => {
      const list = entries.map(
        ({ label, href }) =>
          `<li><a href="${escaped(href)}"${href === here ? ` aria-current="${kind}"` : ''}>${escaped(label)}</a></li>`,
      )
      return `<h2>${escaped(title)}</h2>\n<ul>${list.join('')}</ul>`
    })
    .join('\n')
}

/** The parts of a long document. */
function contents(headings: readonly Heading[], document: Document, language: Language): string {
  const shown = headings.filter(({ depth }) => depth <= 3)
  if (document.name === '' || shown.length < 3) return ''
  const words = WORDS[language]
  const lang = document.language === language ? '' : ` lang="${document.language}"`
  return `<nav aria-label="${words.contents}"><details class="side"><summary>${words.contents}</summary>
<ul${lang}>${nested(shown)}</ul></details></nav>`
}

/** Headings of the third level inside those of the second. */
function nested(headings: readonly Heading[]): string {
  const parts: { heading: Heading; below: Heading[] }[] = []
  for (const heading of headings) {
    const last = parts.at(-1)
    if (heading.depth === 2 || last === undefined) parts.push({ heading, below: [] })
    else last.below.push(heading)
  }
  const entry = ({ id, html }: Heading): string => `<a href="#${id}">${html}</a>`
  return parts
    .map(({ heading, below }) => {
      const inner = below.map((one) => `<li>${entry(one)}</li>`).join('')
      return `<li>${entry(heading)}${inner === '' ? '' : `<ul>${inner}</ul>`}</li>`
    })
    .join('')
}
