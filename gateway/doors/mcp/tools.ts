import { parse, print, type GraphQLSchema } from 'graphql'
import { answerSchema, parameterSchema, type JsonSchema } from '../operations/jsonSchema.ts'
import type { Operation } from '../operations/operation.ts'
import { prepare, type Prepared, type Question } from '../operations/rest.ts'
import { isList, selectedBy } from '../operations/selection.ts'
import { cited } from './cite.ts'
import { MOST_ROWS } from './limits.ts'
import { oncePerPart } from './once.ts'

/** A question that a model may ask. */
export interface Tool {
  /** What `tools/list` tells of it. */
  readonly told: ToolDescription
  /** The question in one sentence, for the text of the answer. */
  readonly question: string
  /** The operation that it asks; undefined for the tool that asks any. */
  readonly named: NamedTool | undefined
}

/** A tool as MCP describes one. */
export interface ToolDescription {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: ObjectSchema
  readonly outputSchema?: ObjectSchema
  readonly annotations: Readonly<Record<string, boolean>>
}

/** A JSON Schema of an object. */
export interface ObjectSchema extends JsonSchema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, JsonSchema>>
}

/** The operation of a tool. */
export interface NamedTool extends Pick<Prepared, 'parameters' | 'connection' | 'reader'> {
  /** The document, with the citation of each figure. */
  readonly asked: Omit<Question, 'variables'>
  /** The lists without pages whose entries may be asked for from a place on, as their keys joined by points. */
  readonly lists: readonly string[]
}

/** Nothing is changed, and nothing asked of the world outside the store. */
const ANNOTATIONS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }

/** A longer description of an answer than so many characters is left out: a model has to read all tools before the first call. */
const MOST_SCHEMA = 10_000

/** One tool an operation, in their order, and one that asks any question. */
export const toolsOf = (operations: readonly Operation[], schema: GraphQLSchema): readonly Tool[] => [
  ...operations.map((operation) => toolOf(operation, schema)),
  GRAPHQL,
]

function toolOf(operation: Operation, schema: GraphQLSchema): Tool {
  const { name, question, operationName } = operation
  const { parameters, connection, reader } = prepare(operation, schema)
  const document = cited(operation.document, schema)
  const text = document === operation.document ? operation.text : print(document)
  const lists = connection === undefined ? listsOf(operation, schema) : []
  const named = { parameters, connection, reader, lists, asked: { query: text, operationName } }
  const outputSchema = outputSchemaOf(answerSchema({ ...operation, document }, schema))
  return {
    named,
    question,
    told: {
      name: name.replaceAll('-', '_'),
      title: titleOf(name),
      description: question,
      inputSchema: inputSchemaOf(named),
      ...(JSON.stringify(outputSchema).length <= MOST_SCHEMA && { outputSchema }),
      annotations: ANNOTATIONS,
    },
  }
}

const titleOf = (name: string): string => {
  const words = name.replaceAll('-', ' ')
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}

/** Which ways to the rows of an operation end in a list. */
function listsOf({ document, rows }: Operation, schema: GraphQLSchema): readonly string[] {
  const selected = selectedBy(document, schema)
  return rows.flatMap((keys) => {
    let level = selected
    let last = undefined
    for (const key of keys) {
      last = level.find((one) => one.key === key)
      level = last?.below ?? []
    }
    return last !== undefined && isList(last) ? [keys.join('.')] : []
  })
}

/** The argument by which the rows of a list without pages go on. */
const FROM_ROW = {
  type: 'integer',
  minimum: 1,
  default: 1,
  description: `The first row to show, for a table of more than ${MOST_ROWS} rows.`,
}

/** What is said of the size of a page. */
const PAGE = { minimum: 1, maximum: MOST_ROWS, description: `How many rows, at most ${MOST_ROWS} at a time.` }

function inputSchemaOf({
  parameters,
  connection,
  lists,
}: Pick<NamedTool, 'parameters' | 'connection' | 'lists'>): ObjectSchema {
  const properties = parameters.map((one) => {
    const description = one.description === '' ? {} : { description: one.description }
    const page = connection && one.name === 'first' ? PAGE : {}
    return [one.name, { ...parameterSchema(one), ...description, ...page }]
  })
  const required = parameters.filter((one) => one.required).map(({ name }) => name)
  return {
    type: 'object',
    properties: { ...Object.fromEntries(properties), ...(lists.length > 0 && { fromRow: FROM_ROW }) },
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

const TEXT = { type: 'string' }

/** What is told beside the data. */
const BESIDE = {
  dataVersion: { ...TEXT, description: 'The version of the data from which all of it was made.' },
  parts: {
    type: 'array',
    description: 'The lists of which not all is shown: how many of how many, and the argument by which to go on.',
    items: {
      type: 'object',
      properties: {
        at: TEXT,
        shown: { type: 'integer' },
        of: { type: 'integer' },
        from: { type: 'integer' },
        more: { type: 'boolean' },
        next: { type: 'object' },
      },
    },
  },
  errors: {
    type: 'array',
    description: 'What is missing and why, with its place in the data; the subgraph that did not answer is named.',
    items: { type: 'object', properties: { message: TEXT, path: { type: 'array' }, extensions: { type: 'object' } } },
  },
}

const outputSchemaOf = (data: JsonSchema): ObjectSchema =>
  oncePerPart({
    type: 'object',
    properties: { data: undescribed(data) as JsonSchema, ...BESIDE },
    required: ['data'],
  })

/** The descriptions of all fields would make the list of tools four times as long; the resource of the schema has them. */
function undescribed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(undescribed)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).filter(([key, value]) => key !== 'description' || typeof value !== 'string')
  return Object.fromEntries(entries.map(([key, value]) => [key, undescribed(value)]))
}

/** The tool that asks any question, for what no operation asks. */
const GRAPHQL: Tool = {
  named: undefined,
  question: 'The answer to the GraphQL query.',
  told: {
    name: 'graphql',
    title: 'Any question in GraphQL',
    description:
      'Any question that no other tool asks, as a GraphQL query. The schema is the resource strates://schema. The status and the source of each figure are added to what is asked.',
    inputSchema: {
      type: 'object',
      properties: {
        query: { ...TEXT, description: 'A GraphQL document with one query.' },
        variables: { type: 'object', description: 'The values of its variables.' },
        operationName: { ...TEXT, description: 'Which operation is asked, where the document has several.' },
      },
      required: ['query'],
      additionalProperties: false,
    },
    annotations: ANNOTATIONS,
  },
}

/** Any query with the citation of each figure. What cannot be read stays as it is, for the GraphQL door to complain about. */
export function citedText(query: string, schema: GraphQLSchema, maxTokens: number): string {
  try {
    const document = parse(query, { maxTokens })
    const complete = cited(document, schema)
    return complete === document ? query : print(complete)
  } catch {
    return query
  }
}
