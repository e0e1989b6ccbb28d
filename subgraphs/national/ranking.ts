import { StratesError } from '../../core/observations/error.ts'
import type { Observation } from '../../core/observations/observation.ts'
import {
  quartilesOf,
  standingOf,
  type Descending,
  type Quartiles,
  type RankingOrder,
} from '../../core/observations/rank.ts'
import { isAbsent, OBSERVATION_STATUSES, type ObservationStatus } from '../../core/observations/status.ts'
import type { MeasureValues } from '../../core/store/reader.ts'
import type { Tier } from '../../core/territories/code.ts'
import type { Territories, Territory } from '../../core/territories/territory.ts'
import { cellOf, cellTypeOf } from '../kit/cell.ts'
import { pageOf, type Connection, type PageArguments } from '../kit/connection.ts'
import type { SubgraphContext } from '../kit/context.ts'
import { keysetPage } from '../kit/keyset.ts'
import { measureValues } from '../kit/measure.ts'
import type { CellParent, TerritoryParent } from '../kit/parents.ts'
import { parseId, placeOn } from '../kit/place.ts'
import { findParent, parentOf } from '../kit/tier.ts'

/** Territories of one tier within another, those that have a value from the largest to the smallest. */
interface Field {
  readonly values: MeasureValues
  readonly tier: Tier
  readonly within: TerritoryParent
  readonly order: RankingOrder
  readonly ranked: readonly Territory[]
  readonly sorted: Descending
  /** Whether a territory of the tier is one of them, with a value or without. */
  readonly includes: (place: Territory) => boolean
  /** Those without a value, in code order. */
  readonly unranked: readonly Territory[]
}

/** What the resolvers of a ranking start from. */
export interface RankingParent extends Connection<RankedParent> {
  readonly field: Field
}

/** What the resolvers of one entry start from, ranked or not. */
export interface RankedParent {
  readonly field: Field
  readonly place: Territory
}

/** What the resolvers of the place of one territory in a ranking start from. */
export interface TerritoryRankParent extends RankedParent {
  /** Why the territory is in no ranking whatever its value. */
  readonly outside: string | null
}

interface Asked {
  readonly measure: string
  readonly within?: string | null
  readonly schoolYear?: number | null
  readonly order?: RankingOrder | null
}

/** Within what the territories of a tier can be ranked; the other tiers are not ranked. */
const WITHIN: Readonly<Partial<Record<Tier, readonly Tier[]>>> = {
  COMMUNE: ['EPCI', 'DEPARTEMENT', 'REGION', 'GROUPING', 'NATION'],
  EPCI: ['DEPARTEMENT', 'REGION', 'GROUPING', 'NATION'],
  DEPARTEMENT: ['REGION', 'GROUPING', 'NATION'],
  REGION: ['GROUPING', 'NATION'],
}

/**
 * A page of the territories of a tier in order of a measure of any owner.
 * @throws StratesError UNKNOWN_MEASURE, UNKNOWN_TERRITORY, INVALID_CODE, INVALID_YEAR, UNSUPPORTED_TIER, UNSUPPORTED_GEOGRAPHY or INVALID_PAGE.
 */
export async function ranking(
  { tier, first, after, ...asked }: Asked & PageArguments & { readonly tier: Tier },
  context: SubgraphContext,
): Promise<RankingParent> {
  const field = await fieldOf(context, tier, asked)
  const { values, within, order, ranked } = field
  const page = keysetPage(
    order === 'DESC' ? ranked : smallestFirst(ranked, field.sorted),
    { first: first ?? null, after: after ?? null },
    {
      question: [values.measure.id, values.period, tier, within.id, order],
      order,
      keyOf: (place) => [values.valueOf(place), place.code],
      nodeOf: (place): RankedParent => ({ field, place }),
    },
  )
  // Of a page, the edges are made only where they are asked for.
  return Object.assign(Object.create(page), { field })
}

/**
 * Where one territory stands among those of its tier.
 * @throws StratesError as {@link ranking}, and UNKNOWN_TERRITORY where it does not stand within the other.
 */
export async function rankOf(
  territory: TerritoryParent,
  asked: Asked,
  context: SubgraphContext,
): Promise<TerritoryRankParent> {
  requireCurrent(context, territory, 'of the territory')
  const outside = outsideOf(territory)
  const field = await (outside === null
    ? fieldOf(context, territory.tier, asked)
    : emptyField(context, territory, asked))
  if (outside === null && !field.includes(territory)) throw notWithin(territory, field.within)
  return { field, place: territory, outside }
}

