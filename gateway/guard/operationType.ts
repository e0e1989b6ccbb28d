import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql'

/**
 * A rule of validation: the schema has the type of operation that is asked. Without it a mutation, of which there is none, is only
 * found out when it is planned.
 */
export function guardOperationType(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return
      const message = `There is no ${node.operation} here: this service only answers queries.`
      context.reportError(new GraphQLError(message, { nodes: node }))
    },
  }
}
