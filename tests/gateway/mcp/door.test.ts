import { afterEach, describe, expect, it } from 'vitest'
import { operationOf } from '../../../gateway/doors/operations/operation.ts'
import { DOWN, startGateway, type TestGateway } from '../fixture.ts'
import { connectTo, fetchFrom } from './client.ts'

/* Over the invented country: what does not depend on our schema. */

const OPERATIONS = [
  operationOf(
    'town-card',
    '# One town: its roads and trees.\n# Fr: Une question.\nquery TownCard($id: ID! = "1", $kind: String) { town(id: $id) { name roadKm trees(kind: $kind) } }',
  ),
  operationOf(
    'all-towns',
    '# All towns.\n# Fr: Une question.\n# Rows: towns\nquery AllTowns($order: Order) { towns(order: $order) { id name } }',
  ),
  operationOf('number', '# A number.\n# Fr: Une question.\nquery Number($number: Int!) { echo(number: $number) }'),
  operationOf(
    'elsewhere',
    '# Of another supergraph.\n# Fr: Une question.\nquery Elsewhere { commune(code: "35238") { name } }',
  ),
]

let gateway: TestGateway
afterEach(() => gateway.close())
const post = (body: string, headers: Record<string, string> = {}) =>
  gateway.send({
    url: '/mcp',
    body,
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
  })

describe('the tools', () => {
  it('are the operations that the schema can answer, and graphql', async () => {
    gateway = await startGateway({}, { operations: OPERATIONS })
    const { client } = await connectTo(gateway.app)
    const { tools } = await client.listTools()
    expect(tools.map(({ name, title, description }) => [name, title, description])).toEqual([
      ['town_card', 'Town card', 'One town: its roads and trees.'],
      ['all_towns', 'All towns', 'All towns.'],
      ['number', 'Number', 'A number.'],
      ['graphql', 'Any question in GraphQL', expect.stringContaining('strates://schema')],
    ])
    expect(tools[0]).toMatchObject({
      inputSchema: { properties: { id: { type: 'string', default: '1' } }, additionalProperties: false },
      annotations: { readOnlyHint: true, openWorldHint: false },
    })
    expect(tools[1]?.inputSchema.properties).toMatchObject({ order: { enum: ['NAME', 'ID'] }, fromRow: { minimum: 1 } })
    expect(tools[2]?.inputSchema.required).toEqual(['number'])
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(['strates://schema'])
  })

  it('say which owner did not answer, and give the rest', async () => {
    gateway = await startGateway({ roads: DOWN }, { operations: OPERATIONS })
    const { call } = await connectTo(gateway.app)
    const { text, structured, isError } = await call('town_card')
    expect(isError).toBe(false)
    expect(structured.data).toEqual({ town: { name: 'Ambre', roadKm: null, trees: 1000 } })
    expect(structured.errors[0].extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'roads' })
    expect(text).toMatch(/town: name: Ambre; roadKm: null; trees: 1000/)
    expect(text).toMatch(/MISSING: SUBGRAPH_UNAVAILABLE: .*roads.* At: town\.roadKm\./)
  })

  it('give errors as results, with their code and sentences', async () => {
    gateway = await startGateway({ towns: DOWN }, { operations: OPERATIONS })
    const { call } = await connectTo(gateway.app)
    const { text, isError, structured } = await call('town_card')
    expect([isError, structured]).toEqual([true, undefined])
    expect(text).toMatch(/^SUBGRAPH_UNAVAILABLE: .*towns/)
  })

  it.each([
    ['number', {}, /^INVALID_OPTION: An argument is missing \(number\)\. Expected: the argument number\./],
    [
      'number',
      { number: 'x' },
      /^INVALID_OPTION: An argument cannot be read \(number: "x"\)\. Expected: Int cannot represent/,
    ],
    [
      'number',
      { number: 1, size: 2 },
      /^INVALID_OPTION: There is no such argument \(size\)\. Expected: any of number\./,
    ],
    ['all_towns', { order: 'SIZE' }, /^INVALID_OPTION: .*order: "SIZE".*"Order" enum/],
    ['all_towns', { fromRow: 0 }, /^INVALID_OPTION: .*fromRow: 0.*a whole number from 1 on/],
    ['graphql', {}, /^INVALID_OPTION: An argument is missing \(query\)/],
    ['graphql', { query: '{ nothing }' }, /^GRAPHQL_VALIDATION_FAILED: Cannot query field "nothing"/],
    ['graphql', { query: '{{' }, /^GRAPHQL_PARSE_FAILED: /],
    ['graphql', { query: `{ ${'a '.repeat(3000)}}` }, /^TOO_MANY_TOKENS: /],
  ])('refuse %s of %j', async (name, given, expected) => {
    gateway = await startGateway({}, { operations: OPERATIONS })
    const { call } = await connectTo(gateway.app)
    const { text, isError } = await call(name, given)
    expect(isError).toBe(true)
    expect(text).toMatch(expected)
  })

  it('take null for an argument that is not given', async () => {
    gateway = await startGateway({}, { operations: OPERATIONS })
    const { call } = await connectTo(gateway.app)
    expect((await call('town_card', { id: null, kind: null })).structured.data.town.name).toBe('Ambre')
  })

  it('that are unknown are told with those that are', async () => {
    gateway = await startGateway({}, { operations: OPERATIONS })
    const { client } = await connectTo(gateway.app)
    await expect(client.callTool({ name: 'towns' })).rejects.toThrow(
      /no such tool \(towns\).*town_card, all_towns, number, graphql/,
    )
    await expect(client.readResource({ uri: 'strates://x' })).rejects.toThrow(/no such resource.*strates:\/\/schema/)
  })
})

