import { isEnumType, type GraphQLSchema } from 'graphql'
import type { AnswerError } from '../operations/rows.ts'
import type { Part } from './cap.ts'
import { isFigure } from './figures.ts'
import { plain } from './plain.ts'
import { createSources, type Sources } from './sources.ts'

/** An answer as a text is made of it. */
export interface Shown {
  /** The question that was answered. */
  readonly question: string
  readonly data: unknown
  /** The lists that are not whole. */
  readonly parts: readonly Part[]
  /** What is missing, and why. */
  readonly errors: readonly AnswerError[]
  /** The version of the data; undefined where subgraphs tell none. */
  readonly dataVersion: string | undefined
}

type Fields = Readonly<Record<string, unknown>>

/** What a figure's own line tells in words, and which is not repeated below it. */
const TOLD = new Set(['value', 'status', 'unit', 'timePeriod', 'coverage', 'simulated', 'provenance'])

/** How many places at which the same is missing are named. */
const MOST_PLACES = 5

/**
 * Writes an answer for a model: an outline, one line an object, each figure with its status and the number of its source; then what
 * is left out or missing, what the statuses mean, and the sources. Everything from the data stands as {@link plain} writes it.
 */
export function writeAnswer({ question, data, parts, errors, dataVersion }: Shown, schema: GraphQLSchema): string {
  const sources = createSources()
  const statuses = new Set<string>()
  const found = { simulated: false }
  const body = linesOf('', data, 0)
  return [
    question,
    ...(found.simulated
      ? ['Figures marked SIMULATED are invented data, not official: say so wherever they are used.']
      : []),
    '',
    ...body,
    '',
    ...parts.map(partLine),
    ...errorLines(errors),
    ...statusLines(statuses, schema),
    ...sourceLines(sources),
    ...(dataVersion === undefined ? [] : [`Data version: ${plain(dataVersion)}`]),
  ].join('\n')

  /** An object or a list with its name: its own line, then what has lines of its own. */
  function linesOf(name: string, value: unknown, depth: number): readonly string[] {
    const indent = '  '.repeat(depth)
    if (Array.isArray(value)) {
      return [`${indent}${name}:`, ...value.flatMap((entry) => linesOf('-', entry, depth + 1))]
    }
    if (isScalar(value)) return [`${indent}${named(name, plain(value))}`]
    const isRoot = name === ''
    const { line, below } = isRoot ? { line: '', below: Object.entries(value as Fields) } : split(value as Fields)
    const own = isRoot ? [] : [`${indent}${named(name, line)}`.trimEnd()]
    return [...own, ...below.flatMap(([key, one]) => linesOf(key, one, depth + (isRoot ? 0 : 1)))]
  }

  /** What of an object stands on its own line, and what below it. */
  function split(object: Fields): { readonly line: string; readonly below: readonly (readonly [string, unknown])[] } {
    const figure = isFigure(object) ? [figureOf(object)] : []
    const others = Object.entries(object).filter(([key]) => !(isFigure(object) ? TOLD : CITATION).has(key))
    const inline = others.flatMap(([key, value]) => {
      const text = inlineOf(value)
      return text === undefined ? [] : [`${key}: ${text}`]
    })
    const mark = isFigure(object) ? [] : markOf(object)
    const line = [[...figure, ...inline].join('; '), ...mark].filter((part) => part !== '').join(' ')
    return { line, below: others.filter(([, value]) => inlineOf(value) === undefined) }
  }

  /** A scalar, a figure or a flat object as a part of a line; undefined for what needs lines of its own. */
  function inlineOf(value: unknown): string | undefined {
    if (isScalar(value)) return plain(value)
    if (Array.isArray(value)) {
      if (value.length === 0) return 'none'
      return value.every(isScalar) ? `(${value.map(plain).join(', ')})` : undefined
    }
    const object = value as Fields
    if (isFigure(object)) return Object.keys(object).every((key) => TOLD.has(key)) ? figureOf(object) : undefined
    if (!Object.entries(object).every(([key, one]) => isScalar(one) || CITATION.has(key))) return undefined
    const told = Object.entries(object).filter(([key]) => !CITATION.has(key))
    return [`{${told.map(([key, one]) => `${key}: ${plain(one)}`).join('; ')}}`, ...markOf(object)].join(' ')
  }

  /** A figure in words, with its source. */
  function figureOf(object: Fields): string {
    const { value, status, unit, timePeriod, coverage } = object
    if (typeof status === 'string') statuses.add(status)
    const { expected, reported } = (coverage ?? {}) as Fields
    const amount =
      value == null ? ('value' in object ? 'no value' : '') : `${plain(value)}${unit ? ` ${plain(unit)}` : ''}`
    const words = [
      amount,
      status == null ? '' : plain(status),
      timePeriod == null ? '' : plain(timePeriod),
      typeof expected === 'number' && typeof reported === 'number' ? `${reported} of ${expected} reported` : '',
    ]
    return [words.filter((word) => word !== '').join(', '), ...markOf(object)].join(' ')
  }

  function markOf({ simulated, provenance }: Fields): readonly string[] {
    if (simulated === true) found.simulated = true
    return [
      ...(simulated === true ? ['SIMULATED'] : []),
      ...(typeof provenance === 'object' && provenance !== null ? [sources.mark(provenance)] : []),
    ]
  }
}

