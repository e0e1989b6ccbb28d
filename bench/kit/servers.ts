import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OWNERS, type OwnerName } from '../../core/observations/owner.ts'

/** The root of the repository. */
export const REPOSITORY = join(import.meta.dirname, '..', '..')

/** What a process has used. */
export interface Usage {
  readonly cpuMicroseconds: number
  /** After a garbage collection, in bytes. */
  readonly rss: number
  readonly heapUsed: number
  /** Outside the heap of JavaScript: typed arrays. */
  readonly external: number
}

/** The kinds of server that `server.ts` knows. */
export type Side = 'gateway' | 'monolith' | 'stock' | 'raw'

/** How a server is started. */
export interface ServerOptions {
  readonly side: Side
  readonly data: string
  /** Whether the gateway keeps answers. */
  readonly cache: 'on' | 'off'
  /** A supergraph whose subgraphs answer over HTTP; without it they run in the gateway's process. */
  readonly supergraph?: string
}

/** A server in a process of its own. */
export interface Server {
  readonly url: string
  /** `memory` takes a garbage collection first; `cpu` is quick. */
  usage(of?: 'cpu' | 'memory'): Promise<Usage>
  /** Tells a raw server what to send. */
  send(answer: { readonly type: string; readonly text: string }): Promise<void>
  close(): Promise<void>
}

/** Starts servers, each once, and ends them all. */
export interface Servers {
  /** The server of these options: started now, or the one that already runs. */
  get(options: ServerOptions): Promise<Server>
  /** The five subgraphs over a store, each in its process, and the gateway that asks them over HTTP. */
  overHttp(options: { readonly data: string; readonly cache: 'on' | 'off'; readonly folder: string }): Promise<Server>
  close(): Promise<void>
}

/** The environment of every server: production, no rate limit, nothing of the caller's own. */
export const environmentOf = (data: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  NODE_ENV: 'production',
  STRATES_DATA: data,
  STRATES_RATE_LIMIT: '0',
  LOG_LEVEL: 'warn',
})

/** Makes what starts servers. */
export function createServers(): Servers {
  const running = new Map<string, Promise<Server>>()
  const known = (key: string, start: () => Promise<Server>): Promise<Server> => {
    const found = running.get(key) ?? start()
    running.set(key, found)
    return found
  }
  return {
    get: (options) => known(JSON.stringify(options), () => startServer(options)),
    overHttp: (options) => known(JSON.stringify(options), () => startOverHttp(options)),
    async close() {
      await Promise.all([...running.values()].map(async (server) => (await server).close()))
    },
  }
}

async function startServer({ side, data, cache, supergraph }: ServerOptions): Promise<Server> {
  const given = ['--side', side, '--cache', cache, ...(supergraph === undefined ? [] : ['--supergraph', supergraph])]
  const child = fork(join(import.meta.dirname, 'server.ts'), given, {
    cwd: REPOSITORY,
    env: environmentOf(data),
    execArgv: ['--expose-gc'],
  })
  const { url } = await answerOf<{ readonly url: string }>(child)
  return {
    url,
    usage: async (of = 'cpu') => {
      child.send({ tell: of })
      return await answerOf<Usage>(child)
    },
    send: async (answer) => {
      child.send(answer)
      await answerOf(child)
    },
    close: () => end(child),
  }
}

/** The next message of a child. @throws Error when it ends instead. */
async function answerOf<Message>(child: ChildProcess): Promise<Message> {
  const gone = new AbortController()
  const ended = () => gone.abort(new Error(`a server of the bench ended with ${child.exitCode ?? child.signalCode}`))
  child.once('exit', ended)
  try {
    const [message] = await once(child, 'message', { signal: gone.signal })
    return message as Message
  } catch (error) {
    throw gone.signal.aborted ? gone.signal.reason : error
  } finally {
    child.off('exit', ended)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(timer)
}

async function startOverHttp(options: {
  readonly data: string
  readonly cache: 'on' | 'off'
  readonly folder: string
}): Promise<Server> {
  const { data, cache, folder } = options
  const subgraphs = await Promise.all(OWNERS.map((name) => startSubgraph(name, data)))
  const committed = await readFile(join(REPOSITORY, 'gateway', 'supergraph.graphql'), 'utf8')
  const supergraph = join(folder, 'supergraph.graphql')
  await writeFile(supergraph, withUrls(committed, new Map(subgraphs.map(({ name, url }) => [name, url]))))
  const gateway = await startServer({ side: 'gateway', data, cache, supergraph })
  return {
    ...gateway,
    async close() {
      await gateway.close()
      await Promise.all(subgraphs.map(({ child }) => end(child)))
    },
  }
}

async function startSubgraph(name: OwnerName, data: string) {
  const child = spawn(process.execPath, ['subgraphs/main.ts', name, '--port', '0'], {
    cwd: REPOSITORY,
    env: environmentOf(data),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const chunk of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    const url = /on (http:\S+),/.exec(text)?.[1]
    if (url !== undefined) {
      child.stdout.resume()
      return { name, url, child }
    }
  }
  throw new Error(`the subgraph ${name} did not start: ${text}`)
}

/** The committed supergraph, its subgraphs at other addresses. */
function withUrls(supergraph: string, urls: ReadonlyMap<OwnerName, string>): string {
  return supergraph.replaceAll(/@join__graph\(name: "(\w+)", url: "[^"]*"\)/g, (whole, name: OwnerName) => {
    const url = urls.get(name)
    return url === undefined ? whole : `@join__graph(name: "${name}", url: "${url}")`
  })
}
