import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import { etagOf } from '../../http/etag.ts'
import { headerOf, isKnown, type AppResponse } from '../../http/message.ts'
import { problem, redirect } from '../../http/respond.ts'
import type { Visit } from '../../routes.ts'
import { acceptsEncoding, askedLanguage, languageOf, prefersHtml } from '../accept.ts'
import { PAGE_POLICY } from '../page.ts'
import { decisionsPage, docPage, missingPage, type Reader } from './docPage.ts'
import { readLibrary, type Library, type Picture } from './library.ts'

/** The documentation under `/docs/`. */
export interface DocsDoor {
  answer(visit: Asked): AppResponse
}

/** What the door is asked. */
type Asked = Pick<Visit, 'request' | 'url'>

/** A page as it is sent. */
interface Sent {
  readonly bytes: Uint8Array
  readonly etag: string
}

/** The most bytes of pages kept in memory. */
const KEPT_BYTES = 8_000_000

/** Asked of again each time, with the tag: a new version of the software may have another text. */
const REVALIDATED = 'public, max-age=0, must-revalidate'

/** Makes the door. The documents are read with the first question, and no file is touched after. */
export function createDocsDoor(read: () => Library = readLibrary): DocsDoor {
  const kept = new LRUCache<string, Sent>({ maxSize: KEPT_BYTES, sizeCalculation: ({ bytes }) => bytes.length + 1 })
  let library: Library | undefined

  return { answer }

  function answer({ request, url }: Asked): AppResponse {
    library ??= read()
    const name = url.pathname.slice('/docs/'.length)
    const picture = library.pictures.get(name)
    if (picture !== undefined) return sendPicture(picture, request)
    const lang = url.searchParams.get('lang')
    const reader = { language: languageOf(lang, headerOf(request, 'accept-language')), asked: askedLanguage(lang) }
    const page = pageOf(name, library, reader)
    const meant = page === undefined ? meantBy(name, library) : undefined
    if (meant !== undefined) return redirect(`/docs/${meant}${url.search}`, 308)
    if (page === undefined) return missing(name, library, reader, headerOf(request, 'accept'))

    const isPacked = acceptsEncoding(headerOf(request, 'accept-encoding'), 'gzip')
    const key = [name, reader.language, reader.asked, isPacked].join(' ')
    const sent = kept.get(key) ?? pack(page(), isPacked)
    kept.set(key, sent)
    const headers = {
      etag: sent.etag,
      'cache-control': REVALIDATED,
      vary: 'accept-language, accept-encoding',
    }
    if (isKnown(request, sent.etag)) return { status: 304, headers, body: '' }
    return {
      status: 200,
      headers: { ...headers, ...pageHeaders(reader), ...(isPacked && { 'content-encoding': 'gzip' }) },
      body: sent.bytes,
    }
  }
}

/** How to make the page of a name; undefined where there is none. */
function pageOf(name: string, library: Library, reader: Reader): (() => string) | undefined {
  if (name === 'decisions/') return () => decisionsPage(library, reader)
  const document = library.find(name, reader.language)
  return document && (() => docPage(document, library, reader))
}

/** The name that is meant by one with a slash too many or too few, or with the ending of the file; undefined where it is no slip. */
function meantBy(name: string, library: Library): string | undefined {
  const bare = name.replace(/\/$/, '').replace(/(\.fr)?\.md$/, '')
  if (bare === 'decisions') return name === 'decisions/' ? undefined : 'decisions/'
  return bare !== '' && bare !== name && library.find(bare, 'en') !== undefined ? bare : undefined
}

function pack(page: string, isPacked: boolean): Sent {
  const bytes = isPacked ? gzipSync(page) : Buffer.from(page)
  return { bytes, etag: etagOf(bytes) }
}

const pageHeaders = ({ language }: Reader): Readonly<Record<string, string>> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-language': language,
  'content-security-policy': PAGE_POLICY,
})

/** A drawing may bring a style of its own, known by its hash, and nothing else. */
function sendPicture({ mediaType, bytes }: Picture, request: Visit['request']): AppResponse {
  const etag = etagOf(bytes)
  const headers = { etag, 'cache-control': REVALIDATED }
  if (isKnown(request, etag)) return { status: 304, headers, body: '' }
  const style = mediaType.startsWith('image/svg')
    ? /<style>([^]*?)<\/style>/.exec(Buffer.from(bytes).toString('utf8'))?.[1]
    : undefined
  const hash = style && ` style-src 'sha256-${createHash('sha256').update(style).digest('base64')}';`
  const policy = `default-src 'none';${hash ?? ''} frame-ancestors 'none'`
  return {
    status: 200,
    headers: { ...headers, 'content-type': mediaType, 'content-security-policy': policy },
    body: bytes,
  }
}

function missing(name: string, library: Library, reader: Reader, accept: string): AppResponse {
  const unkept = { vary: 'accept, accept-language', 'cache-control': 'no-store' }
  if (prefersHtml(accept)) {
    return { status: 404, headers: { ...pageHeaders(reader), ...unkept }, body: missingPage(name, library, reader) }
  }
  const known = [...new Set(library.documents.map((document) => document.name))].filter((one) => one !== '')
  const detail = `There is no document called ${name.slice(0, 100)}. There are: ${known.join(', ')}. /docs/ lists them.`
  return problem(404, 'No such document', detail, { code: 'UNKNOWN_DOCUMENT', expected: known }, unkept)
}
