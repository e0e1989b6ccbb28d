import type { Limits } from './limits.ts'
import { overLimit } from './refusal.ts'

/** Refuses a body that is too large; the server reads little more than the limit of it. @throws StratesError BODY_TOO_LARGE. */
export function guardBody(body: string | Uint8Array | undefined, { bodyBytes: limit }: Limits): void {
  const found = typeof body === 'string' ? Buffer.byteLength(body) : (body?.byteLength ?? 0)
  if (found <= limit) return
  throw overLimit({
    code: 'BODY_TOO_LARGE',
    what: 'The body is too large',
    limit,
    found,
    unit: 'bytes read',
    remedy: 'Send a shorter query, or ask in several.',
  })
}
