import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  typeFromAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'

/** A field that a document selects, with its fragments dissolved. */
export interface Selected {
  /** Its key in the answer. */
  readonly key: string
  readonly field: GraphQLField<unknown, unknown>
  /** The type that it is selected on. */
  readonly parent: GraphQLCompositeType
  /** What is selected below; empty for a scalar. */
  readonly below: readonly Selected[]
  /** True where objects of another type than the one selected on may stand there: the field may be absent. */
  readonly conditional: boolean
}

/** A part of a document and the type that it is selected on. */
interface Part {
  readonly selectionSet: SelectionSetNode
  readonly type: GraphQLCompositeType
  readonly conditional: boolean
}

/** What the operation of a document selects, in its order; the same key in several fragments is one field. */
export function selectedBy(document: DocumentNode, schema: GraphQLSchema): readonly Selected[] {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one)
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)
  const type = schema.getQueryType()
  if (operation === undefined || !type) return []
  return select([{ selectionSet: operation.selectionSet, type, conditional: false }])

  function select(parts: readonly Part[]): readonly Selected[] {
    const found = Map.groupBy(parts.flatMap(fieldsOf), ({ key }) => key)
    return [...found].flatMap(([key, [first, ...others]]) => {
      if (first === undefined) return []
      const { field, parent } = first
      const all = [first, ...others]
      const type = getNamedType(field.type)
      const below = all.flatMap(({ node }) =>
        node.selectionSet && isCompositeType(type)
          ? [{ selectionSet: node.selectionSet, type, conditional: false }]
          : [],
      )
      return { key, field, parent, below: select(below), conditional: all.every(({ conditional }) => conditional) }
    })
  }

  function fieldsOf({ selectionSet, type, conditional }: Part): readonly FieldOf[] {
    return selectionSet.selections.flatMap((one) => {
      if (one.kind === Kind.FIELD) {
        const field = fieldOf(type, one.name.value)
        return field ? [{ key: (one.alias ?? one.name).value, node: one, field, parent: type, conditional }] : []
      }
      const target = one.kind === Kind.FRAGMENT_SPREAD ? fragments.get(one.name.value) : one
      if (target === undefined) return []
      const on = target.typeCondition ? typeFromAST(schema, target.typeCondition) : type
      if (!isCompositeType(on)) return []
      const narrows = conditional || !isAlways(schema, type, on)
      return fieldsOf({ selectionSet: target.selectionSet, type: on, conditional: narrows })
    })
  }
}

interface FieldOf {
  readonly key: string
  readonly node: FieldNode
  readonly field: GraphQLField<unknown, unknown>
  readonly parent: GraphQLCompositeType
  readonly conditional: boolean
}

const fieldOf = (type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined =>
  isUnionType(type) ? undefined : type.getFields()[name]

/** Whether each object of one type is of another. */
const isAlways = (schema: GraphQLSchema, type: GraphQLCompositeType, on: GraphQLCompositeType): boolean =>
  type === on || (!isObjectType(on) && !isUnionType(type) && schema.isSubType(on, type))

/** Whether a field gives a list. */
export const isList = ({ field }: Selected): boolean => isListType(getNullableType(field.type))

/** Whether a field may be null, or absent. */
export const isNullable = ({ field, conditional }: Selected): boolean => conditional || !isNonNullType(field.type)

/** The type of a field, or of the entries of its list. */
export const namedTypeOf = ({ field }: Selected): GraphQLNamedType => getNamedType(field.type as GraphQLOutputType)
