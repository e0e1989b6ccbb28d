import { describeWorld, part, rowsOf } from './world.ts'

/* Fields that one subgraph computes from what others know (`@requires`). */

const CRATES = [
  { id: 'c1', width: 2, height: 3, label: { text: 'salt', language: { code: 'fr' } } },
  { id: 'c2', width: 4, height: 5, label: null },
]

describeWorld(
  'requiring scalars and objects',
  {
    sizes: part(
      `type Crate @key(fields: "id") { id: ID! width: Int! height: Int! label: Label }
       type Label { text: String! language: Language! } type Language { code: String! }
       type Query { crates: [Crate!]! crate: Crate }`,
      {
        Query: { crates: () => CRATES, crate: () => CRATES[0] },
        Crate: { __resolveReference: rowsOf(CRATES, 'id') },
      },
    ),
    sums: part(
      `type Crate @key(fields: "id") { id: ID! width: Int! @external height: Int! @external label: Label @external
         area: Int @requires(fields: "width height")
         slogan: String @requires(fields: "label { text language { code } }")
         plus(more: Int! = 0): Int @requires(fields: "width") }
       type Label @external { text: String! language: Language! } type Language @external { code: String! }
       type Query { any: Crate }`,
      {
        Query: { any: () => ({ id: 'c2' }) },
        Crate: {
          __resolveReference: (crate: object) => crate,
          area: ({ width, height }: { width: number; height: number }) => width * height,
          slogan: ({ label }: { label: (typeof CRATES)[0]['label'] }) =>
            label ? `${label.text} in ${label.language.code}` : 'nothing',
          plus: ({ width }: { width: number }, { more }: { more: number }) => width + more,
        },
      },
    ),
  },
  {
    'gives what is computed without what it is computed from': {
      query: '{ crates { area } }',
      data: { crates: [{ area: 6 }, { area: 20 }] },
      calls: { sizes: 1, sums: 1 },
    },
    'gives both': { query: '{ crate { width area height } }', data: { crate: { width: 2, area: 6, height: 3 } } },
    'reads what is required under its own name': {
      query: '{ crate { width: height height: width area: id id: area } }',
      data: { crate: { width: 3, height: 2, area: 'c1', id: 6 } },
    },
    'sends nested objects, and null where there is none': {
      query: '{ crates { slogan } }',
      data: { crates: [{ slogan: 'salt in fr' }, { slogan: 'nothing' }] },
    },
    'sends nested objects beside aliases of them': {
      query: '{ crate { label { text: language { code: __typename } language: text } slogan } }',
      data: { crate: { label: { text: { code: 'Language' }, language: 'salt' }, slogan: 'salt in fr' } },
    },
    'goes away for it and comes back': {
      query: '{ any { area slogan id } }',
      data: { any: { area: 20, slogan: 'nothing', id: 'c2' } },
      calls: { sums: 2, sizes: 1 },
    },
    'computes the same field with several arguments': {
      query: 'query ($more: Int!) { crate { plus one: plus(more: 1) more: plus(more: $more) } }',
      variables: { more: 40 },
      data: { crate: { plus: 2, one: 3, more: 42 } },
    },
    'computes only what conditions leave': {
      query: 'query ($yes: Boolean!) { crate { area @include(if: $yes) slogan @skip(if: $yes) } }',
      variables: { yes: true },
      data: { crate: { area: 6 } },
    },
  },
)

const TRIPS = [{ id: 't1' }, { id: 't2' }]

