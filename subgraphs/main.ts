import { constants } from 'node:os'
import { parseArgs } from 'node:util'
import { readEnvironment, type Environment } from '../core/environment.ts'
import { StratesError } from '../core/observations/error.ts'
import { OWNERS, type OwnerName } from '../core/observations/owner.ts'
import { shownAddress } from '../core/snapshots/address.ts'
import type { Follower, FollowEvent } from '../core/snapshots/follow.ts'
import { followStore } from '../core/snapshots/followStore.ts'
import { chooseEngine } from '../core/store/chooseEngine.ts'
import { openLive, type LiveEvent } from '../core/store/live.ts'
import type { DatabaseEvent } from '../core/store/postgres/engine.ts'
import { serveSubgraph, type HeldSubgraph } from './kit/serve.ts'
import { createSubgraph } from './kit/subgraph.ts'
import { SUBGRAPHS } from './registry.ts'

/** Where each subgraph listens unless told otherwise: the ports that the committed supergraph names. */
const FIRST_PORT = 4001

const USAGE = 'Write: npm run subgraph -- commune --port 4001'

/** `npm run subgraph -- commune [--port 4001]`: one subgraph alone, over the part of the store that it owns. */
async function main(): Promise<void> {
  const written = process.argv.slice(2)
  if (written.includes('--help') || written.includes('-h')) return console.log(USAGE)
  const { name, port } = readArguments(written)
  // From the start: process 1 of a container gets no signal that it does not handle.
  let end = (signal: NodeJS.Signals): void => process.exit(128 + constants.signals[signal])
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(signal))
  const environment = readEnvironment()
  const { host, dataFolder, snapshots, subgraphSecret } = environment
  const follower = followerOf(name, environment)
  await follower?.ready
  const engine = chooseEngine(snapshots, reportDatabase)
  const live = await openLive(dataFolder, [name], {
    prepare: async (store) => await SUBGRAPHS[name].prepare?.(store.reader(name)),
    report,
    engine,
  })
  const subgraph = createSubgraph(SUBGRAPHS[name], live.current().reader(name))
  const held: HeldSubgraph = {
    editions: live.editions,
    find(edition) {
      const store = edition === undefined ? live.current() : live.find(edition)
      return store && subgraph.over(store.reader(name))
    },
  }
  const serving = await serveSubgraph(subgraph, { host, port, secret: subgraphSecret, held, problem: engine.problem })
  console.log(`subgraph ${name} on ${serving.url}, data version ${live.current().manifest.dataVersion}`)
  end = () => {
    live.close()
    void follower?.close()
    void serving.close().then(engine.close)
  }
}

/** Where the store is published elsewhere, what this owner needs of it is taken from there. */
function followerOf(name: OwnerName, { dataFolder, snapshots, snapshotsEvery }: Environment): Follower | undefined {
  if (snapshots === undefined) return undefined
  console.log(`follows ${shownAddress(snapshots)}, every ${snapshotsEvery} s`)
  return followStore({
    data: dataFolder,
    address: snapshots,
    everyMs: snapshotsEvery * 1000,
    owners: [name],
    report: reportFollow,
  })
}

function reportFollow(event: FollowEvent): void {
  if (event.kind === 'TOOK') console.log(`took the snapshot ${event.snapshot}`)
  else if (event.kind === 'RECOVERED') console.log('the newest snapshot is held again')
  else console.error(`${event.error.code}: ${event.error.message}`)
}

function reportDatabase(event: DatabaseEvent): void {
  if (event.kind === 'FOUND') console.log(`the database answers again, after ${event.afterMs} ms`)
  else console.error(`${event.error.code}: ${event.error.message}`)
}

function report(event: LiveEvent): void {
  if (event.kind === 'SWAPPED')
    console.log(`serves ${event.edition} instead of ${event.before}, opened in ${event.ms} ms`)
  else console.error(`${event.error.code}: ${event.error.message}`)
}

function readArguments(given: readonly string[]): { readonly name: OwnerName; readonly port: number } {
  const { positionals, values } = parse(given)
  const name = OWNERS.find((owner) => owner === positionals[0])
  const port = values.port === undefined ? FIRST_PORT + OWNERS.indexOf(name ?? 'commune') : Number(values.port)
  if (name === undefined || positionals.length > 1) {
    throw invalid('No subgraph has this name', positionals.join(' ') || 'no name given', `one of ${OWNERS.join(', ')}`)
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalid('This is no port', `--port ${values.port ?? ''}`, 'a number from 0 to 65535')
  }
  return { name, port }
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], allowPositionals: true, options: { port: { type: 'string' } } })
  } catch (error) {
    throw invalid(
      (error as Error).message.split('\n')[0] ?? 'Unknown option',
      given.join(' '),
      'a name and, if wanted, --port',
    )
  }
}

const invalid = (what: string, on: string, expected: string): StratesError =>
  new StratesError({
    code: 'INVALID_OPTION',
    what,
    on,
    expected,
    remedy: USAGE,
  })

await main().catch((error: unknown) => {
  console.error(error instanceof StratesError ? `${error.code}: ${error.message}` : error)
  process.exitCode = error instanceof StratesError && error.code === 'INVALID_OPTION' ? 2 : 1
})
