import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { StratesError } from '../../core/observations/error.ts'
import { currentVersion, VERSIONS_FOLDER } from '../../core/store/current.ts'
import { STORE_FILES, STORE_FORMAT, type Manifest } from '../../core/store/manifest.ts'

const PIPELINE = join(import.meta.dirname, '..', '..', 'pipeline', 'main.ts')
/** Says what must not be, and asks for nothing new. */
const NO_SIMULATED = '--no-simulated'
/** The ingest published, but had to leave a dataset out; or a look found something that failed or was refused. */
export const PUBLISHED_INCOMPLETE = 3

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Builds the store where there is none yet, or where options of the ingest ask for it: `--no-simulated` alone does only where the
 * store that stands is invented, or cannot be read. The serving side cannot reach the pipeline: it runs as a program of its own,
 * with memory of its own, and shows what it does.
 * @throws StratesError STORE_MISSING when nothing was published.
 */
export async function needStore(dataFolder: string, options: readonly string[]): Promise<void> {
  if (await isEnough(dataFolder, options)) return
  const child = startIngest(options, 'inherit')
  // Who ends this program means the ingest too, and is not told that it failed.
  let asked: NodeJS.Signals | undefined
  const passOn = (signal: NodeJS.Signals): void => {
    asked = signal
    child.kill(signal)
  }
  for (const signal of ENDING) process.on(signal, passOn)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  }).finally(() => {
    for (const signal of ENDING) process.off(signal, passOn)
  })
  if (asked !== undefined) process.exit(128 + constants.signals[asked])
  if (code === 0 || code === PUBLISHED_INCOMPLETE) return
  const isStanding = await isPublished(dataFolder)
  throw new StratesError({
    code: 'STORE_MISSING',
    what: 'The store could not be built',
    on: `npm run ingest${options.length === 0 ? '' : ` -- ${options.join(' ')}`}, which ended with ${code ?? 'a signal'}`,
    expected: 'an ingest that publishes a version',
    remedy: `Its own message above says what failed.${isStanding ? ' The version before stands: npm start without these options serves it.' : ''}`,
  })
}

/** Starts the ingest as a program of its own, with at most 2 GB for JavaScript. */
export const startIngest = (options: readonly string[], stdio: StdioOptions): ChildProcess =>
  spawn(process.execPath, ['--max-old-space-size=2048', PIPELINE, ...options], { stdio })

/** Whether the store that stands is what the options ask for. */
export const isEnough = async (dataFolder: string, options: readonly string[]): Promise<boolean> =>
  options.length === 0
    ? await isPublished(dataFolder)
    : options.every((option) => option === NO_SIMULATED) && (await holdsOfficial(dataFolder))

/** Whether the current version is one of official data that this release can open. */
async function holdsOfficial(dataFolder: string): Promise<boolean> {
  try {
    const version = await currentVersion(dataFolder)
    if (version === undefined) return false
    const text = await readFile(join(dataFolder, VERSIONS_FOLDER, version, STORE_FILES.manifest), 'utf8')
    const { format, simulated } = JSON.parse(text) as Partial<Manifest>
    return format === STORE_FORMAT && simulated === false
  } catch {
    return false
  }
}

/** A damaged pointer is one too: the workers look for a version that is whole, and say what is wrong. */
async function isPublished(dataFolder: string): Promise<boolean> {
  try {
    return (await currentVersion(dataFolder)) !== undefined
  } catch (error) {
    if (error instanceof StratesError && error.code === 'STORE_CORRUPT') return true
    throw error
  }
}
