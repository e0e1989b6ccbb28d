/** The gateway in this process over any store, with owners that can be made to fail. */
import type { OwnerName } from '../../core/observations/owner.ts'
import type { Store } from '../../core/store/open.ts'
import { createEngine } from '../../gateway/engine.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { readSupergraph, startOver, subgraphsOver, type Federation } from '../federation/federation.ts'

/** Starts the gateway over a store; subgraphs named in `down` refuse every call. */
export async function gatewayOver(store: Store, down: readonly OwnerName[] = []): Promise<Federation> {
  const subgraphs = subgraphsOver(store).map((subgraph) =>
    down.includes(subgraph.name)
      ? { ...subgraph, execute: () => Promise.reject(new Error(`${subgraph.name} is down`)) }
      : subgraph,
  )
  const transports = localTransports(new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph])))
  return startOver(createEngine({ supergraphSdl: await readSupergraph(), transports }))
}
