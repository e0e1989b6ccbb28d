import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'
import { formatsFor } from '../tables/formats/formats.ts'
import { answerable, readOperations, type Operation } from './operation.ts'
import { parametersOf, type Parameter } from './parameters.ts'
import { tableReader } from './rows.ts'

/** What the examples ask: a service on this machine. */
const HERE = 'http://127.0.0.1:4000'

/** A plug-in of graphql-codegen: the page `docs/questions.md`, every operation with its route, parameters and an example. */
export function plugin(schema: GraphQLSchema): string {
  const operations = answerable(readOperations(), schema)
  return `
# Questions

Each file of [\`operations/\`](../operations/README.md) is a question with an address. Without an extension it answers in JSON, as \`/graphql\`
does; with one, as a table. A parameter that is left out has its default. By its hash the document may be named at \`/graphql\`
(\`extensions={"persistedQuery":{"version":1,"sha256Hash":"…"}}\`). [How to ask from programs](clients.md), [from tools](recipes.md).

${operations.map(({ name, question }) => `- [\`${name}\`](#${name}): ${question}`).join('\n')}

${operations.map((operation) => describe(operation, schema)).join('\n')}`
}

function describe(operation: Operation, schema: GraphQLSchema): string {
  const { name, operationName, question, hash } = operation
  const parameters = parametersOf(operation, schema)
  const extensions = extensionsOf(operation, schema)
  const [first] = extensions
  return `## ${name}

${question}

- JSON: \`/v1/${name}\`${extensions.length > 0 ? `; tables: ${extensions.map((one) => `\`/v1/${name}.${one}\``).join(', ')}` : '; its answer is no table'}
${extensions.length > 0 ? `- columns: [\`/v1/${name}.schema.json\`](${HERE}/v1/${name}.schema.json)\n` : ''}- document: [\`operations/${name}.graphql\`](../operations/${name}.graphql), operation \`${operationName}\`
- sha256: \`${hash}\`

${parameters.length === 0 ? 'It has no parameters.\n' : tableOf(parameters)}
\`\`\`sh
curl -s '${HERE}/v1/${name}${first === undefined ? '' : `.${first}`}${exampleOf(parameters)}'
\`\`\`
`
}

function extensionsOf(operation: Operation, schema: GraphQLSchema): readonly string[] {
  return formatsFor(tableReader(operation, schema)?.shape).map(({ extension }) => extension)
}

const tableOf = (parameters: readonly Parameter[]): string => `| parameter | type | default | meaning |
|---|---|---|---|
${parameters.map(lineOf).join('\n')}
`

function lineOf({ name, type, required, byDefault, description }: Parameter): string {
  const shown = byDefault == null ? '' : `\`${written(byDefault)}\``
  const cells = [`\`${name}\``, typeInWords(type), required ? 'has to be given' : shown, description]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')).join(' | ')} |`
}

const WORDS: Readonly<Record<string, string>> = {
  Int: 'whole number',
  Float: 'number',
  Boolean: '`true` or `false`',
  Day: 'day or year',
}

function typeInWords(type: GraphQLInputType): string {
  const named = getNamedType(type)
  const word = isEnumType(named)
    ? named
        .getValues()
        .map(({ name }) => `\`${name}\``)
        .join(', ')
    : isInputObjectType(named)
      ? `\`${named.name}\` as JSON, its fields in \`/v1/openapi.json\``
      : (WORDS[named.name] ?? 'text')
  return isListType(getNullableType(type)) ? `several, with commas: ${word}` : word
}

/** The defaults written out, those of pages left out: a table has all of them. */
function exampleOf(parameters: readonly Parameter[]): string {
  const search = parameters
    .filter(({ name, byDefault, required }) => name !== 'first' && (required || byDefault != null))
    .map(({ name, byDefault }) => `${name}=${byDefault == null ? '…' : encodeURIComponent(written(byDefault))}`)
  return search.length === 0 ? '' : `?${search.join('&').replaceAll('%3A', ':')}`
}

/** A value as it stands in an address: lists with commas, objects as JSON. */
function written(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