describeWorld(
  'requiring what itself requires',
  {
    trips: part('type Trip @key(fields: "id") { id: ID! } type Query { trips: [Trip!]! }', {
      Query: { trips: () => TRIPS },
    }),
    distances: part('type Trip @key(fields: "id") { id: ID! km: Int }', {
      Trip: { __resolveReference: ({ id }: { id: string }) => ({ id, km: Number(id.slice(1)) * 100 }) },
    }),
    fuel: part('type Trip @key(fields: "id") { id: ID! km: Int @external litres: Int @requires(fields: "km") }', {
      Trip: { __resolveReference: (trip: object) => trip, litres: ({ km }: { km: number }) => km / 10 },
    }),
    prices: part(
      `type Trip @key(fields: "id") { id: ID! litres: Int @external km: Int @external
         price: Int @requires(fields: "litres") perKm: Float @requires(fields: "litres km") }`,
      {
        Trip: {
          __resolveReference: (trip: object) => trip,
          price: ({ litres }: { litres: number }) => litres * 2,
          perKm: ({ litres, km }: { litres: number; km: number }) => litres / km,
        },
      },
    ),
    taxes: part(
      'type Trip @key(fields: "id") { id: ID! price: Int @external taxed: String @requires(fields: "price") }',
      {
        Trip: {
          __resolveReference: (trip: object) => trip,
          taxed: ({ price }: { price: number }) => `${price} + 20 %`,
        },
      },
    ),
  },
  {
    'goes through all of them in order': {
      query: '{ trips { taxed } }',
      data: { trips: [{ taxed: '20 + 20 %' }, { taxed: '40 + 20 %' }] },
      calls: { trips: 1, distances: 1, fuel: 1, prices: 1, taxes: 1 },
    },
    'gives every step that is asked for': {
      query: '{ trips { taxed perKm litres km price } }',
      data: {
        trips: [
          { taxed: '20 + 20 %', perKm: 0.1, litres: 10, km: 100, price: 20 },
          { taxed: '40 + 20 %', perKm: 0.1, litres: 20, km: 200, price: 40 },
        ],
      },
    },
  },
)

describeWorld(
  'two subgraphs that require of each other',
  {
    left: part(
      `type Knot @key(fields: "id") { id: ID! a: Int! b: Int! @external c: Int! @requires(fields: "b") d: Int! @external
         e: Int! @requires(fields: "d") } type Query { knot: Knot }`,
      {
        Query: { knot: () => ({ id: '1', a: 1 }) },
        Knot: {
          __resolveReference: (knot: object) => ({ a: 1, ...knot }),
          c: ({ b }: { b: number }) => b + 1,
          e: ({ d }: { d: number }) => d + 1,
        },
      },
    ),
    right: part(
      `type Knot @key(fields: "id") { id: ID! a: Int! @external b: Int! @requires(fields: "a") c: Int! @external
         d: Int! @requires(fields: "c") }`,
      {
        Knot: {
          __resolveReference: (knot: object) => knot,
          b: ({ a }: { a: number }) => a + 1,
          d: ({ c }: { c: number }) => c + 1,
        },
      },
    ),
  },
  {
    'go back and forth': { query: '{ knot { b } }', data: { knot: { b: 2 } } },
    'go back and forth as often as it takes': { query: '{ knot { e } }', data: { knot: { e: 5 } } },
    'give every step': { query: '{ knot { e d c b a } }', data: { knot: { e: 5, d: 4, c: 3, b: 2, a: 1 } } },
  },
)

const priceOf = (_: unknown, { currency }: { currency: string }) => (currency === 'EUR' ? 10 : 11)

describeWorld(
  'requiring a field with arguments',
  {
    prices: part(
      `type Item @key(fields: "id") { id: ID! price(currency: String!): Int! stock(in: [String!], deep: Depth): Int }
       input Depth { from: Int to: Int } type Query { item: Item items: [Item!]! }`,
      {
        Query: { item: () => ({ id: 'i1' }), items: () => [{ id: 'i1' }, { id: 'i2' }] },
        Item: {
          __resolveReference: (item: object) => item,
          price: priceOf,
          stock: (_: unknown, args: { in?: string[]; deep?: { from?: number } }) =>
            (args.in?.length ?? 0) * 10 + (args.deep?.from ?? 0),
        },
      },
    ),
    shipping: part(
      `type Item @key(fields: "id") { id: ID! price(currency: String!): Int! @external
         stock(in: [String!], deep: Depth): Int @external
         shipping: String @requires(fields: "price(currency: \\"USD\\")")
         left: String @requires(fields: "stock(in: [\\"a\\", \\"b\\"], deep: { from: 3 })") }
       input Depth { from: Int to: Int }`,
      {
        Item: {
          __resolveReference: (item: object) => item,
          shipping: ({ price }: { price: number }) => `ships for ${price}`,
          left: ({ stock }: { stock: number }) => `${stock} left`,
        },
      },
    ),
  },
  {
    'asks with the arguments that the owner wrote': {
      query: '{ item { shipping } }',
      data: { item: { shipping: 'ships for 11' } },
    },
    'gives the client its own arguments': {
      query: '{ item { price(currency: "EUR") shipping } }',
      data: { item: { price: 10, shipping: 'ships for 11' } },
    },
    'is not mixed up by order, aliases or variables': {
      query: 'query ($c: String!) { items { shipping price(currency: $c) price2: price(currency: "USD") } }',
      variables: { c: 'EUR' },
      data: {
        items: [
          { shipping: 'ships for 11', price: 10, price2: 11 },
          { shipping: 'ships for 11', price: 10, price2: 11 },
        ],
      },
    },
    'takes lists and objects as arguments': {
      query: '{ item { left stock shipping } }',
      data: { item: { left: '23 left', stock: 0, shipping: 'ships for 11' } },
    },
  },
)

