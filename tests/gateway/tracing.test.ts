import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, sep } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { readTraceparent, writeTraceparent } from '../../gateway/tracing/span.ts'
import { createTracer } from '../../gateway/tracing/otlp.ts'
import { DOWN, recordingLog, serveSubgraph, startGateway } from './fixture.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`

interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly status: { readonly code?: number }
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[]
}

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** A collector that keeps what it is sent. */
async function startCollector() {
  const received: { resource: unknown; spans: OtlpSpan[]; type: string | undefined; path: string | undefined }[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += chunk))
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(text)
      for (const { resource, scopeSpans } of resourceSpans)
        received.push({
          resource,
          spans: scopeSpans.flatMap(({ spans }: { spans: OtlpSpan[] }) => spans),
          type: request.headers['content-type'],
          path: request.url,
        })
      response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => server.close().closeAllConnections())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`, received }
}

/** A collector that takes everything and never answers. */
const startSleeper = () => startListener(() => {})

/** Something that is no collector. */
const startRefuser = () => startListener((_, response) => response.writeHead(404).end('no'))

async function startListener(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`
}

const { log, logged } = recordingLog()
const attributesOf = ({ attributes }: OtlpSpan) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

describe('traces', () => {
  it('tell of the request, its execution and each call of a subgraph, and are sent at the latest on close', async () => {
    const { url, received } = await startCollector()
    const tracer = createTracer({ url, serviceName: 'strates-test', log })
    const gateway = await startGateway({ roads: DOWN }, { tracer })
    await gateway.send({
      headers: { 'content-type': 'application/json', traceparent: TRACEPARENT, 'x-client-name': 'SECRET@example.org' },
      body: JSON.stringify({ query: 'query Road($id: ID!) { town(id: $id) { name roadKm } }', variables: { id: '1' } }),
    })
    await gateway.app.handle({ method: 'GET', url: '/livez?SECRET', headers: {} })
    await gateway.close()

    expect(received).toHaveLength(1)
    const [{ resource, spans, type, path } = { spans: [] }] = received
    expect([type, path]).toEqual(['application/json', '/v1/traces'])
    expect(JSON.stringify(resource)).toContain('strates-test')
    const named = (name: string) => spans.find((span) => span.name === name)!
    const [request, execution, towns, roads] = [
      named('POST'),
      named('execution'),
      named('subgraph towns'),
      named('subgraph roads'),
    ]
    expect(spans).toHaveLength(5)
    expect(request).toMatchObject({ traceId: TRACE, parentSpanId: PARENT })
    expect([execution, towns, roads].map(({ traceId, parentSpanId }) => [traceId, parentSpanId])).toEqual([
      [TRACE, request.spanId],
      [TRACE, execution.spanId],
      [TRACE, execution.spanId],
    ])
    expect(attributesOf(request)).toMatchObject({
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'graphql.operation.name': 'Road',
      'strates.outcome': 'partial',
      'strates.cache': 'bypass',
      'strates.cost': 1.2,
      'strates.request_id': 'request-1',
    })
    expect(attributesOf(towns)).toEqual({ 'strates.subgraph': 'towns', 'strates.outcome': 'ANSWERED' })
    expect([attributesOf(roads)['strates.outcome'], roads.status.code]).toEqual(['FAILED', 2])
    expect(attributesOf(named('GET'))).toMatchObject({ 'http.route': '/livez', 'http.response.status_code': 200 })
    expect(named('GET').parentSpanId ?? '').toBe('')
    expect(JSON.stringify(received)).not.toContain('SECRET')
  })

  it('go on in subgraphs over HTTP, and nothing is sent to them where nothing is traced', async () => {
    const seen: IncomingHttpHeaders[] = []
    const roads = await serveSubgraph('roads', (request, response) => {
      if (String(request.headers['x-request-id']).startsWith('request-')) seen.push(request.headers)
      request.resume()
      response.setHeader('content-type', 'application/json').end('{"data":{"_entities":[{"roadKm":10}]}}')
    })
    closing.push(roads.close)
    const { url } = await startCollector()
    for (const tracer of [createTracer({ url, serviceName: 'strates', log }), undefined]) {
      const gateway = await startGateway({ roads: roads.transport }, { tracer })
      await gateway.send({
        headers: { 'content-type': 'application/json', traceparent: TRACEPARENT, tracestate: 'a=b', baggage: 'c=d' },
        body: JSON.stringify({ query: '{ town(id: "1") { name roadKm } }' }),
      })
      await tracer?.close()
    }
    expect(seen).toHaveLength(2)
    expect(seen[0]?.['traceparent']).toMatch(new RegExp(`^00-${TRACE}-(?!${PARENT})[0-9a-f]{16}-01$`))
    expect(seen[0]).not.toHaveProperty('tracestate')
    expect(seen[0]).not.toHaveProperty('baggage')
    expect(seen[1]).not.toHaveProperty('traceparent')
  })

  it.each([
    ['down', async () => 'http://127.0.0.1:9/v1/traces'],
    ['asleep', startSleeper],
    ['of another kind', startRefuser],
  ])(
    'cost nobody anything when the collector is %s, which is logged once',
    async (_, startOther) => {
      logged.length = 0
      const tracer = createTracer({ url: await startOther(), serviceName: 'strates', log })
      const gateway = await startGateway({}, { tracer })
      const answer = await gateway.ask('{ town(id: "1") { name } }')
      expect(answer.data).toEqual({ town: { name: 'Ambre' } })
      await wait(2500)
      await gateway.ask('{ town(id: "2") { name } }')
      const started = performance.now()
      await gateway.close()
      expect(performance.now() - started).toBeLessThan(6000)
      await expect.poll(() => logged.length, { timeout: 10_000 }).toBe(1)
      expect(logged[0]).toMatchObject({ level: 'warn' })
    },
    40_000,
  )
})

describe('where no collector is named', () => {
  it('nothing of OpenTelemetry is loaded: one module imports it, and that one is imported when it is needed', () => {
    const house = join(import.meta.dirname, '..', '..')
    const files = globSync('{core,gateway,subgraphs}/**/*.ts', { cwd: house }).map((name) => name.replaceAll(sep, '/'))
    const textOf = (name: string) => readFileSync(join(house, name), 'utf8')
    expect(files.filter((name) => textOf(name).includes("from '@opentelemetry/"))).toEqual(['gateway/tracing/otlp.ts'])
    expect(files.filter((name) => /from '[^']*\/otlp\.ts'/.test(textOf(name)))).toEqual([])
  })
})

describe('the header traceparent', () => {
  it('is read as W3C Trace Context writes it', () => {
    const read = readTraceparent(TRACEPARENT)
    expect(read).toEqual({ traceId: TRACE, spanId: PARENT, traceFlags: 1 })
    expect(writeTraceparent(read!)).toBe(TRACEPARENT)
  })

  it.each([
    '',
    'x',
    `01-${TRACE}-${PARENT}-01`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
  ])('is nothing where it is "%s"', (header) => {
    expect(readTraceparent(header)).toBeUndefined()
  })
})
