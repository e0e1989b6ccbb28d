import type { DocumentNode, OperationDefinitionNode, FragmentDefinitionNode, SelectionNode } from 'graphql'
import { countExpanded, greatest, sum } from './expand.ts'
import type { Limits } from './limits.ts'
import { overLimit } from './refusal.ts'

/** Bounds the directives of an operation, known or not. @throws StratesError TOO_MANY_DIRECTIVES. */
export function guardDirectives(document: DocumentNode, { directives: limit }: Limits): void {
  const counted = countExpanded(document, { of: (node, inside) => on(node) + inside, join: sum })
  const heads = counted.map(({ definition }) => onHead(definition)).reduce(sum, 0)
  const found = heads + greatest(counted)
  if (found <= limit) return
  throw overLimit({
    code: 'TOO_MANY_DIRECTIVES',
    what: 'The operation has too many directives',
    limit,
    found,
    unit: 'directives',
    remedy: 'Put @skip or @include on a fragment that holds several fields.',
  })
}

const on = ({ directives = [] }: SelectionNode): number => directives.length

/** Those of the operation or fragment itself, and of its variables. */
function onHead({
  directives = [],
  variableDefinitions = [],
}: OperationDefinitionNode | FragmentDefinitionNode): number {
  return directives.length + variableDefinitions.map(({ directives = [] }) => directives.length).reduce(sum, 0)
}
