import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { isKnown, headerOf, type AppRequest, type AppResponse } from '../http/message.ts'
import { encodingOf, type Encoding } from './accept.ts'

/** A script, a style or another file that a page needs. */
export interface AssetSource {
  readonly name: string
  readonly mediaType: string
  readonly content: string
}

/** Files of a page, in a folder that has the hash of all of them in its name: what is kept is never mixed with what is newer. */
export interface Assets {
  /** The path of the folder; ends with a slash. */
  readonly folder: string
  /** The names of the files in it. */
  readonly names: readonly string[]
  /** Where a file is. @throws Error for a name that is none of them. */
  addressOf(name: string): string
  /** The file at an address; undefined where there is none, or none of this content any more. */
  answer(request: AppRequest, pathname: string): Promise<AppResponse | undefined>
}

/** What is at an address never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable'

/** A worker obeys the policy of its own file, and none of ours asks for anything. */
const POLICY = "default-src 'none'"

/** Good enough: the best takes ten times as long for a tenth less. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

const PACK: Readonly<Record<Encoding, (content: Uint8Array) => Promise<Uint8Array>>> = {
  br: (content) => promisify(brotliCompress)(content, BROTLI),
  gzip: (content) => promisify(gzip)(content),
}

/** Serves files under a path that ends with a slash. Each is compressed once, when it is first asked so. */
export function createAssets(base: string, sources: readonly AssetSource[]): Assets {
  const hash = createHash('sha256')
  for (const { name, content } of sources) hash.update(`${name}\n${content.length}\n`).update(content)
  const version = hash.digest('hex').slice(0, 16)
  const folder = `${base}${version}/`
  const assets = sources.map(({ name, mediaType, content }) => ({
    name,
    mediaType,
    body: Buffer.from(content),
    packed: new Map<Encoding, Promise<Uint8Array>>(),
  }))
  return { folder, names: assets.map(({ name }) => name), addressOf, answer }

  function addressOf(name: string): string {
    if (assets.some((one) => one.name === name)) return `${folder}${name}`
    throw new Error(`no file ${name} under ${base}: ${assets.map((one) => one.name).join(', ')}`)
  }

  async function answer(request: AppRequest, pathname: string): Promise<AppResponse | undefined> {
    const found = assets.find(({ name }) => pathname === `${folder}${name}`)
    if (found === undefined) return undefined
    const { mediaType, body, packed } = found
    const encoding = encodingOf(headerOf(request, 'accept-encoding'))
    const etag = encoding === undefined ? `"${version}"` : `"${version}-${encoding}"`
    const headers = { etag, 'cache-control': FOR_EVER, vary: 'accept-encoding', 'content-security-policy': POLICY }
    if (isKnown(request, etag)) return { status: 304, headers, body: '' }
    const told = { ...headers, 'content-type': mediaType, ...(encoding && { 'content-encoding': encoding }) }
    if (encoding === undefined) return { status: 200, headers: told, body }
    const packing = packed.get(encoding) ?? PACK[encoding](body)
    packed.set(encoding, packing)
    return { status: 200, headers: told, body: await packing }
  }
}
