import { describeWorld, part, rowsOf } from './world.ts'

/* Fields of others that a subgraph gives along one path only (`@provides`), and where it does not. */

const AUTHORS = [
  { id: 'a1', name: 'Ada', born: 1815, home: { city: 'London', street: 'St James' } },
  { id: 'a2', name: 'Bea', born: 1900, home: { city: 'Paris', street: 'Rivoli' } },
]

describeWorld(
  'providing scalars and objects',
  {
    authors: part(
      `type Author @key(fields: "id") { id: ID! name: String! @shareable born: Int! home: Home @shareable }
       type Home @shareable { city: String! street: String! } type Query { authors: [Author] }`,
      { Query: { authors: () => AUTHORS }, Author: { __resolveReference: rowsOf(AUTHORS, 'id') } },
    ),
    books: part(
      `type Book @key(fields: "id") { id: ID! author: Author @provides(fields: "name") plain: Author
         homely: Author @provides(fields: "home { city }") }
       type Author @key(fields: "id") { id: ID! name: String! @external home: Home @external }
       type Home @shareable { city: String! }
       type Query { book: Book books: [Book] @provides(fields: "author { name }") }`,
      {
        Query: { book: () => ({ id: 'b1' }), books: () => [{ id: 'b1' }, { id: 'b2' }] },
        Book: {
          author: ({ id }: { id: string }) => ({ id: id === 'b1' ? 'a1' : 'a2', name: `provided ${id}` }),
          plain: () => ({ id: 'a1' }),
          homely: () => ({ id: 'a2', home: { city: 'a provided city' } }),
        },
      },
    ),
  },
  {
    'answers on the path without asking the owner': {
      query: '{ book { author { id name } } }',
      data: { book: { author: { id: 'a1', name: 'provided b1' } } },
      calls: { books: 1 },
    },
    'asks the owner on any other path': {
      query: '{ book { plain { name } } }',
      data: { book: { plain: { name: 'Ada' } } },
      calls: { books: 1, authors: 1 },
    },
    'asks the owner for the rest': {
      query: '{ books { author { born name } } }',
      data: {
        books: [{ author: { born: 1815, name: 'provided b1' } }, { author: { born: 1900, name: 'provided b2' } }],
      },
    },
    'provides a part of an object': {
      query: '{ book { homely { home { city } } } }',
      data: { book: { homely: { home: { city: 'a provided city' } } } },
      calls: { books: 1 },
    },
    'asks the owner for the rest of an object': {
      query: '{ book { homely { home { street } } } }',
      data: { book: { homely: { home: { street: 'Rivoli' } } } },
    },
  },
)

const ANIMALS = [
  { __typename: 'Cat', id: 'c1', name: 'Minou', age: 3 },
  { __typename: 'Dog', id: 'd1', name: 'Rex', age: 5 },
]

describeWorld(
  'providing on interfaces and unions',
  {
    zoo: part(
      `interface Animal { id: ID! name: String age: Int }
       type Cat implements Animal @key(fields: "id") { id: ID! name: String @shareable age: Int @shareable }
       type Dog implements Animal @key(fields: "id") { id: ID! name: String @shareable age: Int @shareable }
       type Query { animals: [Animal!]! }`,
      {
        Query: { animals: () => ANIMALS },
        Cat: { __resolveReference: rowsOf(ANIMALS, 'id') },
        Dog: { __resolveReference: rowsOf(ANIMALS, 'id') },
      },
    ),
    shows: part(
      `type Show { star: Animal @provides(fields: "... on Cat { name } ... on Dog { age }") any: Animal
         pick: Pick @provides(fields: "... on Dog { name }") }
       interface Animal { id: ID! }
       union Pick = Cat | Dog
       type Cat implements Animal @key(fields: "id") { id: ID! name: String @external }
       type Dog implements Animal @key(fields: "id") { id: ID! name: String @external age: Int @external }
       type Query { shows: [Show!]! }`,
      {
        Query: {
          shows: () => [
            { star: { __typename: 'Cat', id: 'c1', name: 'the star' }, pick: { __typename: 'Cat', id: 'c1' } },
            {
              star: { __typename: 'Dog', id: 'd1', age: 99 },
              any: { __typename: 'Cat', id: 'c1' },
              pick: { __typename: 'Dog', id: 'd1', name: 'picked' },
            },
          ],
        },
      },
    ),
  },
  {
    'answers for one type and asks for another': {
      query: '{ shows { star { __typename ... on Cat { name } ... on Dog { name } } } }',
      data: {
        shows: [{ star: { __typename: 'Cat', name: 'the star' } }, { star: { __typename: 'Dog', name: 'Rex' } }],
      },
    },
    'answers each field where it is provided': {
      query: '{ shows { star { ... on Cat { age } ... on Dog { age } } } }',
      data: { shows: [{ star: { age: 3 } }, { star: { age: 99 } }] },
    },
    'asks the owner on another path': {
      query: '{ shows { any { ... on Cat { name } } } }',
      data: { shows: [{ any: null }, { any: { name: 'Minou' } }] },
    },
    'provides on a member of a union': {
      query: '{ shows { pick { ... on Cat { name } ... on Dog { name } } } }',
      data: { shows: [{ pick: { name: 'Minou' } }, { pick: { name: 'picked' } }] },
    },
  },
)

