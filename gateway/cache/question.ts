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

/**
 * A value as one that JSON writes in one way only, and no other value in the same: objects as lists of pairs in order, marked as what they
 * are, and numbers that JSON has no word for as text. The limits on variables bound how deep it goes.
 */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return ['list', ...value.map(sorted)]
  if (typeof value === 'number' && !Number.isFinite(value)) return ['number', String(value)]
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return ['object', ...entries.map(([name, one]) => [name, sorted(one)])]
}
