import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../../core/environment.ts'
import { StratesError } from '../../core/observations/error.ts'
import { OWNERS, type OwnerName } from '../../core/observations/owner.ts'
import { chooseEngine } from '../../core/store/chooseEngine.ts'
import { openLive, type LiveEvent, type LiveStore } from '../../core/store/live.ts'
import type { Store } from '../../core/store/open.ts'
import type { DatabaseEvent } from '../../core/store/postgres/engine.ts'
import { createSubgraph, type Subgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { createBoundaries, type Boundaries } from '../doors/boundaries/boundaries.ts'
import { createFeeds, type Feeds } from '../doors/feeds/feeds.ts'
import { answerable, readOperations } from '../doors/operations/operation.ts'
import { apiSchemaOf, createEngine, type Engine } from '../engine.ts'
import type { Log } from '../log.ts'
import { versionedTransports, type LocalSubgraphs } from '../transport/local.ts'
import { firstSupergraph, followSupergraph, type FollowedSupergraph, type FollowEvent } from './followSupergraph.ts'
import { misuse } from './options.ts'

/** What a worker serves. */
export interface Served {
  readonly engine: Engine
  /** The store that is served; absent where it is elsewhere. */
  readonly live?: LiveStore
  /** Why some of it, or the newest of it, cannot be served now; undefined while all can. */
  readonly problem?: () => StratesError | undefined
  /** Whole tables of the newest data; absent where the store is elsewhere. */
  readonly feeds?: () => Feeds
  /** The shapes that maps draw, of the newest data; absent where the store is elsewhere. */
  readonly boundaries?: () => Boundaries
  /** The supergraph that is followed; absent where it is that of this release. */
  readonly supergraph?: FollowedSupergraph
  /** What a person should know about what is served. */
  readonly facts: readonly string[]
}

/** Options of {@link remoteEngine}. */
export interface RemoteOptions {
  /** Of the supergraph. */
  readonly path: string
  readonly kept: string | undefined
  readonly environment: Environment
  readonly log: Log
  /** Told of each supergraph that takes the place of another. */
  readonly onTaken: (sdl: string) => void
}

const SUPERGRAPH = join(import.meta.dirname, '..', 'supergraph.graphql')

/** The store as it is published, the five subgraphs over it and the engine that asks them, all in this process. */
export async function localEngine({ dataFolder, snapshots }: Environment, log: Log): Promise<Served> {
  const store = chooseEngine(snapshots, (event) => tellDatabase(event, log))
  const live = await openLive(dataFolder, OWNERS, { prepare, report: (event) => tell(event, log), engine: store })
  const transports = versionedTransports(liveSubgraphs(live))
  const engine = createEngine({ supergraphSdl: await readFile(SUPERGRAPH, 'utf8'), transports, log })
  const feedsOf = oncePerStore(createFeeds)
  const boundariesOf = oncePerStore(createBoundaries)
  return {
    engine,
    live,
    problem: () => store.problem() ?? live.problem(),
    facts: [...factsOf(live), ...(store.waits ? ['cells are read from the database at DATABASE_URL'] : [])],
    feeds: () => feedsOf(live.current()),
    boundaries: () => boundariesOf(live.current()),
  }
}

async function prepare(store: Store): Promise<void> {
  for (const name of OWNERS) await SUBGRAPHS[name].prepare?.(store.reader(name))
}

/** The five subgraphs over each edition that is held: their schemas are made once. */
function liveSubgraphs(live: LiveStore): LocalSubgraphs {
  const first = new Map(OWNERS.map((name) => [name, createSubgraph(SUBGRAPHS[name], live.current().reader(name))]))
  const over = oncePerStore(
    (store: Store) =>
      new Map([...first].map(([name, one]): [string, Subgraph] => [name, one.over(store.reader(name))])),
  )
  return {
    names: [...first.keys()] satisfies OwnerName[],
    versions: live.editions,
    find(name, edition) {
      const store = edition === undefined ? live.current() : live.find(edition)
      return store && over(store).get(name)
    },
  }
}

/** What is made of a store, made once for as long as it is held. */
function oncePerStore<Made>(make: (store: Store) => Made): (store: Store) => Made {
  const made = new WeakMap<Store, Made>()
  return (store) => {
    const known = made.get(store)
    if (known !== undefined) return known
    const fresh = make(store)
    made.set(store, fresh)
    return fresh
  }
}

function tell(event: LiveEvent, log: Log): void {
  if (event.kind === 'SWAPPED') log.info(event, 'serves a new edition of the data')
  else log.error({ err: event.error }, 'the version published last cannot be served')
}

function tellDatabase(event: DatabaseEvent, log: Log): void {
  if (event.kind === 'FOUND') log.info({ ms: event.afterMs }, 'the database answers again')
  else log.error({ err: event.error }, 'the database does not answer: what is not held of it is missing until it does')
}

function factsOf(live: LiveStore): readonly string[] {
  const { dataVersion, geography, simulated, defaultSchoolYear } = live.current().manifest
  const problem = live.problem()
  return [
    `data version ${dataVersion}, COG ${geography}, rentrée ${defaultSchoolYear ?? 'none'} by default`,
    ...(problem === undefined ? [] : [`NOT THE NEWEST DATA: ${problem.code}: ${problem.message}`]),
    ...(simulated
      ? ['SIMULATED school data: invented, not official. npm start -- --from DIR reads official files.']
      : []),
  ]
}

/**
 * The engine alone, over a supergraph whose subgraphs answer over HTTP. The file is followed: another supergraph is served without a restart.
 * @param kept what other workers serve; undefined where they are yet to start.
 * @throws StratesError INVALID_OPTION when the file cannot be read or is no supergraph.
 */
export async function remoteEngine(options: RemoteOptions): Promise<Served> {
  const { path, kept, environment, log, onTaken } = options
  const first = await firstSupergraph(path, kept).catch((error: unknown) => {
    throw error instanceof StratesError ? misuse(error.facts.what, path, error.facts.expected, error) : error
  })
  const { subgraphUrl, subgraphSecret } = environment
  const engine = createEngine({ supergraphSdl: first.sdl, subgraphUrl, subgraphSecret, log })
  const supergraph = followSupergraph({ path, first, take: engine.take, report: tellTaken })
  return { engine, supergraph, facts: [`supergraph ${path}, subgraphs over HTTP`] }

  function tellTaken(event: FollowEvent): void {
    if (event.kind === 'REFUSED') {
      return log.error({ err: event.error }, 'the supergraph in the file cannot be served: the one before is')
    }
    onTaken(event.sdl)
    const lost = lostBetween(event.before, event.sdl)
    if (lost.length > 0)
      log.warn({ operations: lost }, 'serves a new supergraph, which cannot answer operations of the one before')
    else log.info({ path }, 'serves a new supergraph')
  }
}

/** The operations that one supergraph answers and another does not, by name. */
function lostBetween(before: string, after: string): readonly string[] {
  const operations = readOperations()
  const stillAnswered = answerable(operations, apiSchemaOf(after))
  return answerable(operations, apiSchemaOf(before))
    .filter((operation) => !stillAnswered.includes(operation))
    .map(({ name }) => name)
}
