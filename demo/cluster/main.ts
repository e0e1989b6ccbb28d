import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OWNERS } from '../../core/observations/owner.ts'
import { readEnvironment } from '../../core/environment.ts'
import { StratesError } from '../../core/observations/error.ts'
import { endAll } from '../servers/children.ts'
import { createAsk } from './ask.ts'
import { startCluster } from './cluster.ts'
import { LIMIT_MS } from './converge.ts'
import { learn, readDocuments, seldomDocuments, type Operation } from './operation.ts'
import { readOptions, USAGE, type Options } from './options.ts'
import { killAndRevive } from './step.ts'
import { header, line, shown, summary } from './table.ts'

const HELP = `${USAGE}
Starts two gateways, five subgraphs, Redis and PostgreSQL on this machine, each at an address of its own (127.0.0.11 to .19), publishes a
store, then kills and starts again each of them in turn while clients ask. With --quick each stays away for a second.
Redis and PostgreSQL are those of REDIS_URL and DATABASE_URL, which are then not killed (the store is published into that database);
else the programs that are installed here (on Debian: apt-get install redis-server postgresql).
It ends with 0 where every promise was kept, with 1 where one was broken.`

/** `npm run demo:cluster`: everything apart, and what users see while parts of it die. */
async function main(): Promise<void> {
  const given = process.argv.slice(2)
  if (given.includes('--help') || given.includes('-h')) return say(HELP)
  const options = readOptions(given)
  const folder = await mkdtemp(join(tmpdir(), 'strates-cluster-'))
  const end = async (): Promise<void> => {
    await endAll()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  endOnSignals(end)
  try {
    process.exitCode = (await run(options, folder)) === 0 ? 0 : 1
  } finally {
    await end()
  }
}

/** @returns how many promises were broken. */
async function run({ from, pace }: Options, folder: string): Promise<number> {
  await chmod(folder, 0o755)
  const { redisUrl, snapshots } = readEnvironment()
  const databaseUrl = snapshots?.kind === 'postgres' ? snapshots.url : undefined
  const parts = await startCluster({ folder, from, redisUrl, databaseUrl, say })
  const { ask, close } = createAsk()
  try {
    const gateways = parts.filter(({ kind }) => kind === 'gateway').map(({ server }) => server.url)
    const { operations, differences } = await learn(await readDocuments(), gateways, ask)
    const { operations: seldom } = await learn(await seldomDocuments(gateways[0] ?? '', ask), gateways, ask)
    say(
      `${operations.length} questions, those of operations/ and one of each owner alone, asked of both gateways: ${differences.length === 0 ? 'the same whole answers' : 'BROKEN'}`,
    )
    for (const text of shown(differences)) say(text)
    say(needsOf(operations))
    say(`once a part is started again all must be whole within ${LIMIT_MS / 1000} s\n\n${header()}`)
    let broken = differences.length === 0 ? 0 : 1
    for (const part of parts) {
      const step = await killAndRevive(part, { gateways, operations, seldom, ask, pace })
      say(line(step))
      if (step.against.length > 0) broken += 1
    }
    say(summary(parts.length + 1 - broken, broken))
    return broken
  } finally {
    await close()
  }
}

const needsOf = (operations: readonly Operation[]): string =>
  `how many of them need whom: ${OWNERS.map((owner) => `${owner} ${operations.filter(({ needs }) => needs.has(owner)).length}`).join(', ')}`

/** A signal that comes again changes nothing: without its handler it would end this process alone, and leave all the others. */
function endOnSignals(end: () => Promise<void>): void {
  let ending: Promise<void> | undefined
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => void (ending ??= end()).finally(() => process.exit(code)))
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

await main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof StratesError ? `${error.code}: ${error.message}` : (error as Error).stack}\n`,
  )
  process.exitCode = error instanceof StratesError && error.code === 'INVALID_OPTION' ? 2 : 1
})
