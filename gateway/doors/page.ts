import { createHash } from 'node:crypto'
import type { Language } from './accept.ts'

const STYLE = `:root{color-scheme:light dark;--ink:#1b1b1f;--soft:#55555f;--paper:#fff;--line:#c8c8d0;--good:#0b6b2e;--fair:#7a4b00;--bad:#a8120c}
@media (prefers-color-scheme:dark){:root{--ink:#ececf1;--soft:#b4b4c0;--paper:#16161a;--line:#4a4a55;--good:#7fdca0;--fair:#f0c070;--bad:#ff9d94}}
body{margin:0 auto;max-width:72rem;padding:1.5rem 1rem 3rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem 2rem;align-items:baseline}
h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2rem 0 .5rem}
a{color:inherit}a:focus-visible,[tabindex]:focus-visible{outline:3px solid currentColor;outline-offset:2px}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--soft);padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .7rem .4rem 0;border-bottom:1px solid var(--line)}
code{overflow-wrap:anywhere}td code{white-space:nowrap}th code{overflow-wrap:normal}
.soft{color:var(--soft)}.good{color:var(--good)}.fair{color:var(--fair)}.bad{color:var(--bad)}strong{font-weight:650}p{max-width:48rem}
form{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.3rem 1rem;max-width:48rem;align-items:baseline}
label{font-family:ui-monospace,monospace}input,select,button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:.2rem;padding:.15rem .4rem;min-width:0}
button{grid-column:2;justify-self:start}form p{grid-column:2;margin:0 0 .4rem}summary{cursor:pointer}summary:focus-visible,input:focus-visible,select:focus-visible,button:focus-visible{outline:3px solid currentColor;outline-offset:2px}`

/** What the page may load: nothing but its own style, known by its hash. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`

/** What a page is made of, as HTML but for its title. */
export interface PageParts {
  readonly language: Language
  readonly title: string
  /** The name of the other language, in it. */
  readonly other: string
  readonly main: string
}

/** A page: one file, no script, readable by keyboard and screen reader, light or dark as the reader's machine is. */
export function page({ language, title, other, main }: PageParts): string {
  const otherLanguage = language === 'fr' ? 'en' : 'fr'
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1><a href="?lang=${otherLanguage}" lang="${otherLanguage}" hreflang="${otherLanguage}">${other}</a></header>
<main>
${main}
</main>
</body>
</html>
`
}

/** A table that is wider than the screen scrolls by itself, also by keyboard. */
export const table = (
  id: string,
  title: string,
  caption: string,
  heads: readonly string[],
  rows: readonly string[],
): string =>
  `<h2 id="${id}">${title}</h2>
<div class="table" role="region" aria-labelledby="${id}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as it stands in a page. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
