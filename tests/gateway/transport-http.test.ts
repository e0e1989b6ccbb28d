import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { serveSubgraph, startGateway, SUPERGRAPH, DOWN, withoutCost } from './fixture.ts'
import { createApp } from '../../gateway/app.ts'
import { createEngine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { httpTransport } from '../../gateway/transport/http.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

/** A gateway whose trees answer over HTTP with this listener, the others in process. */
async function withTrees(listener?: RequestListener, timeoutMs = 300) {
  const server = await serveSubgraph('trees', listener)
  open.push(server)
  const gateway = await startGateway({ trees: server.transport }, { timeoutMs })
  open.push(gateway)
  return gateway
}

const JSON_TYPE = { 'content-type': 'application/json' }

describe('a subgraph over HTTP', () => {
  it('answers as it does in process', async () => {
    const gateway = await withTrees()
    const { data, errors } = await gateway.ask('{ towns { trees green } }')
    expect(data.towns[0]).toEqual({ trees: 1000, green: 'roadKm=10 trees=1000' })
    expect(errors?.some(({ path }) => String(path) === 'towns,2,trees')).toBe(true)
  })

  it('is found at the address that the supergraph gives', async () => {
    const names = ['towns', 'roads', 'trees', 'sums']
    const servers = await Promise.all(names.map((name) => serveSubgraph(name)))
    open.push(...servers)
    const supergraphSdl = SUPERGRAPH.replace(
      /http:\/\/127\.0\.0\.1:400([1-4])\b/g,
      (_, position) => servers[Number(position) - 1]?.url ?? '',
    )
    const app = createApp({ engine: createEngine({ supergraphSdl }), log: SILENT })
    open.push(app)
    await app.ready
    const { body } = await app.handle({ method: 'GET', url: '/graphql?query={town(id:"1"){name,green}}', headers: {} })
    expect(withoutCost(body)).toBe('{"data":{"town":{"name":"Ambre","green":"roadKm=10 trees=1000"}}}')
  })

  it("gets the request id of the client's request, and nothing else of its headers", async () => {
    let headers: Record<string, unknown> = {}
    const gateway = await withTrees((request, response) => {
      headers = request.headers
      response.writeHead(200, JSON_TYPE).end('{"data":{"forest":null}}')
    })
    await gateway.send({
      headers: { ...JSON_TYPE, 'x-forwarded-for': '6.6.6.6', cookie: 'a=b' },
      body: JSON.stringify({ query: '{ forest { age } }' }),
    })
    expect(headers['x-request-id']).toBe('request-1')
    expect(headers).not.toHaveProperty('x-forwarded-for')
    expect(headers).not.toHaveProperty('cookie')
  })

  it.each<[string, RequestListener, string]>([
    [
      'an HTML page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Proxy</h1>'),
      'BAD_ANSWER',
    ],
    [
      'an HTML page that calls itself JSON',
      (_, response) => response.writeHead(502, JSON_TYPE).end('<h1>Bad gateway</h1>'),
      'BAD_ANSWER',
    ],
    [
      'truncated JSON',
      (_, response) => response.writeHead(200, JSON_TYPE).end('{"data":{"forest":{"spec'),
      'BAD_ANSWER',
    ],
    [
      'an answer that breaks off',
      (_, response) =>
        response.writeHead(200, { ...JSON_TYPE, 'content-length': '500' }).write('{"data"', () => response.destroy()),
      'BAD_ANSWER',
    ],
    ['JSON that is no GraphQL', (_, response) => response.writeHead(200, JSON_TYPE).end('[1,2]'), 'BAD_ANSWER'],
    ['an empty answer', (_, response) => response.writeHead(204).end(), 'BAD_ANSWER'],
    ['a closed connection', (_, response) => response.destroy(), 'UNREACHABLE'],
    ['an answer without end', (_, response) => void response.writeHead(200, JSON_TYPE).write('{"data":'), 'TIMEOUT'],
    ['silence', () => {}, 'TIMEOUT'],
    [
      'an answer over the limit',
      (_, response) => response.writeHead(200, JSON_TYPE).end(`{"data":{"forest":"${'x'.repeat(200_000)}"}}`),
      'TOO_LARGE',
    ],
  ])('that sends %s leaves its part null, with a coded error', async (_, listener, reason) => {
    const gateway = await withTrees(listener)
    const { data, errors } = await gateway.ask('{ forest { species } town(id: "1") { name } }')
    expect(data).toEqual({ forest: null, town: { name: 'Ambre' } })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({
      path: ['forest'],
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'trees', reason },
    })
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1')
  })

  it('that sends a value of the wrong type loses that value only', async () => {
    const gateway = await withTrees((_, response) =>
      response.writeHead(200, JSON_TYPE).end('{"data":{"_entities":[{"trees":"many"},{"trees":2},{"trees":null}]}}'),
    )
    const { data, errors } = await gateway.ask('{ towns { name trees } }')
    expect(data.towns.map(({ trees }: { trees: unknown }) => trees)).toEqual([null, 2, null])
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({
      path: ['towns', 0, 'trees'],
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'trees' },
    })
  })

  it('that is not there says so', async () => {
    const gateway = await startGateway({
      trees: httpTransport({ name: 'trees', url: 'http://127.0.0.1:1/' }),
      sums: DOWN,
    })
    open.push(gateway)
    const { errors } = await gateway.ask('{ forest { age } }')
    expect(errors?.[0]?.extensions).toMatchObject({ subgraph: 'trees', reason: 'UNREACHABLE' })
  })

  it('keeps the errors of a subgraph that refuses with 400', async () => {
    const gateway = await withTrees((_, response) =>
      response
        .writeHead(400, JSON_TYPE)
        .end('{"errors":[{"message":"No such year","extensions":{"code":"INVALID_YEAR"}}]}'),
    )
    const { errors } = await gateway.ask('{ forest { age } }')
    expect(errors).toEqual([
      { message: 'No such year', path: ['forest'], extensions: { code: 'INVALID_YEAR', subgraph: 'trees' } },
    ])
  })
})
