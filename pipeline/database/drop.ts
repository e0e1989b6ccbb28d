import { StratesError } from '../../core/observations/error.ts'
import { FACT_TABLES } from './facts.ts'
import { SHOWN_TABLES } from './loadShown.ts'
import { isHeld, type Session } from './session.ts'

/** What stays. */
export interface Kept {
  /** The snapshots whose files do. */
  readonly snapshots: readonly string[]
  /** The versions whose rows do: all of them, and those for the views. */
  readonly kept: readonly string[]
  readonly shown: readonly string[]
}

/** How often it is tried to drop a partition that somebody reads. */
const ATTEMPTS = 2

/**
 * Drops the rows of all other versions, partition by partition: none is waited for long, and who reads is not kept waiting. What an
 * interrupted publish left goes too, since nobody else publishes now.
 * @returns what could not be dropped, which the next publish tries again.
 */
export async function dropRows(session: Session, { snapshots, kept, shown }: Kept): Promise<readonly StratesError[]> {
  await session.transaction(async () => {
    // First what says that they are there: what is half dropped is not taken for whole.
    await session.query('DELETE FROM strates_store.version WHERE version <> ALL ($1)', [kept])
    await session.query('UPDATE strates_store.version SET is_shown = false WHERE is_shown AND version <> ALL ($1)', [
      shown,
    ])
    for (const table of SHOWN_TABLES)
      await session.query(`DELETE FROM strates_store.${table} WHERE version <> ALL ($1)`, [shown])
    await session.query(
      `DELETE FROM strates_store.file WHERE key LIKE 'versions/%' AND split_part(key, '/', 2) <> ALL ($1)`,
      [snapshots],
    )
  })
  const left: StratesError[] = []
  for (const { table } of FACT_TABLES) left.push(...(await dropPartitions(session, table, kept)))
  left.push(...(await dropPartitions(session, 'observation', shown)))
  return left
}

/**
 * Drops what is left of a version that is published again: partitions that an interrupted publish, or a reader, kept from being dropped.
 * @throws StratesError STORE_BUSY while somebody reads them.
 */
export async function clearLeft(session: Session, version: string): Promise<void> {
  const [held] = await session.query<{ readonly is_shown: boolean }>(
    'SELECT is_shown FROM strates_store.version WHERE version = $1',
    [version],
  )
  const tables = [
    ...(held === undefined ? FACT_TABLES.map(({ table }) => table) : []),
    ...(held?.is_shown === true ? [] : ['observation']),
  ]
  if (held?.is_shown !== true)
    for (const table of SHOWN_TABLES)
      await session.query(`DELETE FROM strates_store.${table} WHERE version = $1`, [version])
  for (const table of tables) {
    for (const partition of await session.query<Partition>(PARTITIONS, [`^${table}_${version}$`])) {
      const problem = await dropSoon(session, table, partition)
      if (problem !== undefined) throw problem
    }
  }
}

/** A partition, and whether readers of its table still find it. */
interface Partition {
  readonly name: string
  readonly is_attached: boolean
  /** Half detached: what did it was interrupted. */
  readonly is_pending: boolean
}

/** The partitions of a table, those included that were detached and then not dropped. */
const PARTITIONS = `
SELECT class.relname AS name, inherits.inhrelid IS NOT NULL AS is_attached, coalesce(inherits.inhdetachpending, false) AS is_pending
FROM pg_class AS class
JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace AND namespace.nspname = 'strates_store'
LEFT JOIN pg_inherits AS inherits ON inherits.inhrelid = class.oid
WHERE class.relkind IN ('r', 'p') AND class.relname ~ $1
ORDER BY class.relname`

async function dropPartitions(
  session: Session,
  table: string,
  stay: readonly string[],
): Promise<readonly StratesError[]> {
  const found = await session.query<Partition>(PARTITIONS, [`^${table}_[0-9a-f]{16}$`])
  const left: StratesError[] = []
  for (const partition of found.filter(({ name }) => !stay.includes(name.slice(table.length + 1)))) {
    const problem = await dropSoon(session, table, partition)
    if (problem !== undefined) left.push(problem)
  }
  return left
}

async function dropSoon(session: Session, table: string, { name }: Partition): Promise<StratesError | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [now] = await session.query<Partition>(PARTITIONS, [`^${name}$`])
      if (now !== undefined) await drop(session, table, now)
      return undefined
    } catch (error) {
      if (!isHeld(error)) throw error
      if (attempt === ATTEMPTS) return stillRead(session.address, name, error)
    }
  }
}

/** Readers of the table go on meanwhile; only the partition itself must be read by nobody. */
async function drop(session: Session, table: string, { name, is_attached, is_pending }: Partition): Promise<void> {
  const how = is_pending ? 'FINALIZE' : 'CONCURRENTLY'
  if (is_attached)
    await session.query(`ALTER TABLE strates_store.${table} DETACH PARTITION strates_store.${name} ${how}`)
  await session.query(`DROP TABLE strates_store.${name}`)
}

const stillRead = (address: string, name: string, cause: unknown): StratesError =>
  new StratesError({
    code: 'STORE_BUSY',
    what: 'Somebody has been reading an old version for long, and its rows were not dropped',
    on: `${address}, table strates_store.${name}`,
    expected: 'readers that end within seconds',
    remedy: 'Nothing is wrong with the new version. The next publish tries again; pg_stat_activity names who reads.',
    cause,
  })
