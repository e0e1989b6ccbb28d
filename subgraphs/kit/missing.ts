import { StratesError } from '../../core/observations/error.ts'
import type { MissingMember } from '../../core/observations/missing.ts'
import type { Observation } from '../../core/observations/observation.ts'
import { connectionOf, type Connection, type PageArguments } from './connection.ts'
import type { SubgraphContext } from './context.ts'

/**
 * Who was expected in an observation and brought no figure.
 * @throws StratesError LISTED_BY_PARTS for an observation put together from those of several owners.
 */
export function missingMembers(
  { counted, provenance }: Observation,
  page: PageArguments,
  { store }: SubgraphContext,
): Connection<MissingMember> {
  if (counted !== undefined) return connectionOf(store.missingIn(counted), page)
  throw new StratesError({
    code: 'LISTED_BY_PARTS',
    what: 'Each owner lists the missing contributors of its own part',
    on: provenance.title,
    expected: 'an observation that one owner answers for',
    remedy:
      'Ask missingMembers of the parts: of primary, lowerSecondary and upperSecondary for the total of the three cycles.',
    details: { datasets: provenance.inputs.map(({ datasetId }) => datasetId) },
  })
}
