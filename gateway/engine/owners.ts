import { isInterfaceType, isObjectType, type ArgumentNode, type DirectiveNode, type GraphQLSchema } from 'graphql'
import type { FieldName } from './shape.ts'

/** The subgraphs that can answer a field, by their names, from the `@join__…` directives of a supergraph. */
export function ownersOfFields(supergraph: GraphQLSchema): (name: FieldName) => readonly string[] {
  const names = new Map(readGraphs(supergraph).map(({ value, name }) => [value, name]))
  const memo = new Map<string, readonly string[]>()
  return ({ parent, field }) => {
    const key = `${parent}.${field}`
    let owners = memo.get(key)
    if (!owners)
      memo.set(key, (owners = readOwners(supergraph, parent, field).map((graph) => names.get(graph) ?? graph)))
    return owners
  }
}

/** The addresses of the subgraphs by name, from `@join__graph(name:, url:)`. Empty text where the supergraph gives none. */
export function urlsOfSubgraphs(supergraph: GraphQLSchema): Map<string, string> {
  return new Map(readGraphs(supergraph).map(({ name, url }) => [name, url]))
}

function readGraphs(supergraph: GraphQLSchema): { value: string; name: string; url: string }[] {
  const graphs = supergraph.getType('join__Graph')?.astNode
  if (graphs?.kind !== 'EnumTypeDefinition') return []
  return (graphs.values ?? []).map((node) => {
    const [{ name = node.name.value, url = '' } = {}] = usesOf('join__graph', node)
    return { value: node.name.value, name, url }
  })
}

/** `@join__field` says who answers a field; without one, every subgraph of its type does. */
function readOwners(supergraph: GraphQLSchema, parent: string, field: string): string[] {
  const type = supergraph.getType(parent)
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  const fields = usesOf('join__field', type.getFields()[field]?.astNode)
  const uses = fields.length ? fields.filter(({ external }) => external !== 'true') : usesOf('join__type', type.astNode)
  return uses.flatMap(({ graph }) => graph ?? [])
}

/** The arguments of each use of a directive, as text: enough for names, addresses and flags. */
function usesOf(
  directive: string,
  node: { readonly directives?: readonly DirectiveNode[] | undefined } | null | undefined,
): Record<string, string | undefined>[] {
  const uses = node?.directives?.filter(({ name }) => name.value === directive) ?? []
  return uses.map(({ arguments: given = [] }) =>
    Object.fromEntries(given.map(({ name, value }) => [name.value, textOf(value)])),
  )
}

function textOf(value: ArgumentNode['value']): string {
  return 'value' in value ? String(value.value) : ''
}
