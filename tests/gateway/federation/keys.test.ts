import { describeWorld, part, rowsOf } from './world.ts'

/* How an entity is found again in another subgraph: by one key, several, nested ones, or by none. */

const PORTS = [
  { id: 'p1', name: 'Anse', berths: 10 },
  { id: 'p2', name: 'Baie', berths: 20 },
]

describeWorld(
  'a single key',
  {
    names: part(
      `type Port @key(fields: "id") { id: ID! name: String! }
       type Query { port(id: ID!): Port  ports: [Port!]!  some(ids: [ID!]!): [Port]  grid: [[Port]]  twice: [Port] }`,
      {
        Query: {
          port: (_: unknown, { id }: { id: string }) => PORTS.find((port) => port.id === id),
          ports: () => PORTS,
          some: (_: unknown, { ids }: { ids: string[] }) =>
            ids.map((id) => PORTS.find((port) => port.id === id) ?? null),
          grid: () => [[PORTS[0], null], null, [], [PORTS[1], PORTS[0]]],
          twice: () => [PORTS[0], PORTS[1], PORTS[0]],
        },
        Port: { __resolveReference: rowsOf(PORTS, 'id') },
      },
    ),
    berths: part('type Port @key(fields: "id") { id: ID! berths: Int }', {
      Port: { __resolveReference: rowsOf(PORTS, 'id') },
    }),
  },
  {
    'gives fields of both subgraphs': {
      query: '{ port(id: "p1") { name berths } }',
      data: { port: { name: 'Anse', berths: 10 } },
      calls: { names: 1, berths: 1 },
    },
    'does not ask about an entity that is not there': {
      query: '{ port(id: "p9") { name berths } }',
      data: { port: null },
      calls: { names: 1 },
    },
    'asks about all entities of a list at once': {
      query: '{ ports { berths } }',
      data: { ports: [{ berths: 10 }, { berths: 20 }] },
      calls: { names: 1, berths: 1 },
    },
    'keeps the places of duplicates': {
      query: '{ twice { berths name } }',
      data: {
        twice: [
          { berths: 10, name: 'Anse' },
          { berths: 20, name: 'Baie' },
          { berths: 10, name: 'Anse' },
        ],
      },
      calls: { names: 1, berths: 1 },
    },
    'keeps the places of nulls': {
      query: '{ some(ids: ["p9", "p2", "p8", "p1", "p2"]) { id berths } }',
      data: { some: [null, { id: 'p2', berths: 20 }, null, { id: 'p1', berths: 10 }, { id: 'p2', berths: 20 }] },
    },
    'asks nothing more about a list of nulls': {
      query: '{ some(ids: ["p9", "p8"]) { berths } }',
      data: { some: [null, null] },
      calls: { names: 1 },
    },
    'asks nothing more about an empty list': {
      query: '{ some(ids: []) { berths } }',
      data: { some: [] },
      calls: { names: 1 },
    },
    'reaches into lists in lists': {
      query: '{ grid { name berths } }',
      data: {
        grid: [
          [{ name: 'Anse', berths: 10 }, null],
          null,
          [],
          [
            { name: 'Baie', berths: 20 },
            { name: 'Anse', berths: 10 },
          ],
        ],
      },
    },
    'takes no alias for the key': {
      query: '{ port(id: "p1") { id: name name: id __typename berths } }',
      data: { port: { id: 'Anse', name: 'p1', __typename: 'Port', berths: 10 } },
    },
    'takes no alias for the name of the type': {
      query: '{ port(id: "p1") { __typename: name berths kind: __typename } }',
      data: { port: { __typename: 'Anse', berths: 10, kind: 'Port' } },
    },
    'gives a key under several names': {
      query: '{ ports { a: id b: id berths id } }',
      data: {
        ports: [
          { a: 'p1', b: 'p1', berths: 10, id: 'p1' },
          { a: 'p2', b: 'p2', berths: 20, id: 'p2' },
        ],
      },
    },
    'gives one entity under several root fields': {
      query: '{ a: port(id: "p1") { berths } b: port(id: "p2") { berths } ports { berths } }',
      data: { a: { berths: 10 }, b: { berths: 20 }, ports: [{ berths: 10 }, { berths: 20 }] },
    },
  },
)