/** What is told by the mark of a source. */
const CITATION: ReadonlySet<string> = new Set(['simulated', 'provenance'])

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null

const named = (name: string, text: string): string =>
  name === '' ? text : name === '-' ? `- ${text}` : `${name}: ${text}`

/** "Rows of schools.nodes: 50 of 312", with how to go on. */
function partLine({ at, shown, of, from, next, more }: Part): string {
  const place = from === undefined ? '' : `, from row ${from} on`
  const amount = `Rows of ${at}: ${shown} of ${of ?? 'more'}${place}.`
  if (!more) return `${amount} No more follow.`
  const [argument] = Object.entries(next ?? {})
  if (argument === undefined) return `${amount} Narrow the question to see the others.`
  const [name, value] = argument
  return `${amount} ${name === 'first' ? 'To see all, page by page, ask again with' : 'To go on, ask again with'} ${name}: ${JSON.stringify(value)}.`
}

/** What the same error leaves without an answer is named together. */
function errorLines(errors: readonly AnswerError[]): readonly string[] {
  const byMessage = Map.groupBy(errors, ({ message }) => message)
  return [...byMessage.values()].map((same) => {
    const [first] = same
    const places = same.slice(0, MOST_PLACES).map(({ path = [] }) => path.join('.'))
    const count = same.length > MOST_PLACES ? ` (${MOST_PLACES} of ${same.length} places)` : ''
    return `MISSING: ${first ? errorText(first) : ''} At: ${places.join(', ')}${count}.`
  })
}

/** An error as `CODE: its sentences`. */
export const errorText = ({ message, extensions }: AnswerError): string =>
  `${plain(extensions?.['code'] ?? 'ERROR')}: ${message.replaceAll(/[\s\p{C}]+/gu, ' ')}`

function statusLines(statuses: ReadonlySet<string>, schema: GraphQLSchema): readonly string[] {
  return [...statuses]
    .filter((status) => status !== 'NORMAL')
    .toSorted()
    .flatMap((status) => {
      const meaning = meaningOf(status, schema)
      return meaning === undefined ? [] : [`${status}: ${meaning}`]
    })
}

/** What a status of a figure means, from the schema. */
export function meaningOf(status: string, schema: GraphQLSchema): string | undefined {
  const type = schema.getType('ObservationStatus')
  return (isEnumType(type) && type.getValue(status)?.description) || undefined
}

function sourceLines(sources: Sources): readonly string[] {
  const lines = sources.lines()
  return lines.length === 0 ? [] : ['Sources, to be cited with the figures that bear their number:', ...lines]
}
