import { LRUCache } from 'lru-cache'
import { headerOf, type AppRequest } from '../http/message.ts'

/** What a request that was answered before leads to, without reading it again. */
export interface KnownRequest {
  /** The key of its answer. */
  readonly key: string
  /** The version of the data of which that is the answer. */
  readonly dataVersion: string
  /** The schema by which it was read: by another it may be another question. */
  readonly schema: object
  /** How the answer was called, by what the client accepts. */
  readonly contentType: string
}

/** Requests by their bytes: the same bytes are the same question, and need no parsing. */
export interface KnownRequests {
  find(request: AppRequest): KnownRequest | undefined
  remember(request: AppRequest, known: KnownRequest): void
}

/** The most bytes that requests may take in memory, and the longest that is remembered. */
const REMEMBERED = { bytes: 8_000_000, longest: 8000 }

/** Makes a memory of requests: method, address, body, and the headers that decide how they are read and answered. */
export function createKnownRequests(): KnownRequests {
  const known = new LRUCache<string, KnownRequest>({
    maxSize: REMEMBERED.bytes,
    sizeCalculation: (_, text) => text.length + 200,
  })
  return {
    find(request) {
      const text = textOf(request)
      return text === undefined ? undefined : known.get(text)
    },
    remember(request, leadsTo) {
      const text = textOf(request)
      if (text !== undefined) known.set(text, leadsTo)
    },
  }
}

/** Undefined for a request that is too long. Bytes become characters one by one: different bodies stay different. */
function textOf(request: AppRequest): string | undefined {
  const { method, url, body = '' } = request
  if (url.length + body.length > REMEMBERED.longest) return undefined
  const text =
    typeof body === 'string'
      ? `s${body}`
      : `b${Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1')}`
  return `${method} ${url}\n${headerOf(request, 'accept')}\n${headerOf(request, 'content-type')}\n${text}`
}
