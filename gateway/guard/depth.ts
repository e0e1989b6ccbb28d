import type { DocumentNode, SelectionNode } from 'graphql'
import { countExpanded, greatest, ofOperations, type Counted } from './expand.ts'
import type { Limits } from './limits.ts'
import { overLimit } from './refusal.ts'

/** Where the schema is asked about itself. graphql-js's own question is 15 levels deep. */
const INTROSPECTION = new Set(['__schema', '__type'])

/** Bounds how deep fields stand inside each other. @throws StratesError TOO_DEEP. */
export function guardDepth(document: DocumentNode, { depth, introspectionDepth }: Limits): void {
  const ofData = greatest(ofOperations(depthsOf(document, (name) => !INTROSPECTION.has(name))))
  if (ofData > depth) throw tooDeep(depth, ofData)
  const ofAll = greatest(depthsOf(document, () => true))
  if (ofAll > introspectionDepth) throw tooDeep(introspectionDepth, ofAll)
}

function depthsOf(document: DocumentNode, enters: (field: string) => boolean): readonly Counted[] {
  const of = (node: SelectionNode, inside: number) => {
    if (node.kind !== 'Field') return inside
    return enters(node.name.value) ? 1 + inside : 1
  }
  return countExpanded(document, { of, join: Math.max })
}

const tooDeep = (limit: number, found: number) =>
  overLimit({
    code: 'TOO_DEEP',
    what: 'The document is too deep',
    limit,
    found,
    unit: 'levels',
    remedy: 'Begin lower: every territory can be asked for by its id or code.',
  })
