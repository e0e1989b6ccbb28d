import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { PRICES, priceOfBytes } from '../guard/limits.ts'
import { acceptsEncoding } from './accept.ts'
import { headerOf, isKnown, type AppRequest, type AppResponse } from '../http/message.ts'
import { problem } from '../http/respond.ts'

/** A file, and what a response says of it. */
export interface SentFile {
  readonly name: string
  readonly mediaType: string
  /** Values of `Link`: its licences, what describes it. */
  readonly links: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  /** Of content that never changes under it. */
  readonly etag: string
  readonly bytes: number
  /** The bytes from `first` to `last`, both included: at once, or piece by piece. */
  read(first: number, last: number): Uint8Array | AsyncIterable<Uint8Array>
  /** The same, compressed with gzip. */
  readonly packed?: {
    readonly etag: string
    readonly bytes: number
    read(): AsyncIterable<Uint8Array>
  }
  /** Where it is on disk, for a file that may be gone. */
  readonly path?: string
}

/** What kind of file each format is. */
export const MEDIA_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
  ndjson: 'application/x-ndjson',
} as const

/** What is asked of again each time, with the tag. */
export const REVALIDATED = { 'cache-control': 'public, max-age=0, must-revalidate' } as const

/** A short text as a file. */
export function textFile(name: string, mediaType: string, text: string): SentFile {
  const body = Buffer.from(text)
  return {
    name,
    mediaType,
    links: [],
    headers: {},
    etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`,
    bytes: body.length,
    read: (first, last) => body.subarray(first, last + 1),
  }
}

/**
 * A file as RFC 9110 has it: 304 to one who has it already, a part to one who asks for a range of bytes, compressed to one who
 * takes that. A range is one of the file as it is.
 * @param pay takes the points that the bytes sent cost; it throws where the client has not as many. Without bytes it is not asked.
 */
export async function sendFile(
  file: SentFile,
  request: AppRequest,
  pay: (points: number) => void,
): Promise<AppResponse> {
  const asked = headerOf(request, 'range')
  const isPacked =
    file.packed !== undefined && asked === '' && acceptsEncoding(headerOf(request, 'accept-encoding'), 'gzip')
  const { etag, bytes } = isPacked && file.packed ? file.packed : file
  const told = {
    etag,
    ...REVALIDATED,
    'accept-ranges': 'bytes',
    ...(file.links.length > 0 && { link: file.links.join(', ') }),
    ...(file.packed && { vary: 'accept-encoding' }),
    ...file.headers,
  }
  if (isKnown(request, etag)) return { status: 304, headers: told, body: '' }
  const whole = {
    ...told,
    'content-type': file.mediaType,
    ...(isPacked && { 'content-encoding': 'gzip' }),
    'content-disposition': `attachment; filename="${file.name}"`,
  }
  if (request.method === 'HEAD') {
    return { status: 200, headers: { ...whole, 'content-length': `${bytes}` }, body: '' }
  }
  if (file.path !== undefined && (await stat(file.path).catch(() => undefined)) === undefined) return gone(file.name)
  const range = rangeOf(asked, bytes)
  const isCurrent = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
  if (range === 'UNSATISFIABLE' && isCurrent) {
    return { status: 416, headers: { ...told, 'content-range': `bytes */${bytes}` }, body: '' }
  }
  if (range === undefined || range === 'UNSATISFIABLE' || !isCurrent) {
    pay(priceOf(file, file.bytes, isPacked))
    const content = isPacked && file.packed ? file.packed.read() : file.read(0, bytes - 1)
    return { status: 200, headers: whole, ...bodyOf(content, bytes) }
  }
  const { first, last } = range
  pay(priceOf(file, last - first + 1, false))
  const partial = { ...whole, 'content-range': `bytes ${first}-${last}/${bytes}` }
  return { status: 206, headers: partial, ...bodyOf(file.read(first, last), last - first + 1) }
}

/** What is sent as it lies there, a packed text among it, costs no more than one file; what has to be unpacked costs by its bytes. */
const priceOf = ({ packed }: SentFile, bytes: number, isPacked: boolean): number =>
  packed === undefined || isPacked ? Math.min(PRICES.file, priceOfBytes(bytes)) : priceOfBytes(bytes)

const bodyOf = (content: Uint8Array | AsyncIterable<Uint8Array>, bytes: number): Pick<AppResponse, 'body' | 'stream'> =>
  content instanceof Uint8Array ? { body: content } : { body: '', stream: { bytes, pieces: content } }

/** Newer data was published twice since this process looked last. */
const gone = (name: string): AppResponse =>
  problem(
    503,
    'The data is being replaced',
    `${name} was replaced by a newer one just now. Ask again in a second.`,
    {},
    { 'retry-after': '1' },
  )

/** One range of bytes; undefined for none, several, one that ends before it begins, or another unit, to which the whole file is a right answer. */
function rangeOf(header: string, size: number): { first: number; last: number } | 'UNSATISFIABLE' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? []
  if (from === '' && to === '') return undefined
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first > last || first >= size ? 'UNSATISFIABLE' : { first, last }
}

/** The same response; whoever runs the service is told when its body breaks off. */
export function watched(response: AppResponse, tell: (error: unknown) => void): AppResponse {
  const { stream } = response
  return stream === undefined ? response : { ...response, stream: { ...stream, pieces: tellOf(stream.pieces, tell) } }
}

async function* tellOf(pieces: AsyncIterable<Uint8Array>, tell: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces
  } catch (error) {
    tell(error)
    throw error
  }
}
