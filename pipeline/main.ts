import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { readEnvironment } from '../core/environment.ts'
import { StratesError } from '../core/observations/error.ts'
import { OWNERS, type OwnerName } from '../core/observations/owner.ts'
import type { Origin } from '../core/observations/refresh.ts'
import { ownershipOf } from '../core/observations/ownership.ts'
import { readRefresh } from '../core/store/refresh.ts'
import { MOVEMENT_FILE_NAMES, MOVEMENTS } from './crossCheck.ts'
import { findDescriptors, type FoundDescriptor } from './descriptors.ts'
import { exportTier } from './exportTier.ts'
import { BrokenDataset, ingest, type IngestInput } from './ingest.ts'
import { withLock } from './lock.ts'
import { noteQuarantine } from './quarantine.ts'
import { runCheck, runRefresh } from './refresh/run.ts'
import { ingestSparing, type Spared } from './refresh/sparing.ts'
import { writeRefresh } from './refresh/state.ts'
import { renderReport } from './report.ts'
import { filesOfCurrentVersion, SOURCES_FOLDER, takeSnapshot, type Snapshot } from './snapshot.ts'
import { boundariesOfCurrentVersion, takeBoundaries, type BoundaryFiles } from './sources/boundaries.ts'
import { pushTo } from './snapshots/pushTo.ts'
import { createCogSource, readEmbeddedCog } from './sources/cog.ts'
import { createFolderSource } from './sources/folder.ts'
import { clearHalfFiles } from './sources/keep.ts'
import { openMemory } from './sources/memory.ts'
import { createPortalSource } from './sources/portal.ts'
import { createProgress } from './sources/progress.ts'
import { createSimulatedSource } from './sources/simulated.ts'
import type { Source, SourceFile } from './sources/source.ts'

/**
 * How the process ends: 0 published whole, or nothing to publish; 1 failed, nothing published; 2 wrong use; 3 some dataset left out or not
 * pushed;
 * of `--check`, 3 something would be published or refused.
 */
const EXIT = { failed: 1, usage: 2, incomplete: 3, changes: 3 } as const

const USAGE =
  'Write: npm run ingest -- [--from DIR | --simulated | --no-simulated] [--only DATASET] [--since YEAR] [--boundaries DIR | --no-boundaries] [--no-feeds] [--no-push], or: npm run ingest -- --check | --refresh [--from DIR], or: npm run ingest -- --export-tier NAME --to DIR'

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
  /** Ingests nothing: copies what one subgraph needs of the store into another. */
  readonly exported: { readonly owner: OwnerName; readonly to: string } | undefined
  /** `ingest`: a new version in any case; `refresh`: of what changed at the sources that are due; `check`: says what that would be. */
  readonly mode: 'ingest' | 'refresh' | 'check'
  /** Whether the version is published where STRATES_STORE_URL or DATABASE_URL says, too. */
  readonly push: boolean
}

/** `npm run ingest`: takes the files, makes a new version of the store, tells what happened. */
async function main(): Promise<void> {
  const written = process.argv.slice(2)
  if (written.includes('--help') || written.includes('-h')) return say(USAGE)
  const descriptors = await findDescriptors()
  // Before anything is fetched: two owners of one value are a fault of the descriptors, not of the files.
  ownershipOf(descriptors)
  const options = readOptions(written, descriptors)
  const { dataFolder, snapshots } = readEnvironment()
  if (options.exported) return await runExport(dataFolder, options.exported)
  const push = async () => !options.push || snapshots === undefined || (await pushTo(snapshots, dataFolder, say))
  if (options.mode !== 'ingest') return await look(options, descriptors, dataFolder, push)
  const incomplete = await withLock(dataFolder, async () => {
    const isIncomplete = await run(options, descriptors, dataFolder)
    return !(await push()) || isIncomplete
  })
  if (incomplete) process.exitCode = EXIT.incomplete
}

async function runExport(data: string, { owner, to }: NonNullable<Options['exported']>): Promise<void> {
  const { version, files } = await exportTier(data, owner, to)
  say(`version ${version} for ${owner} in ${to}: ${files} files`)
}

