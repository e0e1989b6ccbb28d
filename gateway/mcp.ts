import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readEnvironment, type Environment } from '../core/environment.ts'
import { StratesError } from '../core/observations/error.ts'
import { createApp } from './app.ts'
import { serveStdio, type Post } from './doors/mcp/stdio.ts'
import { createLog, type Log } from './log.ts'
import { localEngine } from './process/serving.ts'

/** What each message is sent with. */
const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

/**
 * `node gateway/mcp.ts`: the tools for an assistant on this machine, over the standard input and output (MCP, stdio). It answers from the store
 * itself, or with `--url` passes each message on to a server that runs. The log goes to the standard error.
 */
async function main(): Promise<void> {
  // Assistants start it in a folder of theirs: the store is found as npm would find it.
  process.chdir(join(import.meta.dirname, '..'))
  const url = readUrl(process.argv.slice(2))
  const environment = readEnvironment()
  const log = createLog(environment.logLevel)
  await (url === undefined ? serveLocal(environment, log) : serveStdio(postTo(url), log))
}

async function serveLocal(environment: Environment, log: Log): Promise<void> {
  const { engine, feeds } = await localEngine(environment, log)
  const { cacheMb, publicUrl } = environment
  const app = createApp({ engine, log, publicUrl, cacheBytes: cacheMb * 1_000_000, ...(feeds && { feeds }) })
  await app.ready
  await serveStdio(async (body) => {
    const response = await app.handle({ method: 'POST', url: '/mcp', headers: HEADERS, body })
    return { status: response.status, body: String(response.body) }
  }, log)
  await app.close()
}

function postTo(url: URL): Post {
  const target = new URL('/mcp', url)
  return async (body) => {
    const response = await fetch(target, { method: 'POST', headers: HEADERS, body }).catch((cause: unknown) => {
      throw unreachable(target, cause)
    })
    return { status: response.status, body: await response.text() }
  }
}

const unreachable = (url: URL, cause: unknown): StratesError =>
  new StratesError({
    code: 'SUBGRAPH_UNAVAILABLE',
    what: 'The server does not answer',
    on: url.href,
    expected: 'a Strates that runs there',
    remedy: 'Start it with npm start, correct --url, or leave it out to answer from the store.',
    cause,
  })

/** Undefined where the store is to be read. @throws StratesError INVALID_OPTION. */
function readUrl(given: readonly string[]): URL | undefined {
  try {
    const { url } = parseArgs({ args: [...given], options: { url: { type: 'string' } } }).values
    const read = url === undefined ? undefined : new URL(url)
    if (read !== undefined && !/^https?:$/.test(read.protocol)) throw new TypeError('the address is not http or https')
    return read
  } catch (error) {
    throw new StratesError({
      code: 'INVALID_OPTION',
      what: (error as Error).message.split(/\.\s/)[0] ?? 'Unknown option',
      on: given.join(' '),
      expected: 'nothing, or --url with the address of a server',
      remedy: 'Write: node gateway/mcp.ts [--url http://127.0.0.1:4000]',
      cause: error,
    })
  }
}

await main().then(
  () => process.exit(0),
  (error: unknown) => {
    const isOurs = error instanceof StratesError
    process.stderr.write(`${isOurs ? `${error.code}: ${error.message}` : (error as Error).stack}\n`)
    process.exit(isOurs && error.code === 'INVALID_OPTION' ? 2 : 1)
  },
)
