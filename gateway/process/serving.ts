import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse as parseSchema } from 'graphql'
import type { Environment } from '../../core/environment.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore } from '../../core/store/open.ts'
import { createSubgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { createFeeds, type Feeds } from '../doors/feeds.ts'
import { createEngine, type Engine } from '../engine.ts'
import type { Log } from '../log.ts'
import { localTransports } from '../transport/local.ts'
import { misuse } from './options.ts'

/** What a worker serves. */
export interface Served {
  readonly engine: Engine
  /** Absent where the store is elsewhere. */
  readonly feeds?: Feeds
  /** What a person should know about what is served. */
  readonly facts: readonly string[]
}

const SUPERGRAPH = join(import.meta.dirname, '..', 'supergraph.graphql')

/** The store, the five subgraphs over it and the engine that asks them, all in this process. */
export async function localEngine({ dataFolder }: Environment, log: Log): Promise<Served> {
  const store = await openStore(dataFolder, OWNERS)
  const subgraphs = OWNERS.map((name) => createSubgraph(SUBGRAPHS[name], store.reader(name)))
  const transports = localTransports(new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph])))
  const { dataVersion, geography, simulated, defaultSchoolYear } = store.manifest
  const facts = [
    `data version ${dataVersion}, COG ${geography}, rentrée ${defaultSchoolYear ?? 'none'} by default`,
    ...(simulated
      ? ['SIMULATED school data: invented, not official. npm start -- --from DIR reads official files.']
      : []),
  ]
  const engine = createEngine({ supergraphSdl: await readFile(SUPERGRAPH, 'utf8'), transports, log })
  return { engine, facts, feeds: createFeeds(store) }
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
