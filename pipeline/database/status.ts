import type { Database } from '../../core/database/connect.ts'
import { DATABASE_LAYOUT, layoutOf } from '../../core/database/layout.ts'
import { remoteOn } from '../../core/snapshots/postgresRemote.ts'
import { readWhole } from '../../core/snapshots/remote.ts'
import { CURRENT_KEY, MOST_BYTES, readCurrent } from '../../core/snapshots/snapshot.ts'
import { findRoles } from './roles.ts'

/** Says what a database holds, a line each. */
export async function describeDatabase(database: Database): Promise<readonly string[]> {
  const [server] = await database.query<{ readonly version: string }>('SELECT version() AS version')
  const layout = await layoutOf(database)
  const first = [
    `database  ${database.address}, ${server?.version.split(' ').slice(0, 2).join(' ') ?? 'unknown'}`,
    `layout    ${layout} of ${DATABASE_LAYOUT}${remedyOf(layout)}`,
  ]
  if (layout !== DATABASE_LAYOUT) return first
  const roles = (await findRoles(database)).map(({ role, isThere }) => `${role}${isThere ? '' : ' (not there)'}`)
  return [
    ...first,
    `current   ${await describeCurrent(database)}`,
    ...(await describeVersions(database)),
    `files     ${await describeFiles(database)}`,
    `roles     ${roles.join(', ')}`,
  ]
}

function remedyOf(layout: number): string {
  if (layout === DATABASE_LAYOUT) return ''
  return layout > DATABASE_LAYOUT ? ': of a newer Strates' : ': npm run database -- migrate lays it out'
}

async function describeCurrent(database: Database): Promise<string> {
  const found = await remoteOn(database).open(CURRENT_KEY)
  if (found === undefined || found === 'unchanged') return 'none: nothing was published yet'
  const text = await readWhole(found, MOST_BYTES.current)
  const { snapshot, publishedAt } = readCurrent(text ?? new Uint8Array(), `${database.address}/${CURRENT_KEY}`)
  return `snapshot ${snapshot}, published ${publishedAt}`
}

/** What stands in the partitions of a version, indexes included. */
const VERSIONS = `
SELECT version.version, version.rows::float8 AS rows, version.loaded_at, version.is_shown, (
  SELECT coalesce(sum(pg_total_relation_size(class.oid)), 0)::float8
  FROM pg_class AS class
  JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace AND namespace.nspname = 'strates_store'
  WHERE class.relkind = 'r' AND strpos(class.relname, version.version) > 0
) AS bytes
FROM strates_store.version AS version
ORDER BY version.loaded_at DESC`

async function describeVersions({ query }: Database): Promise<readonly string[]> {
  const versions = await query<{
    readonly version: string
    readonly rows: number
    readonly loaded_at: Date
    readonly is_shown: boolean
    readonly bytes: number
  }>(VERSIONS)
  return versions.map(({ version, rows, loaded_at: at, is_shown: isShown, bytes }) => {
    const facts = [`${rows} rows`, megabytes(bytes), `loaded ${at.toISOString()}`]
    return `version   ${[version, ...facts, ...(isShown ? ['with rows for the views'] : [])].join(', ')}`
  })
}

async function describeFiles({ query }: Database): Promise<string> {
  const [files] = await query<{ readonly files: number; readonly bytes: number }>(
    'SELECT count(*)::float8 AS files, coalesce(sum(bytes), 0)::float8 AS bytes FROM strates_store.file',
  )
  return `${files?.files ?? 0}, ${megabytes(files?.bytes ?? 0)}`
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
