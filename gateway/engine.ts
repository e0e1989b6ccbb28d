import type { ApolloServerOptionsWithGateway } from '@apollo/server'
import { transformSupergraphToPublicSchema } from '@theguild/federation-composition'
import {
  buildASTSchema,
  buildSchema,
  execute,
  getVariableValues,
  GraphQLError,
  parse,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql'
import { StratesError } from '../core/observations/error.ts'
import { aliasesOf } from './engine/aliases.ts'
import { createAsk, misanswered, type Run } from './engine/ask.ts'
import { createBreakers, type Breakers } from './engine/breakers.ts'
import { createCalls, type CallEnd, type Calls } from './engine/calls.ts'
import { complete, type Path } from './engine/complete.ts'
import {
  errorAt,
  explainedBy,
  internalError,
  toClientPaths,
  toGraphQLError,
  type AnswerError,
} from './engine/errors.ts'
import { ownersOfFields, urlsOfSubgraphs } from './engine/owners.ts'
import type { PlanResult } from './engine/plan.ts'
import { createPlanner } from './engine/planner.ts'
import { plannerViewOf } from './engine/plannerView.ts'
import { operationPreparer, type PreparedOperation } from './engine/prepare.ts'
import type { FieldName, OperationShape } from './engine/shape.ts'
import type { Bill } from './guard/bill.ts'
import type { Notes } from './engine/notes.ts'
import { DEFAULT_LIMITS } from './guard/limits.ts'
import { SILENT, type Log } from './log.ts'
import type { Span } from './tracing/span.ts'
import { httpTransport } from './transport/http.ts'
import type { SubgraphTransport } from './transport/transport.ts'
import { createPin, watchVersions } from './transport/versions.ts'

type GatewayInterface = NonNullable<ApolloServerOptionsWithGateway<GatewayContext>['gateway']>

/** What each request carries through the engine, as the `contextValue` of Apollo Server. */
export interface GatewayContext {
  /** Stands in the log, in masked errors and in the `x-request-id` header. */
  readonly requestId: string
  /** What a client pays; absent for a door of our own. */
  readonly bill?: Bill
  /** Aborted when the operation's time is up. */
  readonly signal?: AbortSignal
  /** The version of the data that must answer, from {@link Engine.pin}; undefined: the engine takes the one of now. */
  readonly dataVersion?: string | undefined
  /** Where the engine and Apollo Server's plug-ins write what others need to know; absent where nobody reads it. */
  readonly notes?: Notes
  /** The span within which the operation runs; absent where nothing is traced. */
  readonly span?: Span | undefined
}

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /** A Federation 2 supergraph, as text. */
  readonly supergraphSdl: string
  /**
   * How to reach each subgraph, by its name in the supergraph. Default: over HTTP, at the addresses that the supergraph
   * gives with `@join__graph(url:)`.
   */
  readonly transports?: ReadonlyMap<string, SubgraphTransport>
  /** Addresses other than those of the supergraph: `{name}` stands for the name of each subgraph. Default: those. */
  readonly subgraphUrl?: string | undefined
  /** What calls over HTTP are signed with, for subgraphs that take no others. Default: they are not signed. */
  readonly subgraphSecret?: string | undefined
  /** How long one call of one subgraph may take, in milliseconds. Default 3000. */
  readonly timeoutMs?: number
  /** Where outages and internal errors are written. Default: nowhere. */
  readonly log?: Log
}

/** A query engine that Apollo Server runs as its gateway. */
export interface Engine extends GatewayInterface {
  /** The schema that clients see, without anything of federation. Present after `load()`. */
  readonly apiSchema: GraphQLSchema | undefined
  /** The version of the data from which a question of now is answered; undefined where subgraphs tell none. */
  pin(): string | undefined
  /**
   * The subgraphs by name, with the versions of the data that each tells, whether it did not answer when it was last looked for, and why it cannot
   * read its store: the code of an error, null where it can.
   * Empty before `load()`.
   */
  subgraphs(): readonly {
    readonly name: string
    readonly versions: readonly string[]
    readonly isDown: boolean
    readonly problem: string | null
  }[]
  /** From now on, tells of each call of a subgraph that ends. */
  watchCalls(listener: (end: CallEnd) => void): void
  /**
   * Goes over to another supergraph, once all that is needed over it is made beside: questions under way finish on the one before. Rejects as
   * `load()` does, and then stays with the one before.
   */
  take(supergraphSdl: string): Promise<void>
}

