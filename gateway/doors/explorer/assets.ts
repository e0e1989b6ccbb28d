import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

/** A file that the explorer loads. */
export interface Asset {
  readonly mediaType: string
  readonly body: Buffer
  /** The same with brotli, made when it is first asked for. */
  packed(): Promise<Buffer>
}

/** The files of the explorer, as they are on this machine. */
export interface Assets {
  /** The folder under which they are: it holds a hash of all of them, so that what is kept is never mixed with what is newer. */
  readonly folder: string
  /** By the path below that folder. */
  readonly files: ReadonlyMap<string, Asset>
  /** Where a browser finds the libraries that modules import by name, as an import map. */
  readonly importMap: string
}

const HERE = join(import.meta.dirname, '../../explorer')

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
export function readAssets(): Assets {
  const own = globSync('**/*.{js,css,svg}', { cwd: HERE })
    .map((name) => name.split(sep).join('/'))
    .toSorted()
    .map((name): [string, Buffer] => [name, readFileSync(join(HERE, name))])
  const vendor = Object.entries(LIBRARIES).map(([name, file]): [string, Buffer] => [
    `vendor/${name}.js`,
    asModule(name, readFileSync(join(MODULES, file), 'utf8')),
  ])
  const all = [...own, ...vendor]
  const hash = createHash('sha256')
  for (const [name, body] of all) hash.update(`${name}\n${body.length}\n`).update(body)
  const folder = `/explorer/${hash.digest('base64url').slice(0, 12)}/`
  const imports = Object.keys(LIBRARIES).map((name) => [name, `${folder}vendor/${name}.js`])
  return {
    folder,
    files: new Map(all.map(([name, body]) => [name, assetOf(name, body)])),
    importMap: JSON.stringify({ imports: Object.fromEntries(imports) }),
  }
}

const MODULES = join(import.meta.dirname, '../../../node_modules')

/** What a library that is no module yet puts in the world, and what of it the explorer takes. */
const EXPORTS: Readonly<Record<string, string>> = {
  'topojson-client': '\nexport const { feature, mesh } = globalThis.topojson\n',
}

/** A library as the browser imports it. The map of a minified file is not served: asking for it would only fail. */
const asModule = (name: string, text: string): Buffer =>
  Buffer.from(text.replace(/\/\/# sourceMappingURL=.*\s*$/, '') + (EXPORTS[name] ?? ''))

function assetOf(name: string, body: Buffer): Asset {
  let packed: Promise<Buffer> | undefined
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: body.length }
  return {
    mediaType: MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    body,
    packed: () => (packed ??= compress(body, { params })),
  }
}

const compress = promisify(brotliCompress)
