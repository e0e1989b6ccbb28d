import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql'

/**
 * A rule of validation: the schema has the type of operation that is asked, and it has one answer. Without it a mutation, of which there is
 * none, is only found out when it is planned, and a subscription is answered once, as if it were a query.
 */
export function guardOperationType(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      const schema = context.getSchema()
      if (node.operation !== 'subscription' && schema.getRootType(node.operation)) return
      const answered = schema.getMutationType() ? 'queries and mutations' : 'queries'
      const message = `There is no ${node.operation} here: this service only answers ${answered}.`
      context.reportError(new GraphQLError(message, { nodes: node }))
    },
  }
}
