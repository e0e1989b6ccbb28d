import type { DocumentNode } from 'graphql'
import { countExpanded, greatest, ofOperations, sum } from './expand.ts'
import type { Limits } from './limits.ts'
import { overLimit } from './refusal.ts'

/**
 * Bounds what a document stands for once each spread is written out: nested fragments that are spread twice each double
 * with every level, and validation and planning walk all of it. @throws StratesError TOO_MANY_SELECTIONS.
 */
export function guardSelections(document: DocumentNode, { selections: limit }: Limits): void {
  const found = countSelections(document)
  if (found <= limit) return
  throw overLimit({
    code: 'TOO_MANY_SELECTIONS',
    what: 'The document stands for too many fields once its fragments are written out',
    limit,
    found,
    unit: 'selections',
    remedy: 'Ask for fewer fields, or in several requests.',
  })
}

/** What the operations of a document stand for, all together. */
export function countSelections(document: DocumentNode): number {
  const counted = countExpanded(document, { of: (_, inside) => 1 + inside, join: sum })
  const operations = ofOperations(counted).map(({ count }) => count)
  // A fragment that no operation spreads is validated all the same.
  return Math.max(operations.reduce(sum, 0), greatest(counted))
}
