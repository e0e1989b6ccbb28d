import type { GraphQLSchema } from 'graphql'
import { getNamedType, getNullableType, isInputObjectType, isListType } from 'graphql'
import { formatsFor } from '../tables/formats/formats.ts'
import { FORMAT_OPTIONS } from '../tables/formats/options.ts'
import { answerSchema, parameterSchema, type JsonSchema } from './jsonSchema.ts'
import type { Parameter } from './parameters.ts'
import type { Prepared } from './rest.ts'

/** A route that is no operation, as OpenAPI has it. */
export interface OtherRoute {
  readonly path: string
  readonly summary: string
  readonly mediaType: string
}

/** What the description is made of. */
export interface OpenApiSources {
  readonly prepared: readonly Prepared[]
  readonly schema: GraphQLSchema
  readonly others: readonly OtherRoute[]
  /** Where the service answers, without a slash at the end; empty where that is not known. */
  readonly origin: string
  /** The version of the software. */
  readonly version: string
}

const PROBLEM = 'application/problem+json'

/** The routes as an OpenAPI 3.1 document. */
export function openApiOf({ prepared, schema, others, origin, version }: OpenApiSources): JsonSchema {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Strates',
      version,
      summary: 'French territorial open data across tiers, each number with its owner, licence, coverage and date.',
      description:
        'Each route is a named GraphQL operation: the same numbers, the same price, the same cache as at /graphql. ' +
        'Without an extension the answer is JSON; with one, or by `Accept`, it is a table. An absent value is null and its status says why.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: origin === '' ? '/' : origin }],
    paths: {
      ...Object.fromEntries(prepared.flatMap((one) => pathsOf(one, schema))),
      ...Object.fromEntries(others.map((route) => [route.path, otherPath(route)])),
    },
    components: { schemas: { Problem: PROBLEM_SCHEMA, Errors: ERRORS_SCHEMA }, responses: RESPONSES },
  }
}

function pathsOf(one: Prepared, schema: GraphQLSchema): [string, JsonSchema][] {
  const { name } = one.operation
  const json: [string, JsonSchema] = [`/v1/${name}`, { get: jsonOperation(one, schema) }]
  if (one.reader === undefined) return [json]
  return [json, [`/v1/${name}.{format}`, { get: tableOperation(one) }]]
}

function jsonOperation({ operation, parameters, reader }: Prepared, schema: GraphQLSchema): JsonSchema {
  const formats = formatsFor(reader?.shape)
  const tables = Object.fromEntries(formats.map(({ mediaType }) => [mediaType, {}]))
  return {
    operationId: operation.operationName,
    summary: operation.question,
    parameters: parameters.map(parameterOf),
    responses: {
      200: {
        description: 'The answer; where an owner did not answer, its part is null and `errors` says so.',
        headers: HEADERS,
        content: {
          ...tables,
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                data: answerSchema(operation, schema),
                errors: { $ref: '#/components/schemas/Errors' },
                extensions: { type: 'object', description: 'The version of the data, the datasets used, the price.' },
              },
              required: ['data'],
            },
          },
        },
      },
      ...PROBLEMS,
    },
  }
}

function tableOperation({ operation, parameters, reader }: Prepared): JsonSchema {
  const formats = formatsFor(reader?.shape)
  return {
    operationId: `${operation.operationName}Table`,
    summary: `${operation.question} As a table.`,
    description: `Its columns are described at /v1/${operation.name}.schema.json.`,
    parameters: [
      {
        name: 'format',
        in: 'path',
        required: true,
        description: formats.map(({ extension, description }) => `${extension}: ${description}`).join(' '),
        schema: { type: 'string', enum: formats.map(({ extension }) => extension) },
      },
      ...parameters.map(parameterOf),
      ...Object.entries(FORMAT_OPTIONS).map(([name, { description, values }]) => ({
        name,
        in: 'query',
        description: `Of CSV. ${description}`,
        schema: { type: 'string', enum: Object.keys(values) },
      })),
    ],
    responses: {
      200: {
        description: 'The table, all pages of it unless `first` or `after` is given.',
        headers: HEADERS,
        content: Object.fromEntries(formats.map(({ mediaType }) => [mediaType, {}])),
      },
      ...PROBLEMS,
    },
  }
}

function parameterOf(parameter: Parameter): JsonSchema {
  const { name, description, required, type } = parameter
  const isObject = isInputObjectType(getNamedType(type))
  const isList = isListType(getNullableType(type))
  const schema = parameterSchema(parameter)
  return {
    name,
    in: 'query',
    required,
    ...(description !== '' && { description }),
    // An object is written as JSON, a list with commas.
    ...(isObject ? { content: { 'application/json': { schema } } } : { schema }),
    ...(isList && !isObject && { style: 'form', explode: false }),
  }
}

const otherPath = ({ summary, mediaType }: OtherRoute): JsonSchema => ({
  get: { summary, responses: { 200: { description: summary, content: { [mediaType]: {} } }, ...PROBLEMS } },
})

const HEADERS: JsonSchema = {
  ETag: { description: 'Names the answer; send it back as If-None-Match.', schema: { type: 'string' } },
  Link: {
    description: 'The next page (rel="next"), the columns (rel="describedby"), the licences (rel="license").',
    schema: { type: 'string' },
  },
  RateLimit: { description: 'What is left, in points, and when it is full again.', schema: { type: 'string' } },
}

const RESPONSES: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  Object.entries({
    NotModified: 'The answer is still the one that If-None-Match names.',
    BadRequest: 'A parameter is wrong: the problem says which, and what was expected.',
    NotFound: 'There is no such territory, school, measure, route or format.',
    NotAcceptable: 'None of the media types that are accepted is one of ours.',
    TooMany: 'Too much was asked in a short time: Retry-After says when to come back.',
    NotAvailable: 'The owner of the data did not answer.',
  }).map(([name, description]) => [
    name,
    name === 'NotModified'
      ? { description }
      : { description, content: { [PROBLEM]: { schema: { $ref: '#/components/schemas/Problem' } } } },
  ]),
)

const PROBLEMS: JsonSchema = Object.fromEntries(
  Object.entries({
    304: 'NotModified',
    400: 'BadRequest',
    404: 'NotFound',
    406: 'NotAcceptable',
    429: 'TooMany',
    503: 'NotAvailable',
  }).map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
)

const TEXT = { type: 'string' } as const

const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  properties: {
    type: TEXT,
    title: TEXT,
    status: { type: 'integer' },
    detail: { ...TEXT, description: 'What failed, on what, what was expected, what to do.' },
    code: { ...TEXT, description: 'Stable, for programs.' },
    on: TEXT,
    expected: TEXT,
    remedy: TEXT,
  },
  required: ['type', 'title', 'status', 'detail'],
}

const ERRORS_SCHEMA: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      message: TEXT,
      path: { type: 'array', items: { type: ['string', 'integer'] } },
      extensions: { type: 'object', properties: { code: TEXT, subgraph: TEXT } },
    },
    required: ['message'],
  },
}
