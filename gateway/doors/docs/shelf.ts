import { Marked, type Token, type Tokens } from 'marked'
import type { Language } from '../accept.ts'
import type { Document, Library } from './library.ts'
import { resolveLink } from './links.ts'

/** A group of documents, as the index has it. */
export interface Shelf {
  readonly title: string
  readonly entries: readonly { readonly label: string; readonly href: string }[]
}

/** The groups of the index: each heading, with the first link of each line of the list below it. */
export function shelvesOf(library: Library, language: Language, asked: Language | undefined): readonly Shelf[] {
  const index = library.find('', language)
  if (index === undefined) return []
  const shelves: { title: string; entries: { label: string; href: string }[] }[] = []
  for (const token of new Marked().lexer(index.text)) {
    if (isHeading(token) && token.depth === 2) shelves.push({ title: token.text, entries: [] })
    if (isList(token)) shelves.at(-1)?.entries.push(...entriesOf(token, index, library, asked))
  }
  return shelves
}

function entriesOf(
  { items }: Tokens.List,
  index: Document,
  library: Library,
  asked: Language | undefined,
): Shelf['entries'][number][] {
  return items.flatMap((item) => {
    const link = firstLink(item.tokens)
    const href = link && resolveLink(link.href, index, library, asked)
    return link === undefined || href === undefined ? [] : [{ label: link.text, href }]
  })
}

function firstLink(tokens: readonly Token[]): Tokens.Link | undefined {
  for (const token of tokens) {
    if (isLink(token)) return token
    const inside = 'tokens' in token && token.tokens ? firstLink(token.tokens) : undefined
    if (inside) return inside
  }
  return undefined
}

const isHeading = (token: Token): token is Tokens.Heading => token.type === 'heading'
const isList = (token: Token): token is Tokens.List => token.type === 'list'
const isLink = (token: Token): token is Tokens.Link => token.type === 'link'