const BUOYS = [
  { area: 'north', number: 1, colour: 'red', depth: 7 },
  { area: 'north', number: 2, colour: 'green', depth: 9 },
  { area: 'south', number: 1, colour: 'white', depth: 3 },
]

describeWorld(
  'a compound key',
  {
    colours: part(
      'type Buoy @key(fields: "area number") { area: String! number: Int! colour: String! } type Query { buoys: [Buoy!]! }',
      { Query: { buoys: () => BUOYS }, Buoy: { __resolveReference: rowsOf(BUOYS, 'area', 'number') } },
    ),
    depths: part('type Buoy @key(fields: "number area") { area: String! number: Int! depth: Int! }', {
      Buoy: { __resolveReference: rowsOf(BUOYS, 'area', 'number') },
    }),
  },
  {
    'needs all of its fields': {
      query: '{ buoys { colour depth } }',
      data: {
        buoys: [
          { colour: 'red', depth: 7 },
          { colour: 'green', depth: 9 },
          { colour: 'white', depth: 3 },
        ],
      },
    },
    'may be partly asked for, under other names': {
      query: '{ buoys { area: colour depth n: number } }',
      data: {
        buoys: [
          { area: 'red', depth: 7, n: 1 },
          { area: 'green', depth: 9, n: 2 },
          { area: 'white', depth: 3, n: 1 },
        ],
      },
    },
  },
)

const CREWS = [
  { ship: { flag: 'FR', hull: { number: 7 } }, captain: 'Ada', sailors: 12 },
  { ship: { flag: 'IT', hull: { number: 7 } }, captain: 'Bea', sailors: 30 },
]

describeWorld(
  'a nested key',
  {
    captains: part(
      `type Crew @key(fields: "ship { flag hull { number } }") { ship: Ship! captain: String! }
       type Ship @shareable { flag: String! hull: Hull! } type Hull @shareable { number: Int! } type Query { crews: [Crew] }`,
      { Query: { crews: () => CREWS }, Crew: { __resolveReference: rowsOf(CREWS, 'ship') } },
    ),
    sailors: part(
      `type Crew @key(fields: "ship { flag hull { number } }") { ship: Ship! sailors: Int! }
       type Ship @shareable { flag: String! hull: Hull! } type Hull @shareable { number: Int! }`,
      {
        Crew: {
          __resolveReference: ({ ship }: (typeof CREWS)[0]) =>
            CREWS.find((crew) => crew.ship.flag === ship.flag && crew.ship.hull.number === ship.hull.number),
        },
      },
    ),
  },
  {
    'is sent whole': {
      query: '{ crews { captain sailors } }',
      data: {
        crews: [
          { captain: 'Ada', sailors: 12 },
          { captain: 'Bea', sailors: 30 },
        ],
      },
    },
    'is shown as far as it is asked for': {
      query: '{ crews { sailors ship { hull { n: number } } } }',
      data: {
        crews: [
          { sailors: 12, ship: { hull: { n: 7 } } },
          { sailors: 30, ship: { hull: { n: 7 } } },
        ],
      },
    },
    'is not mixed up with its aliases': {
      query: '{ crews { sailors ship { flag: hull { number } hull: flag } } }',
      data: {
        crews: [
          { sailors: 12, ship: { flag: { number: 7 }, hull: 'FR' } },
          { sailors: 30, ship: { flag: { number: 7 }, hull: 'IT' } },
        ],
      },
    },
  },
)

const SHIPS = [
  { id: 's1', imo: 'I1', callSign: 'C1', name: 'Aurore', tons: 100, cargo: 'salt', insured: true },
  { id: 's2', imo: 'I2', callSign: 'C2', name: 'Brise', tons: 200, cargo: 'wine', insured: false },
]

