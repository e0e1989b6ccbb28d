import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { readEnvironment } from '../core/environment.ts'
import { StratesError } from '../core/observations/error.ts'
import { ownershipOf } from '../core/observations/ownership.ts'
import type { Quarantine } from '../core/store/quarantine.ts'
import { MOVEMENT_FILE_NAMES, MOVEMENTS } from './crossCheck.ts'
import { findDescriptors, type FoundDescriptor } from './descriptors.ts'
import { BrokenDataset, ingest, type IngestInput } from './ingest.ts'
import { withLock } from './lock.ts'
import { noteQuarantine } from './quarantine.ts'
import { renderReport } from './report.ts'
import { filesOfCurrentVersion, SOURCES_FOLDER, takeSnapshot, type Snapshot } from './snapshot.ts'
import { boundariesOfCurrentVersion, takeBoundaries, type BoundaryFiles } from './sources/boundaries.ts'
import { createCogSource, readEmbeddedCog } from './sources/cog.ts'
import { createFolderSource } from './sources/folder.ts'
import { clearHalfFiles } from './sources/keep.ts'
import { createPortalSource } from './sources/portal.ts'
import { createProgress } from './sources/progress.ts'
import { createSimulatedSource } from './sources/simulated.ts'
import type { Source, SourceFile } from './sources/source.ts'

/** How the process ends: 0 published whole; 1 failed, nothing published; 2 wrong use; 3 published, some dataset left out. */
const EXIT = { failed: 1, usage: 2, incomplete: 3 } as const

const USAGE =
  'Write: npm run ingest -- [--from DIR | --simulated | --no-simulated] [--only DATASET] [--since YEAR] [--boundaries DIR | --no-boundaries] [--no-feeds]'

interface Options {
  readonly from: string | undefined
  readonly only: string | undefined
  readonly since: number | undefined
  /** `always`: invented data; `fallback`: only where the portal cannot be reached; `never`. */
  readonly simulated: 'always' | 'fallback' | 'never'
  /** The folder of official boundaries; `keep`: those of the version before; `none`. */
  readonly boundaries: { readonly from: string } | 'keep' | 'none'
  /** Whether whole tables are written as files too. */
  readonly feeds: boolean
}

/** `npm run ingest`: takes the files, makes a new version of the store, tells what happened. */
async function main(): Promise<void> {
  const written = process.argv.slice(2)
  if (written.includes('--help') || written.includes('-h')) return say(USAGE)
  const descriptors = await findDescriptors()
  // Before anything is fetched: two owners of one value are a fault of the descriptors, not of the files.
  ownershipOf(descriptors)
  const options = readOptions(written, descriptors)
  const { dataFolder } = readEnvironment()
  const incomplete = await withLock(dataFolder, () => run(options, descriptors, dataFolder))
  if (incomplete) process.exitCode = EXIT.incomplete
}