/** Why a territory is never ranked. */
function outsideOf({ tier, kind, name }: Territory): string | null {
  if (WITHIN[tier] === undefined) return `${name} stands alone: communes, EPCI, départements and régions are ranked.`
  if (kind !== 'COLLECTIVITE_OUTRE_MER') return null
  return `${name} is an overseas collectivity and neither département nor région: it is not ranked among them.`
}

async function emptyField(context: SubgraphContext, { tier }: Territory, asked: Asked): Promise<Field> {
  const values = await measureValues(context, asked.measure, asked.schoolYear)
  const within = findWithin(context, asked.within)
  const nobody = { includes: () => false, ranked: [], sorted: new Float64Array(), unranked: [] }
  return { values, tier, within, order: asked.order ?? 'DESC', ...nobody }
}

/** Made once in one execution, however many of its territories ask for their place. */
async function fieldOf(context: SubgraphContext, tier: Tier, asked: Asked): Promise<Field> {
  const values = await measureValues(context, asked.measure, asked.schoolYear)
  const within = findWithin(context, asked.within)
  requireTier(tier, within)
  const order = asked.order ?? 'DESC'
  return context.once(`field ${values.measure.id}@${values.period} ${tier} ${within.id} ${order}`, async () => {
    const all = await values.ranked(tier)
    // Of these every one is in the nation, and nobody is left out.
    if (within.tier === 'NATION' && (tier === 'COMMUNE' || tier === 'EPCI')) {
      const { territories: ranked, values: sorted, absent: unranked } = all
      return { values, tier, within, order, includes: () => true, ranked, sorted, unranked }
    }
    const members = markOf(membersOf(context.store.territories, tier, within))
    const includes = ({ index }: Territory): boolean => members[index] === 1
    const ranked = all.territories.filter(includes)
    const sorted = all.values.filter((_, position) => includes(all.territories[position] ?? within))
    const unranked = all.absent.filter(includes)
    return { values, tier, within, order, includes, ranked, sorted, unranked }
  })
}

/** A mark for each territory, by position: of a whole tier, a set takes ten times as long to make and to ask. */
function markOf(members: readonly Territory[]): Uint8Array {
  const marks = new Uint8Array(members.reduce((most, { index }) => Math.max(most, index), 0) + 1)
  for (const { index } of members) marks[index] = 1
  return marks
}

/**
 * The territories of a tier within another, in code order: those on whose ground it stands as a whole; of EPCI, which do not nest,
 * those that reach into it.
 */
function membersOf(territories: Territories, tier: Tier, within: Territory): readonly Territory[] {
  const all = territories.ofTier(tier).filter(({ kind }) => tier === 'COMMUNE' || kind !== 'COLLECTIVITE_OUTRE_MER')
  if (within.tier === 'NATION') return all
  const communes = territories.communesOf(within)
  if (tier === 'COMMUNE') return communes
  const link = LINKS[tier] ?? 'departement'
  const reached = new Set(communes.map((commune) => commune[link]))
  return all.filter(({ index }) => reached.has(index))
}

const LINKS: Readonly<Partial<Record<Tier, 'epci' | 'departement' | 'region'>>> = {
  EPCI: 'epci',
  DEPARTEMENT: 'departement',
  REGION: 'region',
}

/** From the smallest value; those with the same value stay in the order of their codes. */
function smallestFirst(ranked: readonly Territory[], values: Descending): readonly Territory[] {
  const reversed: Territory[] = []
  for (let end = ranked.length; end > 0;) {
    let start = end - 1
    while (start > 0 && values[start - 1] === values[start]) start -= 1
    reversed.push(...ranked.slice(start, end))
    end = start
  }
  return reversed
}

function findWithin(context: SubgraphContext, id: string | null | undefined): TerritoryParent {
  const { store, once } = context
  return once(`within ${id ?? ''}`, () => {
    if (id === null || id === undefined) return parentOf(store, store.territories.nation)
    const { tier, code, vintage } = parseId(store, id)
    return requireCurrent(context, findParent(store, tier, code, vintage), `within: ${JSON.stringify(id)}`)
  })
}

