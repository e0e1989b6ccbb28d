import {
  getNamedType,
  isCompositeType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql'

/** Fields whose values change without a new version of the data: with the day, or with a file that is refused. */
export const VOLATILE: ReadonlySet<string> = new Set([
  'Dataset.freshness',
  'Dataset.nextExpected',
  'Dataset.quarantine',
])

/** Returns a function that tells whether a valid document asks for anything of {@link VOLATILE}; each document is read once. */
export function volatileIn(): (schema: GraphQLSchema, document: DocumentNode) => boolean {
  const known = new WeakMap<DocumentNode, boolean>()
  return (schema, document) => {
    const before = known.get(document)
    if (before !== undefined) return before
    const found = asksVolatile(schema, document)
    known.set(document, found)
    return found
  }
}

function asksVolatile(schema: GraphQLSchema, document: DocumentNode): boolean {
  const typeInfo = new TypeInfo(schema)
  let found = false
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field({ name }) {
        const parent = getNamedType(typeInfo.getParentType())
        if (isCompositeType(parent) && VOLATILE.has(`${parent.name}.${name.value}`)) found = true
      },
    }),
  )
  return found
}
