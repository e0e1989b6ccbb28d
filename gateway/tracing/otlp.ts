import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Span as OtelSpan } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace'
import type { Log } from '../log.ts'
import { within } from '../within.ts'
import { readTraceparent, writeTraceparent, type Span, type Tracer } from './span.ts'

/** Where traces go. */
export interface TracerOptions {
  /** Where the collector takes traces by OTLP over HTTP, in JSON. */
  readonly url: string
  /** How the service is called there. */
  readonly serviceName: string
  readonly log: Log
}

/** How long a batch may take to send, and how long `close` waits for the last one, in milliseconds. */
const PATIENCE_MS = { send: 3000, close: 3000 }

/** How often spans are sent, in milliseconds. */
const EVERY_MS = 2000

/**
 * Sends traces to a collector. Import this module only where one is configured: nothing of OpenTelemetry is loaded before. The
 * collector may be down: spans are then dropped, which is logged once until it is back, and nothing waits for it.
 */
export function createTracer({ url, serviceName, log }: TracerOptions): Tracer {
  const exporter = forgiving(new OTLPTraceExporter({ url, timeoutMillis: PATIENCE_MS.send }), log)
  const processor = new BatchSpanProcessor({
    exporter,
    scheduledDelayMillis: EVERY_MS,
    exportTimeoutMillis: 2 * PATIENCE_MS.send,
  })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanProcessors: [processor],
  })
  const tracer = provider.getTracer('strates')

  return {
    begin(name, traceparent) {
      const parent = readTraceparent(traceparent)
      const context = parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT
      return spanOf(tracer.startSpan(name, { kind: SpanKind.SERVER }, context), context)
    },
    close: () =>
      within(
        PATIENCE_MS.close,
        () => new Error('late'),
        () => provider.shutdown(),
      ).catch(() => {}),
  }

  function spanOf(span: OtelSpan, parent: Context): Span {
    const context = trace.setSpan(parent, span)
    return {
      traceparent: writeTraceparent(span.spanContext()),
      child: (name, attributes = {}) => spanOf(tracer.startSpan(name, { attributes }, context), context),
      end(attributes = {}, failed = false) {
        span.setAttributes(attributes)
        if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      },
    }
  }
}

/** An exporter whose failures end here: told once, and once more when it is over. */
function forgiving(exporter: SpanExporter, log: Log): SpanExporter {
  let isFailing = false
  return {
    export(spans, done) {
      exporter.export(spans, ({ code, error }) => {
        const failed = code !== 0
        if (failed && !isFailing) log.warn({ err: error }, 'traces cannot be sent, and are dropped until they can')
        if (!failed && isFailing) log.info('traces are sent again')
        isFailing = failed
        done({ code: 0 })
      })
    },
    shutdown: () => exporter.shutdown(),
  }
}
