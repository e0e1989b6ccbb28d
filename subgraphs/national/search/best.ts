import type { Alias, Territory } from '../../../core/territories/territory.ts'
import { LIGHTER, type SearchIndex } from './searchIndex.ts'

/** The most hits that may be asked: so many are held, for which are first is known at the end. */
export const MOST_HITS = 50

/** What led to a hit. */
export type MatchKind =
  | 'EXACT'
  | 'PREFIX'
  | 'WORD'
  | 'FUZZY'
  | 'CODE'
  | 'POSTAL_CODE'
  | 'SIGLE'
  | 'FORMER_NAME'
  | 'PART'

/** A territory found, and why. */
export interface Hit {
  readonly territory: Territory
  /** The text that matched, as it is written. */
  readonly matched: string
  readonly kind: MatchKind
  readonly resolvedFrom: Alias | null
}

/**
 * Hits come by group, then by weight: the code of a département; names, sigles and codes in full; names of before or of a part
 * in full, with the largest name that goes on with another word; names that begin with the text or hold it; of slips, a group
 * for each number of them.
 */
export const GROUPS = { departement: 0, whole: 1, words: 2, begun: 3, slips: 4 } as const

interface Found {
  readonly entry: number
  readonly territory: Territory
  readonly group: number
  readonly weight: number
  readonly order: number
  readonly kind: MatchKind
}

/** The best hits so far: each territory once, by the best that led to it. */
export class Best {
  readonly #index: SearchIndex
  readonly #isAmong: (territory: Territory) => boolean
  readonly #found: Found[] = []
  #isWithin: ((territory: Territory) => boolean) | undefined

  constructor(index: SearchIndex, isAmong: (territory: Territory) => boolean) {
    this.#index = index
    this.#isAmong = isAmong
  }

  /** The group of the first; Infinity where there is none. */
  get group(): number {
    return this.#found[0]?.group ?? Infinity
  }

  /** How many there are. */
  get count(): number {
    return this.#found.length
  }

  /** Takes only what is within a place for as long as something is looked up. */
  within(isWithin: (territory: Territory) => boolean, lookUp: () => void): void {
    this.#isWithin = isWithin
    lookUp()
    this.#isWithin = undefined
  }

  /** Whether a territory may be among the hits. */
  accepts(entry: number): boolean {
    const territory = this.#index.territoryOf(entry)
    return this.#isAmong(territory) && (this.#isWithin === undefined || this.#isWithin(territory))
  }

  /** Adds an entry, where it is better than what is there. @param lighter by what its weight is divided. */
  add(entry: number, group: number, kind: MatchKind, lighter = 1): void {
    const weight = this.#index.weightOf(entry) / lighter
    const order = this.#index.orderOf(entry)
    const last = this.#found.at(-1)
    if (last !== undefined && this.#found.length >= MOST_HITS && !isBetter(group, weight, order, last)) return
    if (!this.accepts(entry)) return
    const territory = this.#index.territoryOf(entry)
    let known = 0
    while (known < this.#found.length && this.#found[known]?.territory !== territory) known += 1
    const before = this.#found[known]
    if (before !== undefined) {
      if (!isBetter(group, weight, order, before)) return
      this.#found.splice(known, 1)
    }
    let place = this.#found.length
    for (let other = this.#found[place - 1]; other && isBetter(group, weight, order, other);) {
      place -= 1
      other = this.#found[place - 1]
    }
    this.#found.splice(place, 0, { entry, territory, group, weight, order, kind })
    if (this.#found.length > MOST_HITS) this.#found.pop()
  }

  /** The hits, best first. */
  hits(first: number): readonly Hit[] {
    return this.#inOrder()
      .slice(0, first)
      .map(({ entry, territory, kind }) => ({
        territory,
        kind,
        matched: this.#index.textOf(entry),
        resolvedFrom: this.#index.aliasOf(entry),
      }))
  }

  /** Of homonyms, the largest comes first of all; the others after a name that goes on, where that is ten times as large. */
  #inOrder(): readonly Found[] {
    const longer = this.#found.find(({ group }) => group === GROUPS.words)
    if (longer === undefined) return this.#found
    const isBefore = ({ group, weight }: Found, place: number): boolean =>
      group < GROUPS.words && (place === 0 || weight * LIGHTER > longer.weight)
    return [
      ...this.#found.filter(isBefore),
      longer,
      ...this.#found.filter((found, place) => found !== longer && !isBefore(found, place)),
    ]
  }
}

/** Whether one is to stand before another: the group, the weight, then the order of its territory. */
function isBetter(group: number, weight: number, order: number, than: Found): boolean {
  if (group !== than.group) return group < than.group
  if (weight !== than.weight) return weight > than.weight
  return order < than.order
}
