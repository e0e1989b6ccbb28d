import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphQLFormattedError } from 'graphql'
import { volatileIn } from '../../cache/volatile.ts'
import type { GatewayContext } from '../../engine.ts'
import type { Notes } from '../../engine/notes.ts'
import type { Log } from '../../log.ts'
import { FAILURES } from '../../report.ts'

/** A plug-in of Apollo Server that writes the notes of each operation. */
export function notePlugin(log: Log): ApolloServerPlugin<GatewayContext> {
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
        async willSendResponse({ response: { body }, contextValue: { requestId } }) {
          if (body.kind !== 'single') return
          const { data, errors = [] } = body.singleResult
          if (errors.some(isNameless)) {
            log.error({ requestId }, 'the internal error of the line before was answered to this request')
            body.singleResult.errors = errors.map((error) => (isNameless(error) ? named(error, requestId) : error))
          }
          notes.code = codeOf(errors[0])
          notes.ended = endOf(data, errors.length > 0, notes.code)
        },
      }
    },
  }
}

/** What broke around the engine, which names the request in its own errors. */
const isNameless = ({ extensions }: GraphQLFormattedError): boolean =>
  extensions?.['code'] === 'INTERNAL_SERVER_ERROR' && extensions['requestId'] === undefined

const named = (error: GraphQLFormattedError, requestId: string): GraphQLFormattedError => ({
  ...error,
  extensions: { ...error.extensions, requestId },
})

function codeOf(error: GraphQLFormattedError | undefined): string | undefined {
  const code = error?.extensions?.['code']
  return typeof code === 'string' ? code : undefined
}

function endOf(data: unknown, hasErrors: boolean, code: string | undefined): Notes['ended'] {
  if (data != null) return hasErrors ? 'partial' : 'complete'
  // GraphQL has no `data` at all where nothing was executed, and null where its root could not be filled.
  return data === null || FAILURES.has(code) ? 'error' : 'refused'
}
