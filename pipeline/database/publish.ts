import { join } from 'node:path'
import type { PostgresAddress } from '../../core/database/address.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { currentVersion, VERSIONS_FOLDER } from '../../core/store/current.ts'
import { openContent } from '../../core/store/open.ts'
import { postgresWritable } from '../snapshots/postgresWritable.ts'
import { nothing, pushSnapshot, type Pushed, type PushOptions } from '../snapshots/push.ts'
import { clearLeft, dropRows } from './drop.ts'
import { loadVersion } from './load.ts'
import { loadShown } from './loadShown.ts'
import { migrate } from './migrate.ts'
import { grantRoles, sayRoles } from './roles.ts'
import { withSession, type SessionOptions } from './session.ts'

/**
 * How many versions the views have rows of: the current one, and the one before for who began to read it. Readers of cells find those of
 * all snapshots that are kept.
 */
const SHOWN_VERSIONS = 2

/**
 * Publishes the current version of a store into a database, on one connection that nobody else publishes beside: the tables are laid out,
 * the rows come first, then the files of the snapshot, and last the name of it, which all who read go by. Then the rows of
 * versions that are kept no more are dropped.
 * @throws StratesError STORE_BUSY while another publishes there, DATABASE_UNREACHABLE, DATABASE_LAYOUT.
 */
export function publishToDatabase(
  address: PostgresAddress,
  data: string,
  say: (line: string) => void,
  { keep, ...options }: SessionOptions & Pick<PushOptions, 'keep'> = {},
): Promise<Pushed> {
  return withSession(
    address,
    async (session) => {
      const version = await currentVersion(data)
      if (version === undefined) throw nothing(data)
      // Its files are held against the manifest first: nothing is made of what is damaged.
      const opened = await openContent(join(data, VERSIONS_FOLDER, version), version, OWNERS, async () => [])
      for (const step of await migrate(session)) say(`database: laid out, step ${step}`)
      sayRoles(await grantRoles(session), say)
      const started = performance.now()
      await clearLeft(session, version)
      const { rows, isSame } = await loadVersion(session, opened)
      await loadShown(session, opened)
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      if (!isSame) say(`database: ${rows} rows of version ${version} in ${seconds} s`)
      const pushed = await pushSnapshot(data, postgresWritable(session), keep === undefined ? {} : { keep })
      const kept = [...new Set([version, ...pushed.kept.map(versionOf)])]
      const shown = kept.slice(0, SHOWN_VERSIONS)
      const left = await dropRows(session, { snapshots: pushed.kept, kept, shown })
      return { ...pushed, left: [...pushed.left, ...left] }
    },
    options,
  )
}

/** The data version of a snapshot. */
const versionOf = (snapshot: string): string => snapshot.split('.')[0] ?? snapshot
