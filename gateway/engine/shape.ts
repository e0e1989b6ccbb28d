import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** A field as the schema knows it: who owns it is asked by this name. */
export interface FieldName {
  readonly parent: string
  readonly field: string
}

/** A selection of fields, made ready once for each type that an object may turn out to have. */
export interface Shape {
  /** The fields expected of an object of this type; without a type, those of any type that it may have. */
  fieldsOf(typeName?: string): readonly ShapeField[]
  /** The object types that may stand here; null where an answer may use any name. */
  readonly types: ReadonlySet<string> | null
  /** The interfaces and unions that stand here: a subgraph with interface objects calls its objects by them. */
  readonly abstracts: ReadonlySet<string>
}

/** One expected field. */
export interface ShapeField extends FieldName {
  /** Its key in the answer: the alias, else the name. */
  readonly key: string
  /** Its key in the data that is completed. */
  readonly from: string
  /** True when it stands in a fragment that may not apply, so that its absence is no fault. */
  readonly optional: boolean
  readonly value: ShapeValue
}

/** What is expected of the value of a field, or of an item of a list. */
export interface ShapeValue {
  readonly nonNull: boolean
  readonly item?: ShapeValue
  readonly shape?: Shape
  /** Gives back the leaf, or `undefined` when it has the wrong type. Absent: anything goes. */
  readonly leaf?: (value: unknown) => unknown
  /** Whether a value is not for clients (`@inaccessible`), who find null there. Absent: all are. */
  readonly hides?: (value: unknown) => boolean
}

/** The shape of an operation, and whether it holds for any variables. */
export interface OperationShape {
  readonly root: Shape
  readonly rootType: string
  /** False when a `@skip` or `@include` read a variable. */
  readonly reusable: boolean
}

/** Makes the shape of an operation. Fields are read lazily, so a type that never comes up costs nothing. */
export function shapeOf(options: {
  schema: GraphQLSchema
  document: DocumentNode
  operation: OperationDefinitionNode
  /** The schema with what is not for clients; default: there is nothing else. */
  supergraph?: GraphQLSchema
  /** After coercion: `@skip` and `@include` read them. */
  variables?: Record<string, unknown> | undefined
  /** Whether an object may call itself by the name of an interface, as subgraphs with interface objects do. */
  interfaceObjects?: boolean
  /** The key under which a field stands in the data that is completed, from its key in the answer and its name; default the former. */
  cameAs?: (key: string, field: string) => string
}): OperationShape {
  const { schema, document, operation, supergraph, variables = {} } = options
  const { interfaceObjects = false, cameAs = (key) => key } = options
  const fragments = fragmentsOf(document)
  const rootType = schema.getRootType(operation.operation)
  return {
    root: makeShape([{ parent: rootType ?? null, selectionSet: operation.selectionSet }]),
    rootType: rootType?.name ?? operation.operation,
    reusable: !readsVariables(document),
  }

  function makeShape(sources: readonly Source[]): Shape {
    const memo = new Map<string | undefined, readonly ShapeField[]>()
    return {
      types: interfaceObjects ? null : possibleTypes(schema, sources),
      abstracts: new Set(sources.flatMap(({ parent }) => (isAbstractType(parent) ? [parent.name] : []))),
      fieldsOf(typeName) {
        // A name comes from an answer: only those that the schema knows are worth remembering.
        const known = typeName !== undefined && compositeType(typeName) ? typeName : undefined
        let fields = memo.get(known)
        if (!fields) memo.set(known, (fields = collect(sources, known)))
        return fields
      },
    }
  }

  function collect(sources: readonly Source[], typeName: string | undefined): ShapeField[] {
    const found = new Map<
      string,
      { name: FieldName; optional: boolean; type: GraphQLOutputType | null; sources: Source[] }
    >()
    const spread = new Set<string>()
    for (const { parent, selectionSet } of sources) walk(selectionSet, parent, false)
    return [...found].map(([key, { name, optional, type, sources }]) => ({
      key,
      from: cameAs(key, name.field),
      ...name,
      optional,
      value: makeValue(type, sources),
    }))

    function walk(selectionSet: SelectionSetNode, parent: GraphQLCompositeType | null, optional: boolean): void {
      const own = typeName === undefined ? parent : (compositeType(typeName) ?? parent)
      for (const node of selectionSet.selections) {
        if (isLeftOut(node)) continue
        if (node.kind === 'Field') {
          addField(node.alias?.value ?? node.name.value, node.name.value, node.selectionSet, own, optional)
          continue
        }
        const fragment = node.kind === 'InlineFragment' ? node : fragments.get(node.name.value)
        if (!fragment || (node.kind === 'FragmentSpread' && isKnown(spread, `${node.name.value} ${optional}`))) continue
        const condition = fragment.typeCondition?.name.value
        const match = condition === undefined ? true : applies(condition, typeName ?? parent?.name)
        if (match === false && typeName !== undefined) continue
        walk(
          fragment.selectionSet,
          condition === undefined ? parent : compositeType(condition),
          optional || match === false,
        )
      }
    }

    function addField(
      key: string,
      field: string,
      selectionSet: SelectionSetNode | undefined,
      parent: GraphQLCompositeType | null,
      optional: boolean,
    ): void {
      const known = found.get(key)
      const type = outputType(parent, field)
      const source = selectionSet && !field.startsWith('__') && { parent: namedComposite(type), selectionSet }
      if (!known) {
        const name = { parent: parent?.name ?? 'Query', field }
        found.set(key, { name, optional, type, sources: source ? [source] : [] })
        return
      }
      known.optional &&= optional
      if (source) known.sources.push(source)
    }
  }

  function makeValue(type: GraphQLOutputType | null, sources: readonly Source[]): ShapeValue {
    if (!type)
      return sources.length ? { nonNull: false, item: { nonNull: false, shape: makeShape(sources) } } : ANYTHING
    if (isNonNullType(type)) return { ...makeValue(type.ofType, sources), nonNull: true }
    if (isListType(type)) return { nonNull: false, item: makeValue(type.ofType, sources) }
    const hidden = supergraph && hiddenIn(type, schema, supergraph)
    if (isCompositeType(type)) {
      const hides = hidden && ((value: unknown) => hidden.has((value as { __typename?: string }).__typename ?? ''))
      return { nonNull: false, shape: makeShape(sources), ...(hides && { hides }) }
    }
    if (isEnumType(type)) {
      const leaf = (value: unknown) => (typeof value === 'string' && type.getValue(value) ? value : undefined)
      return { nonNull: false, leaf, ...(hidden && { hides: (value) => hidden.has(String(value)) }) }
    }
    const leaf = LEAVES[type.name]
    return leaf ? { nonNull: false, leaf } : ANYTHING
  }

  function isLeftOut(node: { readonly directives?: readonly DirectiveNode[] }): boolean {
    if (!node.directives?.length) return false
    const skip = getDirectiveValues(GraphQLSkipDirective, node, variables)
    const include = getDirectiveValues(GraphQLIncludeDirective, node, variables)
    return skip?.['if'] === true || include?.['if'] === false
  }

  function applies(condition: string, typeName: string | undefined): boolean {
    if (condition === typeName) return true
    const wanted = schema.getType(condition)
    const actual = typeName === undefined ? undefined : schema.getType(typeName)
    return (
      isAbstractType(wanted) && (isObjectType(actual) || isInterfaceType(actual)) && schema.isSubType(wanted, actual)
    )
  }

  function compositeType(name: string): GraphQLCompositeType | null {
    const type = schema.getType(name)
    return isCompositeType(type) ? type : null
  }
}

