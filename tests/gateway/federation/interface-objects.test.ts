import { describeWorld, part, rowsOf } from './world.ts'

/* Interfaces that a subgraph knows as if they were one type (`@interfaceObject`). */

const STAFF = [
  { __typename: 'Guard', id: 'g1', name: 'Ada', post: 'gate' },
  { __typename: 'Guide', id: 'g2', name: 'Bea', languages: ['fr'] },
]

describeWorld(
  'an interface object',
  {
    people: part(
      `interface Staff @key(fields: "id") { id: ID! name: String! }
       type Guard implements Staff @key(fields: "id") { id: ID! name: String! post: String! }
       type Guide implements Staff @key(fields: "id") { id: ID! name: String! languages: [String!]! }
       type Query { staff: [Staff!]! guard: Guard }`,
      {
        Query: { staff: () => STAFF, guard: () => STAFF[0] },
        Staff: { __resolveReference: rowsOf(STAFF, 'id') },
        Guard: { __resolveReference: rowsOf(STAFF, 'id') },
        Guide: { __resolveReference: rowsOf(STAFF, 'id') },
      },
    ),
    pay: part(
      `type Staff @key(fields: "id") @interfaceObject { id: ID! name: String! @external salary: Int! boss: Staff
         badge: String! @requires(fields: "name") }
       type Query { richest: Staff  byPay: [Staff!]! }`,
      {
        Query: { richest: () => ({ id: 'g2' }), byPay: () => [{ id: 'g2' }, { id: 'g1' }] },
        Staff: {
          __resolveReference: (staff: object) => staff,
          salary: ({ id }: { id: string }) => Number(id.slice(1)) * 1000,
          boss: ({ id }: { id: string }) => (id === 'g1' ? { id: 'g2' } : null),
          badge: ({ name }: { name: string }) => `Badge of ${name}`,
        },
      },
    ),
    shifts: part(
      `type Staff @key(fields: "id") @interfaceObject { id: ID! salary: Int! @external hours: Int! @requires(fields: "salary") }`,
      {
        Staff: { __resolveReference: (staff: object) => staff, hours: ({ salary }: { salary: number }) => salary / 50 },
      },
    ),
  },
  {
    'adds its fields to every type': {
      query: '{ staff { name salary } }',
      data: {
        staff: [
          { name: 'Ada', salary: 1000 },
          { name: 'Bea', salary: 2000 },
        ],
      },
    },
    'adds its fields to one type': {
      query: '{ guard { salary post } }',
      data: { guard: { salary: 1000, post: 'gate' } },
    },
    'stands in fragments on types': {
      query: '{ staff { ... on Guard { salary } ... on Guide { languages boss { name } } } }',
      data: { staff: [{ salary: 1000 }, { languages: ['fr'], boss: null }] },
    },
    'is asked for the type that it does not know': {
      query: '{ richest { __typename salary } }',
      data: { richest: { __typename: 'Guide', salary: 2000 } },
    },
    'is answered alone where nothing of the type is asked': {
      query: '{ richest { salary id } }',
      data: { richest: { salary: 2000, id: 'g2' } },
      calls: { pay: 1 },
    },
    'leads to the fields of types': {
      query: '{ byPay { ... on Guard { post } ... on Guide { languages } name } }',
      data: {
        byPay: [
          { languages: ['fr'], name: 'Bea' },
          { post: 'gate', name: 'Ada' },
        ],
      },
    },
    'leads to fields that come back to it': {
      query: '{ byPay { ... on Guard { boss { name ... on Guide { salary } } } } }',
      data: { byPay: [{}, { boss: { name: 'Bea', salary: 2000 } }] },
    },
    'computes from what the types know': {
      query: '{ staff { badge } byPay { badge } guard { badge } }',
      data: {
        staff: [{ badge: 'Badge of Ada' }, { badge: 'Badge of Bea' }],
        byPay: [{ badge: 'Badge of Bea' }, { badge: 'Badge of Ada' }],
        guard: { badge: 'Badge of Ada' },
      },
    },
    'computes from what another interface object knows': {
      query: '{ staff { hours } byPay { hours name } }',
      data: {
        staff: [{ hours: 20 }, { hours: 40 }],
        byPay: [
          { hours: 40, name: 'Bea' },
          { hours: 20, name: 'Ada' },
        ],
      },
    },
    'takes aliases that are names of others': {
      query: '{ byPay { id: name name: id __typename: salary } }',
      data: {
        byPay: [
          { id: 'Bea', name: 'g2', __typename: 2000 },
          { id: 'Ada', name: 'g1', __typename: 1000 },
        ],
      },
    },
  },
)

