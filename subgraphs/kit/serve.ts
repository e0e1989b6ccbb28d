import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import type { SubgraphContext } from './context.ts'
import type { Subgraph } from './subgraph.ts'

/**
 * Serves one subgraph over HTTP, for a gateway in another process.
 * @param host address to listen on; loopback unless told otherwise.
 * @returns where it answers, and how to stop it.
 */
export async function serveSubgraph(
  subgraph: Subgraph,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = new ApolloServer<SubgraphContext>({ schema: subgraph.schema, introspection: true })
  const { url } = await startStandaloneServer(server, {
    listen: { host, port },
    context: async () => subgraph.context(),
  })
  return { url, close: () => server.stop() }
}
