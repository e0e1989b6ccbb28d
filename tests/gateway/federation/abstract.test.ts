import { describeWorld, part, rowsOf } from './world.ts'

/* Interfaces and unions whose types, fields and members lie in different subgraphs. */

const MEDIA = [
  { __typename: 'Book', id: 'm1', title: 'Sel', pages: 100, price: 5, author: 'Ada' },
  { __typename: 'Film', id: 'm2', title: 'Vent', minutes: 90, price: 7, author: 'Bea' },
  { __typename: 'Game', id: 'm3', title: 'Marée', players: 4, price: 9, author: null },
]

describeWorld(
  'an interface with its fields in several subgraphs',
  {
    titles: part(
      `interface Media { id: ID! title: String! }
       type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int! }
       type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int! }
       type Game implements Media @key(fields: "id") { id: ID! title: String! players: Int! }
       type Query { media: [Media!]! one(id: ID!): Media nothing: Media }`,
      {
        Query: { media: () => MEDIA, one: (_: unknown, { id }: { id: string }) => MEDIA.find((one) => one.id === id) },
        Book: { __resolveReference: rowsOf(MEDIA, 'id') },
        Film: { __resolveReference: rowsOf(MEDIA, 'id') },
        Game: { __resolveReference: rowsOf(MEDIA, 'id') },
      },
    ),
    prices: part(
      `interface Media { id: ID! price: Int }
       type Book implements Media @key(fields: "id") { id: ID! price: Int }
       type Film implements Media @key(fields: "id") { id: ID! price: Int }
       type Game implements Media @key(fields: "id") { id: ID! price: Int }`,
      {
        Book: { __resolveReference: rowsOf(MEDIA, 'id') },
        Film: { __resolveReference: rowsOf(MEDIA, 'id') },
        Game: { __resolveReference: rowsOf(MEDIA, 'id') },
      },
    ),
    authors: part(
      `type Book @key(fields: "id") { id: ID! author: String } type Film @key(fields: "id") { id: ID! author: String }`,
      { Book: { __resolveReference: rowsOf(MEDIA, 'id') }, Film: { __resolveReference: rowsOf(MEDIA, 'id') } },
    ),
  },
  {
    'gives a field of one subgraph': {
      query: '{ media { title } }',
      data: { media: [{ title: 'Sel' }, { title: 'Vent' }, { title: 'Marée' }] },
    },
    'gives a field of another, for every type': {
      query: '{ media { price } }',
      data: { media: [{ price: 5 }, { price: 7 }, { price: 9 }] },
    },
    'gives the type, under several names': {
      query: '{ media { __typename t: __typename } nothing { __typename } }',
      data: {
        media: [
          { __typename: 'Book', t: 'Book' },
          { __typename: 'Film', t: 'Film' },
          { __typename: 'Game', t: 'Game' },
        ],
        nothing: null,
      },
    },
    'gives what each type has': {
      query: '{ media { ... on Book { pages } ... on Film { minutes author } title ... on Game { players } } }',
      data: {
        media: [
          { pages: 100, title: 'Sel' },
          { minutes: 90, author: 'Bea', title: 'Vent' },
          { title: 'Marée', players: 4 },
        ],
      },
    },
    'gives an empty object to a type that was not asked for': {
      query: '{ media { ... on Book { pages } } }',
      data: { media: [{ pages: 100 }, {}, {}] },
    },
    'takes the same key for fields of different types': {
      query: '{ media { ... on Book { n: pages id } ... on Film { n: minutes } ... on Game { n: players title } } }',
      data: { media: [{ n: 100, id: 'm1' }, { n: 90 }, { n: 4, title: 'Marée' }] },
    },
    'takes aliases that are names of others, for one type only': {
      query: '{ media { ... on Book { minutes: pages price } ... on Film { pages: minutes minutes } title: id } }',
      data: {
        media: [{ minutes: 100, price: 5, title: 'm1' }, { pages: 90, minutes: 90, title: 'm2' }, { title: 'm3' }],
      },
    },
    'spreads the interface in a type and a type in the interface': {
      query: `{ media { ... on Book { ... on Media { title price ... on Film { minutes } } } ...M } }
        fragment M on Media { ... on Game { ...G } } fragment G on Game { ... on Media { id } players }`,
      data: { media: [{ title: 'Sel', price: 5 }, {}, { id: 'm3', players: 4 }] },
    },
    'merges what fragments ask of the same field': {
      query: '{ one(id: "m1") { ... on Book { author } ... on Media { title } ... on Book { author pages } title } }',
      data: { one: { author: 'Ada', title: 'Sel', pages: 100 } },
    },
  },
)

