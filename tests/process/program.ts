/** The programs as a user starts them, each in a process of its own; none outlives the test that started it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fixtureStore, REPOSITORY } from '../fixtures/store.ts'

/** A program that runs. */
export interface Program {
  readonly pid: number
  /** All that it has written so far. */
  output(): { readonly stdout: string; readonly stderr: string }
  /** Settles when the output matches; fails when the program ends before, or after a minute. */
  says(pattern: RegExp): Promise<RegExpMatchArray>
  send(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

/** What is left of a program. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const PATIENCE = 60_000

/** Where Node keeps what it compiled, as for workers: the same modules are started some eighty times. */
const NODE_COMPILE_CACHE = join(REPOSITORY, 'node_modules', '.cache', 'strates')

const running = new Set<ChildProcess>()
const folders = new Set<string>()

/**
 * Starts `node <program> <arguments>` in the repository, with no environment but what it needs and what is given; a gateway has
 * one worker unless told otherwise.
 */
export function start(program: string, given: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [program, ...given], {
    cwd: REPOSITORY,
    env: { PATH, HOME, NODE_ENV: 'production', NODE_COMPILE_CACHE, STRATES_WORKERS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal, ...text })
    })
  })

  function says(pattern: RegExp): Promise<RegExpMatchArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpMatchArray>()
    const look = () => {
      const found = pattern.exec(`${text.stdout}\n${text.stderr}`)
      if (found !== null) resolve(found)
    }
    const timer = setTimeout(
      () => reject(new Error(`${program} did not say ${pattern}: ${JSON.stringify(text)}`)),
      PATIENCE,
    )
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    void ended.then(
      ({ code }) => (look(), reject(new Error(`${program} ended with ${code}: ${JSON.stringify(text)}`))),
      reject,
    )
    look()
    return promise.finally(() => clearTimeout(timer))
  }

  return { pid: child.pid ?? -1, output: () => ({ ...text }), says, send: (signal) => void child.kill(signal), ended }
}

/** Runs a program to its end. */
export const run = (
  program: string,
  given: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> => start(program, given, env).ended

/** A folder of one's own, removed by {@link cleanUp}. */
export async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'strates-process-'))
  folders.add(folder)
  return folder
}

/** A copy of the fixture store that may be written into, without what gateways counted over it. */
export async function ownStore(): Promise<string> {
  const folder = await ownFolder()
  await cp(await fixtureStore(), folder, { recursive: true, filter: (path) => basename(path) !== 'reuse' })
  return folder
}

/** What says which version a store is at, and what that version holds. */
export async function stateOf(data: string): Promise<{ readonly current: string; readonly manifest: string }> {
  const current = (await readFile(join(data, 'current'), 'utf8')).trim()
  return { current, manifest: await readFile(join(data, 'versions', current, 'manifest.json'), 'utf8') }
}

/** Ends every program that a test left running, and removes the folders: for `afterAll`. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...running].map((child) => new Promise((resolve) => child.once('close', resolve).kill('SIGKILL'))))
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
  folders.clear()
}
