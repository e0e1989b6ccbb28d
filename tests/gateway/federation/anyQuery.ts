/** Any query of a schema, for tests that ask whatever comes. */
import fc from 'fast-check'
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'

/** Queries of a schema: fields, aliases that may be names of other fields, fragments on any type that applies, `__typename`. */
export function queriesOf(schema: GraphQLSchema): fc.Arbitrary<string> {
  return selectionOf('Query', 4).map((selection) => `query ${selection}`)

  function selectionOf(typeName: string, depth: number): fc.Arbitrary<string> {
    const type = schema.getType(typeName)
    const choices: fc.Arbitrary<string>[] = [typeNameField()]
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        const named: GraphQLNamedType = getNamedType(field.type)
        if (!isCompositeType(named)) choices.push(leaf(field.name))
        else if (depth > 0)
          choices.push(selectionOf(named.name, depth - 1).chain((inner) => aliased(field.name, inner)))
      }
    }
    if (depth > 0)
      for (const one of conditionsOf(type))
        choices.push(selectionOf(one, depth - 1).map((inner) => `... on ${one} ${inner}`))
    return fc.array(fc.oneof(...choices), { minLength: 1, maxLength: 4 }).map((parts) => `{ ${parts.join(' ')} }`)
  }

  function conditionsOf(type: GraphQLNamedType | undefined): string[] {
    if (isAbstractType(type))
      return [type.name, ...schema.getPossibleTypes(type).map(({ name }) => name)].filter((name) => name !== 'Thing')
    return isObjectType(type) && type.name !== 'Query'
      ? [type.name, ...type.getInterfaces().map(({ name }) => name)]
      : []
  }
}

const typeNameField = () => fc.constantFrom('__typename', 'kind: __typename')
const ALIASES = ['id', 'name', 'code', 'number', 'size', 'age', 'km', 'x', 'alias_id']
const leaf = (name: string) => aliased(name, '')
const aliased = (name: string, inner: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(`${name} ${inner}`) },
    { weight: 1, arbitrary: fc.constantFrom(...ALIASES).map((alias) => `${alias}: ${name} ${inner}`) },
  )