function requireCurrent({ store }: SubgraphContext, territory: TerritoryParent, on: string): TerritoryParent {
  const { geography } = store.manifest
  if (territory.vintage === geography) return territory
  throw new StratesError({
    code: 'UNSUPPORTED_GEOGRAPHY',
    what: 'Rankings are given on the newest geography only',
    on: `${on}, ${territory.name} of the COG ${territory.vintage}`,
    expected: `a territory of the COG ${geography}`,
    remedy: 'Leave the vintage out.',
    details: { given: territory.vintage, held: [geography] },
  })
}

function requireTier(tier: Tier, within: Territory): void {
  const possible = WITHIN[tier] ?? []
  // A part of an EPCI is made of communes; an académie is made of départements, and cuts through régions.
  const isCut = (within.kind === 'EPCI_PART' && tier !== 'COMMUNE') || (within.kind === 'ACADEMIE' && tier === 'REGION')
  if (possible.includes(within.tier) && !isCut) return
  const tiers = (Object.keys(WITHIN) as Tier[]).filter((ranked) => WITHIN[ranked]?.includes(within.tier))
  throw new StratesError({
    code: 'UNSUPPORTED_TIER',
    what:
      possible.length === 0
        ? 'Territories of this tier are not ranked'
        : 'Territories of this tier cannot be ranked within that one',
    on: `tier: ${tier}, within: ${within.id}`,
    expected:
      possible.length === 0
        ? `one of ${Object.keys(WITHIN).join(', ')}`
        : `${tier} within ${possible.join(', ')}; of groupings, not a part of an EPCI unless for communes, and no académie for régions`,
    remedy:
      tiers.length === 0
        ? 'Leave within out for the nation, or ask for a tier that is ranked.'
        : `Leave within out for the nation; within ${within.name}, ask for ${tiers.join(', ')}.`,
    details: { tier, within: within.id, tiers, withinTiers: possible },
  })
}

const notWithin = (territory: Territory, within: Territory): StratesError =>
  new StratesError({
    code: 'UNKNOWN_TERRITORY',
    what: 'The territory does not stand within the other',
    on: `${territory.id}, within: ${within.id}`,
    expected: `a territory that ${territory.name} is in; an EPCI is in each département and région that it reaches into`,
    remedy: 'Leave within out for the nation.',
    details: { territory: territory.id, within: within.id },
  })

const RULES = {
  DESC: 'The largest value is first.',
  ASC: 'The smallest value is first.',
  ties: 'Those with the same value share a rank, and the next rank counts them all: 1, 2, 2, 4.',
  partial:
    'Values are ranked as they are given, PARTIAL ones among them: see the status of each. Ratios are ranked as ratios.',
  absent: 'Whoever has no value has no rank and is listed as unranked, with the reason.',
  reach: 'An EPCI that reaches into the territory is ranked with all of its members.',
  overseas: 'Overseas collectivities, which are neither département nor région, are left out.',
  percentile: 'The percentile is the share of those ranked, in percent, whose value is at most this one.',
  quartiles: 'Quartiles are interpolated between the two values around them (type 7 of Hyndman and Fan; QUARTILE.INC).',
} as const

function ruleOf({ tier, within, order }: Field): string {
  const isPart = tier === 'EPCI' && within.tier !== 'NATION'
  const leavesOut = tier === 'DEPARTEMENT' || tier === 'REGION'
  return [
    RULES[order],
    RULES.ties,
    RULES.partial,
    RULES.absent,
    ...(isPart ? [RULES.reach] : []),
    ...(leavesOut ? [RULES.overseas] : []),
    RULES.percentile,
    RULES.quartiles,
  ].join(' ')
}

const standing = ({ field, place }: RankedParent) => {
  const value = field.includes(place) ? field.values.valueOf(place) : null
  return value === null ? null : standingOf(field.sorted, value, field.order)
}

const observation = ({ field, place }: RankedParent): Observation => field.values.observe(place)

const territory = ({ place }: RankedParent, _: unknown, { store }: SubgraphContext): TerritoryParent =>
  parentOf(store, place)

function cell({ field: { values }, place }: RankedParent, _: unknown, { store }: SubgraphContext): CellParent {
  const { geography } = store.manifest
  const { measure, period } = values
  return cellOf(store, cellTypeOf(measure), measure.id, placeOn(store, place, geography, geography), period)
}

