import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StratesError } from '../../core/observations/error.ts'
import { OWNERS, type OwnerName } from '../../core/observations/owner.ts'
import { startPostgres } from '../servers/postgres.ts'
import { runProgram } from '../servers/program.ts'
import { startRedis } from '../servers/redis.ts'
import { freePort, startServer, type OwnServer } from '../servers/server.ts'

/** Where each part listens: on Linux all of 127.0.0.0/8 is this machine. */
const HOSTS = {
  gateways: ['127.0.0.11', '127.0.0.12'],
  commune: '127.0.0.13',
  epci: '127.0.0.14',
  departement: '127.0.0.15',
  region: '127.0.0.16',
  national: '127.0.0.17',
  redis: '127.0.0.18',
  postgres: '127.0.0.19',
} as const

const REPOSITORY = join(import.meta.dirname, '..', '..')

/** The ingest published, but had to leave a dataset out. */
const PUBLISHED_INCOMPLETE = 3

/** One process that can be killed, and started again. */
export interface Part {
  readonly kind: 'subgraph' | 'gateway' | 'redis' | 'postgres'
  /** As the table names it; of a subgraph, its name in the supergraph. */
  readonly name: string
  readonly server: OwnServer
}

/** What is started, and what is given. */
export interface ClusterOptions {
  /** A folder of its own, which others may enter: PostgreSQL runs as another user. */
  readonly folder: string
  /** The folder of official files that is published. */
  readonly from: string | undefined
  /** Servers that run already: they are used, and not killed. */
  readonly redisUrl: string | undefined
  readonly databaseUrl: string | undefined
  readonly say: (text: string) => void
}

/** Starts Redis and PostgreSQL, publishes the store, starts five subgraphs and two gateways. */
export async function startCluster(options: ClusterOptions): Promise<readonly Part[]> {
  const { folder, redisUrl, databaseUrl, say } = options
  const redis = redisUrl === undefined ? [await redisPart(folder)] : []
  const postgres = databaseUrl === undefined ? [await postgresPart(folder)] : []
  const settings = settingsOf(folder, redisUrl ?? urlOf(redis), databaseUrl ?? urlOf(postgres))
  for (const { name, server } of [...redis, ...postgres]) say(`${name} on ${new URL(server.url).host}`)
  await publish(options, settings)
  const subgraphs = await Promise.all(OWNERS.map((name) => subgraphPart(name, settings)))
  for (const { name, server } of subgraphs) say(`subgraph ${name} on ${server.url}`)
  const supergraph = await writeSupergraph(folder, subgraphs)
  const gateways = await Promise.all(HOSTS.gateways.map((host, at) => gatewayPart(at + 1, host, supergraph, settings)))
  for (const { name, server } of gateways) say(`${name} on ${server.url}`)
  return [...subgraphs, ...gateways, ...redis, ...postgres]
}

/** What programs are told by their environment, and nothing else of that of whoever started this. */
interface Settings {
  readonly folder: string
  /** All of them. */
  readonly common: Readonly<Record<string, string>>
  /** Who writes or reads the store. */
  readonly store: Readonly<Record<string, string>>
  readonly gateway: Readonly<Record<string, string>>
}

function settingsOf(folder: string, redisUrl: string, databaseUrl: string): Settings {
  return {
    folder,
    common: {
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: join(REPOSITORY, 'node_modules', '.cache', 'strates'),
      STRATES_SUBGRAPH_SECRET: 'of this machine, and of this demonstration alone',
    },
    store: { DATABASE_URL: databaseUrl },
    gateway: { REDIS_URL: redisUrl, STRATES_RATE_LIMIT: '0', STRATES_WORKERS: '1' },
  }
}

/** A folder that a program has for itself, as on a host of its own. */
const dataOf = ({ folder }: Settings, name: string) => ({ STRATES_DATA: join(folder, name) })

