import type { ExecutionResult } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { ASLEEP, DOWN, parrot, startGateway, type TestGateway } from './fixture.ts'

let gateway: TestGateway
afterEach(() => gateway.close())

/** Errors as "code subgraph path", the way a client tells them apart. */
function brief({ errors = [] }: ExecutionResult): string[] {
  return errors.map(
    ({ path = [], extensions }) => `${extensions?.['code']} ${extensions?.['subgraph']} ${path.join('.')}`,
  )
}

describe('when one owner is down', () => {
  it('leaves its fields null, each with an error that names the owner, and computes with what came', async () => {
    gateway = await startGateway({ roads: DOWN })
    const answer = await gateway.ask('{ town(id: "1") { name roadKm trees green } }')
    expect(answer.data.town).toEqual({ name: 'Ambre', roadKm: null, trees: 1000, green: 'trees=1000' })
    expect(brief(answer)).toEqual(['SUBGRAPH_UNAVAILABLE roads town.roadKm'])
  })

  it('says what failed, whose part it is and what to do, and no address', async () => {
    gateway = await startGateway({ roads: DOWN })
    const { errors } = await gateway.ask('{ town(id: "1") { roadKm } }')
    expect(errors?.[0]?.message).toMatch(/roads subgraph.*ask again/)
    expect(errors?.[0]?.extensions).toMatchObject({ reason: 'FAILED', remedy: expect.any(String) })
    expect(JSON.stringify(errors)).not.toContain('10.1.2.3')
    expect(gateway.logged).toHaveLength(1)
    expect(gateway.logged[0]).toMatchObject({ level: 'warn', record: { subgraph: 'roads', requestId: 'request-1' } })
  })

  it("puts one error at each entity of a list, at the client's aliases", async () => {
    gateway = await startGateway({ trees: DOWN })
    const answer = await gateway.ask('{ all: towns { name wood: trees } forest { age } }')
    expect(answer.data.all).toEqual([
      { name: 'Ambre', wood: null },
      { name: 'Basalte', wood: null },
      { name: 'Craie', wood: null },
    ])
    expect(brief(answer).toSorted()).toEqual([
      'SUBGRAPH_UNAVAILABLE trees all.0.wood',
      'SUBGRAPH_UNAVAILABLE trees all.1.wood',
      'SUBGRAPH_UNAVAILABLE trees all.2.wood',
      'SUBGRAPH_UNAVAILABLE trees forest',
    ])
  })

  it('puts an error at every root field of the owner', async () => {
    gateway = await startGateway({ towns: DOWN })
    const answer = await gateway.ask('{ a: town(id: "1") { name } towns { green } version }')
    expect(answer.data).toEqual({ a: null, towns: null, version: '1' })
    expect(brief(answer)).toEqual(['SUBGRAPH_UNAVAILABLE towns a', 'SUBGRAPH_UNAVAILABLE towns towns'])
  })

  it('puts an error at each place where one entity stands', async () => {
    gateway = await startGateway({ trees: DOWN })
    const answer = await gateway.ask('{ town(id: "2") { neighbours { neighbours { name trees } } } }')
    const paths = brief(answer).map((line) => line.split(' ')[2])
    expect(paths.toSorted()).toEqual([
      'town.neighbours.0.neighbours.0.trees',
      'town.neighbours.0.neighbours.1.trees',
      'town.neighbours.1.neighbours.0.trees',
      'town.neighbours.1.neighbours.1.trees',
    ])
  })

  it('carries the null of a field that is never null to the place above it, as GraphQL says', async () => {
    gateway = await startGateway({ trees: DOWN })
    const answer = await gateway.ask(
      '{ towns { name oldest { age } } town(id: "1") { oldest { age } } echo(number: 1) }',
    )
    expect(answer.data).toEqual({ towns: [null, null, null], town: null, echo: 1 })
    expect(brief(answer)).toContain('SUBGRAPH_UNAVAILABLE trees towns.1.oldest')
  })

  it('gives no data at all only when the root has a field that is never null', async () => {
    gateway = await startGateway({ sums: DOWN })
    const answer = await gateway.ask('{ towns { name } version }')
    expect(answer.data).toBeNull()
    expect(brief(answer)).toEqual(['SUBGRAPH_UNAVAILABLE sums version'])
  })

  it('does not pass the name of an interface off as a type', async () => {
    gateway = await startGateway({ towns: DOWN })
    const answer = await gateway.ask('{ busiest { __typename id people } }')
    expect(answer.data).toEqual({ busiest: null })
    expect(brief(answer)[0]).toMatch(/^SUBGRAPH_UNAVAILABLE towns busiest/)
  })

  it('points at the entity when only a hidden input is missing, once for a whole list', async () => {
    gateway = await startGateway({ roads: DOWN })
    const one = await gateway.ask('{ town(id: "1") { green } }')
    expect(one.data.town).toEqual({ green: 'trees=1000' })
    expect(brief(one)).toEqual(['SUBGRAPH_UNAVAILABLE roads town'])
    const many = await gateway.ask('{ all: towns { green } }')
    expect(brief(many).filter((line) => line.includes('UNAVAILABLE'))).toEqual(['SUBGRAPH_UNAVAILABLE roads all'])
  })

  it('names every owner when several are down', async () => {
    gateway = await startGateway({ roads: DOWN, trees: DOWN, sums: DOWN })
    const answer = await gateway.ask('{ town(id: "1") { name roadKm trees green } }')
    expect(answer.data.town).toEqual({ name: 'Ambre', roadKm: null, trees: null, green: null })
    expect(brief(answer).toSorted()).toEqual([
      'SUBGRAPH_UNAVAILABLE roads town.roadKm',
      'SUBGRAPH_UNAVAILABLE sums town.green',
      'SUBGRAPH_UNAVAILABLE trees town.trees',
    ])
  })

  it('waits no longer than the limit for an owner that never answers', async () => {
    gateway = await startGateway({ trees: ASLEEP }, { timeoutMs: 50 })
    const started = Date.now()
    const { data, errors } = await gateway.ask('{ town(id: "1") { name trees green } }')
    expect(Date.now() - started).toBeLessThan(1000)
    expect(data.town).toEqual({ name: 'Ambre', trees: null, green: 'roadKm=10' })
    expect(errors?.[0]?.extensions).toMatchObject({ reason: 'TIMEOUT' })
    expect(errors?.[0]?.message).toContain('50 ms')
  })
})

