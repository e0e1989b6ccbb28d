import { describeWorld, rowsOf, type Part } from './world.ts'

/* Subgraphs that were written for Federation 1, beside each other and beside those of Federation 2. */

const PRODUCTS = [
  { id: 'p1', name: 'Chaise', rating: 4, upc: 'u1' },
  { id: 'p2', name: 'Table', rating: 5, upc: 'u2' },
]
const fed1 = (sdl: string, resolvers: Part['resolvers']): Part => ({ sdl, resolvers: resolvers ?? {} })

describeWorld(
  'types extended in the way of Federation 1',
  {
    products: fed1(
      'type Product @key(fields: "id") @key(fields: "upc") { id: ID! upc: String! name: String! } extend type Query { products: [Product] }',
      { Query: { products: () => PRODUCTS }, Product: { __resolveReference: rowsOf(PRODUCTS, 'id', 'upc') } },
    ),
    ratings: fed1(
      `extend type Product @key(fields: "id") { id: ID! @external name: String! @external rating: Int stars: String @requires(fields: "name") }
       type Query { best: Product }`,
      {
        Query: { best: () => ({ id: 'p2', rating: 5 }) },
        Product: {
          __resolveReference: rowsOf(
            PRODUCTS.map(({ id, rating }) => ({ id, rating })),
            'id',
          ),
          stars: ({ name }: { name: string }) => `${name} *****`,
        },
      },
    ),
    reviews: fed1(
      `type Product @extends @key(fields: "upc") { upc: String! @external reviews: [Review] }
       type Review { text: String product: Product }`,
      {
        Product: {
          __resolveReference: ({ upc }: { upc: string }) => ({ upc }),
          reviews: ({ upc }: { upc: string }) => [{ text: `good ${upc}`, product: { upc } }],
        },
      },
    ),
    prices: {
      sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
        type Product @key(fields: "id") { id: ID! price: Int }`,
      resolvers: { Product: { __resolveReference: ({ id }: { id: string }) => ({ id, price: 9 }) } },
    },
  },
  {
    'are found by their key': {
      query: '{ products { name rating price } }',
      data: {
        products: [
          { name: 'Chaise', rating: 4, price: 9 },
          { name: 'Table', rating: 5, price: 9 },
        ],
      },
    },
    'compute from external fields': {
      query: '{ products { stars } best { stars name } }',
      data: {
        products: [{ stars: 'Chaise *****' }, { stars: 'Table *****' }],
        best: { stars: 'Table *****', name: 'Table' },
      },
    },
    'are found by another key on the way': {
      query: '{ best { rating reviews { text product { name upc } } } }',
      data: { best: { rating: 5, reviews: [{ text: 'good u2', product: { name: 'Table', upc: 'u2' } }] } },
    },
  },
)
