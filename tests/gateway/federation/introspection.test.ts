import { describeWorld, part } from './world.ts'

/* The schema that clients see: all that subgraphs have together, nothing of how they are put together. */

describeWorld(
  'introspection',
  {
    one: part(
      `"""A lamp.""" type Lamp @key(fields: "id") { id: ID! "How bright." lumens: Int @deprecated(reason: "see watts") hidden: Int @inaccessible }
       interface Lit { on: Boolean } type Query { lamp(id: ID! = "1"): Lamp! lit: [Lit!] }
       enum Colour { RED BLUE @deprecated(reason: "faded") }`,
      { Query: { lamp: () => ({ id: '1' }) } },
    ),
    two: part(
      `type Lamp implements Lit @key(fields: "id") { id: ID! watts: Float on: Boolean colour(of: Colour = RED): Colour } interface Lit { on: Boolean }
       enum Colour { RED BLUE } union Thing = Lamp type Mutation { light(id: ID!): Lamp }`,
      { Lamp: { __resolveReference: ({ id }: { id: string }) => ({ id, watts: 1.5 }) } },
    ),
  },
  {
    'gives a type with the fields of all subgraphs': {
      query: '{ __type(name: "Lamp") { kind description fields { name } interfaces { name } } }',
      data: {
        __type: {
          kind: 'OBJECT',
          description: 'A lamp.',
          fields: [{ name: 'id' }, { name: 'watts' }, { name: 'on' }, { name: 'colour' }],
          interfaces: [{ name: 'Lit' }],
        },
      },
    },
    'gives what is deprecated to who asks for it': {
      query: `{ __type(name: "Lamp") { fields(includeDeprecated: true) { name isDeprecated deprecationReason description } } }`,
      data: {
        __type: {
          fields: [
            { name: 'id', isDeprecated: false, deprecationReason: null, description: null },
            { name: 'lumens', isDeprecated: true, deprecationReason: 'see watts', description: 'How bright.' },
            { name: 'watts', isDeprecated: false, deprecationReason: null, description: null },
            { name: 'on', isDeprecated: false, deprecationReason: null, description: null },
            { name: 'colour', isDeprecated: false, deprecationReason: null, description: null },
          ],
        },
      },
    },
    'gives the roots': {
      query:
        '{ __schema { queryType { name fields { name args { name defaultValue } } } mutationType { name } subscriptionType { name } } }',
      data: {
        __schema: {
          queryType: {
            name: 'Query',
            fields: [
              { name: 'lamp', args: [{ name: 'id', defaultValue: '1' }] },
              { name: 'lit', args: [] },
            ],
          },
          mutationType: { name: 'Mutation' },
          subscriptionType: null,
        },
      },
    },
    'gives only the directives of GraphQL': {
      query: '{ __schema { directives { name } } }',
      data: {
        __schema: {
          directives: [
            { name: 'include' },
            { name: 'skip' },
            { name: 'deprecated' },
            { name: 'specifiedBy' },
            { name: 'oneOf' },
          ],
        },
      },
    },
    'stands beside data': {
      query: '{ __type(name: "Thing") { possibleTypes { name } } lamp { watts __typename } __schema { __typename } }',
      data: {
        __type: { possibleTypes: [{ name: 'Lamp' }] },
        lamp: { watts: 1.5, __typename: 'Lamp' },
        __schema: { __typename: '__Schema' },
      },
    },
    'takes variables, fragments and conditions': {
      query: `query ($name: String!, $no: Boolean = false) { ...S @skip(if: $no) __type(name: $name) @include(if: $no) { name } }
        fragment S on Query { type: __type(name: $name) { kind enumValues(includeDeprecated: true) { name } } }`,
      variables: { name: 'Colour' },
      data: { type: { kind: 'ENUM', enumValues: [{ name: 'RED' }, { name: 'BLUE' }] } },
    },
    'takes aliases that are names of others': {
      query:
        '{ lamp: __type(name: "Colour") { kind: name fields: enumValues { description: name } } id: __typename lit { on } }',
      data: { lamp: { kind: 'Colour', fields: [{ description: 'RED' }] }, id: 'Query', lit: null },
    },
    'gives null for a type that is none': {
      query: '{ a: __type(name: "_Entity") { name } b: __type(name: "join__Graph") { name } }',
      data: { a: null, b: null },
    },
  },
)
