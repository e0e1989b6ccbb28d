import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StratesError } from '../core/observations/error.ts'
import type { App, AppRequest } from './app.ts'
import { DEFAULT_LIMITS } from './guard/limits.ts'

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
}

const LIMITS = {
  headersTimeout: DEFAULT_LIMITS.headerMs,
  requestTimeout: DEFAULT_LIMITS.requestMs,
  keepAliveTimeout: DEFAULT_LIMITS.keepAliveMs,
  maxHeaderSize: DEFAULT_LIMITS.headerBytes,
  connectionsCheckingInterval: 2_000,
}

/**
 * Serves an app over HTTP/1.1. Throws `CONFIGURATION_INVALID` when the port is taken or not allowed, or the host is not an
 * address of this machine.
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { app, host = '127.0.0.1', port, drainMs = 10_000 } = options
  let draining = false
  const server = createServer(LIMITS, (request, response) => {
    void answer(app, request, response, () => draining)
  })
  server.maxConnections = DEFAULT_LIMITS.connections
  server.timeout = DEFAULT_LIMITS.stalledMs
  await startListening(server, host, port)

  return {
    url: urlOf(server, host),
    async close() {
      draining = true
      await drain(server, drainMs)
    },
  }
}

async function answer(
  app: Pick<App, 'handle'>,
  request: IncomingMessage,
  response: ServerResponse,
  isDraining: () => boolean,
): Promise<void> {
  try {
    const body = await readBody(request)
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
function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>()
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    size += chunk.length
    if (size <= DEFAULT_LIMITS.bodyBytes) return
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
