/** A list of which not all is shown. */
export interface Part {
  /** The keys that lead to it, joined by points. */
  readonly at: string
  /** How many entries are shown. */
  readonly shown: number
  /** How many there are; undefined where that was not asked. */
  readonly of: number | undefined
  /** The place of the first one shown, from 1, where it is not the first of all. */
  readonly from?: number
  /** The argument by which to go on; absent where nothing follows, or where the question has to be narrowed. */
  readonly next?: Readonly<Record<string, string | number>>
  /** Whether more follows. */
  readonly more: boolean
}

/** Options of {@link capLists}. */
export interface CapOptions {
  /** The most entries of a list. */
  readonly rows: number
  /** The lists whose entries may be asked for from a place on (`fromRow`), as their keys joined by points. */
  readonly lists?: readonly string[]
  /** That place, from 1. */
  readonly fromRow?: number
}

/** What is left of an answer, and of which of its lists something was left out. */
export interface Capped {
  readonly data: unknown
  readonly parts: readonly Part[]
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Leaves so many entries of each list of an answer, and tells of each list that is not whole: how many of how many, and how to go
 * on. A page of a longer list is told of too, and its cursor is taken away where it would lead past what was left out.
 */
export function capLists(data: unknown, { rows, lists = [], fromRow = 1 }: CapOptions): Capped {
  const parts = new Map<string, Part>()
  return { data: capped(data, []), parts: [...parts.values()] }

  function capped(value: unknown, keys: readonly string[]): unknown {
    if (Array.isArray(value)) return cutList(value, keys)
    if (typeof value !== 'object' || value === null) return value
    const page = pageOf(value as Fields)
    const left = Object.fromEntries(
      Object.entries(value).map(([key, below]) => {
        const isPage = page !== undefined && below === page.entries
        return [key, isPage ? entriesOf(page, [...keys, key]) : capped(below, [...keys, key])]
      }),
    )
    // The cursor of the page would lead past what was left out.
    if (page === undefined || page.entries.length <= rows || page.endCursor === undefined) return left
    return { ...left, pageInfo: { ...(left['pageInfo'] as Fields), endCursor: null } }
  }

  /** A whole list, which may be asked for from a place on. */
  function cutList(list: readonly unknown[], keys: readonly string[]): readonly unknown[] {
    const at = keys.join('.')
    const isAsked = lists.includes(at)
    const from = isAsked ? fromRow : 1
    const end = from - 1 + rows
    const left = list.slice(from - 1, end)
    if (left.length < list.length) {
      const more = end < list.length
      const next = more && isAsked ? { fromRow: end + 1 } : undefined
      tell({ at, shown: left.length, of: list.length, more, ...(from > 1 && { from }), ...(next && { next }) })
    }
    return left.map((entry) => capped(entry, keys))
  }

  /** The entries of a page, of which a longer list may have more. */
  function entriesOf({ entries, total, hasNext, endCursor }: Page, keys: readonly string[]): readonly unknown[] {
    const left = entries.slice(0, rows)
    const shown = left.length
    const wasCut = shown < entries.length
    if (wasCut || hasNext || (total ?? 0) > shown) {
      const more = wasCut || hasNext
      const next = wasCut ? { first: shown } : endCursor == null ? undefined : { after: endCursor }
      tell({ at: keys.join('.'), shown, of: total, more, ...(more && next && { next }) })
    }
    return left.map((entry) => capped(entry, keys))
  }

  /** Of lists in the entries of a list, the longest stands for all. */
  function tell(part: Part): void {
    const known = parts.get(part.at)
    if (known === undefined || (part.of ?? Infinity) > (known.of ?? Infinity)) parts.set(part.at, part)
  }
}

/** A page of a list, as Relay writes it. */
interface Page {
  readonly entries: readonly unknown[]
  readonly total: number | undefined
  readonly hasNext: boolean
  /** Null where it was asked for and there is none. */
  readonly endCursor: string | null | undefined
}

function pageOf({ nodes, edges, totalCount, pageInfo }: Fields): Page | undefined {
  const entries = Array.isArray(nodes) ? nodes : edges
  if (!Array.isArray(entries) || (totalCount === undefined && pageInfo === undefined)) return undefined
  const { hasNextPage, endCursor } = (pageInfo ?? {}) as PageInfo
  const total = typeof totalCount === 'number' ? totalCount : undefined
  // Where nobody asked whether more follows, the count tells; the last page of several is then told as one of more.
  const hasNext = hasNextPage ?? (total ?? 0) > entries.length
  return { entries, total, hasNext, endCursor }
}

interface PageInfo {
  readonly hasNextPage?: boolean
  readonly endCursor?: string | null
}
