import type { OwnerName } from '../core/observations/owner.ts'
import commune from './commune/resolvers.ts'
import departement from './departement/resolvers.ts'
import epci from './epci/resolvers.ts'
import type { SubgraphDefinition } from './kit/subgraph.ts'
import national from './national/resolvers.ts'
import { prepareSearch } from './national/search/hits.ts'
import region from './region/resolvers.ts'

/** The five subgraphs, one per tier. */
export const SUBGRAPHS: Readonly<Record<OwnerName, SubgraphDefinition>> = {
  commune: { name: 'commune', resolvers: commune },
  epci: { name: 'epci', resolvers: epci },
  departement: { name: 'departement', resolvers: departement },
  region: { name: 'region', resolvers: region },
  national: { name: 'national', resolvers: national, prepare: prepareSearch },
}
