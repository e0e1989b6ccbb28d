/** The five subgraphs, one per territorial tier, each the owner of what its tier is competent for. */
export const OWNERS = ['commune', 'epci', 'departement', 'region', 'national'] as const

/** The name of a subgraph: its folder under `subgraphs/`, its name in the supergraph, and the owner on each value. */
export type OwnerName = (typeof OWNERS)[number]
