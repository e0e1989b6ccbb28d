import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { StratesError } from '../../core/observations/error.ts'
import { own } from './children.ts'
import type { User } from './server.ts'

/** Where Debian puts what belongs to one version of PostgreSQL. */
const DEBIAN = '/usr/lib/postgresql/*/bin'

/** How to call a program: where Debian puts the newest version of it, or its name on the PATH. @returns undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const newestFirst = globSync(DEBIAN).toSorted((left, right) => versionOf(right) - versionOf(left))
  const ways = [...newestFirst.map((folder) => join(folder, name)), name]
  return ways.find((way) => spawnSync(way, ['--version']).status === 0)
}

/** The same. @throws StratesError CONFIGURATION_INVALID naming the package of Debian that has it. */
export function needProgram(name: string, debianPackage: string): string {
  const found = findProgram(name)
  if (found !== undefined) return found
  throw new StratesError({
    code: 'CONFIGURATION_INVALID',
    what: 'A program is not installed',
    on: name,
    expected: `it on the PATH, or where Debian puts it (${DEBIAN})`,
    remedy: `Install it, on Debian with: apt-get install ${debianPackage}`,
  })
}

/** How a program is run, each with its default. */
export interface RunOptions {
  /** Whose right it runs with; unset, that of this process. */
  readonly user?: User | undefined
  /** Unset, that of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** What it reads; nothing. */
  readonly input?: string
  /** The codes with which it may end; 0 alone. */
  readonly codes?: readonly number[]
}

/** Runs a program to its end. @returns what it said. @throws Error with its last words where it ends in another way than it may. */
export async function runProgram(
  command: string,
  given: readonly string[],
  { user, env, input = '', codes = [0] }: RunOptions = {},
): Promise<string> {
  const child = own(spawn(command, given, { ...user, env, detached: true, stdio: 'pipe' }))
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === null || !codes.includes(code)) throw new Error(`${command} ended with ${code}: ${said.slice(-2000)}`)
  return said
}

const versionOf = (folder: string): number => Number(folder.split('/').at(-2))