/**
 * Makes the query engine: the planner decides which subgraph answers what, transports ask them, and the answer is
 * completed as the GraphQL specification says. A subgraph that fails leaves nulls, each with a `SUBGRAPH_UNAVAILABLE`
 * error that names it; errors that subgraphs return come with `extensions.subgraph` and the client's paths; an internal
 * error is logged and masked.
 *
 * `load()` rejects with `CONFIGURATION_INVALID` when a subgraph has neither transport nor address, and with the error of
 * graphql-js when the supergraph cannot be read.
 */
export function createEngine(options: EngineOptions): Engine {
  const { timeoutMs = DEFAULT_LIMITS.subgraphMs, log = SILENT } = options
  const listeners = new Set<Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0]>()
  const bySchema = new WeakMap<GraphQLSchema, Running>()
  const held = new Set<Running>()
  let current: Running | undefined
  const transports = () => current?.transports ?? options.transports ?? NO_TRANSPORTS
  const pin = createPin(() => transports().values())
  const calls = createCalls()

  return {
    pin,
    watchCalls: calls.watch,
    subgraphs: () =>
      [...transports()].map(([name, transport]) => ({
        name,
        versions: transport.versions(),
        isDown: current?.isDown.has(name) ?? false,
        problem: transport.problem?.() ?? null,
      })),
    get apiSchema() {
      return current?.apiSchema
    },
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async load() {
      await take(options.supergraphSdl)
      return {
        executor: async ({ document, operationName, request, context, schema }) => {
          const { requestId, signal, notes, dataVersion, span } = context as GatewayContext
          // Of the schema by which the operation was validated, also where another one came meanwhile.
          const running = bySchema.get(schema) ?? current
          if (running === undefined) throw new Error('the engine is not loaded')
          return await running.run({
            document,
            operationName: request.operationName ?? operationName,
            variables: request.variables ?? {},
            requestId,
            signal,
            notes,
            span,
            dataVersion: dataVersion ?? pin(),
          })
        },
      }
    },
    take,
    async stop() {
      await Promise.all([...held].map(release))
    },
  }

  async function take(supergraphSdl: string): Promise<void> {
    const next = await open(supergraphSdl)
    const before = current
    bySchema.set(next.apiSchema, next)
    held.add(next)
    current = next
    for (const listener of listeners) listener({ apiSchema: next.apiSchema, coreSupergraphSdl: supergraphSdl })
    if (before) setTimeout(() => void release(before), RETIRED_MS).unref()
  }

  async function open(supergraphSdl: string): Promise<Running> {
    const supergraph = buildSchema(supergraphSdl, { assumeValid: true })
    const reached = options.transports ?? httpTransports(supergraph, options)
    const isDown = new Set<string>()
    const breakers = createBreakers(log)
    const engine = startEngine({ supergraphSdl, supergraph, transports: reached, pin, timeoutMs, log, calls, breakers })
    const stopWatching = await watchVersions(reached, (subgraph, ms, error) => {
      calls.looked(subgraph, ms, error)
      if (error !== undefined && !isDown.has(subgraph)) {
        isDown.add(subgraph)
        log.warn(
          { subgraph, reason: error.facts.details?.['reason'] },
          'a subgraph does not answer: its part is missing until it does',
        )
      } else if (error === undefined && isDown.delete(subgraph)) {
        breakers.forgive(subgraph)
        log.info({ subgraph }, 'a subgraph answers again')
      }
    })
    return { ...engine, transports: reached, isDown, stopWatching }
  }

  /** Lets go of what one supergraph needed. Transports that were given serve every supergraph. */
  async function release(running: Running): Promise<void> {
    if (!held.delete(running)) return
    running.stopWatching()
    if (running.transports === options.transports && held.size > 0) return
    await Promise.all([...running.transports.values()].map((transport) => transport.close()))
  }
}

/** What runs over one supergraph. */
interface Running extends ReturnType<typeof startEngine> {
  readonly transports: ReadonlyMap<string, SubgraphTransport>
  /** Who did not answer when they were last looked for. */
  readonly isDown: ReadonlySet<string>
  readonly stopWatching: () => void
}

