import {
  coerceInputValue,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  getNamedType,
  getNullableType,
  typeFromAST,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'
import { StratesError } from '../../../core/observations/error.ts'
import type { Operation } from './operation.ts'

/** A variable of an operation, as a parameter in an address. */
export interface Parameter {
  readonly name: string
  readonly type: GraphQLInputType
  /** That of the argument that it is given to; empty where it has none. */
  readonly description: string
  /** True where it has to be given. */
  readonly required: boolean
  /** What it is where it is not given; undefined where nothing is. */
  readonly byDefault: unknown
}

/** The parameters of an operation, in the order of its variables. */
export function parametersOf({ document, definition }: Operation, schema: GraphQLSchema): readonly Parameter[] {
  const descriptions = descriptionsOf(document, schema)
  return (definition.variableDefinitions ?? []).map(({ variable, type: node, defaultValue }) => {
    const name = variable.name.value
    // Validated against this schema: every type is known.
    const type = typeFromAST(schema, node as never) as unknown as GraphQLInputType
    const byDefault = defaultValue && valueFromASTUntyped(defaultValue)
    const required = isNonNullType(type) && defaultValue === undefined
    return { name, type, description: descriptions.get(name) ?? '', required, byDefault }
  })
}

/** The description of the first argument, or field of an input object, to which each variable is given. */
function descriptionsOf(document: Operation['document'], schema: GraphQLSchema): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      Variable({ name: { value } }) {
        const description = types.getArgument()?.description
        if (description && !found.has(value)) found.set(value, description)
      },
    }),
  )
  return found
}

/**
 * The variables that a query string gives: texts as they are, numbers and truth values read, lists separated by commas or
 * repeated, objects as JSON. What is not there is left to the default of the operation. Ranges are left to the fields.
 * @throws StratesError INVALID_OPTION for a parameter that is unknown, missing, repeated or of another type.
 */
export function variablesFrom(
  search: URLSearchParams,
  parameters: readonly Parameter[],
  beside: readonly string[],
): Readonly<Record<string, unknown>> {
  const known = [...parameters.map(({ name }) => name), ...beside]
  const unknown = [...search.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined) throw unknownParameter(unknown, known)
  // A form sends what was left empty too.
  const isGiven = (name: string): boolean => search.getAll(name).some((text) => text !== '')
  const given = parameters.filter(({ name }) => isGiven(name))
  const missing = parameters.find(({ name, required }) => required && !isGiven(name))
  if (missing !== undefined) throw missingParameter(missing)
  const values = given.map((one) => [one.name, checked(one, readAll(one, search.getAll(one.name)))] as const)
  return Object.fromEntries(values)
}

/** The value, if GraphQL takes it for this parameter; a page of no rows would say nothing of what there is. */
function checked(parameter: Parameter, value: unknown): unknown {
  coerceInputValue(value, parameter.type, (_, invalid, { message }) => {
    throw wrongParameter(parameter, JSON.stringify(invalid) ?? 'nothing', message.replace(/\.$/, ''))
  })
  if (parameter.name === 'first' && value === 0) throw wrongParameter(parameter, '0', 'at least 1')
  return value
}

function readAll(parameter: Parameter, texts: readonly string[]): unknown {
  const type = getNullableType(parameter.type)
  if (isListType(type)) {
    const items = texts.flatMap((text) => text.split(',')).filter((text) => text !== '')
    return items.map((text) => readOne(parameter, text))
  }
  const [text = '', ...others] = texts
  if (others.length > 0) throw wrongParameter(parameter, texts.join(', '), 'one value')
  return readOne(parameter, text)
}

function readOne(parameter: Parameter, text: string): unknown {
  const type = getNamedType(parameter.type)
  if (isScalarType(type)) {
    if (type.name === 'Int' && !/^-?\d{1,10}$/.test(text)) throw wrongParameter(parameter, text, 'a whole number')
    if (type.name === 'Float' && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text))
      throw wrongParameter(parameter, text, 'a number')
    if (type.name === 'Boolean' && !/^(true|false)$/.test(text)) throw wrongParameter(parameter, text, 'true or false')
    if (type.name === 'Boolean') return text === 'true'
    return type.name === 'Int' || type.name === 'Float' ? Number(text) : text
  }
  if (isEnumType(type)) {
    const values = type.getValues().map(({ name }) => name)
    if (!values.includes(text)) throw wrongParameter(parameter, text, `one of ${values.join(', ')}`)
    return text
  }
  return isInputObjectType(type) ? readObject(parameter, text) : text
}

function readObject(parameter: Parameter, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrongParameter(parameter, text, `JSON of the type ${String(parameter.type)}`)
  }
}

const wrongParameter = ({ name, description }: Parameter, text: string, expected: string): StratesError =>
  new StratesError({
    code: 'INVALID_OPTION',
    what: 'A parameter cannot be read',
    on: `${name}=${text.slice(0, 100)}`,
    expected,
    remedy: description === '' ? 'Correct it.' : `Correct it: ${description}`,
  })

const missingParameter = ({ name, description }: Parameter): StratesError =>
  new StratesError({
    code: 'INVALID_OPTION',
    what: 'A parameter is missing',
    on: name,
    expected: `?${name}=…`,
    remedy: description === '' ? 'Add it.' : `Add it: ${description}`,
  })

const unknownParameter = (name: string, known: readonly string[]): StratesError =>
  new StratesError({
    code: 'INVALID_OPTION',
    what: 'There is no such parameter here',
    on: name.slice(0, 100),
    expected: known.length === 0 ? 'none' : `any of ${known.join(', ')}`,
    remedy: 'Leave it out, or correct its name; /v1/openapi.json describes each one.',
  })