const PETS = [
  { __typename: 'Cat', name: 'Minou', lives: 9 },
  { __typename: 'Dog', name: 'Rex', breed: 'beagle', owner: { name: 'Ada' } },
]

describeWorld(
  'requiring interfaces, unions and fragments of them',
  {
    homes: part(
      `type Home @key(fields: "id") { id: ID! pet: Pet! pets: [Pet!]! last: Beast }
       interface Pet { name: String! } type Cat implements Pet { name: String! lives: Int! }
       type Dog implements Pet { name: String! breed: String! owner: Owner! } type Owner { name: String! }
       union Beast = Cat | Dog type Query { homes: [Home!]! }`,
      {
        Query: { homes: () => [{ id: '1' }, { id: '2' }] },
        Home: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          pet: ({ id }: { id: string }) => PETS[Number(id) - 1],
          pets: () => PETS,
          last: ({ id }: { id: string }) => PETS[2 - Number(id)],
        },
      },
    ),
    vets: part(
      `type Home @key(fields: "id") { id: ID! pet: Pet! @external pets: [Pet!]! @external last: Beast @external
         sign: String @requires(fields: "pet { name }")
         card: String @requires(fields: "pet { name ... on Cat { lives } ... on Dog { breed owner { name } } }")
         all: String @requires(fields: "pets { __typename name }")
         beast: String @requires(fields: "last { __typename ... on Cat { lives } ... on Dog { breed } }") }
       interface Pet { name: String! } type Cat implements Pet @external { name: String! lives: Int! }
       type Dog implements Pet @external { name: String! breed: String! owner: Owner! } type Owner @external { name: String! }
       union Beast = Cat | Dog`,
      {
        Home: {
          __resolveReference: (home: object) => home,
          sign: ({ pet }: { pet: { name: string } }) => `Beware of ${pet.name}`,
          card: ({ pet }: { pet: Record<string, unknown> }) =>
            [pet['name'], pet['lives'], pet['breed'], (pet['owner'] as { name?: string })?.name]
              .filter(Boolean)
              .join(' '),
          all: ({ pets }: { pets: { __typename: string; name: string }[] }) =>
            pets.map(({ __typename, name }) => `${__typename} ${name}`).join(', '),
          beast: ({ last }: { last: Record<string, unknown> }) => `${last['lives'] ?? last['breed']}`,
        },
      },
    ),
  },
  {
    'sends a field of an interface': {
      query: '{ homes { sign } }',
      data: { homes: [{ sign: 'Beware of Minou' }, { sign: 'Beware of Rex' }] },
    },
    'sends what each type has': {
      query: '{ homes { card } }',
      data: { homes: [{ card: 'Minou 9' }, { card: 'Rex beagle Ada' }] },
    },
    'sends lists of them, with their types': {
      query: '{ homes { all } }',
      data: { homes: [{ all: 'Cat Minou, Dog Rex' }, { all: 'Cat Minou, Dog Rex' }] },
    },
    'sends members of a union': {
      query: '{ homes { beast } }',
      data: { homes: [{ beast: 'beagle' }, { beast: '9' }] },
    },
    'shows the client its own fragments beside it': {
      query: '{ homes { card pet { ... on Dog { name: breed } __typename ... on Cat { n: name } } } }',
      data: {
        homes: [
          { card: 'Minou 9', pet: { __typename: 'Cat', n: 'Minou' } },
          { card: 'Rex beagle Ada', pet: { name: 'beagle', __typename: 'Dog' } },
        ],
      },
    },
  },
)

