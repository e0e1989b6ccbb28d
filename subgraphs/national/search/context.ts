import type { Tier } from '../../../core/territories/code.ts'
import type { Territories, Territory } from '../../../core/territories/territory.ts'
import { fold, withoutArticle, withoutSmallEnd, withoutSmallEnds } from './fold.ts'
import type { SearchIndex } from './searchIndex.ts'

/** A way to read a text as a name or code and where or what it is: "saint denis 93", "vienne en isere", "35238 rennes", "region 53". */
export interface Placed {
  readonly name: string
  readonly isWithin: (territory: Territory) => boolean
  /** Whether no postal code is meant. */
  readonly isId: boolean
}

/** Words before or after a name or a code that say what is meant. */
const TIER_WORDS: Readonly<Record<string, readonly Tier[]>> = {
  commune: ['COMMUNE'],
  mairie: ['COMMUNE'],
  ville: ['COMMUNE'],
  epci: ['EPCI'],
  agglo: ['EPCI'],
  agglomeration: ['EPCI'],
  intercommunalite: ['EPCI'],
  interco: ['EPCI'],
  departement: ['DEPARTEMENT'],
  dept: ['DEPARTEMENT'],
  dpt: ['DEPARTEMENT'],
  region: ['REGION'],
  insee: ['COMMUNE', 'DEPARTEMENT', 'REGION'],
  siren: ['COMMUNE', 'EPCI'],
}

/** Makes the function that tells how a folded text may be read so, the likeliest first. */
export function contextsOf(territories: Territories, { codes, territoryOf }: SearchIndex) {
  const large = [...territories.ofTier('DEPARTEMENT'), ...territories.ofTier('REGION')].map((territory) => ({
    territory,
    name: withoutArticle(fold(territory.name)),
  }))

  return function* placesIn(folded: string): Generator<Placed> {
    const words = folded.replace(/^code (?=.)/, '').split(' ')
    for (const [word = '', others] of [
      [words[0], words.slice(1)],
      [words.at(-1), words.slice(0, -1)],
    ] as const) {
      const tiers = TIER_WORDS[word]
      const name = withoutSmallEnds(others)
      if (tiers === undefined || name === '') continue
      const isWithin: Placed['isWithin'] = ({ tier }) => tiers.includes(tier)
      yield { name, isWithin, isId: true }
      yield { name, isWithin, isId: false }
    }
    for (let end = words.length - 1; end > 0; end -= 1) yield* placed(words.slice(0, end), words.slice(end))
    if (words.length > 1 && /\d/.test(words[0] ?? '')) yield* placed(words.slice(1), words.slice(0, 1))
  }

  function* placed(words: readonly string[], place: readonly string[]): Generator<Placed> {
    const name = withoutSmallEnd(words)
    const isWithin = name === '' ? undefined : placeOf(place)
    if (isWithin !== undefined) yield { name, isWithin, isId: false }
  }

  /** Who is, or is within, what some words name: a code, or a département or région; who is within a code and the name of it. */
  function placeOf(words: readonly string[]): Placed['isWithin'] | undefined {
    const [code = '', ...rest] = words
    const owners = ownersOf(code)
    const name = withoutSmallEnds(owners.length > 0 ? rest : words)
    if (owners.length === 0 && name.length < 2) return undefined
    const named =
      owners.length > 0
        ? owners.filter((owner) => withoutArticle(fold(owner.name)).startsWith(name))
        : large.filter((place) => place.name.startsWith(name)).map(({ territory }) => territory)
    if (named.length === 0) return undefined
    // By its code a région is meant for itself: "saint denis 93" is in a département.
    const around = owners.length > 0 ? named.filter(({ tier }) => tier === 'DEPARTEMENT') : named
    const isItself = owners.length === 0 || rest.length === 0
    const indexes = new Set(around.map(({ index }) => index))
    return (territory) =>
      (isItself && named.includes(territory)) ||
      indexes.has(territory.departement) ||
      indexes.has(territory.region) ||
      (territory.tier === 'EPCI' &&
        indexes.size > 0 &&
        territories
          .communesOf(territory)
          .some(({ departement, region }) => indexes.has(departement) || indexes.has(region)))
  }

  /** Whose code, of today or of before, SIREN number or postal code a word is. */
  function ownersOf(word: string): readonly Territory[] {
    if (!/\d/.test(word)) return []
    const [from, until] = codes.beginningWith(word)
    const owners = new Set<Territory>()
    for (let row = from; row < until && codes.byteAt(row, word.length) === 0; row += 1)
      owners.add(territoryOf(codes.owners[row] ?? -1))
    return [...owners]
  }
}
