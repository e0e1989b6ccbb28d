import { StratesError } from '../../core/observations/error.ts'
import { competencesOf, type Competence } from '../../core/territories/competences.ts'
import type { SubgraphContext } from '../kit/context.ts'
import type { TerritoryParent } from '../kit/parents.ts'
import { placeOn, territoriesOn } from '../kit/place.ts'
import { aroundOf, parentOf } from '../kit/tier.ts'

/**
 * Who is competent in a territory, as it was in the year asked; before the first vintage, as it is in its own.
 * @throws StratesError UNSUPPORTED_GEOGRAPHY for a commune of before the first vintage, INVALID_YEAR, or NOT_APPLICABLE for
 * a year in which the territory did not exist.
 */
export function competences(
  parent: TerritoryParent,
  { at }: { readonly at?: number | null },
  { store }: SubgraphContext,
): readonly Competence[] {
  const around = aroundOf(store, parent)
  const territory = around.at(parent.index)
  const year = at ?? parent.vintage
  const then = year === parent.vintage ? undefined : store.atlas.of(year)
  if (then === undefined) return competencesOf(around, territory, year, store.manifest.geography)
  const place = placeOn(store, territory, parent.vintage, year)
  if (place.territory === undefined) throw notThen(parent, year, place.absence)
  return competencesOf(then, place.territory, year)
}

/** The resolvers of what a competence names: territories of its vintage. */
export const competence = {
  territory: ({ territory, vintage }: Competence, _: unknown, { store }: SubgraphContext) =>
    territoryOf(territory, vintage, store),
  transferableTo: ({ transferableTo, vintage }: Competence, _: unknown, { store }: SubgraphContext) =>
    territoryOf(transferableTo, vintage, store),
}

function territoryOf(id: string | null, vintage: number, store: SubgraphContext['store']): TerritoryParent | null {
  const territory = id === null ? undefined : territoriesOn(store, vintage).byId(id)
  return territory === undefined ? null : parentOf(store, territory, vintage)
}

function notThen({ name, code }: TerritoryParent, year: number, reason: string): StratesError {
  return new StratesError({
    code: 'NOT_APPLICABLE',
    what: 'This territory did not exist in that year: nobody was competent in it',
    on: `${name} (${code}), at: ${year}`,
    expected: 'a year in which the territory existed',
    remedy: `${reason} Ask for a territory of that year with its own \`at\`.`,
    details: { status: 'NOT_APPLICABLE', reason, given: year },
  })
}
