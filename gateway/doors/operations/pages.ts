import { setImmediate } from 'node:timers/promises'
import { StratesError } from '../../../core/observations/error.ts'

/** What came of asking once. */
export interface Reply {
  /** Of a complete answer: its tag. */
  readonly etag: string | undefined
  readonly facts: PageFacts
}

/** What an answer says of the page that it is. */
export interface PageFacts {
  /** The version of the data; undefined where none is told. */
  readonly version: string | undefined
  /** How many rows there are on all pages, where that is told. */
  readonly total: number | undefined
  /** The cursor after which the rows go on; undefined where they end. */
  readonly after: string | undefined
  /** How many rows it has. */
  readonly rows: number
  /** What it was estimated to cost, in points; undefined where that is not told. */
  readonly cost: number | undefined
}

/** All pages of a question, or the one that was asked for. */
export interface Pages<One extends Reply> {
  readonly replies: readonly One[]
  /** Where these are not all rows: how many there are, if that is told. */
  readonly part: { readonly total: number | undefined } | undefined
  /** The cursor after which more rows are. */
  readonly after: string | undefined
}

/** The most rows that are put together from pages; feeds have whole tables. */
const MOST_ROWS = 10_000

/** How many rows a page after the first is asked for, tried in this order: its price may be more than one operation is allowed. */
const PAGE_SIZES = [1000, 250, 50]

/** Options of {@link readPages}. */
export interface PagesOptions<One extends Reply> {
  /** Asks the operation. @throws StratesError for an answer that has no data. */
  readonly ask: (variables: Readonly<Record<string, unknown>>) => Promise<One>
  readonly variables: Readonly<Record<string, unknown>>
  /** Whether the operation has pages. */
  readonly isPaged: boolean
  /** Is told, after the first page, what all pages may cost. @throws StratesError where that is too much. */
  readonly afford: (points: number, rows: number) => void
}

/**
 * Reads all pages of a question, each of the same version of the data. One that says `first` or `after` itself gets that page alone.
 * @throws StratesError LIST_TOO_LONG for more than 10,000 rows, SUBGRAPH_UNAVAILABLE where the data changed twice meanwhile, and what
 * asking throws.
 */
export async function readPages<One extends Reply>(options: PagesOptions<One>): Promise<Pages<One>> {
  const { ask, variables, isPaged } = options
  if (!isPaged || 'first' in variables || 'after' in variables) {
    const reply = await ask(variables)
    const { total, after, rows } = reply.facts
    const isPart = isPaged && ('after' in variables || after !== undefined || (total !== undefined && rows < total))
    return { replies: [reply], part: isPart ? { total } : undefined, after }
  }
  for (const _ of [1, 2]) {
    const replies = await readAll(options)
    const versions = new Set(replies.map(({ facts }) => facts.version))
    if (versions.size === 1) return { replies, part: undefined, after: undefined }
  }
  throw new StratesError({
    code: 'SUBGRAPH_UNAVAILABLE',
    what: 'The data changed while the pages of the answer were read',
    on: 'several pages of two versions',
    expected: 'one version',
    remedy: 'Ask again.',
  })
}

async function readAll<One extends Reply>({ ask, variables, afford }: PagesOptions<One>): Promise<readonly One[]> {
  const first = await ask(variables)
  const replies = [first]
  const { total = Infinity, cost = 0, rows } = first.facts
  if (first.facts.after === undefined) return replies
  if (total > MOST_ROWS) throw tooLong(total)
  afford((cost / Math.max(1, rows)) * total, total)
  let sizes: readonly number[] = PAGE_SIZES
  let read = rows
  for (let after: string | undefined = first.facts.after; after !== undefined;) {
    if (read >= MOST_ROWS) throw tooLong(read)
    const left = total - read
    const { reply, from }: Asked<One> = await askLargest(ask, { ...variables, after }, sizes, left)
    sizes = from
    replies.push(reply)
    read += reply.facts.rows
    after = reply.facts.after
    // Others are answered between two pages.
    await setImmediate()
  }
  return replies
}

interface Asked<One> {
  readonly reply: One
  /** The sizes that are left to be tried. */
  readonly from: readonly number[]
}

/** The next page, as large as may be asked; what was too dear is not tried again. */
async function askLargest<One extends Reply>(
  ask: PagesOptions<One>['ask'],
  variables: Readonly<Record<string, unknown>>,
  sizes: readonly number[],
  left: number,
): Promise<Asked<One>> {
  const [size = 0, ...smaller] = sizes
  try {
    return { reply: await ask({ ...variables, first: Math.min(size, left) }), from: sizes }
  } catch (error) {
    if (!(error instanceof StratesError) || error.code !== 'COST_TOO_HIGH' || smaller.length === 0) throw error
    return askLargest(ask, variables, smaller, left)
  }
}

const tooLong = (found: number): StratesError =>
  new StratesError({
    code: 'LIST_TOO_LONG',
    what: 'The table has too many rows to be put together from pages',
    on: `${found} rows`,
    expected: `at most ${MOST_ROWS}`,
    remedy: 'Ask for less, page by page with first and after, or take a whole table from /v1/feeds/.',
    details: { limit: MOST_ROWS, found },
  })
