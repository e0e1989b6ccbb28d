import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import type { App, AppRequest, AppResponse } from './app.ts'
import { limitsWith, type Limits } from './guard/limits.ts'
import { openPort } from './port.ts'
import { until } from './until.ts'

/** Answers what comes over connections that something else accepted. */
export interface Serving {
  /** Answers a connection until it ends. */
  take(socket: Socket): void
  /** From now on each answer is the last of its connection, and says so. */
  lastAnswers(): void
  /**
   * Gives the last answers. Connections on which nobody asks are closed after `graceMs` (default 1000): who asks within that
   * time is told that the connection ends, so that few are left that may be closed just as a request is on its way. Requests in
   * flight are finished, and what is left `drainMs` after the first of the last answers is cut.
   */
  drain(graceMs?: number): Promise<void>
  /** How many connections are open. */
  connections(): number
}

/** Options of {@link serve}. */
export interface ServeOptions {
  readonly app: Pick<App, 'handle'>
  /** How long requests in flight are waited for once the last answers are given, in milliseconds. Default 10 000. */
  readonly drainMs?: number
  /** Limits other than the default ones of `guard/limits.ts`. */
  readonly limits?: Partial<Limits>
}

/** What a connection is used for. */
interface Use {
  /** Requests under way. */
  requests: number
  /** Bytes read when the last request was answered: where there are more, another is on its way. */
  bytes: number
}

/** A server that listens. */
export interface Listening {
  /** Where it answers, with the port that was free when `port` was 0. */
  readonly url: string
  /** Stops accepting, then drains as {@link Serving.drain} does. */
  close(graceMs?: number): Promise<void>
}

/** Options of {@link listen}. */
export interface ListenOptions extends ServeOptions {
  /** Address to listen on. Default 127.0.0.1: this machine only. */
  readonly host?: string
  /** 0 takes any free port. */
  readonly port: number
}

/** Serves an app over HTTP/1.1, on connections that are handed to it. */
export function serve(options: ServeOptions): Serving {
  const { app, drainMs = 10_000 } = options
  const limits = limitsWith(options.limits ?? {})
  const open = new Map<Socket, Use>()
  /** When the last answers began to be given. */
  let lastSince = Infinity
  const isIdle = () => open.size === 0
  const server = createLimited(limits, (request, response) => {
    countRequest(request.socket, response)
    void answer({ app, limits, isDraining: () => lastSince < Infinity }, request, response)
  })

  return { take, lastAnswers, drain, connections: () => open.size }

  function take(socket: Socket): void {
    if (open.size >= limits.connections) return void socket.destroy()
    open.set(socket, { requests: 0, bytes: 0 })
    socket.once('close', () => open.delete(socket))
    socket.allowHalfOpen = true
    server.emit('connection', socket)
    socket.resume()
  }

  function countRequest(socket: Socket, response: ServerResponse): void {
    const use = open.get(socket)
    if (!use) return
    use.requests += 1
    response.once('close', () => {
      use.requests -= 1
      use.bytes = socket.bytesRead
    })
  }

  function lastAnswers(): void {
    lastSince = Math.min(lastSince, performance.now())
  }

  async function drain(graceMs = 1000): Promise<void> {
    lastAnswers()
    const cutAt = lastSince + drainMs
    await until(isIdle, Math.min(graceMs, drainMs))
    await closeUnused()
    await until(isIdle, cutAt - performance.now())
    for (const socket of open.keys()) socket.destroy()
    server.close()
  }

  /** Closes the connections on which no request is under way, each right after what has arrived is read. */
  async function closeUnused(): Promise<void> {
    for (const [socket, use] of open) {
      await setImmediate()
      if (use.requests === 0 && socket.bytesRead === use.bytes) socket.destroy()
    }
  }
}

/**
 * Opens a port and serves an app on it, all in this process.
 * @throws StratesError `CONFIGURATION_INVALID`, as {@link openPort} does.
 */
export async function listen({ host = '127.0.0.1', port, ...options }: ListenOptions): Promise<Listening> {
  const serving = serve(options)
  const { url, close } = await openPort(host, port, serving.take)
  return {
    url,
    async close(graceMs) {
      await close()
      await serving.drain(graceMs)
    },
  }
}

/** A server that waits for no slow client. */
function createLimited(limits: Limits, listener: RequestListener): Server {
  const { headerMs, requestMs, keepAliveMs, headerBytes, stalledMs } = limits
  const options = {
    headersTimeout: headerMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    maxHeaderSize: headerBytes,
    connectionsCheckingInterval: Math.min(2000, headerMs),
  }
  const server = createServer(options, listener)
  server.timeout = stalledMs
  // Node starts to watch over the time limits of connections with this event; the port is somebody else's here.
  server.emit('listening')
  return server
}

interface Answering {
  readonly app: Pick<App, 'handle'>
  readonly limits: Limits
  readonly isDraining: () => boolean
}

async function answer(
  { app, limits, isDraining }: Answering,
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
    const bytes = hasBody ? sizeOf(answered) : undefined
    response.writeHead(answered.status, {
      ...answered.headers,
      ...(bytes !== undefined && { 'content-length': bytes }),
    })
    // Waits for a slow client, and ends the reading when it goes.
    if (answered.stream) await pipeline(answered.stream.pieces, response)
    else send(response, answered.body)
  } catch {
    // The client went away in the middle of its request or of the answer, or what is read for it broke off: it must not take
    // what it has for the whole.
    response.destroy()
  }
}

/** Up to how many bytes a body is copied to be sent in one piece with its head: two pieces cost more than that copy. */
const ONE_PIECE_BYTES = 16_384

/** Node joins a head with text only; as latin1, each byte of a body is one character and stays what it is. */
function send(response: ServerResponse, body: string | Uint8Array): void {
  if (typeof body === 'string' || body.length > ONE_PIECE_BYTES) return void response.end(body)
  response.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1')
}

/** How many bytes a body has; undefined where nobody knows yet. */
const sizeOf = ({ body, stream }: AppResponse): number | undefined => (stream ? stream.bytes : Buffer.byteLength(body))

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
  request.on('end', () => resolve(chunks.length > 1 ? Buffer.concat(chunks) : chunks[0]))
  request.on('error', reject)
  return promise
}
