import type { Tier } from '../../../core/territories/code.ts'
import type { Territories, Territory } from '../../../core/territories/territory.ts'
import { fold } from './fold.ts'
import { foldCode, type SearchIndex } from './searchIndex.ts'

/** A way to read a text as a name and where it is: "saint denis 93", "valence drome", "35000 rennes", "region bretagne". */
export interface Placed {
  readonly name: string
  readonly isWithin: (territory: Territory) => boolean
  /** The tier that the text names; any where it names none. */
  readonly tier?: Tier
}

/** Words before a name that say what is meant. */
const TIER_WORDS: Readonly<Record<string, Tier>> = {
  commune: 'COMMUNE',
  mairie: 'COMMUNE',
  ville: 'COMMUNE',
  epci: 'EPCI',
  agglo: 'EPCI',
  agglomeration: 'EPCI',
  intercommunalite: 'EPCI',
  interco: 'EPCI',
  departement: 'DEPARTEMENT',
  dept: 'DEPARTEMENT',
  dpt: 'DEPARTEMENT',
  region: 'REGION',
}

/** Makes the function that tells how a folded text may be read so, the likeliest first. */
export function contextsOf(territories: Territories, { codes, kindOf, territoryOf }: SearchIndex) {
  const large = [...territories.ofTier('DEPARTEMENT'), ...territories.ofTier('REGION')].map((territory) => ({
    territory,
    name: fold(territory.name),
    code: territory.tier === 'DEPARTEMENT' ? foldCode(territory.code) : undefined,
  }))

  return function* placesIn(folded: string): Generator<Placed> {
    const words = folded.split(' ')
    const [first = '', ...rest] = words
    const tier = TIER_WORDS[first]
    if (tier !== undefined && rest.length > 0) {
      const name = rest.join(' ').replace(/^(d|de la|de l|de|du|des) (?=.)/, '')
      yield { name, tier, isWithin: () => true }
    }
    for (let end = words.length - 1; end > 0; end -= 1) {
      const isWithin = placeOf(words.slice(end))
      if (isWithin !== undefined) yield { name: words.slice(0, end).join(' '), isWithin }
    }
    const isWithin = rest.length > 0 && /\d/.test(first) ? placeOf([first]) : undefined
    if (isWithin !== undefined) yield { name: rest.join(' '), isWithin }
  }

  /** Who is within the place that some words name; undefined where they name none. */
  function placeOf(words: readonly string[]): Placed['isWithin'] | undefined {
    const [code = '', ...rest] = words
    if (/^\d{5}$/.test(code) && rest.length === 0) return withPostalCode(code)
    const byCode = large.filter((place) => place.code === code)
    const name = (byCode.length > 0 ? rest : words).join(' ')
    const found = (byCode.length > 0 ? byCode : large).filter((place) => place.name.startsWith(name))
    if (found.length === 0 || (byCode.length === 0 && name.length < 2)) return undefined
    const indexes = new Set(found.map(({ territory }) => territory.index))
    return (territory) =>
      indexes.has(territory.departement) ||
      indexes.has(territory.region) ||
      (territory.tier === 'EPCI' &&
        territories
          .communesOf(territory)
          .some(({ departement, region }) => indexes.has(departement) || indexes.has(region)))
  }

  function withPostalCode(code: string): Placed['isWithin'] | undefined {
    const [from, until] = codes.beginningWith(code)
    const entries = Array.from(codes.owners.subarray(from, until)).filter((entry) => kindOf(entry) === 'POSTAL_CODE')
    const communes = new Set(entries.map((entry) => territoryOf(entry)))
    return communes.size === 0 ? undefined : (territory) => communes.has(territory)
  }
}
