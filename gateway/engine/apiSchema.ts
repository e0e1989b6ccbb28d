import { buildASTSchema, parse, visit, type ASTNode, type DirectiveNode, type GraphQLSchema } from 'graphql'

/** What composition adds to a supergraph for planners to read. */
const OF_FEDERATION = /^(_Entity|_Any|_FieldSet|_Service|link|inaccessible|(link|join|core)__\w*)$/

/** The schema that clients see: a supergraph without what says who answers what, and without what is `@inaccessible`. */
export function apiSchemaOf(supergraphSdl: string): GraphQLSchema {
  const document = visit(parse(supergraphSdl, { noLocation: true }), {
    enter: (node) => (isHidden(node) ? null : undefined),
  })
  return buildASTSchema(document, { assumeValid: true })
}

function isHidden(node: ASTNode): boolean {
  if (node.kind === 'SchemaDefinition') return false
  if ('directives' in node && isInaccessible(node.directives)) return true
  return (
    (node.kind.endsWith('Definition') || node.kind === 'Directive') &&
    'name' in node &&
    OF_FEDERATION.test(nameOf(node))
  )
}

const nameOf = ({ name }: { readonly name?: { readonly value: string } | undefined }): string => name?.value ?? ''

const isInaccessible = (directives: readonly DirectiveNode[] = []): boolean =>
  directives.some(({ name }) => name.value === 'inaccessible')
