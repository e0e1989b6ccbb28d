import type { ErrorCode } from '../../core/observations/error.ts'

/** One limit: its default, and what it means to those who meet it. */
export interface Limit {
  readonly value: number
  readonly unit: string
  /** The code of the error that says it was exceeded; null where the connection is simply closed. */
  readonly code: ErrorCode | null
  readonly meaning: string
}

/**
 * Every limit of the gateway, in the order in which a request meets them. `/v1/limits` and `docs/limits.md` show this
 * table.
 */
export const LIMITS = {
  connections: {
    value: 4096,
    unit: 'connections',
    code: null,
    meaning: 'Connections open at once in each worker; a further one is closed.',
  },
  headerBytes: {
    value: 16_384,
    unit: 'bytes',
    code: null,
    meaning: 'Headers of a request, with its address (HTTP 431).',
  },
  headerMs: { value: 10_000, unit: 'ms', code: null, meaning: 'Time to send the headers (HTTP 408).' },
  requestMs: { value: 30_000, unit: 'ms', code: null, meaning: 'Time to send a whole request (HTTP 408).' },
  keepAliveMs: { value: 65_000, unit: 'ms', code: null, meaning: 'Time that an idle connection stays open.' },
  stalledMs: {
    value: 30_000,
    unit: 'ms',
    code: null,
    meaning: 'Time without a byte either way, after which a connection in use is closed.',
  },
  pointsPerMinute: {
    value: 60_000,
    unit: 'points',
    code: 'RATE_LIMITED',
    meaning: 'What one client may spend in a minute: an IPv4 address, or an IPv6 network of 64 bits.',
  },
  bodyBytes: { value: 100_000, unit: 'bytes', code: 'BODY_TOO_LARGE', meaning: 'Body of a request.' },
  batch: { value: 1, unit: 'operations', code: 'BATCHING_REFUSED', meaning: 'Operations in one request.' },
  variableValues: {
    value: 1000,
    unit: 'values',
    code: 'VARIABLES_TOO_LARGE',
    meaning: 'Values in the variables of a request, those in lists and objects included.',
  },
  variableDepth: {
    value: 8,
    unit: 'levels',
    code: 'VARIABLES_TOO_LARGE',
    meaning: 'Lists and objects inside each other in the variables, or in a value of the document.',
  },
  textLength: {
    value: 1000,
    unit: 'characters',
    code: 'TEXT_TOO_LONG',
    meaning: 'One name, number or string, in the document or the variables.',
  },
  tokens: {
    value: 2000,
    unit: 'tokens',
    code: 'TOO_MANY_TOKENS',
    meaning: 'Words and signs in a document; comments and commas are none.',
  },
  fragmentCycles: { value: 0, unit: 'cycles', code: 'FRAGMENT_CYCLE', meaning: 'Fragments that hold themselves.' },
  selections: {
    value: 5000,
    unit: 'selections',
    code: 'TOO_MANY_SELECTIONS',
    meaning: 'Fields and fragments of a document once each spread is written out.',
  },
  depth: { value: 12, unit: 'levels', code: 'TOO_DEEP', meaning: 'Fields inside each other.' },
  introspectionDepth: {
    value: 20,
    unit: 'levels',
    code: 'TOO_DEEP',
    meaning: 'Fields inside each other where the schema is asked about itself.',
  },
  aliases: {
    value: 30,
    unit: 'aliases',
    code: 'TOO_MANY_ALIASES',
    meaning: 'Aliases in an operation, spreads written out.',
  },
  rootFields: {
    value: 20,
    unit: 'fields',
    code: 'TOO_MANY_ROOT_FIELDS',
    meaning: 'Fields at the root of an operation, spreads written out.',
  },
  directives: {
    value: 30,
    unit: 'directives',
    code: 'TOO_MANY_DIRECTIVES',
    meaning: 'Directives in an operation, spreads written out.',
  },
  repeats: {
    value: 200,
    unit: 'fields',
    code: 'TOO_MANY_REPEATS',
    meaning: 'Fields asked again where they are already asked, which an answer gives once.',
  },
  validationErrors: {
    value: 5,
    unit: 'errors',
    code: 'GRAPHQL_VALIDATION_FAILED',
    meaning: 'Errors listed for a document that does not fit the schema; looking for more stops there.',
  },
  cost: {
    value: 10_000,
    unit: 'points',
    code: 'COST_TOO_HIGH',
    meaning: 'Estimated cost of an operation, before anything is asked of an owner.',
  },
  pageSize: {
    value: 1000,
    unit: 'entries',
    code: 'INVALID_PAGE',
    meaning: 'Entries of one page: `first`, 50 by default.',
  },
  idList: { value: 500, unit: 'ids', code: 'LIST_TOO_LONG', meaning: 'Ids in one list.' },
  operationMs: { value: 10_000, unit: 'ms', code: 'OPERATION_TIMEOUT', meaning: 'Time for a whole operation.' },
  subgraphMs: {
    value: 3000,
    unit: 'ms',
    code: 'SUBGRAPH_UNAVAILABLE',
    meaning: 'Time for one answer of one subgraph.',
  },
  subgraphBytes: {
    value: 10_000_000,
    unit: 'bytes',
    code: 'SUBGRAPH_UNAVAILABLE',
    meaning: 'Size of one answer of one subgraph over HTTP.',
  },
} as const satisfies Record<string, Limit>

/** The name of a limit. */
export type LimitName = keyof typeof LIMITS

/** The value of each limit in one gateway. */
export type Limits = Readonly<Record<LimitName, number>>

/** The limits, where nothing else is said. */
export const DEFAULT_LIMITS: Limits = limitsWith({})

/** The default limits with some of them replaced. */
export function limitsWith(replaced: Partial<Limits>): Limits {
  const values = Object.entries(LIMITS).map(([name, { value }]) => [name, value])
  return { ...(Object.fromEntries(values) as Limits), ...replaced }
}

/** What a request pays that is not priced by its operation, in points. */
export const PRICES = {
  /** The least that any request pays. */
  least: 10,
  /** Each selection of a document not seen lately, which has to be validated and planned. */
  selection: 1,
  /** A page, or a document made out of one query. */
  page: 50,
  /** What is malformed or refused: finding that out took time too. */
  refused: 100,
  /** Each row of a table that is written anew, beside its pages. */
  tableRow: 0.25,
  /** What {@link FILE_BYTES} of a whole table cost; also making one that is made when it is asked. */
  file: 500,
  /** Two versions of a whole table held against each other, beside the table. */
  delta: 5000,
} as const

/** How many bytes of a whole table the price of a file pays for. */
export const FILE_BYTES = 25_000_000

/** What bytes of a file cost, in points: by their number, and at least what a page does. */
export const priceOfBytes = (bytes: number): number =>
  Math.max(PRICES.page, Math.ceil((PRICES.file * bytes) / FILE_BYTES))

/** The limits of one gateway, for people and machines. */
export function describeLimits(limits: Limits) {
  const rows = Object.entries(LIMITS).map(([name, limit]) => ({ name, ...limit, value: limits[name as LimitName] }))
  return { limits: rows, prices: { unit: 'points', fileBytes: FILE_BYTES, ...PRICES } }
}