/** Those with a value and those without, in code order; put in order once, whatever pages are asked. */
function everyoneOf(field: Field): readonly Territory[] {
  let known = everyone.get(field)
  if (known === undefined) {
    known = [...field.ranked, ...field.unranked].toSorted((left, right) => (left.code < right.code ? -1 : 1))
    everyone.set(field, known)
  }
  return known
}

const everyone = new WeakMap<Field, readonly Territory[]>()

type StatusCounts = readonly { readonly status: ObservationStatus; readonly count: number }[]

/** How many there are of each status, in the order in which statuses are listed; counted once, whatever pages are asked. */
function statusesOf(field: Field): StatusCounts {
  let counted = countedStatuses.get(field)
  if (counted === undefined) countedStatuses.set(field, (counted = countStatuses(field)))
  return counted
}

const countedStatuses = new WeakMap<Field, StatusCounts>()

function countStatuses({ values, unranked }: Field): StatusCounts {
  const counts = new Map<ObservationStatus, number>()
  for (const place of unranked) {
    const status = values.statusOf(place)
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  return OBSERVATION_STATUSES.flatMap((status) => {
    const count = counts.get(status)
    return count === undefined ? [] : [{ status, count }]
  })
}

/** The resolvers of what a ranking is made of. */
export const rankingResolvers = {
  RankingConnection: {
    measure: ({ field }: RankingParent) => field.values.measure,
    period: ({ field }: RankingParent) => `${field.values.period}`,
    tier: ({ field }: RankingParent) => field.tier,
    within: ({ field }: RankingParent) => field.within,
    order: ({ field }: RankingParent) => field.order,
    rule: ({ field }: RankingParent) => ruleOf(field),
    quartiles: ({ field }: RankingParent): Quartiles | null => quartilesOf(field.sorted),
    unranked: ({ field }: RankingParent, page: PageArguments) => ({
      ...pageOf(field.unranked, page, {
        idOf: ({ id }) => id,
        nodeOf: (place): RankedParent => ({ field, place }),
      }),
      statuses: statusesOf(field),
    }),
    members: ({ field }: RankingParent, page: PageArguments) =>
      pageOf(everyoneOf(field), page, {
        idOf: ({ id }) => id,
        nodeOf: (place): RankedParent => ({ field, place }),
      }),
  },
  RankedTerritory: {
    rank: (entry: RankedParent) => standing(entry)?.position ?? 0,
    ties: (entry: RankedParent) => standing(entry)?.ties ?? 0,
    territory,
    observation,
    cell,
  },
  UnrankedTerritory: { territory, observation, cell },
  RankingMember: {
    rank: (entry: RankedParent) => standing(entry)?.position ?? null,
    territory,
    observation,
    cell,
  },
  TerritoryRank: {
    measure: ({ field }: TerritoryRankParent) => field.values.measure.id,
    period: ({ field }: TerritoryRankParent) => `${field.values.period}`,
    within: ({ field }: TerritoryRankParent) => field.within,
    order: ({ field }: TerritoryRankParent) => field.order,
    status: ({ field, place, outside }: TerritoryRankParent) =>
      outside === null ? field.values.statusOf(place) : ('NOT_APPLICABLE' as const),
    reason: (rank: TerritoryRankParent) => reasonOf(rank),
    position: (rank: TerritoryRankParent) => standing(rank)?.position ?? null,
    ties: (rank: TerritoryRankParent) => standing(rank)?.ties ?? null,
    percentile: (rank: TerritoryRankParent) => standing(rank)?.percentile ?? null,
    of: ({ field }: TerritoryRankParent) => field.ranked.length,
    unranked: ({ field }: TerritoryRankParent) => field.unranked.length,
    quartiles: ({ field }: TerritoryRankParent): Quartiles | null => quartilesOf(field.sorted),
    rule: ({ field }: TerritoryRankParent) => ruleOf(field),
    observation,
    cell,
  },
}

/** Why a territory has no rank; null where it has one. */
function reasonOf({ field, place, outside }: TerritoryRankParent): string | null {
  if (outside !== null) return outside
  if (!isAbsent(field.values.statusOf(place))) return null
  const notes = field.values.observe(place).notes
  return notes.length === 0 ? 'There is no value to rank by.' : notes.join(' ')
}
