import { csvCells, csvHead, jsonMembers } from '../core/observations/cellText.ts'
import {
  FEED_COLUMNS,
  FIGURE_COLUMNS,
  PLACE_COLUMNS,
  QUESTION_COLUMNS,
  SOURCE_COLUMNS,
  type FeedCell,
  type FeedColumn,
} from '../core/observations/feed.ts'
import type { FeedFileRecord } from '../core/store/feeds.ts'
import type { FeedRow } from './feedRows.ts'
import { createPackedText } from './packedText.ts'

/** A feed that is being written as text. */
export interface FeedText {
  /** Resolves at once but at the end of a block. */
  append(row: FeedRow): Promise<void> | undefined
  close(): Promise<Omit<FeedFileRecord, 'format' | 'file'>>
}

/** How a row becomes a line. */
interface LineFormat {
  readonly head: string
  readonly begin: string
  readonly end: string
  readonly cells: (columns: readonly Pick<FeedColumn, 'name' | 'type'>[], cells: readonly FeedCell[]) => string
}

const LINES: Readonly<Record<'csv' | 'ndjson', LineFormat>> = {
  csv: {
    head: `${csvHead(FEED_COLUMNS)}\r\n`,
    begin: '',
    end: '\r\n',
    cells: csvCells,
  },
  ndjson: { head: '', begin: '{', end: '}\n', cells: jsonMembers },
}

/** How many rows a block has: half a megabyte, which is what one reader of a feed takes of memory. */
const BLOCK_ROWS = 1024

/** Writes the rows of a feed into a packed file. What many rows share, the place and the source, is encoded once. */
export async function createFeedText(path: string, format: 'csv' | 'ndjson'): Promise<FeedText> {
  const { head, begin, end, cells } = LINES[format]
  const file = await createPackedText(path)
  const shared = new Map<readonly FeedCell[], Uint8Array>()
  let rows = 0
  let used = 0
  let block = Buffer.allocUnsafe(BLOCK_ROWS * 1024)
  put(Buffer.from(head))

  return { append, close }

  function append({ place, question, figure }: FeedRow): Promise<void> | undefined {
    put(encoded(place, () => `${begin}${cells(PLACE_COLUMNS, place)},`))
    put(encoded(question.cells, () => `${cells(QUESTION_COLUMNS, question.cells)},`))
    const text = cells(FIGURE_COLUMNS, figure)
    reserve(text.length)
    // The figure of an observation has no accents: each character is one byte.
    used += block.write(text, used, 'latin1')
    put(encoded(question.source, () => `,${cells(SOURCE_COLUMNS, question.source)}${end}`))
    rows += 1
    return rows % BLOCK_ROWS === 0 ? flush() : undefined
  }

  async function close(): Promise<Omit<FeedFileRecord, 'format' | 'file'>> {
    if (used > 0) await flush()
    return file.close()
  }

  function flush(): Promise<void> {
    const full = block.subarray(0, used)
    used = 0
    // It is packed at once, so that its memory can be used again.
    return file.write(full)
  }

  function put(bytes: Uint8Array): void {
    reserve(bytes.length)
    block.set(bytes, used)
    used += bytes.length
  }

  function reserve(size: number): void {
    if (used + size > block.length) block = Buffer.concat([block], (used + size) * 2)
  }

  function encoded(part: readonly FeedCell[], textOf: () => string): Uint8Array {
    const known = shared.get(part)
    if (known !== undefined) return known
    const made = Buffer.from(textOf())
    shared.set(part, made)
    return made
  }
}
