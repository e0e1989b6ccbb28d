/** A PostgreSQL of its own into which a store was published, for the tests of one file. */
import { join } from 'node:path'
import type { PostgresAddress } from '../../core/database/address.ts'
import { currentVersion, VERSIONS_FOLDER } from '../../core/store/current.ts'
import { currentManifest } from '../../core/store/open.ts'
import { hasPostgres, startPostgres } from '../../demo/servers/postgres.ts'
import type { OwnServer } from '../../demo/servers/server.ts'
import { loadVersion } from '../../pipeline/database/load.ts'
import { migrate } from '../../pipeline/database/migrate.ts'
import { withSession } from '../../pipeline/database/session.ts'
import { postgresWritable } from '../../pipeline/snapshots/postgresWritable.ts'
import { pushSnapshot } from '../../pipeline/snapshots/push.ts'

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
  /** Publishes what programs read: rows and files. The rows of the views, which take longest, are left out. */
  publish(data: string): Promise<void>
}

/** Starts one, empty. */
export async function startDatabase(): Promise<OwnDatabase> {
  const server = await startPostgres()
  const address: PostgresAddress = { kind: 'postgres', url: server.url }
  return { server, address, publish }

  async function publish(data: string): Promise<void> {
    const manifest = await currentManifest(data)
    if (manifest === undefined) throw new Error(`there is no store in ${data}`)
    const folder = join(data, VERSIONS_FOLDER, (await currentVersion(data)) ?? '')
    await withSession(address, async (session) => {
      await migrate(session)
      await loadVersion(session, { folder, manifest })
      await pushSnapshot(data, postgresWritable(session))
    })
  }
}
