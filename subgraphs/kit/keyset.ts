import { createHash } from 'node:crypto'
import { StratesError } from '../../core/observations/error.ts'
import type { RankingOrder } from '../../core/observations/rank.ts'
import { pageOf, type Connection, type PageArguments } from './connection.ts'

/** By what an entry stands where it stands: what the list is ordered by, null where it has none, then its code. */
export type SortKey = readonly [by: number | string | null, code: string]

/** How a list is ordered and its entries shown. */
interface KeysetRules<Entry, Node> {
  /** What was asked, but for the page: a cursor is of no use to another question. */
  readonly question: unknown
  readonly order: RankingOrder
  readonly keyOf: (entry: Entry) => SortKey
  readonly nodeOf: (entry: Entry, position: number) => Node
}

/**
 * Cuts a page out of a list that is in order of {@link compareKeys}. A cursor holds the question and the key of its entry, so that it
 * stays right when entries come or go, and is refused by a list that is ordered or filtered otherwise.
 * @throws StratesError INVALID_PAGE for `first` out of range, or a cursor of another list, order or filter.
 */
export function keysetPage<Entry, Node>(
  entries: readonly Entry[],
  page: PageArguments,
  { question, order, keyOf, nodeOf }: KeysetRules<Entry, Node>,
): Connection<Node> {
  const print = fingerprintOf(question)
  return pageOf(entries, page, {
    idOf: (entry) => JSON.stringify([print, ...keyOf(entry)]),
    nodeOf,
    startAfter(text, cursor) {
      const key = parseCursor(text, print, cursor)
      const next = entries.findIndex((entry) => compareKeys(keyOf(entry), key, order) > 0)
      return next === -1 ? entries.length : next
    },
  })
}

/** Orders keys: those without a value last whatever the order, those with the same value by code. */
export function compareKeys([left, leftCode]: SortKey, [right, rightCode]: SortKey, order: RankingOrder): number {
  if (left === null || right === null) {
    if (left !== right) return left === null ? 1 : -1
  } else {
    const step = left === right ? 0 : left < right ? -1 : 1
    if (step !== 0) return order === 'ASC' ? step : -step
  }
  if (leftCode === rightCode) return 0
  return leftCode < rightCode ? -1 : 1
}

function parseCursor(text: string, print: string, cursor: string): SortKey {
  try {
    const [asked, by, code] = JSON.parse(text) as [unknown, SortKey[0], unknown]
    if (asked === print && typeof code === 'string') return [by, code]
  } catch {
    // No cursor of ours: refused below.
  }
  throw new StratesError({
    code: 'INVALID_PAGE',
    what: 'This cursor is of another list, filter or order',
    on: `after: ${JSON.stringify(cursor)}`,
    expected: 'a cursor that an earlier page gave, with the same arguments but for first and after',
    remedy: 'Keep the arguments while going from page to page, or start again without after.',
  })
}

/** The same question gives the same print, in whatever order its parts are written. */
function fingerprintOf(question: unknown): string {
  const text = JSON.stringify(question, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, part]) => part !== null && part !== undefined)
            .toSorted(([left], [right]) => (left < right ? -1 : 1)),
        )
      : value,
  )
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}
