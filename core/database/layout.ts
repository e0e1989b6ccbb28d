import { StratesError } from '../observations/error.ts'
import type { Database } from './connect.ts'

/** The layout of the tables that this program knows: the number of its newest migration. */
export const DATABASE_LAYOUT = 3

/**
 * Looks whether the tables are laid out as this program knows them.
 * @throws StratesError DATABASE_LAYOUT where they are not, DATABASE_UNREACHABLE where it cannot be told.
 */
export async function checkLayout(database: Pick<Database, 'address' | 'query'>): Promise<void> {
  const layout = await layoutOf(database)
  if (layout !== DATABASE_LAYOUT) throw otherLayout(database.address, layout)
}

/** The layout of the tables of a database; 0 where there are none. */
export async function layoutOf({ query }: Pick<Database, 'query'>): Promise<number> {
  const [table] = await query<{ readonly is: boolean }>(
    `SELECT count(*) > 0 AS is FROM information_schema.tables WHERE table_schema = 'strates_store' AND table_name = 'migration'`,
  )
  if (table?.is !== true) return 0
  const [newest] = await query<{ readonly layout: number }>(
    'SELECT coalesce(max(version), 0)::int AS layout FROM strates_store.migration',
  )
  return newest?.layout ?? 0
}

/** What is said of tables that are laid out otherwise. */
export function otherLayout(address: string, layout: number | undefined, cause?: unknown): StratesError {
  const isNewer = layout !== undefined && layout > DATABASE_LAYOUT
  return new StratesError({
    code: 'DATABASE_LAYOUT',
    what:
      layout === 0
        ? 'The database holds no tables of Strates'
        : `The tables of the database are laid out otherwise${layout === undefined ? '' : ` (layout ${layout})`}`,
    on: address,
    expected: `layout ${DATABASE_LAYOUT}`,
    remedy: isNewer
      ? 'Use the version of Strates that laid them out, or a newer one.'
      : 'Run npm run database -- migrate, then npm run ingest.',
    cause,
  })
}
