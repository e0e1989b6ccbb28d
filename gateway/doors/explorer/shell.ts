import { createHash } from 'node:crypto'
import type { Language } from '../accept.ts'
import { NAVIGATION, shownIn } from '../navigation.ts'
import { escaped } from '../page.ts'
import type { ExplorerAssets } from './assets.ts'

/** The words that stand before the script runs, and where it cannot. */
const WORDS = {
  fr: {
    title: 'Strates',
    about:
      'Les données publiques des territoires français, à chaque échelon, avec leur propriétaire, leur licence et leur couverture.',
    skip: 'Aller au contenu',
    pages: 'Pages',
    other: 'English',
    loading: 'Chargement…',
    noScript:
      'Cette page a besoin de JavaScript. Sans lui, les mêmes données sont à <a href="/v1/">/v1/</a>, un formulaire par question.',
  },
  en: {
    title: 'Strates',
    about: 'Public data of French territories, at each tier, with its owner, its licence and its coverage.',
    skip: 'Skip to the content',
    pages: 'Pages',
    other: 'Français',
    loading: 'Loading…',
    noScript:
      'This page needs JavaScript. Without it, the same data is at <a href="/v1/">/v1/</a>, a form for each question.',
  },
} as const

/** What the explorer may load: its own files, and the import map known by its hash. */
export const explorerPolicy = ({ importMap }: ExplorerAssets): string =>
  [
    `default-src 'none'`,
    `script-src 'self' 'sha256-${createHash('sha256').update(importMap).digest('base64')}'`,
    `style-src 'self'`,
    `img-src 'self' data: blob:`,
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ')

/** The page in which the explorer runs: the same for each of its addresses, but for what is marked as current. */
export function shell(assets: ExplorerAssets, { pathname, search }: URL, language: Language): string {
  const { folder, importMap } = assets
  const words = WORDS[language]
  const other = language === 'fr' ? 'en' : 'fr'
  const links = NAVIGATION.map((page) => {
    const current = page.path === pathname ? ' aria-current="page"' : ''
    return `<li><a href="${shownIn(page.path, language)}"${current}>${page[language]}</a></li>`
  })
  const elsewhere = new URLSearchParams(search)
  elsewhere.set('lang', other)
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${words.title}</title>
<meta name="description" content="${escaped(words.about)}">
<link rel="icon" href="${folder}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${folder}style.css">
<link rel="stylesheet" href="${folder}territory/style.css">
<link rel="stylesheet" href="${folder}map/style.css">
<link rel="stylesheet" href="${folder}sources/style.css">
<link rel="stylesheet" href="${folder}compare/style.css">
<script type="importmap">${importMap}</script>
${preloads(assets, pathname)}
<script type="module" src="${folder}main.js"></script>
</head>
<body>
<a class="skip" href="#main">${words.skip}</a>
<header class="top">
<a class="brand" href="${shownIn('/', language)}"><img src="${folder}icon.svg" alt="" width="28" height="28">${words.title}</a>
<nav aria-label="${words.pages}"><ul>
${links.join('\n')}
</ul></nav>
<a class="language" href="${escaped(`${pathname}?${elsewhere}`)}" lang="${other}" hreflang="${other}">${words.other}</a>
</header>
<div id="banner" role="status"></div>
<main id="main" tabindex="-1"><p class="soft">${words.loading}</p><noscript><p>${words.noScript}</p></noscript></main>
<footer id="footer" class="soft"></footer>
</body>
</html>
`
}

/** The folders of each page's modules, beside those of all. */
const FOLDERS: Readonly<Record<string, string>> = {
  '/': 'territory',
  '/map': 'map',
  '/compare': 'compare',
  '/sources': 'sources',
}

/** The modules that the page is going to import, so that the browser need not find them one after another. */
function preloads({ folder, names }: ExplorerAssets, pathname: string): string {
  const own = FOLDERS[pathname] ?? ''
  const others = new Set(Object.values(FOLDERS).filter((name) => name !== own))
  return names
    .filter((name) => name.endsWith('.js') && !others.has(name.split('/', 1)[0] ?? '') && !isLate(name))
    .map((name) => `<link rel="modulepreload" href="${folder}${name}">`)
    .join('\n')
}

/** What only some of what a page shows needs. */
const isLate = (name: string): boolean => LATE.has(name)

const LATE: ReadonlySet<string> = new Set(['vendor/topojson-client.js', 'vendor/d3-geo.js', 'words/said.js'])
