import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql'
import type { Operation } from './operation.ts'
import type { Parameter } from './parameters.ts'
import { selectedBy, type Selected } from './selection.ts'

/** A JSON Schema (2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  Int: { type: 'integer' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  DateTime: { type: 'string', format: 'date-time' },
}

/** The `data` of an operation's answer, every field that is selected with its description. */
export const answerSchema = ({ document }: Operation, schema: GraphQLSchema): JsonSchema =>
  objectSchema(selectedBy(document, schema))

/** What may be given as a variable. */
export function parameterSchema({ type, byDefault }: Parameter): JsonSchema {
  return { ...inputSchema(type, new Set()), ...(byDefault !== undefined && { default: byDefault }) }
}

function objectSchema(selected: readonly Selected[]): JsonSchema {
  const required = selected.filter(({ conditional }) => !conditional).map(({ key }) => key)
  return {
    type: 'object',
    properties: Object.fromEntries(selected.map((one) => [one.key, fieldSchema(one)])),
    ...(required.length > 0 && { required }),
  }
}

function fieldSchema({ field, below }: Selected): JsonSchema {
  const described = field.description ? { description: field.description } : {}
  return { ...outputSchema(field.type, below), ...described }
}

function outputSchema(type: GraphQLOutputType, below: readonly Selected[]): JsonSchema {
  if (isNonNullType(type)) return valueSchema(type.ofType as GraphQLOutputType, below)
  return nullable(valueSchema(type, below))
}

function valueSchema(type: GraphQLOutputType, below: readonly Selected[]): JsonSchema {
  if (isListType(type)) return { type: 'array', items: outputSchema(type.ofType as GraphQLOutputType, below) }
  return below.length > 0 ? objectSchema(below) : scalarSchema(type as GraphQLNamedType)
}

function scalarSchema(type: GraphQLNamedType): JsonSchema {
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map(({ name }) => name) }
  return SCALARS[type.name] ?? { type: 'string' }
}

/** JSON has null where GraphQL may: the schema of a list of values says so with its types. */
function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values, ...others } = schema
  return { type: [type, 'null'], ...(Array.isArray(values) && { enum: [...values, null] }), ...others }
}

type InputFields = readonly {
  readonly name: string
  readonly type: GraphQLInputType
  readonly description?: string | null | undefined
}[]

/** A filter may hold filters: within itself it is told by its name only. */
function inputObjectSchema(name: string, fields: InputFields, within: ReadonlySet<string>): JsonSchema {
  if (within.has(name)) return { type: 'object', description: `Again a ${name}.` }
  const inside = new Set([...within, name])
  const required = fields.filter(({ type }) => isNonNullType(type)).map((field) => field.name)
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      fields.map((field) => [
        field.name,
        { ...inputSchema(field.type, inside), ...(field.description && { description: field.description }) },
      ]),
    ),
    ...(required.length > 0 && { required }),
  }
}

function inputSchema(type: GraphQLInputType, within: ReadonlySet<string>): JsonSchema {
  if (isNonNullType(type)) return inputSchema(type.ofType as GraphQLInputType, within)
  if (isListType(type)) return { type: 'array', items: inputSchema(type.ofType as GraphQLInputType, within) }
  if (!isInputObjectType(type)) return scalarSchema(type as GraphQLNamedType)
  return inputObjectSchema(type.name, Object.values(type.getFields()), within)
}
