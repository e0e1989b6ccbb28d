import { isInterfaceType, isObjectType, visit, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { AnswerError } from './errors.ts'

/*
 * The planner adds to a selection what it needs on its way: keys, inputs of `@requires`, `__typename`. It adds them by their names,
 * and does not see that a client gave such a name to another field: `{ town { id: name roadKm } }` asks about the road of
 * the town called "Ambre". So an alias that is the name of any field goes through the planner in disguise.
 */

/** What a disguised alias begins with. */
const PREFIX = 'alias_'

/** Fields that the schema answers: no planner sees them, nor what is below. */
const BESIDE_PLANS: ReadonlySet<string> = new Set(['__schema', '__type'])

/** Aliases as the planner sees them. */
export interface Aliases {
  /** The key under which a field comes back from the plan, given its key in the answer and its name. */
  disguised(key: string, field: string): string
  /** The same document, every alias disguised that could be taken for a field. */
  disguise(document: DocumentNode): DocumentNode
  /** An error of the plan with the client's keys in its path. */
  reveal(error: AnswerError): AnswerError
}

/** Makes the disguises for the fields of a supergraph. */
export function aliasesOf(supergraph: GraphQLSchema): Aliases {
  const names = new Set(['__typename'])
  for (const type of Object.values(supergraph.getTypeMap())) {
    if (isObjectType(type) || isInterfaceType(type)) for (const name of Object.keys(type.getFields())) names.add(name)
  }
  // An alias that looks disguised is disguised as well: no two of them meet.
  const disguised = (key: string, field: string) => {
    if (key === field || BESIDE_PLANS.has(field)) return key
    return names.has(key) || key.startsWith(PREFIX) ? `${PREFIX}${key}` : key
  }
  const revealed = (step: string | number) =>
    typeof step === 'string' && step.startsWith(PREFIX) && !names.has(step) ? step.slice(PREFIX.length) : step

  return {
    disguised,
    disguise: (document) =>
      visit(document, {
        Field(node) {
          const { alias, name } = node
          if (BESIDE_PLANS.has(name.value)) return false
          if (!alias || disguised(alias.value, name.value) === alias.value) return undefined
          return { ...node, alias: { ...alias, value: disguised(alias.value, name.value) } }
        },
      }),
    reveal: (error) => (error.path ? { ...error, path: error.path.map(revealed) } : error),
  }
}
