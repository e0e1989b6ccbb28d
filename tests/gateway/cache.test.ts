import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createAnswers, answerOf } from '../../gateway/cache/answers.ts'
import { keyOf } from '../../gateway/cache/question.ts'
import type { AppRequest, AppResponse } from '../../gateway/app.ts'
import { ASLEEP, DOWN, startGateway, type TestGateway } from './fixture.ts'

const VERSION = '0123456789abcdef.0001'
const QUERY = 'query Town($id: ID!) { town(id: $id) { name } }'
const ONE = { query: QUERY, variables: { id: '1' } }

let gateway: TestGateway
afterEach(() => gateway.close())

const start = async (
  options: Parameters<typeof startGateway>[1] = {},
  replaced: Parameters<typeof startGateway>[0] = {},
) => (gateway = await startGateway(replaced, { versions: held(VERSION), ...options }))

/** A list that stays the same, as subgraphs give it. */
const held =
  (...versions: string[]) =>
  () =>
    versions

const post = (body: unknown, headers: AppRequest['headers'] = {}) =>
  gateway.send({
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    headers: { 'content-type': 'application/json', ...headers },
  })
const get = (parameters: Record<string, string>, headers: AppRequest['headers'] = {}) =>
  gateway.app.handle({ method: 'GET', url: `/graphql?${new URLSearchParams(parameters)}`, headers })
const GET_ONE = { query: QUERY, variables: '{"id":"1"}' }

const parsed = ({ body }: AppResponse) => JSON.parse(String(body))
const cacheOf = ({ headers }: AppResponse) => headers['cache-status']
const asked = () => Object.values(gateway.calls).reduce((sum, calls) => sum + calls, 0)

describe('a repeated question', () => {
  it('is answered from memory, byte for byte, and says so', async () => {
    let time = 1_700_000_000_000
    await start({ clock: () => time })
    const first = await get(GET_ONE)
    time += 90_500
    const second = await get(GET_ONE)
    const third = await get(GET_ONE)
    expect(String(second.body)).toBe(String(first.body))
    expect(asked()).toBe(1)
    expect([first, second, third].map(cacheOf)).toEqual(['strates; fwd=miss; stored', 'strates; hit', 'strates; hit'])
    expect(first.headers).toMatchObject({ age: '0', 'cache-control': 'public, max-age=60' })
    // Made 90 seconds ago, and right for a minute more.
    expect(second.headers).toMatchObject({
      age: '90',
      'cache-control': 'public, max-age=150',
      etag: first.headers['etag'],
    })
    expect(parsed(first)).toEqual({
      data: { town: { name: 'Ambre' } },
      extensions: { dataVersion: '0123456789abcdef', cost: { requested: 1.1, limit: 10_000 } },
    })
  })

  it.each([
    ['in another order', { variables: { id: '1' }, query: QUERY }],
    ['with spaces', `{ "query": ${JSON.stringify(QUERY)},  "variables": {"id": "1"} }`],
    ['with nulls', { ...ONE, operationName: null, extensions: null }],
    ['by GET', null],
  ])('is recognised %s', async (_, body) => {
    await start()
    await post(ONE)
    const again = body === null ? await get(GET_ONE) : await post(body)
    expect(parsed(again).data).toEqual({ town: { name: 'Ambre' } })
    expect([asked(), cacheOf(again)]).toEqual([1, 'strates; hit'])
  })

  it.each([
    ['other variables', { ...ONE, variables: { id: '2' } }, { town: { name: 'Basalte' } }],
    ['another document', { ...ONE, query: QUERY.replace('name', 'id') }, { town: { id: '1' } }],
    ['another alias', { ...ONE, query: QUERY.replace('name', 'x: name') }, { town: { x: 'Ambre' } }],
  ])('is another with %s', async (_, body, data) => {
    await start()
    await post(ONE)
    const other = await post(body)
    expect(parsed(other).data).toEqual(data)
    expect([asked(), cacheOf(other)]).toEqual([2, 'strates; fwd=miss; stored'])
  })

  it('of several operations is kept by the one that is named', async () => {
    await start()
    const query = 'query A { echo(number: 1) } query B { echo(number: 2) }'
    for (const _ of [1, 2]) {
      expect(parsed(await post({ query, operationName: 'A' })).data).toEqual({ echo: 1 })
      expect(parsed(await post({ query, operationName: 'B' })).data).toEqual({ echo: 2 })
    }
    expect(asked()).toBe(2)
  })

  it('pays the least price, and a POST is told what remains', async () => {
    await start({ limits: { pointsPerMinute: 1000 }, now: () => 0 })
    const remaining: number[] = []
    for (const _ of [1, 2, 3]) {
      const response = await post(ONE, {})
      remaining.push(parsed(response).extensions.cost.remaining)
    }
    // In process nobody pays; over a socket the first pays for planning too.
    expect(remaining).toEqual([1000, 1000, 1000])
    const over = () => gateway.send({ remoteAddress: '192.0.2.1', body: JSON.stringify(ONE) })
    const [first, second, third] = [await over(), await over(), await over()].map(
      (one) => parsed(one).extensions.cost.remaining,
    )
    expect([first - second, second - third]).toEqual([10, 10])
  })

  it('is refused to a client without points, though the answer is at hand', async () => {
    await start({ limits: { pointsPerMinute: 25 }, now: () => 0 })
    await post(ONE)
    const statuses = []
    for (const _ of [1, 2, 3])
      statuses.push((await gateway.send({ remoteAddress: '192.0.2.1', body: JSON.stringify(ONE) })).status)
    expect(statuses).toEqual([200, 200, 429])
  })

  it('is answered 304 to one who has the answer', async () => {
    await start()
    const { headers } = await get(GET_ONE)
    const etag = String(headers['etag'])
    expect(etag).toMatch(/^"[\w-]{27}"$/)
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(GET_ONE, { 'if-none-match': tag })
      expect([again.status, String(again.body), again.headers['etag']]).toEqual([304, '', etag])
    }
    expect((await get(GET_ONE, { 'if-none-match': '"other"' })).status).toBe(200)
    const posted = await post(ONE)
    expect(posted.headers).toMatchObject({ etag: `W/${etag}`, 'cache-control': 'no-cache' })
    // RFC 9110 has 304 for GET and HEAD only.
    expect((await post(ONE, { 'if-none-match': `W/${etag}` })).status).toBe(200)
  })

  it('has the media type that the client asks for, over the same bytes', async () => {
    await start()
    const strict = { accept: 'application/graphql-response+json' }
    const types = []
    for (const headers of [{}, strict, {}, strict, { accept: '*/*' }])
      types.push((await get(GET_ONE, headers)).headers['content-type'])
    const [plain, other] = ['application/json; charset=utf-8', 'application/graphql-response+json; charset=utf-8']
    expect(types).toEqual([plain, other, plain, other, plain])
    const refused = await get(GET_ONE, { accept: 'text/html' })
    expect(refused.status).toBe(406)
  })
})

