import { StratesError } from '../../core/observations/error.ts'
import { spans } from '../../core/observations/period.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import { idOfVintage, parseTerritoryId, type Tier, type TerritoryCode } from '../../core/territories/code.ts'
import type { Territories, Territory } from '../../core/territories/territory.ts'

/** A territory asked for on a geography; undefined where that geography has none of the kind, with the reason in words. */
export interface Place {
  /** Tier and code, without vintage: `commune:35238`. */
  readonly id: string
  readonly vintage: number
  readonly territory: Territory | undefined
  /** Why there is none. */
  readonly absence: string
}

/** The id of a territory of a vintage held; see `idOfVintage`. */
export const idOn = ({ manifest }: StoreReader, id: string, vintage: number): string =>
  idOfVintage(id, vintage, manifest.geography)

/**
 * Takes an id apart into tier, code and vintage.
 * @throws StratesError INVALID_CODE, or UNSUPPORTED_GEOGRAPHY for a vintage not held.
 */
export function parseId(
  store: StoreReader,
  id: string,
): { readonly tier: Tier; readonly code: TerritoryCode; readonly vintage: number } {
  const [, plain = id, year] = /^(.*)\/g(\d{4})$/.exec(id) ?? []
  const vintage = year === undefined ? store.manifest.geography : Number(year)
  return { ...parseTerritoryId(plain), vintage }
}

/**
 * The territories of a vintage.
 * @param argument the name of the argument that asks for it, for the message.
 * @throws StratesError UNSUPPORTED_GEOGRAPHY for a vintage not held.
 */
export function territoriesOn({ atlas }: StoreReader, vintage: number, argument = 'at'): Territories {
  const found = atlas.of(vintage)
  if (found !== undefined) return found
  throw new StratesError({
    code: 'UNSUPPORTED_GEOGRAPHY',
    what: 'The store holds no territories of this COG vintage',
    on: `${argument}: ${vintage}`,
    expected: `one of ${spans(atlas.years)}`,
    remedy: `Leave ${argument} out for the newest; resolve(code:, from:) tells what a code of any day since 1943 became.`,
    details: { argument, given: vintage, held: atlas.years },
  })
}

/**
 * What a territory is on another geography: the one of the same code there, else the one on the same ground. A territory
 * younger than the geography, or gone by then, is none there: its values would be those of another place.
 */
export function placeOn(store: StoreReader, territory: Territory, from: number, to: number): Place {
  const there = territoriesOn(store, to, 'geography')
  const id = `${territory.tier.toLowerCase()}:${territory.code}`
  if (from === to) return { id, vintage: to, territory, absence: '' }
  const same = there.byId(id) ?? (there.has(territory.index) ? there.at(territory.index) : undefined)
  if (same === undefined) return absentPlace(store, id, to)
  return { id: same.id, vintage: to, territory: same, absence: '' }
}

/** Finds a place again by its id without vintage, which an enrolment's id names. */
export function placeById(store: StoreReader, id: string, vintage: number): Place {
  const territory = territoriesOn(store, vintage, 'geography').byId(id)
  return territory === undefined ? absentPlace(store, id, vintage) : { id, vintage, territory, absence: '' }
}

function absentPlace(store: StoreReader, id: string, vintage: number): Place {
  return { id, vintage, territory: undefined, absence: absenceOf(store, id, vintage) }
}

/** Says why a geography has no such territory, and where its ground is. */
function absenceOf(store: StoreReader, id: string, vintage: number): string {
  const { tier, code } = parseTerritoryId(id)
  const gone = `There is no ${id} in the COG ${vintage}`
  try {
    const { territory } = territoriesOn(store, vintage, 'geography').find(tier, code)
    return `${gone}: its ground is in ${territory.name} (${territory.code}) there.`
  } catch (error) {
    if (!(error instanceof StratesError)) throw error
    if (error.facts.code !== 'TERRITORY_DIVIDED') return `${gone}: it is younger than that, or ended before.`
    return `${gone}: its ground belongs to several territories there, ${error.facts.expected.replace('one of ', '')}.`
  }
}
