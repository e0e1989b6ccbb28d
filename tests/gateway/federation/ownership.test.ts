import { describeWorld, part, rowsOf } from './world.ts'

/* Who answers a field that several subgraphs have, and what clients never see. */

const SPOTS = [
  { id: 's1', name: 'Phare', lat: 48, lon: -4 },
  { id: 's2', name: 'Grève', lat: 47, lon: -3 },
]

describeWorld(
  'shared fields (@shareable)',
  {
    maps: part(
      `type Spot @key(fields: "id") { id: ID! name: String! @shareable place: Place @shareable }
       type Place @shareable { lat: Int! lon: Int! }
       type Query { spot: Spot @shareable spots: [Spot!]! @shareable here: Place @shareable  only: Spot }`,
      {
        Query: { spot: () => SPOTS[0], spots: () => SPOTS, here: () => SPOTS[0], only: () => SPOTS[1] },
        Spot: { __resolveReference: rowsOf(SPOTS, 'id'), place: (spot: object) => spot },
      },
    ),
    tours: part(
      `type Spot @key(fields: "id") { id: ID! name: String! @shareable place: Place @shareable stars: Int! }
       type Place @shareable { lat: Int! lon: Int! }
       type Query { spot: Spot @shareable spots: [Spot!]! @shareable here: Place @shareable }`,
      {
        Query: { spot: () => SPOTS[0], spots: () => SPOTS, here: () => SPOTS[0] },
        Spot: { __resolveReference: rowsOf(SPOTS, 'id'), place: (spot: object) => spot, stars: () => 3 },
      },
    ),
  },
  {
    'are answered by one subgraph': {
      query: '{ spots { name place { lat lon } } }',
      data: {
        spots: [
          { name: 'Phare', place: { lat: 48, lon: -4 } },
          { name: 'Grève', place: { lat: 47, lon: -3 } },
        ],
      },
    },
    'are answered where the rest is': {
      query: '{ spots { stars name } }',
      data: {
        spots: [
          { stars: 3, name: 'Phare' },
          { stars: 3, name: 'Grève' },
        ],
      },
      calls: { tours: 1 },
    },
    'come along with an entity that is asked elsewhere': {
      query: '{ only { stars place { lat } name } here { lon } }',
      data: { only: { stars: 3, place: { lat: 47 }, name: 'Grève' }, here: { lon: -4 } },
    },
  },
)

const half = (name: string, value: number) =>
  part(
    `type Query { book: Book @shareable books: [Book] @shareable deep: Shelf @shareable }
     type Book @shareable { id: ID! meta: Meta } type Meta { ${name}: Int! } type Shelf @shareable { top: Book }`,
    {
      Query: {
        book: () => ({ id: 'b1', meta: { [name]: value } }),
        books: () => [
          { id: 'b1', meta: { [name]: value } },
          { id: 'b2', meta: { [name]: value * 10 } },
        ],
        deep: () => ({ top: { id: 'b1', meta: { [name]: value } } }),
      },
    },
  )

describeWorld(
  'a root field of several subgraphs, each with a part of what is below and no key',
  { pages: half('pages', 1), prices: half('price', 2), places: half('shelf', 3) },
  {
    'has the parts of all': {
      query: '{ book { id meta { pages price shelf } } }',
      data: { book: { id: 'b1', meta: { pages: 1, price: 2, shelf: 3 } } },
      calls: { pages: 1, prices: 1, places: 1 },
    },
    'asks only those that are needed': {
      query: '{ book { meta { price } } }',
      data: { book: { meta: { price: 2 } } },
      calls: { prices: 1 },
    },
    'puts parts together under an alias': {
      query: '{ first: book { m: meta { price p: pages } } }',
      data: { first: { m: { price: 2, p: 1 } } },
    },
    'puts the parts of lists together by place': {
      query: '{ books { meta { pages price } id } }',
      data: {
        books: [
          { meta: { pages: 1, price: 2 }, id: 'b1' },
          { meta: { pages: 10, price: 20 }, id: 'b2' },
        ],
      },
    },
    'puts parts together further down': {
      query: '{ deep { top { meta { shelf pages } } } }',
      data: { deep: { top: { meta: { shelf: 3, pages: 1 } } } },
    },
  },
)

describeWorld(
  'a field that moved (@override)',
  {
    old: part(
      `type Stop @key(fields: "id") { id: ID! name: String! zone: String! code: String! } type Query { stops: [Stop] }`,
      {
        Query: { stops: () => [{ id: '1', name: 'old name', zone: 'old zone', code: 'old code' }] },
        Stop: {
          __resolveReference: ({ id }: { id: string }) => ({
            id,
            name: 'old name',
            zone: 'old zone',
            code: 'old code',
          }),
        },
      },
    ),
    fresh: part(
      `type Stop @key(fields: "id") { id: ID! name: String! @override(from: "old") zone: String! @override(from: "old", label: "percent(0)")
         code: String! @override(from: "old", label: "percent(100)") lost: String @override(from: "gone") }
       type Query { newest: Stop }`,
      {
        Query: { newest: () => ({ id: '2' }) },
        Stop: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          name: () => 'new name',
          zone: () => 'new zone',
          code: () => 'new code',
          lost: () => 'not lost',
        },
      },
    ),
  },
  {
    'is asked where it is now': { query: '{ stops { name } }', data: { stops: [{ name: 'new name' }] } },
    'is asked from either side': {
      query: '{ newest { name } stops { id name } }',
      data: { newest: { name: 'new name' }, stops: [{ id: '1', name: 'new name' }] },
    },
    'is asked where it was while the label says none': {
      query: '{ stops { zone } newest { zone } }',
      data: { stops: [{ zone: 'old zone' }], newest: { zone: 'old zone' } },
    },
    'is asked where it is now once the label says all': {
      query: '{ stops { code } newest { code } }',
      data: { stops: [{ code: 'new code' }], newest: { code: 'new code' } },
    },
    'may come from a subgraph that is no more': {
      query: '{ stops { lost } }',
      data: { stops: [{ lost: 'not lost' }] },
    },
  },
)