const NO_TRANSPORTS: ReadonlyMap<string, SubgraphTransport> = new Map()

/** How long a supergraph that was replaced is kept for the questions under way, in milliseconds: longer than any may take. */
const RETIRED_MS = 2 * DEFAULT_LIMITS.operationMs

/** The schema that clients of a supergraph see. Throws where the text does not parse. */
export const apiSchemaOf = (supergraphSdl: string): GraphQLSchema =>
  buildASTSchema(transformSupergraphToPublicSchema(parse(supergraphSdl)))

function httpTransports(
  supergraph: GraphQLSchema,
  { subgraphUrl, subgraphSecret: secret }: EngineOptions,
): Map<string, SubgraphTransport> {
  const urls = [...urlsOfSubgraphs(supergraph)].map(
    ([name, url]) => [name, subgraphUrl?.replaceAll('{name}', name) ?? url] as const,
  )
  return new Map(urls.map(([name, url]) => [name, httpTransport({ name, url: checkedUrl(name, url), secret })]))
}

function checkedUrl(name: string, url: string): string {
  if (URL.canParse(url)) return url
  throw new StratesError({
    code: 'CONFIGURATION_INVALID',
    what: `The ${name} subgraph has no address`,
    on: `url: "${url}" in the supergraph`,
    expected: 'an http:// or https:// address in @join__graph(url:)',
    remedy: 'Give composition the url of this subgraph, then compose again.',
  })
}

/** A client's request, after parsing and validation. */
interface ClientRequest {
  readonly document: DocumentNode
  readonly operationName: string | null
  readonly variables: Record<string, unknown>
  readonly requestId: string
  readonly signal: AbortSignal | undefined
  readonly notes: Notes | undefined
  readonly span: Span | undefined
  readonly dataVersion: string | undefined
}

