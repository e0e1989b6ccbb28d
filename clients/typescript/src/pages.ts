import type { AskOptions, Asked, Client } from './client.ts'
import type { Answer, StratesDocument } from './document.ts'
import { StratesClientError } from './error.ts'

/** Variables of a question that has pages. */
export interface Paged {
  /** The cursor after which a page begins. */
  readonly after?: string | null | undefined
}

/** A page of a list, as Relay has it. */
export interface Connection {
  /** How many entries all pages have. */
  readonly totalCount?: number
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
  readonly nodes?: readonly unknown[] | null
  readonly edges?: readonly unknown[] | null
}

/** What a list is made of: its nodes, or its edges where it was only asked for these. */
export type EntryOf<Found extends Connection> = NonNullable<
  Found extends { readonly nodes: infer Nodes }
    ? ItemOf<Nodes>
    : Found extends { readonly edges: infer Edges }
      ? ItemOf<Edges>
      : never
>

type ItemOf<List> = NonNullable<List> extends readonly (infer Item)[] ? Item : never

/** A page of a list, with the answer that it came in. */
export interface Page<Data, Found extends Connection> {
  /** Its entries; null stands for one whose owner did not answer, see `answer.errors`. */
  readonly entries: readonly (EntryOf<Found> | null)[]
  readonly connection: Found
  readonly answer: Answer<Data>
}

/** See {@link Client.pages}. */
export async function* readPages<Data, Variables extends Paged, Found extends Connection>(
  client: Pick<Client, 'ask'>,
  document: StratesDocument<Data, Variables>,
  variables: Variables,
  connectionOf: (data: Data) => Found | null | undefined,
  options: AskOptions = {},
): AsyncGenerator<Page<Data, Found>, void, undefined> {
  const { operationName } = document
  let after = variables.after
  let version: string | undefined
  for (let isFirst = true; ; isFirst = false) {
    const asked = [{ ...variables, ...(after != null && { after }) }, options] as unknown as Asked<Variables>
    const answer = await client.ask(document, ...asked)
    if (!isFirst && answer.dataVersion !== version) throw versionChanged(operationName, version, answer.dataVersion)
    version = answer.dataVersion
    const connection = connectionOf(answer.data)
    const list = connection?.nodes ?? connection?.edges
    if (connection == null || list == null) throw partial(answer, operationName)
    yield { entries: list as Page<Data, Found>['entries'], connection, answer }
    const { hasNextPage, endCursor } = connection.pageInfo
    if (!hasNextPage) return
    if (endCursor == null || endCursor === after) throw noCursor(operationName, endCursor)
    after = endCursor
  }
}

/** See {@link Client.entries}. */
export async function* readEntries<Data, Variables extends Paged, Found extends Connection>(
  ...asked: Parameters<typeof readPages<Data, Variables, Found>>
): AsyncGenerator<EntryOf<Found>, void, undefined> {
  const [, { operationName }] = asked
  for await (const { entries, answer } of readPages(...asked)) {
    if (answer.errors.length > 0) throw partial(answer, operationName)
    for (const entry of entries) if (entry !== null) yield entry
  }
}

function partial({ errors }: Answer<unknown>, operationName: string): StratesClientError {
  const [first] = errors
  return new StratesClientError({
    code: first?.extensions?.code ?? 'PARTIAL_ANSWER',
    message:
      first?.message ?? `The answer to ${operationName} has no list there: does the document ask for nodes or edges?`,
    errors,
  })
}

function versionChanged(operationName: string, before: string | undefined, now: string | undefined) {
  const message = `New data was published while the pages of ${operationName} were read: the first were of version ${before}, this one is of ${now}. Read them again from the first.`
  return new StratesClientError({ code: 'VERSION_CHANGED', message })
}

const noCursor = (operationName: string, endCursor: string | null | undefined): StratesClientError =>
  new StratesClientError({
    code: 'BAD_ANSWER',
    message: `A page of ${operationName} says that another follows it, and not after which cursor (${endCursor}). Ask for pageInfo { hasNextPage endCursor }.`,
  })
