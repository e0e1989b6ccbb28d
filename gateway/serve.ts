import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StratesError } from '../core/observations/error.ts'
import type { App, AppRequest } from './app.ts'
import { limitsWith, type Limits } from './guard/limits.ts'

/** A server that listens. */
export interface Listening {
  /** Where it answers, with the port that was free when `port` was 0. */
  readonly url: string
  /** Stops accepting, finishes the requests in flight for `drainMs` at most, then cuts what is left. */
  close(): Promise<void>
}

/** Options of {@link listen}. */
export interface ListenOptions {
  readonly app: Pick<App, 'handle'>
  /** Address to listen on. Default 127.0.0.1: this machine only. */
  readonly host?: string
  /** 0 takes any free port. */
  readonly port: number
  /** How long `close` waits for requests in flight, in milliseconds. Default 10 000. */
  readonly drainMs?: number
  /** Limits other than the default ones of `guard/limits.ts`. */
  readonly limits?: Partial<Limits>
}

/**
 * Serves an app over HTTP/1.1. Throws `CONFIGURATION_INVALID` when the port is taken or not allowed, or the host is not an
 * address of this machine.
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { app, host = '127.0.0.1', port, drainMs = 10_000 } = options
  const limits = limitsWith(options.limits ?? {})
  let draining = false
  const server = createLimited(limits, (request, response) => {
    void answer({ app, limits, isDraining: () => draining }, request, response)
  })
  await startListening(server, host, port)

  return {
    url: urlOf(server, host),
    async close() {
      draining = true
      await drain(server, drainMs)
    },
  }
}

/** A server that waits for no slow client, and holds no more of them than it can. */
function createLimited(limits: Limits, listener: RequestListener): Server {
  const { headerMs, requestMs, keepAliveMs, headerBytes, stalledMs, connections } = limits
  const options = {
    headersTimeout: headerMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    maxHeaderSize: headerBytes,
    connectionsCheckingInterval: Math.min(2000, headerMs),
  }
  const server = createServer(options, listener)
  server.maxConnections = connections
  server.timeout = stalledMs
  return server
}

interface Serving {
  readonly app: Pick<App, 'handle'>
  readonly limits: Limits
  readonly isDraining: () => boolean
}

async function answer(
  { app, limits, isDraining }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await readBody(request, limits)
    const { method = 'GET', url = '/', headers, socket } = request
    const remoteAddress = socket.remoteAddress ?? ''
    const asked: AppRequest = { method, url, headers, remoteAddress, ...(body && { body }) }
    const answered = await app.handle(asked)
    // What was not read of a body that is too large would be taken for the next request.
    if (!request.complete || isDraining()) response.setHeader('connection', 'close')
    // A 304 tells of a body that is not sent.
    const hasBody = method !== 'HEAD' && answered.status !== 304
    const length = hasBody ? { 'content-length': Buffer.byteLength(answered.body) } : undefined
    response.writeHead(answered.status, { ...answered.headers, ...length })
    response.end(answered.body)
  } catch {
    // The client went away in the middle of its request: nobody is left to answer.
    response.destroy()
  }
}

/** Reads a body until it is complete or known to be too large. */
function readBody(request: IncomingMessage, { bodyBytes }: Limits): Promise<Uint8Array | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>()
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    size += chunk.length
    if (size <= bodyBytes) return
    request.pause()
    resolve(Buffer.concat(chunks))
  })
  request.on('end', () => resolve(size ? Buffer.concat(chunks) : undefined))
  request.on('error', reject)
  return promise
}

async function startListening(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  await promise.catch((cause: NodeJS.ErrnoException) => {
    throw cannotListen(cause, host, port)
  })
  server.off('error', reject)
}

/** The reasons why listening fails, each with the setting to change. */
const REFUSALS: Readonly<Record<string, { setting: 'PORT' | 'HOST'; what: string }>> = {
  EADDRINUSE: { setting: 'PORT', what: 'The port is already in use' },
  EACCES: { setting: 'PORT', what: 'This user may not listen on the port' },
  EADDRNOTAVAIL: { setting: 'HOST', what: 'The host is not an address of this machine' },
  ENOTFOUND: { setting: 'HOST', what: 'The host is not known' },
}

function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): unknown {
  const refusal = REFUSALS[cause.code ?? '']
  if (!refusal) return cause
  const { setting, what } = refusal
  return new StratesError({
    code: 'CONFIGURATION_INVALID',
    what,
    on: `PORT=${port}, HOST=${host}`,
    expected: setting === 'PORT' ? 'a port that is free and allowed' : 'an address of this machine, such as 127.0.0.1',
    remedy:
      setting === 'PORT'
        ? `Stop what listens on ${port}, or choose another: PORT=${port === 65_535 ? 4001 : port + 1}.`
        : 'Set HOST to such an address, or unset it.',
    details: { setting },
    cause,
  })
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function drain(server: Server, drainMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), drainMs)
  await promise
  clearTimeout(timer)
}
