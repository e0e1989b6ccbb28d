import {
  getOperationAST,
  isAbstractType,
  isUnionType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Aliases } from './aliases.ts'
import { fragmentsOf, shapeOf, type OperationShape } from './shape.ts'

/** A client's operation, made ready to be answered: the part for the planner and the part that the schema answers. */
export interface PreparedOperation {
  readonly operation: OperationDefinitionNode
  /** What the subgraphs answer; null when there is nothing to ask them. Always the same object, to which plans are kept. */
  readonly planned: DocumentNode | null
  /** `__schema`, `__type` and the root's `__typename`; null when not asked for. */
  readonly introspection: DocumentNode | null
  /** The shape of the whole answer, for these variables after coercion. */
  shape(variables: Record<string, unknown>): OperationShape
}

/** What is known of a supergraph. */
export interface SupergraphFacts {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema
  /** The schema with what clients do not see. */
  readonly supergraph: GraphQLSchema
  readonly aliases: Aliases
}

/** The root fields that the gateway answers from the schema alone. */
const INTROSPECTION = new Set(['__schema', '__type', '__typename'])

/**
 * Returns a function that prepares an operation of a validated document, once for as long as the document lives. It gives
 * `null` when the document has no such operation, or several and no name.
 *
 * The planner takes a document for introspection when its first root field is, and leaves the rest unanswered; hence the
 * two parts.
 */
export function operationPreparer(
  facts: SupergraphFacts,
): (document: DocumentNode, operationName?: string | null) => PreparedOperation | null {
  const memo = new WeakMap<DocumentNode, Map<string | null, PreparedOperation | null>>()
  return (document, operationName) => {
    let byName = memo.get(document)
    if (!byName) memo.set(document, (byName = new Map()))
    const name = operationName ?? null
    const known = byName.get(name)
    if (known) return known
    const prepared = prepare(facts, document, operationName)
    if (prepared) byName.set(name, prepared)
    return prepared
  }
}

function prepare(
  facts: SupergraphFacts,
  document: DocumentNode,
  operationName?: string | null,
): PreparedOperation | null {
  const { schema, supergraph, aliases } = facts
  const operation = getOperationAST(document, operationName)
  if (!operation) return null
  const fragments = fragmentsOf(document)
  const part = (introspection: boolean) => {
    const selectionSet = keepRootFields(
      operation.selectionSet,
      fragments,
      (name) => INTROSPECTION.has(name) === introspection,
    )
    return selectionSet.selections.length ? withOperation(fragments, { ...operation, selectionSet }) : null
  }
  const planned = part(false)
  const introspection = part(true)

  let reusable: OperationShape | undefined
  return {
    operation,
    planned: planned && withTypeNames(facts, withoutRepeats(aliases.disguise(planned))),
    introspection: introspection && aliases.disguise(introspection),
    shape(variables) {
      if (reusable) return reusable
      const shape = shapeOf({ schema, supergraph, document, operation, variables, cameAs: aliases.disguised })
      if (shape.reusable) reusable = shape
      return shape
    },
  }
}

function withOperation(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  operation: OperationDefinitionNode,
): DocumentNode {
  const used = new Set<string>()
  collectSpreads(operation, fragments, used)
  const kept = [...fragments].filter(([name]) => used.has(name)).map(([, fragment]) => fragment)
  return { kind: 'Document', definitions: [operation, ...kept] } as DocumentNode
}

function collectSpreads(
  node: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  used: Set<string>,
): void {
  visit(node, {
    FragmentSpread({ name }) {
      if (used.has(name.value)) return
      used.add(name.value)
      const fragment = fragments.get(name.value)
      if (fragment) collectSpreads(fragment, fragments, used)
    },
  })
}

/** The same selection with only some root fields, looking into fragments; a spread becomes an inline fragment. */
function keepRootFields(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  keep: (name: string) => boolean,
): SelectionSetNode {
  const selections = selectionSet.selections.flatMap((node): SelectionNode[] => {
    if (node.kind === 'Field') return keep(node.name.value) ? [node] : []
    const fragment = node.kind === 'InlineFragment' ? node : fragments.get(node.name.value)
    if (!fragment) return []
    const inner = keepRootFields(fragment.selectionSet, fragments, keep)
    if (!inner.selections.length) return []
    const { directives = [] } = node
    return [{ kind: 'InlineFragment', directives, selectionSet: inner } as SelectionNode]
  })
  return { ...selectionSet, selections }
}

/**
 * Asks for each field once in a selection, and for fields before fragments. Where a field finds its list there already, the runtime puts
 * one after the other, as one list of twice the length; where a fragment does, it merges them entry by entry. So what is repeated
 * under a condition of its own goes into a fragment.
 */
function withoutRepeats(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet(node) {
      const fields = new Map<string, FieldNode>()
      const others: SelectionNode[] = []
      let isFine = true
      for (const one of node.selections) {
        const key = one.kind === 'Field' ? (one.alias ?? one.name).value : ''
        const before = fields.get(key)
        if (one.kind !== 'Field') others.push(one)
        else if (!before) {
          isFine &&= others.length === 0
          fields.set(key, one)
        } else {
          isFine = false
          if (one.directives?.length || before.directives?.length) others.push(inFragment(one))
          else fields.set(key, merged(before, one))
        }
      }
      return isFine ? undefined : { ...node, selections: [...fields.values(), ...others] }
    },
  })
}

const merged = (one: FieldNode, other: FieldNode): FieldNode => {
  if (!one.selectionSet || !other.selectionSet) return one
  const selections = [...one.selectionSet.selections, ...other.selectionSet.selections]
  return { ...one, selectionSet: { ...one.selectionSet, selections } }
}

const inFragment = (field: FieldNode): SelectionNode =>
  ({ kind: 'InlineFragment', selectionSet: { kind: 'SelectionSet', selections: [field] } }) as SelectionNode

/**
 * Asks for `__typename` wherever the type decides which fragments apply: without it completion could not tell. Also in unions, of whose
 * objects the runtime makes nothing without it, and where an object may be of a type that is not for clients, to be left out.
 */
function withTypeNames({ schema, supergraph }: SupergraphFacts, document: DocumentNode): DocumentNode {
  const typeInfo = new TypeInfo(schema)
  return visit(
    document,
    visitWithTypeInfo(typeInfo, {
      SelectionSet(node) {
        const parent = typeInfo.getParentType()
        if (!isAbstractType(parent)) return undefined
        const hasFragments = node.selections.some(({ kind }) => kind !== 'Field')
        const needsType = hasFragments || isUnionType(parent) || hasHiddenTypes(parent)
        return needsType ? { ...node, selections: [TYPENAME, ...node.selections] } : undefined
      },
    }),
  )

  function hasHiddenTypes(type: GraphQLAbstractType): boolean {
    const all = supergraph.getType(type.name)
    return isAbstractType(all) && supergraph.getPossibleTypes(all).length > schema.getPossibleTypes(type).length
  }
}

const TYPENAME = { kind: 'Field', name: { kind: 'Name', value: '__typename' } } as SelectionNode
