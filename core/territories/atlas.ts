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
  const territories = new Spans<Territory>()
  const grounds = new Spans<Omit<Ground, keyof Span>>()
  const aliases = new Spans<Alias>()
  const aliasesOf = aliasesOver(vintages, chronicle, pieces)
  for (const vintage of vintages.toReversed()) {
    const { year } = vintage
    const drafts = territoriesOf(vintage)
    const groundOf = groundOfCommunes(pieces, year)
    const perimeters = perimetersOf(drafts, groundOf)
    const indexOf = new Map<string, number>()
    for (const draft of drafts) {
      const perimeter = `${kindOfPerimeter(draft)} ${perimeters.get(draft.id) ?? ''}`
      const index = positions.get(perimeter) ?? positions.size
      positions.set(perimeter, index)
      indexOf.set(draft.id, index)
    }
    const link = (id: string | null): number => (id === null ? -1 : (indexOf.get(id) ?? -1))
    for (const draft of drafts) {
      const { id, tier, code, name, kind } = draft
      const index = link(id)
      const [epci, departement, region] = [link(draft.epci), link(draft.departement), link(draft.region)]
      territories.add(id, year, { id, tier, code }, { index, name, kind, epci, departement, region })
      if (tier !== 'COMMUNE') continue
      for (const piece of groundOf(code)) grounds.add(piece, year, { piece }, { commune: indexOf.get(id) ?? -1 })
    }
    for (const alias of aliasesOf(year)) aliases.add(keyOf(alias), year, {}, alias)
  }
  return {
    vintages: vintages.map(({ year, epciAsOf = year }) => ({ year, epciAsOf })),
    territories: territories.all().toSorted((a, b) => a.index - b.index || a.first - b.first),
    grounds: grounds.all().toSorted((a, b) => a.piece - b.piece || a.first - b.first),
    aliases: aliases.all().toSorted((a, b) => a.first - b.first || (keyOf(a) < keyOf(b) ? -1 : 1)),
  }
}

/** The pieces of a commune, ascending. */
type GroundOfCommune = (code: string) => readonly number[]

function groundOfCommunes({ years, all }: Pieces, year: number): GroundOfCommune {
  const position = years.indexOf(year)
  const grounds = new Map<string, number[]>()
  for (const { index, communes } of all) {
    const code = communes[position] ?? ''
    const ground = grounds.get(code)
    if (ground === undefined) grounds.set(code, [index])
    else ground.push(index)
  }
  return (code) => grounds.get(code) ?? []
}

const keyOf = ({ tier, code, leadsTo }: Alias): string => `${tier} ${code} ${leadsTo}`

/** What must be the same beside the ground: groupings are what they are named, parts of EPCI are of one tier or the other. */
function kindOfPerimeter({ tier, id, kind, departement }: TerritoryDraft): string {
  if (kind === 'EPCI_PART') return departement === null ? 'part in région' : 'part in département'
  return tier === 'GROUPING' ? id : tier
}

/** Sums stay below it, so that they are exact and the order of the pieces does not matter. */
const MODULUS = 2 ** 52

/**
 * A set of pieces as a number of 104 bits, whatever the order in which they come: that two sets that differ have the same
 * one is out of the question.
 */
class Perimeter {
  #count = 0
  #high = 0
  #low = 0

  /** Adds a piece, scattered in two ways. */
  add(high: number, low: number): void {
    this.#count += 1
    this.#high = (this.#high + high) % MODULUS
    this.#low = (this.#low + low) % MODULUS
  }

  get key(): string {
    return `${this.#count}:${this.#high}:${this.#low}`
  }
}

/** Scatters a small number over 52 bits (the finaliser of MurmurHash3, twice). */
function scatter(piece: number, seed: number): number {
  const high = mix(piece + seed)
  return high * 0x100000 + (mix(high ^ piece) & 0xfffff)
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** What names the perimeter of every territory of a vintage, by id. */
function perimetersOf(drafts: readonly TerritoryDraft[], groundOf: GroundOfCommune): ReadonlyMap<string, string> {
  const perimeters = new Map<string, Perimeter>()
  const perimeterOf = (id: string): Perimeter => {
    const known = perimeters.get(id) ?? new Perimeter()
    perimeters.set(id, known)
    return known
  }
  const parts = new Map(
    drafts
      .filter(({ kind }) => kind === 'EPCI_PART')
      .map(({ id, epci, departement, region }) => [`${epci} ${departement ?? region}`, perimeterOf(id)]),
  )
  const divided = new Set(drafts.filter(({ kind }) => kind === 'EPCI_PART').map(({ epci }) => epci))
  const above = perimetersAbove(drafts, perimeterOf)
  const keys = new Map<string, string>()
  for (const { id, code, tier, epci, departement, region } of drafts) {
    if (tier !== 'COMMUNE') continue
    const ground = groundOf(code)
    keys.set(id, ground.length === 1 ? `${ground[0]}` : ground.join())
    for (const piece of ground) {
      const [high, low] = [scatter(piece, 0x9e3779b9), scatter(piece, 0x85ebca6b)]
      for (const holder of above.get(departement ?? '') ?? []) holder.add(high, low)
      if (epci !== null) perimeterOf(epci).add(high, low)
      if (!divided.has(epci)) continue
      for (const place of [departement, region]) parts.get(`${epci} ${place}`)?.add(high, low)
    }
  }
  for (const [id, perimeter] of perimeters) keys.set(id, perimeter.key)
  return keys
}

/** The perimeters of all that holds a whole département, by its id. */
function perimetersAbove(
  drafts: readonly TerritoryDraft[],
  perimeterOf: (id: string) => Perimeter,
): ReadonlyMap<string, readonly Perimeter[]> {
  const groupings = drafts.filter(({ tier, kind }) => tier === 'GROUPING' && kind !== 'EPCI_PART')
  return new Map(
    drafts
      .filter(({ tier }) => tier === 'DEPARTEMENT')
      .map(({ id, code, region }) => {
        const within = groupings.filter((grouping) => groupingIncludes(grouping.code, code)).map(idOf)
        const holders = [id, ...(region === null ? [] : [region]), 'nation:FR', ...within]
        return [id, holders.map(perimeterOf)]
      }),
  )
}

const idOf = ({ id }: TerritoryDraft): string => id

/** Rows with the vintages in which they hold; given from the newest vintage to the oldest. */
class Spans<Row extends object> {
  readonly #open = new Map<string | number, Row & { first: number; last: number }>()
  readonly #all: (Row & Span)[] = []

  /**
   * Adds a row of a vintage, or lets the one of the vintage after it begin earlier where nothing but the year is different.
   * @param name what the row is about, and `fixed` the fields that follow from it.
   * @param changing the others: together they make the row.
   */
  add<Fixed extends Partial<Row>>(
    name: string | number,
    year: number,
    fixed: Fixed,
    changing: Omit<Row, keyof Fixed>,
  ): void {
    const known = this.#open.get(name)
    if (known?.first === year + 1 && hasSame(known, changing)) known.first = year
    else {
      const span = { ...fixed, ...changing, first: year, last: year } as unknown as Row & {
        first: number
        last: number
      }
      this.#open.set(name, span)
      this.#all.push(span)
    }
  }

  all(): readonly (Row & Span)[] {
    return this.#all
  }
}

function hasSame(known: object, changing: object): boolean {
  for (const field in changing) if (known[field as never] !== changing[field as never]) return false
  return true
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
