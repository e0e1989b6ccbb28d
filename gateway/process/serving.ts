import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse as parseSchema } from 'graphql'
import type { Environment } from '../../core/environment.ts'
import { OWNERS, type OwnerName } from '../../core/observations/owner.ts'
import { openLive, type LiveEvent, type LiveStore } from '../../core/store/live.ts'
import type { Store } from '../../core/store/open.ts'
import { createSubgraph, type Subgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { createBoundaries, type Boundaries } from '../doors/boundaries/boundaries.ts'
import { createFeeds, type Feeds } from '../doors/feeds/feeds.ts'
import { createEngine, type Engine } from '../engine.ts'
import type { Log } from '../log.ts'
import { versionedTransports, type LocalSubgraphs } from '../transport/local.ts'
import { misuse } from './options.ts'

/** What a worker serves. */
export interface Served {
  readonly engine: Engine
  /** The store that is served; absent where it is elsewhere. */
  readonly live?: LiveStore
  /** Whole tables of the newest data; absent where the store is elsewhere. */
  readonly feeds?: () => Feeds
  /** The shapes that maps draw, of the newest data; absent where the store is elsewhere. */
  readonly boundaries?: () => Boundaries
  /** What a person should know about what is served. */
  readonly facts: readonly string[]
}

const SUPERGRAPH = join(import.meta.dirname, '..', 'supergraph.graphql')

/** The store as it is published, the five subgraphs over it and the engine that asks them, all in this process. */
export async function localEngine({ dataFolder }: Environment, log: Log): Promise<Served> {
  const live = await openLive(dataFolder, OWNERS, { prepare, report: (event) => tell(event, log) })
  const transports = versionedTransports(liveSubgraphs(live))
  const engine = createEngine({ supergraphSdl: await readFile(SUPERGRAPH, 'utf8'), transports, log })
  const feedsOf = oncePerStore(createFeeds)
  const boundariesOf = oncePerStore(createBoundaries)
  return {
    engine,
    live,
    facts: factsOf(live),
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
 * The engine alone, over a supergraph whose subgraphs answer over HTTP.
 * @throws StratesError INVALID_OPTION when the file cannot be read or is no supergraph.
 */
export async function remoteEngine(path: string, { subgraphSecret }: Environment, log: Log): Promise<Served> {
  const supergraphSdl = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw misuse('The supergraph cannot be read', path, 'a file with a Federation 2 supergraph', cause)
  })
  requireSupergraph(supergraphSdl, path)
  return {
    engine: createEngine({ supergraphSdl, subgraphSecret, log }),
    facts: [`supergraph ${path}, subgraphs over HTTP`],
  }
}

/** Refuses what no engine can start with, before it does. */
function requireSupergraph(sdl: string, path: string): void {
  const expected = 'a Federation 2 supergraph, as npm run compose -- --out FILE writes it'
  try {
    parseSchema(sdl)
  } catch (cause) {
    throw misuse(`The supergraph does not parse: ${(cause as Error).message}`, path, expected, cause)
  }
  if (!/\benum\s+join__Graph\b/.test(sdl))
    throw misuse('This schema is no supergraph: it names no subgraphs', path, expected)
}
