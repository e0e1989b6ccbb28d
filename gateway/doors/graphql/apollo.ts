import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql'
import type { PersistedQueries } from '../../cache/persisted.ts'
import type { Engine, GatewayContext } from '../../engine.ts'
import { chargePlugin } from '../../guard/charge.ts'
import type { Limits } from '../../guard/limits.ts'
import { guardOperationType } from '../../guard/operationType.ts'
import type { Log, LogLevel } from '../../log.ts'
import { notePlugin } from './note.ts'

/** Options of {@link createApollo}. */
export interface ApolloOptions {
  readonly engine: Engine
  readonly persistedQueries: PersistedQueries
  readonly limits: Limits
  readonly log: Log
  /** Plug-ins after our own. */
  readonly plugins: ApolloServerPlugin<GatewayContext>[]
}

/** Apollo Server as the gateway's front: it parses, validates and resolves operations, and hands them to the engine. */
export function createApollo(options: ApolloOptions): ApolloServer<GatewayContext> {
  const { engine, persistedQueries, limits, log, plugins } = options
  return new ApolloServer<GatewayContext>({
    gateway: engine,
    introspection: true,
    // Nothing can be forged: GET only queries, POST takes JSON alone, no cookie counts. A CDN asks with a plain GET.
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    validationRules: [guardOperationType],
    validationOptions: { maxErrors: limits.validationErrors },
    stopOnTerminationSignals: false,
    persistedQueries: { cache: persistedQueries, ttl: null },
    // No account, whatever APOLLO_KEY is in the environment: nothing is reported anywhere.
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      chargePlugin(limits),
      notePlugin(log),
      ...plugins,
    ],
    formatError: (formatted, error) => maskUnexpected(formatted, error, log),
    stringifyResult,
    logger: { debug: write('debug'), info: write('debug'), warn: write('warn'), error: write('error') },
  })

  function write(level: LogLevel) {
    return (message: unknown) => log[level]({ from: 'apollo' }, String(message))
  }
}

/** Compact, and what it cost comes last, where what is left to the client can be added to the bytes. */
function stringifyResult({ errors, data, extensions }: FormattedExecutionResult): string {
  if (extensions?.['cost'] === undefined) return JSON.stringify({ errors, data, extensions })
  const { cost, ...others } = extensions
  return JSON.stringify({ errors, data, extensions: { ...others, cost } })
}

/** The engine masks its own; this is for what breaks around it. */
function maskUnexpected(formatted: GraphQLFormattedError, error: unknown, log: Log): GraphQLFormattedError {
  const { code, requestId } = formatted.extensions ?? {}
  if (code !== 'INTERNAL_SERVER_ERROR' || requestId !== undefined) return formatted
  if (isClientsFault(error)) return { ...formatted, extensions: { code: 'BAD_REQUEST' } }
  log.error({ err: error }, 'internal error')
  return { message: 'Internal error', extensions: { code } }
}

/** Apollo Server gives some faults of the request, such as a wrong hash, a status and no code. */
function isClientsFault(error: unknown): boolean {
  const { status = 500 } = ((error as Partial<GraphQLError>).extensions?.['http'] ?? {}) as { readonly status?: number }
  return status >= 400 && status < 500
}
