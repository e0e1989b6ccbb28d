import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway, type TestGateway } from './fixture.ts'

/*
 * The checks of graphql-cop (github.com/dolevf/graphql-cop), ported. Those of resources are also bombs. What it reports and we
 * keep: introspection, GraphiQL, suggestions and queries by GET. The data is open and nothing can be changed, so that
 * there is nothing to hide and nothing to forge; `docs/decisions/0016-guards.md` says more.
 */

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.close())

const repeated = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => one(i)).join(' ')
const codesOf = (answer: { errors?: readonly { extensions?: Record<string, unknown> }[] }) =>
  answer.errors?.map(({ extensions }) => extensions?.['code'])
const send = async (request: Parameters<TestGateway['send']>[0]) => {
  const { status, headers, body } = await gateway.send(request)
  return { status, headers, text: String(body) }
}

describe('denial of service', () => {
  it.each([
    ['alias overloading', `query cop { ${repeated(101, (i) => `alias${i}:__typename`)} }`, 'TOO_MANY_ALIASES'],
    ['field duplication', `query cop { ${repeated(500, () => '__typename')} }`, 'TOO_MANY_ROOT_FIELDS'],
    [
      'circular introspection',
      'query cop { __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('%s is refused', async (_, query, code) => {
    const answer = await gateway.ask(query)
    expect(codesOf(answer)).toEqual([code])
    expect(answer.data).toBeUndefined()
  })

  it('directive overloading gets a few errors, not one each', async () => {
    const { errors } = await gateway.ask(`query cop { __typename ${repeated(10, () => '@aa')} }`)
    expect(errors?.length).toBeLessThan(10)
  })

  it('a batch is refused', async () => {
    const { status, text } = await send({
      body: JSON.stringify(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }))),
    })
    expect(status).toBe(400)
    expect(codesOf(JSON.parse(text))).toEqual(['BATCHING_REFUSED'])
  })
})

describe('forged requests', () => {
  it('a form is not read: urlencoded', async () => {
    const { status } = await send({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'query=query%20cop%20%7B__typename%7D',
    })
    expect(status).toBe(415)
  })

  it.each(['GET', 'POST'])('nothing can be changed by %s', async (method) => {
    const query = 'mutation cop { __typename }'
    const { text } = await send(
      method === 'GET'
        ? { method, url: `/graphql?${new URLSearchParams({ query })}` }
        : { body: JSON.stringify({ query }) },
    )
    expect(codesOf(JSON.parse(text))).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    expect(JSON.parse(text)).not.toHaveProperty('data')
  })

  it('a query by GET is answered, so that a CDN can hold it', async () => {
    const { status, text } = await send({ method: 'GET', url: '/graphql?query={__typename}' })
    expect([status, JSON.parse(text).data]).toEqual([200, { __typename: 'Query' }])
  })
})

describe('what is told', () => {
  it('introspection and GraphiQL are open', async () => {
    expect((await gateway.ask(getIntrospectionQuery())).data.__schema.queryType.name).toBe('Query')
    expect((await send({ method: 'GET', url: '/graphiql' })).text).toContain('GraphiQL')
  })

  it('a misspelt field is told its neighbours', async () => {
    expect((await gateway.ask('query cop { __schema { directive } }')).errors?.[0]?.message).toContain(
      'Did you mean "directives"',
    )
  })

  it.each([{}, { 'apollo-federation-include-trace': 'ftv1' }, { 'apollo-query-plan-experimental': '1' }])(
    'no trace of the execution: %j',
    async (headers) => {
      const { text } = await send({
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: 'query cop { __typename }' }),
      })
      expect(Object.keys(JSON.parse(text).extensions)).toEqual(['cost'])
      expect(text).not.toMatch(/tracing|ftv1|queryPlan/i)
    },
  )

  it('no exception and no stack of what is no query', async () => {
    for (const query of ['qwerty', '{', '{ nothing }', 'query ($a: Int!) { echo(number: $a) }']) {
      const { text } = await send({ body: JSON.stringify({ query }) })
      expect(text).not.toMatch(/exception|stack|node_modules|\.ts:/)
    }
  })
})
