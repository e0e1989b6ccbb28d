import type { DocumentNode, ExecutionResult } from 'graphql'
import type { SubgraphTransport } from './transport.ts'

/** What this transport needs of a subgraph in process: the registry of `subgraphs/` holds five of them. */
export interface LocalSubgraph {
  execute(request: {
    document: DocumentNode
    variables?: Record<string, unknown>
    operationName?: string
  }): ExecutionResult | Promise<ExecutionResult>
}

/**
 * Transports to subgraphs that live in this process: no socket, no JSON, the document handed over as it is.
 * The keys are the subgraphs' names in the supergraph.
 */
export function localTransports(registry: ReadonlyMap<string, LocalSubgraph>): Map<string, SubgraphTransport> {
  return new Map([...registry].map(([name, subgraph]) => [name, localTransport(subgraph)]))
}

function localTransport(subgraph: LocalSubgraph): SubgraphTransport {
  return {
    trusted: true,
    execute: ({ document, variables, operationName }) =>
      subgraph.execute({
        document,
        ...(variables && { variables }),
        ...(operationName !== undefined && { operationName }),
      }),
    close: async () => {},
  }
}
