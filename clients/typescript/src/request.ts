import type { StratesDocument } from './document.ts'

/** A request that asks a question. */
export interface QuestionRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** Undefined by GET. */
  readonly body: string | undefined
}

/** What is asked. */
export interface Question {
  readonly document: Pick<StratesDocument<unknown, unknown>, 'operationName' | 'hash' | 'text'>
  readonly variables: object
}

/** Longer addresses are cut or refused by some proxies; the service itself takes 16 KB with all headers. */
const LONGEST_URL = 8000

/**
 * Asks by GET, which any cache on the way may hold, unless the address would be too long. With `named`, the text is named by its hash
 * instead of sent; else it goes with its hash, by which the service knows it the next time.
 */
export function requestOf({ document, variables }: Question, endpoint: URL, named: boolean): QuestionRequest {
  const { operationName, hash, text } = document
  const asked = {
    ...(!named && { query: text }),
    operationName,
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(hash !== undefined && { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
  }
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries(asked)) {
    url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  if (url.href.length <= LONGEST_URL) return { method: 'GET', url: url.href, body: undefined }
  return { method: 'POST', url: endpoint.href, body: JSON.stringify(asked) }
}