describeWorld(
  'several keys, of which each subgraph knows some',
  {
    register: part(
      `type Ship @key(fields: "id") @key(fields: "imo") { id: ID! imo: ID! name: String! }
       type Query { ships: [Ship!]! }`,
      { Query: { ships: () => SHIPS }, Ship: { __resolveReference: rowsOf(SHIPS, 'id', 'imo') } },
    ),
    scales: part('type Ship @key(fields: "imo") @key(fields: "callSign") { imo: ID! callSign: ID! tons: Int! }', {
      Ship: { __resolveReference: rowsOf(SHIPS, 'imo', 'callSign') },
    }),
    radio: part(
      `type Ship @key(fields: "callSign") { callSign: ID! cargo: String! }
       type Query { heard: [Ship!]! }`,
      { Query: { heard: () => SHIPS.toReversed() }, Ship: { __resolveReference: rowsOf(SHIPS, 'callSign') } },
    ),
    insurers: part('type Ship @key(fields: "id") { id: ID! insured: Boolean! }', {
      Ship: { __resolveReference: rowsOf(SHIPS, 'id') },
    }),
  },
  {
    'leads through a subgraph that knows both keys': {
      query: '{ ships { name cargo } }',
      data: {
        ships: [
          { name: 'Aurore', cargo: 'salt' },
          { name: 'Brise', cargo: 'wine' },
        ],
      },
      calls: { register: 1, scales: 1, radio: 1 },
    },
    'leads through two of them, from the far end': {
      query: '{ heard { cargo insured name tons } }',
      data: {
        heard: [
          { cargo: 'wine', insured: false, name: 'Brise', tons: 200 },
          { cargo: 'salt', insured: true, name: 'Aurore', tons: 100 },
        ],
      },
    },
    'gives every key to who asks': {
      query: '{ heard { id imo callSign } }',
      data: {
        heard: [
          { id: 's2', imo: 'I2', callSign: 'C2' },
          { id: 's1', imo: 'I1', callSign: 'C1' },
        ],
      },
    },
  },
)

describeWorld(
  'a key that leads nowhere (resolvable: false)',
  {
    log: part(
      `type Entry @key(fields: "id") { id: ID! ship: Ship! } type Ship @key(fields: "id", resolvable: false) { id: ID! }
       type Query { entries: [Entry!]! }`,
      { Query: { entries: () => SHIPS.map(({ id }) => ({ id: `e-${id}`, ship: { id } })) } },
    ),
    register: part('type Ship @key(fields: "id") { id: ID! name: String! tons: Int! } type Query { ships: [Ship!]! }', {
      Query: { ships: () => SHIPS },
      Ship: { __resolveReference: rowsOf(SHIPS, 'id') },
    }),
  },
  {
    'is a reference to where the entity is': {
      query: '{ entries { id ship { id name } } }',
      data: {
        entries: [
          { id: 'e-s1', ship: { id: 's1', name: 'Aurore' } },
          { id: 'e-s2', ship: { id: 's2', name: 'Brise' } },
        ],
      },
    },
    'is answered from where it stands': {
      query: '{ entries { ship { id } } }',
      data: { entries: [{ ship: { id: 's1' } }, { ship: { id: 's2' } }] },
      calls: { log: 1 },
    },
    'asks about each entity once': {
      query: '{ entries { ship { name } } ships { tons } }',
      data: {
        entries: [{ ship: { name: 'Aurore' } }, { ship: { name: 'Brise' } }],
        ships: [{ tons: 100 }, { tons: 200 }],
      },
    },
  },
)

const FERRIES = [
  { id: 'f1', home: { id: 'h1' } },
  { id: 'f2', home: { id: 'h2' } },
  { id: 'f3', home: null },
]
const HARBOURS = [
  { id: 'h1', town: 'Amer', flagship: { id: 'f2' } },
  { id: 'h2', town: 'Brume', flagship: { id: 'f1' } },
]

