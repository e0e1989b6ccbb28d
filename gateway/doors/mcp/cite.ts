import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'

/** A type with fields. */
type Composite = GraphQLObjectType | GraphQLInterfaceType

/** What is said of each figure, and of each fact with a source, where its type has such a field. */
const OF_FIGURE = ['status', 'simulated', 'unit', 'timePeriod', 'provenance']

/** What a citation is made of. */
const OF_PROVENANCE = [
  'attribution',
  'datasetId',
  'datasetVersion',
  'retrievedAt',
  'geographyVintage',
  'licence',
  'owner',
]

/** What is said of each page of a longer list. */
const OF_PAGE = ['totalCount', 'pageInfo']

/** What is asked of the objects in these. */
const OF_ITS_PARTS: Readonly<Record<string, readonly string[]>> = {
  licence: ['title', 'url'],
  owner: ['name'],
  pageInfo: ['hasNextPage', 'endCursor'],
}

/**
 * A document that asks for the citation of each figure beside it, so that no number goes without, and of each page how many there
 * are in all, so that none passes for the whole: what is missing is added, and the rest stays as it was. A key that means another field already keeps its meaning. A document in which nothing is missing, or that this
 * schema does not know, is returned as it is.
 */
export function cited(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one)
  const types = new TypeInfo(schema)
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        leave(node) {
          const type = getNamedType(types.getType())
          const wanted = type && wantedOf(type, node, getNamedType(types.getParentType()))
          if (wanted === undefined || node.selectionSet === undefined || !isComposite(type)) return undefined
          const missing = missingFrom(node.selectionSet, wanted, fragments)
          if (missing.length === 0) return undefined
          const added = missing.flatMap((name) => fieldNode(type, name))
          const selections = [...node.selectionSet.selections, ...added]
          return { ...node, selectionSet: { ...node.selectionSet, selections } }
        },
      },
    }),
  )
}

const isComposite = (type: unknown): type is Composite => isObjectType(type) || isInterfaceType(type)

/** Whether a type tells where it comes from. */
const isCited = (type: GraphQLNamedType | undefined | null): type is Composite =>
  isComposite(type) && isProvenance(getNamedType(type.getFields()['provenance']?.type))

const isProvenance = (type: GraphQLNamedType | undefined | null): boolean =>
  isComposite(type) && type.getFields()['attribution'] !== undefined

/** Whether a type is a page, as Relay has it. */
const isPage = (type: GraphQLNamedType | undefined | null): type is Composite =>
  isComposite(type) && 'pageInfo' in type.getFields() && ['nodes', 'edges'].some((name) => name in type.getFields())

/** The fields that an object should be asked for; undefined where any will do. */
function wantedOf(
  type: GraphQLNamedType,
  { name }: FieldNode,
  parent: GraphQLNamedType | undefined,
): readonly string[] | undefined {
  if (isCited(type)) return OF_FIGURE.filter((one) => type.getFields()[one])
  if (isPage(type)) return OF_PAGE.filter((one) => type.getFields()[one])
  if (isCited(parent) && name.value === 'provenance') return OF_PROVENANCE
  return isProvenance(parent) || isPage(parent) ? OF_ITS_PARTS[name.value] : undefined
}

/** The names among those wanted under which nothing is asked yet. */
function missingFrom(
  set: SelectionSetNode,
  wanted: readonly string[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly string[] {
  const taken = new Set<string>()
  const seen = new Set<string>()
  gather(set)
  return wanted.filter((name) => !taken.has(name))

  function gather({ selections }: SelectionSetNode): void {
    for (const one of selections) {
      if (one.kind === Kind.FIELD) taken.add((one.alias ?? one.name).value)
      else if (one.kind === Kind.INLINE_FRAGMENT) gather(one.selectionSet)
      else if (!seen.has(one.name.value)) {
        seen.add(one.name.value)
        const fragment = fragments.get(one.name.value)
        if (fragment) gather(fragment.selectionSet)
      }
    }
  }
}

/** A field with all that is wanted below it; none where the type has no such field. */
function fieldNode(type: Composite, name: string): FieldNode[] {
  const field = type.getFields()[name]
  if (field === undefined) return []
  const below = getNamedType(field.type)
  const wanted = isProvenance(below) ? OF_PROVENANCE : (OF_ITS_PARTS[name] ?? [])
  const selections = isComposite(below) ? wanted.flatMap((one) => fieldNode(below, one)) : []
  if (isComposite(below) && selections.length === 0) return []
  return [
    {
      kind: Kind.FIELD,
      name: { kind: Kind.NAME, value: name },
      ...(selections.length > 0 && { selectionSet: { kind: Kind.SELECTION_SET, selections } }),
    },
  ]
}
