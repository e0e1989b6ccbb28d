import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleWhen } from 'cockatiel'
import type { PostgresAddress } from '../../database/address.ts'
import { connect, type Database, type Queryable, type SqlValue } from '../../database/connect.ts'
import { checkLayout } from '../../database/layout.ts'
import { StratesError } from '../../observations/error.ts'
import { FETCHED_ROOM, openFetched, type FetchedRoom } from '../fetched.ts'
import type { StoreEngine } from '../engine.ts'
import { createSource, requireVersion } from './source.ts'

/**
 * How long one read may take, in milliseconds, with the wait for a connection: less than a gateway gives a subgraph, so that what needs no database is
 * answered by it.
 */
const READ_MS = 2500

/** After so many failures in a row nothing is asked for so many milliseconds: questions then do not wait for what does not come. */
const REST = { after: 3, ms: 1000 } as const

/** Options of {@link postgresEngine}. */
export interface PostgresEngineOptions {
  /** Told when the database begins to fail, and when it answers again. */
  readonly report?: (event: DatabaseEvent) => void
  /** How much of each owner of a version is held. */
  readonly room?: FetchedRoom
  /** How long one read may take. Default 2500 ms. */
  readonly readMs?: number
  /** Default: connections to the address, eight at most. */
  readonly database?: Database
}

/** What happens to the database behind an engine. */
export type DatabaseEvent =
  | { readonly kind: 'LOST'; readonly error: StratesError }
  | { readonly kind: 'FOUND'; readonly afterMs: number }

/**
 * The engine of the store that reads cells from a database of PostgreSQL, where the version was loaded before it was published. It fetches what
 * is asked for, many things at once, and holds a bounded part of it. While the database does not answer, what is held still is.
 */
export function postgresEngine(address: PostgresAddress, options: PostgresEngineOptions = {}): StoreEngine {
  const { report = () => {}, room = FETCHED_ROOM, readMs = READ_MS } = options
  const { database = connect(address, { connectMs: readMs, statementMs: readMs, connections: 8 }) } = options
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: REST.ms,
    breaker: new ConsecutiveBreaker(REST.after),
  })
  let problem: StratesError | undefined
  /** The last failure, also after it is over. */
  let last: unknown
  let lostAt = 0
  let probe: NodeJS.Timeout | undefined
  let isClosed = false

  return {
    waits: true,
    readsFiles: false,
    async open({ manifest: { dataVersion, format } }) {
      // One that does not answer now may do so when it is asked, and each read looks whether the version is there.
      await requireWhole(dataVersion, format).catch((error: unknown) => {
        if (!isOutage(error)) throw error
      })
      // What was gone was of a version before.
      if (problem?.code === 'STORE_CORRUPT') found(problem.facts.on)
      return openFetched(createSource(read, dataVersion), room)
    },
    problem: () => problem,
    async close() {
      isClosed = true
      clearTimeout(probe)
      await database.close()
    },
  }

  async function requireWhole(version: string, format: number): Promise<void> {
    const query: Queryable['query'] = (text, values = []) => read('the layout of the tables', text, values)
    await checkLayout({ address: 'the database of the store', query })
    await requireVersion(read, version, format)
  }

  async function read<Row>(
    what: string,
    text: string,
    values: readonly SqlValue[],
    require: (rows: readonly Row[]) => void = () => {},
  ): Promise<readonly Row[]> {
    try {
      const rows = await breaker.execute(() => inTime(database.query<Row>(text, values), readMs))
      require(rows)
      found(what)
      return rows
    } catch (error) {
      // While it rests nothing new is learnt.
      if (error instanceof BrokenCircuitError) throw unread(what, last)
      throw lost(what, error, () => read(what, text, values, require))
    }
  }

  /** Where one table cannot be read, another that can says nothing of it. */
  function found(what: string): void {
    if (problem === undefined || problem.facts.on !== what) return
    problem = undefined
    clearTimeout(probe)
    report({ kind: 'FOUND', afterMs: Math.round(performance.now() - lostAt) })
  }

  /** Told once, until it answers again. */
  function lost(what: string, cause: unknown, again: () => Promise<unknown>): StratesError {
    const error = unread(what, cause)
    if (isOutage(cause)) last = cause
    if (problem !== undefined) return error
    problem = error
    lostAt = performance.now()
    report({ kind: 'LOST', error })
    probeLater(again)
    return error
  }

  /** Where nobody asks, nobody would learn that what failed can be read again. */
  function probeLater(again: () => Promise<unknown>): void {
    clearTimeout(probe)
    probe = setTimeout(() => {
      void again().catch(() => isClosed || probeLater(again))
    }, REST.ms)
    probe.unref()
  }
}

const isOutage = (error: unknown): boolean => error instanceof StratesError && error.code === 'DATABASE_UNREACHABLE'

async function inTime<Value>(work: Promise<Value>, ms: number): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(tooLate(ms)), ms)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const tooLate = (ms: number): StratesError =>
  new StratesError({
    code: 'DATABASE_UNREACHABLE',
    what: `The database did not answer within ${ms} ms`,
    on: 'the database of the store',
    expected: 'an answer in time',
    remedy: 'Look at what else the database does.',
  })

/** What a client is told: nothing of where the database is, which stands in the cause, for the log. */
function unread(what: string, cause: unknown): StratesError {
  if (cause instanceof StratesError && cause.code === 'STORE_CORRUPT') return cause
  const { code, facts } = cause instanceof StratesError ? cause : tooLate(READ_MS)
  return new StratesError({
    code,
    what: facts.what,
    on: what,
    expected: 'a database that answers, with the tables that Strates laid out in it',
    remedy: 'The rest of this answer stands: ask again for this part in a few seconds.',
    cause,
  })
}
