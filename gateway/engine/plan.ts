import type {
  BatchFetchNode,
  EntityBatchAlias,
  FetchNode,
  FlattenNodePathSegment,
  PlanNode,
  QueryPlan,
} from '@graphql-hive/router-query-planner'
import { parse, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql'
import type { Step } from './ask.ts'
import type { Path } from './complete.ts'
import { collectEntities, compilePath, pathOf, type PathStep, type Place } from './entities.ts'
import { toAnswerError, type AnswerError } from './errors.ts'
import { mergeInto, type Item } from './merge.ts'
import { compileRequires, type Represent } from './requires.ts'
import { compileRewrites, type Rewrite } from './rewrites.ts'
import { interfacesOf, subtypesOf, type IsA } from './subtypes.ts'

/*
 * A query plan is a tree of calls: some after, some beside each other, most of them for the entities that the calls before
 * brought. It is made into functions once; what is left for each request is to find the entities, ask, and merge. The runtime
 * that the planner's authors offer does the same in a more general way, twice as slowly (docs/decisions/0017-speed.md).
 */

/** Asks one subgraph; never rejects. */
export type AskStep = (step: Step) => Promise<ExecutionResult>

/** A plan that is ready to run. */
export interface Plan {
  /** Runs the plan. @param variables after coercion. */
  run(variables: Readonly<Record<string, unknown>>, ask: AskStep): Promise<PlanResult>
}

/** Data and errors as the plan left them: fields that only the plan needed are still there. */
export interface PlanResult {
  readonly data: Record<string, unknown>
  readonly errors: readonly AnswerError[]
}

/** One run of a plan. */
interface PlanRun {
  readonly variables: Readonly<Record<string, unknown>>
  readonly ask: AskStep
  /** The names of the interfaces of the supergraph. */
  readonly interfaces: ReadonlySet<string>
  readonly data: Item
  readonly errors: AnswerError[]
}

/** Does its part of a run; gives a promise only where it waits for something. */
type Part = (run: PlanRun) => Promise<unknown> | undefined

/** Makes a plan ready to run. @throws Error for nodes that only subscriptions and `@defer` have. */
export function compilePlan({ node }: QueryPlan, supergraph: GraphQLSchema): Plan {
  if (!node) throw new Error('The query plan is empty')
  const part = compileNode(node, subtypesOf(supergraph))
  const interfaces = interfacesOf(supergraph)
  return {
    async run(variables, ask) {
      const run: PlanRun = { variables, ask, interfaces, data: {}, errors: [] }
      await part(run)
      return { data: run.data, errors: run.errors }
    },
  }
}

function compileNode(node: PlanNode, isA: IsA): Part {
  switch (node.kind) {
    case 'Sequence':
      return inSequence(node.nodes.map((one) => compileNode(one, isA)))
    case 'Parallel': {
      // Changes are made in order: what belongs to the ones before is asked first.
      const changes = node.nodes.filter(isMutation).map((one) => compileNode(one, isA))
      const others = inParallel(node.nodes.filter((one) => !isMutation(one)).map((one) => compileNode(one, isA)))
      return changes.length === 0 ? others : inSequence([others, ...changes])
    }
    case 'Fetch':
      return fetchRoot(node, isA)
    case 'Flatten':
      if (node.node.kind !== 'Fetch') throw new Error(`The plan flattens into ${node.node.kind}`)
      return fetchEntities(node.node, node.path, isA)
    case 'BatchFetch':
      return fetchBatch(node, isA)
    case 'Condition': {
      const [then, otherwise] = [node.ifClause, node.elseClause].map((one) => one && compileNode(one, isA))
      return (run) => (run.variables[node.condition] === true ? then : otherwise)?.(run)
    }
    default:
      throw new Error(`The plan holds ${node.kind}, which nothing here asks for`)
  }
}

const isMutation = (node: PlanNode): boolean => node.kind === 'Fetch' && /^\s*mutation\b/.test(node.operation)

function inSequence(parts: readonly Part[]): Part {
  return async (run) => {
    for (const part of parts) {
      const pending = part(run)
      if (pending) await pending
    }
  }
}

function inParallel(parts: readonly Part[]): Part {
  return (run) => {
    const pending = parts.flatMap((part) => part(run) ?? [])
    return pending.length > 1 ? Promise.all(pending) : pending[0]
  }
}

/** Asks for fields of the root. */
function fetchRoot(node: FetchNode, isA: IsA): Part {
  const call = callOf(node)
  const rewrite = compileRewrites(node.outputRewrites, isA)
  const fallback = firstField(call.document)
  return async (run) => {
    const { data, errors = [] } = await run.ask({ ...call, variables: variablesFor(node, run) })
    for (const error of errors) run.errors.push({ ...toAnswerError(error), path: error.path ?? fallback })
    if (data) mergeInto(run.data, rewrite(data) as Item, run.interfaces)
  }
}

/** Entities found in the data, each distinct one to be asked for once. */
interface Found {
  readonly entities: readonly Item[]
  readonly places: readonly Place[]
  /** For each entity the position of its representation. */
  readonly order: readonly number[]
}

/** Asks for fields of the entities that a path leads to. */
function fetchEntities(node: FetchNode, path: readonly FlattenNodePathSegment[], isA: IsA): Part {
  const call = callOf(node)
  const steps = compilePath(path)
  const represent = compileRequires(node.requires ?? [], isA)
  const rewriteInput = compileRewrites(node.inputRewrites, isA)
  const rewrite = compileRewrites(node.outputRewrites, isA)
  const fields = path.flatMap((step) => (step !== '@' && 'Field' in step ? [step.Field] : []))
  const fallback = fields.length > 0 ? fields : firstField(call.document)

  return (run) => {
    const batch = createBatch()
    const found = find(run.data, { steps, isA, represent, rewriteInput }, batch)
    return batch.representations.length > 0 ? ask(run, batch.representations, found) : undefined
  }

  async function ask(run: PlanRun, representations: readonly Item[], found: Found): Promise<void> {
    const variables = { ...variablesFor(node, run), representations }
    const { data, errors = [] } = await run.ask({ ...call, variables })
    for (const error of errors) run.errors.push(...relocate(error, placesOf('_entities', found), fallback))
    const answered = (rewrite(data) as Item | null | undefined)?.['_entities']
    if (Array.isArray(answered)) mergeEntities(answered, [found], run.interfaces)
  }
}

/** Asks for fields of several groups of entities in one call, each group under an alias. */
function fetchBatch(node: BatchFetchNode, isA: IsA): Part {
  const call = callOf(node)
  const groups = node.entityBatch.aliases
    .filter(({ requires }) => requires.length > 0)
    .map((group) => ({ ...compileGroup(group, isA), alias: group.alias, variable: group.representationsVariableName }))

  return (run) => {
    const batches = new Map<string, Batch>()
    const found = groups.map(({ variable, paths, ...rules }) => {
      const batch = batches.get(variable) ?? createBatch()
      batches.set(variable, batch)
      return paths.map((steps) => find(run.data, { ...rules, steps, isA }, batch))
    })
    const asked = [...batches].map(([variable, { representations }]) => [variable, representations] as const)
    return asked.some(([, representations]) => representations.length > 0)
      ? ask(run, Object.fromEntries(asked), found)
      : undefined
  }

  async function ask(run: PlanRun, representations: Item, found: readonly (readonly Found[])[]): Promise<void> {
    const { data, errors = [] } = await run.ask({
      ...call,
      variables: { ...variablesFor(node, run), ...representations },
    })
    for (const error of errors) {
      const group = groups.findIndex(({ alias }) => alias === error.path?.[0])
      const places = (found[group] ?? []).flatMap((one) => placesOf(groups[group]?.alias ?? '', one)(error))
      run.errors.push(...(places.length > 0 ? places : [toAnswerError(error)]))
    }
    for (const [position, { alias, rewrite }] of groups.entries()) {
      const answered = rewrite(data?.[alias])
      if (Array.isArray(answered)) mergeEntities(answered, found[position] ?? [], run.interfaces)
    }
  }
}

function compileGroup({ paths, requires, inputRewrites, outputRewrites }: EntityBatchAlias, isA: IsA) {
  return {
    paths: paths.map(compilePath),
    represent: compileRequires(requires, isA),
    rewriteInput: compileRewrites(inputRewrites, isA),
    rewrite: compileRewrites(outputRewrites, isA),
  }
}

/** Distinct representations, for one variable of a call. */
interface Batch {
  readonly representations: Item[]
  readonly positions: Map<string, number>
}

const createBatch = (): Batch => ({ representations: [], positions: new Map() })

interface FindRules {
  readonly steps: readonly PathStep[]
  readonly isA: IsA
  readonly represent: Represent
  readonly rewriteInput: Rewrite
}

/** Finds the entities that a path leads to, and adds those that are new to the batch. */
function find(
  data: Item,
  { steps, isA, represent, rewriteInput }: FindRules,
  { representations, positions }: Batch,
): Found {
  const found = { entities: [] as Item[], places: [] as Place[], order: [] as number[] }
  collectEntities(data, steps, isA, (entity, place) => {
    const typeName = entity['__typename']
    if (typeName == null) return
    const own = represent(entity)
    if (own === null) return
    own['__typename'] ??= typeName
    const representation = rewriteInput(own) as Item
    const key = keyOf(representation)
    let position = positions.get(key)
    if (position === undefined) {
      position = representations.push(representation) - 1
      positions.set(key, position)
    }
    found.entities.push(entity)
    found.places.push(place)
    found.order.push(position)
  })
  return found
}

/**
 * The same text for representations that are the same: made by the same rules, they have their fields in the same order.
 * Most hold nothing but a type and an id.
 */
function keyOf(representation: Item): string {
  let key = ''
  for (const name of Object.keys(representation)) {
    const value = representation[name]
    if (typeof value !== 'string') return JSON.stringify(representation)
    key += `${name.length} ${name} ${value.length} ${value} `
  }
  return key
}

/** An answer that belongs to several places is copied for all but the first: what comes later may differ between them. */
function mergeEntities(answered: readonly unknown[], groups: readonly Found[], interfaces: ReadonlySet<string>): void {
  const given = new Set<number>()
  for (const { entities, order } of groups) {
    for (const [index, target] of entities.entries()) {
      const position = order[index] ?? -1
      const entity = answered[position]
      if (typeof entity !== 'object' || entity === null) continue
      mergeInto(target, (given.has(position) ? structuredClone(entity) : entity) as Item, interfaces)
      given.add(position)
    }
  }
}

type SubgraphError = Parameters<typeof toAnswerError>[0]

/** The errors that one error of a list of entities is, at the places of the client's answer; none where it names no entity. */
const placesOf =
  (key: string, { places, order }: Found) =>
  (error: SubgraphError): AnswerError[] => {
    const at = error.path?.indexOf(key) ?? -1
    const entity = at === -1 ? undefined : error.path?.[at + 1]
    if (error.path === undefined || typeof entity !== 'number') return []
    const rest = error.path.slice(at + 2)
    return places
      .filter((_, index) => order[index] === entity)
      .map((place) => ({ ...toAnswerError(error), path: [...pathOf(place), ...rest] }))
  }

function relocate(
  error: SubgraphError,
  places: (error: SubgraphError) => AnswerError[],
  fallback: Path,
): AnswerError[] {
  const found = places(error)
  return found.length > 0 ? found : [{ ...toAnswerError(error), path: fallback }]
}

/** What a call always is, whatever the request. The document is parsed once: others keep what they know of it. */
function callOf({ serviceName, operation, operationName }: FetchNode | BatchFetchNode) {
  const document = parse(operation, { noLocation: true })
  return { subgraph: serviceName, document, ...(operationName !== undefined && { operationName }) }
}

function variablesFor(
  { variableUsages = [] }: FetchNode | BatchFetchNode,
  { variables }: PlanRun,
): Record<string, unknown> | undefined {
  const used = variableUsages.filter((name) => Object.hasOwn(variables, name))
  return used.length > 0 ? Object.fromEntries(used.map((name) => [name, variables[name]])) : undefined
}

/** The place for errors that name none: the first field that was asked for. */
function firstField({ definitions }: DocumentNode): Path {
  const operation = definitions.find((definition) => definition.kind === 'OperationDefinition')
  const field = operation?.selectionSet.selections.find((selection) => selection.kind === 'Field')
  return field ? [(field.alias ?? field.name).value] : []
}
