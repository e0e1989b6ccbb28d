import { describeWorld, part } from './world.ts'

/*
 * What the planner finds no plan for (docs/decisions/0022-around-the-planner.md). There is no data, but an error that tells nothing of the
 * inside, and the service goes on. A case that fails here is good news: the planner mends it, and the case moves to its directive.
 */

describeWorld(
  'a field with @requires behind two keys in a row',
  {
    far: part('type Town @key(fields: "code") { code: ID! } type Query { capital: Town }', {
      Query: { capital: () => ({ code: 'c1' }) },
    }),
    both: part('type Town @key(fields: "id") @key(fields: "code") { id: ID! code: ID! name: String! }', {
      Town: { __resolveReference: () => ({ id: '1', code: 'c1', name: 'Un' }) },
    }),
    sums: part(
      'type Town @key(fields: "id") { id: ID! name: String! @external hello: String @requires(fields: "name") plain: Int }',
      {
        Town: { __resolveReference: (one: object) => one, plain: () => 3, hello: ({ name }: { name: string }) => name },
      },
    ),
  },
  {
    'has no plan': {
      query: '{ capital { hello } }',
      data: null,
      errors: [''],
      codes: ['INTERNAL_SERVER_ERROR'],
    },
    'has one without @requires': { query: '{ capital { plain name } }', data: { capital: { plain: 3, name: 'Un' } } },
  },
)
