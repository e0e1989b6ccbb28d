import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StratesError } from '../observations/error.ts'
import { readWhole, type Remote } from './remote.ts'
import {
  CURRENT_KEY,
  damaged,
  keyOf,
  LISTING_FILE,
  MOST_BYTES,
  readCurrent,
  readListing,
  sha256Of,
  snapshotName,
  unreachable,
  type Current,
  type ListedFile,
  type Listing,
} from './snapshot.ts'
import { CURRENT_FILE, currentVersion, VERSIONS_FOLDER } from '../store/current.ts'
import { STORE_FILES, STORE_FORMAT } from '../store/manifest.ts'
import { QUARANTINE_FILE } from '../store/quarantine.ts'

/** Beside the versions: which snapshot the current one is, whole. */
const APPLIED_FILE = 'snapshot'
/** A snapshot that is being fetched; what is there and right is not fetched again. */
const PULLING = '.pulling-'

/** Writes the bytes of a file that is not there yet. */
export type Write = (path: string, bytes: AsyncIterable<Uint8Array>) => Promise<void>

/** Options of {@link pullSnapshot}. */
export interface PullOptions {
  /** What `current.json` had when it was last asked for. */
  readonly tag?: string | undefined
  /** Whether a version that is held already is held against the list too, to be mended. Default false. */
  readonly verify?: boolean
  /** Which files of a version are taken, by name. Default: all. */
  readonly wants?: (name: string) => boolean
  /** Default: onto the disk. */
  readonly write?: Write
}

/** What a pull found. */
export interface Pulled {
  readonly tag: string | undefined
  /** The snapshot that is now the current version; undefined where it was before. */
  readonly applied: string | undefined
}

/**
 * Takes the newest snapshot into a folder of its own, holds every file against the list and the list against `current.json`,
 * then makes it the current version by a single rename. Whatever goes wrong before leaves the store as it was.
 * @throws StratesError SNAPSHOT_UNREACHABLE or SNAPSHOT_CORRUPT, saying of which file.
 */
export async function pullSnapshot(
  data: string,
  remote: Remote,
  { tag, verify = false, wants = () => true, write = writeThrough }: PullOptions = {},
): Promise<Pulled> {
  const found = await remote.open(CURRENT_KEY, { tag })
  if (found === 'unchanged') return { tag, applied: undefined }
  const on = `${remote.address}/${CURRENT_KEY}`
  if (found === undefined) throw unreachable('Nothing was published there yet', on, 'a snapshot')
  const current = readCurrent(within(await readWhole(found, MOST_BYTES.current), on), on)
  requireFormat(current, on)
  const isApplied = await isHeld(data, remote, current, verify ? wants : undefined)
  if (!isApplied) {
    const listing = await fetchListing(remote, current, wants)
    const folder = await fetchFiles(data, remote, current.snapshot, listing, write)
    await apply(data, current.snapshot, listing, folder)
  }
  await noteQuarantine(data, current)
  return { tag: found.tag, applied: isApplied ? undefined : current.snapshot }
}

/** Whether there is a version that this program can open: its layout is read, nothing else. */
export async function holdsVersion(data: string): Promise<boolean> {
  try {
    const version = await currentVersion(data)
    if (version === undefined) return false
    const manifest = await readFile(join(data, VERSIONS_FOLDER, version, STORE_FILES.manifest), 'utf8')
    return (JSON.parse(manifest) as { format?: unknown }).format === STORE_FORMAT
  } catch {
    return false
  }
}

function requireFormat({ format, snapshot }: Current, on: string): void {
  if (format === STORE_FORMAT) return
  throw damaged(
    `The snapshot ${snapshot} has the layout ${format}`,
    on,
    `the layout ${STORE_FORMAT}: publisher and replicas of the same version of Strates`,
  )
}

/** @param verified the files that are held against the list; undefined: none. */
async function isHeld(
  data: string,
  remote: Remote,
  current: Current,
  verified: PullOptions['wants'],
): Promise<boolean> {
  const applied = await readFile(join(data, APPLIED_FILE), 'utf8').catch(() => '')
  const version = await currentVersion(data).catch(() => undefined)
  if (version === undefined || applied.trim() !== current.snapshot || !current.snapshot.startsWith(`${version}.`))
    return false
  if (verified === undefined) return true
  const { files } = await fetchListing(remote, current, verified)
  for (const file of files) if (!(await isWhole(join(data, VERSIONS_FOLDER, version, file.name), file))) return false
  return true
}

/** The list of a snapshot, without the files that are not wanted. */
async function fetchListing(
  remote: Remote,
  { snapshot, sha256 }: Current,
  wants: (name: string) => boolean,
): Promise<Listing> {
  const key = keyOf(snapshot, LISTING_FILE)
  const on = `${remote.address}/${key}`
  const found = await remote.open(key)
  if (found === undefined || found === 'unchanged') throw missing(on)
  const text = within(await readWhole(found, MOST_BYTES.listing), on)
  const read = sha256Of(text)
  if (read !== sha256)
    throw damaged('The list of files of a snapshot is damaged', on, `sha256 ${sha256}, found ${read}`)
  const listing = readListing(text, on)
  if (snapshotName(listing.dataVersion, sha256) === snapshot)
    return { ...listing, files: listing.files.filter(({ name }) => wants(name)) }
  throw damaged('The list of files is of another snapshot', on, snapshot)
}

