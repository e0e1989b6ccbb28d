import type { GraphQLSchema } from 'graphql'
import type { Cell, Column, TableFacts, TableShape } from '../tables/table.ts'
import { BETWEEN, waysOf, type Found, type Way } from './columns.ts'
import { FROZEN, type FrozenColumns } from './frozen.ts'
import type { Operation } from './operation.ts'

/** An answer of GraphQL, as JSON has it. */
export interface Answer {
  readonly data?: unknown
  readonly errors?: readonly AnswerError[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** One of its errors. */
export interface AnswerError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** How the answers of an operation are read as a table. */
export interface TableReader {
  readonly shape: TableShape
  /** How many rows an answer has. */
  countOf(answer: Answer): number
  rowsOf(answer: Answer): readonly (readonly Cell[])[]
}

/**
 * Makes the reader of an operation's table; undefined where its answer is none.
 * @param frozen the columns as they are written down: they keep their places, wherever in the operation a field was added.
 * @throws Error where two columns have one name.
 */
export function tableReader(
  operation: Operation,
  schema: GraphQLSchema,
  frozen: FrozenColumns | undefined = FROZEN[operation.name],
): TableReader | undefined {
  const ways = waysOf(operation, schema)
  const [first] = ways
  if (first === undefined) return undefined
  const columns = inTheirPlaces([...first.found.map(({ column }) => column), DATA_VERSION], frozen?.columns ?? [])
  const names = columns.map(({ name }) => name)
  const versionAt = columns.indexOf(DATA_VERSION)
  const twice = columns.find(({ name }, index) => columns.findIndex((other) => other.name === name) !== index)
  if (twice)
    throw new Error(`operations/${operation.name}.graphql: two columns are called ${twice.name}; give one an alias`)
  return {
    shape: { name: operation.name, title: operation.question, columns },
    countOf: ({ data }) => ways.reduce((sum, { keys }) => sum + reachedBy(keys, data).length, 0),
    rowsOf(answer) {
      const version = versionOf([answer]) ?? 'none'
      return ways.flatMap((way) => rowsAlong(way, names, answer)).map((cells) => cells.with(versionAt, version))
    },
  }
}

/** The columns that are written down, in that order, then the new ones. */
function inTheirPlaces(columns: readonly Column[], frozen: readonly string[]): readonly Column[] {
  const kept = frozen.flatMap((column) => columns.find(({ name, type }) => `${name} ${type}` === column) ?? [])
  return [...kept, ...columns.filter((column) => !kept.includes(column))]
}

/** A column of each table, last in its first version. */
const DATA_VERSION: Column = {
  name: 'data_version',
  type: 'string',
  description: 'The version of the data from which the whole answer was made; another version may give other figures.',
  nullable: false,
}

/** The objects on the way to a row, the answer's data first, with their places in it. */
interface Reached {
  readonly objects: readonly unknown[]
  readonly path: readonly (string | number)[]
  /** Where each of the objects stands in the path. */
  readonly depths: readonly number[]
}

function rowsAlong(way: Way, names: readonly string[], { data, errors = [] }: Answer): (readonly Cell[])[] {
  const found = names.map((name) => way.found.find(({ column }) => column.name === name))
  return reachedBy(way.keys, data).map((one) => found.map((column) => (column ? cellOf(column, one, errors) : null)))
}

/** What some keys lead to. */
function reachedBy(keys: readonly string[], data: unknown): readonly Reached[] {
  let reached: readonly Reached[] = [{ objects: [data], path: [], depths: [0] }]
  for (const key of keys) reached = reached.flatMap((one) => step(one, key))
  return reached
}

/** What a key leads to: one object, each entry of a list, or nothing. */
function step({ objects, path, depths }: Reached, key: string): Reached[] {
  const value = valueAt(objects.at(-1), key)
  const reach = (object: unknown, place: readonly (string | number)[]): Reached => ({
    objects: [...objects, object],
    path: place,
    depths: [...depths, place.length],
  })
  if (Array.isArray(value)) {
    return value.flatMap((entry: unknown, index) => (entry == null ? [] : [reach(entry, [...path, key, index])]))
  }
  return value == null ? [] : [reach(value, [...path, key])]
}

function cellOf(
  { column, level, keys }: Found,
  { objects, path, depths }: Reached,
  errors: readonly AnswerError[],
): Cell {
  let value = objects[level]
  for (const key of keys) value = valueAt(value, key)
  if (value == null) {
    if (column.role?.kind !== 'status' || errors.length === 0) return null
    return reasonAt([...path.slice(0, depths[level]), ...keys], errors, column.values ?? [])
  }
  return Array.isArray(value) ? value.join(BETWEEN) : (value as Cell)
}

/** Where a figure did not come, the error says why in the place of its status: null never stands there alone. */
function reasonAt(
  path: readonly (string | number)[],
  errors: readonly AnswerError[],
  statuses: readonly string[],
): string | null {
  const error = errors.find(({ path: at }) => at?.every((key, index) => key === path[index]) === true)
  if (error === undefined) return null
  const code = String(error.extensions?.['code'])
  return statuses.includes(code) ? code : 'SOURCE_UNAVAILABLE'
}

/** A member of what may be an object. */
export const valueAt = (object: unknown, key: string): unknown =>
  typeof object === 'object' && object !== null ? (object as Readonly<Record<string, unknown>>)[key] : undefined

/** What an answer says of the whole of itself: the sources of its figures, wherever they stand in it. */
export function factsOf(answers: readonly Answer[], warnings: readonly string[]): TableFacts {
  const attributions = new Set<string>()
  const licences = new Map<string, { id: string; title: string; url: string }>()
  const geographies = new Set<number>()
  let simulated = false
  for (const { data } of answers) gather(data)
  return {
    dataVersion: versionOf(answers) ?? 'none',
    attributions: [...attributions].toSorted(),
    licences: [...licences.values()].toSorted((left, right) => (left.id < right.id ? -1 : 1)),
    geographies: [...geographies].toSorted((left, right) => left - right),
    simulated,
    warnings,
  }

  function gather(value: unknown): void {
    if (Array.isArray(value)) return value.forEach(gather)
    if (typeof value !== 'object' || value === null) return
    const { attribution, licence, geographyVintage, simulated: invented } = value as Readonly<Record<string, unknown>>
    if (typeof attribution === 'string') attributions.add(attribution)
    if (typeof geographyVintage === 'number') geographies.add(geographyVintage)
    if (invented === true) simulated = true
    if (isLicence(licence)) licences.set(licence.id, licence)
    Object.values(value).forEach(gather)
  }
}

const isLicence = (value: unknown): value is { id: string; title: string; url: string } =>
  typeof value === 'object' &&
  value !== null &&
  ['id', 'title', 'url'].every((key) => typeof valueAt(value, key) === 'string')

/** The version of the data of answers that are all of one; undefined where they are not, or tell none. */
export function versionOf(answers: readonly Answer[]): string | undefined {
  const versions = new Set(answers.map(({ extensions }) => extensions?.['dataVersion']))
  const [version] = versions
  return versions.size === 1 && typeof version === 'string' ? version : undefined
}