describeWorld(
  'an interface object that is only a reference (resolvable: false)',
  {
    things: part(
      `interface Thing @key(fields: "id") { id: ID! label: String! }
       type Box implements Thing @key(fields: "id") { id: ID! label: String! }
       type Query { box: Box }`,
      {
        Query: { box: () => ({ id: '1', label: 'a box' }) },
        Thing: { __resolveReference: ({ id }: { id: string }) => ({ __typename: 'Box', id, label: 'a box' }) },
        Box: { __resolveReference: ({ id }: { id: string }) => ({ id, label: 'a box' }) },
      },
    ),
    pins: part(
      `type Thing @key(fields: "id", resolvable: false) @interfaceObject { id: ID! } type Pin { thing: Thing! }
       type Query { pins: [Pin!]! }`,
      { Query: { pins: () => [{ thing: { id: '1' } }, { thing: { id: '2' } }] } },
    ),
  },
  {
    'leads to what it refers to': {
      query: '{ pins { thing { label __typename } } }',
      data: {
        pins: [{ thing: { label: 'a box', __typename: 'Box' } }, { thing: { label: 'a box', __typename: 'Box' } }],
      },
    },
    'gives its key by itself': {
      query: '{ pins { thing { id } } }',
      data: { pins: [{ thing: { id: '1' } }, { thing: { id: '2' } }] },
      calls: { pins: 1 },
    },
  },
)

describeWorld(
  'an interface object behind which a type is extended again',
  {
    base: part(
      `interface Place @key(fields: "id") { id: ID! }
       type Park implements Place @key(fields: "id") { id: ID! trees: Int! } type Query { places: [Place!]! }`,
      {
        Query: { places: () => [{ __typename: 'Park', id: 'p1', trees: 7 }] },
        Place: { __resolveReference: ({ id }: { id: string }) => ({ __typename: 'Park', id, trees: 7 }) },
        Park: { __resolveReference: ({ id }: { id: string }) => ({ id, trees: 7 }) },
      },
    ),
    visits: part('type Place @key(fields: "id") @interfaceObject { id: ID! visits: Int! }', {
      Place: { __resolveReference: ({ id }: { id: string }) => ({ id, visits: 30 }) },
    }),
    parks: part(
      `type Park @key(fields: "id") { id: ID! trees: Int! @external shade: Int! @requires(fields: "trees") keeper: Keeper! }
       type Keeper { name: String! }`,
      {
        Park: {
          __resolveReference: (park: object) => park,
          shade: ({ trees }: { trees: number }) => trees * 2,
          keeper: () => ({ name: 'Ada' }),
        },
      },
    ),
    tickets: part(
      `type Ticket { place: Place! } type Place @key(fields: "id") @interfaceObject { id: ID! fee: Int! }
       type Query { ticket: Ticket }`,
      { Query: { ticket: () => ({ place: { id: 'p1', fee: 2 } }) }, Place: { fee: () => 2 } },
    ),
  },
  {
    'gives all of it': {
      query: '{ places { visits fee ... on Park { trees shade keeper { name } } } }',
      data: { places: [{ visits: 30, fee: 2, trees: 7, shade: 14, keeper: { name: 'Ada' } }] },
    },
    'gives all of it from a third that knows no type': {
      query: '{ ticket { place { fee visits ... on Park { keeper { name } shade } } } }',
      data: { ticket: { place: { fee: 2, visits: 30, keeper: { name: 'Ada' }, shade: 14 } } },
    },
  },
)
