/** A PostgreSQL for the tests of one file, with a database for each that asks. */
import { afterAll, beforeAll } from 'vitest'
import pg from 'pg'
import { hasPostgres, startPostgres } from '../../demo/servers/postgres.ts'
import type { OwnServer } from '../../demo/servers/server.ts'
import type { PostgresAddress } from '../../core/database/address.ts'

/** Why tests are left out where there is no PostgreSQL. */
export const without = hasPostgres() ? '' : ' (left out: no PostgreSQL on this machine)'

/** Makes databases on a server of their own, which runs while the tests of the file do. */
export function useServer(): {
  readonly server: () => OwnServer
  readonly createDatabase: () => Promise<PostgresAddress>
} {
  let server: OwnServer | undefined
  let made = 0
  const running = () => server ?? missing()
  beforeAll(async () => {
    if (hasPostgres()) server = await startPostgres()
  })
  afterAll(async () => await server?.stop())
  return {
    server: running,
    async createDatabase() {
      const name = `strates_${(made += 1)}`
      await run({ kind: 'postgres', url: running().url }, `CREATE DATABASE ${name}`)
      return { kind: 'postgres', url: running().url.replace(/[^/]*$/, name) }
    },
  }
}

/** Runs a statement as a person would, and gives its rows. */
export async function run<Row>(
  { url }: PostgresAddress,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(text, [...values])
    return (rows ?? []) as readonly Row[]
  } finally {
    await client.end()
  }
}

/** The same database for another user. */
export const as = ({ url }: PostgresAddress, user: string, password: string): PostgresAddress => ({
  kind: 'postgres',
  url: url.replace(/\/\/[^@]*@/, `//${user}:${password}@`),
})

function missing(): never {
  throw new RangeError('there is no PostgreSQL on this machine')
}
