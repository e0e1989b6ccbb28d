import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql'

/** Whether an object type is one of some types, or implements one of them. */
export type IsA = (typeName: unknown, conditions: readonly string[]) => boolean

/** Answers for a schema. */
export function subtypesOf(schema: GraphQLSchema): IsA {
  return (typeName, conditions) => {
    if (typeof typeName !== 'string') return false
    return conditions.includes(typeName) || conditions.some((condition) => implementsType(typeName, condition))
  }

  function implementsType(typeName: string, condition: string): boolean {
    const [type, wanted] = [schema.getType(typeName), schema.getType(condition)]
    return isObjectType(type) && isAbstractType(wanted) && schema.isSubType(wanted, type)
  }
}

/** The names of the interfaces of a schema. */
export const interfacesOf = (schema: GraphQLSchema): ReadonlySet<string> =>
  new Set(Object.values(schema.getTypeMap()).flatMap((type) => (isInterfaceType(type) ? [type.name] : [])))
