import { headerOf, isKnown, type AppRequest, type AppResponse } from '../http/message.ts'
import type { FeedFile } from './feeds.ts'

/** A file as RFC 9110 has it: 304 to one who has it already, a part to one who asks for a range of bytes. */
export function sendFile({ name, mediaType, body, etag, licenceUrl }: FeedFile, request: AppRequest): AppResponse {
  const told = {
    etag,
    'cache-control': 'public, max-age=0, must-revalidate',
    'accept-ranges': 'bytes',
    link: `<${licenceUrl}>; rel="license"`,
  }
  if (isKnown(request, etag)) return { status: 304, headers: told, body: '' }
  const whole = {
    ...told,
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${name}"`,
    ...(request.method === 'HEAD' && { 'content-length': `${body.byteLength}` }),
  }
  const range = rangeOf(headerOf(request, 'range'), body.byteLength)
  const isCurrent = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
  if (range === undefined || !isCurrent || request.method === 'HEAD') return { status: 200, headers: whole, body }
  if (range === 'UNSATISFIABLE') {
    return { status: 416, headers: { ...told, 'content-range': `bytes */${body.byteLength}` }, body: '' }
  }
  const { first, last } = range
  const partial = { ...whole, 'content-range': `bytes ${first}-${last}/${body.byteLength}` }
  return { status: 206, headers: partial, body: body.subarray(first, last + 1) }
}

/** One range of bytes; undefined for none, several, or another unit, to which the whole file is a right answer. */
function rangeOf(header: string, size: number): { first: number; last: number } | 'UNSATISFIABLE' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? []
  if (from === '' && to === '') return undefined
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first > last || first >= size ? 'UNSATISFIABLE' : { first, last }
}
