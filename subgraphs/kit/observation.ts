import { StratesError } from '../../core/observations/error.ts'
import type { MissingMember } from '../../core/observations/missing.ts'
import type { Observation, Provenance } from '../../core/observations/observation.ts'
import type { Conversion, ConversionInput } from '../../core/store/reader.ts'
import { connectionOf, type Connection, type PageArguments } from './connection.ts'
import type { SubgraphContext } from './context.ts'
import { idOn } from './place.ts'

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
  throw listedByParts('missingMembers', 'the missing contributors', provenance)
}

/**
 * What a converted observation is made of, on the geography of its sources; nothing for one that is not converted.
 * @throws StratesError LISTED_BY_PARTS for an observation put together from those of several owners.
 */
export function conversions(observation: Observation, _: unknown, { store }: SubgraphContext): readonly Conversion[] {
  const { counted, method, provenance } = observation
  if (counted !== undefined || method !== 'CONVERTED') return store.conversionsOf(observation)
  throw listedByParts('conversions', 'the conversions', provenance)
}

function listedByParts(field: string, what: string, { title, inputs }: Provenance): StratesError {
  return new StratesError({
    code: 'LISTED_BY_PARTS',
    what: `Each owner lists ${what} of its own part`,
    on: title,
    expected: 'an observation that one owner answers for',
    remedy: `Ask ${field} of the parts: of primary, lowerSecondary and upperSecondary for the total of the three cycles, of the owner's own observation for a rank (\`cell\`).`,
    details: { datasets: inputs.map(({ datasetId }) => datasetId) },
  })
}

/** The resolvers of one input of a conversion. */
export const conversionInput = {
  id: ({ territory, vintage }: ConversionInput, _: unknown, { store }: SubgraphContext) =>
    idOn(store, territory.id, vintage),
  code: ({ territory }: ConversionInput) => territory.code,
  name: ({ territory }: ConversionInput) => territory.name,
}