describe('errors that a subgraph returns', () => {
  it("keep their code and facts, name the subgraph and point at the client's field", async () => {
    gateway = await startGateway()
    const answer = await gateway.ask('{ town(id: "1") { near: neighbours { name km: roadKm } } }')
    expect(answer.data.town.near).toEqual([
      { name: 'Basalte', km: null },
      { name: 'Craie', km: 30 },
    ])
    expect(answer.errors).toHaveLength(1)
    expect(answer.errors?.[0]).toMatchObject({
      path: ['town', 'near', 0, 'km'],
      extensions: { code: 'NOT_APPLICABLE', subgraph: 'roads', on: 'town 2', remedy: 'Ask about another town.' },
    })
  })

  it('are masked and logged when they are accidents', async () => {
    gateway = await startGateway()
    const { data, errors } = await gateway.ask('{ town(id: "3") { name trees } }')
    expect(data.town).toEqual({ name: 'Craie', trees: null })
    expect(errors).toEqual([
      {
        message: 'Internal error',
        path: ['town', 'trees'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1', subgraph: 'trees' },
      },
    ])
    expect(gateway.logged[0]).toMatchObject({ level: 'error', record: { requestId: 'request-1', subgraph: 'trees' } })
    expect(String(gateway.logged[0]?.record['err'])).toContain('password123')
  })

  it('stand at every field that they empty when they have no path', async () => {
    gateway = await startGateway({
      trees: parrot({ data: null, errors: [{ message: 'Not today', extensions: { code: 'CLOSED' } } as never] }),
    })
    const answer = await gateway.ask('{ towns { name trees } }')
    expect(brief(answer)).toEqual([
      'CLOSED trees towns.0.trees',
      'CLOSED trees towns.1.trees',
      'CLOSED trees towns.2.trees',
    ])
  })

  it('stand at the fields of the entity that could not be found', async () => {
    gateway = await startGateway({
      trees: parrot({
        data: { _entities: [null, { __typename: 'Town', trees: 5 }, { __typename: 'Town', trees: 6 }] },
        errors: [{ message: 'Who?', path: ['_entities', 0], extensions: { code: 'UNKNOWN_TERRITORY' } } as never],
      }),
    })
    const answer = await gateway.ask('{ towns { trees } }')
    expect(answer.data.towns).toEqual([{ trees: null }, { trees: 5 }, { trees: 6 }])
    expect(brief(answer)).toEqual(['UNKNOWN_TERRITORY trees towns.0.trees'])
  })
})

describe('answers of the wrong shape', () => {
  it.each([
    ['too few entities', { data: { _entities: [{ __typename: 'Town', trees: 1 }] } }],
    ['entities that are no list', { data: { _entities: { trees: 1 } } }],
    ['neither data nor errors', {}],
  ])('count as an outage: %s', async (_, answer) => {
    gateway = await startGateway({ trees: parrot(answer as ExecutionResult) })
    const given = await gateway.ask('{ towns { trees } }')
    expect(given.data.towns).toEqual([{ trees: null }, { trees: null }, { trees: null }])
    expect(given.errors?.[2]).toMatchObject({ path: ['towns', 2, 'trees'], extensions: { reason: 'BAD_ANSWER' } })
  })

  it('never break the rest of the answer', async () => {
    const wrong = [
      5,
      'x',
      true,
      [],
      [[]],
      {},
      { __typename: 'Nonsense' },
      { name: {} },
      { neighbours: [[3]] },
      { neighbours: 'x' },
    ]
    for (const town of wrong) {
      gateway = await startGateway({
        towns: { ...parrot({ data: { town } }), trusted: false, versions: () => [], close: async () => {} } as never,
      })
      const { data, errors } = await gateway.ask('{ town(id: "1") { name neighbours { name } } forest { age } }')
      expect(data).toEqual({ town: null, forest: { age: 800 } })
      expect(errors?.[0]?.extensions?.['code'], JSON.stringify(town)).toBe('SUBGRAPH_UNAVAILABLE')
      expect(errors?.[0]?.extensions?.['subgraph']).toBe('towns')
      await gateway.close()
    }
    gateway = await startGateway()
  })
})
