import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import {
  buildSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { estimateCost, HEAVY, SCANNED, SHARED, WEIGHTS } from '../../gateway/guard/cost.ts'
import { LENGTHS, UNFORESEEN_LENGTH } from '../../gateway/guard/lengths.ts'
import { PRICES } from '../../gateway/guard/limits.ts'
import { startGateway } from './fixture.ts'

const SCHEMA = buildSchema(`
  interface Place { id: ID! name: String rank: Rank places(first: Int = 7, after: String): PlaceConnection }
  type Town implements Place { id: ID! name: String rank: Rank places(first: Int = 7, after: String): PlaceConnection competences: [Place] }
  type Nation implements Place { id: ID! name: String rank: Rank places(first: Int = 7, after: String): PlaceConnection competences: [Place] tags: [String!]! }
  type PlaceConnection { totalCount: Int! nodes: [Place] edges: [PlaceEdge] pageInfo: PageInfo! }
  type PlaceEdge { cursor: String! node: Place }
  type Rank { of: Int }
  type PageInfo { hasNextPage: Boolean! }
  enum Dimension { SECTOR PRIORITY_EDUCATION LEVEL SEX }
  type Cell { value: Float }
  type Query {
    place(id: ID!): Place  town: Town  nation: Nation  find(text: String!, first: Int): [Place!]!  search(text: String!): [Place!]!  unforeseen: [Town]  territories(ids: [ID!]!): [Place]
    populationSeries(from: Int, to: Int): [Cell!]  observations(measures: [ID!]!, from: Int, to: Int): [Cell!]  primaryBreakdown(by: [Dimension!]!): [Cell!]
  }`)

function costOf(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query)
  expect(validate(SCHEMA, document)).toEqual([])
  return estimateCost({ schema: SCHEMA, document, operation: getOperationAST(document)!, variables, pageSize: 1000 })
}

describe('the cost of an operation', () => {
  it.each([
    ['an object costs one, a leaf a tenth, a list of leaves as much as an object', '{ nation { name id tags } }', 2.2],
    ['a page costs what is in it times first', '{ town { places(first: 20) { nodes { name } } } }', 2 + 20 * 1.1],
    ['left out, first is its default', '{ town { places { edges { node { name } } } } }', 2 + 7 * 2.1],
    [
      'null for first is the page of the subgraphs',
      '{ town { places(first: null) { nodes { name } } } }',
      2 + 50 * 1.1,
    ],
    [
      'a page is at most 1,000 long: more is refused by its owner',
      '{ town { places(first: 9999) { nodes { name } } } }',
      2 + 1000 * 1.1,
    ],
    ['first may stand on a list', '{ find(text: "x", first: 3) { name } }', 3.3],
    ['a heavy field weighs beside what is in it', '{ search(text: "x") { name } }', 80 + UNFORESEEN_LENGTH * 1.1],
    [
      'what is made once for a whole list is paid once',
      '{ nation { places(first: 9) { nodes { rank { of } } } } }',
      200 + 2 + 9 * 2.1,
    ],
    [
      'and again under another alias',
      '{ nation { places(first: 9) { nodes { a: rank { of } b: rank { of } } } } }',
      400 + 2 + 9 * 3.2,
    ],
    [
      'of an interface, it is paid beside the dearest entry of another type',
      '{ nation { places(first: 9) { nodes { ... on Town { rank { of } } ... on Nation { id name tags places(first: 1) { totalCount } } } } } }',
      200 + 2 + 9 * 3.3,
    ],
    ['nobody ranked costs nothing', '{ nation { places(first: 0) { nodes { rank { of } } } } }', 2],
    [
      'pages multiply',
      '{ town { places(first: 10) { totalCount nodes { places(first: 10) { nodes { name } } } pageInfo { hasNextPage } } } }',
      2 + 0.1 + 10 * (1 + 1 + 10 * 1.1) + 1.1,
    ],
    ['ids count one by one', '{ territories(ids: ["1", "2", "3"]) { name } }', 3.3],
    ['a list that nobody foresaw has a length all the same', '{ unforeseen { name } }', UNFORESEEN_LENGTH * 1.1],
    ['a series counts its years', '{ populationSeries(from: 2018, to: 2020) { value } }', 3.3],
    [
      'observations count their years for each measure',
      '{ observations(measures: ["a", "b"], from: 2020, to: 2020) { value } }',
      2.2,
    ],
    [
      'a breakdown counts the values of each dimension',
      '{ primaryBreakdown(by: [SECTOR, SEX, SEX]) { value } }',
      9 * 1.1,
    ],
    [
      'of an interface the dearest type counts, once, and a heavy field more',
      '{ place(id: "1") { name ... on Town { name } ... on Nation { tags competences { name } } } }',
      1 + 0.1 + 1 + 500 + 60 * 1.1,
    ],
    ['what is left out costs nothing', '{ town @skip(if: true) { name } nation @include(if: false) { name } }', 0],
    [
      'fragments cost what they stand for',
      '{ town { ...F ... { ...F } } } fragment F on Town { places(first: 2) { nodes { name } } }',
      1 + 2 * (1 + 2.2),
    ],
    ['the schema about itself costs a tenth a field', '{ __schema { queryType { name } } __typename }', 0.4],
  ])('%s', (_, query, cost) => {
    expect(costOf(query)).toBeCloseTo(cost, 5)
  })

  it('reads variables, their defaults, and conditions on them', () => {
    const query =
      'query ($n: Int = 4, $with: Boolean = true, $ids: [ID!] = []) { town { places(first: $n) { nodes { name @include(if: $with) } } } territories(ids: $ids) { id } }'
    expect(costOf(query, { n: 10, with: false, ids: ['1', '2'] })).toBeCloseTo(2 + 10 + 2.2, 5)
  })

  it('is twice as much for the same field under two aliases, whatever the field', () => {
    const fields = fc.constantFrom(
      'town { name }',
      'nation { name tags }',
      'town { places(first: 13) { nodes { id } } }',
      'unforeseen { name id }',
      'place(id: "1") { name }',
    )
    fc.assert(
      fc.property(
        fields,
        (field) => void expect(costOf(`{ a: ${field} b: ${field} }`)).toBe(2 * costOf(`{ a: ${field} }`)),
      ),
    )
  })
})

