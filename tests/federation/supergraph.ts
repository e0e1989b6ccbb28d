/** What the `@join__…` directives of the supergraph say: which subgraphs answer each field. */
import { buildSchema, isInterfaceType, isObjectType, type DirectiveNode, type GraphQLOutputType } from 'graphql'
import { readSupergraph } from './federation.ts'

/** A field of an object or interface type of the supergraph. */
export interface OwnedField {
  readonly type: string
  readonly field: string
  readonly returns: GraphQLOutputType
  /** The subgraphs that answer it, by name, sorted. */
  readonly owners: readonly string[]
  /** The subgraphs that know its type, by name, sorted. */
  readonly knownTo: readonly string[]
}

/** Every field that clients can ask for, with its owners. */
export async function fieldsOfSupergraph(): Promise<readonly OwnedField[]> {
  const schema = buildSchema(await readSupergraph(), { assumeValid: true })
  return Object.values(schema.getTypeMap()).flatMap((type): OwnedField[] => {
    if (!(isObjectType(type) || isInterfaceType(type)) || type.name.startsWith('__')) return []
    const knownTo = graphsOf('join__type', type.astNode?.directives)
    return Object.values(type.getFields()).map(({ name, type: returns, astNode }) => {
      const owners = graphsOf('join__field', astNode?.directives)
      return { type: type.name, field: name, returns, owners: owners.length === 0 ? knownTo : owners, knownTo }
    })
  })
}

/** The `graph:` of each use of a directive, by subgraph name, but where the field is `external` to it. */
function graphsOf(directive: string, directives: readonly DirectiveNode[] = []): readonly string[] {
  const graphs = directives
    .filter(({ name }) => name.value === directive)
    .map(({ arguments: given = [] }) =>
      Object.fromEntries(given.map(({ name, value }) => [name.value, 'value' in value ? value.value : null])),
    )
    .flatMap(({ graph, external }) => (typeof graph === 'string' && external !== true ? [graph.toLowerCase()] : []))
  return [...new Set(graphs)].toSorted()
}
