import type { StoreReader } from '../../core/store/reader.ts'
import type { TerritoryParent } from './parents.ts'
import { isBefore, parseId } from './place.ts'
import { aroundOf, findParent } from './tier.ts'

/** A territory within which something is looked for, and the codes of the communes of today on its ground. */
export interface Within {
  readonly territory: TerritoryParent
  readonly communes: ReadonlySet<string>
}

/**
 * The ground of a territory, of the vintage that its id names, as the communes of today have it.
 * @throws StratesError INVALID_CODE, UNKNOWN_TERRITORY, TERRITORY_DIVIDED or UNSUPPORTED_GEOGRAPHY.
 */
export function withinOf(store: StoreReader, id: string): Within {
  const { tier, code, vintage } = parseId(store, id)
  const territory = findParent(store, tier, code, vintage)
  return { territory, communes: new Set(communesNow(store, territory)) }
}

function communesNow(store: StoreReader, territory: TerritoryParent): readonly string[] {
  const { code, vintage } = territory
  if (isBefore(store, vintage)) return store.timeline.resolve(code, { from: vintage }).results.map((heir) => heir.code)
  const pieces = aroundOf(store, territory).piecesOf(territory)
  return pieces.map((piece) => store.territories.communeOf(piece).code)
}
