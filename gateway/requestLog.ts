import { headerOf, type AppRequest } from './http/message.ts'
import type { Log } from './log.ts'
import type { Report } from './report.ts'

/** What stands in the line of a request beside its report. */
interface Answered {
  readonly status: number
  readonly ms: number
  readonly operation: string
  readonly client: string
}

/**
 * Returns a function that writes a line for each request, where lines of level `debug` are written; else nothing, so that it costs
 * nothing. A line never holds what a client asked: no document, variables, address or other headers.
 */
export function createRequestLog(
  log: Log,
): ((request: AppRequest, report: Report, answered: Answered) => void) | undefined {
  if (!log.isLevelEnabled?.('debug')) return undefined
  return (request, { requestId, route, outcome, cache, requested, paid, code }, { status, ms, operation, client }) => {
    const clientRequestId = headerOf(request, 'x-request-id')
    log.debug(
      {
        requestId,
        ...(/^[\w.-]{1,64}$/.test(clientRequestId) && { clientRequestId }),
        method: METHODS.has(request.method) ? request.method : 'other',
        route,
        status,
        ms: Math.round(ms * 100) / 100,
        client,
        ...(outcome !== undefined && { operation, outcome, cache, cost: requested, paid, code }),
      },
      'request',
    )
  }
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'])
