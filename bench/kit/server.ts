/** One server of the bench, in a process of its own: tells its address and what it used to the process that started it. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { readEnvironment } from '../../core/environment.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore, type Store } from '../../core/store/open.ts'
import { createApp, type AppOptions } from '../../gateway/app.ts'
import { createFeeds } from '../../gateway/doors/feeds/feeds.ts'
import { createEngine, type Engine } from '../../gateway/engine.ts'
import { createLog } from '../../gateway/log.ts'
import { listen } from '../../gateway/serve.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import type { SubgraphContext } from '../../subgraphs/kit/context.ts'
import { createSubgraph } from '../../subgraphs/kit/subgraph.ts'
import { SUBGRAPHS } from '../../subgraphs/registry.ts'
import { createMonolith, monolithEngine } from '../monolith.ts'
import { REPOSITORY, type Side, type Usage } from './servers.ts'

const { values: given } = parseArgs({
  options: { side: { type: 'string' }, cache: { type: 'string' }, supergraph: { type: 'string' } },
})
const { dataFolder, rateLimit, logLevel } = readEnvironment()
const log = createLog(logLevel)

/** What a raw server sends. */
let answer = { type: 'text/plain', body: Buffer.from('') }

const SIDES: Readonly<Record<Side, () => Promise<string>>> = { gateway, monolith, stock, raw }

/** What the app is given where `--cache` is on, as it is by default, or off. */
const ANSWER_CACHE: Readonly<Record<'on' | 'off', Pick<AppOptions, 'cacheBytes'>>> = { on: {}, off: { cacheBytes: 0 } }

async function gateway(): Promise<string> {
  const cache = ANSWER_CACHE[given.cache === 'on' ? 'on' : 'off']
  if (given.supergraph !== undefined) {
    const engine = createEngine({ supergraphSdl: await readFile(given.supergraph, 'utf8'), log })
    return await serve({ engine, ...cache })
  }
  const store = await openStore(dataFolder, OWNERS)
  const subgraphs = OWNERS.map((name) => createSubgraph(SUBGRAPHS[name], store.reader(name)))
  const transports = localTransports(new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph])), store.edition)
  return await serve({
    engine: createEngine({ supergraphSdl: await readSupergraph(), transports, log }),
    store,
    ...cache,
  })
}

async function monolith(): Promise<string> {
  const store = await openStore(dataFolder, OWNERS)
  return await serve({ engine: monolithEngine(createMonolith(store, await readSupergraph())), store })
}

async function serve({
  engine,
  store,
  ...cache
}: { readonly engine: Engine; readonly store?: Store } & Pick<AppOptions, 'cacheBytes'>): Promise<string> {
  const tables = store && createFeeds(store)
  const feeds = tables && { feeds: () => tables }
  const app = createApp({ engine, log, limits: { pointsPerMinute: rateLimit }, ...feeds, ...cache })
  await app.ready
  return (await listen({ app, port: 0 })).url
}

/** Apollo Server as its first page of documentation starts it. */
async function stock(): Promise<string> {
  const { schema, context } = createMonolith(await openStore(dataFolder, OWNERS), await readSupergraph())
  const server = new ApolloServer<SubgraphContext>({ schema })
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async () => context(),
  })
  return url
}

/** The least that Node does to send bytes. */
async function raw(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': answer.type, 'content-length': answer.body.length }).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const readSupergraph = (): Promise<string> => readFile(join(REPOSITORY, 'gateway', 'supergraph.graphql'), 'utf8')

function used(): Usage {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { cpuMicroseconds: user + system, rss, heapUsed, external }
}

function collectGarbage(): void {
  for (let pass = 0; pass < 3; pass += 1) globalThis.gc?.()
}

process.on('message', (message: { tell: 'cpu' | 'memory' } | { type: string; text: string }) => {
  if ('tell' in message) {
    if (message.tell === 'memory') collectGarbage()
    process.send?.(used())
  } else {
    answer = { type: message.type, body: Buffer.from(message.text) }
    process.send?.({})
  }
})
process.on('disconnect', () => process.exit())
const url = await (SIDES[given.side as Side] ?? raw)()
process.send?.({ url })
