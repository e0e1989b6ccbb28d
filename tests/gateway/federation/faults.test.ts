import { describeWorld, part } from './world.ts'

/* Subgraphs that fail, or say what they should not: what is missing is null, with an error at its place, and the rest stands. */

const CARS = [{ id: '1' }, { id: '2' }, { id: '3' }]
const fails = (what: string) => () => {
  throw new Error(what)
}

describeWorld(
  'a field that fails',
  {
    cars: part(
      `type Car @key(fields: "id") { id: ID! plate: String! broken: String must: String! }
       type Query { cars: [Car!]! maybe: [Car] car: Car bad: Int badMust: Int! list: [Int!] nested: [[Int!]]  wrong: Car }`,
      {
        Query: {
          cars: () => CARS,
          maybe: () => CARS,
          car: () => CARS[0],
          bad: fails('bad'),
          badMust: fails('bad must'),
          list: () => [1, new Error('second'), 3],
          nested: () => [[1], [2, null], null],
        },
        Car: { plate: ({ id }: { id: string }) => `AA-${id}`, broken: fails('broken'), must: fails('must') },
      },
    ),
    engines: part(
      'type Car @key(fields: "id") { id: ID! power: Int  cylinders: Int! smoke: Smoke } type Smoke { colour: String! }',
      {
        Car: {
          // Thrown at once and not in a promise, it would be an error of all the entities asked for.
          __resolveReference: async ({ id }: { id: string }) => (id === '2' ? fails('no engine')() : { id }),
          power: ({ id }: { id: string }) => (id === '3' ? fails('no power')() : 50),
          cylinders: ({ id }: { id: string }) => (id === '3' ? null : 4),
          smoke: () => ({ colour: null }),
        },
      },
    ),
  },
  {
    'is null': {
      query: '{ bad car { plate broken } }',
      data: { bad: null, car: { plate: 'AA-1', broken: null } },
      errors: ['bad', 'car.broken'],
    },
    'has its error under its alias': {
      query: '{ plate: bad car { id: broken } }',
      data: { plate: null, car: { id: null } },
      errors: ['plate', 'car.id'],
    },
    'takes with it what must not be null': {
      query: '{ bad car { must } maybe { must } }',
      data: { bad: null, car: null, maybe: [null, null, null] },
      errors: ['bad', 'car.must', 'maybe.0.must', 'maybe.1.must', 'maybe.2.must'],
    },
    'takes everything with it, where nothing may be null': {
      query: '{ badMust bad }',
      data: null,
      errors: ['badMust'],
    },
    'takes a list with it, or an item': {
      query: '{ list nested }',
      data: { list: null, nested: [[1], null, null] },
      errors: ['list.1', 'nested.1.1'],
    },
    'is null for one entity of a list': {
      query: '{ cars { plate power } }',
      data: {
        cars: [
          { plate: 'AA-1', power: 50 },
          { plate: 'AA-2', power: null },
          { plate: 'AA-3', power: null },
        ],
      },
      errors: ['cars.1.power', 'cars.2.power'],
    },
    'takes the entity with it that must have it': {
      query: '{ maybe { plate cylinders } }',
      data: { maybe: [{ plate: 'AA-1', cylinders: 4 }, null, null] },
      errors: ['maybe.1.cylinders', 'maybe.2.cylinders'],
    },
    'takes the object with it that must have it': {
      query: '{ car { id smoke { colour } } }',
      data: { car: { id: '1', smoke: null } },
      errors: ['car.smoke.colour'],
    },
  },
)

describeWorld(
  'a subgraph that says what its schema does not',
  {
    honest: part('type Box @key(fields: "id") { id: ID! } type Query { boxes: [Box] }', {
      Query: { boxes: () => [{ id: '1' }, { id: '2' }] },
    }),
    liar: part(
      `type Box @key(fields: "id") { id: ID! size: Int kind: Kind shape: Shape } enum Kind { BIG SMALL }
       union Shape = Round | Square type Round { r: Int } type Square { a: Int }`,
      {
        Box: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          size: ({ id }: { id: string }) => (id === '1' ? 'large' : 3),
          kind: ({ id }: { id: string }) => (id === '1' ? 'HUGE' : 'BIG'),
          shape: ({ id }: { id: string }) => ({ __typename: id === '1' ? 'Hexagon' : 'Round', r: 1 }),
        },
      },
    ),
  },
  {
    'has a number of another type': {
      query: '{ boxes { size } }',
      data: { boxes: [{ size: null }, { size: 3 }] },
      errors: ['boxes.0.size'],
    },
    'has a value that is none of the enum': {
      query: '{ boxes { kind } }',
      data: { boxes: [{ kind: null }, { kind: 'BIG' }] },
      errors: ['boxes.0.kind'],
    },
    'has an object of no type of the union': {
      query: '{ boxes { shape { ... on Round { r } } } }',
      data: { boxes: [{ shape: null }, { shape: { r: 1 } }] },
      errors: ['boxes.0.shape'],
    },
  },
)
