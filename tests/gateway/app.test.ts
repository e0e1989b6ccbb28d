import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApolloServerPlugin } from '@apollo/server'
import { createApp } from '../../gateway/app.ts'
import { createEngine } from '../../gateway/engine.ts'
import { recordingLog, startGateway, SUPERGRAPH, withoutCost, type TestGateway } from './fixture.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const QUERY = '{ town(id: "1") { name } }'
const ANSWER = '{"data":{"town":{"name":"Ambre"}}}'
const STRICT = { accept: 'application/graphql-response+json', 'content-type': 'application/json' }
const get = (url: string, headers = {}) => gateway.app.handle({ method: 'GET', url, headers })
const post = (body: unknown, headers = {}) =>
  gateway.send({
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })

describe('GraphQL over HTTP', () => {
  it('answers POST and GET in compact JSON', async () => {
    const posted = await post({ query: QUERY })
    const got = await get(`/graphql?query=${encodeURIComponent(QUERY)}`)
    for (const { status, headers, body } of [posted, got]) {
      expect(status).toBe(200)
      expect(headers['content-type']).toBe('application/json; charset=utf-8')
      expect(withoutCost(body)).toBe(ANSWER)
    }
  })

  it('takes variables and an operation name by GET', async () => {
    const query = 'query A { echo(number: 1) } query B($n: Int) { echo(number: $n) }'
    const { body } = await get(`/graphql?${new URLSearchParams({ query, operationName: 'B', variables: '{"n":4}' })}`)
    expect(withoutCost(body)).toBe('{"data":{"echo":4}}')
  })

  it('takes bytes, and null for what is optional', async () => {
    const body = Buffer.from(JSON.stringify({ query: QUERY, variables: null, operationName: null, extensions: null }))
    expect(withoutCost((await gateway.send({ body })).body)).toBe(ANSWER)
  })

  it.each([
    ['no Accept', undefined, 'application/json; charset=utf-8'],
    ['*/*', '*/*', 'application/json; charset=utf-8'],
    ['graphql-response+json', 'application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
    [
      'what a browser sends first',
      'application/graphql-response+json, application/json;q=0.9',
      'application/graphql-response+json; charset=utf-8',
    ],
  ])('answers %s with its media type', async (_, accept, type) => {
    const { headers } = await post({ query: QUERY }, accept ? { accept } : {})
    expect(headers['content-type']).toBe(type)
  })

  it.each([
    ['does not parse', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['is not valid', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'has a wrong variable',
      { query: 'query ($n: Int!) { echo(number: $n) }', variables: { n: 'x' } },
      'BAD_USER_INPUT',
    ],
    ['names no operation', { query: '{ echo }', operationName: 'Other' }, 'OPERATION_RESOLUTION_FAILURE'],
  ])('gives 400 to graphql-response+json and 200 to json for a document that %s', async (_, body, code) => {
    const strict = await post(body, STRICT)
    const plain = await post(body)
    expect([strict.status, plain.status]).toEqual([400, 200])
    expect(strict.body).toEqual(plain.body)
    const answer = JSON.parse(String(strict.body))
    expect(answer).not.toHaveProperty('data')
    expect(answer.errors[0].extensions.code).toBe(code)
  })

  it('gives 200 to both for a part that failed', async () => {
    const body = { query: '{ town(id: "3") { name trees } }' }
    expect([(await post(body, STRICT)).status, (await post(body)).status]).toEqual([200, 200])
  })

  it.each([
    ['JSON that cannot be read', '{"query":'],
    ['JSON that is no object', '"{ echo }"'],
    ['no query', '{"variables":{}}'],
    ['a query that is no text', '{"query":{"a":1}}'],
    ['variables as text', '{"query":"{ echo }","variables":"{}"}'],
    ['extensions as text', '{"query":"{ echo }","extensions":"{}"}'],
    ['an operation name that is no text', '{"query":"{ echo }","operationName":1}'],
  ])('gives 400 for %s', async (_, body) => {
    const response = await post(body)
    expect(response.status).toBe(400)
    expect(JSON.parse(String(response.body)).errors[0].extensions.code).toBe('BAD_REQUEST')
  })

  it('gives 400 for bytes that are no UTF-8', async () => {
    expect((await gateway.send({ body: new Uint8Array([0x7b, 0xff, 0x7d]) })).status).toBe(400)
  })

  it.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    '',
  ])('gives 415 for a body of type "%s"', async (type) => {
    const response = await post({ query: QUERY }, { 'content-type': type })
    expect(response.status).toBe(415)
    expect(JSON.parse(String(response.body)).errors[0].extensions.code).toBe('UNSUPPORTED_MEDIA_TYPE')
  })

  it('gives 413 for a body over 100 KB, and takes one of exactly that', async () => {
    const sized = (size: number) => JSON.stringify({ query: QUERY }).padEnd(size)
    expect((await post(sized(100_000))).status).toBe(200)
    const response = await post(sized(100_001))
    expect(response.status).toBe(413)
    expect(JSON.parse(String(response.body)).errors[0].extensions.code).toBe('BODY_TOO_LARGE')
  })

  it('gives 405 and the methods allowed for any other', async () => {
    const { status, headers } = await gateway.app.handle({ method: 'PUT', url: '/graphql', headers: {} })
    expect([status, headers['allow']]).toEqual([405, 'GET, POST, OPTIONS'])
  })
})

