import {
  parse,
  print,
  visit,
  type DirectiveNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql'

/** A supergraph as the planner gets it. */
export interface PlannerView {
  readonly sdl: string
  /** The name of a subgraph, from its name in a plan. */
  nameOf(planned: string): string
}

/**
 * Makes the planner's view of a supergraph, which differs in two things.
 *
 * The planner fails, and takes the process with it, on a field with `@requires` in a subgraph that has several keys of its entity. Where
 * one of them is a key in all subgraphs of the entity, the others lead nowhere that it does not: the planner sees that one.
 *
 * The planner goes through subgraphs by name, and finds no way from an interface object to the fields of a type when its subgraph comes
 * before the one that knows the types: subgraphs with interface objects get a name that comes last.
 */
export function plannerViewOf(supergraphSdl: string): PlannerView {
  const document = parse(supergraphSdl)
  const last = graphsWithInterfaceObjects(document)
  const reordered = visit(document, {
    EnumValueDefinition: (node) => (last.has(node.name.value) ? renamed(node) : undefined),
    ObjectTypeDefinition: withOneKey,
  })
  return {
    sdl: reordered === document ? supergraphSdl : print(reordered),
    nameOf: (planned) => (planned.startsWith(LAST) ? planned.slice(LAST.length) : planned),
  }
}

/** Comes after every letter and digit, and no name of a subgraph begins with it. */
const LAST = '~'

/** The values of `join__Graph` whose subgraphs know an interface as an object. */
function graphsWithInterfaceObjects(document: DocumentNode): Set<string> {
  const graphs = new Set<string>()
  visit(document, {
    Directive(node) {
      if (node.name.value !== 'join__type') return
      const { isInterfaceObject, graph = '' } = factsOf(node)
      if (isInterfaceObject === 'true') graphs.add(graph)
    },
  })
  return graphs
}

function renamed(node: EnumValueDefinitionNode): EnumValueDefinitionNode {
  return visit(node, {
    Argument(argument) {
      const { name, value } = argument
      if (name.value !== 'name' || value.kind !== 'StringValue') return undefined
      return { ...argument, value: { ...value, value: `${LAST}${value.value}` } }
    },
  })
}

/** The same entity with one key in each subgraph that computes from others; undefined where there is nothing to leave out. */
function withOneKey(node: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode | undefined {
  const { directives = [], fields = [] } = node
  const uses = directives
    .filter(({ name }) => name.value === 'join__type')
    .map((use) => ({ use, ...factsOf(use as DirectiveNode) }))
  const graphs = new Set(uses.map(({ graph }) => graph))
  const isKeyOfAll = (key: string) =>
    [...graphs].every((graph) =>
      uses.some((one) => one.graph === graph && one.key === key && one.resolvable !== 'false'),
    )
  const common = uses.find(({ key }) => key !== undefined && isKeyOfAll(key))?.key
  if (common === undefined) return undefined

  const facts = fields.flatMap((field) => field.directives ?? []).map((one) => factsOf(one as DirectiveNode))
  const computing = new Set(facts.filter(({ requires }) => requires !== undefined).map(({ graph }) => graph))
  const left = new Set(uses.filter(({ graph, key }) => computing.has(graph) && key !== common).map(({ use }) => use))
  return left.size === 0 ? undefined : { ...node, directives: directives.filter((one) => !left.has(one)) }
}

/** What a directive of the supergraph says, as text. */
type Facts = { readonly [Name in 'graph' | 'key' | 'resolvable' | 'requires' | 'isInterfaceObject']?: string }

const factsOf = ({ arguments: given = [] }: DirectiveNode): Facts =>
  Object.fromEntries(given.map(({ name, value }) => [name.value, 'value' in value ? String(value.value) : '']))
