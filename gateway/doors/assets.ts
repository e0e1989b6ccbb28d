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

/** Files of a page, each at an address that has the hash of its content in it. */
export interface Assets {
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
  const assets = sources.map(({ name, mediaType, content }) => {
    const body = Buffer.from(content)
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
    return {
      name,
      mediaType,
      body,
      hash,
      address: `${base}${hash}/${name}`,
      packed: new Map<Encoding, Promise<Uint8Array>>(),
    }
  })
  return { addressOf, answer }

  function addressOf(name: string): string {
    const found = assets.find((one) => one.name === name)
    if (found === undefined)
      throw new Error(`no file ${name} under ${base}: ${assets.map((one) => one.name).join(', ')}`)
    return found.address
  }

  async function answer(request: AppRequest, pathname: string): Promise<AppResponse | undefined> {
    const found = assets.find(({ address }) => address === pathname)
    if (found === undefined) return undefined
    const { hash, mediaType, body, packed } = found
    const encoding = encodingOf(headerOf(request, 'accept-encoding'))
    const etag = encoding === undefined ? `"${hash}"` : `"${hash}-${encoding}"`
    const headers = { etag, 'cache-control': FOR_EVER, vary: 'accept-encoding', 'content-security-policy': POLICY }
    if (isKnown(request, etag)) return { status: 304, headers, body: '' }
    const told = { ...headers, 'content-type': mediaType, ...(encoding && { 'content-encoding': encoding }) }
    if (encoding === undefined) return { status: 200, headers: told, body }
    const packing = packed.get(encoding) ?? PACK[encoding](body)
    packed.set(encoding, packing)
    return { status: 200, headers: told, body: await packing }
  }
}
