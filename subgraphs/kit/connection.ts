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

/**
 * Cuts a page out of a list in id order. A cursor names the entry it follows, so it stays right when entries come or go.
 * @throws StratesError INVALID_PAGE for `first` out of range or a cursor that is none.
 */
export function connectionOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  { first, after }: PageArguments,
): Connection<Item> {
  const size = first ?? 50
  if (size < 0 || size > LARGEST_PAGE) {
    throw new StratesError({
      code: 'INVALID_PAGE',
      what: 'A page cannot have this size',
      on: `first: ${size}`,
      expected: `a number from 0 to ${LARGEST_PAGE}`,
      remedy: 'Ask for less, then go on with pageInfo.endCursor as after.',
    })
  }
  const start = after === null || after === undefined ? 0 : startAfter(items, after)
  const page = items.slice(start, start + size)
  const edges = page.map((node) => ({ cursor: cursorOf(node.id), node }))
  return {
    totalCount: items.length,
    edges,
    nodes: page,
    pageInfo: {
      hasNextPage: start + page.length < items.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

const cursorOf = (id: string): string => Buffer.from(id).toString('base64url')

function startAfter(items: readonly { readonly id: string }[], cursor: string): number {
  const id = Buffer.from(cursor, 'base64url').toString()
  const position = items.findIndex((item) => item.id === id)
  if (position !== -1) return position + 1
  throw new StratesError({
    code: 'INVALID_PAGE',
    what: 'This cursor is not of this list',
    on: `after: ${JSON.stringify(cursor)}`,
    expected: 'a cursor that an earlier page of the same list gave',
    remedy: 'Start again without after.',
  })
}
