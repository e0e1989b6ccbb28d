import { StratesError } from '../../core/observations/error.ts'

/** The most entries that one page may hold. */
export const LARGEST_PAGE = 1000

/** A page of a list (Relay's connection). */
export interface Connection<Item> {
  readonly totalCount: number
  readonly edges: readonly { readonly cursor: string; readonly node: Item }[]
  readonly nodes: readonly Item[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

/** What a caller asks of a list. */
export interface PageArguments {
  readonly first?: number | null
  readonly after?: string | null
}

/** How the entries of a list are named by cursors and shown as nodes. */
interface EntryRules<Entry, Node> {
  readonly idOf: (entry: Entry) => string
  readonly nodeOf: (entry: Entry, position: number) => Node
  /** Where the list goes on after a cursor, given as it was written too, for a list that knows without looking for the entry. */
  readonly startAfter?: (id: string, cursor: string) => number
}

/**
 * Cuts a page out of a list of things that have an id. A cursor names the entry it follows, so it stays right when entries
 * come or go.
 * @throws StratesError INVALID_PAGE for `first` out of range or a cursor that is none.
 */
export const connectionOf = <Item extends { readonly id: string }>(
  items: readonly Item[],
  page: PageArguments,
): Connection<Item> => pageOf(items, page, { idOf: ({ id }) => id, nodeOf: (item) => item })

/**
 * The same for a list of entries that are made into nodes only when they are on the page.
 * @throws StratesError INVALID_PAGE for `first` out of range or a cursor that is none.
 */
export function pageOf<Entry, Node>(
  entries: readonly Entry[],
  { first, after }: PageArguments,
  { idOf, nodeOf, startAfter = (id, cursor) => positionAfter(entries, { id, cursor }, idOf) }: EntryRules<Entry, Node>,
): Connection<Node> {
  const size = requirePageSize(first)
  const start =
    after === null || after === undefined ? 0 : startAfter(Buffer.from(after, 'base64url').toString(), after)
  const page = entries.slice(start, start + size)
  const cursorAt = (position: number): string | null => {
    const entry = page.at(position)
    return entry === undefined ? null : cursorOf(idOf(entry))
  }
  const nodes = page.map((entry, position) => nodeOf(entry, start + position))
  return {
    totalCount: entries.length,
    // A cursor for each entry is much to write where only the nodes are asked.
    get edges() {
      return page.map((entry, position) => ({ cursor: cursorOf(idOf(entry)), node: nodes[position] as Node }))
    },
    nodes,
    pageInfo: {
      hasNextPage: start + page.length < entries.length,
      hasPreviousPage: start > 0,
      startCursor: cursorAt(0),
      endCursor: cursorAt(-1),
    },
  }
}

/**
 * The size of a page asked for; 50 where none is.
 * @throws StratesError INVALID_PAGE for one out of range.
 */
export function requirePageSize(first?: number | null): number {
  const size = first ?? 50
  if (size >= 0 && size <= LARGEST_PAGE) return size
  throw new StratesError({
    code: 'INVALID_PAGE',
    what: 'A page cannot have this size',
    on: `first: ${size}`,
    expected: `a number from 0 to ${LARGEST_PAGE}`,
    remedy: 'Ask for less, then go on with pageInfo.endCursor as after.',
  })
}

const cursorOf = (id: string): string => Buffer.from(id).toString('base64url')

function positionAfter<Entry>(
  entries: readonly Entry[],
  { id, cursor }: { readonly id: string; readonly cursor: string },
  idOf: (entry: Entry) => string,
): number {
  const position = entries.findIndex((entry) => idOf(entry) === id)
  if (position !== -1) return position + 1
  throw new StratesError({
    code: 'INVALID_PAGE',
    what: 'This cursor is not of this list',
    on: `after: ${JSON.stringify(cursor)}`,
    expected: 'a cursor that an earlier page of the same list gave',
    remedy: 'Start again without after.',
  })
}