describe('pages of other origins', () => {
  it('may ask, and learn the limits', async () => {
    const { status, headers } = await gateway.app.handle({
      method: 'OPTIONS',
      url: '/graphql',
      headers: { origin: 'https://a.example' },
    })
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': expect.stringContaining('Content-Type'),
    })
  })

  it('may read answers, refusals included', async () => {
    for (const body of [JSON.stringify({ query: QUERY }), '{']) {
      const { headers } = await post(body)
      expect(headers['access-control-allow-origin']).toBe('*')
      expect(headers['access-control-expose-headers']).toContain('ETag')
    }
  })
})

describe('the other routes', () => {
  it('show GraphiQL without a word from another host', async () => {
    const { status, headers, body } = await get('/graphiql')
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(String(body)).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/)
    expect(String(body)).toContain('/graphql')
  })

  it('answer HEAD without a body', async () => {
    expect(await gateway.app.handle({ method: 'HEAD', url: '/livez', headers: {} })).toMatchObject({
      status: 200,
      body: '',
    })
  })

  it('shows a page that lists where to go, in the language of the browser, to one who asks for pages', async () => {
    const accept = 'text/html,*/*;q=0.8'
    const french = await get('/<b>nothing', { accept })
    expect([french.status, french.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    expect(french.headers).toMatchObject({ 'cache-control': 'no-store', vary: 'accept, accept-language' })
    expect(String(french.body)).toContain('<li><a href="/docs/?lang=fr">Documentation</a></li>')
    expect(String(french.body)).not.toContain('<b>')
    const english = String((await get('/nothing', { accept, 'accept-language': 'en' })).body)
    expect(english).toMatch(/Nothing is served at <code>\/nothing<\/code>[^]*href="\/map\?lang=en"/)
  })

  it('list what there is when there is nothing', async () => {
    const { status, headers, body } = await get('/nothing?x=1')
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8'])
    const problem = JSON.parse(String(body))
    expect(problem).toMatchObject({ type: 'about:blank', status: 404, title: 'Not found' })
    expect(problem.routes.map(({ path }: { path: string }) => path)).toEqual([
      '/',
      '/map',
      '/compare',
      '/sources',
      '/favicon.ico',
      '/explorer/',
      '/graphql',
      '/graphiql',
      '/graphiql/',
      '/v1/boundaries/',
      '/v1/catalog.jsonld',
      '/v1/feeds/',
      '/v1/limits',
      '/v1/',
      '/docs/',
      '/mcp',
      '/status',
      '/metrics',
      '/livez',
      '/readyz',
    ])
  })

  it('put a request id of their own on everything', async () => {
    const first = await get('/nothing', { 'x-request-id': 'mine' })
    const second = await post('{')
    expect(first.headers['x-request-id']).toMatch(/^request-\d+$/)
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id'])
  })
})

describe('starting and failing', () => {
  it('is alive at once and ready when the engine answers', async () => {
    const app = createApp({ engine: createEngine({ supergraphSdl: SUPERGRAPH }), log: recordingLog().log })
    const at = (url: string) => app.handle({ method: 'GET', url, headers: {} }).then(({ status }) => status)
    expect([await at('/livez'), await at('/readyz'), await at('/graphql?query={echo}')]).toEqual([200, 503, 503])
    await app.ready
    expect(await at('/readyz')).toBe(200)
    await app.close()
  })

  it('is never ready with a supergraph that cannot be read, and logs why', async () => {
    const { log, logged } = recordingLog()
    const app = createApp({ engine: createEngine({ supergraphSdl: 'type {' }), log })
    await expect(app.ready).rejects.toThrow('Syntax Error')
    expect((await app.handle({ method: 'GET', url: '/readyz', headers: {} })).status).toBe(503)
    expect(logged.some(({ level }) => level === 'error')).toBe(true)
    await app.close()
  })

  it('masks what breaks around the engine', async () => {
    const { log, logged } = recordingLog()
    const broken: ApolloServerPlugin = {
      requestDidStart: async ({ request }) => ({
        didResolveOperation: async () => {
          if (request.query?.includes('echo')) throw new Error('secret of the plug-in')
        },
      }),
    }
    const engine = createEngine({ supergraphSdl: SUPERGRAPH })
    const app = createApp({ engine, log, plugins: [broken], newRequestId: () => 'request-7' })
    await app.ready
    const { status, body } = await app.handle({ method: 'GET', url: '/graphql?query={echo}', headers: {} })
    expect([status, withoutCost(body)]).toEqual([
      500,
      '{"errors":[{"message":"Internal error","extensions":{"code":"INTERNAL_SERVER_ERROR","requestId":"request-7"}}]}',
    ])
    expect(logged.at(-1)?.record).toMatchObject({ requestId: 'request-7' })
    expect(logged.map(({ record }) => String(record['err'])).join()).toContain('secret of the plug-in')
    await app.close()
  })
})
