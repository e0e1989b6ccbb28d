import type { Engine } from './engine.ts'
import { createHealth, type Health } from './engine/health.ts'
import { headerOf, type AppRequest } from './http/message.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics, type MetricsSources } from './metrics/metrics.ts'
import { clientNames, operationNames } from './metrics/names.ts'
import { openReport, type Report } from './report.ts'
import { createRequestLog } from './requestLog.ts'
import type { Tracer } from './tracing/span.ts'

/** Who counts, logs and traces what a gateway does. */
export interface Watch {
  /** A request came in. */
  open(request: AppRequest, requestId: string): Report
  /** It was answered, and its report is written. */
  close(request: AppRequest, report: Report, status: number): void
  readonly metrics: Pick<Metrics, 'text' | 'json'>
  readonly health: Pick<Health, 'of'>
}

/** Told of each answer with figures: the datasets they come from, and the name of the client. */
export type OnReuse = (datasets: readonly string[], client: string) => void

/** Options of {@link createWatch}. */
export interface WatchOptions extends Pick<MetricsSources, 'kept' | 'looks'> {
  readonly engine: Engine
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly tracer: Tracer | undefined
  readonly onReuse: OnReuse | undefined
}

/** Makes the watch over one gateway. */
export function createWatch({ engine, kept, looks, log, clock, tracer, onReuse }: WatchOptions): Watch {
  const metrics = createMetrics({ kept, looks, dataVersion: () => engine.pin()?.split('.')[0] })
  const health = createHealth(clock)
  const operations = operationNames()
  const clients = clientNames()
  const logRequest = createRequestLog(log)
  engine.watchCalls(metrics.call)
  engine.watchCalls(health.note)

  return { open, close, metrics, health }

  function open(request: AppRequest, requestId: string): Report {
    const span = tracer?.begin(request.method, headerOf(request, 'traceparent'))
    return openReport(requestId, performance.now(), span)
  }

  function close(request: AppRequest, report: Report, status: number): void {
    const { outcome, datasets, span } = report
    const ms = performance.now() - report.startedAt
    // Only who was answered may take one of the few places: names are free, answers are paid for.
    const isAnswered = outcome !== undefined && outcome !== 'refused'
    const labels = {
      operation: operations.labelOf(report.operation, isAnswered),
      client: clients.labelOf(clientOf(request), isAnswered),
    }
    metrics.request(report, status, ms, labels)
    if (datasets.length > 0) onReuse?.(datasets, labels.client)
    logRequest?.(request, report, { status, ms, ...labels })
    span?.end(
      {
        'http.request.method': request.method,
        'http.route': report.route,
        'http.response.status_code': status,
        'strates.request_id': report.requestId,
        ...(outcome !== undefined && {
          'graphql.operation.name': labels.operation,
          'strates.outcome': outcome,
          'strates.cache': report.cache ?? 'none',
          'strates.cost': report.requested,
        }),
      },
      status >= 500 || outcome === 'error',
    )
  }
}

/** How a client calls itself, as it says; empty where it does not. */
const clientOf = ({ headers }: AppRequest): string =>
  String(headers['apollographql-client-name'] ?? headers['x-client-name'] ?? '')
