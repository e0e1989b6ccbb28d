import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { createAssets, type Assets, type AssetSource } from '../assets.ts'

/** The files of the explorer, as they are on this machine. */
export interface ExplorerAssets extends Assets {
  /** Where a browser finds the libraries that modules import by name, as an import map. */
  readonly importMap: string
}

const HERE = join(import.meta.dirname, '../../explorer')
const MODULES = join(import.meta.dirname, '../../../node_modules')

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** The libraries of the explorer, each one file that needs no other but those listed here. */
const LIBRARIES = {
  'd3-array': 'd3-array/dist/d3-array.min.mjs',
  'd3-geo': 'd3-geo/dist/d3-geo.min.mjs',
  'd3-path': 'd3-path/dist/d3-path.min.mjs',
  'd3-shape': 'd3-shape/dist/d3-shape.min.mjs',
  'lit-html': 'lit-html/lit-html.js',
  'topojson-client': 'topojson-client/dist/topojson-client.min.js',
} as const

/** Reads the files of the explorer and of its libraries. */
export function readExplorer(): ExplorerAssets {
  const own = globSync('**/*.{js,css,svg}', { cwd: HERE })
    .map((name) => name.split(sep).join('/'))
    .toSorted()
    .map((name) => sourceOf(name, readFileSync(join(HERE, name), 'utf8')))
  const libraries = Object.entries(LIBRARIES).map(([name, file]) =>
    sourceOf(fileOf(name), asModule(name, readFileSync(join(MODULES, file), 'utf8'))),
  )
  const assets = createAssets('/explorer/', [...own, ...libraries])
  const imports = Object.keys(LIBRARIES).map((name) => [name, assets.addressOf(fileOf(name))])
  return { ...assets, importMap: JSON.stringify({ imports: Object.fromEntries(imports) }) }
}

const fileOf = (library: string): string => `vendor/${library}.js`

const sourceOf = (name: string, content: string): AssetSource => ({
  name,
  mediaType: MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
  content,
})

/** What a library that is no module yet puts in the world, and what of it the explorer takes. */
const EXPORTS: Readonly<Record<string, string>> = {
  'topojson-client': '\nexport const { feature, mesh } = globalThis.topojson\n',
}

/** A library as the browser imports it. The map of a minified file is not served: asking for it would only fail. */
const asModule = (name: string, text: string): string =>
  text.replace(/\/\/# sourceMappingURL=.*\s*$/, '') + (EXPORTS[name] ?? '')
