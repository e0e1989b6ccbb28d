import { HeaderMap, type ApolloServerPlugin } from '@apollo/server'
import { getVariableValues, GraphQLError } from 'graphql'
import { StratesError } from '../../core/observations/error.ts'
import type { GatewayContext } from '../engine.ts'
import { estimateCost } from './cost.ts'
import type { Limits } from './limits.ts'
import { headersOf, statusOf } from './refusal.ts'

/**
 * A plug-in of Apollo Server that makes each operation pay before it is asked of anyone, and writes `extensions.cost` into
 * every answer. A request without a bill is one of our own doors, and pays nothing here.
 */
export function chargePlugin({ pageSize }: Limits): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart({ contextValue: { bill } }) {
      if (!bill) return undefined
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (!operation) return
          const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}, {
            maxErrors: 1,
          })
          // Without its variables nothing is asked: the engine says what is wrong with them.
          if (!coerced) return
          try {
            bill.order(estimateCost({ schema, document, operation, variables: coerced, pageSize }))
          } catch (error) {
            throw error instanceof StratesError ? asGraphQLError(error) : error
          }
        },
        async willSendResponse({ response: { body } }) {
          if (body.kind !== 'single') return
          const { singleResult } = body
          const { requested, limit } = bill.cost()
          // What remains to this client is added to the bytes, which may be given to others too.
          singleResult.extensions = { ...singleResult.extensions, cost: { requested, limit } }
        },
      }
    },
  }
}

function asGraphQLError(error: StratesError): GraphQLError {
  const headers = new HeaderMap(Object.entries(headersOf(error)))
  const extensions: Record<string, unknown> = { ...error.extensions, http: { status: statusOf(error.code), headers } }
  return new GraphQLError(error.message, { extensions })
}
