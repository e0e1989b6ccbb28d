import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { OWNERS, type OwnerName } from '../../core/observations/owner.ts'
import { STORE_FORMAT } from '../../core/store/manifest.ts'
import { FACT_TABLES, POSITION, type FactTable } from './facts.ts'
import { linesOf, withDuckDb } from './lines.ts'
import type { Session } from './session.ts'
import type { Opened } from './shown.ts'

/** What was loaded of a version. */
export interface Loaded {
  readonly rows: number
  /** Whether its rows were there already. */
  readonly isSame: boolean
}

/**
 * Loads the rows of a version into partitions of its own, in one transaction: who reads sees all of it, or nothing. A version
 * that is there is left as it is.
 */
export async function loadVersion(
  session: Session,
  { folder, manifest }: Pick<Opened, 'folder' | 'manifest'>,
): Promise<Loaded> {
  const { dataVersion: version } = manifest
  const [known] = await session.query<{ readonly rows: number }>(
    'SELECT rows::float8 AS rows FROM strates_store.version WHERE version = $1',
    [version],
  )
  if (known !== undefined) return { rows: known.rows, isSame: true }
  return withDuckDb((connection) =>
    session.transaction(async () => {
      const loaded: LoadedPartition[] = []
      for (const facts of FACT_TABLES) loaded.push(...(await loadFacts(session, connection, facts, folder, version)))
      const rows = loaded.reduce((sum, partition) => sum + partition.rows, 0)
      const filled = loaded.filter((partition) => partition.rows > 0).map(({ name }) => name)
      await session.query(
        `INSERT INTO strates_store.version (version, format, rows, filled, edition, is_shown) VALUES ($1, $2, $3, $4, '', false)`,
        [version, STORE_FORMAT, rows, filled],
      )
      return { rows, isSame: false }
    }),
  )
}

/** How many rows an owner has in a table. */
interface LoadedPartition {
  /** The table, a slash, and the owner. */
  readonly name: string
  readonly rows: number
}

/** The name of the partition of a version, and of an owner in it. */
export const partitionOf = (table: string, version: string, owner?: OwnerName): string =>
  `strates_store.${table}_${version}${owner === undefined ? '' : `_${owner}`}`

async function loadFacts(
  session: Session,
  connection: DuckDBConnection,
  facts: FactTable,
  folder: string,
  version: string,
): Promise<readonly LoadedPartition[]> {
  const { table } = facts
  const whole = partitionOf(table, version)
  await session.query(`CREATE TABLE ${whole} (LIKE strates_store.${table} INCLUDING ALL) PARTITION BY LIST (owner)`)
  const loaded: LoadedPartition[] = []
  for (const owner of OWNERS) {
    const partition = partitionOf(table, version, owner)
    await session.query(`CREATE TABLE ${partition} PARTITION OF ${whole} FOR VALUES IN ('${owner}')`)
    await copyFile(session, connection, partition, join(folder, facts.file(owner)), facts, { version, owner })
    loaded.push({ name: `${table}/${owner}`, rows: await finish(session, partition, facts.indexes) })
  }
  // Last, and for a moment only: those who read the other versions are not kept waiting.
  await session.query(`ALTER TABLE strates_store.${table} ATTACH PARTITION ${whole} FOR VALUES IN ('${version}')`)
  return loaded
}

async function copyFile(
  session: Session,
  connection: DuckDBConnection,
  partition: string,
  path: string,
  { columns }: FactTable,
  { version, owner }: { readonly version: string; readonly owner: OwnerName },
): Promise<void> {
  const read = columns.map((column) => (column === POSITION ? 'file_row_number' : `"${column}"`))
  const from = 'FROM read_parquet($path, file_row_number = true)'
  const lines = linesOf(connection, ['$version', '$owner', ...read], from, { path, version, owner })
  await session.copy(partition, ['version', 'owner', ...columns], lines, { isNew: true })
}

/** Makes the indexes of a partition that has all its rows, and lets the server count them: it plans by that. */
export async function finish(session: Session, partition: string, indexes: readonly string[]): Promise<number> {
  for (const index of indexes) {
    const [, unique = '', columns] = /^(UNIQUE )?(\(.*\))$/.exec(index) ?? []
    await session.query(`CREATE ${unique}INDEX ON ${partition} ${columns}`)
  }
  await session.query(`ANALYZE ${partition}`)
  const [counted] = await session.query<{ readonly rows: number }>(`SELECT count(*)::float8 AS rows FROM ${partition}`)
  return counted?.rows ?? 0
}
