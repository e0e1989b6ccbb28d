import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { StratesError } from '../../core/observations/error.ts'
import { end, own } from './children.ts'

/** A program that runs at an address and a port of its own, and is not lost when it is killed. */
export interface OwnServer {
  /** Where clients find it; the same for as long as it is not stopped. */
  readonly url: string
  /** The process that runs, or the last that did. */
  readonly pid: number
  /** Ends it at once, as a machine that fails: SIGKILL. */
  kill(): Promise<void>
  /** Starts it again, over the same folder and at the same address. */
  start(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

/** How a program is started, and how it is seen to be ready. */
export interface Recipe {
  readonly url: string
  /** Removed by `stop`. */
  readonly folder?: string
  readonly command: string
  readonly given: readonly string[]
  /** Unset, that of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** What it writes once it takes connections. */
  readonly ready: RegExp
  /** Whose right it runs with; unset, that of this process. */
  readonly user?: User | undefined
}

/** A user of this machine. */
export interface User {
  readonly uid: number
  readonly gid: number
}

/** How long a server may take to be ready, in milliseconds: what was killed mends its files first. */
const PATIENCE = 60_000

/** What a server that was killed leaves behind for a moment; a start that meets it is tried again. */
const STILL_LEAVING = /pre-existing shared memory block|already in use|lock file/

/** Starts a server, and waits until it takes connections. @throws Error with its last words where it does not. */
export async function startServer(recipe: Recipe): Promise<OwnServer> {
  let child = await startOnce(recipe)
  return {
    url: recipe.url,
    get pid() {
      return child.pid ?? -1
    },
    kill: () => end(child, 'SIGKILL'),
    start: async () => {
      child = await startOnce(recipe)
    },
    stop: async () => {
      await end(child, 'SIGINT')
      if (recipe.folder !== undefined) await rm(recipe.folder, { recursive: true, force: true })
    },
  }
}

/** A port of an address that nobody has. @throws StratesError CONFIGURATION_INVALID where this machine has no such address. */
export async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening').catch((cause: unknown) => {
    throw new StratesError({
      code: 'CONFIGURATION_INVALID',
      what: 'This machine has no such address of its own',
      on: host,
      expected: 'an address on which a program may listen; Linux has all of 127.0.0.0/8',
      remedy: `Add it, as macOS wants it with: sudo ifconfig lo0 alias ${host} up`,
      cause,
    })
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function startOnce(recipe: Recipe): Promise<ChildProcess> {
  const until = performance.now() + PATIENCE
  for (;;) {
    const started = await attempt(recipe, until)
    if (typeof started !== 'string') return started
    if (performance.now() > until || !STILL_LEAVING.test(started))
      throw new Error(`${recipe.command} did not start: ${started.slice(-2000)}`)
    await sleep(200)
  }
}

/** One start. @returns the process once it is ready, or its last words. */
async function attempt({ command, given, env, user, ready }: Recipe, until: number): Promise<ChildProcess | string> {
  // In a group of its own: Ctrl-C is for whoever started it, who then ends it.
  const child = own(spawn(command, given, { ...user, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }))
  let said = ''
  const isReady = await new Promise<boolean>((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), until - performance.now())
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-10_000)
        if (ready.test(said)) resolve(true)
      })
    child.once('error', reject)
    child.once('close', () => resolve(false))
    child.once('exit', () => clearTimeout(timer))
  })
  if (isReady) return child
  await end(child, 'SIGKILL')
  return said
}
