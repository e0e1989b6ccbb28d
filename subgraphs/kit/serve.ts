import { createServer } from 'node:http'
import { once } from 'node:events'
import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { startStandaloneServer } from '@apollo/server/standalone'
import { StratesError } from '../../core/observations/error.ts'
import type { SubgraphContext } from './context.ts'
import type { Subgraph } from './subgraph.ts'

/**
 * Serves one subgraph over HTTP, for a gateway in another process.
 * @param host address to listen on; loopback unless told otherwise.
 * @returns where it answers, and how to stop it.
 * @throws StratesError CONFIGURATION_INVALID when the port is taken or not allowed.
 */
export async function serveSubgraph(
  subgraph: Subgraph,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  await requireFree(host, port)
  const server = new ApolloServer<SubgraphContext>({
    schema: subgraph.schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // No account, no page from a CDN, no traces: nothing is reported anywhere.
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  })
  const { url } = await startStandaloneServer(server, {
    listen: { host, port },
    context: async () => subgraph.context(),
  })
  return { url, close: () => server.stop() }
}

/** Apollo's own server lets an error of listening escape; asked first, it can be told to a person. */
async function requireFree(host: string, port: number): Promise<void> {
  const probe = createServer()
  try {
    probe.listen(port, host)
    await once(probe, 'listening')
  } catch (cause) {
    throw new StratesError({
      code: 'CONFIGURATION_INVALID',
      what: `The subgraph cannot listen (${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
      on: `HOST=${host}, port ${port}`,
      expected: 'an address of this machine and a port that is free and allowed',
      remedy: `Stop what listens there, or choose another: --port ${port === 65_535 ? 4001 : port + 1}.`,
      cause,
    })
  }
  await new Promise((resolve) => probe.close(resolve))
}
