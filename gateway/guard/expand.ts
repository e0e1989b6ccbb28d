import type {
  DocumentNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql'
import { fragmentsOf } from '../engine/shape.ts'
import { COUNT_END } from './refusal.ts'

/** How a number is made of a selection: what one node counts, given what is inside it, and how neighbours add up. */
export interface Counting {
  of(node: SelectionNode, inside: number): number
  join(one: number, other: number): number
}

/** What a definition counts, every spread written out. */
export interface Counted {
  readonly definition: OperationDefinitionNode | FragmentDefinitionNode
  readonly count: number
}

/**
 * Counts each operation and fragment of a document as if every spread were written out, in one pass over the document: a
 * fragment is counted once, whatever number of times it is spread. Inside itself a fragment counts nothing.
 */
export function countExpanded(document: DocumentNode, { of, join }: Counting): readonly Counted[] {
  const fragments = fragmentsOf(document)
  const known = new Map<FragmentDefinitionNode, number>()
  return document.definitions.flatMap((definition): Counted[] => {
    if (definition.kind === 'FragmentDefinition') return [{ definition, count: countFragment(definition) }]
    return definition.kind === 'OperationDefinition' ? [{ definition, count: countSet(definition.selectionSet) }] : []
  })

  function countSet({ selections }: SelectionSetNode): number {
    return selections.reduce((sum, node) => Math.min(join(sum, of(node, inside(node))), COUNT_END), 0)
  }

  function inside(node: SelectionNode): number {
    if (node.kind !== 'FragmentSpread') return node.selectionSet ? countSet(node.selectionSet) : 0
    const fragment = fragments.get(node.name.value)
    return fragment ? countFragment(fragment) : 0
  }

  function countFragment(fragment: FragmentDefinitionNode): number {
    let count = known.get(fragment)
    if (count === undefined) {
      known.set(fragment, 0)
      known.set(fragment, (count = countSet(fragment.selectionSet)))
    }
    return count
  }
}

/** The greatest count of any definition. */
export const greatest = (counted: readonly Counted[]): number => Math.max(0, ...counted.map(({ count }) => count))

/** The counts of operations only. */
export const ofOperations = (counted: readonly Counted[]): readonly Counted[] =>
  counted.filter(({ definition }) => definition.kind === 'OperationDefinition')

/** Neighbours add up. */
export const sum = (one: number, other: number): number => one + other
