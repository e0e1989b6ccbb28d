import { isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { NotHeld, whenHeld } from '../../core/store/reader.ts'
import type { SubgraphContext } from './context.ts'

/** How a field is resolved. */
type Resolve = GraphQLFieldResolver<unknown, SubgraphContext>

/**
 * Has every field of a schema wait for what its store has to fetch: what is not there is on its way when the resolver ends, all that was asked in the same
 * moment comes together, and the resolver is run again. Resolvers only read, so that running one twice gives what running it once would.
 */
export function waitInFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields())) if (field.resolve) field.resolve = waiting(field.resolve)
  }
}

function waiting(resolve: Resolve): Resolve {
  return (source, arguments_, context, info) => {
    const read = (): unknown => resolve(source, arguments_, context, info)
    const again = (error: unknown): unknown => {
      if (!(error instanceof NotHeld)) throw error
      return whenHeld(error, read, () => `${info.parentType.name}.${info.fieldName}`, context.waitUntil)
    }
    try {
      const value = read()
      return value instanceof Promise ? value.catch(again) : value
    } catch (error) {
      return again(error)
    }
  }
}