const ANSWERS = [
  { __typename: 'Hit', id: 'h1', text: 'a hit', rank: 1 },
  { __typename: 'Miss', id: 'x1', why: 'not found', rank: 2 },
]

describeWorld(
  'a union with different members in different subgraphs',
  {
    search: part(
      `union Answer = Hit | Miss type Hit @key(fields: "id") { id: ID! text: String! } type Miss @key(fields: "id") { id: ID! why: String! }
       type Query { answers: [Answer] wrapped: Wrapped } type Wrapped { answer: Answer! list: [[Answer!]] }`,
      {
        Query: {
          answers: () => [ANSWERS[0], null, ANSWERS[1]],
          wrapped: () => ({ answer: ANSWERS[1], list: [[ANSWERS[0]], null, []] }),
        },
        Hit: { __resolveReference: rowsOf(ANSWERS, 'id') },
        Miss: { __resolveReference: rowsOf(ANSWERS, 'id') },
      },
    ),
    adverts: part(
      `union Answer = Hit | Advert type Hit @key(fields: "id") { id: ID! rank: Int! } type Advert { slogan: String! }
       type Query { sponsored: [Answer!]! }`,
      {
        Query: {
          sponsored: () => [
            { __typename: 'Advert', slogan: 'Buy' },
            { __typename: 'Hit', id: 'h1', rank: 1 },
          ],
        },
        Hit: { __resolveReference: rowsOf(ANSWERS, 'id') },
      },
    ),
  },
  {
    'gives its own members': {
      query: '{ answers { __typename ... on Hit { text rank } ... on Miss { why } } }',
      data: {
        answers: [{ __typename: 'Hit', text: 'a hit', rank: 1 }, null, { __typename: 'Miss', why: 'not found' }],
      },
    },
    'is asked about a member that the subgraph does not know': {
      query: '{ answers { ... on Advert { slogan } ... on Hit { text } } }',
      data: { answers: [{ text: 'a hit' }, null, {}] },
    },
    'is asked only about such a member': {
      query: '{ answers { ... on Advert { slogan } } sponsored { ... on Miss { why } } }',
      data: { answers: [{}, null, {}], sponsored: [{}, {}] },
    },
    'gives entities and other objects': {
      query: '{ sponsored { ... on Advert { slogan } ... on Hit { text rank } } }',
      data: { sponsored: [{ slogan: 'Buy' }, { text: 'a hit', rank: 1 }] },
    },
    'gives types of all members': {
      query:
        '{ sponsored { kind: __typename } wrapped { answer { __typename } list { __typename ... on Hit { rank } } } }',
      data: {
        sponsored: [{ kind: 'Advert' }, { kind: 'Hit' }],
        wrapped: { answer: { __typename: 'Miss' }, list: [[{ __typename: 'Hit', rank: 1 }], null, []] },
      },
    },
  },
)