/** @returns the folder in which all files are, each as the list says. */
async function fetchFiles(
  data: string,
  remote: Remote,
  snapshot: string,
  { files }: Listing,
  write: Write,
): Promise<string> {
  const versions = join(data, VERSIONS_FOLDER)
  await mkdir(versions, { recursive: true })
  await clearUnfinished(versions, `${PULLING}${snapshot}`)
  const folder = join(versions, `${PULLING}${snapshot}`)
  await mkdir(folder, { recursive: true })
  const current = await currentVersion(data).catch(() => undefined)
  try {
    for (const file of files) {
      const path = join(folder, file.name)
      if (await isWhole(path, file)) continue
      await rm(path, { force: true })
      const held = current === undefined ? undefined : join(versions, current, file.name)
      if (held !== undefined && (await isWhole(held, file))) await share(held, path)
      else await fetchFile(remote, snapshot, file, path, write)
    }
    return folder
  } catch (error) {
    if (error instanceof StratesError) throw error
    // The disk: what was fetched may be what fills it.
    await rm(folder, { recursive: true, force: true })
    throw unreachable(
      `A snapshot cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      folder,
      'room on the disk, and a folder that this user may write into',
      error,
    )
  }
}

async function fetchFile(
  remote: Remote,
  snapshot: string,
  { name, bytes, sha256 }: ListedFile,
  path: string,
  write: Write,
): Promise<void> {
  const key = keyOf(snapshot, name)
  const on = `${remote.address}/${key}`
  const found = await remote.open(key)
  if (found === undefined || found === 'unchanged') throw missing(on)
  const hash = createHash('sha256')
  let size = 0
  async function* checked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      size += chunk.length
      if (size > bytes) throw damaged('A file of a snapshot is too long', on, `${bytes} bytes`)
      hash.update(chunk)
      yield chunk
    }
    const read = hash.digest('hex')
    if (size !== bytes || read !== sha256) {
      const expected = `${bytes} bytes with sha256 ${sha256}, found ${size} bytes with ${read}`
      throw damaged('A file of a snapshot is damaged', on, expected)
    }
  }
  try {
    await write(path, checked(found.bytes))
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

/**
 * Makes the files the current version. The same data version may stand there with other times of retrieval: its content is the
 * same, so that each file takes the place of its like, those of feeds before the list that names them.
 */
async function apply(data: string, snapshot: string, { dataVersion, files }: Listing, folder: string): Promise<void> {
  const versions = join(data, VERSIONS_FOLDER)
  const target = join(versions, dataVersion)
  const before = await currentVersion(data).catch(() => undefined)
  await syncFiles(folder)
  // From here on the version may be in between: who is stopped here begins again.
  await rm(join(data, APPLIED_FILE), { force: true })
  if (await isThere(target)) await replaceLikes(target, files, folder)
  else await rename(folder, target)
  await replaceFile(data, CURRENT_FILE, `${dataVersion}\n`)
  await replaceFile(data, APPLIED_FILE, `${snapshot}\n`)
  if (before !== dataVersion) await prune(versions, new Set([dataVersion, before]))
}

async function replaceLikes(target: string, files: readonly ListedFile[], folder: string): Promise<void> {
  const names = files.map(({ name }) => name).toSorted()
  const feedsBefore = await readFile(join(target, STORE_FILES.feeds), 'utf8').catch(() => '')
  for (const name of names) await rename(join(folder, name), join(target, name))
  await rm(folder, { recursive: true })
  // Whoever has the list of feeds before still finds its files.
  for (const name of await readdir(target))
    if (!names.includes(name) && !feedsBefore.includes(`"${name}"`)) await rm(join(target, name))
}

/** What the publisher refused is told here too. */
async function noteQuarantine(data: string, { quarantine }: Current): Promise<void> {
  const text = `${JSON.stringify(quarantine, null, 1)}\n`
  const held = await readFile(join(data, QUARANTINE_FILE), 'utf8').catch(() => undefined)
  if (text === held) return
  await mkdir(data, { recursive: true })
  await replaceFile(data, QUARANTINE_FILE, text)
}

async function isWhole(path: string, { bytes, sha256 }: ListedFile): Promise<boolean> {
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  )
  if (size !== bytes) return false
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex') === sha256
}

/** A file is never changed in place, so that two versions may hold the same one. Not every disk can. */
const share = (held: string, path: string): Promise<void> => link(held, path).catch(() => copyFile(held, path))

const writeThrough: Write = (path, bytes) => pipeline(bytes, createWriteStream(path, { flags: 'wx' }))

async function syncFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const handle = await open(join(folder, name), 'r+')
    await handle.sync().finally(() => handle.close())
  }
}

async function replaceFile(data: string, name: string, text: string): Promise<void> {
  const temporary = join(data, `.${name}-${process.pid}`)
  await writeFile(temporary, text)
  const handle = await open(temporary, 'r+')
  await handle.sync().finally(() => handle.close())
  await rename(temporary, join(data, name))
}

async function clearUnfinished(versions: string, keep: string): Promise<void> {
  for (const name of await readdir(versions))
    if (name.startsWith(PULLING) && name !== keep) await rm(join(versions, name), { recursive: true, force: true })
}

async function prune(versions: string, keep: ReadonlySet<string | undefined>): Promise<void> {
  for (const name of await readdir(versions))
    if (!keep.has(name)) await rm(join(versions, name), { recursive: true, force: true })
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

function within(text: Uint8Array | undefined, on: string): Uint8Array {
  if (text !== undefined) return text
  throw damaged('A file of the snapshots is too long', on, 'a few kilobytes')
}

const missing = (on: string): StratesError =>
  damaged('A file of a snapshot is missing', on, 'the file that the snapshot lists')