describeWorld(
  'an overridden field that others require',
  {
    a: part(
      `type Lot @key(fields: "id") { id: ID! size: Int! name: String! @override(from: "b") } type Query { lot: Lot }`,
      {
        Query: { lot: () => ({ id: '1' }) },
        Lot: { __resolveReference: ({ id }: { id: string }) => ({ id }), size: () => 7, name: () => 'from a' },
      },
    ),
    b: part(`type Lot @key(fields: "id") { id: ID! name: String! } type Query { other: Lot }`, {
      Query: { other: () => ({ id: '1', name: 'from b' }) },
      Lot: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'from b' }) },
    }),
    c: part(
      `type Lot @key(fields: "id") { id: ID! name: String! @external size: Int! @external
         title: String! @requires(fields: "name size") }`,
      {
        Lot: {
          __resolveReference: (lot: object) => lot,
          title: ({ name, size }: { name: string; size: number }) => `${name}, ${size}`,
        },
      },
    ),
  },
  {
    'comes from its new owner': { query: '{ other { title } }', data: { other: { title: 'from a, 7' } } },
    'is the one that clients see': {
      query: '{ lot { name title } other { name } }',
      data: { lot: { name: 'from a', title: 'from a, 7' }, other: { name: 'from a' } },
    },
  },
)

describeWorld(
  'what is not for clients (@inaccessible, @tag)',
  {
    people: part(
      `type Person @key(fields: "secret") { secret: ID! @inaccessible name: String! @tag(name: "public") age: Int }
       type Hidden @inaccessible { x: Int } enum Mood { GLAD SAD @inaccessible }
       input Filter { name: String  token: String = "none" @inaccessible }
       interface Thing { id: ID } type Seen implements Thing { id: ID } type Unseen implements Thing @inaccessible { id: ID }
       type Query { people(filter: Filter, debug: Boolean @inaccessible): [Person!]! moods: [Mood] mood: Mood must: Mood!
         things: [Thing] thing: Thing }`,
      {
        Query: {
          people: (_: unknown, { filter }: { filter?: { token: string } }) => [
            { secret: 'k1', name: `Ada ${filter?.token ?? ''}`.trim() },
          ],
          moods: () => ['GLAD', 'SAD', 'GLAD'],
          mood: () => 'SAD',
          must: () => 'SAD',
          things: () => [
            { __typename: 'Seen', id: '1' },
            { __typename: 'Unseen', id: '2' },
          ],
          thing: () => ({ __typename: 'Unseen', id: '2' }),
        },
        Person: { __resolveReference: ({ secret }: { secret: string }) => ({ secret, name: 'Ada' }) },
      },
    ),
    jobs: part('type Person @key(fields: "secret") { secret: ID! job: String! }', {
      Person: { __resolveReference: ({ secret }: { secret: string }) => ({ secret, job: `job of ${secret}` }) },
    }),
  },
  {
    'serves as a key all the same': {
      query: '{ people { name job } }',
      data: { people: [{ name: 'Ada', job: 'job of k1' }] },
    },
    'cannot be asked for': {
      query: '{ people { secret } }',
      data: undefined,
      errors: [''],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
    'cannot be given': {
      query: '{ people(filter: { token: "x" }) { name } }',
      data: undefined,
      errors: [''],
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    },
    'has its defaults all the same': {
      query: 'query ($f: Filter) { people(filter: $f) { name } }',
      variables: { f: { name: 'x' } },
      data: { people: [{ name: 'Ada none' }] },
    },
    'is null where it is the value of an enum': {
      query: '{ mood }',
      data: { mood: null },
    },
    'is null in a list too': {
      query: '{ moods }',
      data: { moods: ['GLAD', null, 'GLAD'] },
    },
    'takes all with it where there must be a value': { query: '{ must }', data: null, errors: ['must'] },
    'is null where it is an object behind an interface': {
      query: '{ thing { id } things { id } }',
      data: { thing: null, things: [{ id: '1' }, null] },
    },
    'is no type': {
      query: '{ __type(name: "Hidden") { name } thing { ... on Seen { id } } }',
      data: { __type: null, thing: null },
    },
  },
)

describeWorld(
  'directives that mean nothing to the gateway',
  {
    vault: {
      sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective", "@tag",
          "@authenticated", "@requiresScopes", "@policy"])
        @link(url: "https://example.org/colour/v1.0", import: ["@colour"]) @composeDirective(name: "@colour")
        directive @colour(of: String) on FIELD_DEFINITION | OBJECT
        type Coin @key(fields: "id") @colour(of: "gold") { id: ID! value: Int @authenticated
          owner: String @requiresScopes(scopes: [["read:owner"]]) weight: Int @policy(policies: [["heavy"]]) @tag(name: "x") }
        type Query { coin: Coin }`,
      resolvers: { Query: { coin: () => ({ id: '1', value: 5, owner: 'Ada', weight: 3 }) } },
    },
    mint: part('type Coin @key(fields: "id") { id: ID! year: Int @authenticated }', {
      Coin: { __resolveReference: ({ id }: { id: string }) => ({ id, year: 1900 }) },
    }),
  },
  {
    'stand in the supergraph, and nobody is refused': {
      query: '{ coin { value owner weight year } }',
      data: { coin: { value: 5, owner: 'Ada', weight: 3, year: 1900 } },
    },
  },
)
