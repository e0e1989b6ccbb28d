import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetDescriptor } from '../core/observations/dataset.ts'
import { StratesError } from '../core/observations/error.ts'
import { STORE_FILES, type Manifest } from '../core/store/manifest.ts'
import { currentVersion, VERSIONS_FOLDER } from '../core/store/current.ts'
import type { FoundDescriptor } from './descriptors.ts'
import { noSourceFile } from './sources/folder.ts'
import type { Progress } from './sources/progress.ts'
import type { Memory } from './sources/memory.ts'
import type { Source, SourceFile, SourceRequest, SourceTarget } from './sources/source.ts'

/** The folder, within the store's, of the untouched files. */
export const SOURCES_FOLDER = 'sources'

/** The untouched files of one ingest, dataset by dataset. */
export interface Snapshot {
  readonly files: ReadonlyMap<string, readonly SourceFile[]>
  /** Why a dataset has no file. */
  readonly absent: ReadonlyMap<string, string>
  /** Datasets whose newest file could not be had, so that an earlier one stands in. */
  readonly stale: ReadonlyMap<string, string>
}

/** What to take, and from where. */
export interface SnapshotRequest {
  readonly data: string
  readonly descriptors: readonly FoundDescriptor[]
  /** The embedded data. */
  readonly embedded: Source
  /** Everything else: a folder, the portal, or invented data. */
  readonly source: Source
  /** The folder behind the source, when it is one. */
  readonly from: string | undefined
  /** Take only this dataset afresh; the others keep the files of the current version. */
  readonly only: string | undefined
  /** Take rentrées from this year; default: the three newest. */
  readonly since: number | undefined
  readonly progress: Progress
  /** What was taken before; without it, everything is taken. */
  readonly memory?: Memory | undefined
}

/**
 * Takes the files of every dataset. Where the portal fails on one, the files of the current version stand in, else the
 * dataset is absent and the report says why; where it fails on all, so does the snapshot.
 * @throws StratesError SOURCE_UNREACHABLE when the source gave nothing at all, or what the source throws for a folder.
 */
export async function takeSnapshot(request: SnapshotRequest): Promise<Snapshot> {
  const { data, descriptors, embedded, source, only } = request
  const kept = await filesOfCurrentVersion(data)
  const files = new Map<string, readonly SourceFile[]>()
  const absent = new Map<string, string>()
  const stale = new Map<string, string>()
  const failures: StratesError[] = []
  for (const { descriptor } of descriptors) {
    const isEmbedded = descriptor.source.kind === 'cog'
    if (only !== undefined && descriptor.id !== only && !isEmbedded) {
      keep(descriptor.id, kept, files, absent, 'not asked for, and not in the current version')
      continue
    }
    try {
      const found = await (isEmbedded ? embedded : source).fetch(requestFor(descriptor, request), targetOf(request))
      files.set(descriptor.id, found)
      if (found.length === 0) absent.set(descriptor.id, `the ${source.name} has no file of it`)
    } catch (error) {
      if (source.name !== 'portal' || !(error instanceof StratesError)) throw error
      failures.push(error)
      keep(descriptor.id, kept, files, absent, error.message)
      if ((files.get(descriptor.id) ?? []).length > 0) stale.set(descriptor.id, error.message)
    }
  }
  await requireSomething(request, files, failures)
  return { files, absent, stale }
}

/** The untouched files that the current version was made from, as far as they are still there; none without a version. */
export async function filesOfCurrentVersion(data: string): Promise<ReadonlyMap<string, readonly SourceFile[]>> {
  const version = await currentVersion(data).catch(() => undefined)
  if (version === undefined) return new Map()
  const folder = join(data, VERSIONS_FOLDER, version)
  const manifest = await readJson<Manifest>(join(folder, STORE_FILES.manifest))
  const retrieved = await readJson<Record<string, string>>(join(folder, STORE_FILES.retrieved))
  const files = new Map<string, readonly SourceFile[]>()
  for (const { id, snapshots, simulated } of manifest?.datasets ?? []) {
    if (simulated) continue
    const present: SourceFile[] = []
    for (const { name, url, sha256, bytes } of snapshots) {
      const path = join(data, SOURCES_FOLDER, `${sha256}${name.slice(name.lastIndexOf('.')).toLowerCase()}`)
      const isThere = await access(path).then(
        () => true,
        () => false,
      )
      if (isThere) present.push({ datasetId: id, name, url, path, bytes, sha256, retrievedAt: retrieved?.[id] ?? '' })
    }
    if (present.length === snapshots.length) files.set(id, present)
  }
  return files
}

function keep(
  id: string,
  kept: ReadonlyMap<string, readonly SourceFile[]>,
  files: Map<string, readonly SourceFile[]>,
  absent: Map<string, string>,
  why: string,
): void {
  const known = kept.get(id) ?? []
  files.set(id, known)
  if (known.length === 0) absent.set(id, why)
}

async function requireSomething(
  { from, descriptors, only }: SnapshotRequest,
  files: ReadonlyMap<string, readonly SourceFile[]>,
  failures: readonly StratesError[],
): Promise<void> {
  const wanted = descriptors.filter(
    ({ descriptor }) => descriptor.source.kind !== 'cog' && (only === undefined || descriptor.id === only),
  )
  if (wanted.some(({ descriptor }) => (files.get(descriptor.id) ?? []).length > 0)) return
  const [failure] = failures
  if (failure !== undefined) throw failure
  if (from !== undefined) {
    const names = wanted.flatMap(({ descriptor }) =>
      descriptor.fileNames.map((pattern) => `${pattern.source.replace('^', '')}*.csv`),
    )
    throw await noSourceFile(from, names)
  }
}

/** What to ask a source of a dataset. */
export function requestFor(
  descriptor: DatasetDescriptor,
  { since }: { readonly since?: number | undefined },
): SourceRequest {
  const { id, fileNames, source } = descriptor
  return {
    datasetId: id,
    fileNames,
    ...(source.kind === 'portal'
      ? {
          portal: {
            host: source.host,
            datasetId: source.datasetId,
            ...(source.periodField === undefined ? {} : { periodField: source.periodField }),
          },
        }
      : {}),
    ...(since === undefined ? {} : { periods: { since } }),
  }
}

const targetOf = ({ data, progress, memory }: SnapshotRequest): SourceTarget => ({
  folder: join(data, SOURCES_FOLDER),
  progress,
  ...(memory && { memory }),
})

async function readJson<Value>(path: string): Promise<Value | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Value
  } catch {
    return undefined
  }
}
