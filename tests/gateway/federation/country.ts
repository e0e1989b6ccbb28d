/** A small invented country twice: as one schema over all its data, and as a federation of four subgraphs. */
import { buildSchema } from 'graphql'
import { part, type World } from './world.ts'

type Row = Record<string, unknown>

/** A small country in one schema. `greeting` and `worth` are what the federation computes from fields of others. */
export const WHOLE = buildSchema(`
  interface Named { id: ID! name: String! }
  type Town implements Named { id: ID! code: ID! name: String! size: Size! people: [Person!]! mayor: Person near: [Town] roads: [Road!] greeting: String seen: [Thing!]! }
  type Size { area: Int! height: Int depth: Int }
  type Person implements Named { id: ID! name: String! age: Int home: Town friends: [Person!]! greeting: String pet: Pet }
  type Road { number: ID! km: Int! from: Town to: Town signs: [[Sign!]] worth: Int }
  type Sign { text: String! points: Town }
  interface Pet { name: String! owner: Person }
  type Cat implements Pet { name: String! owner: Person lives: Int! }
  type Dog implements Pet { name: String! owner: Person breed: String home: Town }
  union Thing = Town | Person | Road
  type Query { town: Town towns: [Town!]! roads: [Road] people: [Person!]! named: [Named!]! things: [Thing] pets: [Pet!]! capital: Town }
`)

const DATA = country()

function country(): Record<'towns' | 'people' | 'roads' | 'pets', Row[]> {
  const towns: Row[] = [1, 2, 3].map((n) => ({ __typename: 'Town', id: `t${n}`, code: `c${n}`, name: `Town ${n}` }))
  const people: Row[] = [1, 2, 3, 4].map((n) => ({
    __typename: 'Person',
    id: `p${n}`,
    name: `Person ${n}`,
    age: n === 3 ? null : n * 10,
  }))
  const roads: Row[] = [1, 2].map((n) => ({ __typename: 'Road', number: `D${n}`, km: n * 7 }))
  const pets: Row[] = [
    { __typename: 'Cat', name: 'Minou', lives: 9, owner: people[0] },
    { __typename: 'Dog', name: 'Rex', breed: null, owner: people[1], home: towns[1] },
  ]
  towns.forEach((town, n) =>
    Object.assign(town, {
      size: { area: n * 3, height: n === 1 ? null : n, depth: n + 5 },
      people: people.filter((_, i) => i % 3 === n),
      mayor: n === 2 ? null : people[n],
      near: n === 0 ? [towns[1], null, towns[2], towns[1]] : n === 1 ? [] : null,
      roads: n === 1 ? null : roads,
      greeting: `Welcome to Town ${n + 1}, ${n * 3}`,
      seen: [towns[(n + 1) % 3], people[n], roads[n % 2]],
    }),
  )
  people.forEach((person, n) =>
    Object.assign(person, {
      home: n === 3 ? null : towns[n],
      friends: people.filter((_, i) => i !== n && (i + n) % 2 === 0),
      greeting: `${person['name']}, ${person['age'] ?? 'of any age'}`,
      pet: pets[n] ?? null,
    }),
  )
  roads.forEach((road, n) =>
    Object.assign(road, {
      from: towns[n],
      to: n === 1 ? null : towns[2],
      signs: n === 0 ? [[{ text: 'left', points: towns[1] }], null, []] : null,
      worth: Number(road['km']) * 2,
    }),
  )
  return { towns, people, roads, pets }
}

const found = (rows: readonly Row[], key: string) => (reference: Row) =>
  rows.find((row) => row[key] === reference[key]) ?? null
/** Only the key and what the gateway sent: who computes has nothing else. */
const sent = (reference: Row): Row => reference
const town = (reference: Row): Row | null =>
  DATA.towns.find((row) => row['id'] === reference['id'] || row['code'] === reference['code']) ?? null

export const WORLD: World = {
  towns: part(
    `interface Named { id: ID! name: String! }
     type Town implements Named @key(fields: "id") @key(fields: "code") { id: ID! code: ID! name: String! size: Size! mayor: Person near: [Town] seen: [Thing!]! }
     union Thing = Town | Person | Road type Road @key(fields: "number") { number: ID! }
     type Size { area: Int! height: Int depth: Int } type Person @key(fields: "id") { id: ID! }
     type Query { town: Town towns: [Town!]! }`,
    { Query: { town: () => DATA.towns[0], towns: () => DATA.towns }, Town: { __resolveReference: town } },
  ),
  people: part(
    `interface Named { id: ID! name: String! }
     type Person implements Named @key(fields: "id") { id: ID! name: String! age: Int home: Town friends: [Person!]! pet: Pet }
     type Town @key(fields: "id") { id: ID! people: [Person!]! }
     interface Pet { name: String! owner: Person } type Cat implements Pet { name: String! owner: Person lives: Int! }
     type Dog implements Pet { name: String! owner: Person breed: String home: Town }
     type Query { people: [Person!]! pets: [Pet!]! }`,
    {
      Query: { people: () => DATA.people, pets: () => DATA.pets },
      Person: { __resolveReference: found(DATA.people, 'id') },
      Town: { __resolveReference: town },
    },
  ),
  roads: part(
    `type Road @key(fields: "number") { number: ID! km: Int! from: Town to: Town signs: [[Sign!]] } type Sign { text: String! points: Town }
     type Town @key(fields: "id") { id: ID! roads: [Road!] }
     type Query { roads: [Road] capital: Town }`,
    {
      Query: { roads: () => [DATA.roads[0], null, DATA.roads[1]], capital: () => DATA.towns[1] },
      Road: { __resolveReference: found(DATA.roads, 'number') },
      Town: { __resolveReference: town },
    },
  ),
  sums: part(
    `interface Named { id: ID! name: String! }
     type Town implements Named @key(fields: "id") { id: ID! name: String! @external size: Size! @external greeting: String @requires(fields: "name size { area }") }
     type Size @external { area: Int! }
     type Person implements Named @key(fields: "id") { id: ID! name: String! @external age: Int @external greeting: String @requires(fields: "name age") }
     type Road @key(fields: "number") { number: ID! km: Int! @external worth: Int @requires(fields: "km") }
     union Thing = Town | Person | Road
     type Query { named: [Named!]! things: [Thing] }`,
    {
      Query: {
        named: () => [...DATA.towns, ...DATA.people].map(reference),
        things: () => [reference(DATA.roads[0]!), null, reference(DATA.people[2]!), reference(DATA.towns[0]!)],
      },
      Town: {
        __resolveReference: sent,
        greeting: ({ name, size }: { name: string; size: { area: number } }) => `Welcome to ${name}, ${size.area}`,
      },
      Person: {
        __resolveReference: sent,
        greeting: ({ name, age }: { name: string; age?: number }) => `${name}, ${age ?? 'of any age'}`,
      },
      Road: { __resolveReference: sent, worth: ({ km }: { km: number }) => km * 2 },
    },
  ),
}

/** What a subgraph knows of an entity of others. */
function reference({ __typename, id, number }: Row): Row {
  return { __typename, ...(id !== undefined && { id }), ...(number !== undefined && { number }) }
}

/** The same country without a federation. */
export const ROOT: Row = {
  town: DATA.towns[0],
  towns: DATA.towns,
  roads: [DATA.roads[0], null, DATA.roads[1]],
  people: DATA.people,
  named: [...DATA.towns, ...DATA.people],
  things: [DATA.roads[0], null, DATA.people[2], DATA.towns[0]],
  pets: DATA.pets,
  capital: DATA.towns[1],
}
