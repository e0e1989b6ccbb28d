import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'

/** What goes wrong with one subgraph. */
export const FAULTS = ['DOWN', 'SLOW', 'HTML', 'TRUNCATED', 'HUGE', 'WRONG_TYPES'] as const
export type Fault = (typeof FAULTS)[number]

/** Stands before a subgraph, passes everything on, and can be told to do otherwise. */
export interface FaultyProxy {
  readonly url: string
  fault: Fault | undefined
  close(): Promise<void>
}

/** A proxy before the subgraph at an address. */
export async function startProxy(target: string): Promise<FaultyProxy> {
  const { origin, pathname } = new URL(target)
  const pool = new Pool(origin, { connections: 32 })
  const server: Server = createServer((request, response) => {
    response.on('error', () => {})
    serve(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    fault: undefined,
    async close() {
      await new Promise((resolve) => server.close(resolve).closeAllConnections())
      await pool.destroy()
    },
  }
  return proxy

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request)
    if (proxy.fault === 'DOWN') return void response.destroy()
    if (proxy.fault !== undefined) return await spoil(response, proxy.fault, () => forward(request, body))
    const { status, headers, text } = await forward(request, body)
    response.writeHead(status, headers).end(text)
  }

  async function forward(request: IncomingMessage, body: Buffer) {
    const { 'content-length': _, connection: __, ...headers } = request.headers
    const answer = await pool.request({
      method: 'POST',
      path: pathname,
      headers: headers as Record<string, string>,
      body,
    })
    const { 'content-length': ___, connection: ____, ...kept } = answer.headers
    return { status: answer.statusCode, headers: kept as Record<string, string>, text: await answer.body.text() }
  }
}

async function spoil(
  response: ServerResponse,
  fault: Exclude<Fault, 'DOWN'>,
  forward: () => Promise<{ readonly headers: Record<string, string>; readonly text: string }>,
): Promise<void> {
  const json = { 'content-type': 'application/json' }
  switch (fault) {
    case 'SLOW':
      await new Promise((resolve) => setTimeout(resolve, 10_000).unref())
      return void response.writeHead(200, json).end('{"data":{}}')
    case 'HTML':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>')
    case 'TRUNCATED': {
      const { text } = await forward()
      return void response.writeHead(200, json).end(text.slice(0, Math.ceil(text.length / 2)))
    }
    case 'HUGE':
      return await sendGigabyte(response.writeHead(200, json))
    case 'WRONG_TYPES': {
      const { text } = await forward()
      return void response.writeHead(200, json).end(JSON.stringify(wrongTypes(JSON.parse(text) as unknown)))
    }
  }
}

/** A gigabyte, as long as anybody reads it. */
async function sendGigabyte(response: ServerResponse): Promise<void> {
  const chunk = Buffer.alloc(1_000_000, ' ')
  const closed = once(response, 'close')
  for (let sent = 0; sent < 1000 && !response.destroyed; sent += 1) {
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), closed])
  }
  response.end()
}

const once = (response: ServerResponse, event: string) => new Promise((resolve) => response.once(event, resolve))

/** The same answer with another type in every leaf. */
function wrongTypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wrongTypes)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, key === '__typename' ? one : wrongTypes(one)]),
    )
  return typeof value === 'string' ? { not: 'a text' } : 'not a number'
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
