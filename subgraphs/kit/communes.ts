import { StratesError } from '../../core/observations/error.ts'
import type { RankingOrder } from '../../core/observations/rank.ts'
import type { MeasureValues } from '../../core/store/reader.ts'
import type { Territory } from '../../core/territories/territory.ts'
import type { Connection, PageArguments } from './connection.ts'
import type { SubgraphContext } from './context.ts'
import { conditionOf, foldedNameOf, type CommuneFilter } from './filter.ts'
import { compareKeys, keysetPage, type SortKey } from './keyset.ts'
import { measureValues, POPULATION } from './measure.ts'
import type { TerritoryParent } from './parents.ts'
import { aroundOf, parentOf, territoriesPage } from './tier.ts'

/** What may be asked of a list of communes. */
interface CommunesArguments extends PageArguments {
  readonly where?: CommuneFilter | null
  readonly orderBy?: CommuneOrder | null
}

/** In which order; see `CommuneOrder` in the schema. */
interface CommuneOrder {
  readonly by: 'CODE' | 'NAME' | 'POPULATION' | 'VALUE'
  readonly measure?: string | null
  readonly schoolYear?: number | null
  readonly direction?: RankingOrder | null
}

/** From how many communes on their values are read in pieces, so that others are not kept waiting. */
const MANY = 1500

/**
 * A page of the communes of a territory, of its vintage: those that are wanted, in the order wanted. Values of other owners are read of
 * the index over what they published.
 * @throws StratesError INVALID_FILTER, INVALID_ORDER, INVALID_CODE, UNKNOWN_MEASURE, INVALID_YEAR or INVALID_PAGE.
 */
export function communesPage(
  holder: TerritoryParent,
  { where, orderBy, ...page }: CommunesArguments,
  context: SubgraphContext,
): Connection<TerritoryParent> | Promise<Connection<TerritoryParent>> {
  const communes = aroundOf(context.store, holder).communesOf(holder)
  const isAsked = (where ?? null) !== null || (orderBy ?? null) !== null
  if (!isAsked) return territoriesPage(context.store, communes, holder.vintage, page)
  return askedPage(context, holder, communes, { where: where ?? {}, orderBy: orderBy ?? { by: 'CODE' }, page })
}

async function askedPage(
  context: SubgraphContext,
  holder: TerritoryParent,
  communes: readonly Territory[],
  { where, orderBy, page }: { where: CommuneFilter; orderBy: CommuneOrder; page: PageArguments },
): Promise<Connection<TerritoryParent>> {
  const { store } = context
  const territories = aroundOf(store, holder)
  const isWanted = await conditionOf(where, { territories, values: read })
  const order = orderBy.direction ?? 'ASC'
  const keyOf = await keyFor(orderBy, territories.vintage, read)
  const wanted = communes.filter((commune) => isWanted(commune) === true)
  // Communes come in the order of their codes.
  const isSorted = orderBy.by === 'CODE' && order === 'ASC'
  return keysetPage(isSorted ? wanted : sorted(wanted, keyOf, order), page, {
    question: [holder.id, where, { ...orderBy, direction: order }],
    order,
    keyOf,
    nodeOf: (commune) => parentOf(store, commune, holder.vintage),
  })

  async function read(measure: string = POPULATION, schoolYear?: number | null): Promise<MeasureValues> {
    const values = await measureValues(context, measure, schoolYear)
    if (communes.length > MANY) await values.ranked('COMMUNE')
    return values
  }
}

async function keyFor(
  { by, measure, schoolYear }: CommuneOrder,
  vintage: number,
  read: (measure?: string, schoolYear?: number | null) => Promise<MeasureValues>,
): Promise<(commune: Territory) => SortKey> {
  if (by !== 'VALUE' && (measure ?? schoolYear ?? null) !== null) throw withoutValue(by)
  if (by === 'CODE') return ({ code }) => [code, code]
  if (by === 'NAME') return (commune) => [foldedNameOf(commune), commune.code]
  if (by === 'VALUE' && !measure) throw withoutMeasure()
  const values = await (by === 'VALUE' ? read(measure ?? undefined, schoolYear) : read())
  return (commune) => [values.valueOf(commune, vintage), commune.code]
}

/** Each key is made once. */
function sorted(
  communes: readonly Territory[],
  keyOf: (commune: Territory) => SortKey,
  order: RankingOrder,
): readonly Territory[] {
  const keyed = communes.map((commune) => ({ commune, key: keyOf(commune) }))
  return keyed.sort((left, right) => compareKeys(left.key, right.key, order)).map(({ commune }) => commune)
}

const withoutValue = (by: CommuneOrder['by']): StratesError =>
  new StratesError({
    code: 'INVALID_ORDER',
    what: 'A measure or year has no part in this order',
    on: `orderBy: { by: ${by} }`,
    expected: 'no measure and no schoolYear beside it; or VALUE, which is ordered by them',
    remedy: 'Leave measure and schoolYear out, or ask for by: VALUE.',
    details: { argument: 'orderBy' },
  })

const withoutMeasure = (): StratesError =>
  new StratesError({
    code: 'INVALID_ORDER',
    what: 'Nothing says which value the list is ordered by',
    on: 'orderBy: { by: VALUE }',
    expected: 'a measure, such as { by: VALUE, measure: "pupils-primary" }',
    remedy: 'Ask { measures { id title } } for the list.',
    details: { argument: 'orderBy' },
  })
