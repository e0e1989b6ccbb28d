import { isOfPupils, type Dimension, type DimensionKey } from '../core/observations/dimension.ts'
import type { PublishedSeries } from '../core/observations/published.ts'
import { compareTotals, type Cause, type Comparison } from '../core/observations/reconcile.ts'
import type { ReconciliationRecord } from '../core/store/manifest.ts'
import type { Territories, Territory } from '../core/territories/territory.ts'
import type { ConsolidatedSlice, LocatedDataset, LocatedRow } from './consolidate.ts'

/** How many schools an explanation names before it only counts the others. */
const NAMED = 10

/** Holds every total that we compute against every published one of the same scope, part and rentrée. */
export function reconcilePublished(input: {
  readonly datasets: readonly LocatedDataset[]
  readonly slices: readonly ConsolidatedSlice[]
  readonly published: readonly PublishedSeries[]
  readonly territories: Territories
  readonly simulated: boolean
}): readonly ReconciliationRecord[] {
  const { datasets, slices, published, territories, simulated } = input
  const known = published.filter(({ scope }) => territories.byId(scope) !== undefined)
  return known.flatMap((series) =>
    slices
      .filter(({ claim, period }) => claim.measure === series.measure && series.values[period] !== undefined)
      .map((slice) => {
        const scope = scopeOf(series.scope, territories)
        const rows = rowsOf(slice, datasets)
        const within = rows.filter(({ location }) => scope.has(location.departement))
        const matching = within.filter((row) => matches(row, series.key))
        const total = totalOf(matching, slice.claim.measure, series.key)
        const reference = series.values[slice.period] ?? 0
        const comparison = compareTotals({
          computed: total.value,
          published: reference,
          causes: causesOf(slice, series, matching),
          incomparable: incomparable(slice, series, scope, territories, simulated, total.value),
        })
        return recordOf(slice, series.scope, series.key, total, reference, series.source, comparison)
      }),
  )
}

/**
 * Holds the sources of one measure and rentrée against each other, département by département: the gap is told school by
 * school, since both list them.
 */
export function reconcileSources(
  datasets: readonly LocatedDataset[],
  slices: readonly ConsolidatedSlice[],
  territories: Territories,
): readonly ReconciliationRecord[] {
  return slices.flatMap((strong) =>
    slices
      .filter((weak) => weak.claim.measure === strong.claim.measure && weak.period === strong.period)
      .filter((weak) => weak.claim.yieldsTo?.includes(strong.descriptor.id) === true)
      .flatMap((weak) =>
        territories
          .ofTier('DEPARTEMENT')
          .filter(({ code }) => strong.covered.includes(code) && weak.covered.includes(code))
          .map((departement) => compareSources(strong, weak, datasets, departement)),
      ),
  )
}

function compareSources(
  strong: ConsolidatedSlice,
  weak: ConsolidatedSlice,
  datasets: readonly LocatedDataset[],
  departement: Territory,
): ReconciliationRecord {
  const { measure } = strong.claim
  const [strongRows, weakRows] = [strong, weak].map((slice) => {
    const rows = rowsOf(slice, datasets).filter(({ location }) => location.departement === departement.index)
    return new Map(rows.filter((row) => isCounted(row, measure)).map((row) => [row.contributor, row]))
  })
  const onlyStrong = [...(strongRows ?? [])].filter(([id]) => !weakRows?.has(id)).map(([, row]) => row)
  const onlyWeak = [...(weakRows ?? [])].filter(([id]) => !strongRows?.has(id)).map(([, row]) => row)
  const changed = [...(strongRows ?? [])].flatMap(([id, row]) => {
    const other = weakRows?.get(id)
    const difference = other === undefined ? 0 : (row.values[measure] ?? 0) - (other.values[measure] ?? 0)
    return difference === 0 ? [] : [difference]
  })
  const sum = (rows: readonly LocatedRow[]) => rows.reduce((total, row) => total + (row.values[measure] ?? 0), 0)
  const causes: Cause[] = []
  if (onlyStrong.length > 0)
    causes.push({ says: `not in ${weak.descriptor.id}: ${named(onlyStrong, measure)}`, covers: sum(onlyStrong) })
  if (onlyWeak.length > 0)
    causes.push({ says: `only in ${weak.descriptor.id}: ${named(onlyWeak, measure)}`, covers: -sum(onlyWeak) })
  if (changed.length > 0) {
    causes.push({
      says: `${schools(changed.length)} with another count`,
      covers: changed.reduce((total, part) => total + part, 0),
    })
  }
  const total = {
    value: sum([...(strongRows?.values() ?? [])]),
    expected: strongRows?.size ?? 0,
    reported: strongRows?.size ?? 0,
  }
  const reference = sum([...(weakRows?.values() ?? [])])
  const comparison = compareTotals({ computed: total.value, published: reference, causes })
  return recordOf(strong, departement.id, {}, total, reference, weak.descriptor.id, comparison)
}

