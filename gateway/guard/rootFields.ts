import type { DocumentNode } from 'graphql'
import { countExpanded, greatest, ofOperations, sum } from './expand.ts'
import type { Limits } from './limits.ts'
import { overLimit } from './refusal.ts'

/** Bounds the questions of one operation. @throws StratesError TOO_MANY_ROOT_FIELDS. */
export function guardRootFields(document: DocumentNode, { rootFields: limit }: Limits): void {
  const counted = countExpanded(document, { of: (node, inside) => (node.kind === 'Field' ? 1 : inside), join: sum })
  const found = greatest(ofOperations(counted))
  if (found <= limit) return
  throw overLimit({
    code: 'TOO_MANY_ROOT_FIELDS',
    what: 'The operation asks too many questions at once',
    limit,
    found,
    unit: 'fields at the root',
    remedy: 'Ask for many territories with territories(ids:), or in several requests.',
  })
}
