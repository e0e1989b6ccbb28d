import type { StoreReader } from '../../../core/store/reader.ts'
import type { Tier } from '../../../core/territories/code.ts'
import type { Alias, Territory } from '../../../core/territories/territory.ts'
import type { Steps } from '../../kit/slices.ts'
import { ENTRY_KINDS, entriesOf, labelEntries, type Entry, type EntryKind } from './entries.ts'
import { fold, isSmall, spellOut, withoutArticle, withoutSmallWords } from './fold.ts'
import { sortTexts, type SortedTexts } from './sorted.ts'

/** The measure by which territories are ranked. */
export const POPULATION = 'population-municipale'

/** How many times a name that begins with the text counts for one that only holds it inside. */
export const LIGHTER = 10

/** What counts a tenth: names that are no more, or of a part. */
const LIGHTER_KINDS: ReadonlySet<EntryKind> = new Set(['FORMER_NAME', 'PART'])

/** What counts a tenth: it is named after the places in it, and who types those means them. */
const LIGHTER_TIERS: ReadonlySet<Tier> = new Set(['EPCI', 'GROUPING'])

/** Of two that are as large, the smaller tier comes first: it is on the same ground, and what people mean. */
const TIER_ORDER: readonly Tier[] = ['COMMUNE', 'DEPARTEMENT', 'REGION', 'EPCI', 'GROUPING', 'NATION']

/** Every text by which a territory can be found, as columns, and where it stands in order. */
export interface SearchIndex {
  /** Names by their beginning. The owner of a row is twice its entry, and one more where the text leaves out small words. */
  readonly beginnings: SortedTexts
  /** Names by every word but the first. The owner of a row is its entry. */
  readonly inside: SortedTexts
  /** Codes. The owner of a row is its entry. */
  readonly codes: SortedTexts
  /** Names with what is in brackets, and labels. The owner of a row is its entry. */
  readonly labels: SortedTexts
  /** Of an entry: its territory. */
  territoryOf(entry: number): Territory
  kindOf(entry: number): EntryKind
  /** As it is written. */
  textOf(entry: number): string
  aliasOf(entry: number): Alias | null
  /** Inhabitants times {@link LIGHTER}, or inhabitants where the entry is lighter; 0 where nobody was counted. */
  weightOf(entry: number): number
  /** Where its territory stands among all: the largest first, then the smallest tier, then by code. */
  orderOf(entry: number): number
}

/** The inhabitants of a territory; null where they were not counted. */
export type PopulationOf = (territory: Territory) => number | null

/** After how many entries the work may be interrupted. */
const AT_ONCE = 200

/**
 * Indexes the territories of the newest vintage, step by step.
 * @param figureOf gives the figure of a territory at the newest census held; default: as the store gives it.
 */
export function* indexSearch(store: StoreReader, figureOf?: PopulationOf): Steps<SearchIndex> {
  const { territories } = store
  const populationOf = yield* populationsOf(store, figureOf)
  const ranked = territories.all.toSorted(
    (left, right) =>
      populationOf(right) - populationOf(left) ||
      TIER_ORDER.indexOf(left.tier) - TIER_ORDER.indexOf(right.tier) ||
      (left.code < right.code ? -1 : 1),
  )
  yield
  const orders = new Map(ranked.map(({ index }, order) => [index, order]))
  const columns = {
    territory: [] as number[],
    kind: [] as number[],
    text: [] as string[],
    weight: [] as number[],
    order: [] as number[],
  }
  const aliases = new Map<number, Alias>()
  const beginnings = new Texts()
  const inside = new Texts()
  const codes = new Texts()
  const labels = new Texts()
  let told = 0
  for (const one of entriesOf(store)) {
    if ((told += 1) % AT_ONCE === 0) yield
    const entry = addEntry(one)
    const { kind, text } = one
    if (kind === 'CODE' || kind === 'POSTAL_CODE') codes.add(foldCode(text), entry)
    else addName(spellOut(fold(text)), entry, kind === 'SIGLE')
  }
  for (const one of labelEntries(store)) {
    if ((told += 1) % AT_ONCE === 0) yield
    labels.add(fold(one.text), addEntry(one))
  }

  function addEntry({ territory, kind, text, alias }: Entry): number {
    const entry = columns.text.push(text) - 1
    const isLighter = LIGHTER_KINDS.has(kind) || LIGHTER_TIERS.has(territory.tier)
    columns.territory.push(territory.index)
    columns.kind.push(ENTRY_KINDS.indexOf(kind))
    columns.weight.push(populationOf(territory) * (isLighter ? 1 : LIGHTER))
    columns.order.push(orders.get(territory.index) ?? 0)
    if (alias !== null) aliases.set(entry, alias)
    return entry
  }

  function addName(name: string, entry: number, isSigle: boolean): void {
    beginnings.add(name, entry * 2)
    if (isSigle) return
    if (!name.includes(' ')) return
    const shorter = new Set([withoutArticle(name), withoutSmallWords(name), withoutSmallWords(withoutArticle(name))])
    shorter.delete(name)
    for (const text of shorter) beginnings.add(text, entry * 2 + 1)
    for (let blank = name.indexOf(' '); blank !== -1; blank = name.indexOf(' ', blank + 1)) {
      const rest = name.slice(blank + 1)
      if (!isSmall(rest.split(' ', 1)[0] ?? '')) inside.add(rest, entry)
    }
  }

  const [territory, kind] = [Int32Array.from(columns.territory), Uint8Array.from(columns.kind)]
  const [weight, order] = [Int32Array.from(columns.weight), Int32Array.from(columns.order)]
  const { text } = columns
  return {
    beginnings: yield* beginnings.sorted(),
    inside: yield* inside.sorted(),
    codes: yield* codes.sorted(),
    labels: yield* labels.sorted(),
    territoryOf: (entry) => territories.at(territory[entry] ?? -1),
    kindOf: (entry) => ENTRY_KINDS[kind[entry] ?? 0] ?? 'NAME',
    textOf: (entry) => text[entry] ?? '',
    aliasOf: (entry) => aliases.get(entry) ?? null,
    weightOf: (entry) => weight[entry] ?? 0,
    orderOf: (entry) => order[entry] ?? 0,
  }
}

/** A code as it is compared: "2a004", "academie14". */
export const foldCode = (code: string): string => code.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Texts and what they belong to, before they are in order. */
class Texts {
  readonly #texts: string[] = []
  readonly #owners: number[] = []

  add(text: string, owner: number): void {
    if (text === '') return
    this.#texts.push(text)
    this.#owners.push(owner)
  }

  sorted(): Steps<SortedTexts> {
    return sortTexts(this.#texts, this.#owners)
  }
}

/** The inhabitants of a territory at the newest census held; 0, for the order alone, where they were not counted. */
function* populationsOf(store: StoreReader, given?: PopulationOf): Steps<(territory: Territory) => number> {
  const year = store.manifest.defaultPopulationYear
  if (year === null) return () => 0
  const valueOf = given ?? ((territory) => store.figure(POPULATION, year, territory).value)
  // Read once: a territory is compared with many, and has many texts.
  const populations = new Map<number, number>()
  for (const territory of store.territories.all) {
    if (populations.size % AT_ONCE === 0) yield
    populations.set(territory.index, valueOf(territory) ?? 0)
  }
  return ({ index }) => populations.get(index) ?? 0
}