const urlOf = ([part]: readonly Part[]): string => part?.server.url ?? ''

const redisPart = async (within: string): Promise<Part> => ({
  kind: 'redis',
  name: 'Redis',
  server: await startRedis({ host: HOSTS.redis, within }),
})

const postgresPart = async (within: string): Promise<Part> => ({
  kind: 'postgres',
  name: 'PostgreSQL',
  server: await startPostgres({ host: HOSTS.postgres, within }),
})

/** `npm run ingest`, to the database. */
async function publish({ from, say }: ClusterOptions, settings: Settings): Promise<void> {
  const source = from === undefined ? ['--simulated'] : ['--from', from]
  say(`publishing (npm run ingest -- ${source.join(' ')})`)
  const env = { ...settings.common, ...settings.store, ...dataOf(settings, 'ingest') }
  const said = await runNode('pipeline/main.ts', ['--no-feeds', ...source], env, [0, PUBLISHED_INCOMPLETE])
  // Which ends with the same code, and leaves subgraphs nothing to start with.
  const [notPushed] = /^NOT PUSHED: .*/m.exec(said) ?? []
  if (notPushed === undefined) return
  throw new StratesError({
    code: 'CONFIGURATION_INVALID',
    what: 'The store could not be published into the database',
    on: notPushed,
    expected: 'a database in which DATABASE_URL may make tables',
    remedy: 'Correct DATABASE_URL, or unset it: a PostgreSQL that is installed here is started then.',
  })
}

/** `npm run subgraph -- NAME` */
async function subgraphPart(name: OwnerName, settings: Settings): Promise<Part> {
  const host = HOSTS[name]
  const port = await freePort(host)
  const server = await startServer({
    url: `http://${host}:${port}/`,
    command: process.execPath,
    given: [join(REPOSITORY, 'subgraphs', 'main.ts'), name, '--port', `${port}`],
    env: { ...settings.common, ...settings.store, ...dataOf(settings, name), HOST: host },
    ready: /^subgraph \w+ on /m,
  })
  return { kind: 'subgraph', name, server }
}

/** `npm run gateway -- --supergraph FILE` */
async function gatewayPart(number: number, host: string, supergraph: string, settings: Settings): Promise<Part> {
  const name = `gateway ${number}`
  const port = await freePort(host)
  const server = await startServer({
    url: `http://${host}:${port}`,
    command: process.execPath,
    given: [join(REPOSITORY, 'gateway', 'main.ts'), '--supergraph', supergraph, '--port', `${port}`],
    env: { ...settings.common, ...settings.gateway, ...dataOf(settings, name), HOST: host },
    ready: / is ready on /,
  })
  return { kind: 'gateway', name, server }
}

/** `npm run compose -- --out FILE`, with the addresses of the subgraphs. */
async function writeSupergraph(folder: string, subgraphs: readonly Part[]): Promise<string> {
  const file = join(folder, 'supergraph.graphql')
  await runNode('gateway/compose.ts', ['--out', file], {})
  await writeFile(file, withAddresses(await readFile(file, 'utf8'), subgraphs))
  return file
}

/** A supergraph whose subgraphs answer elsewhere. */
export function withAddresses(
  supergraph: string,
  subgraphs: readonly { readonly name: string; readonly server: { readonly url: string } }[],
): string {
  return supergraph.replaceAll(
    /(@join__graph\(name: "(\w+)", url: )"[^"]*"/g,
    (whole, before: string, name: string) => {
      const found = subgraphs.find((part) => part.name === name)
      return found === undefined ? whole : `${before}"${found.server.url}"`
    },
  )
}

const runNode = (
  program: string,
  given: readonly string[],
  env: Readonly<Record<string, string>>,
  codes?: readonly number[],
): Promise<string> =>
  runProgram(process.execPath, ['--max-old-space-size=2048', join(REPOSITORY, program), ...given], {
    env,
    ...(codes && { codes }),
  })
