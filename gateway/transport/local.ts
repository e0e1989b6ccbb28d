import type { DocumentNode, ExecutionResult } from 'graphql'
import { subgraphUnavailable, type SubgraphTransport } from './transport.ts'

/** What this transport needs of a subgraph in process: the registry of `subgraphs/` holds five of them. */
export interface LocalSubgraph {
  execute(request: {
    document: DocumentNode
    variables?: Record<string, unknown>
    operationName?: string
  }): ExecutionResult | Promise<ExecutionResult>
}

/** Subgraphs in process by their names in the supergraph, over one version of the data each time. */
export interface LocalSubgraphs {
  /** Their names, the same over every version. */
  readonly names: readonly string[]
  /** The versions held, the newest first; another list each time that they change, and empty where there is but one without a name. */
  versions(): readonly string[]
  /** A subgraph over a version held; undefined for another. Without a version: over the newest. */
  find(name: string, dataVersion: string | undefined): LocalSubgraph | undefined
}

/**
 * Transports to subgraphs that live in this process: no socket, no JSON, the document handed over as it is. The keys of the
 * registry are the subgraphs' names in the supergraph.
 * @param dataVersion the only version of the data that there is; undefined where it has no name.
 */
export function localTransports(
  registry: ReadonlyMap<string, LocalSubgraph>,
  dataVersion?: string,
): Map<string, SubgraphTransport> {
  const held = dataVersion === undefined ? [] : [dataVersion]
  return versionedTransports({
    names: [...registry.keys()],
    versions: () => held,
    find: (name, wanted) => (wanted === undefined || held.includes(wanted) ? registry.get(name) : undefined),
  })
}

/** The same, to subgraphs over data that changes while they answer. */
export const versionedTransports = (subgraphs: LocalSubgraphs): Map<string, SubgraphTransport> =>
  new Map(subgraphs.names.map((name) => [name, localTransport(name, subgraphs)]))

function localTransport(name: string, { versions, find }: LocalSubgraphs): SubgraphTransport {
  return {
    trusted: true,
    execute({ document, variables, operationName, dataVersion }) {
      const subgraph = find(name, dataVersion)
      if (!subgraph)
        throw subgraphUnavailable({
          subgraph: name,
          reason: 'OTHER_VERSION',
          what: `no longer holds the data of ${dataVersion}`,
        })
      return subgraph.execute({
        document,
        ...(variables && { variables }),
        ...(operationName !== undefined && { operationName }),
      })
    },
    versions,
    close: async () => {},
  }
}