interface Total {
  readonly value: number | null
  readonly expected: number
  readonly reported: number
}

function recordOf(
  { claim, descriptor, period }: ConsolidatedSlice,
  scope: string,
  key: DimensionKey,
  { value, expected, reported }: Total,
  published: number,
  source: string,
  comparison: Comparison,
): ReconciliationRecord {
  return {
    measure: claim.measure,
    dataset: descriptor.id,
    period,
    scope,
    key,
    computed: value,
    expected,
    reported,
    published,
    source,
    ...comparison,
  }
}

/** The départements of a published scope; none where these territories have no such place. */
const scopeOf = (id: string, territories: Territories): ReadonlySet<number> => {
  const territory = territories.byId(id)
  const communes = territory === undefined ? [] : territories.communesOf(territory)
  return new Set(communes.map(({ departement }) => departement))
}

const rowsOf = (
  { descriptor, period, claim }: ConsolidatedSlice,
  datasets: readonly LocatedDataset[],
): readonly LocatedRow[] =>
  datasets
    .filter((dataset) => dataset.descriptor === descriptor)
    .flatMap(({ rows }) => rows)
    .filter(
      (row) =>
        row.period === period && (claim.kinds === undefined || (row.kind !== null && claim.kinds.includes(row.kind))),
    )

const isCounted = (row: LocatedRow, measure: string): boolean =>
  row.inScope !== false && (row.values[measure] ?? null) !== null

const matches = ({ attributes, inScope }: LocatedRow, key: DimensionKey): boolean =>
  inScope !== false &&
  Object.entries(key).every(
    ([dimension, value]) => isOfPupils(dimension as Dimension) || attributes[dimension as Dimension] === value,
  )

/** The total of the rows, of the part of the pupils that the key names where it names one. */
function totalOf(rows: readonly LocatedRow[], measure: string, key: DimensionKey): Total {
  const ofPupils = (Object.entries(key) as [Dimension, string][]).find(([dimension]) => isOfPupils(dimension))
  const figures = rows.map(
    ({ values, parts }) => (ofPupils === undefined ? values[measure] : parts[ofPupils[0]]?.[ofPupils[1]]) ?? null,
  )
  const known = figures.filter((figure) => figure !== null)
  return {
    value: known.length === 0 ? null : known.reduce((sum, figure) => sum + figure, 0),
    expected: rows.length,
    reported: known.length,
  }
}

function incomparable(
  { covered, extent, descriptor }: ConsolidatedSlice,
  { scope }: PublishedSeries,
  departements: ReadonlySet<number>,
  territories: Territories,
  simulated: boolean,
  computed: number | null,
): string | undefined {
  if (simulated) return 'The computed total is simulated: it was made to equal published ones.'
  const codes = [...departements].map((position) => territories.at(position).code)
  const absent = codes.filter((code) => !covered.includes(code) && extent.includes(code))
  if (absent.length > 0)
    return `No file at hand of ${descriptor.id} covers ${absent.length} of the ${codes.length} départements of ${scope}.`
  if (computed === null) return `The dataset ${descriptor.id} does not give this part.`
  const outside = codes.filter((code) => !extent.includes(code) && code !== '984' && code !== '989')
  if (outside.length > 0 && scope === 'nation:FR')
    return `The scopes differ: ${descriptor.id} does not cover ${outside.join(', ')}.`
  return undefined
}

/** What is known of why the computed total is another: published apart, without a count, closed since. */
function causesOf(
  { claim, period }: ConsolidatedSlice,
  { apart }: PublishedSeries,
  rows: readonly LocatedRow[],
): readonly Cause[] {
  const causes: Cause[] = []
  const left = apart?.values[period]
  if (apart !== undefined && left !== undefined) causes.push({ says: apart.says, covers: left })
  const counted = rows.filter((row) => isCounted(row, claim.measure))
  const silent = rows.filter((row) => row.inScope === true && (row.values[claim.measure] ?? null) === null)
  if (silent.length > 0 && counted.length > 0) {
    const mean = counted.reduce((sum, row) => sum + (row.values[claim.measure] ?? 0), 0) / counted.length
    causes.push({
      says: `${schools(silent.length)} listed without a count, at the mean of the others, an estimate`,
      covers: -Math.round(silent.length * mean),
      isEstimate: true,
    })
  }
  if (claim.shortfall !== undefined) causes.push({ says: claim.shortfall, covers: null })
  return causes
}

const schools = (count: number): string => (count === 1 ? '1 school' : `${count} schools`)

function named(rows: readonly LocatedRow[], measure: string): string {
  const list = rows
    .slice(0, NAMED)
    .map((row) => `${row.contributorName ?? row.contributor} (${row.contributor}, ${row.values[measure] ?? 0})`)
  return rows.length > NAMED ? `${list.join(', ')} and ${rows.length - NAMED} more schools` : list.join(', ')
}
