import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse as parseSchema } from 'graphql'
import { readEnvironment, type Environment } from '../core/environment.ts'
import { StratesError } from '../core/observations/error.ts'
import { OWNERS } from '../core/observations/owner.ts'
import { currentVersion } from '../core/store/current.ts'
import { openStore } from '../core/store/open.ts'
import { createSubgraph } from '../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../subgraphs/registry.ts'
import { createApp } from './app.ts'
import { createFeeds, type Feeds } from './doors/feeds.ts'
import { createEngine, type Engine } from './engine.ts'
import { createLog, type Log } from './log.ts'
import { listen } from './serve.ts'
import { localTransports } from './transport/local.ts'

const REPOSITORY = join(import.meta.dirname, '..')
const SUPERGRAPH = join(import.meta.dirname, 'supergraph.graphql')
const FIRST_QUERY = join(REPOSITORY, 'operations', 'enrolment-by-tier.graphql')
/** The ingest published, but had to leave a dataset out. */
const PUBLISHED_INCOMPLETE = 3

const USAGE =
  'Write: npm start [-- --from DIR | --simulated | --no-simulated] [--port N], or: npm run gateway -- --supergraph FILE [--port N]'

interface Options {
  /** Passed on to the ingest; asking for any of them builds the store anew. */
  readonly ingest: readonly string[]
  /** A supergraph whose subgraphs answer over HTTP; without it the five run in this process. */
  readonly supergraph: string | undefined
  readonly port: number | undefined
}

/** `npm start`: the store, the five subgraphs and the gateway in one process. `npm run gateway`: the gateway alone. */
async function main(): Promise<void> {
  const started = performance.now()
  const options = readOptions(process.argv.slice(2))
  const environment = readEnvironment()
  const log = createLog(environment.logLevel)
  const { engine, facts, feeds } = await (options.supergraph === undefined
    ? localEngine(options, environment, log)
    : remoteEngine(options.supergraph, environment, log))
  const defaultQuery = await readFile(FIRST_QUERY, 'utf8')
  const { trustedProxies, rateLimit } = environment
  const limits = { pointsPerMinute: rateLimit }
  const app = createApp({ engine, log, defaultQuery, limits, trustedProxies, ...(feeds !== undefined && { feeds }) })
  await app.ready
  const listening = await listen({ app, host: environment.host, port: options.port ?? environment.port })
  greet(listening.url.replace(/\/$/, ''), facts, started)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void listening.close().then(() => app.close()))
  }
}

interface Started {
  readonly engine: Engine
  /** Absent where the store is elsewhere. */
  readonly feeds?: Feeds
  /** What a person should know about what is served. */
  readonly facts: readonly string[]
}

async function localEngine({ ingest }: Options, { dataFolder }: Environment, log: Log): Promise<Started> {
  if (ingest.length > 0 || (await currentVersion(dataFolder)) === undefined) await buildStore(ingest)
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

async function remoteEngine(path: string, { subgraphSecret }: Environment, log: Log): Promise<Started> {
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

/** The serving side cannot reach the pipeline: it runs as a program of its own, with memory of its own. */
async function buildStore(options: readonly string[]): Promise<void> {
  const program = join(REPOSITORY, 'pipeline', 'main.ts')
  const child = spawn(process.execPath, ['--max-old-space-size=2048', program, ...options], { stdio: 'inherit' })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (code === 0 || code === PUBLISHED_INCOMPLETE) return
  throw new StratesError({
    code: 'STORE_MISSING',
    what: 'The store could not be built',
    on: `npm run ingest${options.length === 0 ? '' : ` -- ${options.join(' ')}`}, which ended with ${code ?? 'a signal'}`,
    expected: 'an ingest that publishes a version',
    remedy: 'Its own message above says what failed.',
  })
}

function greet(url: string, facts: readonly string[], started: number): void {
  const query = '{ commune(code: "35238") { name population { value } schoolEnrolment { total { value status } } } }'
  const lines = [
    `Strates is ready on ${url} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
    ...facts,
    `  ${url}/graphql    the API`,
    `  ${url}/graphiql   to write queries, with one to start from`,
    `  ${url}/readyz     whether it answers`,
    'Paste this:',
    `  curl -s ${url}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function readOptions(given: readonly string[]): Options {
  const { from, simulated, 'no-simulated': refused, supergraph, port } = parse(given)
  const ingest = [
    ...(from === undefined ? [] : ['--from', from]),
    ...(simulated === true ? ['--simulated'] : []),
    ...(refused === true ? ['--no-simulated'] : []),
  ]
  if (supergraph !== undefined && ingest.length > 0) {
    throw misuse(
      'A gateway over HTTP has no store of its own',
      given.join(' '),
      '--supergraph without --from or --simulated',
    )
  }
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535))
    throw misuse('This is no port', `--port ${port}`, 'a number from 0 to 65535')
  return { ingest, supergraph, port: port === undefined ? undefined : Number(port) }
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        from: { type: 'string' },
        simulated: { type: 'boolean' },
        'no-simulated': { type: 'boolean' },
        supergraph: { type: 'string' },
        port: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw misuse((error as Error).message.split('. ')[0] ?? 'Unknown option', given.join(' '), 'the options below')
  }
}

const misuse = (what: string, on: string, expected: string, cause?: unknown): StratesError =>
  new StratesError({ code: 'INVALID_OPTION', what, on, expected, remedy: USAGE, cause })

await main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof StratesError ? `${error.code}: ${error.message}` : (error as Error).stack}\n`,
  )
  process.exitCode = error instanceof StratesError && error.code === 'INVALID_OPTION' ? 2 : 1
})