interface Source {
  readonly parent: GraphQLCompositeType | null
  readonly selectionSet: SelectionSetNode
}

const ANYTHING: ShapeValue = { nonNull: false }

/** The types of JSON that stand for the five scalars of GraphQL. Other scalars are their owner's business. */
const LEAVES: Readonly<Record<string, (value: unknown) => unknown>> = {
  Int: (value) => (Number.isInteger(value) ? value : undefined),
  Float: (value) => (Number.isFinite(value) ? value : undefined),
  String: (value) => (typeof value === 'string' ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  ID: (value) => (typeof value === 'string' ? value : Number.isInteger(value) ? String(value) : undefined),
}

/** The type of a field. Null for what the schema does not hold: `_entities`, and what a subgraph keeps to itself. */
function outputType(parent: GraphQLCompositeType | null, field: string): GraphQLOutputType | null {
  if (!parent || !('getFields' in parent)) return null
  return parent.getFields()[field]?.type ?? null
}

function namedComposite(type: GraphQLOutputType | null): GraphQLCompositeType | null {
  let named: GraphQLOutputType | null = type
  while (isNonNullType(named) || isListType(named)) named = named.ofType as GraphQLOutputType
  return isCompositeType(named) ? named : null
}

function isKnown(names: Set<string>, name: string): boolean {
  if (names.has(name)) return true
  names.add(name)
  return false
}

/** The values of an enum, or the types of an interface or union, that are not for clients; undefined where all are. */
function hiddenIn(
  type: GraphQLOutputType,
  schema: GraphQLSchema,
  supergraph: GraphQLSchema,
): ReadonlySet<string> | undefined {
  const names = (known: GraphQLSchema): string[] => {
    const one = 'name' in type ? known.getType(type.name) : undefined
    if (isEnumType(one)) return one.getValues().map(({ name }) => name)
    return isAbstractType(one) ? known.getPossibleTypes(one).map(({ name }) => name) : []
  }
  const shown = new Set(names(schema))
  const hidden = names(supergraph).filter((name) => !shown.has(name))
  return hidden.length === 0 ? undefined : new Set(hidden)
}

/** The names of the object types that a selection may meet. Null when nothing is known of it. */
function possibleTypes(schema: GraphQLSchema, sources: readonly Source[]): ReadonlySet<string> | null {
  if (sources.some(({ parent }) => parent === null)) return null
  const names = sources.flatMap(({ parent }) => {
    if (isAbstractType(parent)) return schema.getPossibleTypes(parent).map((type) => type.name)
    return parent ? [parent.name] : []
  })
  return new Set(names)
}

/** The fragments of a document, by name. */
export function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions) if (node.kind === 'FragmentDefinition') fragments.set(node.name.value, node)
  return fragments
}

/** Whether any `@skip` or `@include` of the document reads a variable. */
function readsVariables(document: DocumentNode): boolean {
  return document.definitions.some((definition) => 'selectionSet' in definition && anyReads(definition.selectionSet))
}

function anyReads(selectionSet: SelectionSetNode): boolean {
  return selectionSet.selections.some((node) => {
    const conditions = node.directives?.flatMap((directive) => directive.arguments ?? []) ?? []
    if (conditions.some(({ value }) => value.kind === 'Variable')) return true
    return 'selectionSet' in node && node.selectionSet !== undefined && anyReads(node.selectionSet)
  })
}
