import type { AppResponse } from './message.ts'

/** A value as JSON that a person can read. */
export const json = (value: unknown): AppResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value, null, 1),
})

/** A page. */
export const html = (body: string): AppResponse => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body,
})

/** A word for machines, never kept. */
export const text = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): AppResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
  body,
})

/** Sends the client elsewhere: for now, or for good and with the same method (308). */
export const redirect = (location: string, status: 302 | 308 = 302): AppResponse => ({
  status,
  headers: { location },
  body: '',
})

/** An error outside GraphQL, as RFC 9457 writes it. */
export const problem = (
  status: number,
  title: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): AppResponse => ({
  status,
  headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers },
  body: JSON.stringify({ type: 'about:blank', title, status, detail, ...more }),
})
