import { createHash } from 'node:crypto'

/** A tag that names bytes, in quotes, as RFC 9110 has it: the same for the same bytes. */
export const etagOf = (bytes: string | Uint8Array): string =>
  `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`
