import { StratesError } from '../../core/observations/error.ts'
import type { Observation } from '../../core/observations/observation.ts'
import type { Descending } from '../../core/observations/rank.ts'
import type { MeasureValues, Ranked } from '../../core/store/reader.ts'
import type { TerritoryKind } from '../../core/territories/groupings.ts'
import type { Territories, Territory } from '../../core/territories/territory.ts'
import { requirePageSize } from '../kit/connection.ts'
import type { SubgraphContext } from '../kit/context.ts'
import { measureValues, POPULATION } from '../kit/measure.ts'
import type { TerritoryParent } from '../kit/parents.ts'
import { parentOf } from '../kit/tier.ts'

/** What the resolvers of peers start from. */
export interface PeersParent {
  readonly values: MeasureValues
  readonly place: Territory
  readonly alike: Alike
  readonly size: number
}

/** What the resolvers of one peer start from. */
export interface PeerParent {
  readonly values: MeasureValues
  readonly place: Territory
  readonly distance: number
}

/** Territories of the same tier, kind and zone that somebody lives in, the largest first. */
interface Alike {
  readonly territories: readonly Territory[]
  /** The population of each. */
  readonly populations: Descending
}

/** Where in the Republic a territory is; DROM and collectivities are looked for among their own. */
type Zone = 'METROPOLE' | 'DROM' | 'COLLECTIVITE_OUTRE_MER' | 'NONE'

/** Kinds that are looked for together: the Métropole de Lyon is the only one of its kind. */
const LIKE: Readonly<Partial<Record<TerritoryKind, TerritoryKind>>> = { METROPOLE_DE_LYON: 'METROPOLE' }

/**
 * The territories of the same tier, kind and zone whose populations are nearest: by the difference of their logarithms, so that
 * twice as many are as far as half as many. No source at hand gives surfaces or INSEE's grille de densité, so that density plays no part.
 * @throws StratesError UNSUPPORTED_GEOGRAPHY for a territory of another vintage than the newest, INVALID_PAGE.
 */
export async function peersOf(
  territory: TerritoryParent,
  { first }: { readonly first?: number | null },
  context: SubgraphContext,
): Promise<PeersParent> {
  const { territories, manifest } = context.store
  if (territory.vintage !== manifest.geography) throw ofOtherVintage(territory, manifest.geography)
  const size = requirePageSize(first ?? 5)
  const values = await measureValues(context, POPULATION)
  const all = alikeIn(territories, await values.ranked(territory.tier))
  return { values, place: territory, alike: all.get(likenessOf(territories, territory)) ?? NOBODY, size }
}

/** Everybody with their like, made once for all territories of a tier: to look for them anew for each would take the whole tier. */
function alikeIn(territories: Territories, ranked: Ranked): ReadonlyMap<string, Alike> {
  let all = known.get(ranked)
  if (all === undefined) known.set(ranked, (all = sortOut(territories, ranked)))
  return all
}

const known = new WeakMap<Ranked, ReadonlyMap<string, Alike>>()

const NOBODY: Alike = { territories: [], populations: new Float64Array() }

function sortOut(territories: Territories, ranked: Ranked): ReadonlyMap<string, Alike> {
  const all = new Map<string, { territories: Territory[]; populations: number[] }>()
  for (const [position, territory] of ranked.territories.entries()) {
    const population = ranked.values[position] ?? 0
    // Where nobody lives, and what stands alone, is like none.
    if (population <= 0 || zoneOf(territories, territory) === 'NONE') continue
    const likeness = likenessOf(territories, territory)
    let alike = all.get(likeness)
    if (alike === undefined) all.set(likeness, (alike = { territories: [], populations: [] }))
    alike.territories.push(territory)
    alike.populations.push(population)
  }
  return new Map(
    [...all].map(([likeness, alike]) => [
      likeness,
      { territories: alike.territories, populations: Float64Array.from(alike.populations) },
    ]),
  )
}

const likenessOf = (territories: Territories, territory: Territory): string =>
  `${kindOf(territory)} ${zoneOf(territories, territory)}`

