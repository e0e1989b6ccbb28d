import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { StratesError } from '../../core/observations/error.ts'
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

/** Runs a program to its end. @throws Error with its last words where that is not 0. */
export async function runProgram(
  command: string,
  given: readonly string[],
  { user, input = '' }: { readonly user?: User | undefined; readonly input?: string } = {},
): Promise<void> {
  const child = spawn(command, given, { ...user, stdio: 'pipe' })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said.slice(-2000)}`)
}

const versionOf = (folder: string): number => Number(folder.split('/').at(-2))
