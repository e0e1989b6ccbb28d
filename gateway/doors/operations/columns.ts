import { isEnumType, isObjectType, isInterfaceType, type GraphQLNamedType, type GraphQLSchema } from 'graphql'
import type { CellType, Column, ColumnRole } from '../tables/table.ts'
import type { Operation } from './operation.ts'
import { isList, isNullable, namedTypeOf, selectedBy, type Selected } from './selection.ts'

/** A column, and where its cell is found. */
export interface Found {
  readonly column: Column
  /** At which of the objects on the way to the row: 1 is what the first field of the way leads to. */
  readonly level: number
  /** The keys from there to the value. */
  readonly keys: readonly string[]
}

/** How the rows of one way are read. */
export interface Way {
  /** The keys that lead to the rows; some of them are lists. */
  readonly keys: readonly string[]
  readonly found: readonly Found[]
}

/** What stands between lists and their entries, and says nothing of a row. */
const OF_LISTS: ReadonlySet<string> = new Set(['pageInfo', 'totalCount', 'cursor'])

/** Steps that give no part of a name: an edge is its node, and what tells of a figure stands beside it. */
const UNNAMED: ReadonlySet<string> = new Set(['node', 'coverage', 'provenance'])

/** What stands between the texts of a list in one cell. */
export const BETWEEN = '; '

const TYPES: Readonly<Record<string, CellType>> = {
  Int: 'integer',
  Float: 'number',
  Boolean: 'boolean',
  DateTime: 'datetime',
}

/**
 * The ways to the rows of an operation's table, each with its columns: first those of the objects that lead to the row, under the
 * names of their fields, then those of the row itself. Names are the keys of the answer, joined, in snake_case. Lists of objects below a
 * row have no place in a table and are left out.
 */
export function waysOf({ document, rows }: Operation, schema: GraphQLSchema): readonly Way[] {
  const selected = selectedBy(document, schema)
  return rows.map((keys) => {
    const steps = stepsOf(selected, keys)
    const found = steps.flatMap((step, index) => {
      const level = index + 1
      const isRow = level === steps.length
      const next = steps[level]
      const optional = steps.slice(0, level).some(isOptional)
      const below = step.below.filter((one) => one !== next && !OF_LISTS.has(one.key))
      return columnsBelow(below, { level, prefix: isRow ? [] : [step.key], optional: optional && !isRow })
    })
    return { keys, found: withRoles(found, steps) }
  })
}

function stepsOf(selected: readonly Selected[], keys: readonly string[]): readonly Selected[] {
  let level = selected
  return keys.map((key) => {
    const step = level.find((one) => one.key === key)
    if (step === undefined) throw new Error(`# Rows: ${keys.join('.')} leads nowhere at ${key}`)
    level = step.below
    return step
  })
}

/** A step of a list is there where there is a row. */
const isOptional = (step: Selected): boolean => !isList(step) && isNullable(step)

interface Place {
  readonly level: number
  /** What the names begin with. */
  readonly prefix: readonly string[]
  /** Whether something on the way may be null. */
  readonly optional: boolean
}

interface Typed extends Found {
  /** The type on which the value is selected, and the name of its field there. */
  readonly on: GraphQLNamedType
  readonly field: string
  readonly prefix: readonly string[]
}

function columnsBelow(
  selected: readonly Selected[],
  { level, prefix, optional }: Place,
  keys: readonly string[] = [],
): Typed[] {
  return selected.flatMap((one): Typed[] => {
    const path = [...keys, one.key]
    const names = UNNAMED.has(one.key) ? prefix : [...prefix, one.key]
    const nullable = optional || isNullable(one)
    if (one.below.length > 0) {
      if (isList(one)) return []
      return columnsBelow(one.below, { level, prefix: names, optional: nullable }, path)
    }
    const type = namedTypeOf(one)
    const values = isEnumType(type) && !isList(one) ? type.getValues().map(({ name }) => name) : undefined
    const column: Column = {
      name: names.map(snake).join('_'),
      type: isList(one) ? 'string' : (TYPES[type.name] ?? 'string'),
      description: `${one.field.description ?? ''}${isList(one) ? ` Several are separated by "${BETWEEN.trim()}".` : ''}`,
      nullable,
      ...(values && { values }),
    }
    return [{ column, level, keys: path, on: one.parent, field: one.field.name, prefix }]
  })
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Says what each column is in a cube or on a map. */
function withRoles(found: readonly Typed[], steps: readonly Selected[]): readonly Found[] {
  const place = placeColumn(found, steps.length)
  const time = timeColumn(found)
  return found.map((one) => {
    const { column, level, keys } = one
    const role: ColumnRole | undefined =
      one === place ? { kind: 'place' } : one === time ? { kind: 'time' } : ownRole(one, steps.at(-1))
    return { level, keys, column: role ? { ...column, role } : column }
  })
}

/** The id of the territory or the number of the school that a row is, or that it is about, the nearest to it. */
function placeColumn(found: readonly Typed[], rowLevel: number): Typed | undefined {
  const naming = found.filter(
    ({ on, field, keys }) =>
      ((field === 'id' && isTerritory(on)) || (field === 'uai' && on.name === 'School')) && keys.length <= 2,
  )
  const own = naming.filter(({ level }) => level === rowLevel)
  const itself = own.find(({ prefix }) => prefix.length === 0)
  return (
    itself ??
    own.find(({ prefix }) => prefix.join() === 'territory') ??
    naming.filter(({ level }) => level < rowLevel).at(-1)
  )
}

const isTerritory = (type: GraphQLNamedType): boolean =>
  type.name === 'Territory' ||
  ((isObjectType(type) || isInterfaceType(type)) && type.getInterfaces().some(({ name }) => name === 'Territory'))

/** The rentrée of the row; where none is told, the year of its one figure. */
function timeColumn(found: readonly Typed[]): Typed | undefined {
  const years = found.filter(({ on, field }) => field === 'timePeriod' && on.name === 'Observation')
  return found.findLast(({ field }) => field === 'schoolYear') ?? (years.length === 1 ? years[0] : undefined)
}

function ownRole({ on, field, prefix }: Typed, row: Selected | undefined): ColumnRole | undefined {
  if (on.name === 'SchoolPosition') return { kind: field === 'lat' ? 'latitude' : 'longitude' }
  if (on.name !== 'Observation' || (field !== 'value' && field !== 'status')) return undefined
  return { kind: field, measure: prefix.length > 0 ? prefix.map(snake).join('_') : snake(row?.key ?? 'value') }
}
