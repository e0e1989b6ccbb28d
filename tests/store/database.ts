/** A PostgreSQL of its own into which a store was published, for the tests of one file. */
import type { PostgresAddress } from '../../core/database/address.ts'
import { hasPostgres, startPostgres } from '../../demo/servers/postgres.ts'
import type { OwnServer } from '../../demo/servers/server.ts'
import { publishToDatabase } from '../../pipeline/database/publish.ts'

/** Whether tests that need a server leave themselves out; it is said once, by the file that asks. */
export const isWithoutPostgres = (): boolean => {
  if (hasPostgres()) return false
  console.warn('PostgreSQL is not installed: what reads from a database is not tested here')
  return true
}

/** A server, and how the current version of a folder is published into it. */
export interface OwnDatabase {
  readonly server: OwnServer
  readonly address: PostgresAddress
  publish(data: string): Promise<void>
}

/** Starts one, empty. */
export async function startDatabase(): Promise<OwnDatabase> {
  const server = await startPostgres()
  const address: PostgresAddress = { kind: 'postgres', url: server.url }
  return {
    server,
    address,
    publish: async (data) => void (await publishToDatabase(address, data, () => {})),
  }
}