describeWorld(
  'requiring across a list of entities',
  {
    fleet: part(
      `type Fleet @key(fields: "id") { id: ID! boats: [Boat!]! } type Boat @key(fields: "id") { id: ID! }
       type Query { fleets: [Fleet] }`,
      {
        Query: {
          fleets: () => [
            { id: 'f1', boats: [{ id: 'b1' }, { id: 'b2' }] },
            { id: 'f2', boats: [] },
          ],
        },
        Fleet: {
          __resolveReference: ({ id }: { id: string }) => ({
            id,
            boats: id === 'f1' ? [{ id: 'b1' }, { id: 'b2' }] : [],
          }),
        },
      },
    ),
    boats: part('type Boat @key(fields: "id") { id: ID! tons: Int! }', {
      Boat: { __resolveReference: ({ id }: { id: string }) => ({ id, tons: Number(id.slice(1)) * 5 }) },
    }),
    totals: part(
      `type Fleet @key(fields: "id") { id: ID! boats: [Boat!]! @external total: Int @requires(fields: "boats { tons }") }
       type Boat @key(fields: "id") { id: ID! tons: Int! @external load: Int @requires(fields: "tons") }`,
      {
        Fleet: {
          __resolveReference: (fleet: object) => fleet,
          total: ({ boats }: { boats: { tons: number }[] }) => boats.reduce((sum, { tons }) => sum + tons, 0),
        },
        Boat: { __resolveReference: (boat: object) => boat, load: ({ tons }: { tons: number }) => tons * 2 },
      },
    ),
  },
  {
    'sends each what a third knows of it': {
      query: '{ fleets { total } }',
      data: { fleets: [{ total: 15 }, { total: 0 }] },
    },
    'gives the same at both levels': {
      query: '{ fleets { total boats { load tons } } }',
      data: {
        fleets: [
          {
            total: 15,
            boats: [
              { load: 10, tons: 5 },
              { load: 20, tons: 10 },
            ],
          },
          { total: 0, boats: [] },
        ],
      },
    },
  },
)

describeWorld(
  'requiring what is null or fails',
  {
    base: part('type Post @key(fields: "id") { id: ID! } type Query { posts: [Post] }', {
      Query: { posts: () => [{ id: '1' }, { id: '2' }, { id: '3' }] },
    }),
    views: part('type Post @key(fields: "id") { id: ID! views: Int }', {
      Post: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        views({ id }: { id: string }) {
          if (id === '3') throw new Error('lost the count')
          return id === '1' ? 5 : null
        },
      },
    }),
    ranks: part(
      'type Post @key(fields: "id") { id: ID! views: Int @external rank: String @requires(fields: "views") }',
      {
        Post: {
          __resolveReference: (post: object) => post,
          rank: ({ views }: { views?: number | null }) => `#${views ?? 'none'}`,
        },
      },
    ),
  },
  {
    'computes without what is not there': {
      query: '{ posts { rank } }',
      data: { posts: [{ rank: '#5' }, { rank: '#none' }, { rank: '#none' }] },
      errors: ['posts.2'],
    },
    'points at the field that failed when it was asked for': {
      query: '{ posts { views rank } }',
      data: {
        posts: [
          { views: 5, rank: '#5' },
          { views: null, rank: '#none' },
          { views: null, rank: '#none' },
        ],
      },
      errors: ['posts.2.views'],
    },
  },
)

const KEYED = [
  { id: 'k1', code: 'c1', name: 'Un' },
  { id: 'k2', code: 'c2', name: 'Deux' },
]

describeWorld(
  'requiring in a subgraph that has several keys of the entity',
  {
    list: part('type Keyed @key(fields: "id") { id: ID! } type Query { keyed: [Keyed] }', {
      Query: { keyed: () => KEYED.map(({ id }) => ({ id })) },
    }),
    names: part('type Keyed @key(fields: "id") @key(fields: "code") { id: ID! code: ID! name: String! }', {
      Keyed: { __resolveReference: rowsOf(KEYED, 'id', 'code') },
    }),
    sums: part(
      `type Keyed @key(fields: "id") @key(fields: "code") { id: ID! code: ID! name: String! @external
         hello: String @requires(fields: "name") } type Query { last: Keyed }`,
      {
        Query: { last: () => ({ id: 'k2', code: 'c2' }) },
        Keyed: {
          __resolveReference: rowsOf(
            KEYED.map(({ id, code }) => ({ id, code })),
            'id',
            'code',
          ),
          hello: ({ name }: { name: string }) => `Bonjour ${name}`,
        },
      },
    ),
  },
  {
    'finds its way by the key that all have': {
      query: '{ keyed { hello } }',
      data: { keyed: [{ hello: 'Bonjour Un' }, { hello: 'Bonjour Deux' }] },
    },
    'gives the other key all the same': {
      query: '{ keyed { code hello id name } last { hello code } }',
      data: {
        keyed: [
          { code: 'c1', hello: 'Bonjour Un', id: 'k1', name: 'Un' },
          { code: 'c2', hello: 'Bonjour Deux', id: 'k2', name: 'Deux' },
        ],
        last: { hello: 'Bonjour Deux', code: 'c2' },
      },
    },
  },
)
