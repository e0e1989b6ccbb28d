import { aliasesOver } from './aliases.ts'
import { groupingIncludes, territoriesOf, type TerritoryDraft } from './cog.ts'
import type { Chronicle } from './lineage.ts'
import type { Pieces } from './pieces.ts'
import { indexTerritories, type Alias, type Territories, type Territory } from './territory.ts'
import type { Vintage } from './vintage.ts'

/** The vintages of the COG side by side. What did not change between them is one object in all of them. */
export interface Atlas {
  /** The vintages held, ascending. */
  readonly years: readonly number[]
  /** The newest vintage, on which values are given by default. */
  readonly current: Territories
  /** The territories of a vintage; undefined for a year not held. */
  of(year: number): Territories | undefined
  /** The newest vintage that has a territory at a position. */
  newestWith(index: number): Territories
}

/** First and last vintage in which something holds, both included. */
export interface Span {
  readonly first: number
  readonly last: number
}

/** An atlas as rows, each told once for as long as it holds. */
export interface AtlasRows {
  readonly vintages: readonly { readonly year: number; readonly epciAsOf: number }[]
  readonly territories: readonly (Territory & Span)[]
  /** The commune, by position, in which each piece of ground stands. */
  readonly grounds: readonly Ground[]
  readonly aliases: readonly (Alias & Span)[]
}

/** A piece of ground in a commune, by position. */
export interface Ground extends Span {
  readonly piece: number
  readonly commune: number
}

/**
 * Lays the vintages side by side. A territory's position names its perimeter within its tier: the newest vintage has the
 * first positions, perimeters that only older ones have come after.
 * @param vintages ascending, without a year left out, those of `pieces`.
 */
export function drawAtlas(vintages: readonly Vintage[], chronicle: Chronicle, pieces: Pieces): AtlasRows {
  const positions = new Map<string, number>()
  const territories = new Spans<Territory>(({ id }) => id, ['index', 'name', 'kind', 'epci', 'departement', 'region'])
  const grounds = new Spans<Omit<Ground, keyof Span>>(({ piece }) => `${piece}`, ['commune'])
  const aliases = new Spans<Alias>(keyOf, ['name', 'kind'])
  const findAliases = aliasesOver(vintages, chronicle, pieces)
  for (const vintage of vintages.toReversed()) {
    const drafts = territoriesOf(vintage)
    const groundOf = groundsOf(drafts, pieces, pieces.years.indexOf(vintage.year))
    const indexOf = new Map<string, number>()
    for (const draft of drafts) {
      const perimeter = `${kindOfPerimeter(draft)} ${asRanges(groundOf.get(draft.id) ?? [])}`
      const index = positions.get(perimeter) ?? positions.size
      positions.set(perimeter, index)
      indexOf.set(draft.id, index)
    }
    const link = (id: string | null): number => (id === null ? -1 : (indexOf.get(id) ?? -1))
    for (const { id, tier, code, name, kind, epci, departement, region } of drafts) {
      const links = { epci: link(epci), departement: link(departement), region: link(region) }
      territories.add({ index: link(id), id, tier, code, name, kind, ...links }, vintage.year)
    }
    for (const { id, tier } of drafts) {
      if (tier !== 'COMMUNE') continue
      for (const piece of groundOf.get(id) ?? []) grounds.add({ piece, commune: link(id) }, vintage.year)
    }
    for (const alias of findAliases(vintage.year)) aliases.add(alias, vintage.year)
  }
  return {
    vintages: vintages.map(({ year, epciAsOf = year }) => ({ year, epciAsOf })),
    territories: territories.all().toSorted((a, b) => a.index - b.index || a.first - b.first),
    grounds: grounds.all().toSorted((a, b) => a.piece - b.piece || a.first - b.first),
    aliases: aliases.all().toSorted((a, b) => order(a) - order(b) || (keyOf(a) < keyOf(b) ? -1 : 1)),
  }
}

const order = ({ first }: Span): number => first
const keyOf = ({ tier, code, leadsTo }: Alias): string => `${tier} ${code} ${leadsTo}`

/** What must be the same beside the ground: groupings are what they are named, parts of EPCI are of one tier or the other. */
function kindOfPerimeter({ tier, id, kind, departement }: TerritoryDraft): string {
  if (kind === 'EPCI_PART') return departement === null ? 'part in région' : 'part in département'
  return tier === 'GROUPING' ? id : tier
}

