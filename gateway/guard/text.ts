import type { StratesError } from '../../core/observations/error.ts'
import { overLimit } from './refusal.ts'

/** The error for one name, number or string that is too long to be one. */
export const textTooLong = (found: number, limit: number): StratesError =>
  overLimit({
    code: 'TEXT_TOO_LONG',
    what: 'A name, number or string is too long',
    limit,
    found,
    unit: 'characters',
    remedy: 'No code, id, cursor or name here is nearly as long: send what is meant.',
  })
