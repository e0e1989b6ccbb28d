import { parse, type DocumentNode } from 'graphql'
import { guardAliases } from './aliases.ts'
import { guardBatching } from './batching.ts'
import { guardCycles } from './cycles.ts'
import { guardDepth } from './depth.ts'
import { guardDirectives } from './directives.ts'
import type { Limits } from './limits.ts'
import { guardLiterals } from './literals.ts'
import { guardRepeats } from './repeats.ts'
import { guardRootFields } from './rootFields.ts'
import { countSelections, guardSelections } from './selections.ts'
import { guardTokens } from './tokens.ts'
import { guardVariables } from './variables.ts'

/** A check of one limit: it lets pass, or throws a StratesError with the limit, the value found and what to do. */
type Guard<Thing> = (thing: Thing, limits: Limits) => void

/** What a request passes before its document is read. */
const REQUEST_GUARDS: readonly Guard<unknown>[] = [guardBatching, guardVariables]

/** What a text passes before it is parsed. */
const TEXT_GUARDS: readonly Guard<string>[] = [guardTokens]

/** What a document passes before it is validated and planned. */
const DOCUMENT_GUARDS: readonly Guard<DocumentNode>[] = [
  guardCycles,
  guardSelections,
  guardDepth,
  guardAliases,
  guardRootFields,
  guardDirectives,
  guardLiterals,
  guardRepeats,
]

/** How many documents that passed are remembered, and up to which length. */
const REMEMBERED = { documents: 1000, characters: 8000 }

/**
 * Returns a function that holds a request of GraphQL against the limits, in the order of the lists above, before anything
 * validates or plans it. It gets what the client sent, of whatever shape; what is malformed but small passes, for the
 * parser to complain about. Gives back how many selections have to be validated and planned: 0 for a document seen lately.
 * @throws StratesError with the code of the limit that was exceeded.
 */
export function createGuards(limits: Limits): (asked: unknown) => number {
  const passed = new Set<string>()
  return (asked) => {
    for (const guard of REQUEST_GUARDS) guard(besideQuery(asked), limits)
    const text = queryOf(asked)
    if (text === undefined || passed.has(text)) return 0
    for (const guard of TEXT_GUARDS) guard(text, limits)
    const document = parsed(text, limits)
    if (!document) return 0
    for (const guard of DOCUMENT_GUARDS) guard(document, limits)
    remember(text)
    return countSelections(document)
  }

  function remember(text: string): void {
    if (text.length > REMEMBERED.characters) return
    if (passed.size >= REMEMBERED.documents) passed.clear()
    passed.add(text)
  }
}

function queryOf(asked: unknown): string | undefined {
  const { query } = (asked ?? {}) as { readonly query?: unknown }
  return typeof query === 'string' ? query : undefined
}

/** The variables, the operation's name and the extensions; a list, which is refused, as it is. */
function besideQuery(asked: unknown): unknown {
  if (Array.isArray(asked) || typeof asked !== 'object' || asked === null) return asked
  return { ...asked, query: undefined }
}

/** Null for what is no GraphQL: the server parses it again, and says so. */
function parsed(text: string, { tokens }: Limits): DocumentNode | null {
  try {
    return parse(text, { maxTokens: tokens, noLocation: true })
  } catch {
    return null
  }
}
