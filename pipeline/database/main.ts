import { connect } from '../../core/database/connect.ts'
import type { PostgresAddress } from '../../core/database/address.ts'
import { readEnvironment } from '../../core/environment.ts'
import { StratesError } from '../../core/observations/error.ts'
import { migrate } from './migrate.ts'
import { grantRoles, sayRoles } from './roles.ts'
import { withSession } from './session.ts'
import { describeDatabase } from './status.ts'

/** How the process ends: 0 done; 1 failed; 2 wrong use. */
const EXIT = { failed: 1, usage: 2 } as const

const USAGE = 'Write: npm run database -- migrate, or: npm run database -- status'

/** How long a look at the sizes of tables may take, in milliseconds. */
const STATUS_MS = 30_000

const COMMANDS: Readonly<Record<string, (address: PostgresAddress) => Promise<void>>> = {
  migrate: runMigrate,
  status: runStatus,
}

/** `npm run database`: lays out the tables of the database, or says what it holds. */
async function main(): Promise<void> {
  const given = process.argv.slice(2)
  if (given.includes('--help') || given.includes('-h')) return say(USAGE)
  const [name = '', ...others] = given
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined || others.length > 0) throw misuse(given)
  const { snapshots } = readEnvironment()
  if (snapshots?.kind !== 'postgres') throw withoutDatabase()
  await command(snapshots)
}

async function runMigrate(address: PostgresAddress): Promise<void> {
  await withSession(address, async (session) => {
    const steps = await migrate(session)
    for (const step of steps) say(`laid out: step ${step}`)
    if (steps.length === 0) say('is laid out already')
    sayRoles(await grantRoles(session), say)
  })
}

async function runStatus(address: PostgresAddress): Promise<void> {
  const database = connect(address, { statementMs: STATUS_MS, connections: 1 })
  try {
    for (const line of await describeDatabase(database)) say(line)
  } finally {
    await database.close()
  }
}

const misuse = (given: readonly string[]): StratesError =>
  new StratesError({
    code: 'INVALID_OPTION',
    what: given.length === 0 ? 'A command is missing' : 'There is no such command',
    on: `npm run database -- ${given.join(' ')}`,
    expected: 'one of migrate, status',
    remedy: USAGE,
  })

const withoutDatabase = (): StratesError =>
  new StratesError({
    code: 'CONFIGURATION_INVALID',
    what: 'No database is named',
    on: 'DATABASE_URL',
    expected: 'the address of a database, such as postgres://user:password@host:5432/strates?sslmode=verify-full',
    remedy: 'Set DATABASE_URL.',
  })

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

await main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof StratesError ? `${error.code}: ${error.message}` : (error as Error).stack}\n`,
  )
  process.exitCode = error instanceof StratesError && error.code === 'INVALID_OPTION' ? EXIT.usage : EXIT.failed
})
