import { createHash } from 'node:crypto'
import { z } from 'zod'
import { StratesError, type ErrorCode } from '../observations/error.ts'

/** The one file that is ever replaced: it names the snapshot to serve. */
export const CURRENT_KEY = 'current.json'
/** The list of the files of a snapshot, in the folder of the snapshot. */
export const LISTING_FILE = 'snapshot.json'
/** The layout of the two files; a reader refuses any other. */
export const SNAPSHOT_LAYOUT = 1

/** The largest of each that is read, in bytes. */
export const MOST_BYTES = { current: 1_000_000, listing: 20_000_000 } as const

const SHA256 = z.string().regex(/^[0-9a-f]{64}$/)
const SNAPSHOT_NAME = z.string().regex(/^[0-9a-f]{16}\.[0-9a-f]{8}$/)
const DATA_VERSION = z.string().regex(/^[0-9a-f]{16}$/)
/** Names of files come from elsewhere: none leads out of the folder, or is hidden in it. */
const FILE_NAME = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/)

const CURRENT = z.object({
  layout: z.literal(SNAPSHOT_LAYOUT),
  format: z.number().int(),
  snapshot: SNAPSHOT_NAME,
  sha256: SHA256,
  publishedAt: z.iso.datetime(),
  quarantine: z.array(z.object({ dataset: z.string(), code: z.string(), message: z.string(), since: z.string() })),
  kept: z.array(SNAPSHOT_NAME),
})

const LISTING = z.object({
  layout: z.literal(SNAPSHOT_LAYOUT),
  dataVersion: DATA_VERSION,
  files: z
    .array(z.object({ name: FILE_NAME, bytes: z.number().int().nonnegative(), sha256: SHA256 }))
    .min(1)
    .max(10_000),
})

/** `current.json`. */
export interface Current {
  readonly layout: typeof SNAPSHOT_LAYOUT
  /** The layout of the store in it, see `STORE_FORMAT`. */
  readonly format: number
  /** The data version, a dot, and the first eight digits of the sha256 of the listing: what is beside the content counts too. */
  readonly snapshot: string
  /** Of the listing, to the byte. */
  readonly sha256: string
  readonly publishedAt: string
  /** The datasets whose newest file the publisher refused. */
  readonly quarantine: readonly {
    readonly dataset: string
    readonly code: string
    readonly message: string
    readonly since: string
  }[]
  /** The snapshots that are kept, the newest first. */
  readonly kept: readonly string[]
}

/** `snapshot.json`: every file of a snapshot, by name. */
export interface Listing {
  readonly layout: typeof SNAPSHOT_LAYOUT
  readonly dataVersion: string
  readonly files: readonly ListedFile[]
}

/** One file of a snapshot. */
export interface ListedFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** Where a file of a snapshot is: nothing there is ever changed. */
export const keyOf = (snapshot: string, file: string): string => `versions/${snapshot}/${file}`

/** The sha256 of some bytes, in hexadecimal. */
export const sha256Of = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The name of a snapshot. */
export const snapshotName = (dataVersion: string, listingSha256: string): string =>
  `${dataVersion}.${listingSha256.slice(0, 8)}`

/**
 * Reads `current.json`.
 * @throws StratesError SNAPSHOT_CORRUPT when it is not as a publisher writes it.
 */
export const readCurrent = (text: Uint8Array, on: string): Current => readAs(CURRENT, text, on)

/**
 * Reads `snapshot.json`; its files make a version of the store.
 * @throws StratesError SNAPSHOT_CORRUPT when it is not as a publisher writes it.
 */
export function readListing(text: Uint8Array, on: string): Listing {
  const listing = readAs(LISTING, text, on)
  const names = new Set(listing.files.map(({ name }) => name))
  if (names.size === listing.files.length && !names.has(LISTING_FILE)) return listing
  throw damaged('The list of files of a snapshot names a file twice, or itself', on, 'each file once')
}

function readAs<Shape extends z.ZodType>(shape: Shape, text: Uint8Array, on: string): z.infer<Shape> {
  try {
    return shape.parse(JSON.parse(Buffer.from(text).toString('utf8')))
  } catch (cause) {
    throw damaged('A file of the snapshots is damaged', on, 'the JSON that npm run ingest writes', cause)
  }
}

/** A snapshot that is not as it was published. */
export const damaged = (what: string, on: string, expected: string, cause?: unknown): StratesError =>
  snapshotError('SNAPSHOT_CORRUPT', what, on, expected, cause)

/** Snapshots that cannot be had, or put, at the moment. */
export const unreachable = (what: string, on: string, expected: string, cause?: unknown): StratesError =>
  snapshotError('SNAPSHOT_UNREACHABLE', what, on, expected, cause)

const REMEDIES = {
  SNAPSHOT_CORRUPT: 'It is tried again; publish anew with npm run ingest if it stays so.',
  SNAPSHOT_UNREACHABLE: 'It is tried again; STRATES_STORE_URL or DATABASE_URL says where snapshots are.',
} satisfies Partial<Record<ErrorCode, string>>

function snapshotError(
  code: keyof typeof REMEDIES,
  what: string,
  on: string,
  expected: string,
  cause: unknown,
): StratesError {
  return new StratesError({ code, what, on, expected, remedy: REMEDIES[code], cause })
}