async function run(options: Options, descriptors: readonly FoundDescriptor[], data: string): Promise<boolean> {
  const started = performance.now()
  await clearHalfFiles(join(data, SOURCES_FOLDER))
  const cog = readEmbeddedCog()
  // First: a folder that cannot be read is told before anything is fetched.
  const boundaries = await boundaryFiles(options, data)
  const { snapshot, simulated } = await snapshotFor(options, descriptors, data, cog)
  const movements = await movementFiles(options, data)
  const { files, absent } = snapshot
  const given = { files, movements, absent, boundaries, feeds: options.feeds }
  const input = { data, cog, descriptors, simulated, tell: say, ...given }
  const { report, broken } = await ingestSparing(input, options)
  const accepted = [...snapshot.files].filter(([id, files]) => files.length > 0 && !broken.has(id)).map(([id]) => id)
  await noteQuarantine(data, [...broken.values()], accepted)
  for (const line of renderReport(report)) say(line)
  for (const [dataset, why] of snapshot.stale) say(`warning: ${dataset}: ${why}`)
  for (const { dataset, message } of broken.values()) say(`quarantined: ${dataset}: ${message}`)
  if (simulated) say('SIMULATED school data: invented, not official; every value says so.')
  say(`published version ${report.dataVersion} in ${data}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return snapshot.stale.size + broken.size + (report.boundaries?.refused.length ?? 0) > 0
}

/** The boundaries of a folder, else those of the version before: they are the user's, whatever else is taken anew. */
async function boundaryFiles({ boundaries }: Options, data: string): Promise<BoundaryFiles | undefined> {
  const kept = join(data, SOURCES_FOLDER)
  if (boundaries === 'none') return undefined
  return boundaries === 'keep' ? boundariesOfCurrentVersion(data, kept) : takeBoundaries(boundaries.from, kept)
}

/** INSEE's file of the movements of communes, where someone put one into the folder. */
async function movementFiles({ from }: Options, data: string): Promise<readonly SourceFile[]> {
  if (from === undefined) return []
  const request = { datasetId: MOVEMENTS, fileNames: MOVEMENT_FILE_NAMES }
  return createFolderSource(from).fetch(request, { folder: join(data, SOURCES_FOLDER), progress: createProgress() })
}

/** The official files; invented ones only where wished, or where the portal gave nothing at all and nobody forbade it. */
async function snapshotFor(
  options: Options,
  descriptors: readonly FoundDescriptor[],
  data: string,
  cog: ReturnType<typeof readEmbeddedCog>,
): Promise<{ readonly snapshot: Snapshot; readonly simulated: boolean }> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const { from, only, since } = options
  const take = async (source: Source): Promise<Snapshot> => {
    try {
      const embedded = createCogSource(connection, cog.vintages)
      return await takeSnapshot({ data, descriptors, embedded, source, from, only, since, progress: createProgress() })
    } finally {
      await source.close?.()
    }
  }
  const invent = async () => ({
    snapshot: await take(createSimulatedSource(connection, cog.vintages)),
    simulated: true,
  })
  try {
    if (options.simulated === 'always') return await invent()
    if (from !== undefined) return { snapshot: await take(createFolderSource(from)), simulated: false }
    try {
      return { snapshot: await take(createPortalSource()), simulated: false }
    } catch (error) {
      if (
        options.simulated === 'never' ||
        only !== undefined ||
        !(error instanceof StratesError) ||
        error.code !== 'SOURCE_UNREACHABLE'
      )
        throw error
      say(`The official portal cannot be reached: ${error.message}`)
      say('Filling in SIMULATED school data instead; --from DIR reads official files, --no-simulated refuses this.')
      return await invent()
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/**
 * Ingests; a dataset of the portal that breaks its contract gives way to the file of the version before, or is left out.
 * What someone put in a folder must be whole: there the first breach stops.
 */
async function ingestSparing(input: IngestInput, { from }: Options) {
  const broken = new Map<string, Quarantine>()
  const files = new Map(input.files)
  const absent = new Map(input.absent)
  for (;;) {
    try {
      return { report: await ingest({ ...input, files, absent }), broken }
    } catch (error) {
      if (!(error instanceof BrokenDataset)) throw error
      const { dataset, code, message } = error
      const refused = { dataset, code, message, since: new Date().toISOString() }
      if (from !== undefined || broken.has(dataset)) {
        await noteQuarantine(input.data, [...broken.values(), refused], [])
        throw error
      }
      broken.set(dataset, refused)
      say(`quarantined: ${message}`)
      const kept = (await filesOfCurrentVersion(input.data)).get(dataset) ?? []
      files.set(dataset, kept)
      if (kept.length === 0) absent.set(dataset, message)
    }
  }
}

function readOptions(given: readonly string[], descriptors: readonly FoundDescriptor[]): Options {
  const { from, only, since, simulated, 'no-simulated': refused, 'no-feeds': withoutFeeds, ...others } = parse(given)
  const { boundaries, 'no-boundaries': withoutBoundaries } = others
  const ids = descriptors.map(({ descriptor }) => descriptor.id)
  if (only !== undefined && !ids.includes(only))
    throw misuse('There is no such dataset', `--only ${only}`, `one of ${ids.join(', ')}`)
  if (since !== undefined && !/^(19|20)\d{2}$/.test(since))
    throw misuse('This is no year', `--since ${since}`, 'a year such as 2019')
  for (const [option, path] of Object.entries({ '--from': from, '--boundaries': boundaries }))
    if (path === '') throw misuse('An option has no value', option, 'the path of a folder')
  const chosen = [from !== undefined, simulated === true, refused === true].filter(Boolean)
  if (chosen.length > 1)
    throw misuse('These options exclude each other', given.join(' '), 'one of --from, --simulated, --no-simulated')
  if (simulated === true && only !== undefined)
    throw misuse('Invented and official data never meet in one store', given.join(' '), '--simulated without --only')
  if (boundaries !== undefined && withoutBoundaries === true)
    throw misuse('These options exclude each other', given.join(' '), 'one of --boundaries, --no-boundaries')
  return {
    from,
    only,
    since: since === undefined ? undefined : Number(since),
    simulated: simulated === true ? 'always' : refused === true ? 'never' : 'fallback',
    boundaries: boundaries !== undefined ? { from: boundaries } : withoutBoundaries === true ? 'none' : 'keep',
    feeds: withoutFeeds !== true,
  }
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        from: { type: 'string' },
        only: { type: 'string' },
        since: { type: 'string' },
        simulated: { type: 'boolean' },
        'no-simulated': { type: 'boolean' },
        boundaries: { type: 'string' },
        'no-boundaries': { type: 'boolean' },
        'no-feeds': { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw misuse((error as Error).message.split('. ')[0] ?? 'Unknown option', given.join(' '), 'the options below')
  }
}

const misuse = (what: string, on: string, expected: string): StratesError =>
  new StratesError({ code: 'INVALID_OPTION', what, on, expected, remedy: USAGE })

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

await main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof StratesError ? `${error.code}: ${error.message}` : (error as Error).stack}\n`,
  )
  process.exitCode = error instanceof StratesError && error.code === 'INVALID_OPTION' ? EXIT.usage : EXIT.failed
})
