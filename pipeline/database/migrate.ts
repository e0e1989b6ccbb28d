import { join } from 'node:path'
import Postgrator from 'postgrator'
import { DATABASE_LAYOUT, layoutOf, otherLayout } from '../../core/database/layout.ts'
import type { Session } from './session.ts'

/** One file a step, each named by its number; none is changed once it was published. */
const MIGRATIONS = join(import.meta.dirname, 'migrations')

/**
 * Lays out the tables as this program knows them, in one transaction: all steps that are missing, or none.
 * @returns the steps that were taken.
 * @throws StratesError DATABASE_LAYOUT when a newer program laid them out.
 */
export async function migrate(session: Session): Promise<readonly string[]> {
  const layout = await layoutOf(session)
  if (layout > DATABASE_LAYOUT) throw otherLayout(session.address, layout)
  const execQuery = async (text: string) => ({ rows: [...(await session.query<object>(text))] })
  const postgrator = new Postgrator({
    driver: 'pg',
    migrationPattern: join(MIGRATIONS, '*.sql'),
    schemaTable: 'strates_store.migration',
    newline: 'LF',
    execQuery,
  })
  try {
    return await session.transaction(async () => {
      const taken = await postgrator.migrate()
      return taken.map(({ version, name }) => `${version} ${name}`)
    })
  } catch (error) {
    throw (error as Error).message.startsWith('MD5 checksum') ? otherLayout(session.address, layout, error) : error
  }
}