describeWorld(
  'an interface that only some subgraphs know all types of',
  {
    nodes: part(
      `interface Node { id: ID! } type Tree implements Node @key(fields: "id") { id: ID! kind: String! }
       type Query { node(id: ID!): Node  nodes: [Node] }`,
      {
        Query: {
          node: (_: unknown, { id }: { id: string }) => ({ __typename: 'Tree', id, kind: 'oak' }),
          nodes: () => [{ __typename: 'Tree', id: 't1', kind: 'oak' }],
        },
        Tree: { __resolveReference: ({ id }: { id: string }) => ({ id, kind: 'oak' }) },
      },
    ),
    rocks: part(
      `interface Node { id: ID! } type Rock implements Node @key(fields: "id") { id: ID! grain: Int! beside: Node }
       type Tree implements Node @key(fields: "id") { id: ID! height: Int! }
       type Query { rocks: [Node!]! }`,
      {
        Query: {
          rocks: () => [
            { __typename: 'Rock', id: 'r1', grain: 3, beside: { __typename: 'Tree', id: 't9', height: 12 } },
            { __typename: 'Tree', id: 't1', height: 12 },
          ],
        },
        Rock: { __resolveReference: ({ id }: { id: string }) => ({ id, grain: 3 }) },
        Tree: { __resolveReference: ({ id }: { id: string }) => ({ id, height: 12 }) },
      },
    ),
  },
  {
    'is asked about types that the subgraph does not know': {
      query: '{ nodes { id ... on Rock { grain } ... on Tree { kind height } } }',
      data: { nodes: [{ id: 't1', kind: 'oak', height: 12 }] },
    },
    'is asked only about those': { query: '{ node(id: "t1") { ... on Rock { grain } } }', data: { node: {} } },
    'leads to other types and subgraphs': {
      query:
        '{ rocks { __typename id ... on Rock { beside { id ... on Tree { kind height } } } ... on Tree { kind } } }',
      data: {
        rocks: [
          { __typename: 'Rock', id: 'r1', beside: { id: 't9', kind: 'oak', height: 12 } },
          { __typename: 'Tree', id: 't1', kind: 'oak' },
        ],
      },
    },
  },
)

describeWorld(
  'fields of one name and several types (child types that differ)',
  {
    one: part(
      `union Any = A | B type A { value: Int  tags: [String!]! sub: Sub } type B { value: String tags: [String] sub: Sub }
       type Sub @shareable { x: Int! } type Query { any: [Any!]! }`,
      {
        Query: {
          any: () => [
            { __typename: 'A', value: 1, tags: ['a'], sub: { x: 1 } },
            { __typename: 'B', value: 'one', tags: [null], sub: null },
          ],
        },
      },
    ),
    two: part('type Sub @shareable { x: Int } type Query { sub: Sub }', { Query: { sub: () => ({ x: null }) } }),
  },
  {
    'are asked for under different keys': {
      query: '{ any { ... on A { number: value tags sub { x } } ... on B { text: value words: tags sub { x } } } }',
      data: {
        any: [
          { number: 1, tags: ['a'], sub: { x: 1 } },
          { text: 'one', words: [null], sub: null },
        ],
      },
    },
    'may be null if they may be in one subgraph': { query: '{ sub { x } }', data: { sub: { x: null } } },
    'are refused under the same key': {
      query: '{ any { ... on A { value } ... on B { value } } }',
      data: undefined,
      errors: [''],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
  },
)

describeWorld(
  'interfaces of interfaces',
  {
    base: part(
      `interface Being { id: ID! } interface Animal implements Being { id: ID! legs: Int! }
       type Dog implements Animal & Being @key(fields: "id") { id: ID! legs: Int! friend: Being }
       type Fern implements Being @key(fields: "id") { id: ID! }
       type Query { beings: [Being!]! animals: [Animal!]! }`,
      {
        Query: {
          beings: () => [
            { __typename: 'Dog', id: 'd', legs: 4, friend: { __typename: 'Fern', id: 'f' } },
            { __typename: 'Fern', id: 'f' },
          ],
          animals: () => [{ __typename: 'Dog', id: 'd', legs: 4 }],
        },
      },
    ),
    names: part(
      `type Dog @key(fields: "id") { id: ID! name: String! } type Fern @key(fields: "id") { id: ID! name: String! }`,
      {
        Dog: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Rex' }) },
        Fern: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Fougère' }) },
      },
    ),
  },
  {
    'narrow as fragments do': {
      query:
        '{ beings { id ... on Animal { legs ... on Dog { name friend { ... on Fern { name } } } } ... on Fern { name } } }',
      data: {
        beings: [
          { id: 'd', legs: 4, name: 'Rex', friend: { name: 'Fougère' } },
          { id: 'f', name: 'Fougère' },
        ],
      },
    },
    'widen as fragments do': {
      query: '{ animals { ... on Being { id ... on Fern { name } ... on Dog { name } } } }',
      data: { animals: [{ id: 'd', name: 'Rex' }] },
    },
  },
)