/** Walks outwards from the place of the territory among its like, taking the nearer side each time. */
function nearest({ values, place, alike: { territories, populations }, size }: PeersParent): readonly PeerParent[] {
  const own = values.valueOf(place)
  if (own === null || own <= 0) return []
  const distanceAt = (position: number): number => distance(own, populations[position])
  const found: PeerParent[] = []
  let above = firstNotAbove(populations, own) - 1
  let below = above + 1
  // Where as far on both sides, the larger one is first; those of the same population come in code order.
  while (found.length < size && (above >= 0 || below < populations.length)) {
    const takesAbove = distanceAt(above) <= distanceAt(below)
    const far = distanceAt(takesAbove ? above : below)
    // Of the same population, the order is that of the codes.
    const from = takesAbove ? firstNotAbove(populations, populations[above] ?? 0) : below
    for (let position = from; position <= (takesAbove ? above : below) && found.length < size; position += 1) {
      const other = territories[position]
      if (other !== undefined && other.index !== place.index) found.push({ values, place: other, distance: far })
    }
    if (takesAbove) above = from - 1
    else below += 1
  }
  return found
}

const distance = (own: number, other: number | undefined): number =>
  other === undefined ? Infinity : Math.abs(Math.log(other / own))

function firstNotAbove(values: Descending, value: number): number {
  let from = 0
  let to = values.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((values[middle] ?? 0) > value) from = middle + 1
    else to = middle
  }
  return from
}

const kindOf = ({ kind }: Territory): TerritoryKind => LIKE[kind] ?? kind

/** An EPCI is where its members are; the nation, and groupings, are nowhere that others are. */
function zoneOf(territories: Territories, territory: Territory): Zone {
  const { tier, kind, code } = territory
  if (tier === 'NATION' || tier === 'GROUPING') return 'NONE'
  if (kind === 'COLLECTIVITE_OUTRE_MER') return kind
  if (tier === 'REGION') return DROM_REGIONS.has(code) ? 'DROM' : 'METROPOLE'
  const { region } = tier === 'EPCI' ? (territories.communesOf(territory)[0] ?? territory) : territory
  return region === -1 ? 'METROPOLE' : zoneOf(territories, territories.at(region))
}

/** Guadeloupe, Martinique, Guyane, La Réunion, Mayotte. */
const DROM_REGIONS: ReadonlySet<string> = new Set(['01', '02', '03', '04', '06'])

const ofOtherVintage = ({ name, vintage }: TerritoryParent, geography: number): StratesError =>
  new StratesError({
    code: 'UNSUPPORTED_GEOGRAPHY',
    what: 'Peers are given on the newest geography only',
    on: `${name} of the COG ${vintage}`,
    expected: `a territory of the COG ${geography}`,
    remedy: 'Leave the vintage out.',
    details: { given: vintage, held: [geography] },
  })

const RULE =
  'Territories of the same tier, of the same kind (commune; communauté de communes, d’agglomération or urbaine, or métropole; département; région) and zone (metropolitan France, DROM, overseas collectivities), by distance of population: |ln(population / own population)|, so that 0.1 is about 10 % more or fewer; the larger one first where two are as far. Density plays no part: no source at hand gives surfaces or the grille de densité.'

/** The resolvers of what peers are made of. */
export const peersResolvers = {
  Peers: {
    rule: () => RULE,
    reason: ({ values, place, alike }: PeersParent, _: unknown, { store }: SubgraphContext): string | null => {
      if (zoneOf(store.territories, place) === 'NONE')
        return `${place.name} stands alone: communes, EPCI, départements and régions have peers.`
      const own = values.valueOf(place)
      if (own === null) return 'There is no population to compare by.'
      if (own <= 0) return 'Nobody lives there: no population compares with none.'
      return alike.territories.length > 1 ? null : 'There is no other of its kind in its zone that somebody lives in.'
    },
    observation: ({ values, place }: PeersParent): Observation => values.observe(place),
    // Looked for where they are asked, and paid, one by one.
    nodes: nearest,
  },
  Peer: {
    territory: ({ place }: PeerParent, _: unknown, { store }: SubgraphContext): TerritoryParent =>
      parentOf(store, place),
    observation: ({ values, place }: PeerParent): Observation => values.observe(place),
  },
}