describe('what is never kept', () => {
  it.each([
    ['a partial answer', { query: '{ town(id: "1") { name trees } }' }, { trees: DOWN }, 200],
    ['an answer with an error of its owner', { query: '{ town(id: "2") { name roadKm } }' }, {}, 200],
    ['a document that does not parse', { query: '{' }, {}, 200],
    ['a document that does not fit the schema', { query: '{ nothing }' }, {}, 200],
    ['variables that do not fit', { query: QUERY, variables: { id: {} } }, {}, 200],
    ['an operation that is not there', { ...ONE, operationName: 'Other' }, {}, 200],
  ])('is %s', async (_, body, replaced, status) => {
    await start({}, replaced)
    const responses = [await post(body), await post(body)]
    for (const response of responses) {
      expect(response.status).toBe(status)
      expect(response.headers['cache-control']).toBe('no-store')
      expect(response.headers).not.toHaveProperty('etag')
      expect(cacheOf(response)).toBe('strates; fwd=miss')
      expect(parsed(response).errors.length).toBeGreaterThan(0)
    }
  })

  it('is anything of subgraphs that tell no version', async () => {
    await start({ versions: held() })
    const responses = [await post(ONE), await post(ONE)]
    expect(asked()).toBe(2)
    expect(responses.map(cacheOf)).toEqual(['strates; fwd=bypass', 'strates; fwd=bypass'])
    expect(parsed(responses[0]!).extensions).not.toHaveProperty('dataVersion')
  })

  it('is anything where the memory is set to nothing', async () => {
    await start({ cacheBytes: 0 })
    await post(ONE)
    await post(ONE)
    expect(asked()).toBe(2)
  })
})

describe('new data', () => {
  it('is answered from as soon as all subgraphs hold it, and the answers of before are forgotten', async () => {
    const next = 'fedcba9876543210.0001'
    let versions: readonly string[] = [VERSION]
    await start({ versions: () => versions })
    const before = await get(GET_ONE)
    versions = [next, VERSION]
    const after = await get(GET_ONE)
    expect([before, after].map((one) => parsed(one).extensions.dataVersion)).toEqual([
      '0123456789abcdef',
      'fedcba9876543210',
    ])
    expect(after.headers['etag']).not.toBe(before.headers['etag'])
    expect(asked()).toBe(2)
    expect((await get(GET_ONE, { 'if-none-match': String(before.headers['etag']) })).status).toBe(200)
  })
})

