/** A portal on 127.0.0.1 that answers what a test tells it to, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers one request; `visit` counts the requests to the same path and query, from 1. */
export type Answer = (response: ServerResponse, visit: number, request: IncomingMessage) => void

export interface FakePortal {
  /** `127.0.0.1:PORT` */
  readonly host: string
  /** Path and query of every request, decoded, in order. */
  readonly asked: string[]
  close(): Promise<void>
}

/** Starts a portal. `routes` maps the end of a path, decoded, query included, to its answer; the rest is 404. */
export async function startFakePortal(routes: Record<string, Answer>): Promise<FakePortal> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    asked.push(path)
    const visit = asked.filter((earlier) => earlier === path).length
    const route = Object.keys(routes).find((end) => path.endsWith(end))
    if (route === undefined) response.writeHead(404).end('{"error_code":"NotFound"}')
    else routes[route]!(response, visit, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    asked,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Answers 200 with `body`. */
export function whole(body: Buffer | string, type = 'application/octet-stream'): Answer {
  const bytes = Buffer.from(body)
  return (response) => void response.writeHead(200, { 'content-type': type, 'content-length': bytes.length }).end(bytes)
}

/** Answers an error status. */
export function refused(status: number, headers: Record<string, string> = {}): Answer {
  return (response) => void response.writeHead(status, headers).end('{"error_code":"NotNow"}')
}

/** Announces the whole body, sends the first half and hangs up. */
export function cutInHalf(body: Buffer): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': body.length })
    response.write(body.subarray(0, body.length / 2), () => response.destroy())
  }
}

/** Sends the first half as if it were all: nothing in HTTP says that it is cut. */
export function quietlyCutInHalf(body: Buffer): Answer {
  return (response) => void response.writeHead(200).end(body.subarray(0, body.length / 2))
}

/** Hangs up without a word. */
export const reset: Answer = (response) => void response.socket?.resetAndDestroy()

/** Never answers. */
export const silence: Answer = () => undefined

/** Sends to another address. */
export function redirect(location: string): Answer {
  return (response) => void response.writeHead(302, { location }).end()
}

/** The first answer, then the next one, the last one for ever. */
export function inTurn(...answers: Answer[]): Answer {
  return (response, visit, request) => answers[Math.min(visit, answers.length) - 1]!(response, visit, request)
}

/** The answer to the question which rentrées there are. */
export function rentrees(...values: { name: string; count?: number }[]): Answer {
  const facets = values.map(({ name, count }) => ({ name, value: name, state: 'displayed', count }))
  return whole(JSON.stringify({ links: [], facets: [{ name: 'rentree_scolaire', facets }] }), 'application/json')
}
