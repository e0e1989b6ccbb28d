import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import copy from 'pg-copy-streams'
import { driverUrl, shownDatabase, type PostgresAddress } from '../../core/database/address.ts'
import { queryOn, type Database } from '../../core/database/connect.ts'
import { asDatabaseError } from '../../core/database/errors.ts'
import { StratesError } from '../../core/observations/error.ts'

/** The one connection of who publishes: nobody else publishes into the database, or lays it out, while it is open. */
export interface Session extends Omit<Database, 'close'> {
  /** Puts rows into a table, as COPY reads them: lines of columns separated by tabs. */
  copy(
    table: string,
    columns: readonly string[],
    lines: AsyncIterable<string> | Iterable<string>,
    options?: CopyOptions,
  ): Promise<void>
}

/** Options of {@link Session.copy}. */
export interface CopyOptions {
  /** Whether the table was made in this transaction: nobody has seen its rows, and the server need not look at them again. Default false. */
  readonly isNew?: boolean
}

/** Whoever publishes into a database holds this lock of it: any number, always the same. */
const PUBLISHER_LOCK = 730_114_968

const PATIENCE_MS = 5000
const LOCK_MS = 2000

/** Options of {@link withSession}. */
export interface SessionOptions {
  /**
   * How long to wait for another publisher to let go, in milliseconds: what one that was killed had begun is stopped by the server in a
   * moment. Default 5000.
   */
  readonly patienceMs?: number
  /** How long a statement waits for what others hold before it gives up, in milliseconds. Default 2000. */
  readonly lockMs?: number
}

/**
 * Opens a connection, takes the lock of the publisher, works, and lets go. The lock dies with the connection.
 * @throws StratesError STORE_BUSY while another publishes there, DATABASE_UNREACHABLE when it does not answer.
 */
export async function withSession<Result>(
  address: PostgresAddress,
  work: (session: Session) => Promise<Result>,
  { patienceMs = PATIENCE_MS, lockMs = LOCK_MS }: SessionOptions = {},
): Promise<Result> {
  const shown = shownDatabase(address)
  const client = await open(address).catch((error: unknown) => {
    throw asDatabaseError(error, shown)
  })
  try {
    const session = sessionOn(client, shown)
    await lock(session, patienceMs, lockMs)
    return await work(session)
  } finally {
    await client.end().catch(() => {})
  }
}

async function open(address: PostgresAddress): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: driverUrl(address),
    client_encoding: 'UTF8',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    application_name: 'strates publish',
  })
  // A connection that breaks is told by the statement that needed it.
  client.on('error', () => {})
  await client.connect()
  return client
}

function sessionOn(client: pg.Client, address: string): Session {
  const query = queryOn(client, address)
  return {
    address,
    query,
    async transaction(work) {
      await query('BEGIN')
      try {
        const result = await work({ query })
        await query('COMMIT')
        return result
      } catch (error) {
        await query('ROLLBACK').catch(() => {})
        throw error
      }
    },
    async copy(table, columns, lines, { isNew = false } = {}) {
      const into = client.query(
        copy.from(`COPY ${table} (${columns.join(', ')}) FROM STDIN${isNew ? ' WITH (FREEZE)' : ''}`),
      )
      let ofLines: unknown
      const told = async function* () {
        try {
          yield* lines
        } catch (error) {
          ofLines = error
          throw error
        }
      }
      try {
        await pipeline(Readable.from(told()), into)
      } catch (error) {
        throw ofLines ?? asDatabaseError(error, address)
      }
    },
  }
}

async function lock({ address, query }: Session, patienceMs: number, lockMs: number): Promise<void> {
  // A server that knows it stops what a client that is gone had begun; another goes on to the end of the statement.
  await query(`SET client_connection_check_interval = '1s'`).catch(() => {})
  await query(`SET lock_timeout = ${patienceMs}`)
  try {
    await query('SELECT pg_advisory_lock($1)', [PUBLISHER_LOCK])
  } catch (error) {
    throw isHeld(error) ? busy(address) : error
  }
  await query(`SET lock_timeout = ${lockMs}`)
}

/** Whether another held what was waited for. */
export const isHeld = (error: unknown): boolean =>
  error instanceof StratesError && (error.facts.cause as { readonly code?: string } | undefined)?.code === '55P03'

const busy = (address: string): StratesError =>
  new StratesError({
    code: 'STORE_BUSY',
    what: 'Another publisher is at work on this database',
    on: address,
    expected: 'one publisher at a time',
    remedy: 'Wait for it to end, then run npm run ingest again if this data is the newer.',
  })
