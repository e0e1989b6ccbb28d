import { csvCells, csvHead, csvTexts, jsonMembers, undefused } from '../../../core/observations/cellText.ts'
import {
  FEED_COLUMNS,
  FEED_KEY,
  VERSION_COLUMNS,
  type FeedCell,
  type FeedColumn,
} from '../../../core/observations/feed.ts'
import {
  findFeedList,
  readFeed,
  type FeedFileRecord,
  type FeedList,
  type FeedRecord,
} from '../../../core/store/feeds.ts'
import type { Store } from '../../../core/store/open.ts'
import type { SentFile } from '../file.ts'
import { factsOf } from './tables.ts'

/** What changed in a feed since a version of the data, or why that cannot be told. */
export type Delta =
  | {
      readonly kind: 'CHANGES'
      /** Whether it is the same file, so that nothing has to be compared. */
      readonly isSame: boolean
      /** How many bytes of both are unpacked to compare them. */
      readonly bytes: number
      readonly file: Pick<SentFile, 'name' | 'mediaType' | 'links' | 'headers' | 'etag'>
      readonly pieces: AsyncIterable<Uint8Array>
    }
  | { readonly kind: 'NO_SUCH_FEED' | 'NO_SUCH_FORMAT' | 'UNKNOWN_VERSION' }
  | { readonly kind: 'NOT_HELD'; readonly held: readonly string[] }

/** What happened to a row; the first column of a delta. */
const CHANGE_COLUMN: FeedColumn = {
  name: 'change',
  type: 'string',
  description: 'added, revised (the row as it is now) or removed (the row as it was).',
  nullable: false,
}

const DELTA_COLUMNS = [CHANGE_COLUMN, ...FEED_COLUMNS]

/** Says what changed in the feeds of a store since an older version of which the feeds are still on disk. */
export function createDeltas(
  { feeds: current, folder, manifest, versions }: Pick<Store, 'feeds' | 'folder' | 'manifest' | 'versions'>,
  folderOf: (version: string) => string,
): (name: string, since: string) => Promise<Delta> {
  return async (name, since) => {
    const feed = current.feeds.find((one) => one.files.some(({ format }) => name === `${one.name}.${format}`))
    const dataset = manifest.datasets.find(({ id }) => id === feed?.dataset)
    if (feed === undefined || dataset === undefined) return { kind: 'NO_SUCH_FEED' }
    const format = name.slice(feed.name.length + 1)
    if (format !== 'csv' && format !== 'ndjson') return { kind: 'NO_SUCH_FORMAT' }
    const known = versions.map(({ dataVersion }) => dataVersion)
    if (!known.includes(since)) return { kind: 'UNKNOWN_VERSION' }
    const before = await listOf(since)
    if (before === undefined) return { kind: 'NOT_HELD', held: await heldOf(known) }
    const then = csvOf(before.feeds.find((one) => one.name === feed.name))
    const now = csvOf(feed)
    const facts = factsOf(feed, format, dataset, current.dataVersion)
    const tag = [then, now].map((file) => file?.sha256.slice(0, 16) ?? 'none').join('-')
    const isSame = then?.sha256 === now?.sha256
    const from = then === undefined || isSame ? undefined : readFeed(folderOf(since), then)
    const to = now === undefined || isSame ? undefined : readFeed(folder, now)
    return {
      kind: 'CHANGES',
      isSame,
      bytes: isSame ? 0 : (then?.bytes ?? 0) + (now?.bytes ?? 0),
      file: { ...facts, name: `${feed.name}-since-${since}.${format}`, etag: `"${tag}-${format}"` },
      pieces: writeDelta(from, to, format),
    }
  }

  /** The feeds of a version; undefined where they are not on disk any more. */
  async function listOf(version: string): Promise<FeedList | undefined> {
    return version === current.dataVersion ? current : findFeedList(folderOf(version))
  }

  async function heldOf(known: readonly string[]): Promise<readonly string[]> {
    const lists = await Promise.all([...new Set(known)].map(listOf))
    return lists.flatMap((list) => (list === undefined ? [] : [list.dataVersion]))
  }
}

const csvOf = (feed: FeedRecord | undefined): FeedFileRecord | undefined =>
  feed?.files.find(({ format }) => format === 'csv')

/** How much text is sent in one piece. */
const PIECE_CHARACTERS = 65_536

