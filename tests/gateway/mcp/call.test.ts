import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { callTool } from '../../../gateway/doors/mcp/call.ts'
import { toolsOf, type Tool } from '../../../gateway/doors/mcp/tools.ts'
import { operationOf } from '../../../gateway/doors/operations/operation.ts'
import { DEFAULT_LIMITS } from '../../../gateway/guard/limits.ts'
import { unlimited } from '../../../gateway/guard/rate.ts'
import type { Visit } from '../../../gateway/routes.ts'

/* What one call asks and gives, over answers written by hand. */

const SCHEMA = buildSchema(`
  type Query { medians: [Figure!]  page(first: Int, after: String): Page }
  type Page { nodes: [Name!]!  totalCount: Int!  pageInfo: PageInfo! }
  type Name { name: String! }
  type PageInfo { hasNextPage: Boolean!  endCursor: String }
  type Figure { value: Float  status: ObservationStatus!  simulated: Boolean!  notes: [String!]!  provenance: Source! }
  type Source { attribution: String! }
  enum ObservationStatus { NORMAL  "The measure cannot be added up to this tier." NON_ADDITIVE }
`)
const [medians, page] = toolsOf(
  [
    operationOf('medians', '# Medians.\n# Fr: Une question.\nquery Medians { medians { value notes } }'),
    operationOf(
      'page',
      '# Names.\n# Fr: Une question.\n# Rows: page.nodes\nquery Page($first: Int = 50, $after: String) { page(first: $first, after: $after) { nodes { name } } }',
    ),
  ],
  SCHEMA,
) as [Tool, Tool]

const VISIT = { account: unlimited(0) } as Visit

/** Calls a tool of which every question gets the answer that `answer` makes of its variables. */
async function call(tool: Tool, given: object, answer: (variables: Record<string, unknown>) => object) {
  const asked: Record<string, unknown>[] = []
  const ask = async (_: Visit, { variables }: { readonly variables?: unknown }) => {
    asked.push(variables as Record<string, unknown>)
    return { status: 200, headers: {}, body: JSON.stringify({ data: answer(variables as Record<string, unknown>) }) }
  }
  const { content, isError, structuredContent } = await callTool(
    { schema: SCHEMA, limits: DEFAULT_LIMITS, ask },
    tool,
    given as Record<string, unknown>,
    VISIT,
  )
  return { text: content[0]?.text ?? '', isError, data: structuredContent?.['data'] as any, asked }
}

const median = (value: number | null, notes: readonly string[] = []) => ({
  value,
  status: value === null ? 'NON_ADDITIVE' : 'NORMAL',
  simulated: false,
  notes,
  provenance: { attribution: 'A' },
})

describe('a question about what does not add up', () => {
  it('is refused with the reason', async () => {
    const { text, isError, data } = await call(medians, {}, () => ({
      medians: [median(null, ['A median of medians.'])],
    }))
    expect([isError, data]).toEqual([true, undefined])
    expect(text).toMatch(/^NON_ADDITIVE: .*cannot be put together \(medians\)\. Expected: a tier at which/)
    expect(text).toContain('The measure cannot be added up to this tier. A median of medians.')
  })

  it('is answered as far as something else is asked', async () => {
    const { text, isError } = await call(medians, {}, () => ({ medians: [median(null), median(3)] }))
    expect(isError).toBeUndefined()
    expect(text).toMatch(/no value, NON_ADDITIVE \[1\][^]*3, NORMAL \[1\]/)
    expect(text).toContain('NON_ADDITIVE: The measure cannot be added up to this tier.')
  })
})

describe('an answer that is too long', () => {
  const pageOf = (length: number) => (variables: Record<string, unknown>) => {
    const first = Number(variables['first'])
    const nodes = Array.from({ length: first }, (_, at) => ({ name: `${at} ${'x'.repeat(length)}` }))
    return { page: { nodes, totalCount: 400, pageInfo: { hasNextPage: true, endCursor: `after-${first}` } } }
  }

  it('is asked again with fewer rows, so that the cursor is right', async () => {
    const { asked, data, text } = await call(page, { first: 200 }, pageOf(1500))
    expect(asked.map(({ first }) => first)).toEqual([50, 25])
    expect([data.page.nodes.length, data.page.pageInfo.endCursor]).toEqual([25, 'after-25'])
    expect(text).toContain('Rows of page.nodes: 25 of 400. To go on, ask again with after: "after-25".')
  })

  it('is asked once where it is short', async () => {
    expect((await call(page, { first: 3 }, pageOf(10))).asked).toEqual([{ first: 3 }])
  })

  it('is cut in its text where one row is too long already, and says so', async () => {
    const { text } = await call(page, {}, pageOf(100_000))
    expect(text).toMatch(/CUT: 40000 of \d{6} characters/)
  })

  it('is not made of a size that is no number', async () => {
    const { text, isError } = await call(page, { first: 'many' }, pageOf(1))
    expect([isError, text]).toEqual([true, expect.stringMatching(/^INVALID_OPTION: .*first: "many"/)])
  })
})
