import { createHash } from 'node:crypto'

/** What an answer depends on: the same question has the same answer, byte for byte. */
export interface Question {
  /** The text of the document. */
  readonly document: string
  readonly operationName: string | null
  readonly variables: unknown
  /** A hash of the schema that clients see. */
  readonly schema: string
  /** The version of the data that answers. */
  readonly dataVersion: string
  /** In which form the answer is written. */
  readonly format: string
  /** In which language its sentences are. */
  readonly language: string
}

/** The key under which the answer to a question is kept. The order of the variables does not matter, their values do. */
export function keyOf(question: Question): string {
  const { document, operationName, variables, schema, dataVersion, format, language } = question
  const text = JSON.stringify([document, operationName, sorted(variables ?? {}), schema, dataVersion, format, language])
  return createHash('sha256').update(text).digest('base64url')
}

/** The same value with the keys of its objects in order. The limits on variables bound how deep it goes. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  // As pairs: an object would put number-like keys first, and loses a key named __proto__.
  return entries.map(([name, one]) => [name, sorted(one)])
}
