import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { join } from 'node:path'
import { StratesError } from '../../core/observations/error.ts'
import { currentVersion } from '../../core/store/current.ts'

const PIPELINE = join(import.meta.dirname, '..', '..', 'pipeline', 'main.ts')
/** The ingest published, but had to leave a dataset out; or a look found something that failed or was refused. */
export const PUBLISHED_INCOMPLETE = 3

/**
 * Builds the store where there is none yet, or where options of the ingest ask for it. The serving side cannot reach the
 * pipeline: it runs as a program of its own, with memory of its own, and shows what it does.
 * @throws StratesError STORE_MISSING when nothing was published.
 */
export async function needStore(dataFolder: string, options: readonly string[]): Promise<void> {
  if (options.length === 0 && (await isPublished(dataFolder))) return
  const child = startIngest(options, 'inherit')
  // Who ends this program means the ingest too.
  const signals = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(
    (signal) => [signal, () => void child.kill(signal)] as const,
  )
  for (const [signal, passOn] of signals) process.on(signal, passOn)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  }).finally(() => {
    for (const [signal, passOn] of signals) process.off(signal, passOn)
  })
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

/** A damaged pointer is one too: the workers look for a version that is whole, and say what is wrong. */
async function isPublished(dataFolder: string): Promise<boolean> {
  try {
    return (await currentVersion(dataFolder)) !== undefined
  } catch (error) {
    if (error instanceof StratesError && error.code === 'STORE_CORRUPT') return true
    throw error
  }
}
