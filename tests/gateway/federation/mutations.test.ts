import { describe, expect, it } from 'vitest'
import { describeWorld, part, startWorld, WAYS, type World } from './world.ts'

/* Operations that change something: in order, once each, and never from what is kept. */

/** A shop whose stock and whose till write into one book, so that the order of changes can be read. */
function shop(): { readonly world: World; readonly book: string[] } {
  const book: string[] = []
  const note = (line: string) => {
    book.push(line)
    return line
  }
  const later = async (line: string) => {
    await new Promise((resolve) => setTimeout(resolve, line.includes('slow') ? 30 : 1))
    return note(line)
  }
  const world: World = {
    stock: part(
      `type Item @key(fields: "id") { id: ID! count: Int! } input Change { by: Int! = 1 note: String }
       type Query { item(id: ID!): Item  mutations: Int! }
       type Mutation { add(id: ID!, change: Change): Item! remove(id: ID!): Item  count: Int! fail: Item }`,
      {
        Query: { item: (_: unknown, { id }: { id: string }) => ({ id, count: 1 }), mutations: () => book.length },
        Item: { __resolveReference: ({ id }: { id: string }) => ({ id, count: 1 }) },
        Mutation: {
          add: async (_: unknown, { id, change }: { id: string; change?: object }) => {
            await later(`add ${id} ${change ? JSON.stringify(change) : ''}`.trim())
            return { id, count: 2 }
          },
          remove: async (_: unknown, { id }: { id: string }) => (await later(`remove ${id}`), null),
          count: () => book.length,
          fail: () => {
            note('fail')
            throw new Error('no such item')
          },
        },
      },
    ),
    till: part(
      `type Item @key(fields: "id") { id: ID! price: Int! sold: Int! }
       type Query { takings: Int! } type Mutation { sell(id: ID!): Item  refund(id: ID!): Boolean! }`,
      {
        Query: { takings: () => 5 },
        Item: {
          __resolveReference: ({ id }: { id: string }) => ({
            id,
            price: 7,
            sold: book.filter((line) => line === `sell ${id}`).length,
          }),
        },
        Mutation: {
          sell: async (_: unknown, { id }: { id: string }) => (await later(`sell ${id}`), { id, price: 7, sold: 1 }),
          refund: async (_: unknown, { id }: { id: string }) => (await later(`refund ${id}`), true),
        },
      },
    ),
  }
  return { world, book }
}

describeWorld('a mutation', shop().world, {
  'gives its own type': {
    query: 'mutation { __typename t: __typename add(id: "a") { __typename } }',
    data: { __typename: 'Mutation', t: 'Mutation', add: { __typename: 'Item' } },
  },
  'gives null where it gives nothing': { query: 'mutation { remove(id: "a") { id price } }', data: { remove: null } },
  'leads to other subgraphs': {
    query: 'mutation { add(id: "a") { count price } sell(id: "b") { price count } }',
    data: { add: { count: 2, price: 7 }, sell: { price: 7, count: 1 } },
  },
  'takes variables and defaults': {
    query:
      'mutation M($id: ID! = "x", $c: Change) { add(id: $id, change: $c) { id } two: add(id: "y", change: { note: "n" }) { id } }',
    variables: { c: { note: 'm' } },
    data: { add: { id: 'x' }, two: { id: 'y' } },
  },
  'takes fragments, conditions and aliases that are names of others': {
    query: `mutation ($no: Boolean = false) { ...M add(id: "s") @include(if: $no) { id } }
      fragment M on Mutation { sell: add(id: "a") { price: count id: price } }`,
    data: { sell: { price: 2, id: 7 } },
  },
  'fails by itself': {
    query: 'mutation { fail { id } refund(id: "z") }',
    data: { fail: null, refund: true },
    errors: ['fail'],
  },
  'has no field of the query': {
    query: 'mutation { takings }',
    data: undefined,
    errors: [''],
    codes: ['GRAPHQL_VALIDATION_FAILED'],
  },
})

describeWorld(
  'an operation of a type that there is not',
  { only: part('type Query { x: Int }') },
  {
    'is refused where it is a mutation': {
      query: 'mutation { x }',
      data: undefined,
      errors: [''],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
    'is refused where it is a subscription': {
      query: 'subscription { x }',
      data: undefined,
      errors: [''],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
  },
)

describeWorld(
  'a subscription that a subgraph has',
  { feed: part('type Query { x: Int } type Subscription { x: Int }', { Query: { x: () => 1 } }) },
  {
    'is refused, and says so': {
      query: 'subscription { x }',
      data: undefined,
      errors: [''],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
    'is no obstacle to queries': { query: '{ x }', data: { x: 1 } },
  },
)

describe.each(WAYS)('changes, %s', (way) => {
  it('are made in the order written, whatever time each takes and whoever makes it', async () => {
    const { world, book } = shop()
    const running = await startWorld(world, way)
    const query = `mutation { add(id: "slow 1") { price } sell(id: "2") { count } slow: add(id: "slow 3") { id } remove(id: "4") { id }
      refund(id: "slow 5") count }`
    const { data, errors } = await running.ask({ query })
    expect(errors).toBeUndefined()
    expect(book).toEqual(['add slow 1', 'sell 2', 'add slow 3', 'remove 4', 'refund slow 5'])
    expect(data?.count).toBe(5)
    await running.close()
  })

  it('show in what is asked after them in the same operation', async () => {
    const { world } = shop()
    const running = await startWorld(world, way)
    const query =
      'mutation { a: sell(id: "1") { sold } b: add(id: "1") { sold } c: sell(id: "1") { id } d: add(id: "1") { sold } }'
    const { data } = await running.ask({ query })
    expect([data?.b, data?.d]).toEqual([{ sold: 1 }, { sold: 2 }])
    await running.close()
  })
})

describe('answers that are kept', () => {
  it('are never those of a mutation, asked again or at the same time', async () => {
    const { world, book } = shop()
    const running = await startWorld(world, 'in process', { versions: ['1'] })
    const query = 'mutation { add(id: "slow") { count } }'
    await Promise.all([running.ask({ query }), running.ask({ query }), running.ask({ query })])
    await running.ask({ query })
    const named = 'query Q { takings } mutation M { add(id: "slow") { count } }'
    await running.ask({ query: named, operationName: 'M' })
    await running.ask({ query: named, operationName: 'M' })
    expect(book).toHaveLength(6)
    await running.close()
  })

  it('are those of queries beside it', async () => {
    const { world } = shop()
    const running = await startWorld(world, 'in process', { versions: ['1'] })
    await running.ask({ query: '{ takings }' })
    running.calls()
    await running.ask({ query: '{ takings }' })
    expect(running.calls()).toEqual({})
    await running.close()
  })
})
