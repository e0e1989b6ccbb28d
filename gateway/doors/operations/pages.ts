import { StratesError } from '../../../core/observations/error.ts'
import { versionOf, type Answer } from './rows.ts'

/** What came of asking once. */
export interface Reply {
  readonly answer: Answer
  /** Of a complete answer: its tag. */
  readonly etag: string | undefined
}

/** All pages of a question, or the one that was asked for. */
export interface Pages {
  readonly replies: readonly Reply[]
  /** Where more rows are than these: how many there are in all, and after which cursor they go on. */
  readonly more: { readonly total: number | undefined; readonly after: string } | undefined
}

/** What a connection says of the page that it is. */
interface PageFacts {
  readonly totalCount?: number
  readonly pageInfo?: { readonly hasNextPage?: boolean; readonly endCursor?: string | null }
}

/** The most rows that are put together from pages; feeds have whole tables. */
const MOST_ROWS = 20_000

/** How many rows a page is asked for, tried in this order: the price of a page may be more than one operation is allowed. */
const PAGE_SIZES = [1000, 250, 50]

/** Options of {@link readPages}. */
export interface PagesOptions {
  /** Asks the operation. @throws StratesError for an answer that has no data. */
  readonly ask: (variables: Readonly<Record<string, unknown>>) => Promise<Reply>
  readonly variables: Readonly<Record<string, unknown>>
  /** The keys that lead to the connection; undefined where the operation has no pages. */
  readonly connection: readonly string[] | undefined
}

/**
 * Reads all pages of a question, each of the same version of the data. One that says `first` or `after` itself gets that page alone.
 * @throws StratesError LIST_TOO_LONG for more than 20,000 rows, SUBGRAPH_UNAVAILABLE where the data changed twice meanwhile, and what
 * asking throws.
 */
export async function readPages({ ask, variables, connection }: PagesOptions): Promise<Pages> {
  if (connection === undefined || 'first' in variables || 'after' in variables) {
    const reply = await ask(variables)
    const next = connection && nextOf(reply.answer, connection)
    return { replies: [reply], more: next && { total: next.total, after: next.after } }
  }
  for (const _ of [1, 2]) {
    const replies = await readAll(ask, variables, connection)
    const whole = replies.length === 1 || versionOf(replies.map(({ answer }) => answer)) !== undefined
    if (whole) return { replies, more: undefined }
  }
  throw new StratesError({
    code: 'SUBGRAPH_UNAVAILABLE',
    what: 'The data changed while the pages of the answer were read',
    on: 'several pages of two versions',
    expected: 'one version',
    remedy: 'Ask again.',
  })
}

async function readAll(
  ask: PagesOptions['ask'],
  variables: Readonly<Record<string, unknown>>,
  connection: readonly string[],
): Promise<readonly Reply[]> {
  const { reply, size } = await readFirst(ask, variables)
  const replies = [reply]
  let next = nextOf(reply.answer, connection)
  if (next !== undefined && (next.total ?? 0) > MOST_ROWS) throw tooLong(next.total ?? 0)
  while (next !== undefined && replies.length * size < MOST_ROWS) {
    const more = await ask({ ...variables, first: size, after: next.after })
    replies.push(more)
    next = nextOf(more.answer, connection)
  }
  if (next !== undefined) throw tooLong(next.total ?? MOST_ROWS)
  return replies
}

/** The first page, as large as may be asked. */
async function readFirst(
  ask: PagesOptions['ask'],
  variables: Readonly<Record<string, unknown>>,
): Promise<{ readonly reply: Reply; readonly size: number }> {
  const [last = 0] = PAGE_SIZES.slice(-1)
  for (const size of PAGE_SIZES.slice(0, -1)) {
    try {
      return { size, reply: await ask({ ...variables, first: size }) }
    } catch (error) {
      if (!(error instanceof StratesError) || error.code !== 'COST_TOO_HIGH') throw error
    }
  }
  return { size: last, reply: await ask({ ...variables, first: last }) }
}

/** After which cursor the rows go on; undefined where they end. */
export function nextOf(
  { data }: Answer,
  connection: readonly string[],
): { readonly total: number | undefined; readonly after: string } | undefined {
  let found: unknown = data
  for (const key of connection) found = (found as Readonly<Record<string, unknown>> | null | undefined)?.[key]
  const { totalCount: total, pageInfo } = (found ?? {}) as PageFacts
  const after = pageInfo?.hasNextPage === true ? pageInfo.endCursor : undefined
  return after == null ? undefined : { total, after }
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