describe('the same question at the same time', () => {
  it('is executed once for all who ask', async () => {
    await start()
    const responses = await Promise.all(Array.from({ length: 500 }, () => post(ONE)))
    expect(asked()).toBe(1)
    expect(new Set(responses.map((one) => String(one.body))).size).toBe(1)
    expect(responses.filter((one) => cacheOf(one) === 'strates; fwd=miss; collapsed')).toHaveLength(499)
  })

  it('shares a partial answer with those who waited for it, and asks again for the next', async () => {
    await start({}, { trees: DOWN })
    const body = { query: '{ town(id: "1") { name trees } }' }
    const responses = await Promise.all(Array.from({ length: 50 }, () => post(body)))
    expect(gateway.calls['trees']).toBe(1)
    for (const response of responses)
      expect(parsed(response)).toMatchObject({ data: { town: { name: 'Ambre', trees: null } } })
    await post(body)
    expect(gateway.calls['trees']).toBe(2)
  })

  it('shares no refusal: each client pays for itself', async () => {
    await start({ limits: { pointsPerMinute: 60 }, now: () => 0 })
    const ask = (remoteAddress: string, alias: string) =>
      gateway.send({ remoteAddress, body: JSON.stringify({ query: `{ towns { neighbours { ${alias}: name } } }` }) })
    const first = await ask('192.0.2.1', 'a')
    expect(parsed(first).extensions.cost).toMatchObject({ requested: 32.5, remaining: 24 })
    const [poor, rich] = await Promise.all([ask('192.0.2.1', 'b'), ask('192.0.2.2', 'b')])
    expect([poor.status, rich.status]).toEqual([429, 200])
  })

  it('gives up for all at once when the time is up', async () => {
    await start({ limits: { operationMs: 200 }, timeoutMs: 1000 }, { towns: ASLEEP })
    const responses = await Promise.all(Array.from({ length: 20 }, () => post(ONE)))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([504]))
    expect(asked()).toBe(1)
  })
})

