import { createHash } from 'node:crypto'
import type { Language } from './accept.ts'
import { NAVIGATION, shownIn } from './navigation.ts'

const STYLE = `:root{color-scheme:light dark;--ink:#1c2330;--soft:#565e6c;--paper:#fcfbf8;--line:#d9d6cd;--accent:#14507a;--good:#1d6b3a;--fair:#7a4b00;--bad:#a3231b}
@media (prefers-color-scheme:dark){:root{--ink:#e9ebef;--soft:#aeb6c2;--paper:#14181f;--line:#39414e;--accent:#8cc4ee;--good:#86d6a3;--fair:#f0c070;--bad:#ff9d94}}
body{margin:0 auto;max-width:72rem;padding:1rem 1rem 3rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
header{display:flex;flex-wrap:wrap;gap:.2rem 1.5rem;align-items:baseline;padding-bottom:.6rem;margin-bottom:1.2rem;border-bottom:1px solid var(--line)}
header nav{flex:1 1 30rem;min-width:0}header ul{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;list-style:none;margin:0;padding:0}
header a,.side a{display:inline-block;padding:.15rem 0;text-decoration:none}header a:hover,.side a:hover{text-decoration:underline}
header .brand{font-weight:700;font-size:1.15rem}[aria-current]{font-weight:650}header [aria-current]{box-shadow:0 2px}
.skip{position:absolute;left:-99rem}.skip:focus{position:static;left:0}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .6rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1.05rem;margin:1.6rem 0 .4rem}h4{font-size:1rem;margin:1.3rem 0 .3rem}
a{color:var(--accent)}header a{color:inherit}:focus-visible{outline:3px solid currentColor;outline-offset:2px}main:focus{outline:none}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--soft);padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .7rem .4rem 0;border-bottom:1px solid var(--line)}
code{overflow-wrap:anywhere;font-size:.92em}td code{white-space:nowrap}th code{overflow-wrap:normal}
.soft{color:var(--soft)}.good{color:var(--good)}.fair{color:var(--fair)}.bad{color:var(--bad)}strong{font-weight:650}p{max-width:48rem}
form{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.3rem 1rem;max-width:48rem;align-items:baseline}
label{font-family:ui-monospace,monospace}input,select,button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:.2rem;padding:.15rem .4rem;min-width:0}
button{grid-column:2;justify-self:start}form p{grid-column:2;margin:0 0 .4rem}summary{cursor:pointer}
pre{overflow-x:auto;margin:.8rem 0;padding:.7rem .9rem;border:1px solid var(--line);border-radius:.3rem;line-height:1.45}pre code{overflow-wrap:normal;font-size:.88rem}
article{min-width:0;overflow-wrap:break-word}article li{max-width:48rem;margin:.15rem 0}.picture{display:block;overflow-x:auto;margin:1rem 0}.picture img{display:block;min-width:38rem;max-width:100%;height:auto}
article ul,article ol{padding-left:1.4rem}blockquote{margin:.8rem 0;padding:0 1rem;border-left:3px solid var(--line)}
.anchor{margin-left:.4rem;color:var(--soft);text-decoration:none;font-weight:400}.side{font-size:.92rem;margin-bottom:1rem}.side ul{list-style:none;margin:.1rem 0 .8rem;padding:0}
.side li li{padding-left:.8rem}.side h2{font-size:.85rem;margin:.6rem 0 .1rem;color:var(--soft)}
@media (min-width:60rem){.beside{max-width:84rem;display:grid;grid-template-columns:minmax(0,14rem) minmax(0,1fr);column-gap:2.5rem}.beside>header,.beside>.skip{grid-column:1/-1}
.beside>main{grid-column:2}@supports selector(::details-content){.side.list>summary{display:none}.side.list::details-content{content-visibility:visible;block-size:auto}}}
@media print{header,.side,.skip,.anchor{display:none}body{max-width:none;padding:0;color:#000;background:#fff}.beside{display:block}pre,.table,.picture{overflow:visible}.picture img{min-width:0}pre code{white-space:pre-wrap;overflow-wrap:anywhere}
h2,h3{break-after:avoid}pre,tr,img{break-inside:avoid}article a[href^="http"]::after{content:" (" attr(href) ")";font-size:.85em}}`

/** What the page may load: nothing but its own style, known by its hash, and pictures of this service. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`

/** The words of the frame. */
const WORDS = {
  fr: { other: 'English', skip: 'Aller au contenu', site: 'Pages du service' },
  en: { other: 'Français', skip: 'Skip to the content', site: 'Pages of the service' },
} as const

/** What a page is made of, as HTML but for its title. */
export interface PageParts {
  readonly language: Language
  readonly title: string
  /** Where it is: one of {@link NAVIGATION}, or none of them. */
  readonly here?: (typeof NAVIGATION)[number]['path']
  /** What stands beside the main part where there is room, and before it where there is none. */
  readonly beside?: string
  /** The main part; its heading is the title, unless it brings its own (`hasHeading`). */
  readonly main: string
  readonly hasHeading?: true
}

/** A page: one file, no script, readable by keyboard and screen reader, light or dark as the reader's machine is. */
export function page({ language, title, here, beside, main, hasHeading }: PageParts): string {
  const words = WORDS[language]
  const otherLanguage = language === 'fr' ? 'en' : 'fr'
  const links = NAVIGATION.map(
    (one) =>
      `<li><a href="${shownIn(one.path, language)}"${one.path === here ? ' aria-current="page"' : ''}>${one[language]}</a></li>`,
  )
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title.includes('Strates') ? title : `${title} – Strates`)}</title>
<style>${STYLE}</style>
</head>
<body${beside === undefined ? '' : ' class="beside"'}>
<a class="skip" href="#page-content">${words.skip}</a>
<header><a class="brand" href="${shownIn('/', language)}">Strates</a>
<nav aria-label="${words.site}"><ul>${links.join('')}</ul></nav>
<a href="?lang=${otherLanguage}" lang="${otherLanguage}" hreflang="${otherLanguage}">${words.other}</a></header>
${beside ?? ''}
<main id="page-content" tabindex="-1">
${hasHeading ? '' : `<h1>${escaped(title)}</h1>\n`}${main}
</main>
</body>
</html>
`
}

/** A path with the language that was asked for, if any was. */
export function inLanguage(path: string, asked: Language | undefined): string {
  if (asked === undefined) return path
  const [before = '', fragment] = path.split('#')
  return `${before}?lang=${asked}${fragment === undefined ? '' : `#${fragment}`}`
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
