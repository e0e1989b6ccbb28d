import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StratesError } from '../../core/observations/error.ts'
import { readWhole } from '../../core/snapshots/remote.ts'
import {
  CURRENT_KEY,
  keyOf,
  LISTING_FILE,
  MOST_BYTES,
  readCurrent,
  readListing,
  sha256Of,
  SNAPSHOT_LAYOUT,
  snapshotName,
  unreachable,
  type Current,
  type ListedFile,
  type Listing,
} from '../../core/snapshots/snapshot.ts'
import { currentVersion, VERSIONS_FOLDER } from '../../core/store/current.ts'
import { STORE_FORMAT } from '../../core/store/manifest.ts'
import { readQuarantine } from '../../core/store/quarantine.ts'
import type { WritableRemote } from './writable.ts'

/** What a push did. */
export interface Pushed {
  readonly snapshot: string
  /** Files that were put there; the others were there already. */
  readonly files: number
  readonly bytes: number
  /** `same`: it was the current one before. `unguarded`: two publishers at once could not be told apart there. */
  readonly outcome: 'switched' | 'same' | 'unguarded'
  /** What could not be cleared away. */
  readonly left: readonly StratesError[]
  /** The snapshots that are kept there now, the newest first. */
  readonly kept: readonly string[]
}

/** Options of {@link pushSnapshot}. */
export interface PushOptions {
  /** How many snapshots are kept there, the new one included. Default 5. */
  readonly keep?: number
  readonly now?: () => Date
}

/**
 * Publishes the current version of a store: all of its files first, then the list of them, and last the one file that names the
 * snapshot. Who reads sees the snapshot before or this one, whole. To be called by who holds the lock of the store.
 * @throws StratesError STORE_BUSY when another publisher was faster, SNAPSHOT_UNREACHABLE when files cannot be put there.
 */
export async function pushSnapshot(
  data: string,
  remote: WritableRemote,
  { keep = 5, now = () => new Date() }: PushOptions = {},
): Promise<Pushed> {
  const { folder, listing } = await listVersion(data)
  const text = `${JSON.stringify(listing, null, 1)}\n`
  const sha256 = sha256Of(text)
  const snapshot = snapshotName(listing.dataVersion, sha256)
  const before = await currentOf(remote)
  const put = await putFiles(remote, snapshot, folder, listing, text)
  const quarantine = await readQuarantine(data)
  const kept = [snapshot, ...(before.current?.kept ?? []).filter((name) => name !== snapshot)]
  const isSame =
    before.current?.snapshot === snapshot &&
    before.current.sha256 === sha256 &&
    JSON.stringify(before.current.quarantine) === JSON.stringify(quarantine)
  if (isSame) return { snapshot, ...put, outcome: 'same', left: [], kept: before.current?.kept ?? [] }
  const current: Current = {
    layout: SNAPSHOT_LAYOUT,
    format: STORE_FORMAT,
    snapshot,
    sha256,
    publishedAt: now().toISOString(),
    quarantine,
    kept: kept.slice(0, keep),
  }
  const outcome = await remote.replace(CURRENT_KEY, `${JSON.stringify(current, null, 1)}\n`, before.tag)
  // An answer that was lost is asked for again, and then meets what the first request did.
  if (outcome === 'crossed' && (await currentOf(remote)).current?.sha256 !== sha256) throw crossed(remote)
  const left = await clearAway(remote, kept.slice(keep))
  return { snapshot, ...put, outcome: outcome === 'unguarded' ? outcome : 'switched', left, kept: current.kept }
}

async function listVersion(data: string): Promise<{ readonly folder: string; readonly listing: Listing }> {
  const dataVersion = await currentVersion(data)
  if (dataVersion === undefined) throw nothing(data)
  const folder = join(data, VERSIONS_FOLDER, dataVersion)
  const files: ListedFile[] = []
  for (const name of (await readdir(folder)).toSorted()) {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(join(folder, name))) hash.update(chunk as Buffer)
    files.push({ name, bytes: (await stat(join(folder, name))).size, sha256: hash.digest('hex') })
  }
  return { folder, listing: { layout: SNAPSHOT_LAYOUT, dataVersion, files } }
}

/** What is there is replaced where it is damaged: publishing is what mends it. */
async function currentOf(remote: WritableRemote): Promise<{ readonly tag?: string; readonly current?: Current }> {
  const found = await remote.open(CURRENT_KEY)
  if (found === undefined || found === 'unchanged') return {}
  const text = await readWhole(found, MOST_BYTES.current)
  const tag = found.tag === undefined ? {} : { tag: found.tag }
  try {
    return { ...tag, current: readCurrent(text ?? new Uint8Array(), `${remote.address}/${CURRENT_KEY}`) }
  } catch {
    return tag
  }
}

/** Puts what is not there yet, then looks at all of it again: nothing is named that is not whole. */
async function putFiles(
  remote: WritableRemote,
  snapshot: string,
  folder: string,
  { files }: Listing,
  text: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const temporary = await mkdtemp(join(tmpdir(), 'strates-snapshot-'))
  try {
    await writeFile(join(temporary, LISTING_FILE), text)
    const listing = { name: LISTING_FILE, bytes: Buffer.byteLength(text), sha256: sha256Of(text) }
    const put: ListedFile[] = []
    for (const file of [...files, listing]) {
      const key = keyOf(snapshot, file.name)
      if (await remote.has(key, file)) continue
      await remote.put(key, join(file === listing ? temporary : folder, file.name), file)
      put.push(file)
    }
    for (const file of put) {
      const key = keyOf(snapshot, file.name)
      if (await remote.has(key, file)) continue
      throw unreachable(
        'A file of the snapshot is not as it was put',
        `${remote.address}/${key}`,
        `${file.bytes} bytes with sha256 ${file.sha256}`,
      )
    }
    return { files: put.length, bytes: put.reduce((sum, { bytes }) => sum + bytes, 0) }
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Removes old snapshots: the list goes last, so that what was interrupted can be found again. */
async function clearAway(remote: WritableRemote, snapshots: readonly string[]): Promise<readonly StratesError[]> {
  const left: StratesError[] = []
  for (const snapshot of snapshots) {
    try {
      const key = keyOf(snapshot, LISTING_FILE)
      const found = await remote.open(key)
      if (found === undefined || found === 'unchanged') continue
      const text = await readWhole(found, MOST_BYTES.listing)
      const { files } = readListing(text ?? new Uint8Array(), `${remote.address}/${key}`)
      for (const { name } of files) await remote.remove(keyOf(snapshot, name))
      await remote.remove(key)
    } catch (error) {
      if (!(error instanceof StratesError)) throw error
      left.push(error)
    }
  }
  return left
}

const crossed = ({ address }: WritableRemote): StratesError =>
  new StratesError({
    code: 'STORE_BUSY',
    what: 'Another publisher named a snapshot at the same time',
    on: `${address}/${CURRENT_KEY}`,
    expected: 'one publisher at a time; its snapshot stands, and this one is not named',
    remedy: 'Run npm run ingest again if this data is the newer.',
  })

/** What is said of a store without a version. */
export const nothing = (data: string): StratesError =>
  new StratesError({
    code: 'STORE_MISSING',
    what: 'There is no version to publish',
    on: `folder ${data}`,
    expected: 'a version published by an ingest',
    remedy: 'Run npm run ingest first.',
  })
