import { join } from 'node:path'
import { readEnvironment, type Environment } from '../core/environment.ts'
import { StratesError } from '../core/observations/error.ts'
import { OWNERS } from '../core/observations/owner.ts'
import { shownAddress } from '../core/snapshots/address.ts'
import type { Follower, FollowEvent } from '../core/snapshots/follow.ts'
import { followStore } from '../core/snapshots/followStore.ts'
import { createLog, type Log } from './log.ts'
import { ReuseFile } from './metrics/reuse.ts'
import { needStore } from './process/buildStore.ts'
import { greeting } from './process/greeting.ts'
import { asksHelp, readOptions, USAGE } from './process/options.ts'
import { startService } from './process/primary.ts'
import { startRefresher } from './process/refresher.ts'
import { endOnSignals, obeySignals } from './process/signals.ts'

/**
 * `npm start`: the store, built here or taken from where snapshots are published, and workers that each run the five subgraphs and
 * the gateway. `npm run gateway`: workers that run the
 * gateway alone. This process is the primary: it starts the workers, hands them connections and watches them.
 */
async function main(): Promise<void> {
  const started = performance.now()
  const written = process.argv.slice(2)
  if (asksHelp(written)) return void process.stdout.write(`${USAGE}\n`)
  const { ingest, supergraph, ...options } = readOptions(written)
  const environment = readEnvironment()
  const { dataFolder, host, rateLimit } = environment
  const { port = environment.port, workers = environment.workers, refresh = environment.refresh } = options
  const log = createLog(environment.logLevel)
  const follower = supergraph === undefined && ingest.length === 0 ? followerOf(environment, log) : undefined
  if (supergraph === undefined && follower === undefined) await needStore(dataFolder, ingest)
  const release = endOnSignals()
  await follower?.ready
  const given = supergraph === undefined ? [] : ['--supergraph', supergraph]
  const reuse = new ReuseFile({ folder: join(dataFolder, 'reuse'), log })
  const problem = () => follower?.problem()
  try {
    const service = await startService({ host, port, workers, given, rateLimit, reuse, problem, log })
    // One before the other: a signal that comes while nobody listens is lost, and who reads the greeting may send one at once.
    obeySignals(service, log)
    release()
    process.stdout.write(greeting(service, (performance.now() - started) / 1000))
    // Who takes what another publishes makes nothing newer: `npm run ingest -- --refresh` does, where that one runs.
    if (refresh && supergraph === undefined && follower === undefined) startRefresher({ data: dataFolder, log })
    if (refresh && follower !== undefined) log.warn('looks at no source: the store is taken from where it is published')
  } catch (error) {
    void follower?.close()
    throw error
  }
}

/** Where snapshots are published the store is taken from there, and not built. */
function followerOf({ dataFolder, snapshots, snapshotsEvery }: Environment, log: Log): Follower | undefined {
  if (snapshots === undefined) return undefined
  log.info({ snapshots: shownAddress(snapshots), seconds: snapshotsEvery }, 'follows the snapshots')
  const report = (event: FollowEvent) => tell(event, log)
  return followStore({ data: dataFolder, address: snapshots, everyMs: snapshotsEvery * 1000, owners: OWNERS, report })
}

function tell(event: FollowEvent, log: Log): void {
  if (event.kind === 'TOOK') log.info({ snapshot: event.snapshot }, 'took a new snapshot')
  else if (event.kind === 'RECOVERED') log.info({}, 'the newest snapshot is held again')
  else log.error({ err: event.error }, 'the newest snapshot cannot be taken')
}

await main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof StratesError ? `${error.code}: ${error.message}` : (error as Error).stack}\n`,
  )
  process.exitCode = error instanceof StratesError && error.code === 'INVALID_OPTION' ? 2 : 1
})
