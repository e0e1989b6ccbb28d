import { Kind, visit, type DocumentNode } from 'graphql'
import { readOperations, type Operation } from './operation.ts'

/**
 * Loads the operations for graphql-codegen, which wants each fragment to have a name of its own: two files may both call theirs `Figure`.
 * Of `schools` it is `SchoolsFigure`.
 */
export default function loadDocuments(): DocumentNode {
  const definitions = readOperations().flatMap((operation) => renamed(operation).definitions)
  return { kind: Kind.DOCUMENT, definitions }
}

function renamed({ document, operationName }: Operation): DocumentNode {
  const rename = <Node extends { readonly name: { readonly value: string } }>(node: Node): Node => ({
    ...node,
    name: { ...node.name, value: `${operationName}${node.name.value}` },
  })
  return visit(document, { FragmentDefinition: rename, FragmentSpread: rename })
}

/**
 * A plug-in of graphql-codegen: each operation as a document of the TypeScript client, beside the types that typescript-operations writes.
 * The text is that of the file, since its hash names it.
 */
export const plugin = (): string => readOperations().map(documentOf).join('\n')

function documentOf({ name, operationName, question, text, hash }: Operation): string {
  const types = `${operationName}Query, ${operationName}QueryVariables`
  return `/** ${question.replaceAll('*/', '* /')} The same as \`/v1/${name}\`. */
export const ${operationName}Document: StratesDocument<${types}> = {
  operationName: '${operationName}',
  hash: '${hash}',
  text: \`${text.replaceAll(/[`\\]|\$\{/g, String.raw`\$&`)}\`,
}
`
}
