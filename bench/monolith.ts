/**
 * One GraphQL server without federation over the same store: what the federated gateway is held against. One schema, the
 * resolvers of the five subgraphs called directly, no `_entities`; the total of the three cycles takes its parts in the same
 * process. It stands behind the same app, so that guards, cost, JSON and HTTP are the same, and only the engine differs.
 */
import {
  buildASTSchema,
  execute,
  isAbstractType,
  isObjectType,
  parse,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql'
import { OWNERS } from '../core/observations/owner.ts'
import type { Store } from '../core/store/open.ts'
import type { StoreReader } from '../core/store/reader.ts'
import type { Engine, GatewayContext } from '../gateway/engine.ts'
import { createContext, observe, type SubgraphContext } from '../subgraphs/kit/context.ts'
import { CYCLES } from '../subgraphs/kit/enrolment.ts'
import type { EnrolmentParent } from '../subgraphs/kit/parents.ts'
import { SUBGRAPHS } from '../subgraphs/registry.ts'

/** A schema that answers everything itself, and what each request of it starts with. */
export interface Monolith {
  readonly schema: GraphQLSchema
  context(): SubgraphContext
}

/** Makes the schema over a store. @param supergraphSdl the supergraph as committed, for the types that clients see. */
export function createMonolith(store: Store, supergraphSdl: string): Monolith {
  const schema = buildASTSchema(withoutFederation(parse(supergraphSdl)))
  for (const [type, fields] of resolversByType()) attach(schema, type, fields)
  const reader = readerOfAll(store)
  return { schema, context: () => createContext(reader) }
}

/** The schema as an engine of the gateway's app. */
export function monolithEngine({ schema, context }: Monolith): Engine {
  const listeners = new Set<Parameters<Engine['onSchemaLoadOrUpdate']>[0]>()
  return {
    apiSchema: schema,
    pin: () => undefined,
    subgraphs: () => [],
    watchCalls() {},
    take: async () => {},
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async load() {
      for (const listener of listeners) listener({ apiSchema: schema, coreSupergraphSdl: '' })
      return {
        executor: async ({ document, operationName, request }): Promise<ExecutionResult> =>
          execute({
            schema,
            document,
            variableValues: request.variables ?? {},
            operationName: request.operationName ?? operationName,
            contextValue: context() satisfies SubgraphContext as SubgraphContext & GatewayContext,
          }),
      }
    },
    async stop() {},
  }
}

/** What clients see of a supergraph: everything but what says who answers what. */
function withoutFederation(supergraph: DocumentNode): DocumentNode {
  const isOfFederation = (name: string): boolean => name === 'link' || /^(join|link)__/.test(name)
  const drop = ({ name }: { readonly name: { readonly value: string } }) =>
    isOfFederation(name.value) ? null : undefined
  return visit(supergraph, {
    Directive: drop,
    DirectiveDefinition: drop,
    ScalarTypeDefinition: drop,
    EnumTypeDefinition: drop,
    InputObjectTypeDefinition: drop,
    SchemaDefinition: () => null,
  })
}

type Resolver = GraphQLFieldResolver<never, SubgraphContext>
type Fields = Readonly<Record<string, Resolver>>

/** The resolvers of all subgraphs together. @throws Error where two resolve one field in different ways. */
function resolversByType(): ReadonlyMap<string, Fields> {
  const types = new Map<string, Record<string, Resolver>>()
  for (const { name: owner, resolvers } of Object.values(SUBGRAPHS)) {
    for (const [type, fields] of Object.entries(resolvers as Record<string, Fields>)) {
      const known = types.get(type) ?? {}
      types.set(type, known)
      for (const [field, resolve] of Object.entries(fields)) {
        if (field === '__resolveReference') continue
        if (known[field] !== undefined && known[field] !== resolve)
          throw new Error(`${owner} resolves ${type}.${field} in another way than a subgraph before it`)
        known[field] = resolve
      }
    }
  }
  const enrolment = types.get('SchoolEnrolment')
  if (enrolment?.['total'] !== undefined) enrolment['total'] = totalInProcess(enrolment['total'])
  return types
}

/** The total with the parts that the gateway would send along. */
function totalInProcess(total: Resolver): Resolver {
  return (enrolment: EnrolmentParent, given, context, info) => {
    const { schoolYear: period, place } = enrolment
    const part = (measure: string) => observe(context, { measure, period, place })
    const parts = {
      primary: part(CYCLES.primary),
      lowerSecondary: part(CYCLES.lowerSecondary),
      upperSecondary: part(CYCLES.upperSecondary),
    }
    return total({ ...enrolment, parts } as never, given, context, info)
  }
}

function attach(schema: GraphQLSchema, name: string, fields: Fields): void {
  const type = schema.getType(name)
  for (const [field, resolve] of Object.entries(fields)) {
    if (field === '__resolveType' && isAbstractType(type)) type.resolveType = resolve as never
    else if (isObjectType(type) && type.getFields()[field]) type.getFields()[field]!.resolve = resolve as never
    else throw new Error(`no type of the schema has a field for the resolver ${name}.${field}`)
  }
}

/** One reader over the measures of all owners: what a server of one's own would have. */
function readerOfAll(store: Store): StoreReader {
  const readers = new Map(OWNERS.map((owner) => [owner, store.reader(owner)]))
  const national = store.reader('national')
  const readerOf = (owner: (typeof OWNERS)[number] | undefined): StoreReader =>
    readers.get(owner ?? 'national') ?? national
  const ofMeasure = (id: string): StoreReader => readerOf(national.measure(id)?.owner)
  const ofSlice = (slice: number | undefined): StoreReader => readerOf(store.manifest.slices[slice ?? -1]?.owner)
  return {
    ...national,
    observe: (measure, ...rest) => ofMeasure(measure).observe(measure, ...rest),
    breakDown: (measure, ...rest) => ofMeasure(measure).breakDown(measure, ...rest),
    notApplicable: (measure, ...rest) => ofMeasure(measure).notApplicable(measure, ...rest),
    observeSchool: (measure, ...rest) => ofMeasure(measure).observeSchool(measure, ...rest),
    missingIn: (counted) => counted.flatMap((cell) => ofSlice(cell.slice).missingIn([cell])),
    conversionsOf: (observation) => ofSlice(observation.counted?.[0]?.slice).conversionsOf(observation),
  }
}
