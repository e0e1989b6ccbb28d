import type { Reply } from './ask.ts'
import { written, type Operation } from './operation.ts'

/** What an answer is worth: all of it, a part with the owner of the rest named, or why it should not have been. */
export type Verdict = 'COMPLETE' | 'PARTIAL' | { readonly failed: string }

/** What those say that lack what they read. */
const MISSING: ReadonlySet<string | undefined> = new Set(['SUBGRAPH_UNAVAILABLE', 'DATABASE_UNREACHABLE'])

/**
 * Judges an answer beside the whole one.
 * @param mayMiss the subgraphs whose part may be missing while it was asked.
 */
export function judge({ status, body }: Reply, { name, whole }: Operation, mayMiss: ReadonlySet<string>): Verdict {
  const { data, errors = [] } = body
  if (status !== 200) return { failed: `${name}: HTTP ${status}` }
  const [wrong] = errors.filter(
    ({ extensions: { code, subgraph = '' } = {} }) => !MISSING.has(code) || !mayMiss.has(subgraph),
  )
  if (wrong !== undefined) return { failed: `${name}: ${JSON.stringify(wrong).slice(0, 300)}` }
  if (errors.length > 0) return 'PARTIAL'
  return written(data) === whole ? 'COMPLETE' : { failed: `${name}: another answer than before, without an error` }
}
