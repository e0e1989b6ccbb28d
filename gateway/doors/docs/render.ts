import { Marked, type Token, type Tokens } from 'marked'
import type { Language } from '../accept.ts'
import { escaped } from '../page.ts'

/** A heading of a document below its title. */
export interface Heading {
  readonly id: string
  readonly depth: number
  /** Its words, as HTML. */
  readonly html: string
}

/** A document as HTML. */
export interface Rendered {
  readonly html: string
  readonly headings: readonly Heading[]
}

/** How a document is rendered. */
export interface RenderOptions {
  readonly language: Language
  /** Where a link leads; undefined where it leads nowhere that is served. */
  readonly resolve: (href: string) => string | undefined
  /** What a screen reader calls blocks that scroll, and the sign beside a heading. */
  readonly words: { readonly code: string; readonly table: string; readonly anchor: string }
}

/**
 * Markdown as HTML. HTML in the text is shown as text, but for `<br>`; a comment on the first line is left out. Code and tables scroll by
 * themselves, also by keyboard. Ids of headings are those that GitHub gives.
 */
export function renderMarkdown(text: string, { language, resolve, words }: RenderOptions): Rendered {
  const headings: Heading[] = []
  const idOf = createIds()
  let codes = 0
  let tables = 0
  const marked = new Marked({ walkTokens: language === 'fr' ? spaceFrench : null })
  marked.use({
    // Without these two, what looks like HTML is no HTML.
    tokenizer: {
      html: () => undefined,
      tag: (source) => {
        const [raw] = /^<br>/.exec(source) ?? []
        return raw === undefined ? undefined : ({ type: 'br', raw } as unknown as Tokens.Tag)
      },
    },
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens)
        const id = idOf(wordsOf(tokens))
        if (depth === 1) return `<h1 id="${id}">${html}</h1>\n`
        headings.push({ id, depth, html: withoutLinks(html) })
        const anchor = `<a class="anchor" href="#${id}" aria-label="${escaped(`${words.anchor} ${wordsOf(tokens)}`)}">#</a>`
        return `<h${depth} id="${id}">${html}${anchor}</h${depth}>\n`
      },
      code({ text: code, lang }) {
        codes += 1
        const label = `${words.code} ${codes}${lang ? ` (${lang})` : ''}`
        return `<pre tabindex="0" role="region" aria-label="${escaped(label)}"><code>${escaped(code)}\n</code></pre>\n`
      },
      table({ header, rows }) {
        tables += 1
        const cells = (row: readonly Tokens.TableCell[], tag: string): string =>
          row.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag.split(' ')[0]}>`).join('')
        const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')
        return `<div class="table" role="region" aria-label="${words.table} ${tables}" tabindex="0"><table>
<thead><tr>${cells(header, 'th scope="col"')}</tr></thead>
<tbody>
${body}
</tbody></table></div>\n`
      },
      link({ href, tokens }) {
        const shown = this.parser.parseInline(tokens)
        const target = resolve(href)
        if (target === undefined) return shown
        return `<a href="${escaped(target)}"${/^https?:/.test(target) ? ' rel="noreferrer"' : ''}>${shown}</a>`
      },
      image({ href, text: alternative }) {
        const target = resolve(href)
        if (target === undefined) return escaped(alternative)
        const address = escaped(target)
        return `<a class="picture" href="${address}"><img src="${address}" alt="${escaped(alternative)}"></a>`
      },
    },
  })
  const html = marked.parse(text.replace(/^<!--[^]*?-->\s*/, ''), { async: false })
  return { html, headings }
}

/** Ids of headings as GitHub makes them: small letters and digits, hyphens for blanks, a number where one comes again. */
function createIds(): (words: string) => string {
  const seen = new Map<string, number>()
  return (words) => {
    const base = words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-')
    const count = seen.get(base) ?? 0
    seen.set(base, count + 1)
    return count === 0 ? base : `${base}-${count}`
  }
}

/** What a reader sees of some tokens, without marks. */
const wordsOf = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => ('tokens' in token && token.tokens ? wordsOf(token.tokens) : 'text' in token ? token.text : ''))
    .join('')

const withoutLinks = (html: string): string => html.replaceAll(/<\/?a\b[^>]*>/g, '')

/** French typography: a blank that does not break before `:` and `»` and after `«`, a narrow one before `;`, `?` and `!`; round apostrophes. */
function spaceFrench(token: Token): void {
  if (token.type !== 'text' || ('tokens' in token && token.tokens)) return
  token.text = String(token.text)
    .replaceAll(/ (?=[:»])/g, '\u00A0')
    .replaceAll('« ', '«\u00A0')
    .replaceAll(/ (?=[;?!])/g, '\u202F')
    .replaceAll(/(?<=\p{L})'(?=\p{L})/gu, '’')
}