describeWorld(
  'references through other entities',
  {
    ferries: part(
      `type Ferry @key(fields: "id") { id: ID! home: Harbour } type Harbour @key(fields: "id") { id: ID! }
       type Query { ferries: [Ferry] }`,
      { Query: { ferries: () => FERRIES }, Ferry: { __resolveReference: rowsOf(FERRIES, 'id') } },
    ),
    harbours: part(
      `type Harbour @key(fields: "id") { id: ID! town: String! flagship: Ferry } type Ferry @key(fields: "id") { id: ID! }`,
      { Harbour: { __resolveReference: rowsOf(HARBOURS, 'id') } },
    ),
    speeds: part('type Ferry @key(fields: "id") { id: ID! knots: Int }', {
      Ferry: { __resolveReference: ({ id }: { id: string }) => ({ id, knots: Number(id.slice(1)) * 11 }) },
    }),
  },
  {
    'lead there and back': {
      query: '{ ferries { home { flagship { home { town } } } } }',
      data: {
        ferries: [
          { home: { flagship: { home: { town: 'Brume' } } } },
          { home: { flagship: { home: { town: 'Amer' } } } },
          { home: null },
        ],
      },
      calls: { ferries: 2, harbours: 2 },
    },
    'take from a third on the way': {
      query: '{ ferries { id knots home { town flagship { id knots } } } }',
      data: {
        ferries: [
          { id: 'f1', knots: 11, home: { town: 'Amer', flagship: { id: 'f2', knots: 22 } } },
          { id: 'f2', knots: 22, home: { town: 'Brume', flagship: { id: 'f1', knots: 11 } } },
          { id: 'f3', knots: 33, home: null },
        ],
      },
    },
  },
)

describeWorld(
  'a key that may be null',
  {
    catches: part(
      `type Catch { weight: Int! fish: Fish } type Fish @key(fields: "code") { code: ID }
       type Query { catches: [Catch!]! }`,
      {
        Query: {
          catches: () => [
            { weight: 1, fish: { code: 'cod' } },
            { weight: 2, fish: { code: null } },
            { weight: 3, fish: null },
            { weight: 4, fish: { code: 'eel' } },
          ],
        },
      },
    ),
    names: part('type Fish @key(fields: "code") { code: ID name: String }', {
      Fish: {
        __resolveReference({ code }: { code: string | null }) {
          if (code == null) throw new Error('asked about nothing')
          return { code, name: `the ${code}` }
        },
      },
    }),
  },
  {
    'is not asked about where it is null': {
      query: '{ catches { weight fish { code name } } }',
      data: {
        catches: [
          { weight: 1, fish: { code: 'cod', name: 'the cod' } },
          { weight: 2, fish: { code: null, name: null } },
          { weight: 3, fish: null },
          { weight: 4, fish: { code: 'eel', name: 'the eel' } },
        ],
      },
    },
  },
)

const LAMPS = [
  { id: 'l1', code: 'A', watts: 40 },
  { id: 'l2', code: null, watts: 60 },
]

describeWorld(
  'two keys, one of them null for some',
  {
    list: part(`type Lamp @key(fields: "id") @key(fields: "code") { id: ID! code: ID } type Query { lamps: [Lamp] }`, {
      Query: { lamps: () => LAMPS },
      Lamp: { __resolveReference: rowsOf(LAMPS, 'id', 'code') },
    }),
    watts: part('type Lamp @key(fields: "id") { id: ID! watts: Int }', {
      Lamp: { __resolveReference: rowsOf(LAMPS, 'id') },
    }),
    makers: part('type Lamp @key(fields: "code") { code: ID maker: String }', {
      Lamp: { __resolveReference: ({ code }: { code: string }) => ({ code, maker: `maker of ${code}` }) },
    }),
  },
  {
    'is asked by the one that it has': {
      query: '{ lamps { watts maker } }',
      data: {
        lamps: [
          { watts: 40, maker: 'maker of A' },
          { watts: 60, maker: null },
        ],
      },
    },
  },
)

describeWorld(
  'a reference that its subgraph does not know',
  {
    list: part('type Isle @key(fields: "id") { id: ID! } type Query { isles: [Isle] strict: [Isle!]! }', {
      Query: { isles: () => [{ id: '1' }, { id: '2' }], strict: () => [{ id: '2' }] },
    }),
    areas: part('type Isle @key(fields: "id") { id: ID! area: Int  must: Int! }', {
      Isle: { __resolveReference: rowsOf([{ id: '2', area: 5, must: 6 }], 'id') },
    }),
  },
  {
    'has nulls there, and no error': {
      query: '{ isles { id area } }',
      data: {
        isles: [
          { id: '1', area: null },
          { id: '2', area: 5 },
        ],
      },
    },
    'is null where a field that is missing must not be': {
      query: '{ isles { id must } }',
      data: { isles: [null, { id: '2', must: 6 }] },
      errors: ['isles.0.must'],
    },
  },
)
