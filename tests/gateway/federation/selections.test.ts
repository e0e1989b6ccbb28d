import { describeWorld, part, rowsOf } from './world.ts'

/* What a client may write: aliases, fragments, conditions and variables, over entities of two subgraphs. */

interface Args {
  readonly max?: number
  readonly filter?: {
    readonly kind?: string | null
    readonly range?: { readonly from?: number; readonly to?: number }
  } | null
  readonly kinds?: readonly (string | null)[]
  readonly text?: string | null
}
const told = (args: Args) => JSON.stringify(args)
const ROOMS = [
  { id: 'r1', name: 'Salle' },
  { id: 'r2', name: 'Cave' },
]

describeWorld(
  'a client',
  {
    rooms: part(
      `type Room @key(fields: "id") { id: ID! name: String! next: Room doors(max: Int): Int! }
       type Query { room(id: ID!): Room rooms: [Room!]! }`,
      {
        Query: {
          rooms: () => ROOMS,
          room: (_: unknown, { id }: { id: string }) => ROOMS.find((room) => room.id === id),
        },
        Room: {
          __resolveReference: rowsOf(ROOMS, 'id'),
          next: ({ id }: { id: string }) => ROOMS.find((room) => room.id !== id),
          doors: (_: unknown, { max = 9 }: Args) => max,
        },
      },
    ),
    items: part(
      `type Room @key(fields: "id") { id: ID! items(max: Int = 5, filter: Filter, kinds: [Kind], text: String): String! count: Int! }
       enum Kind { CHAIR TABLE } input Filter { kind: Kind = CHAIR range: Range } input Range { from: Int! = 1 to: Int }
       type Query { told(filter: Filter = { kind: TABLE }, max: Int! = 3): String! }`,
      {
        Query: { told: (_: unknown, args: Args) => told(args) },
        Room: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          items: (_: unknown, args: Args) => told(args),
          count: ({ id }: { id: string }) => Number(id.slice(1)),
        },
      },
    ),
  },
  {
    'asks the same field with different arguments under aliases': {
      query: '{ room(id: "r1") { items few: items(max: 1) many: items(max: 99) doors two: doors(max: 2) } }',
      data: { room: { items: '{"max":5}', few: '{"max":1}', many: '{"max":99}', doors: 9, two: 2 } },
    },
    'asks the same field of two entities with different arguments': {
      query: '{ a: room(id: "r1") { items(max: 1) } b: room(id: "r2") { items(max: 2) } }',
      data: { a: { items: '{"max":1}' }, b: { items: '{"max":2}' } },
    },
    'asks different things of the same entity in two places': {
      query: '{ room(id: "r1") { next { count next { items(max: 7) } } items(max: 8) count } }',
      data: { room: { next: { count: 2, next: { items: '{"max":7}' } }, items: '{"max":8}', count: 1 } },
    },
    'gives enums, lists and objects as arguments': {
      query: '{ room(id: "r1") { items(filter: { kind: TABLE, range: { from: 2 } }, kinds: [CHAIR, null, TABLE]) } }',
      data: {
        room: { items: '{"max":5,"filter":{"kind":"TABLE","range":{"from":2}},"kinds":["CHAIR",null,"TABLE"]}' },
      },
    },
    'gives them as variables': {
      query: 'query ($f: Filter, $k: [Kind]) { room(id: "r1") { items(filter: $f, kinds: $k) } }',
      variables: { f: { kind: null, range: { to: 3 } }, k: ['TABLE'] },
      data: { room: { items: '{"max":5,"filter":{"kind":null,"range":{"from":1,"to":3}},"kinds":["TABLE"]}' } },
    },
    'gives variables inside objects and lists': {
      query: `query ($k: Kind, $from: Int! = 4, $to: Int) {
        room(id: "r1") { items(filter: { kind: $k, range: { from: $from, to: $to } }, kinds: [$k]) } }`,
      variables: { k: 'TABLE' },
      data: {
        room: { items: '{"max":5,"filter":{"kind":"TABLE","range":{"from":4}},"kinds":["TABLE"]}' },
      },
    },
    'gives one item for a list': {
      query: 'query ($k: [Kind]) { room(id: "r1") { items(kinds: $k) one: items(kinds: CHAIR) } }',
      variables: { k: 'TABLE' },
      data: { room: { items: '{"max":5,"kinds":["TABLE"]}', one: '{"max":5,"kinds":["CHAIR"]}' } },
    },
    'leaves a variable out, and the default of the argument stands': {
      query: 'query ($m: Int) { room(id: "r1") { items(max: $m) } told }',
      data: { room: { items: '{"max":5}' }, told: '{"filter":{"kind":"TABLE"},"max":3}' },
    },
    'gives null, and no default stands': {
      query: 'query ($m: Int, $f: Filter) { room(id: "r1") { items(max: $m, text: null) } told(filter: $f) }',
      variables: { m: null, f: null },
      data: { room: { items: '{"max":null,"text":null}' }, told: '{"filter":null,"max":3}' },
    },
    'has a default of its own': {
      query: 'query ($m: Int = 42, $f: Filter = { kind: TABLE }) { room(id: "r1") { items(max: $m, filter: $f) } }',
      data: { room: { items: '{"max":42,"filter":{"kind":"TABLE"}}' } },
    },
    'gives text of any kind': {
      query: 'query ($t: String) { room(id: "r1") { items(text: $t) same: items(text: "é\\"\\\\ \\u00e9 \\n") } }',
      variables: { t: '"\\\n\u2028é🏠' },
      data: {
        room: {
          items: told({ max: 5, text: '"\\\n\u2028é🏠' } as Args),
          same: told({ max: 5, text: 'é"\\ é \n' } as Args),
        },
      },
    },
    'gives text in a block': {
      query: '{ room(id: "r1") { items(text: """\n  two\n    lines "quoted"\n  """) } }',
      data: { room: { items: told({ max: 5, text: 'two\n  lines "quoted"' } as Args) } },
    },
    'is told what is wrong with a variable': {
      query: 'query ($m: Int!) { room(id: "r1") { items(max: $m) } }',
      data: undefined,
      errors: [''],
      codes: ['BAD_USER_INPUT'],
    },
    'is told what is wrong with the value of an enum': {
      query: 'query ($k: [Kind]) { room(id: "r1") { items(kinds: $k) } }',
      variables: { k: ['SOFA'] },
      data: undefined,
      errors: [''],
      codes: ['BAD_USER_INPUT'],
    },
    'writes fragments in fragments': {
      query: `{ rooms { ...A } } fragment A on Room { ...B name } fragment B on Room { count ... on Room { ...C } }
        fragment C on Room { next { ...D } } fragment D on Room { count name }`,
      data: {
        rooms: [
          { count: 1, next: { count: 2, name: 'Cave' }, name: 'Salle' },
          { count: 2, next: { count: 1, name: 'Salle' }, name: 'Cave' },
        ],
      },
    },
    'writes the same fragment in several places': {
      query: `{ room(id: "r1") { ...A next { ...A next { ...A } } } } fragment A on Room { count items(max: 1) }`,
      data: {
        room: {
          count: 1,
          items: '{"max":1}',
          next: { count: 2, items: '{"max":1}', next: { count: 1, items: '{"max":1}' } },
        },
      },
    },
    'writes the same field twice, deeper the second time': {
      query:
        '{ room(id: "r1") { next { name } count next { count } ...A } } fragment A on Room { next { next { count } } }',
      data: { room: { next: { name: 'Cave', count: 2, next: { count: 1 } }, count: 1 } },
    },
    'writes the same list twice': {
      query: `query ($yes: Boolean = true) { rooms { name } rooms { count } ... on Query { rooms { id } }
        rooms @include(if: $yes) { next { name } } rooms @skip(if: $yes) { items } }`,
      data: {
        rooms: [
          { name: 'Salle', count: 1, id: 'r1', next: { name: 'Cave' } },
          { name: 'Cave', count: 2, id: 'r2', next: { name: 'Salle' } },
        ],
      },
    },
    'writes a list in a fragment and after it': {
      query: '{ ...F rooms { name } ... on Query { rooms { count } } } fragment F on Query { rooms { id } }',
      data: {
        rooms: [
          { id: 'r1', name: 'Salle', count: 1 },
          { id: 'r2', name: 'Cave', count: 2 },
        ],
      },
    },
    'writes fragments at the root': {
      query: `query { ...Q ... on Query { told(max: 1) } ... { more: told(max: 2) } } fragment Q on Query { rooms { count } }`,
      data: {
        rooms: [{ count: 1 }, { count: 2 }],
        told: '{"filter":{"kind":"TABLE"},"max":1}',
        more: '{"filter":{"kind":"TABLE"},"max":2}',
      },
    },
    'skips and includes fields': {
      query: `query ($yes: Boolean!, $no: Boolean!) { room(id: "r1") {
        a: name @skip(if: $yes) b: name @skip(if: $no) c: count @include(if: $yes) d: count @include(if: $no)
        e: count @skip(if: $no) @include(if: $yes) f: count @skip(if: $yes) @include(if: $yes) } }`,
      variables: { yes: true, no: false },
      data: { room: { b: 'Salle', c: 1, e: 1 } },
    },
    'skips and includes fragments': {
      query: `query ($yes: Boolean!, $no: Boolean!) { room(id: "r1") {
        ... on Room @include(if: $yes) { count } ... @skip(if: $yes) { name } ...N @include(if: $no) ...M @skip(if: $no) } }
        fragment N on Room { n: name } fragment M on Room { m: name next @include(if: $yes) { count } }`,
      variables: { yes: true, no: false },
      data: { room: { count: 1, m: 'Salle', next: { count: 2 } } },
    },
    'skips and includes at the root': {
      query: `query ($yes: Boolean! = true) { room(id: "r1") @skip(if: $yes) { count } rooms @include(if: $yes) { count }
        ... @skip(if: $yes) { told } }`,
      data: { rooms: [{ count: 1 }, { count: 2 }] },
    },
    'asks no subgraph for what is skipped': {
      query: 'query ($yes: Boolean!) { room(id: "r1") { name count @skip(if: $yes) items @include(if: false) } }',
      variables: { yes: true },
      data: { room: { name: 'Salle' } },
      calls: { rooms: 1 },
    },
    'skips everything': {
      query: 'query ($yes: Boolean!) { room(id: "r1") { name @skip(if: $yes) count @skip(if: $yes) } }',
      variables: { yes: true },
      data: { room: {} },
    },
    'names one of several operations': {
      query: 'query A { rooms { name } } query B($m: Int!) { told(max: $m) } mutation C { x }',
      operationName: 'B',
      variables: { m: 1 },
      data: undefined,
      errors: [''],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
    'names one of several queries': {
      query: 'query A { rooms { ...F } } query B($m: Int!) { told(max: $m) } fragment F on Room { count }',
      operationName: 'A',
      data: { rooms: [{ count: 1 }, { count: 2 }] },
    },
    'asks for the type everywhere': {
      query: '{ __typename q: __typename room(id: "r1") { __typename t: __typename count next { __typename } } }',
      data: {
        __typename: 'Query',
        q: 'Query',
        room: { __typename: 'Room', t: 'Room', count: 1, next: { __typename: 'Room' } },
      },
    },
    'uses many aliases': {
      query: `{ room(id: "r1") { ${Array.from({ length: 30 }, (_, i) => `a${i}: items(max: ${i})`).join(' ')} } }`,
      data: { room: Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`a${i}`, `{"max":${i}}`])) },
    },
  },
)
