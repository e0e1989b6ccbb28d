import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, inflateRaw } from 'node:zlib'
import { FEED_LAYOUT, type FeedFormat } from '../observations/feed.ts'
import type { Tier } from '../territories/code.ts'
import { corrupt } from './current.ts'
import { STORE_FILES } from './manifest.ts'

/** The feeds of a version of the store, as `feeds.json` lists them. */
export interface FeedList {
  readonly layout: number
  readonly dataVersion: string
  readonly feeds: readonly FeedRecord[]
}

/** One feed, in all its formats. */
export interface FeedRecord {
  /** `population-municipale-commune`. */
  readonly name: string
  readonly dataset: string
  readonly tier: Tier
  readonly measures: readonly string[]
  readonly periods: readonly number[]
  readonly rows: number
  readonly files: readonly FeedFileRecord[]
}

/** One file of a feed. */
export interface FeedFileRecord extends PackedFile {
  readonly format: FeedFormat
}

/** A file of a version that is sent as it is, or unpacked. */
export interface PackedFile {
  /** Its name in the folder of the version; a text is kept packed, as gzip. */
  readonly file: string
  /** How many bytes it has, unpacked. */
  readonly bytes: number
  /** How many bytes it takes on disk. */
  readonly packedBytes: number
  /** Of the bytes on disk. */
  readonly sha256: string
  /** Of a packed text: the bytes of each block, unpacked and packed. A block can be unpacked by itself. */
  readonly blocks?: readonly (readonly [bytes: number, packed: number])[]
}

/** Where the blocks of a packed text begin: after the head of a gzip file without a name. */
export const GZIP_HEAD_BYTES = 10

/**
 * Reads the list of feeds of a version.
 * @throws StratesError STORE_CORRUPT when it cannot be read.
 */
export async function readFeedList(folder: string): Promise<FeedList> {
  const path = join(folder, STORE_FILES.feeds)
  try {
    return JSON.parse(await readFile(path, 'utf8')) as FeedList
  } catch (cause) {
    throw corrupt(path, 'The list of feeds cannot be read', 'the JSON that an ingest writes', cause)
  }
}

/** The list of feeds of a version that may be gone; undefined where it is, or is of another layout. */
export async function findFeedList(folder: string): Promise<FeedList | undefined> {
  const list = await readFeedList(folder).catch(() => undefined)
  return list?.layout === FEED_LAYOUT ? list : undefined
}

const unpack = promisify(inflateRaw)

/**
 * The bytes of a feed from `first` to `last`, both included, a block at a time: no more of it is ever in memory. The file is
 * open for as long as its bytes are taken, so that a version which is cleared away meanwhile is still read to the end.
 */
export async function* readFeed(
  folder: string,
  { file, blocks, bytes }: PackedFile,
  first = 0,
  last = bytes - 1,
): AsyncGenerator<Uint8Array, void> {
  if (blocks === undefined) return yield* readPlain(join(folder, file), first, last)
  const handle = await open(join(folder, file))
  try {
    let [at, packedAt] = [0, GZIP_HEAD_BYTES]
    for (const [size, packed] of blocks) {
      if (at > last) return
      if (at + size > first) {
        const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(packed), 0, packed, packedAt)
        const block = bytesRead === packed ? await unpack(buffer, { finishFlush: constants.Z_SYNC_FLUSH }) : buffer
        if (bytesRead !== packed || block.length !== size)
          throw corrupt(join(folder, file), 'A block of a feed is damaged', `${size} bytes`)
        yield block.subarray(Math.max(0, first - at), Math.min(size, last - at + 1))
      }
      at += size
      packedAt += packed
    }
  } finally {
    await handle.close()
  }
}

/** The bytes of a file as they are on disk. */
export async function* readPlain(path: string, first: number, last: number): AsyncGenerator<Uint8Array, void> {
  if (last < first) return
  yield* createReadStream(path, { start: first, end: last }) as AsyncIterable<Uint8Array>
}
