import { StratesError } from '../../core/observations/error.ts'
import { spans } from '../../core/observations/period.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import {
  idOfVintage,
  parseTerritoryId,
  territoryId,
  type Tier,
  type TerritoryCode,
} from '../../core/territories/code.ts'
import { FIRST_DAY } from '../../core/territories/lineage.ts'
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
  const id = territoryId(territory.tier, territory.code)
  if (isBefore(store, from)) return placeSince(store, territory, from, to)
  const there = territoriesOn(store, to, 'geography')
  if (from === to) return { id, vintage: to, territory, absence: '' }
  const same = there.byId(id) ?? (there.has(territory.index) ? there.at(territory.index) : undefined)
  if (same === undefined) return absentPlace(store, id, to)
  return { id: same.id, vintage: to, territory: same, absence: '' }
}

/** Finds a place again by its id without vintage, which an enrolment's id names. */
export function placeById(store: StoreReader, id: string, vintage: number): Place {
  if (isBefore(store, vintage)) return withoutGeography(store, id, vintage)
  const territory = territoriesOn(store, vintage, 'geography').byId(id)
  return territory === undefined ? absentPlace(store, id, vintage) : { id, vintage, territory, absence: '' }
}

/** Whether a year is before the first vintage held, so that the COG has communes of it and nothing else. */
export const isBefore = ({ atlas }: StoreReader, year: number): boolean =>
  year >= FIRST_YEAR && year < (atlas.years[0] ?? FIRST_YEAR)

const FIRST_YEAR = Number(FIRST_DAY.slice(0, 4))

/**
 * A commune of before the first vintage, on a later geography: the one that stands on exactly its ground there. The code
 * alone would not do: 49126 was Drain, and names all of Orée-d'Anjou since.
 */
function placeSince(store: StoreReader, territory: Territory, from: number, to: number): Place {
  if (from === to) return withoutGeography(store, territory.id, from)
  const there = territoriesOn(store, to, 'geography')
  const { results } = store.timeline.resolve(territory.code, { from, to })
  const [heir, ...others] = results
  const back = heir && others.length === 0 ? store.timeline.resolve(heir.code, { from: to, to: from }).results : []
  const same = heir && back.length === 1 ? there.byId(territoryId('COMMUNE', heir.code)) : undefined
  if (same !== undefined) return { id: same.id, vintage: to, territory: same, absence: '' }
  const named = results.map(({ name, code }) => `${name} (${code})`).join(', ')
  const absence = `${territory.name} (${territory.code}) of ${from} is no commune of the COG ${to}: its ground is in ${named} there.`
  return { id: territoryId('COMMUNE', territory.code), vintage: to, territory: undefined, absence }
}

function withoutGeography({ atlas }: StoreReader, id: string, vintage: number): Place {
  const absence = `No value is given on the geography of ${vintage}; those of ${spans(atlas.years)} have values: ask for one of them with \`geography\`.`
  return { id: id.replace(/\/g\d{4}$/, ''), vintage, territory: undefined, absence }
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