/** The pieces of every territory of a vintage, ascending. */
function groundsOf(
  drafts: readonly TerritoryDraft[],
  { all }: Pieces,
  position: number,
): ReadonlyMap<string, readonly number[]> {
  const byCommune = Map.groupBy(all, ({ communes }) => communes[position] ?? '')
  const grounds = new Map<string, number[]>()
  const add = (id: string | null, own: readonly number[]): void => {
    if (id === null) return
    const pieces = grounds.get(id)
    if (pieces === undefined) grounds.set(id, [...own])
    else pieces.push(...own)
  }
  const groupings = drafts.filter(({ tier }) => tier === 'GROUPING')
  const groupingsOf = new Map(
    drafts
      .filter(({ tier }) => tier === 'DEPARTEMENT')
      .map(({ id, code }) => [id as string, groupings.filter((grouping) => groupingIncludes(grouping.code, code))]),
  )
  const parts = new Map(
    drafts
      .filter(({ kind }) => kind === 'EPCI_PART')
      .map(({ id, epci, departement, region }) => [`${epci} ${departement ?? region}`, id]),
  )
  for (const { id, code, tier, epci, departement, region } of drafts) {
    if (tier !== 'COMMUNE') continue
    const own = (byCommune.get(code) ?? []).map(({ index }) => index)
    for (const holder of [id, epci, departement, region, 'nation:FR']) add(holder, own)
    for (const grouping of groupingsOf.get(departement ?? '') ?? []) add(grouping.id, own)
    for (const place of [departement, region]) add(parts.get(`${epci} ${place}`) ?? null, own)
  }
  for (const pieces of grounds.values()) pieces.sort((left, right) => left - right)
  return grounds
}

/** `[3, 4, 5, 9]` → `3-5,9-9`: short, since the pieces of a département follow each other. */
function asRanges(pieces: readonly number[]): string {
  const ranges: string[] = []
  for (let start = 0, position = 1; position <= pieces.length; position += 1) {
    const previous = pieces[position - 1] ?? 0
    if (pieces[position] === previous + 1) continue
    ranges.push(`${pieces[start]}-${previous}`)
    start = position
  }
  return ranges.join()
}

/** Rows with the vintages in which they hold; given from the newest vintage to the oldest. */
class Spans<Row extends object> {
  readonly #nameOf: (row: Row) => string
  readonly #fields: readonly (keyof Row)[]
  readonly #open = new Map<string, Row & { first: number; last: number }>()
  readonly #all: (Row & Span)[] = []

  /** What a row is about, and the other fields that make it another row when they change. */
  constructor(nameOf: (row: Row) => string, fields: readonly (keyof Row)[]) {
    this.#nameOf = nameOf
    this.#fields = fields
  }

  add(row: Row, year: number): void {
    const name = this.#nameOf(row)
    const known = this.#open.get(name)
    if (known?.first === year + 1 && this.#fields.every((field) => known[field] === row[field])) known.first = year
    else {
      const span = { ...row, first: year, last: year }
      this.#open.set(name, span)
      this.#all.push(span)
    }
  }

  all(): readonly (Row & Span)[] {
    return this.#all
  }
}

/** Opens an atlas from its rows; a vintage is indexed when it is first asked for. */
export function openAtlas({ vintages, territories, grounds, aliases }: AtlasRows): Atlas {
  const opened = new Map<number, Territories>()
  const pieces = grounds.reduce((most, { piece }) => Math.max(most, piece + 1), 0)

  function open(year: number): Territories {
    const known = opened.get(year)
    if (known !== undefined) return known
    const holds = ({ first, last }: Span): boolean => first <= year && year <= last
    const communeOfPiece = new Int32Array(pieces).fill(-1)
    for (const ground of grounds) if (holds(ground)) communeOfPiece[ground.piece] = ground.commune
    const indexed = indexTerritories({
      vintage: year,
      epciAsOf: vintages.find((vintage) => vintage.year === year)?.epciAsOf ?? year,
      all: territories.filter(holds).toSorted(inTierOrder),
      aliases: aliases.filter(holds),
      includes: groupingIncludes,
      communeOfPiece,
    })
    opened.set(year, indexed)
    return indexed
  }

  const years = vintages.map(({ year }) => year)
  const newest = years.at(-1)
  if (newest === undefined) throw new RangeError('an atlas needs at least one vintage')
  return sideBySide(years, open(newest), (year) => (years.includes(year) ? open(year) : undefined))
}

function sideBySide(years: readonly number[], current: Territories, of: Atlas['of']): Atlas {
  function newestWith(index: number): Territories {
    if (current.has(index)) return current
    const found = years.toReversed().find((year) => of(year)?.has(index))
    const vintage = found === undefined ? undefined : of(found)
    if (vintage === undefined) throw new RangeError(`no vintage has a territory at position ${index}`)
    return vintage
  }
  return { years, current, of, newestWith }
}

const TIER_ORDER = ['NATION', 'REGION', 'DEPARTEMENT', 'EPCI', 'COMMUNE', 'GROUPING']

/** By tier and code; groupings in the order in which lists show them, which is that of their positions. */
function inTierOrder(left: Territory, right: Territory): number {
  const byTier = TIER_ORDER.indexOf(left.tier) - TIER_ORDER.indexOf(right.tier)
  if (byTier !== 0) return byTier
  if (left.tier === 'GROUPING') return left.index - right.index
  return left.code < right.code ? -1 : left.code > right.code ? 1 : 0
}

/** The territories of one vintage as an atlas of its own. */
export const atlasOf = (territories: Territories): Atlas =>
  sideBySide([territories.vintage], territories, (year) => (year === territories.vintage ? territories : undefined))
