import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Kind, parse, validate, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'

/** A named document of the folder `operations/`: a route, a tool, an example and a persisted operation at once. */
export interface Operation {
  /** Of its file and its route: `enrolment-by-tier`. */
  readonly name: string
  /** Of the operation in the document: `EnrolmentByTier`. */
  readonly operationName: string
  /** The question, in one sentence, in English. */
  readonly question: string
  /** The same in French. */
  readonly questionFr: string
  /** The whole file. */
  readonly text: string
  /** Its sha256 in hexadecimal: by it the document may be named instead of sent. */
  readonly hash: string
  readonly document: DocumentNode
  readonly definition: OperationDefinitionNode
  /** Paths to what is a row of its table, each a list of fields; empty where its answer is no table. */
  readonly rows: readonly (readonly string[])[]
}

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'operations')

/** Every operation of the folder, by name. */
export const readOperations = (folder = FOLDER): readonly Operation[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .toSorted()
    .map((file) => operationOf(basename(file, '.graphql'), readFileSync(join(folder, file), 'utf8')))

/** Those that a schema can answer: a gateway may serve another supergraph. */
export const answerable = (operations: readonly Operation[], schema: GraphQLSchema): readonly Operation[] =>
  operations.filter(({ document }) => validate(schema, document).length === 0)

/**
 * Reads one document: its first line is a comment with the question, its second the same in French (`# Fr: …`), its third may name the
 * rows of its table (`# Rows: territory.schools.nodes`). @throws Error for a file that is not written so.
 */
export function operationOf(name: string, text: string): Operation {
  const document = parse(text)
  const [definition, ...others] = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION)
  const [, question, questionFr, rows] = /^# (\S.*)\n# Fr: (\S.*)\n(?:# Rows: (\S.*)\n)?/.exec(text) ?? []
  const operationName = definition?.name?.value
  const isWhole = others.length === 0 && question !== undefined && questionFr !== undefined
  if (definition === undefined || operationName === undefined || !isWhole) {
    throw new Error(
      `operations/${name}.graphql: expected its question in two comments, # … and # Fr: …, then one named operation`,
    )
  }
  return {
    name,
    operationName,
    question,
    questionFr,
    text,
    hash: createHash('sha256').update(text).digest('hex'),
    document,
    definition,
    rows: rows === undefined ? [] : rows.split(',').map((path) => path.trim().split('.')),
  }
}