describe('automatic persisted queries', () => {
  const hash = createHash('sha256').update(QUERY).digest('hex')
  const named = { persistedQuery: { version: 1, sha256Hash: hash } }
  const byHash = { extensions: JSON.stringify(named), variables: '{"id":"1"}' }

  it('name a document by its hash once it was sent, by GET for a CDN, and are answered from memory', async () => {
    await start()
    const unknown = await get(byHash)
    expect(parsed(unknown).errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND')
    expect(unknown.headers['cache-control']).toBe('no-store')
    expect(parsed(await post({ ...ONE, extensions: named })).data).toEqual({ town: { name: 'Ambre' } })
    const responses = [await get(byHash), await get(byHash), await post({ variables: { id: '1' }, extensions: named })]
    for (const response of responses) expect(parsed(response).data).toEqual({ town: { name: 'Ambre' } })
    expect(responses.map(cacheOf)).toEqual(['strates; fwd=miss; stored', 'strates; hit', 'strates; hit'])
    expect(asked()).toBe(2)
  })

  it('refuse a hash of another document, each time', async () => {
    await start()
    await post(ONE)
    const wrong = { ...ONE, extensions: { persistedQuery: { version: 1, sha256Hash: hash.replace(/^./, 'x') } } }
    for (const _ of [1, 2]) expect(parsed(await post(wrong)).errors[0].message).toMatch(/sha does not match/)
  })

  it('pass the guards like any other document', async () => {
    await start({ limits: { depth: 1 } })
    expect(parsed(await post({ ...ONE, extensions: named })).errors[0].extensions.code).toBe('TOO_DEEP')
    expect(parsed(await get(byHash)).errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND')
  })
})

describe('whatever was asked before', () => {
  it.each([
    ['an empty name of an operation', { ...ONE, operationName: '' }, ONE, 'OPERATION_RESOLUTION_FAILURE'],
    [
      'an object where a list belongs',
      { query: 'query ($n: [Int]) { echo(number: 1) @include(if: true) ids: __typename }', variables: { n: {} } },
      { query: 'query ($n: [Int]) { echo(number: 1) @include(if: true) ids: __typename }', variables: { n: [] } },
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('%s is answered the same', async (_, odd, plain, code) => {
    await start()
    const cold = await post(odd)
    await post(plain)
    const warm = await post(odd)
    expect([warm.status, parsed(warm).errors]).toEqual([cold.status, parsed(cold).errors])
    expect(parsed(cold).errors[0].extensions.code).toBe(code)
  })

  it('a parameter that is there twice is refused', async () => {
    await start()
    await get(GET_ONE)
    const url = `/graphql?query={__typename}&${new URLSearchParams(GET_ONE)}`
    const response = await gateway.app.handle({ method: 'GET', url, headers: {} })
    expect([response.status, parsed(response).errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST'])
  })

  it('an answer is found again under an Accept that nobody used before, once it was used', async () => {
    await start()
    for (let number = 0; number < 300; number += 1) await get(GET_ONE, { accept: `application/json;x=${number}, */*` })
    const accept = 'application/json, text/plain, */*;q=0.9'
    await get(GET_ONE, { accept })
    expect(cacheOf(await get(GET_ONE, { accept }))).toBe('strates; hit')
  })
})

describe('nobody’s request', () => {
  it('changes what another is answered: 200 mutations of headers and parameters', async () => {
    await start()
    const control = await get(GET_ONE)
    const token = fc.stringMatching(/^[\w ,;=*/.+-]{0,20}$/)
    const mutation = fc.record({
      headers: fc.dictionary(
        fc.constantFrom(
          'accept',
          'accept-language',
          'accept-encoding',
          'host',
          'x-forwarded-host',
          'x-forwarded-for',
          'origin',
          'cookie',
          'authorization',
          'range',
          'x-http-method-override',
          'content-type',
          'apollographql-client-name',
          'if-none-match',
          'forwarded',
          'x-original-url',
        ),
        token,
      ),
      parameters: fc.dictionary(
        fc.constantFrom('variables', 'operationName', 'extensions', 'utm_source', 'query', 'callback', '__proto__'),
        token,
      ),
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS'),
    })
    await fc.assert(
      fc.asyncProperty(mutation, async ({ headers, parameters, method }) => {
        const url = `/graphql?${new URLSearchParams({ ...GET_ONE, ...parameters })}`
        const { status } = await gateway.app.handle({
          method,
          url,
          headers,
          ...(method === 'POST' && { body: JSON.stringify({ ...ONE, ...parameters }) }),
        })
        expect(status).toBeLessThan(500)
        const again = await get(GET_ONE)
        expect([String(again.body), again.headers['etag'], again.headers['content-type']]).toEqual([
          String(control.body),
          control.headers['etag'],
          control.headers['content-type'],
        ])
      }),
      { numRuns: 200 },
    )
  })
})

describe('the memory of answers', () => {
  const answer = (size: number) => answerOf(Buffer.alloc(size, 'x'), 0, { operation: '', requested: 1, datasets: [] })

  it('holds so many bytes, and lets go of the answer not asked for longest', async () => {
    await start()
    const answers = createAnswers({ bytes: 100_000 })
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) answers.keep(key, answer(12_000))
    expect(answers.bytes).toBeLessThanOrEqual(100_000)
    answers.find('a')
    for (const key of ['h', 'i']) answers.keep(key, answer(12_000))
    expect(['a', 'b', 'i'].map((key) => answers.find(key) !== undefined)).toEqual([true, false, true])
    answers.keep('huge', answer(20_000))
    expect(answers.find('huge')).toBeUndefined()
    expect(answers.bytes).toBeLessThanOrEqual(100_000)
  })
})

describe('the key of a question', () => {
  const question = {
    document: '{ a }',
    operationName: null,
    variables: {},
    schema: 's',
    dataVersion: 'v',
    format: 'f',
    language: 'en',
  }

  it('is another for each part of it', async () => {
    await start()
    const others = [
      { document: '{ b }' },
      { operationName: 'A' },
      { variables: { a: 1 } },
      { variables: { a: '1' } },
      { variables: { a: [1] } },
      { variables: { a: null } },
      { variables: { a: [] } },
      { variables: { a: {} } },
      { variables: { a: [['object', ['b', 1]]] } },
      { variables: { a: [{ b: 1 }] } },
      { variables: { a: Infinity } },
      { variables: { a: -Infinity } },
      { variables: JSON.parse('{"__proto__":1}') as unknown },
      { schema: 't' },
      { dataVersion: 'w' },
      { format: 'g' },
      { language: 'fr' },
    ]
    const keys = [question, ...others.map((other) => ({ ...question, ...other }))].map(keyOf)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('does not depend on the order of variables, and does on that of lists', async () => {
    await start()
    const variables = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))
    fc.assert(
      fc.property(variables, (given) => {
        const turned = Object.fromEntries(Object.entries(given).toReversed())
        expect(keyOf({ ...question, variables: turned })).toBe(keyOf({ ...question, variables: given }))
      }),
    )
    expect(keyOf({ ...question, variables: { a: [1, 2] } })).not.toBe(keyOf({ ...question, variables: { a: [2, 1] } }))
  })
})