/** The rows that one text has and the other has not, or has otherwise; both are in the order of their keys. */
async function* writeDelta(
  before: AsyncIterable<Uint8Array> | undefined,
  after: AsyncIterable<Uint8Array> | undefined,
  format: 'csv' | 'ndjson',
): AsyncGenerator<Uint8Array, void> {
  const [from, to] = [rowsOf(before), rowsOf(after)]
  let text = format === 'csv' ? `${csvHead(DELTA_COLUMNS)}\r\n` : ''
  try {
    let [then, now] = [await nextOf(from), await nextOf(to)]
    while (then !== undefined || now !== undefined) {
      // Most rows are the same: they are not taken apart.
      const isSame = then !== undefined && then.facts === now?.facts
      const order = isSame ? 0 : orderOf(then, now)
      if (order < 0 && then) text += lineOf('removed', then, format)
      if (order > 0 && now) text += lineOf('added', now, format)
      if (order === 0 && !isSame && now) text += lineOf('revised', now, format)
      if (order <= 0) then = from.take() ?? (await nextOf(from))
      if (order >= 0) now = to.take() ?? (await nextOf(to))
      if (text.length < PIECE_CHARACTERS) continue
      yield Buffer.from(text)
      text = ''
    }
    if (text !== '') yield Buffer.from(text)
  } finally {
    await Promise.all([from.close(), to.close()])
  }
}

interface Row {
  /** The line without what changes with each version. */
  readonly facts: string
  readonly line: string
  /** What it is about, once that was asked. */
  key?: readonly FeedCell[]
}

interface Rows {
  /** The next row, where it is in memory. */
  take(): Row | undefined
  /** Reads on; false at the end. */
  read(): Promise<boolean>
  close(): Promise<void>
}

async function nextOf(rows: Rows): Promise<Row | undefined> {
  for (;;) {
    const row = rows.take()
    if (row !== undefined) return row
    if (!(await rows.read())) return undefined
  }
}

/** The rows of a feed in CSV, a block at a time. Every block ends with a line. */
function rowsOf(text: AsyncIterable<Uint8Array> | undefined): Rows {
  const blocks = text?.[Symbol.asyncIterator]()
  let lines: readonly string[] = []
  let at = 0
  let isHead = true
  let suffix: string | undefined
  return {
    take() {
      const line = lines[at]
      if (line === undefined) return undefined
      at += 1
      suffix ??= suffixOf(line)
      return { line, facts: line.slice(0, line.length - suffix.length) }
    },
    async read() {
      const block = await blocks?.next()
      if (block === undefined || block.done === true) return false
      lines = Buffer.from(block.value).toString().split('\r\n').slice(0, -1)
      at = isHead ? 1 : 0
      isHead = false
      return true
    },
    async close() {
      await blocks?.return?.()
    },
  }
}

/** The columns that change with each version: the same on every row of a feed, and its last. */
const suffixOf = (line: string): string =>
  csvCells(FEED_COLUMNS.slice(-VERSION_COLUMNS), cellsOf(line).slice(-VERSION_COLUMNS))

const cellsOf = (line: string): readonly FeedCell[] => csvTexts(line).map(cellOf)

function cellOf(text: string, position: number): FeedCell {
  const type = FEED_COLUMNS[position]?.type
  if (type === 'boolean') return text === 'true'
  if (type === 'integer' || type === 'number') return text === '' ? null : Number(text)
  return undefused(text)
}

const KEY = FEED_KEY.map((name) => FEED_COLUMNS.findIndex((column) => column.name === name))

/** How many cells must be read to know what a row is about. */
const KEY_CELLS = Math.max(...KEY) + 1

/** What a row is about. It is read once: a row may be held against many of the other file. */
function keyOf(row: Row): readonly FeedCell[] {
  if (row.key !== undefined) return row.key
  const texts = csvTexts(row.line, KEY_CELLS)
  row.key = KEY.map((position) => cellOf(texts[position] ?? '', position))
  return row.key
}

/** Which of two rows comes first: below 0, the one before; above, the one after; 0 where both are about the same. */
function orderOf(then: Row | undefined, now: Row | undefined): number {
  if (then === undefined || now === undefined) return then === undefined ? 1 : -1
  const [left, right] = [keyOf(then), keyOf(now)]
  for (let column = 0; column < KEY.length; column += 1) {
    const [one, other] = [left[column] ?? '', right[column] ?? '']
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

function lineOf(change: string, { line }: Row, format: 'csv' | 'ndjson'): string {
  if (format === 'csv') return `"${change}",${line}\r\n`
  return `{${jsonMembers(DELTA_COLUMNS, [change, ...cellsOf(line)])}}\n`
}
