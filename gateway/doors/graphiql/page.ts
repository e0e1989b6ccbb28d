import type { Language } from '../accept.ts'
import { NAVIGATION, shownIn } from '../navigation.ts'
import { escaped } from '../page.ts'
import { WORKERS } from './library.ts'

/** An operation as an example to open. */
export interface Example {
  readonly name: string
  readonly questions: Readonly<Record<Language, string>>
  readonly text: string
  /** Its variables with their defaults; what has none is left out. */
  readonly variables: Readonly<Record<string, unknown>>
}

/** What the page is made of. */
export interface GraphiqlPage {
  readonly language: Language
  readonly examples: readonly Example[]
  /** What a first visitor sees. */
  readonly firstQuery: string
  /** The document that tells which datasets are invented; undefined where nobody can tell. */
  readonly simulatedQuery: string | undefined
  /** The name of an operation in the address. */
  readonly asked: string | undefined
  /** The example of that name; undefined where there is none. */
  readonly chosen: Example | undefined
  /** Where a file of the page is. */
  readonly addressOf: (name: string) => string
}

const WORDS = {
  fr: {
    title: 'GraphiQL',
    other: 'English',
    site: 'Pages de Strates',
    examples: 'Exemples',
    unknown: (name: string) => `Il n’y a pas d’exemple nommé « ${name} ». Il y a :`,
    nothing: 'Aucune réponse encore : son coût et la version de ses données seront écrits ici.',
    keys: 'Ctrl + Entrée exécute, Ctrl + Espace complète, Ctrl + M rend la touche Tab à l’éditeur ou la lui reprend.',
    noScript: 'Cette page a besoin de JavaScript. Les mêmes questions ont chacune une adresse :',
  },
  en: {
    title: 'GraphiQL',
    other: 'Français',
    site: 'Pages of Strates',
    examples: 'Examples',
    unknown: (name: string) => `There is no example called “${name}”. There are:`,
    nothing: 'No answer yet: its cost and the version of its data will be written here.',
    keys: 'Ctrl + Enter runs, Ctrl + Space completes, Ctrl + M gives the Tab key to the editor or takes it back.',
    noScript: 'This page needs JavaScript. The same questions have an address each:',
  },
} as const

/** The page around GraphiQL: its examples, and a line that tells of each answer what it cost and of which data it is. */
export function graphiqlPage(page: GraphiqlPage): string {
  const { language, asked, chosen, addressOf } = page
  const words = WORDS[language]
  const other = language === 'fr' ? 'en' : 'fr'
  const operation = chosen === undefined ? '' : `operation=${encodeURIComponent(chosen.name)}&amp;`
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${words.title} – Strates</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="${addressOf('graphiql.css')}">
<link rel="stylesheet" href="${addressOf('page.css')}">
<script type="application/json" id="start">${dataOf(startOf(page))}</script>
<script defer src="${addressOf('page.js')}"></script>
<script defer src="${addressOf('graphiql.js')}"></script>
</head>
<body>
<header>
<a class="brand" href="${shownIn('/', language)}"><img src="/favicon.ico" alt="" width="28" height="28">Strates</a>
<nav aria-label="${words.site}"><ul>${links(language)}</ul></nav>
<a id="other" href="?${operation}lang=${other}" lang="${other}" hreflang="${other}">${words.other}</a>
</header>
<section class="bar">
<h1>${words.title}</h1>
${asked !== undefined && chosen === undefined ? `<div role="alert"><p>${escaped(words.unknown(asked.slice(0, 100)))}</p>${list(page)}</div>` : ''}
<details id="examples"><summary>${words.examples} (${page.examples.length})</summary>${list(page)}</details>
<p id="told" role="status">${words.nothing}</p>
<p class="keys">${words.keys}</p>
</section>
<main id="graphiql"><noscript><p>${words.noScript} <a href="${shownIn('/v1/', language)}">/v1/</a></p></noscript></main>
</body>
</html>
`
}

const links = (language: Language): string =>
  NAVIGATION.map(
    ({ path, [language]: name }) =>
      `<li><a href="${shownIn(path, language)}"${path === '/graphiql' ? ' aria-current="page"' : ''}>${escaped(name)}</a></li>`,
  ).join('')

function list({ examples, language, chosen }: GraphiqlPage): string {
  const rows = examples.map((one) => {
    const current = one === chosen ? ' aria-current="true"' : ''
    const address = `/graphiql?operation=${encodeURIComponent(one.name)}&amp;lang=${language}`
    return `<li><a href="${address}"${current}>${escaped(one.questions[language])} <code>${one.name}</code></a></li>`
  })
  return `<ul>${rows.join('')}</ul>`
}

/** What the script of the page has to know. */
function startOf({ firstQuery, simulatedQuery, chosen, addressOf }: GraphiqlPage): object {
  const workers = Object.fromEntries(Object.entries(WORKERS).map(([label, name]) => [label, addressOf(name)]))
  const example = chosen && { name: chosen.name, text: chosen.text, variables: chosen.variables }
  return { firstQuery, simulatedQuery, example, workers }
}

/** A value as JSON in a page: no text in it can end the element. */
const dataOf = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')
