import type { DocumentNode } from 'graphql'
import { countExpanded, greatest, sum } from './expand.ts'
import type { Limits } from './limits.ts'
import { overLimit } from './refusal.ts'

/** Bounds the aliases of an operation. @throws StratesError TOO_MANY_ALIASES. */
export function guardAliases(document: DocumentNode, { aliases: limit }: Limits): void {
  const found = greatest(
    countExpanded(document, {
      of: (node, inside) => (node.kind === 'Field' && node.alias ? 1 : 0) + inside,
      join: sum,
    }),
  )
  if (found <= limit) return
  throw overLimit({
    code: 'TOO_MANY_ALIASES',
    what: 'The operation has too many aliases',
    limit,
    found,
    unit: 'aliases',
    remedy: 'Ask for many of a kind in a list: territories(ids:), observations(measures:).',
  })
}
