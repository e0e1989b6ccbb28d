import type { AnswerError, Path, Reply } from './ask.ts'
import { written, type Operation } from './operation.ts'

/** What an answer is worth: all of it, a part with the owner of the rest named, or why it should not have been. */
export type Verdict = 'COMPLETE' | 'PARTIAL' | { readonly failed: string }

/** What those say that lack what they read. */
const MISSING: ReadonlySet<string | undefined> = new Set(['SUBGRAPH_UNAVAILABLE', 'DATABASE_UNREACHABLE'])

/** What a figure that is made of several owners' parts says where it lacks some, or all. */
const LACKS: ReadonlySet<unknown> = new Set(['PARTIAL', 'SOURCE_UNAVAILABLE'])

/**
 * Judges an answer beside the whole one.
 * @param mayMiss the subgraphs whose part may be missing while it was asked.
 */
export function judge({ status, body }: Reply, { name, whole }: Operation, mayMiss: ReadonlySet<string>): Verdict {
  const { data, errors = [] } = body
  if (status !== 200) return { failed: `${name}: HTTP ${status}` }
  const [wrong] = errors.filter(
    ({ extensions: { code, subgraph = '' } = {} }) => !MISSING.has(code) || !mayMiss.has(subgraph),
  )
  if (wrong !== undefined) return { failed: `${name}: ${JSON.stringify(wrong).slice(0, 300)}` }
  if (errors.length > 0) return judgePart(name, unsaidIn(data, JSON.parse(whole), placesOf(errors)))
  return written(data) === whole ? 'COMPLETE' : { failed: `${name}: another answer than before, without an error` }
}

const judgePart = (name: string, unsaid: Path | undefined): Verdict =>
  unsaid === undefined
    ? 'PARTIAL'
    : { failed: `${name}: another answer than before at ${unsaid.join('.') || 'all of it'}, where no error stands` }

/**
 * The first place at which a part of an answer is another than the whole one and nothing says so: what is missing is null, with an error at that
 * very place, and a figure that lacks the parts of some owners says that it does. All else is as ever.
 */
function unsaidIn(part: unknown, whole: unknown, said: ReadonlySet<string>, path: Path = []): Path | undefined {
  if (part === whole || (part === null && said.has(written(path)))) return undefined
  if (!isObject(part) || !isObject(whole) || sizeOf(part) !== sizeOf(whole)) return path
  if (LACKS.has(part['status'])) return undefined
  for (const [key, value] of Object.entries(whole)) {
    const found = unsaidIn(part[key], value, said, [...path, Array.isArray(whole) ? Number(key) : key])
    if (found !== undefined) return found
  }
  return undefined
}

const placesOf = (errors: readonly AnswerError[]): ReadonlySet<string> =>
  new Set(errors.map(({ path = [] }) => written(path)))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const sizeOf = (value: object): number => Object.keys(value).length
