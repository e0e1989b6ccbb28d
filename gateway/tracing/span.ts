/** What a span may be told: names and numbers that we made, never what a client wrote in a query or a variable. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** A piece of work with a beginning and an end, in the trace of one request. */
export interface Span {
  /** The header `traceparent` (W3C Trace Context) of calls made within this span. */
  readonly traceparent: string
  /** Begins a piece of work within this one. */
  child(name: string, attributes?: Attributes): Span
  /** Ends it. @param failed whether it is to be shown as an error. */
  end(attributes?: Attributes, failed?: boolean): void
}

/** Makes the trace of each request. */
export interface Tracer {
  /** @param traceparent the header that came with the request, which may be empty or wrong. */
  begin(name: string, traceparent: string): Span
  /** Sends what is left, for a few seconds at most. */
  close(): Promise<void>
}

/** The parts of a `traceparent` header; undefined for what is none. */
export function readTraceparent(
  header: string,
): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number } | undefined {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(header) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  // The specification keeps ids of zeros for "none".
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) }
}

/** A `traceparent` header. */
export const writeTraceparent = ({
  traceId,
  spanId,
  traceFlags,
}: {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
}): string => `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, '0')}`
