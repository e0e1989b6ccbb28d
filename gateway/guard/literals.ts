import { visit, type DocumentNode } from 'graphql'
import type { Limits } from './limits.ts'
import { overLimit } from './refusal.ts'

/**
 * Bounds how deep lists and objects stand inside each other in the values that a document holds, as in the variables: who reads them
 * next goes down into them. @throws StratesError VARIABLES_TOO_LARGE.
 */
export function guardLiterals(document: DocumentNode, { variableDepth: limit }: Limits): void {
  let depth = 0
  let found = 0
  const inside = {
    enter: () => void (found = Math.max(found, (depth += 1))),
    leave: () => void (depth -= 1),
  }
  visit(document, { ObjectValue: inside, ListValue: inside })
  if (found <= limit) return
  throw overLimit({
    code: 'VARIABLES_TOO_LARGE',
    what: 'A value in the document is too deep',
    limit,
    found,
    unit: 'levels',
    remedy: 'Write it flatter: conditions of one object hold together without `and`, and `in` takes many codes.',
  })
}
