import type { StoreReader } from '../../../core/store/reader.ts'
import { TIERS, type Tier } from '../../../core/territories/code.ts'
import type { Alias } from '../../../core/territories/territory.ts'
import { atOnce, type Steps } from '../../kit/slices.ts'
import { Best, GROUPS, type Hit } from './best.ts'
import { contextsOf } from './context.ts'
import { fold, isSmall, readingsOf, withoutArticle, withoutSmallWords } from './fold.ts'
import { foldCode, indexSearch, LIGHTER, type PopulationOf, type SearchIndex } from './searchIndex.ts'
import { LONGEST_WANTED, withSlips } from './slips.ts'

/** What is asked. */
export interface SearchQuestion {
  readonly text: string
  /** Only these tiers; all where there is none. */
  readonly tiers?: readonly Tier[]
  /** How many hits at most, up to {@link MOST_HITS}. */
  readonly first: number
}

/** Finds territories by what people type. */
export type Search = (question: SearchQuestion) => readonly Hit[]

/** Where fewer were found, what was meant is looked for among names that are nearly so. */
const ENOUGH = 5

/** Where a name is the beginning of one this many times as large, it does not come before it because another word follows: "bord". */
const TOO_SMALL = 500

/** With small words left out, shorter texts are in too many names to mean one: "la r". */
const SHORTEST_INSIDE = 4

const BLANK = 32

/** Makes the search over the territories of a store: docs/search.md tells the rule by which hits are ranked. */
export const createSearch = (store: StoreReader): Search => atOnce(makeSearch(store))

/** The same, step by step; with populations that were read before, for a store that has to fetch them. */
export function* makeSearch(store: StoreReader, populationOf?: PopulationOf): Steps<Search> {
  const index = yield* indexSearch(store, populationOf)
  const placesIn = contextsOf(store.territories, index)

  return ({ text, tiers = [], first }) => {
    const { wanted, folded, among, isId } = readQuestion(text, tiers)
    const best = new Best(index, (territory) => among === TIERS || among.includes(territory.tier))
    if (folded === '') return []
    lookUpCode(index, foldCode(wanted), best, isId)
    if (isId && best.count > 0) return best.hits(first)
    lookUpName(index, folded, best)
    if (best.count === 0) for (const name of inOtherOrders(folded)) lookUpBeginning(index, name, best)
    if (best.count === 0) {
      for (const { name, isWithin, isId: isOwn } of placesIn(folded)) {
        best.within(isWithin, () => {
          lookUpCode(index, foldCode(name), best, isOwn)
          lookUpName(index, name, best)
        })
        if (best.count > 0) return best.hits(first)
      }
    }
    const isMeant = best.group <= GROUPS.words || (best.count > 0 && /[\d ]/.test(folded))
    if (!isMeant && best.count < Math.min(first, ENOUGH)) lookUpWithSlips(index, folded, best)
    return best.hits(first)
  }
}

/** "commune:35238" says its tier, and that no postal code is meant. An article before a code says nothing: "le 93". */
function readQuestion(text: string, tiers: readonly Tier[]) {
  const asked = tiers.length > 0 ? tiers : TIERS
  const [, prefix, rest] = /^\s*(commune|epci|departement|region|nation|grouping)\s*:(.*)$/i.exec(text) ?? []
  const wanted = rest ?? text.replace(/^\s*(?:le|la|les)\s+(?=\d[\dab]*\s*$)/i, '')
  const among = prefix === undefined ? asked : asked.filter((tier) => tier === prefix.toUpperCase())
  return { wanted, folded: fold(wanted), among, isId: prefix !== undefined }
}

/** The words from another one on, then those before it, with small words and without: "mezieres charleville", "metropole de rennes". */
function inOtherOrders(folded: string): readonly string[] {
  return [...new Set([folded, withoutSmallWords(folded)])].flatMap((name) => {
    const words = name.split(' ')
    return words.slice(1, 5).map((_, place) => [...words.slice(place + 1), ...words.slice(0, place + 1)].join(' '))
  })
}

/** A code has a digit, and nothing but what codes are made of. */
const IS_CODE = /^(\d[\dab]\d*|[a-z]+\d[a-z\d]*|[a-z]{2,})$/

/** @param isId whether no postal code is meant. */
function lookUpCode(
  { codes, kindOf, territoryOf, aliasOf }: SearchIndex,
  code: string,
  best: Best,
  isId = false,
): void {
  if (!IS_CODE.test(code)) return
  // Of a SIRET, the SIREN.
  const wanted = /^\d{14}$/.test(code) ? code.slice(0, 9) : code
  const [from, until] = codes.beginningWith(wanted)
  for (let row = from; row < until; row += 1) {
    const entry = codes.owners[row] ?? -1
    const isWhole = codes.byteAt(row, wanted.length) === 0
    const kind = kindOf(entry) === 'POSTAL_CODE' ? 'POSTAL_CODE' : 'CODE'
    if (isId && kind === 'POSTAL_CODE') continue
    if (isWhole) best.add(entry, territoryOf(entry).tier === 'DEPARTEMENT' ? GROUPS.departement : GROUPS.whole, kind)
    else if (/\d/.test(wanted) && !isFormer(aliasOf(entry))) best.add(entry, GROUPS.begun, kind)
  }
}

/** Whether an alias is a code of another time, which nobody types by halves. */
const isFormer = (alias: Alias | null): boolean => alias !== null && alias.kind !== 'ARRONDISSEMENT_MUNICIPAL'

/** A name or the beginning of one, or else a label. */
function lookUpName(index: SearchIndex, folded: string, best: Best): void {
  lookUpPlainName(index, folded, best)
  if (best.count === 0) lookUpLabel(index, folded, best)
}