describe('/mcp', () => {
  it('remembers nothing between two messages: a call needs no greeting', async () => {
    gateway = await startGateway({}, { operations: OPERATIONS })
    const { status, headers, body } = await post(
      '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"number","arguments":{"number":3}}}',
    )
    expect([status, headers['content-type'], headers['cache-control'], headers['mcp-session-id']]).toEqual([
      200,
      'application/json',
      'no-store',
      undefined,
    ])
    expect(JSON.parse(String(body))).toMatchObject({ id: 7, result: { structuredContent: { data: { echo: 3 } } } })
  })

  it('lets any page ask', async () => {
    gateway = await startGateway({}, { operations: OPERATIONS })
    const preflight = await gateway.send({ method: 'OPTIONS', url: '/mcp' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-headers']).toMatch(/Mcp-Protocol-Version.*Mcp-Session-Id/)
    const { headers } = await post('{"jsonrpc":"2.0","id":1,"method":"ping"}', { origin: 'https://elsewhere.example' })
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.stringContaining('Mcp-Protocol-Version'),
    })
  })

  it.each(['GET', 'DELETE'])('has no session to %s, and says what it is', async (method) => {
    gateway = await startGateway({}, { operations: OPERATIONS })
    const { status, headers, body } = await gateway.send({ method, url: '/mcp' })
    expect([status, headers['allow']]).toEqual([405, 'POST, OPTIONS'])
    expect(JSON.parse(String(body)).detail).toMatch(/^\/mcp \(.*Model Context Protocol\) answers POST/)
  })

  it.each([
    ['{', 400, /-32700/],
    ['{"jsonrpc":"1.0"}', 400, /-32700/],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 400, /BATCHING_REFUSED/],
    [`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"${'y'.repeat(100_000)}"}}`, 413, /BODY_TOO_LARGE/],
    ['{"jsonrpc":"2.0","id":1,"method":"sampling/x"}', 200, /-32601/],
  ])('refuses what is no message: %.40s', async (body, status, expected) => {
    gateway = await startGateway({}, { operations: OPERATIONS })
    const response = await post(body)
    expect(response.status).toBe(status)
    expect(String(response.body)).toMatch(expected)
  })

  it('says to a client that takes no JSON, or speaks a version that nobody knows, what it has', async () => {
    gateway = await startGateway({}, { operations: OPERATIONS })
    const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}'
    expect((await post(ping, { accept: 'text/html' })).status).toBe(406)
    const { status, body } = await post(ping, { 'mcp-protocol-version': '1999-01-01' })
    expect(status).toBe(400)
    expect(String(body)).toContain('supported versions')
  })

  it('takes from the account of the caller the least, and the price of the operation', async () => {
    gateway = await startGateway({}, { operations: OPERATIONS, limits: { pointsPerMinute: 600 }, now: () => 0 })
    const fetching = fetchFrom(gateway.app, '192.0.2.7')
    const left = async (body: object) => {
      const response = await fetching('http://gateway/mcp', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
      })
      return {
        status: response.status,
        left: Number(/r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1]),
        response,
      }
    }
    const call = { method: 'tools/call', params: { name: 'number', arguments: { number: 1 } } }
    expect((await left({ method: 'ping' })).left).toBe(590)
    expect((await left({ method: 'tools/list' })).left).toBe(540)
    expect((await left(call)).left).toBe(520)
    expect((await left({ ...call, params: { name: 'number', arguments: {} } })).left).toBe(410)
    while ((await left({ method: 'tools/list' })).status === 200);
    const { response } = await left({ method: 'tools/list' })
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)])
    expect(await response.json()).toMatchObject({ code: 'RATE_LIMITED' })
  })

  it('gives a call that the account does not hold as a result that says when to ask again', async () => {
    gateway = await startGateway({}, { operations: OPERATIONS, limits: { pointsPerMinute: 15 }, now: () => 0 })
    const { status, body } = await gateway.send({
      url: '/mcp',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"number","arguments":{"number":1}}}',
      remoteAddress: '192.0.2.8',
    })
    const { result } = JSON.parse(String(body))
    expect([status, result.isError]).toEqual([200, true])
    expect(result.content[0].text).toMatch(/^RATE_LIMITED: .*Ask again in \d+ s/)
  })
})
