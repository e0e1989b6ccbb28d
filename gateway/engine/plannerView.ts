import {
  buildASTSchema,
  parse,
  print,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type GraphQLSchema,
  type ListTypeNode,
  type NamedTypeNode,
  type TypeNode,
} from 'graphql'

/** A supergraph as the planner and its runtime get it. */
export interface PlannerView {
  /** What plans are made from. */
  readonly sdl: string
  /** What the runtime puts answers together by. */
  readonly schema: GraphQLSchema
  /** The name of a subgraph, from its name in a plan. */
  nameOf(planned: string): string
  /** The name in a plan of a subgraph. */
  plannedAs(name: string): string
}

/**
 * Makes the planner's view of a supergraph, which differs in two things.
 *
 * The planner goes through subgraphs by name, and finds no way from an interface object to the fields of a type when its subgraph comes
 * before the one that knows the types: subgraphs with interface objects get a name that comes last.
 *
 * No field must be other than null. Where there is a null all the same, the runtime drops the object around it and says nothing;
 * completion, which comes after it, says where and why.
 */
export function plannerViewOf(supergraphSdl: string): PlannerView {
  const document = parse(supergraphSdl)
  const last = graphsWithInterfaceObjects(document)
  const reordered = visit(document, {
    EnumValueDefinition: (node) => (last.has(node.name.value) ? renamed(node) : undefined),
  })
  const lenient = visit(reordered, { FieldDefinition: (node) => ({ ...node, type: nullable(node.type) }) })
  const names = new Set([...last].flatMap((graph) => nameIn(document, graph)))
  return {
    sdl: last.size === 0 ? supergraphSdl : print(reordered),
    schema: buildASTSchema(lenient, { assumeValid: true }),
    nameOf: (planned) => (planned.startsWith(LAST) ? planned.slice(LAST.length) : planned),
    plannedAs: (name) => (names.has(name) ? `${LAST}${name}` : name),
  }
}

/** Comes after every letter and digit, and no name of a subgraph begins with it. */
const LAST = '~'

/** The values of `join__Graph` whose subgraphs know an interface as an object. */
function graphsWithInterfaceObjects(document: DocumentNode): Set<string> {
  const graphs = new Set<string>()
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      if (name.value !== 'join__type') return
      const values = new Map(given.map((one) => [one.name.value, 'value' in one.value ? one.value.value : undefined]))
      if (values.get('isInterfaceObject') === true) graphs.add(String(values.get('graph')))
    },
  })
  return graphs
}

function nameIn(document: DocumentNode, graph: string): string[] {
  const names: string[] = []
  visit(document, {
    EnumValueDefinition(node) {
      if (node.name.value !== graph) return
      for (const { value } of node.directives?.flatMap(namesOf) ?? [])
        if (value.kind === 'StringValue') names.push(value.value)
    },
  })
  return names
}

const namesOf = ({ name, arguments: given = [] }: ConstDirectiveNode) =>
  name.value === 'join__graph' ? given.filter((one) => one.name.value === 'name') : []

function renamed(node: EnumValueDefinitionNode): EnumValueDefinitionNode {
  return visit(node, {
    Argument(argument) {
      const { name, value } = argument
      if (name.value !== 'name' || value.kind !== 'StringValue') return undefined
      return { ...argument, value: { ...value, value: `${LAST}${value.value}` } }
    },
  })
}

function nullable(type: TypeNode): NamedTypeNode | ListTypeNode {
  if (type.kind === 'NonNullType') return nullable(type.type)
  return type.kind === 'ListType' ? { ...type, type: nullable(type.type) } : type
}