function startEngine(parts: {
  supergraphSdl: string
  supergraph: GraphQLSchema
  transports: ReadonlyMap<string, SubgraphTransport>
  pin: () => string | undefined
  timeoutMs: number
  log: Log
  calls: Calls
  breakers: Breakers
}) {
  const { supergraphSdl, supergraph, transports, pin, timeoutMs, log, calls, breakers } = parts
  const ask = createAsk({ supergraph, transports, timeoutMs, log, calls, breakers })
  const view = plannerViewOf(supergraphSdl)
  const plan = createPlanner(view.sdl, supergraph)
  const apiSchema = apiSchemaOf(supergraphSdl)
  const aliases = aliasesOf(supergraph)
  const prepare = operationPreparer({ schema: apiSchema, supergraph, aliases })
  const ownersOf = ownersOfFields(supergraph)
  return { apiSchema, run }

  async function run(request: ClientRequest): Promise<ExecutionResult> {
    const prepared = prepare(request.document, request.operationName)
    if (!prepared) return { errors: [unknownOperation(request)] }
    const { errors: invalid, coerced } = readVariables(prepared, request)
    if (invalid) return { errors: invalid }

    const shape = prepared.shape(coerced)
    const first = await answer(prepared, shape, coerced, request)
    if (!first.isOutdated) return first.result
    // A version went while the question was under way: the whole of it is asked again, of one that all hold.
    return (await answer(prepared, shape, coerced, { ...request, dataVersion: pin() })).result
  }

  async function answer(
    prepared: PreparedOperation,
    shape: OperationShape,
    coerced: Record<string, unknown>,
    request: ClientRequest,
  ) {
    const { requestId, signal, dataVersion, notes, span } = request
    const known = { answered: new Set<string>(), outages: new Map(), datasets: new Set<string>() }
    const state: Run = { requestId, signal, dataVersion, span, ...known }
    const planned = await runPlan(prepared, shape, coerced, state)
    const introspected = await introspect(prepared, request)
    const result = planned
      ? finish(shape, { ...planned.data, ...introspected }, planned.errors, state)
      : { data: null, errors: [toGraphQLError(internalError(requestId))] }
    const isOutdated = dataVersion !== pin() && [...state.outages.values()].some(isOtherVersion)
    if (notes) {
      notes.dataVersion = dataVersion
      notes.datasets = [...state.datasets].toSorted()
    }
    return { isOutdated, result: { ...result, ...namedVersion(dataVersion) } }
  }

  function readVariables({ operation }: PreparedOperation, { variables }: ClientRequest) {
    return getVariableValues(apiSchema, operation.variableDefinitions ?? [], variables, { maxErrors: 20 })
  }

  /** Undefined where there is no plan, or it breaks: nothing can be told of any part. */
  async function runPlan(
    { planned }: PreparedOperation,
    shape: OperationShape,
    variables: Record<string, unknown>,
    state: Run,
  ): Promise<PlanResult | undefined> {
    // Where @skip leaves no field, the planner has no plan.
    const asksSubgraphs = shape.root.fieldsOf(shape.rootType).some(({ field }) => !field.startsWith('__'))
    if (!planned || !asksSubgraphs) return { data: {}, errors: [] }
    try {
      const ready = await plan(planned)
      const { data, errors } = await ready.run(variables, (step) =>
        ask({ ...step, subgraph: view.nameOf(step.subgraph) }, state),
      )
      return { data, errors: errors.map(aliases.reveal) }
    } catch (cause) {
      log.error({ requestId: state.requestId, err: cause }, 'internal error')
      return undefined
    }
  }

  async function introspect({ introspection }: PreparedOperation, { variables }: ClientRequest) {
    if (!introspection) return {}
    const { data } = await execute({ schema: apiSchema, document: introspection, variableValues: variables })
    return data
  }

  /** Completes the answer, and sees to it that every null which is not an answer has an error. */
  function finish(shape: OperationShape, partial: object, errors: readonly AnswerError[], state: Run): ExecutionResult {
    const faults: Gap[] = []
    const absences: Gap[] = []
    const data = complete(shape, partial, {
      fault: (path, name, what) => faults.push({ path, name, what }),
      ...(state.outages.size && {
        absent: (path: Path, name: FieldName) => absences.push({ path, name, what: 'has no answer' }),
      }),
    })
    if (!errors.length && !faults.length && !absences.length) return { data }

    const atClient = toClientPaths(errors, data)
    const isExplained = explainedBy([...errors, ...atClient])
    const gaps = [...faults, ...absences.filter((gap) => isNeverAsked(gap, state))].filter(
      ({ path }) => !isExplained(path),
    )
    const all = [...atClient, ...gaps.map((gap) => errorForGap(gap, state))]
    return { data, ...(all.length && { errors: all.map(toGraphQLError) }) }
  }

  /** None of the field's owners answered anything in this request: its null is nobody's answer. */
  function isNeverAsked({ name }: Gap, { answered }: Run): boolean {
    const owners = ownersOf(name)
    return owners.length > 0 && !owners.some((owner) => answered.has(owner))
  }

  /** Blames the owner that is out; else any subgraph that is out, on which the plan waited; else the owner. */
  function errorForGap({ path, name, what }: Gap, { requestId, outages }: Run): AnswerError {
    const owners = ownersOf(name)
    const out = [...outages].find(([subgraph]) => owners.includes(subgraph)) ?? [...outages][0]
    const error = out?.[1] ?? misanswered(owners[0] ?? 'gateway', name, what)
    log.warn({ requestId, path, err: error }, 'part of an answer is missing')
    return errorAt(error, path)
  }
}

const isOtherVersion = ({ facts }: StratesError): boolean => facts.details?.['reason'] === 'OTHER_VERSION'

/** What an answer says of the version that it is of. What comes after the dot tells apart when the same data was looked for. */
function namedVersion(dataVersion: string | undefined): Pick<ExecutionResult, 'extensions'> | undefined {
  return dataVersion === undefined ? undefined : { extensions: { dataVersion: dataVersion.split('.')[0] } }
}

/** A null in the answer that may need an error. */
interface Gap {
  readonly path: Path
  readonly name: FieldName
  readonly what: string
}

function unknownOperation({ document, operationName }: ClientRequest): GraphQLError {
  if (operationName) return new GraphQLError(`Unknown operation named "${operationName}".`)
  const hasOperation = document.definitions.some(({ kind }) => kind === 'OperationDefinition')
  return new GraphQLError(
    hasOperation ? 'Must provide operation name if query contains multiple operations.' : 'Must provide an operation.',
  )
}
