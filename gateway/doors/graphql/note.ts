import type { ApolloServerPlugin } from '@apollo/server'
import { volatileIn } from '../../cache/volatile.ts'
import type { GatewayContext } from '../../engine.ts'

/** A plug-in of Apollo Server that writes the notes of each operation. */
export function notePlugin(): ApolloServerPlugin<GatewayContext> {
  const isVolatile = volatileIn()
  return {
    async requestDidStart({ contextValue: { notes, bill } }) {
      if (!notes) return undefined
      return {
        async didResolveOperation({ schema, document, operationName }) {
          notes.operation = operationName ?? ''
          notes.volatile = isVolatile(schema, document)
        },
        async executionDidStart() {
          notes.executed = true
          notes.requested = bill?.cost().requested ?? 0
        },
        async willSendResponse({ response: { body } }) {
          if (body.kind !== 'single') return
          const { data, errors } = body.singleResult
          notes.complete = data != null && (errors === undefined || errors.length === 0)
        },
      }
    },
  }
}
