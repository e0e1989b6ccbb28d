import { StratesError } from '../../core/observations/error.ts'
import { within } from '../within.ts'
import type { Limits } from './limits.ts'

/**
 * Gives an operation its time. When that is up, the calls to subgraphs in flight are abandoned by the signal.
 * @throws StratesError OPERATION_TIMEOUT.
 */
export const guardTime = <T>({ operationMs }: Limits, run: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  within(operationMs, () => tooSlow(operationMs), run)

const tooSlow = (limit: number): StratesError =>
  new StratesError({
    code: 'OPERATION_TIMEOUT',
    what: 'The operation took too long and was abandoned',
    on: `over ${limit} ms`,
    expected: `at most ${limit} ms`,
    remedy: 'Ask for less at once, or again in a minute.',
    details: { limit, found: limit },
  })
