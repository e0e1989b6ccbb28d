import { isListType, isNonNullType, type GraphQLField, type GraphQLInputType, type GraphQLObjectType } from 'graphql'
import { DIMENSIONS, type Dimension } from '../../core/observations/dimension.ts'

/** Values of arguments or variables, after coercion. */
export type Arguments = Readonly<Record<string, unknown>>

/** The years for which a store may hold figures. Each end that a question leaves open is taken from here. */
const HELD_YEARS = { from: 2012, to: 2027 }

/**
 * How long a list without pages is taken to be: longer than any that was seen. By `Type.field` where the type decides, else
 * by the name of the field.
 */
export const LENGTHS: Readonly<Record<string, number | ((given: Arguments) => number)>> = {
  // a value and what stands behind it
  alternatives: 3,
  conversions: 4,
  inputs: 4,
  'Conversion.inputs': 50,
  reconciliations: 6,
  'Query.reconciliations': 300,
  dimensions: 4,
  // series: years asked, else years held; of observations, for each measure
  schoolEnrolmentSeries: yearsOf,
  populationSeries: yearsOf,
  primarySeries: yearsOf,
  lowerSecondarySeries: yearsOf,
  upperSecondarySeries: yearsOf,
  observations: (given) => yearsOf(given) * listOf(given, 'measures').length,
  // breakdowns: every value of each dimension with every value of the others
  primaryBreakdown: cellsOf,
  lowerSecondaryBreakdown: cellsOf,
  upperSecondaryBreakdown: cellsOf,
  // territories
  aliases: 40,
  competences: 10,
  'Grouping.competences': 30,
  'Nation.competences': 60,
  departements: 6,
  regions: 4,
  byDepartement: 6,
  byRegion: 4,
  changes: 10,
  shares: 10,
  results: 30,
  path: 30,
  // rankings
  statuses: 4,
  // the catalogue
  measures: 20,
  datasets: 12,
  'Dataset.measures': 8,
  'Measure.datasets': 4,
  computedFrom: 4,
  yieldsTo: 4,
  ownership: 24,
  quarantine: 2,
  values: 30,
  // the schema about itself, on average: 109 types have 503 fields with 210 arguments, and half of all types are wrapped
  types: 120,
  fields: 6,
  args: 1,
  inputFields: 1,
  interfaces: 1,
  possibleTypes: 1,
  enumValues: 2,
  directives: 8,
  '__Type.ofType': 0.5,
}

/** The length of a list that nobody foresaw, as those of other supergraphs. */
export const UNFORESEEN_LENGTH = 5

/** How many times what is in a field counts. */
export interface Length {
  readonly times: number
  /** The size of the page that a connection holds: what its `edges` and `nodes` count. */
  readonly inside: number | undefined
}

/**
 * How long the list of a field may be: the page that `first` asks for (where it is left out, its default), the ids that
 * another list names, else what {@link LENGTHS} says. A field that is no list counts once.
 */
export function lengthOf(asked: {
  readonly parent: GraphQLObjectType
  readonly field: GraphQLField<unknown, unknown>
  readonly given: Arguments
  /** The size of the page that the parent is, where it is one. */
  readonly page: number | undefined
  readonly pageSize: number
}): Length {
  const { parent, field, given, page, pageSize } = asked
  const first = field.args.some(({ name }) => name === 'first') ? pageOf(given, pageSize) : undefined
  if (parent.name.startsWith('__')) return { times: foreseen(parent, field, given), inside: undefined }
  if (!isList(field.type)) return { times: 1, inside: first }
  if (first !== undefined) return { times: first, inside: undefined }
  if (page !== undefined && (field.name === 'edges' || field.name === 'nodes'))
    return { times: page, inside: undefined }
  return { times: foreseen(parent, field, given), inside: undefined }
}

function foreseen(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>, given: Arguments): number {
  const length = LENGTHS[`${parent.name}.${field.name}`] ?? LENGTHS[field.name]
  if (typeof length === 'function') return Math.max(0, length(given))
  if (length !== undefined) return length
  if (!isList(field.type)) return 1
  const lists = field.args.filter(({ type }) => isList(type)).map(({ name }) => listOf(given, name).length)
  return lists.length === 0 ? UNFORESEEN_LENGTH : Math.max(...lists)
}

/** A page without a size is that of the subgraphs; one out of range is refused by them, so that its size does not matter. */
function pageOf({ first }: Arguments, pageSize: number): number {
  return typeof first === 'number' ? Math.min(Math.max(first, 0), pageSize) : Math.min(50, pageSize)
}

/** The years of a series, held or not: a range asked is answered year by year. */
function yearsOf({ from, to }: Arguments): number {
  const start = typeof from === 'number' ? from : HELD_YEARS.from
  const end = typeof to === 'number' ? to : HELD_YEARS.to
  return Math.max(1, Math.min(end - start + 1, 200))
}

function cellsOf(given: Arguments): number {
  const sizes = [...new Set(listOf(given, 'by'))].map(
    (name) => Object.keys(DIMENSIONS[name as Dimension].values).length,
  )
  return sizes.reduce((product, size) => product * size, 1)
}

const listOf = (given: Arguments, name: string): readonly unknown[] => {
  const value = given[name]
  return Array.isArray(value) ? value : []
}

function isList(type: GraphQLField<unknown, unknown>['type'] | GraphQLInputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type)
}
