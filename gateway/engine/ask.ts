import {
  getOperationAST,
  type ArgumentNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { StratesError } from '../../core/observations/error.ts'
import type { Log } from '../log.ts'
import type { Span } from '../tracing/span.ts'
import { subgraphUnavailable, type SubgraphTransport } from '../transport/transport.ts'
import { within } from '../within.ts'
import type { Breakers } from './breakers.ts'
import type { Calls } from './calls.ts'
import { complete, type Path } from './complete.ts'
import { readDatasets } from './datasets.ts'
import { errorAt, explainedBy, ownError, toAnswerError, toGraphQLError, type AnswerError } from './errors.ts'
import { shapeOf, type FieldName, type OperationShape, type ShapeField } from './shape.ts'

/** What is known of one client request while its plan runs. */
export interface Run {
  readonly requestId: string
  /** The version of the data that must answer; undefined: any. */
  readonly dataVersion: string | undefined
  /** Subgraphs that answered at least once. */
  readonly answered: Set<string>
  /** Subgraphs that did not, with the error that says so. */
  readonly outages: Map<string, StratesError>
  /** The datasets that subgraphs took figures from. */
  readonly datasets: Set<string>
  /** The span within which subgraphs are called; absent where nothing is traced. */
  readonly span?: Span | undefined
  /** Aborted when the operation's time is up: nothing more is asked then. */
  readonly signal?: AbortSignal | undefined
}

/** One step of a plan: what is asked of which subgraph. */
export interface Step {
  readonly subgraph: string
  readonly document: DocumentNode
  readonly variables?: Record<string, unknown> | undefined
  readonly operationName?: string | undefined
}

/** A step with what reading its document gives. */
interface ReadStep extends Step {
  readonly operation: OperationDefinitionNode
  readonly shape: OperationShape
}

/**
 * Returns a function that asks a subgraph on behalf of a plan, and never fails. Where the subgraph is out, the result
 * holds one error at each field that was asked for: the runtime turns their paths into the client's, list indices
 * included, which it cannot do for a call that simply failed.
 */
export function createAsk(parts: {
  supergraph: GraphQLSchema
  transports: ReadonlyMap<string, SubgraphTransport>
  timeoutMs: number
  log: Log
  calls: Calls
  breakers: Breakers
}): (step: Step, run: Run) => Promise<ExecutionResult> {
  const { supergraph, transports, timeoutMs, log, calls, breakers } = parts
  const shapes = new WeakMap<DocumentNode, OperationShape>()

  return async (given, run) => {
    const step = read(given)
    const isTrusted = transports.get(step.subgraph)?.trusted === true
    const told = calls.begin(step.subgraph, run)
    const once = () => askOnce(step, run, told.traceparent)
    try {
      const result = await (isTrusted ? once() : breakers.guard(step.subgraph, once))
      const checked = isTrusted ? result : completeAnswer(step, result)
      run.answered.add(step.subgraph)
      for (const id of readDatasets(result.extensions?.['datasets'])) run.datasets.add(id)
      const answer = withOwnErrors(step, checked, run)
      told.answered()
      return answer
    } catch (cause) {
      const error = outageOf(step.subgraph, cause)
      told.failed(error)
      return outage(step, error, run)
    }
  }

  async function askOnce(step: ReadStep, run: Run, traceparent: string | undefined): Promise<ExecutionResult> {
    const result = await call(step, run, traceparent)
    checkEntities(step, result)
    return result
  }

  function read(step: Step): ReadStep {
    const { document, variables } = step
    const operation = getOperationAST(document)
    if (!operation) throw new Error(`The plan asks the ${step.subgraph} subgraph nothing`)
    const known = shapes.get(document)
    const shape = known ?? shapeOf({ schema: supergraph, document, operation, variables, interfaceObjects: true })
    if (shape.reusable) shapes.set(document, shape)
    return { ...step, operation, shape }
  }

  async function call(
    { subgraph, document, variables, operationName }: Step,
    { requestId, dataVersion, signal: outer }: Run,
    traceparent: string | undefined,
  ): Promise<ExecutionResult> {
    const transport = transports.get(subgraph)
    if (!transport) throw subgraphUnavailable({ subgraph, reason: 'UNREACHABLE', what: 'is not known to this gateway' })
    const late = () =>
      subgraphUnavailable({ subgraph, reason: 'TIMEOUT', what: `did not answer within ${timeoutMs} ms` })
    const ask = (signal: AbortSignal) =>
      transport.execute({ document, variables, operationName, requestId, dataVersion, traceparent, signal })
    return within(timeoutMs, late, ask, outer)
  }

  function withOwnErrors(step: ReadStep, result: ExecutionResult, { requestId }: Run): ExecutionResult {
    if (!result.errors?.length) return result
    const errors = result.errors.map((error) => ownError(step.subgraph, error, requestId, log))
    const atFields = errors.flatMap((error) => spread(step, error, result.data))
    return { ...result, errors: atFields.map(toGraphQLError) }
  }

  function outage(step: ReadStep, error: StratesError, { requestId, outages }: Run): ExecutionResult {
    const { subgraph } = step
    if (!outages.has(subgraph)) log.warn({ requestId, subgraph, err: error }, 'subgraph unavailable')
    outages.set(subgraph, error)
    return { errors: spread(step, errorAt(error), null).map(toGraphQLError) }
  }
}

function outageOf(subgraph: string, cause: unknown): StratesError {
  if (cause instanceof StratesError && cause.code === 'SUBGRAPH_UNAVAILABLE') return cause
  return subgraphUnavailable({ subgraph, reason: 'FAILED', what: 'failed', cause })
}

/** The runtime gives entities to their places by number: one too few, and every following place has a neighbour's values. */
function checkEntities({ subgraph, operation, shape, variables }: ReadStep, { data, errors }: ExecutionResult): void {
  const bad = (what: string) => subgraphUnavailable({ subgraph, reason: 'BAD_ANSWER', what })
  if (data == null && !errors?.length) throw bad('answered neither data nor errors')
  for (const field of data ? shape.root.fieldsOf(shape.rootType) : []) {
    const asked = representationsOf(field, operation, variables)
    const came = data?.[field.key]
    if (asked && came != null && (!Array.isArray(came) || came.length !== asked.length)) {
      throw bad(`answered other than the ${asked.length} entities asked for`)
    }
  }
}

/** Holds what came over a wire against the schema: what does not fit is null, with an error. */
function completeAnswer({ subgraph, shape }: ReadStep, result: ExecutionResult): ExecutionResult {
  if (result.data == null) return result
  const isExplained = explainedBy((result.errors ?? []).map(toAnswerError))
  const faults: AnswerError[] = []
  const data = complete(shape, result.data, {
    fault: (path, name, what) => isExplained(path) || faults.push(errorAt(misanswered(subgraph, name, what), path)),
  })
  return { ...result, data, errors: [...(result.errors ?? []), ...faults.map(toGraphQLError)] }
}

/** The error for a field to which its owner gave no answer, or none that the schema allows. */
export function misanswered(subgraph: string, { parent, field }: FieldName, what: string): StratesError {
  return subgraphUnavailable({ subgraph, reason: 'BAD_ANSWER', what: `misanswered: ${parent}.${field} ${what}` })
}

/** One error at each field that it empties: those of an entity, or of the whole answer when that is gone. */
function spread(step: ReadStep, error: AnswerError, data: unknown): AnswerError[] {
  const { operation, shape, variables } = step
  const [key, index, ...rest] = error.path ?? []
  const fields = shape.root.fieldsOf(shape.rootType).filter((field) => key === undefined || field.key === key)
  if (rest.length || (key === undefined && data != null)) return [error]

  const paths = fields.flatMap((field): Path[] => {
    const entities = representationsOf(field, operation, variables)
    if (!entities) return [error.path ?? [field.key]]
    return entities.flatMap((entity, place) =>
      index === undefined || index === place ? entityPaths(field, entity, place) : [],
    )
  })
  return paths.length ? paths.map((path) => ({ ...error, path })) : [error]
}

/** The fields asked of one entity, itself when there are none. */
function entityPaths({ key, value }: ShapeField, entity: unknown, place: number): Path[] {
  const { __typename: typeName } = entity as { __typename?: string }
  const asked = value.item?.shape?.fieldsOf(typeName).filter(({ field }) => field !== '__typename') ?? []
  return asked.length ? asked.map((field) => [key, place, field.key]) : [[key, place]]
}

/** The entities that a field `_entities` asks for; null for any other field. */
function representationsOf(
  { key, field }: ShapeField,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown> = {},
): readonly unknown[] | null {
  if (field !== '_entities') return null
  const argument = argumentsOf(operation.selectionSet, key).find(({ name }) => name.value === 'representations')
  const entities = argument?.value.kind === 'Variable' ? variables[argument.value.name.value] : undefined
  return Array.isArray(entities) ? entities : []
}

function argumentsOf(selectionSet: SelectionSetNode, key: string): readonly ArgumentNode[] {
  return selectionSet.selections.flatMap((node) => {
    if (node.kind === 'Field') return (node.alias ?? node.name).value === key ? (node.arguments ?? []) : []
    return node.kind === 'InlineFragment' ? argumentsOf(node.selectionSet, key) : []
  })
}
