import { GraphQLError } from 'graphql'
import type { StratesError } from '../../core/observations/error.ts'
import type { Log } from '../log.ts'
import type { Path } from './complete.ts'

/** An error of an answer, before it is written: what graphql-js and JSON have in common. */
export interface AnswerError {
  readonly message: string
  readonly path?: Path | undefined
  readonly extensions: Readonly<Record<string, unknown>>
}

/** An error of ours at a place of an answer. */
export function errorAt(error: StratesError, path?: Path): AnswerError {
  return { message: error.message, extensions: error.extensions, path }
}

/** What is kept of an error that came from a subgraph or from the runtime. */
export function toAnswerError(error: {
  readonly message: string
  readonly path?: Path | undefined
  readonly extensions?: object | undefined
}): AnswerError {
  const { message, path, extensions } = error
  return { message, path, extensions: { ...extensions } }
}

/** An error as Apollo Server takes it. */
export function toGraphQLError({ message, path, extensions }: AnswerError): GraphQLError {
  return new GraphQLError(message, { extensions, ...(path?.length ? { path } : undefined) })
}

/**
 * An error that a subgraph returned, as the client may see it: with `extensions.subgraph`, and with a code, which is
 * `SUBGRAPH_ERROR` when the subgraph gave none. An accident (`INTERNAL_SERVER_ERROR`, or an exception that was not made for
 * GraphQL) is logged and masked.
 */
export function ownError(subgraph: string, error: GraphQLError, requestId: string, log: Log): AnswerError {
  const { message, path, extensions } = toAnswerError(error)
  const { code } = extensions
  if (code === undefined ? isMeantForClients(error) : code !== 'INTERNAL_SERVER_ERROR') {
    return { message, path, extensions: { code: 'SUBGRAPH_ERROR', ...extensions, subgraph } }
  }
  const masked = maskInternal(error.originalError ?? error, requestId, log, { subgraph, path })
  return { ...masked, path, extensions: { ...masked.extensions, subgraph } }
}

/** Thrown as a GraphQL error, or sent over a wire: somebody wrote it to be read. Any other exception was an accident. */
function isMeantForClients({ originalError }: GraphQLError): boolean {
  return !originalError || (originalError instanceof GraphQLError && isMeantForClients(originalError))
}

/** Writes an accident to the log, and gives what a client sees of it: the request id under which it stands there. */
export function maskInternal(cause: unknown, requestId: string, log: Log, facts: object = {}): AnswerError {
  log.error({ requestId, err: cause, ...facts }, 'internal error')
  return internalError(requestId)
}

/** All that a client sees of an accident. */
export const internalError = (requestId: string): AnswerError => ({
  message: 'Internal error',
  extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
})

/**
 * Cuts each path at the last step that the client's answer holds, so that no error points at a field that only the
 * planner asked for (a key, an input of `@requires`). Many such errors in one list become one, at the list; the same error
 * at the same path is said once.
 */
export function toClientPaths(errors: readonly AnswerError[], data: unknown): AnswerError[] {
  const shown: AnswerError[] = []
  const hidden = new Map<string, AnswerError[]>()
  for (const error of errors) {
    const { message, path = [] } = error
    const cut = path.slice(0, heldLength(path, data))
    if (cut.length === path.length) {
      shown.push(error)
      continue
    }
    const group = JSON.stringify([message, cut.filter((step) => typeof step === 'string')])
    const members = hidden.get(group)
    if (members) members.push({ ...error, path: cut })
    else hidden.set(group, [{ ...error, path: cut }])
  }
  return withoutRepeats([...shown, ...[...hidden.values()].flatMap(mergeHidden)])
}

/** How many steps of a path the answer holds. Below a null everything counts as held: that is where errors live. */
function heldLength(path: Path, data: unknown): number {
  let value = data
  for (const [index, step] of path.entries()) {
    if (value === null) return path.length
    if (typeof value !== 'object' || !Object.hasOwn(value as object, step)) return index
    value = (value as Record<string | number, unknown>)[step]
  }
  return path.length
}

function mergeHidden(group: readonly AnswerError[]): AnswerError[] {
  const [first] = group
  if (!first?.path || group.every(({ path }) => String(path) === String(first.path))) return group.slice(0, 1)
  const list = first.path.findIndex((step) => typeof step === 'number')
  return [{ ...first, path: first.path.slice(0, list) }]
}

function withoutRepeats(errors: readonly AnswerError[]): AnswerError[] {
  return [...new Map(errors.map((error) => [JSON.stringify([error.message, error.path]), error])).values()]
}

/** Tells whether a place of the answer already has an error: there, above it, or below it. */
export function explainedBy(errors: readonly AnswerError[]): (path: Path) => boolean {
  const at = new Set<string>()
  const above = new Set<string>()
  for (const { path = [] } of errors) {
    at.add(JSON.stringify(path))
    for (let length = 0; length < path.length; length++) above.add(JSON.stringify(path.slice(0, length)))
  }
  return (path) => {
    if (above.has(JSON.stringify(path))) return true
    for (let length = path.length; length >= 0; length--) if (at.has(JSON.stringify(path.slice(0, length)))) return true
    return false
  }
}