/** Whole names, names that begin with the text, and names that hold it. */
function lookUpPlainName(index: SearchIndex, folded: string, best: Best): void {
  for (const name of readingsOf(folded)) {
    lookUpBeginning(index, name, best)
    lookUpInside(index, name, best)
    const shorter = withoutSmallWords(name)
    if (shorter === name) continue
    lookUpBeginning(index, shorter, best, true)
    if (shorter.length < SHORTEST_INSIDE) continue
    for (const text of new Set([withoutArticle(name), shorter]))
      if (text !== name) lookUpInside(index, text, best, LIGHTER * LIGHTER)
  }
}

/** What is shown of a hit, typed back or chosen from a list: "bretagne region", "nord departement 59". */
function lookUpLabel({ labels }: SearchIndex, folded: string, best: Best): void {
  const [from, until] = labels.beginningWith(folded)
  for (let row = from; row < until; row += 1) {
    const isWhole = labels.byteAt(row, folded.length) === 0
    best.add(labels.owners[row] ?? -1, isWhole ? GROUPS.whole : GROUPS.begun, isWhole ? 'EXACT' : 'PREFIX')
  }
}

/** @param isShortened whether small words were left out of the text. */
function lookUpBeginning(index: SearchIndex, name: string, best: Best, isShortened = false): void {
  const { beginnings, kindOf, weightOf } = index
  const [from, until] = beginnings.beginningWith(name)
  const words = isShortened ? undefined : largestOfWords(index, name, [from, until], best)
  const lighter = isShortened ? LIGHTER : 1
  let largest = 0
  for (let row = from; row < until; row += 1) {
    const owner = beginnings.owners[row] ?? 0
    const entry = owner >> 1
    const kind = kindOf(entry)
    const isWhole = beginnings.byteAt(row, name.length) === 0 && (owner & 1) === 0
    if (isWhole) {
      // "le lot" is Lot before it is the beginning of Lot-et-Garonne.
      const group = isShortened ? GROUPS.words : groupOfWhole(index, entry)
      best.add(entry, group, kind === 'NAME' ? 'EXACT' : kind, lighter)
    } else if (kind !== 'SIGLE') {
      if (weightOf(entry) > largest && best.accepts(entry)) largest = weightOf(entry)
      best.add(entry, GROUPS.begun, kind === 'NAME' ? 'PREFIX' : kind, lighter)
    }
  }
  if (words !== undefined && weightOf(words) * TOO_SMALL >= largest) best.add(words, GROUPS.words, 'PREFIX')
}

/**
 * Of the names that go on with another word, the largest: "is" is Is-sur-Tille before it is the beginning of Isère. Names that only
 * do so without their article take part where others do: "bourget" is Le Bourget before Bourget-en-Huile, and "bo" is not Le Bô.
 */
function largestOfWords(
  { beginnings, kindOf, weightOf, orderOf }: SearchIndex,
  name: string,
  [from, until]: readonly [number, number],
  best: Best,
): number | undefined {
  if (isSmall(name.slice(name.lastIndexOf(' ') + 1))) return undefined
  let largest: number | undefined
  let isAnyFull = false
  for (let row = from; row < until; row += 1) {
    const owner = beginnings.owners[row] ?? 0
    const next = beginnings.byteAt(row, name.length)
    const isFull = (owner & 1) === 0
    if (next !== BLANK && (next !== 0 || isFull)) continue
    const entry = owner >> 1
    if (kindOf(entry) !== 'NAME' || !best.accepts(entry)) continue
    isAnyFull ||= isFull
    const isLarger =
      largest === undefined ||
      weightOf(entry) > weightOf(largest) ||
      (weightOf(entry) === weightOf(largest) && orderOf(entry) < orderOf(largest))
    if (isLarger) largest = entry
  }
  return isAnyFull ? largest : undefined
}

/** A name of before that today's goes on with (Évry, Évry-Courcouronnes) is as good as that of today. */
function groupOfWhole({ kindOf, textOf, territoryOf }: SearchIndex, entry: number): number {
  const kind = kindOf(entry)
  if (kind === 'NAME' || kind === 'SIGLE') return GROUPS.whole
  return `${fold(territoryOf(entry).name)} `.startsWith(`${fold(textOf(entry))} `) ? GROUPS.whole : GROUPS.words
}

function lookUpInside({ inside, kindOf }: SearchIndex, name: string, best: Best, lighter = LIGHTER): void {
  const [from, until] = inside.beginningWith(name)
  for (let row = from; row < until; row += 1) {
    const entry = inside.owners[row] ?? 0
    const kind = kindOf(entry)
    best.add(entry, GROUPS.begun, kind === 'NAME' ? 'WORD' : kind, lighter)
  }
}

/** One slip in short names, two in longer ones; one at the first letter counts as two. */
function lookUpWithSlips(index: SearchIndex, folded: string, best: Best): void {
  const { beginnings, kindOf } = index
  const [name = ''] = readingsOf(folded)
  const { length } = name.replaceAll(' ', '')
  if (length < 4 || length > LONGEST_WANTED) return
  const first = name.charCodeAt(0)
  const tell = (row: number, slips: number, isWhole: boolean): void => {
    const entry = (beginnings.owners[row] ?? 0) >> 1
    const atFirst = slips > 0 && beginnings.byteAt(row, 0) !== first ? 1 : 0
    if (kindOf(entry) !== 'SIGLE') best.add(entry, GROUPS.slips + slips + atFirst + (isWhole ? 0 : 1), 'FUZZY')
  }
  withSlips(beginnings, name, { most: 1 }, tell)
  if (length >= 6) withSlips(beginnings, name, { most: 2, range: beginnings.beginningWith(name.slice(0, 1)) }, tell)
}
