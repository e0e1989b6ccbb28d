import { StratesError } from '../observations/error.ts'
import { otherLayout } from './layout.ts'

/** Tables, columns and schemas that are not there, as PostgreSQL says it. */
const NOT_AS_KNOWN = new Set(['42P01', '42703', '3F000', '42883'])

/** What to do about what PostgreSQL answers, by the first two characters of its code, or all five. */
const REMEDIES: Readonly<Record<string, string>> = {
  '28': 'Look at the user and the password in DATABASE_URL.',
  '3D': 'Create that database, or name another in DATABASE_URL.',
  '42501': 'Grant the user of DATABASE_URL what docs/sql.md lists.',
  '53': 'Give the database room, memory or more connections.',
  '55P03': 'Another session holds the table for long; try again when it has ended.',
  '57014': 'It took too long: look at what else the database does.',
}

/**
 * What went wrong with a database, as people read it. The sentence of the driver, which may name users, stays under `cause`.
 * @param address as people read it.
 */
export function asDatabaseError(error: unknown, address: string): StratesError {
  if (error instanceof StratesError) return error
  const { code, message } = error as Error & { readonly code?: string }
  if (code !== undefined && NOT_AS_KNOWN.has(code)) return otherLayout(address, undefined, error)
  const isAnswer = code !== undefined && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code)
  return new StratesError({
    code: 'DATABASE_UNREACHABLE',
    what: isAnswer ? `The database refused (${code})` : `The database does not answer (${reasonOf(code, message)})`,
    on: address,
    expected: 'PostgreSQL, at the address in DATABASE_URL',
    remedy: remedyFor(code, isAnswer),
    cause: error,
  })
}

function remedyFor(code = '', isAnswer: boolean): string {
  if (isAnswer) return REMEDIES[code] ?? REMEDIES[code.slice(0, 2)] ?? 'Look at what the log of the database says.'
  if (/CERT|ISSUER/.test(code))
    return 'Call it by the name in its certificate, and name who signed that: DATABASE_URL=…&sslrootcert=FILE.'
  return 'Look whether it runs and can be reached.'
}

/** In a word: sentences of the driver and of TLS may hold more than is to be shown. */
function reasonOf(code: string | undefined, message: string): string {
  if (code !== undefined) return code
  if (/timeout/i.test(message)) return 'it took too long'
  if (/does not support SSL/i.test(message)) return 'it speaks no TLS'
  return 'the connection broke off'
}
