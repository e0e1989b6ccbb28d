import { describeWorld, part } from './world.ts'

/* Enums, input objects and arguments that subgraphs do not all have alike: clients see what all have, or what any gives. */

describeWorld(
  'enums and inputs of several subgraphs',
  {
    one: part(
      `enum In { A B ONLY_ONE } enum Out { X Y ONLY_ONE } input Query1 { text: String size: Int = 7 onlyOne: Int }
       type Query { one(in: In, query: Query1): String @shareable  out: Out  outs: [Out] shared(a: Int, onlyOne: Int): Int @shareable }`,
      {
        Query: {
          one: (_: unknown, args: object) => JSON.stringify(args),
          out: () => 'ONLY_ONE',
          outs: () => ['X', 'ONLY_ONE', null],
          shared: (_: unknown, { a }: { a?: number }) => a ?? -1,
        },
      },
    ),
    two: part(
      `enum In { A B ONLY_TWO } enum Out { X Z } input Query1 { text: String size: Int = 7 onlyTwo: Boolean }
       type Query { two(in: [In!], query: [Query1!]): String also: Out shared(a: Int): Int @shareable }`,
      {
        Query: {
          two: (_: unknown, args: object) => JSON.stringify(args),
          also: () => 'Z',
          shared: (_: unknown, { a }: { a?: number }) => a ?? -1,
        },
      },
    ),
  },
  {
    'take the values that all have': {
      query: '{ one(in: A) two(in: [B]) }',
      data: { one: '{"in":"A"}', two: '{"in":["B"]}' },
    },
    'take no value that one has': {
      query: '{ one(in: ONLY_ONE) }',
      data: undefined,
      errors: [''],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
    'take no such value as a variable': {
      query: 'query ($in: [In!]) { two(in: $in) }',
      variables: { in: ['ONLY_TWO'] },
      data: undefined,
      errors: [''],
      codes: ['BAD_USER_INPUT'],
    },
    'give any value that one gives': {
      query: '{ out outs also }',
      data: { out: 'ONLY_ONE', outs: ['X', 'ONLY_ONE', null], also: 'Z' },
    },
    'take the fields of objects that all have': {
      query: 'query ($q: Query1!) { one(query: { text: "t" }) two(query: [$q]) }',
      variables: { q: { size: 1 } },
      data: { one: '{"query":{"text":"t","size":7}}', two: '{"query":[{"size":1}]}' },
    },
    'take no field that one has': {
      query: '{ one(query: { onlyOne: 1 }) }',
      data: undefined,
      errors: [''],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
    'take the arguments that all have': { query: '{ shared(a: 3) }', data: { shared: 3 } },
    'take no argument that one has': {
      query: '{ shared(onlyOne: 3) }',
      data: undefined,
      errors: [''],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
    'show in introspection what clients may use': {
      query: `{ in: __type(name: "In") { enumValues { name } } out: __type(name: "Out") { enumValues { name } }
        query: __type(name: "Query1") { inputFields { name defaultValue } } }`,
      data: {
        in: { enumValues: [{ name: 'A' }, { name: 'B' }] },
        out: { enumValues: [{ name: 'X' }, { name: 'Y' }, { name: 'ONLY_ONE' }, { name: 'Z' }] },
        query: {
          inputFields: [
            { name: 'text', defaultValue: null },
            { name: 'size', defaultValue: '7' },
          ],
        },
      },
    },
  },
)

describeWorld(
  'scalars of their own, and names of types that are no Query',
  {
    dates: part(
      `scalar Date scalar Json schema { query: Root } type Root { now(on: Date): Date json(value: Json): Json thing: Thing }
       type Thing @key(fields: "on") { on: Date! label: String }`,
      {
        Root: {
          now: (_: unknown, { on }: { on?: string }) => on ?? '2026-01-01',
          json: (_: unknown, { value }: { value: unknown }) => value,
          thing: () => ({ on: '2026-02-02', label: 'a day' }),
        },
      },
    ),
    moons: part('scalar Date type Thing @key(fields: "on") { on: Date! moon: String } type Query { moon: String }', {
      Query: { moon: () => 'full' },
      Thing: { __resolveReference: ({ on }: { on: string }) => ({ on, moon: `moon of ${on}` }) },
    }),
  },
  {
    'pass through': {
      query:
        'query ($j: Json) { now(on: "x") json(value: { a: [1, null, { b: true }] }) same: json(value: $j) __typename }',
      variables: { j: { deep: [{ list: ['é', 1.5] }] } },
      data: {
        now: 'x',
        json: { a: [1, null, { b: true }] },
        same: { deep: [{ list: ['é', 1.5] }] },
        __typename: 'Query',
      },
    },
    'serve as keys': {
      query: '{ thing { moon label } moon }',
      data: { thing: { moon: 'moon of 2026-02-02', label: 'a day' }, moon: 'full' },
    },
  },
)
