import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { fragmentsOf } from '../engine/shape.ts'
import { lengthOf, type Arguments } from './lengths.ts'

/** What a field weighs, in points: an object takes an owner's work, a leaf only its place in the answer. */
export const WEIGHTS = { object: 1, leaf: 0.1, listOfLeaves: 1, introspection: 0.1 } as const

/** Fields that weigh more, for what making them takes: these walk every commune of the country. */
export const HEAVY: Readonly<Record<string, number>> = {
  'Nation.competences': 500,
  'Grouping.competences': 500,
  'Query.ranking': 200,
  'Query.search': 80,
}

/**
 * Fields that weigh more the first time, by name whatever the type: what they are made of is made once for all territories of a list,
 * so that this is not multiplied by its length. Asked twice, under an alias or elsewhere, it counts twice.
 */
export const SHARED: Readonly<Record<string, number>> = { rank: 200 }

/** Lists that weigh more where they are filtered or ordered, for the communes that have to be looked at. */
export const SCANNED: Readonly<Record<string, number>> = {
  'Nation.communes': 500,
  'Region.communes': 50,
  'Departement.communes': 10,
  'Epci.members': 5,
}

/** What is paid for each entry of a list, and what is paid once for all of them; in tenths. */
interface Cost {
  readonly each: number
  readonly once: number
}

const NOTHING: Cost = { each: 0, once: 0 }

/** Sums are made in tenths of a point, so that twice the same costs exactly twice as much. */
const TENTHS = 10

/**
 * Estimates the cost of an operation, in points, before anything is asked: each field weighs as {@link WEIGHTS} says,
 * and what is in a list as many times as the list may be long ({@link lengthOf}). Of an interface, the dearest type counts.
 * Nothing is merged: the same field under two aliases costs twice. The document is valid, and passed the guards.
 * @param variables after coercion; `@skip` and `@include` read them too.
 */
export function estimateCost(options: {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Arguments
  /** The most entries of a page. */
  readonly pageSize: number
}): number {
  const { schema, document, operation, variables, pageSize } = options
  const fragments = fragmentsOf(document)
  const known = new Map<SelectionSetNode, Map<string, Cost>>()
  const root = schema.getRootType(operation.operation)
  return root ? Math.ceil(totalOf(costOfSet(operation.selectionSet, root, undefined))) / TENTHS : 0

  /** `page` is the size of the page whose fields these are, where they are those of a connection. */
  function costOfSet(set: SelectionSetNode, type: GraphQLObjectType, page: number | undefined): Cost {
    let byType = known.get(set)
    if (!byType) known.set(set, (byType = new Map()))
    const key = `${type.name} ${page}`
    let cost = byType.get(key)
    if (cost === undefined) {
      cost = set.selections.map((node) => costOf(node, type, page)).reduce(sumOf, NOTHING)
      byType.set(key, cost)
    }
    return cost
  }

  function costOf(node: SelectionNode, type: GraphQLObjectType, page: number | undefined): Cost {
    if (isLeftOut(node)) return NOTHING
    if (node.kind === 'Field') return costOfField(node, type, page)
    const fragment = node.kind === 'InlineFragment' ? node : fragments.get(node.name.value)
    const condition = fragment?.typeCondition?.name.value
    if (!fragment || (condition !== undefined && !applies(condition, type))) return NOTHING
    return costOfSet(fragment.selectionSet, type, page)
  }

  function costOfField(node: FieldNode, parent: GraphQLObjectType, page: number | undefined): Cost {
    const field = fieldOf(parent, node.name.value)
    const weight = weightOf(field?.type, node.name.value.startsWith('__') || parent.name.startsWith('__'))
    if (!field || !node.selectionSet) return { each: weight, once: 0 }
    const given = argumentsOf(field, node)
    const { times, inside } = lengthOf({ parent, field, given, page, pageSize })
    const { selectionSet } = node
    const dearest = objectTypes(field.type)
      .map((type) => costOfSet(selectionSet, type, inside))
      .reduce(dearestOf, NOTHING)
    const heavy = heavyOf(`${parent.name}.${field.name}`, given) * TENTHS
    const shared = (SHARED[field.name] ?? 0) * TENTHS
    return { each: heavy + times * (weight + dearest.each), once: shared + (times > 0 ? dearest.once : 0) }
  }

  function argumentsOf(field: GraphQLField<unknown, unknown>, node: FieldNode): Arguments {
    return field.args.length > 0 ? getArgumentValues(field, node, variables) : {}
  }

  function objectTypes(type: GraphQLOutputType): readonly GraphQLObjectType[] {
    const named = getNamedType(type)
    if (isAbstractType(named)) return schema.getPossibleTypes(named)
    return isObjectType(named) ? [named] : []
  }

  function applies(condition: string, type: GraphQLObjectType): boolean {
    const wanted = schema.getType(condition)
    return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type))
  }

  function isLeftOut(node: SelectionNode): boolean {
    if (!node.directives?.length) return false
    const skip = getDirectiveValues(GraphQLSkipDirective, node, variables)
    const include = getDirectiveValues(GraphQLIncludeDirective, node, variables)
    return skip?.['if'] === true || include?.['if'] === false
  }
}

const totalOf = ({ each, once }: Cost): number => each + once

const sumOf = (left: Cost, right: Cost): Cost => ({ each: left.each + right.each, once: left.once + right.once })

/** A list may hold one of each. */
const dearestOf = (left: Cost, right: Cost): Cost => ({
  each: Math.max(left.each, right.each),
  once: Math.max(left.once, right.once),
})

function heavyOf(name: string, { where, orderBy }: Arguments): number {
  const scanned = (where ?? orderBy ?? null) === null ? 0 : (SCANNED[name] ?? 0)
  return scanned + (HEAVY[name] ?? 0)
}

/** The field of a type, or the one by which the root tells of the schema. */
function fieldOf(parent: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
  return parent.getFields()[name] ?? [SchemaMetaFieldDef, TypeMetaFieldDef].find((field) => field.name === name)
}

/** In tenths. */
function weightOf(type: GraphQLOutputType | undefined, isIntrospection: boolean): number {
  if (isIntrospection) return WEIGHTS.introspection * TENTHS
  if (isCompositeType(getNamedType(type))) return WEIGHTS.object * TENTHS
  const bare = isNonNullType(type) ? type.ofType : type
  return (isListType(bare) ? WEIGHTS.listOfLeaves : WEIGHTS.leaf) * TENTHS
}
