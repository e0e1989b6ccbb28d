import type { GraphQLSchema } from 'graphql'
import { StratesError } from '../../../core/observations/error.ts'
import { PRICES, type Limits } from '../../guard/limits.ts'
import type { AppResponse } from '../../http/message.ts'
import type { Visit } from '../../routes.ts'
import type { Asked } from '../graphql/request.ts'
import { isNothing, parsed } from '../operations/rest.ts'
import type { Answer } from '../operations/rows.ts'
import { readArguments, type Given } from './arguments.ts'
import { capLists, type CapOptions } from './cap.ts'
import { figuresIn } from './figures.ts'
import { MOST_DATA, MOST_ROWS, MOST_TEXT, ROW_STEPS } from './limits.ts'
import { citedText, type NamedTool, type Tool } from './tools.ts'
import { errorText, meaningOf, writeAnswer } from './write.ts'

/** What a call of a tool gives. */
export interface ToolResult {
  readonly content: { readonly type: 'text'; readonly text: string }[]
  /** The data with what is left out or missing; absent where the call failed. */
  readonly structuredContent?: Readonly<Record<string, unknown>>
  readonly isError?: true
}

/** What is needed to answer calls. */
export interface Calling {
  readonly schema: GraphQLSchema
  readonly limits: Limits
  /** Asks the GraphQL door, which pays, guards and caches. */
  readonly ask: (visit: Visit, asked: Asked) => Promise<AppResponse>
}

/** Calls a tool for whoever sent the request. What goes wrong is a result too, for the model to correct its call. */
export async function callTool(calling: Calling, tool: Tool, given: Given, visit: Visit): Promise<ToolResult> {
  try {
    const values = readArguments(tool, given)
    return tool.named === undefined
      ? await askAny(calling, tool, values, visit)
      : await askNamed(calling, tool, tool.named, values, visit)
  } catch (error) {
    if (!(error instanceof StratesError)) throw error
    visit.account.spend(PRICES.refused)
    return failed(`${error.code}: ${error.message}`)
  }
}

async function askAny({ schema, limits, ask }: Calling, tool: Tool, given: Given, visit: Visit): Promise<ToolResult> {
  const { query } = given
  const text = typeof query === 'string' ? citedText(query, schema, limits.tokens) : query
  const answer = parsed(await ask(visit, { ...given, query: text }))
  return await shortest(async (rows) => show(answer, tool, schema, { rows }))
}

/** Pages are asked for as long as they may be shown; of lists without pages, so much is shown. */
async function askNamed(
  { schema, ask }: Calling,
  tool: Tool,
  { asked, connection, lists }: NamedTool,
  { fromRow, ...variables }: Given,
  visit: Visit,
): Promise<ToolResult> {
  const first = Number(variables['first'] ?? MOST_ROWS)
  const put = async (rows: number): Promise<Answer> => {
    const paged = connection === undefined ? variables : { ...variables, first: Math.min(first, rows) }
    return parsed(await ask(visit, { ...asked, variables: paged }))
  }
  let answer: Answer | undefined
  return await shortest(async (rows) => {
    if (answer === undefined || (connection !== undefined && rows < first)) answer = await put(rows)
    return show(answer, tool, schema, { rows, lists, ...(typeof fromRow === 'number' && { fromRow }) })
  })
}

/** The result with the most rows that is short enough; where not even one row is, that. */
async function shortest(attempt: (rows: number) => Promise<Attempt>): Promise<ToolResult> {
  let last: Attempt | undefined
  for (const rows of ROW_STEPS) {
    last = await attempt(rows)
    if (last.isShort) break
  }
  return (last as Attempt).result
}

interface Attempt {
  readonly result: ToolResult
  /** Whether a model may be given that much. */
  readonly isShort: boolean
}

function show(answer: Answer, { question, named }: Tool, schema: GraphQLSchema, options: CapOptions): Attempt {
  const { errors = [], extensions } = answer
  if (isNothing(answer, named?.reader)) return { result: failed(errors.map(errorText).join('\n')), isShort: true }
  const refusal = refusedAddition(answer, schema)
  if (refusal !== undefined) return { result: failed(refusal), isShort: true }

  const { data, parts } = capLists(answer.data, options)
  const version = extensions?.['dataVersion']
  const dataVersion = typeof version === 'string' ? version : undefined
  const text = writeAnswer({ question, data, parts, errors, dataVersion }, schema)
  const structuredContent = {
    data,
    ...(dataVersion !== undefined && { dataVersion }),
    ...(parts.length > 0 && { parts }),
    ...(errors.length > 0 && { errors }),
  }
  const isShort = text.length <= MOST_TEXT && JSON.stringify(structuredContent).length <= MOST_DATA
  return { result: { content: [{ type: 'text', text: cutText(text) }], structuredContent }, isShort }
}

/** One entry alone may be too long. */
function cutText(text: string): string {
  if (text.length <= MOST_TEXT) return text
  return `${text.slice(0, MOST_TEXT)}\nCUT: ${MOST_TEXT} of ${text.length} characters. Ask for less.`
}

/** Where all that was asked for would have to be added up and cannot be, the whole question is refused. */
function refusedAddition({ data }: Answer, schema: GraphQLSchema): string | undefined {
  const figures = figuresIn(data)
  if (figures.length === 0 || !figures.every(({ status }) => status === 'NON_ADDITIVE')) return undefined
  const reasons = new Set([meaningOf('NON_ADDITIVE', schema) ?? '', ...figures.flatMap(({ notes }) => notes)])
  const error = new StratesError({
    code: 'NOT_APPLICABLE',
    what: 'The figures asked for cannot be put together',
    on: figures
      .map(({ at }) => at)
      .slice(0, 5)
      .join(', '),
    expected: 'a tier at which the measure is given, or a measure that adds up',
    remedy: 'The tool measures tells how each may be put together (additivity) and at which tiers it is given.',
  })
  return `NON_ADDITIVE: ${error.message} ${[...reasons].join(' ')}`.trim()
}

const failed = (text: string): ToolResult => ({ content: [{ type: 'text', text }], isError: true })