describe('the foreseen lengths', () => {
  const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../gateway/supergraph.graphql'), 'utf8'), {
    assumeValid: true,
  })
  const lists = Object.values(schema.getTypeMap())
    .filter((type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'))
    .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type, field })) : []))
    .filter(
      ({ field: { type } }) =>
        isListType(isNonNullType(type) ? type.ofType : type) && isCompositeType(getNamedType(type)),
    )

  it('are there for every list of our schema that neither a page nor a list of ids bounds', () => {
    const unforeseen = lists.filter(({ type, field: { name, args } }) => {
      if (name === 'edges' || name === 'nodes' || args.some((arg) => arg.name === 'first' || arg.name === 'ids'))
        return false
      return LENGTHS[`${type.name}.${name}`] === undefined && LENGTHS[name] === undefined
    })
    expect(unforeseen.map(({ type, field }) => `${type.name}.${field.name}`)).toEqual([])
    expect(lists.length).toBeGreaterThan(50)
  })

  it('name only fields that there are, and those of introspection', () => {
    const names = new Set(lists.flatMap(({ type, field: { name } }) => [name, `${type.name}.${name}`]))
    const introspection = Object.keys(LENGTHS).slice(Object.keys(LENGTHS).indexOf('types'))
    expect(Object.keys(LENGTHS).filter((name) => !names.has(name) && !introspection.includes(name))).toEqual([])
  })

  it('stand in docs/limits.md, with the weights and the prices', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/limits.md'), 'utf8')
    const foreseen = Object.entries(LENGTHS).filter(([, length]) => typeof length === 'number')
    for (const [name, length] of foreseen) expect(text, name).toContain(`\`${name}\` ${String(length)}`)
    for (const [name, value] of Object.entries({ ...WEIGHTS, ...PRICES, ...HEAVY, ...SCANNED, ...SHARED }))
      expect(text, name).toContain(`| \`${name}\` | ${value} |`)
  })
})

describe('the gateway', () => {
  it('refuses an operation over the limit, before any subgraph is asked, and says what it would cost', async () => {
    const gateway = await startGateway({}, { limits: { cost: 100 } })
    const { status, body } = await gateway.send({
      body: JSON.stringify({ query: '{ towns { neighbours { neighbours { name } } } }' }),
    })
    const { data, errors, extensions } = JSON.parse(String(body))
    expect([status, data]).toEqual([200, undefined])
    expect(errors).toEqual([
      {
        message: expect.stringMatching(
          /may cost too much \(167\.5 points\)\. Expected: at most 100\. Ask for smaller pages/,
        ),
        extensions: expect.objectContaining({ code: 'COST_TOO_HIGH', limit: 100, found: 167.5 }),
      },
    ])
    expect(extensions.cost).toEqual({ requested: 167.5, limit: 100, remaining: 60_000 })
    expect(gateway.calls).toEqual({})
    await gateway.close()
  })

  it('says the cost in every answer, whatever became of the request', async () => {
    const gateway = await startGateway()
    const costs: unknown[] = []
    for (const body of [
      '{ forest { age } }',
      '{ nothing }',
      '{',
      '{ town(id: "3") { trees } }',
      'query ($n: Int!) { echo(number: $n) }',
    ]) {
      const answer = await gateway.send({ body: JSON.stringify({ query: body }) })
      costs.push(JSON.parse(String(answer.body)).extensions.cost.requested)
    }
    expect(costs).toEqual([1.1, 100, 100, 1.1, 100])
    const { body } = await gateway.send({ body: '[]' })
    expect(JSON.parse(String(body)).extensions.cost).toEqual({ requested: 100, limit: 10_000, remaining: 60_000 })
    await gateway.close()
  })
})
