import { NotHeld, whenHeld } from '../../core/store/reader.ts'
import type { SubgraphContext } from './context.ts'

/** An entity as the gateway names it: its type, its key, and what else a field requires. */
interface Representation {
  readonly __typename: string
}

type ResolveReference = (reference: never, context: SubgraphContext) => { __typename?: string }

/**
 * The resolver of `Query._entities` for the resolvers of a subgraph. That of `@apollo/subgraph` makes a promise for each
 * entity; here all of a list are found in one pass, and one that cannot be found is an error of its own.
 */
export function entitiesOf(resolvers: Readonly<Record<string, object>>) {
  const references = new Map(
    Object.entries(resolvers).flatMap(([type, fields]) =>
      '__resolveReference' in fields ? [[type, fields.__resolveReference as ResolveReference]] : [],
    ),
  )
  return (
    _: unknown,
    { representations }: { readonly representations: readonly Representation[] },
    context: SubgraphContext,
  ): readonly object[] => representations.map((representation) => entityOf(representation, context))

  /** A promise only of an entity that takes what the store has to fetch. */
  function entityOf(representation: Representation, context: SubgraphContext): object {
    const { __typename: type } = representation
    const resolve = references.get(type)
    // graphql-js takes an Error in a list for that entry's error.
    if (resolve === undefined) return new Error(`This subgraph has no entities of the type ${JSON.stringify(type)}`)
    const read = () => {
      const entity = resolve(representation as never, context)
      entity.__typename ??= type
      return entity
    }
    try {
      return read()
    } catch (error) {
      if (error instanceof NotHeld) return whenHeld(error, read, () => `an entity of ${type}`, context.waitUntil)
      return error as Error
    }
  }
}
