import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import type { AppRequest } from '../../gateway/app.ts'
import { DOWN, parrot, startGateway, type TestGateway } from './fixture.ts'

const QUERY = 'query Town($id: ID!) { town(id: $id) { name } }'
const ONE = { query: QUERY, variables: { id: '1' } }

let gateway: TestGateway
let text: string
afterEach(() => gateway?.close())

const start = async (level: string, replaced: Parameters<typeof startGateway>[0] = {}) => {
  text = ''
  const log = pino({ level }, { write: (line: string) => void (text += line) })
  gateway = await startGateway(replaced, { log, versions: () => VERSION })
}
const VERSION = ['0123456789abcdef.0001']
const post = (body: unknown, headers: AppRequest['headers'] = {}) =>
  gateway.send({
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
const lines = () =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const requests = () => lines().filter(({ msg }) => msg === 'request')

describe('a log of level info', () => {
  it('says nothing of requests that are answered, or refused', async () => {
    await start('info')
    for (const body of [ONE, ONE, { query: '{ nothing }' }, 'no json']) await post(body)
    expect(text).toBe('')
  })

  it('warns of an answer in which a part of an owner is missing, under the id that the client has', async () => {
    await start('info', { roads: DOWN })
    const { headers } = await post({ query: '{ town(id: "1") { name roadKm } }' })
    expect(lines()).toEqual([
      expect.objectContaining({ level: 40, requestId: headers['x-request-id'], subgraph: 'roads' }),
    ])
  })
})

describe('a log of level debug', () => {
  it('has a line for each request', async () => {
    await start('debug')
    await post(ONE, { 'apollographql-client-name': 'carte', 'x-request-id': 'abc-1' })
    await post(ONE)
    await post({ query: '{ nothing }' })
    await gateway.app.handle({ method: 'GET', url: '/livez?secret=1', headers: {} })
    const common = { ms: expect.any(Number), level: 20, time: expect.any(Number), msg: 'request' }
    const graphql = { ...common, method: 'POST', route: '/graphql', status: 200 }
    expect(requests().map(({ pid: _pid, hostname: _host, ...line }) => line)).toEqual([
      {
        ...graphql,
        requestId: 'request-1',
        clientRequestId: 'abc-1',
        client: 'carte',
        operation: 'Town',
        outcome: 'miss',
        cache: 'miss',
        cost: 1.1,
        paid: expect.any(Number),
      },
      {
        ...graphql,
        requestId: 'request-2',
        client: 'unnamed',
        operation: 'Town',
        outcome: 'hit',
        cache: 'hit',
        cost: 1.1,
        paid: 10,
      },
      {
        ...graphql,
        requestId: 'request-3',
        client: 'unnamed',
        operation: 'anonymous',
        outcome: 'refused',
        cache: 'miss',
        cost: 0,
        paid: 100,
        code: 'GRAPHQL_VALIDATION_FAILED',
      },
      { ...common, requestId: 'request-4', client: 'unnamed', method: 'GET', route: '/livez', status: 200 },
    ])
  })

  it('takes an id of the client only where it is one', async () => {
    await start('debug')
    for (const id of ['', 'a b', 'x'.repeat(65), 'a\r\nb', 'é']) await post(ONE, { 'x-request-id': id })
    expect(requests()).toHaveLength(5)
    for (const line of requests()) {
      expect(line).not.toHaveProperty('clientRequestId')
      expect(line['requestId']).toMatch(/^request-\d$/)
    }
  })

  it('cannot be made to hold a forged line', async () => {
    await start('debug')
    const forged = 'a\r\n{"level":50,"msg":"forged"}\n'
    const headers = {
      'x-client-name': forged,
      'apollographql-client-name': forged,
      'x-request-id': forged,
      traceparent: forged,
    }
    await gateway.app.handle({ method: 'GE\nT', url: `/no${forged}`, headers })
    await post({ query: `query ${forged} { echo }`, operationName: forged }, headers)
    await post({ query: `query A { echo }`, operationName: forged }, headers)
    expect(requests()).toHaveLength(3)
    expect(lines().map(({ msg }) => msg)).not.toContain('forged')
    expect(text).not.toContain('forged')
  })

  it('never holds what a client asked: no query, variable, address or header', async () => {
    const answers = [
      {},
      { towns: DOWN },
      { towns: parrot({ data: { town: { name: null } } }) },
      { towns: parrot({ errors: [] }) },
      { towns: { execute: () => Promise.reject(new TypeError('a fault')) } },
    ]
    for (const replaced of answers) {
      await start('trace', replaced)
      for (const body of [
        { query: `query SECRETname($id: ID!) { SECRETalias: town(id: $id) { name } }`, variables: { id: 'SECRET' } },
        { query: '{ town(id: "SECRET") { name oldest { age } roads { nodes { number } } } }' },
        { query: '{ town(id: "3") { trees(kind: "SECRET") } }' },
        { query: QUERY, variables: { id: { SECRET: 'SECRET' } } },
        { query: QUERY, variables: { SECRET: 1 } },
        { query: '{ SECRET }' },
        { query: '{ town(id: "SECRET" }' },
        { query: QUERY, operationName: 'SECRET' },
        { query: 'SECRET', extensions: { persistedQuery: { version: 1, sha256Hash: 'SECRET' } } },
        '{"query": "SECRET',
      ])
        await gateway.send({
          url: '/graphql?key=SECRET',
          remoteAddress: '192.0.2.99',
          headers: {
            'content-type': 'application/json',
            authorization: 'Bearer SECRET',
            cookie: 'session=SECRET',
            'user-agent': 'SECRET',
            referer: 'https://example.org/SECRET',
            'x-forwarded-for': '198.51.100.7',
            'x-client-name': 'SECRET@example.org',
            'content-length': 'SECRET',
          },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        })
      await gateway.app.handle({ method: 'GET', url: `/graphql?query={town(id:"SECRET"){name}}`, headers: {} })
      await gateway.app.handle({ method: 'GET', url: '/SECRET?SECRET=SECRET', headers: { host: 'SECRET' } })
      expect(requests()).toHaveLength(12)
      const told = text.replaceAll('"operation":"SECRETname"', '')
      expect(told.split('\n').filter((line) => /SECRET|192\.0\.2|198\.51/.test(line))).toEqual([])
      await gateway.close()
    }
  })
})
