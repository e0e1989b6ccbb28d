import type { Cell, Column, Table, TableShape } from '../table.ts'
import { factsOf } from './facts.ts'
import { refusalOf } from './refusal.ts'

/** Why a table is no statistical cube. */
export function refusesJsonStat({ columns }: TableShape): string | undefined {
  if (!columns.some(({ role }) => role?.kind === 'value')) return 'its rows hold no observation'
  return columns.some(isAxis) ? undefined : 'its rows name neither a place nor a time'
}

/**
 * A dataset of JSON-stat 2.0. Its dimensions are the place (role geo) and the time (role time) of the rows, where the table has them, and
 * always `measure` (role metric), with a category for each observation of a row. A cell that has no value has a status that says why;
 * one that no row speaks of has neither. Cubes of which most cells are empty list only the others, by their index.
 * @throws StratesError UNSUPPORTED_FORMAT when there is no row, a row lacks its place or time, or two rows are about the same cell.
 */
export function writeJsonStat(table: Table): string {
  const axes = table.columns.flatMap((column, at) => (isAxis(column) ? [axisOf(table, column, at)] : []))
  const measures = measuresOf(table)
  const size = [...axes.map(({ ids }) => ids.length), measures.length]
  const cells = cellsOf(table, axes, measures, size)
  const { attributions, warnings } = table.about
  const dataset = {
    version: '2.0',
    class: 'dataset',
    label: table.title,
    source: attributions.join(' · '),
    ...(warnings.length > 0 && { note: warnings }),
    id: [...axes.map(({ id }) => id), 'measure'],
    size,
    role: { ...rolesOf(axes), metric: ['measure'] },
    dimension: {
      ...Object.fromEntries(
        axes.map(({ id, label, ids, labels }) => [id, { label, category: { index: ids, ...labels } }]),
      ),
      measure: { label: 'Measure', category: categoryOf(measures) },
    },
    ...cells,
    extension: factsOf(table),
  }
  return `${JSON.stringify(dataset)}\n`
}

/** A dimension that a column makes. */
interface Axis {
  readonly id: string
  readonly role: 'geo' | 'time'
  readonly label: string
  /** Of the categories, in their order. */
  readonly ids: readonly string[]
  readonly labels: { readonly label?: Readonly<Record<string, string>> }
  /** The category of each row, by its position. */
  readonly positions: readonly number[]
}

const isAxis = ({ role }: Column): boolean => role?.kind === 'place' || role?.kind === 'time'

/** Places stand in the order in which they appear, times in their own. */
function axisOf({ name: table, columns, rows }: Table, { name, description, role }: Column, at: number): Axis {
  if (rows.length === 0) throw refusalOf('jsonstat', table, 'it has no row')
  const lacking = rows.findIndex((row) => row[at] === null)
  if (lacking >= 0) throw refusalOf('jsonstat', table, `its row ${lacking + 1} has no "${name}"`)
  const found = [...new Set(rows.map((row) => row[at] ?? null))]
  const ids = (role?.kind === 'time' ? found.toSorted(ascending) : found).map(String)
  const position = new Map(ids.map((id, index) => [id, index]))
  const named = role?.kind === 'time' ? -1 : columns.findIndex((column) => column.name === nameBeside(name))
  return {
    id: name,
    role: role?.kind === 'time' ? 'time' : 'geo',
    label: description,
    ids,
    labels: named < 0 ? {} : { label: labelsOf(rows, at, named) },
    positions: rows.map((row) => position.get(String(row[at])) ?? 0),
  }
}

const rolesOf = (axes: readonly Axis[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    [...Map.groupBy(axes, ({ role }) => role)].map(([role, playing]) => [role, playing.map(({ id }) => id)]),
  )

const ascending = (left: Cell, right: Cell): number =>
  typeof left === 'number' && typeof right === 'number' ? left - right : String(left) < String(right) ? -1 : 1

/** The column of the names beside one of codes: `name` beside `code`, `commune_name` beside `commune_code`. */
function nameBeside(code: string): string {
  const stem = code.replace(/(^|_)(code|id|siren|uai)$/, '')
  return stem === '' ? 'name' : `${stem}_name`
}

/** The first name under which a place appears; its code where it has none. */
function labelsOf(rows: Table['rows'], at: number, named: number): Record<string, string> {
  const labels = new Map<string, string>()
  for (const row of rows) {
    const id = String(row[at])
    if (!labels.has(id)) labels.set(id, String(row[named] ?? id))
  }
  return Object.fromEntries(labels)
}

/** An observation of a row. */
interface Measure {
  readonly id: string
  readonly label: string
  /** Where all rows have the same. */
  readonly unit: string | undefined
  /** Its columns, by position; a status is not always there. */
  readonly value: number
  readonly status: number
}

function measuresOf({ columns, rows }: Table): readonly Measure[] {
  return columns.flatMap(({ name, description, role }, value) => {
    if (role?.kind !== 'value') return []
    const { measure } = role
    const unit = columns.findIndex((column) => column.name === `${name.replace(/_value$/, '')}_unit`)
    const units = unit < 0 ? [] : [...new Set(rows.map((row) => row[unit] ?? null))]
    return {
      id: measure,
      label: description,
      unit: units.length === 1 && typeof units[0] === 'string' ? units[0] : undefined,
      value,
      status: columns.findIndex((column) => column.role?.kind === 'status' && column.role.measure === measure),
    }
  })
}

function categoryOf(measures: readonly Measure[]): object {
  const units = measures.flatMap(({ id, unit }) => (unit === undefined ? [] : [[id, { label: unit }]]))
  return {
    index: measures.map(({ id }) => id),
    label: Object.fromEntries(measures.map(({ id, label }) => [id, label])),
    ...(units.length > 0 && { unit: Object.fromEntries(units) }),
  }
}

/** The cells that rows speak of, in the order of the last dimension first. */
function cellsOf(
  { name, rows }: Table,
  axes: readonly Axis[],
  measures: readonly Measure[],
  size: readonly number[],
): object {
  const value: Record<number, Cell> = {}
  const status: Record<number, Cell> = {}
  const spoken = new Map<number, number>()
  for (const [index, row] of rows.entries()) {
    const ground = axes.reduce((sum, { ids, positions }) => sum * ids.length + (positions[index] ?? 0), 0)
    const before = spoken.get(ground)
    if (before !== undefined) {
      throw refusalOf(
        'jsonstat',
        name,
        `its rows ${before + 1} and ${index + 1} have the same ${axes.map(({ id }) => `"${id}"`).join(' and ')}`,
      )
    }
    spoken.set(ground, index)
    for (const [at, measure] of measures.entries()) {
      const cell = ground * measures.length + at
      value[cell] = row[measure.value] ?? null
      if (measure.status >= 0) status[cell] = row[measure.status] ?? null
    }
  }
  const length = size.reduce((product, factor) => product * factor, 1)
  const write = length <= 2 * rows.length * measures.length ? (found: typeof value) => dense(found, length) : present
  return { value: write(value), ...(measures.some((measure) => measure.status >= 0) && { status: write(status) }) }
}

const dense = (found: Readonly<Record<number, Cell>>, length: number): Cell[] =>
  Array.from({ length }, (_, cell) => found[cell] ?? null)

const present = (found: Readonly<Record<number, Cell>>): Record<string, Cell> =>
  Object.fromEntries(Object.entries(found).filter(([, cell]) => cell !== null))
