/** A PostgreSQL of its own into which the fixture store was loaded, for the tests of one file. */
import { join } from 'node:path'
import type { PostgresAddress } from '../../core/database/address.ts'
import { currentVersion, VERSIONS_FOLDER } from '../../core/store/current.ts'
import { hasPostgres, startPostgres } from '../../demo/servers/postgres.ts'
import type { OwnServer } from '../../demo/servers/server.ts'
import { loadVersion } from '../../pipeline/database/load.ts'
import { migrate } from '../../pipeline/database/migrate.ts'
import { withSession } from '../../pipeline/database/session.ts'

/** Why tests leave themselves out; false where they run. */
export const WITHOUT_POSTGRES: string | false = hasPostgres()
  ? false
  : 'PostgreSQL is not installed: what reads from a database is not tested here'

/** A database with the rows of one version. */
export interface LoadedDatabase {
  readonly server: OwnServer
  readonly address: PostgresAddress
  readonly version: string
}

/** Starts one, and loads the current version of a folder into it. */
export async function loadDatabase(data: string): Promise<LoadedDatabase> {
  const server = await startPostgres()
  const address: PostgresAddress = { kind: 'postgres', url: server.url }
  const version = (await currentVersion(data)) ?? ''
  await withSession(address, async (session) => {
    await migrate(session)
    await loadVersion(session, join(data, VERSIONS_FOLDER, version), version)
  })
  return { server, address, version }
}
