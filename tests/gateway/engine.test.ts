import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../gateway/engine.ts'
import { SUPERGRAPH, startGateway, withoutCost, type TestGateway } from './fixture.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

describe('a query across owners', () => {
  it('gives one entity from four subgraphs, with what one computes from the others', async () => {
    const { data, errors } = await gateway.ask('{ town(id: "1") { name roadKm trees green } }')
    expect(errors).toBeUndefined()
    expect(data).toEqual({ town: { name: 'Ambre', roadKm: 10, trees: 1000, green: 'roadKm=10 trees=1000' } })
  })

  it('gives a null, and no error, where the owner says that there is nothing', async () => {
    expect(await gateway.ask('{ town(id: "7") { name roadKm } echo }')).toEqual({ data: { town: null, echo: null } })
  })

  it('finds the type behind an interface object', async () => {
    const { data } = await gateway.ask('{ busiest { __typename name people } }')
    expect(data.busiest).toEqual({ __typename: 'Cape', name: 'Diorite', people: 900 })
  })

  it('adds the fields of an interface object to every type', async () => {
    const { data } = await gateway.ask('{ places { people ... on Cape { lighthouse } ... on Town { roadKm } } }')
    expect(data.places).toEqual([
      { people: 100, roadKm: 10 },
      { people: 200, roadKm: null },
      { people: 300, roadKm: 30 },
      { people: 900, lighthouse: true },
    ])
  })

  it('keeps aliases, fragments, conditions and the order of fields', async () => {
    const query = `query ($long: Boolean!) {
      b: town(id: "2") { ...T } a: town(id: "1") { ...T label: name @skip(if: $long) }
    }
    fragment T on Town { many: trees name ... on Place { id @include(if: $long) } }`
    const short = await gateway.send({ body: JSON.stringify({ query, variables: { long: false } }) })
    const long = await gateway.send({ body: JSON.stringify({ query, variables: { long: true } }) })
    expect(withoutCost(short.body)).toBe(
      '{"data":{"b":{"many":2000,"name":"Basalte"},"a":{"many":1000,"name":"Ambre","label":"Ambre"}}}',
    )
    expect(withoutCost(long.body)).toBe(
      '{"data":{"b":{"many":2000,"name":"Basalte","id":"2"},"a":{"many":1000,"name":"Ambre","id":"1"}}}',
    )
  })

  it('passes arguments on, enums and defaults among them', async () => {
    const query =
      'query ($kind: String = "oak", $order: Order) { towns(order: $order) { trees(kind: $kind) } echo(number: 3) }'
    const { data } = await gateway.ask(query, { order: 'NAME' })
    expect(data.echo).toBe(3)
    expect(data.towns[0].trees).toBe(1000)
  })

  it('answers {} when conditions leave nothing to ask', async () => {
    expect(await gateway.ask('{ town(id: "1") @skip(if: true) { name } }')).toEqual({ data: {} })
    expect(await gateway.ask('query ($s: Boolean!) { towns @skip(if: $s) { name } }', { s: true })).toEqual({
      data: {},
    })
  })

  it('plans a query text once', async () => {
    const seen = new Set<unknown>()
    const watched = await startGateway({
      towns: {
        execute: async ({ document }: { document: unknown }) => {
          seen.add(document)
          return { data: { towns: [] } }
        },
      },
    })
    await watched.ask('{ towns { name } }')
    await watched.ask('{ towns { name } }')
    expect(seen.size).toBe(1)
    await watched.close()
  })
})

describe('the schema that clients see', () => {
  it('answers introspection, beside data and through fragments', async () => {
    const { data } = await gateway.ask(
      '{ __schema { queryType { name } } echo(number: 1) ...F } fragment F on Query { __type(name: "Town") { kind } __typename }',
    )
    expect(data).toEqual({
      __schema: { queryType: { name: 'Query' } },
      echo: 1,
      __type: { kind: 'OBJECT' },
      __typename: 'Query',
    })
  })

  it('holds nothing of federation', async () => {
    const { data } = await gateway.ask(
      '{ __schema { types { name } directives { name } queryType { fields { name } } } }',
    )
    const names = JSON.stringify(data)
    expect(names).not.toMatch(/join__|link|_entities|_service|_Any|_Entity|inaccessible|requires/)
  })

  it.each(['{ _entities(representations: []) { __typename } }', '{ _service { sdl } }'])(
    'refuses %s',
    async (query) => {
      const { data, errors } = await gateway.ask(query)
      expect(data).toBeUndefined()
      expect(errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED')
    },
  )
})

describe('starting', () => {
  it('asks each subgraph at the address that is given for all, by its name, whatever the supergraph says', async () => {
    const asked = new Set<string | undefined>()
    const server = createServer((request, response) => {
      asked.add(request.url)
      response.writeHead(503).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const subgraphUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/of/{name}`
    const engine = createEngine({ supergraphSdl: SUPERGRAPH, subgraphUrl })
    try {
      await engine.load({ apollo: {} })
      expect([...asked].toSorted()).toEqual(
        engine
          .subgraphs()
          .map(({ name }) => `/of/${name}`)
          .toSorted(),
      )
      expect(asked.size).toBeGreaterThan(2)
    } finally {
      await engine.stop()
      server.close()
    }
  })

  it('says which subgraph has no address', async () => {
    const engine = createEngine({ supergraphSdl: SUPERGRAPH.replace('http://127.0.0.1:4002', '') })
    await expect(engine.load({ apollo: {} })).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID', message: /roads/ })
  })
})