/** Looks for newer files. A check writes nothing, and so needs no lock. */
async function look(
  { mode, from }: Options,
  descriptors: readonly FoundDescriptor[],
  data: string,
  push: () => Promise<boolean>,
): Promise<void> {
  const options = { data, descriptors, from, say }
  if (mode === 'check') {
    const found = await runCheck(options)
    process.exitCode = found === 'FAILED' ? EXIT.failed : found === 'CHANGES' ? EXIT.changes : 0
    return
  }
  const incomplete = await withLock(data, async () => {
    await clearHalfFiles(join(data, SOURCES_FOLDER))
    const isIncomplete = await runRefresh(options)
    return !(await push()) || isIncomplete
  })
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
  const { report, broken } = await ingestOrSpare(input, options)
  if (report === undefined) throw new Error('an ingest that is made in any case gives a report')
  await noteOrigin(options, data)
  const accepted = [...snapshot.files].filter(([id, files]) => files.length > 0 && !broken.has(id)).map(([id]) => id)
  await noteQuarantine(data, [...broken.values()], accepted)
  for (const line of renderReport(report)) say(line)
  for (const [dataset, why] of snapshot.stale) say(`warning: ${dataset}: ${why}`)
  for (const { dataset, message } of broken.values()) say(`quarantined: ${dataset}: ${message}`)
  if (simulated) say('SIMULATED school data: invented, not official; every value says so.')
  say(`published version ${report.dataVersion} in ${data}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return snapshot.stale.size + broken.size + (report.boundaries?.refused.length ?? 0) > 0
}

/** Where to look for newer files from now on. What was learnt of the sources is asked anew. */
async function noteOrigin({ from, since, only }: Options, data: string): Promise<void> {
  const before = only === undefined ? undefined : (await readRefresh(data))?.origin
  const origin: Origin = from === undefined ? { kind: 'portal', since } : { kind: 'folder', folder: resolve(from) }
  await writeRefresh(data, { origin: before ?? origin, looks: [] })
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
  const memory = await openMemory(join(data, SOURCES_FOLDER))
  const take = async (source: Source): Promise<Snapshot> => {
    try {
      const embedded = createCogSource(connection, cog.vintages)
      const request = { data, descriptors, embedded, source, from, only, since }
      return await takeSnapshot({ ...request, progress: createProgress(), memory })
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

/** What someone put in a folder must be whole: there the first breach stops. A portal's dataset is spared. */
async function ingestOrSpare(input: IngestInput, { from }: Options): Promise<Spared> {
  try {
    if (from !== undefined) return { report: await ingest(input), broken: new Map() }
    return await ingestSparing(input, { fallback: await filesOfCurrentVersion(input.data) })
  } catch (error) {
    if (!(error instanceof BrokenDataset)) throw error
    const { dataset, code, message } = error
    await noteQuarantine(input.data, [{ dataset, code, message, since: new Date().toISOString() }], [])
    throw error
  }
}

function readOptions(given: readonly string[], descriptors: readonly FoundDescriptor[]): Options {
  const {
    from,
    only,
    since,
    simulated,
    'no-simulated': refused,
    'no-feeds': withoutFeeds,
    'no-push': withoutPush,
    ...others
  } = parse(given)
  const { boundaries, 'no-boundaries': withoutBoundaries, check, refresh } = others
  const ids = descriptors.map(({ descriptor }) => descriptor.id)
  if (only !== undefined && !ids.includes(only))
    throw misuse('There is no such dataset', `--only ${only}`, `one of ${ids.join(', ')}`)
  if (since !== undefined && !/^(19|20)\d{2}$/.test(since))
    throw misuse('This is no year', `--since ${since}`, 'a year such as 2019')
  const exported = readExported(given, others['export-tier'], others.to)
  for (const [option, path] of Object.entries({ '--from': from, '--boundaries': boundaries }))
    if (path === '') throw misuse('An option has no value', option, 'the path of a folder')
  const chosen = [from !== undefined, simulated === true, refused === true].filter(Boolean)
  if (chosen.length > 1)
    throw misuse('These options exclude each other', given.join(' '), 'one of --from, --simulated, --no-simulated')
  if (simulated === true && only !== undefined)
    throw misuse('Invented and official data never meet in one store', given.join(' '), '--simulated without --only')
  if (boundaries !== undefined && withoutBoundaries === true)
    throw misuse('These options exclude each other', given.join(' '), 'one of --boundaries, --no-boundaries')
  const isLook = check === true || refresh === true
  if (isLook && given.filter((option) => option.startsWith('--')).length > (from === undefined ? 1 : 2))
    throw misuse('This option goes with --from only', given.join(' '), '--check or --refresh, alone or with --from DIR')
  return {
    from,
    only,
    since: since === undefined ? undefined : Number(since),
    simulated: simulated === true ? 'always' : refused === true ? 'never' : 'fallback',
    boundaries: boundaries !== undefined ? { from: boundaries } : withoutBoundaries === true ? 'none' : 'keep',
    feeds: withoutFeeds !== true,
    exported,
    mode: check === true ? 'check' : refresh === true ? 'refresh' : 'ingest',
    push: withoutPush !== true,
  }
}

function readExported(given: readonly string[], name: string | undefined, to: string | undefined): Options['exported'] {
  if (name === undefined && to === undefined) return undefined
  const owner = OWNERS.find((one) => one === name)
  if (owner === undefined)
    throw misuse('This names no subgraph', `--export-tier ${name ?? ''}`, `one of ${OWNERS.join(', ')}`)
  if (to === undefined || given.some((one) => one.startsWith('--') && !/^--(?:export-tier|to)(?:=|$)/.test(one)))
    throw misuse('An export takes a folder and no other option', given.join(' '), '--export-tier NAME --to DIR')
  return { owner, to }
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
        'export-tier': { type: 'string' },
        to: { type: 'string' },
        check: { type: 'boolean' },
        refresh: { type: 'boolean' },
        'no-push': { type: 'boolean' },
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
