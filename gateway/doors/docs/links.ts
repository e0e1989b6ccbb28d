import { posix } from 'node:path'
import type { Language } from '../accept.ts'
import { inLanguage } from '../page.ts'
import type { Document, Library } from './library.ts'

/** What the examples call this service. */
const HERE = /^http:\/\/127\.0\.0\.1:4000(?:\/|$)/

/**
 * Where a link of a document leads on this service: to the page of another document, to the place that serves the file, or elsewhere on
 * the web. Undefined for a file of the repository that is not served, and for anything that is no web address.
 * @param asked the language that the address of the page asks for, kept by the links.
 */
export function resolveLink(
  href: string,
  from: Document,
  library: Library,
  asked: Language | undefined,
): string | undefined {
  if (href.startsWith('#')) return href
  if (HERE.test(href)) return href.replace(HERE, '/')
  if (/^https?:\/\//.test(href)) return href
  if (/^[a-z][\w+.-]*:|^\//i.test(href)) return undefined
  const [path = '', fragment] = href.split('#')
  const file = posix.join(posix.dirname(from.file), path).replace(/\/$/, '')
  const place = placeOf(file, from, library, asked)
  return place === undefined || fragment === undefined ? place : `${place}#${fragment}`
}

function placeOf(file: string, from: Document, library: Library, asked: Language | undefined): string | undefined {
  const document = library.at(file)
  // A link from a text to its version in the other language says so.
  const isOtherVersion = document?.name === from.name && document.language !== from.language
  const language = isOtherVersion ? document.language : asked
  if (document !== undefined) return inLanguage(`/docs/${document.name}`, language)
  const picture = file.replace(/^docs\//, '')
  if (picture !== file && library.pictures.has(picture)) return `/docs/${picture}`
  const operation = /^operations\/([\w-]+)\.graphql$/.exec(file)?.[1]
  if (operation !== undefined) return inLanguage(`/v1/#${operation}`, asked)
  const served = SERVED[file]
  return served === undefined ? undefined : inLanguage(served, asked)
}

/** Files and folders of the repository that are shown elsewhere than under their name. */
const SERVED: Readonly<Record<string, string>> = {
  docs: '/docs/',
  'docs/decisions': '/docs/decisions/',
  operations: '/v1/',
  'gateway/supergraph.graphql': '/docs/schema',
}
