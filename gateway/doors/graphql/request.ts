import { StratesError } from '../../../core/observations/error.ts'
import { guardBody } from '../../guard/body.ts'
import type { Limits } from '../../guard/limits.ts'
import { headerOf, methodOf, type AppRequest } from '../../http/message.ts'

/** What a request asks, as far as it can be told before anything is checked. */
export interface Asked {
  readonly query?: unknown
  readonly operationName?: unknown
  readonly variables?: unknown
  readonly extensions?: unknown
}

/**
 * What a request asks, of whatever shape: a list or a number too, for the guards to refuse.
 * @throws StratesError BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE or BAD_REQUEST for what is not even read.
 */
export function readAsked(request: AppRequest, url: URL, limits: Limits): unknown {
  if (methodOf(request) === 'GET') return askedByGet(url)
  guardBody(request.body, limits)
  requireJson(request)
  const asked = parseJson(request.body)
  if (asked === undefined) throw notJson()
  return asked
}

/** Variables and extensions by GET are JSON in a parameter; what cannot be read is left to Apollo Server to complain about. */
function askedByGet({ searchParams }: URL): Asked {
  const repeated = PARAMETERS.find((name) => searchParams.getAll(name).length > 1)
  if (repeated !== undefined) throw saidTwice(repeated)
  const { variables, extensions, ...others } = Object.fromEntries(searchParams)
  return { ...others, variables: parseJson(variables) ?? variables, extensions: parseJson(extensions) ?? extensions }
}

const PARAMETERS = ['query', 'operationName', 'variables', 'extensions']

const saidTwice = (name: string): StratesError =>
  new StratesError({
    code: 'BAD_REQUEST',
    what: 'A parameter is there more than once',
    on: name,
    expected: 'each parameter at most once',
    remedy: 'Leave out the others.',
  })

/** HTML forms can send the other types from anywhere. @throws StratesError UNSUPPORTED_MEDIA_TYPE. */
function requireJson(request: AppRequest): void {
  const type = headerOf(request, 'content-type')
  const [essence = '', ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '')
  if (essence === 'application/json' && (charset ?? 'utf-8') === 'utf-8') return
  throw new StratesError({
    code: 'UNSUPPORTED_MEDIA_TYPE',
    what: 'The body is of a type that is not read',
    on: `content type "${type.slice(0, 100)}"`,
    expected: 'application/json, in UTF-8',
    remedy: 'Set the header Content-Type, and send {"query": "…"}.',
  })
}

const notJson = () =>
  new StratesError({
    code: 'BAD_REQUEST',
    what: 'The body cannot be read',
    on: 'POST /graphql',
    expected: 'JSON, in UTF-8',
    remedy: 'Send {"query": "…"}.',
  })

/** Undefined for what is not JSON, or not there. */
function parseJson(body: string | Uint8Array | undefined): unknown {
  if (body === undefined) return undefined
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