describeWorld(
  'providing and requiring the same field',
  {
    accounts: part('type User @key(fields: "id") { id: ID! nick: String @shareable } type Query { me: User }', {
      Query: { me: () => ({ id: 'u1', nick: 'ada' }) },
      User: { __resolveReference: ({ id }: { id: string }) => ({ id, nick: 'ada' }) },
    }),
    stock: part(
      `type Product @key(fields: "upc") { upc: ID! weight: Int @external price: Int @external inStock: Boolean
         shipping: Int @requires(fields: "price weight") }`,
      {
        Product: {
          __resolveReference: (product: object) => product,
          inStock: () => true,
          shipping: ({ price, weight }: { price: number; weight: number }) => (price > 1000 ? 0 : weight * 2),
        },
      },
    ),
    products: part(
      'type Product @key(fields: "upc") { upc: ID! name: String weight: Int price: Int } type Query { products: [Product] }',
      {
        Query: {
          products: () => [
            { upc: 'p1', name: 'Table', weight: 100, price: 899 },
            { upc: 'p2', name: 'Couch', weight: 1000, price: 1299 },
          ],
        },
        Product: {
          __resolveReference: rowsOf(
            [
              { upc: 'p1', name: 'Table', weight: 100, price: 899 },
              { upc: 'p2', name: 'Couch', weight: 1000, price: 1299 },
            ],
            'upc',
          ),
        },
      },
    ),
    reviews: part(
      `type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "nick") product: Product }
       type User @key(fields: "id") { id: ID! nick: String @external reviews: [Review] }
       type Product @key(fields: "upc") { upc: ID! reviews: [Review] }`,
      {
        User: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          reviews: () => [
            { id: 'r1', body: 'good' },
            { id: 'r2', body: 'bad' },
          ],
        },
        Product: {
          __resolveReference: ({ upc }: { upc: string }) => ({ upc }),
          reviews: ({ upc }: { upc: string }) => [{ id: upc === 'p1' ? 'r1' : 'r2', body: 'about it' }],
        },
        Review: {
          author: () => ({ id: 'u1', nick: 'ada, provided' }),
          product: ({ id }: { id: string }) => ({ upc: id === 'r1' ? 'p1' : 'p2' }),
        },
      },
    ),
  },
  {
    'goes around four subgraphs': {
      query: '{ me { nick reviews { body author { nick } product { name shipping inStock } } } }',
      data: {
        me: {
          nick: 'ada',
          reviews: [
            {
              body: 'good',
              author: { nick: 'ada, provided' },
              product: { name: 'Table', shipping: 200, inStock: true },
            },
            { body: 'bad', author: { nick: 'ada, provided' }, product: { name: 'Couch', shipping: 0, inStock: true } },
          ],
        },
      },
    },
    'goes around again, through fragments': {
      query: `query { products { ...P reviews { product { ...P } author { reviews { id } } } } }
        fragment P on Product { shipping name }`,
      data: {
        products: [
          {
            shipping: 200,
            name: 'Table',
            reviews: [{ product: { shipping: 200, name: 'Table' }, author: { reviews: [{ id: 'r1' }, { id: 'r2' }] } }],
          },
          {
            shipping: 0,
            name: 'Couch',
            reviews: [{ product: { shipping: 0, name: 'Couch' }, author: { reviews: [{ id: 'r1' }, { id: 'r2' }] } }],
          },
        ],
      },
    },
  },
)
