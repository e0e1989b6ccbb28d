import type pg from 'pg'
import { asDatabaseError } from './errors.ts'
import { driverUrl, shownDatabase, type PostgresAddress } from './address.ts'

/** A value that a statement is given for `$1`, `$2`, …: nothing is ever written into the text. */
export type SqlValue = string | number | boolean | null | Uint8Array | readonly string[] | readonly number[]

/** Runs one statement. */
export interface Queryable {
  /** The rows that it gives. */
  query<Row>(text: string, values?: readonly SqlValue[], options?: QueryOptions): Promise<readonly Row[]>
}

/** Options of a statement. */
export interface QueryOptions {
  /** The name under which the server keeps the plan, on each connection. Default: none is kept. */
  readonly name?: string
}

/** A database, over connections that are opened when they are needed and kept. */
export interface Database extends Queryable {
  /** For people; nothing in it is secret. */
  readonly address: string
  /** Runs several statements on one connection, as one transaction: all of it is done, or nothing. */
  transaction<Result>(work: (on: Queryable) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** Options of {@link connect}. */
export interface ConnectOptions {
  /** How long a connection may take to open, in milliseconds. Default 2000. */
  readonly connectMs?: number
  /** How long a statement may take, in milliseconds. Default 5000. */
  readonly statementMs?: number
  /** How many connections are open at most. Default 4. */
  readonly connections?: number
}

/**
 * Opens a database. Nothing is asked yet. All that is thrown is a StratesError: DATABASE_UNREACHABLE where it does not answer or
 * refuses, DATABASE_LAYOUT where a table is not there.
 */
export function connect(
  address: PostgresAddress,
  { connectMs = 2000, statementMs = 5000, connections = 4 }: ConnectOptions = {},
): Database {
  const shown = shownDatabase(address)
  let opened: Promise<pg.Pool> | undefined
  const pool = () =>
    (opened ??= openPool({
      connectionString: driverUrl(address),
      client_encoding: 'UTF8',
      connectionTimeoutMillis: connectMs,
      // The server stops it; where the server is silent, the client does soon after.
      statement_timeout: statementMs,
      query_timeout: statementMs + 1000,
      max: connections,
      keepAlive: true,
      allowExitOnIdle: true,
      application_name: 'strates',
    }))
  return {
    address: shown,
    query: async (...given) => queryOn(await pool(), shown)(...given),
    async transaction(work) {
      const client = await pool()
        .then((open) => open.connect())
        .catch((error: unknown) => {
          throw asDatabaseError(error, shown)
        })
      const query = queryOn(client, shown)
      try {
        await query('BEGIN')
        const result = await work({ query })
        await query('COMMIT')
        client.release()
        return result
      } catch (error) {
        // The server undoes what a connection that is closed had begun.
        client.release(true)
        throw error
      }
    },
    async close() {
      await (await opened)?.end()
    },
  }
}

/** The driver is loaded when it is first needed: most processes have no database. */
async function openPool(config: pg.PoolConfig): Promise<pg.Pool> {
  const { default: driver } = await import('pg')
  const pool = new driver.Pool(config)
  // A connection that breaks while nobody uses it is opened again by whoever needs it next.
  pool.on('error', () => {})
  return pool
}

/** Runs statements on a pool or connection of the driver. */
export function queryOn(on: Pick<pg.Client, 'query'>, address: string): Queryable['query'] {
  return async <Row>(
    text: string,
    values: readonly SqlValue[] = [],
    { name }: QueryOptions = {},
  ): Promise<readonly Row[]> => {
    const given = { text, values: [...values], ...(name !== undefined && { name }) }
    try {
      const { rows } = await on.query(given)
      // Of several statements at once nobody asks for rows.
      return (rows ?? []) as readonly Row[]
    } catch (error) {
      throw asDatabaseError(error, address)
    }
  }
}
