import { overLimit } from './refusal.ts'
import type { Limits } from './limits.ts'

/** Refuses a list of operations. @throws StratesError BATCHING_REFUSED. */
export function guardBatching(asked: unknown, { batch: limit }: Limits): void {
  if (!Array.isArray(asked)) return
  throw overLimit({
    code: 'BATCHING_REFUSED',
    what: 'A request holds one operation, not a list of them',
    limit,
    found: asked.length,
    unit: 'operations',
    remedy: 'Send them one by one, or ask for several fields in one operation.',
  })
}
