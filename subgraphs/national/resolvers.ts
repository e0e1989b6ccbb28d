import { StratesError } from '../../core/observations/error.ts'
import { DIMENSION_NAMES } from '../../core/observations/dimension.ts'
import { freshnessOf } from '../../core/observations/freshness.ts'
import { parseVersion, versionsSince, versionText, type VersionNumber } from '../../core/observations/history.ts'
import { componentsOf } from '../../core/observations/ownership.ts'
import type { Observation } from '../../core/observations/observation.ts'
import { askableYear } from '../../core/observations/period.ts'
import { sumAcross } from '../../core/observations/sum.ts'
import type { DatasetRecord, MeasureRecord } from '../../core/store/manifest.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import { TIERS } from '../../core/territories/code.ts'
import type { Territory } from '../../core/territories/territory.ts'
import { cellOf, cellTypeOf, measureCell } from '../kit/cell.ts'
import { observe, type SubgraphContext } from '../kit/context.ts'
import { yearsBetween } from '../kit/enrolment.ts'
import { POPULATION, requireMeasure } from '../kit/measure.ts'
import type { CellParent, EnrolmentParent, TerritoryParent } from '../kit/parents.ts'
import { parseId, placeOn } from '../kit/place.ts'
import { findSchool } from '../kit/school.ts'
import { sharedResolvers } from '../kit/territories.ts'
import { findParent, parentOf } from '../kit/tier.ts'
import { competence, competences } from './competences.ts'
import { PUPILS_TOTAL } from './datasets/made/pupils-total.ts'
import { peersOf, peersResolvers } from './peers.ts'
import { ranking, rankingResolvers, rankOf } from './ranking.ts'
import { reconciliationOf } from './reconciliations.ts'
import type { Resolvers } from './schema.generated.ts'
import { school, schoolsNear, schoolsOf } from './schools.ts'
import { search, searchHit } from './search/hits.ts'

/** The most entries of each list, asked or answered. */
const LONGEST_LIST = { territories: 500, measures: 50, reconciliations: 1000 } as const

/** What is asked of a series: the years, and the geography. */
interface SeriesArguments {
  readonly from?: number | null
  readonly to?: number | null
  readonly geography?: number | null
}

/** What national adds to every type of territory: population, schools, who is competent, and any measure of any owner by id. */
function territory<Shared extends object>(shared: Shared) {
  return {
    ...shared,
    schools: schoolsOf,
    population: (
      territory: TerritoryParent,
      { year, geography }: { readonly year?: number | null; readonly geography?: number | null },
      context: SubgraphContext,
    ): Observation => {
      const { store } = context
      const newest = store.manifest.defaultPopulationYear ?? store.manifest.geography
      const period = askableYear('year', year ?? newest, store.periodsOf(POPULATION))
      const place = placeOn(store, territory, territory.vintage, geography ?? territory.vintage)
      return observe(context, { measure: POPULATION, period, place })
    },
    populationSeries: (
      territory: TerritoryParent,
      { from, to, geography }: SeriesArguments,
      context: SubgraphContext,
    ): Observation[] => {
      const { store } = context
      const place = placeOn(store, territory, territory.vintage, geography ?? territory.vintage)
      const years = yearsBetween(store.periodsOf(POPULATION), { from, to })
      return years.map((period) => observe(context, { measure: POPULATION, period, place }))
    },
    competences,
    rank: rankOf,
    peers: peersOf,
    observations: (
      territory: TerritoryParent,
      { measures, from, to, geography }: SeriesArguments & { readonly measures: readonly string[] },
      { store }: SubgraphContext,
    ): CellParent[] => {
      requireShort('measures', measures.length)
      const place = placeOn(store, territory, territory.vintage, geography ?? territory.vintage)
      return measures.flatMap((id) => {
        const type = cellTypeOf(requireMeasure(store, id))
        return yearsBetween(store.periodsOf(id), { from, to }).map((period) => cellOf(store, type, id, place, period))
      })
    },
  }
}

/** The nation, and what is published for the whole of it. */
export default {
  ...sharedResolvers,
  Query: {
    nation: (_, __, { store }) => parentOf(store, store.territories.nation),
    territory: (_, { id }, context) => territoryById(id, context),
    territories: (_, { ids }, context) => {
      requireShort('territories', ids.length)
      return ids.map((id) => orError(() => territoryById(id, context)))
    },
    reconciliations: (_, { measure, schoolYear, verdict }, context) => {
      const { store } = context
      if (measure) requireMeasure(store, measure)
      const found = store.manifest.reconciliations.filter(
        (record) =>
          (!measure || record.measure === measure) &&
          (!schoolYear || record.period === schoolYear) &&
          (!verdict || record.verdict === verdict),
      )
      requireShort('reconciliations', found.length)
      return found.map((record) => reconciliationOf(record, context))
    },
    measures: (_, __, { store }) => store.manifest.measures,
    datasets: (_, __, { store }) => store.manifest.datasets.toSorted((left, right) => (left.id < right.id ? -1 : 1)),
    dataset: (_, { id }, { store }) =>
      store.manifest.datasets.find((dataset) => dataset.id === id) ??
      unknownDataset(
        id,
        store.manifest.datasets.map((known) => known.id),
      ),
    ownership: (_, __, { store }) => store.manifest.ownership,
    search: (_, question, { store }) => search(store, question),
    school: (_, { uai }, { store }) => findSchool(store, uai),
    schoolsNear: (_, area, context) => schoolsNear(area, context),
    ranking: (_, asked, context) => ranking(asked, context),
  },
  ...rankingResolvers,
  ...peersResolvers,
  SearchHit: searchHit,
  School: school,
  Commune: territory(sharedResolvers.Commune),
  Epci: territory(sharedResolvers.Epci),
  Departement: territory(sharedResolvers.Departement),
  Region: territory(sharedResolvers.Region),
  Nation: territory(sharedResolvers.Nation),
  Grouping: territory(sharedResolvers.Grouping),
  SchoolEnrolment: {
    ...sharedResolvers.SchoolEnrolment,
    __resolveReference: (reference, context) => ({
      ...sharedResolvers.SchoolEnrolment.__resolveReference(reference, context),
      parts: reference as unknown as CycleParts,
    }),
    total: (enrolment) => totalOf(enrolment),
    reconciliations: ({ schoolYear, place }, _, context) =>
      context.store.manifest.reconciliations
        // A comparison is about a perimeter, on whatever geography it is asked for.
        .filter(({ period, scope }) => period === schoolYear && isSame(context.store, scope, place.territory))
        .map((record) => reconciliationOf(record, context)),
  },
  NationalMeasureCell: measureCell,
  MeasureCell: { __resolveType: ({ __typename }) => (__typename ?? 'NationalMeasureCell') as 'NationalMeasureCell' },
  Measure: {
    additivity: ({ additivity }) => additivity.kind,
    periods: ({ id }, _, { store }) => store.periodsOf(id),
    datasets: ({ datasets }, _, { store }) => datasetsOf(store, datasets),
    parts: ({ parts }) => parts ?? [],
    tiers: () => TIERS,
    breakdowns: ({ id }, _, { store }) => store.dimensionsOf(id),
    computedFrom: (measure, _, { store }) => measuresOf(store, componentsOf(measure)),
  },
  Dataset: {
    measures: ({ id }, _, { store }) => store.manifest.measures.filter(({ datasets }) => datasets.includes(id)),
    tiers: () => TIERS,
    breakdowns: ({ id }, _, { store }) => {
      const found = store.manifest.slices.filter(({ dataset }) => dataset === id).flatMap((slice) => slice.breakdownBy)
      return DIMENSION_NAMES.filter((dimension) => found.includes(dimension))
    },
    lastUpdate: ({ id, snapshots }, _, { store }) => (snapshots.length === 0 ? null : store.retrievedAt(id)),
    nextExpected: (dataset, _, context) => freshness(dataset, context)?.nextExpected ?? null,
    freshness: (dataset, _, context) =>
      freshness(dataset, context)?.freshness ?? (dataset.simulated ? 'SIMULATED' : 'NOT_HELD'),
    version: ({ id }, _, { store }) => store.versionOf(id),
    changes: ({ id }, { since }, { store }) =>
      versionsSince(store.historyOf(id), typeof since === 'string' ? requireVersion(since) : null),
    quarantine: ({ id }, _, { quarantines }) => quarantines.load(id),
  },
  DatasetVersion: { version: (version) => versionText(version) },
  Competence: competence,
  OwnershipRule: {
    tiers: () => TIERS,
    measure: ({ measure }, _, { store }) => requireMeasure(store, measure),
    dataset: ({ dataset }, _, { store }) => datasetsOf(store, [dataset])[0] ?? unknownDataset(dataset, []),
    yieldsTo: ({ yieldsTo }, _, { store }) => datasetsOf(store, yieldsTo),
    computedFrom: ({ computedFrom }, _, { store }) => measuresOf(store, computedFrom),
  },
} satisfies Resolvers

/** How a dataset stands today; undefined where there is nothing to judge: no file, or invented figures. */
function freshness(dataset: DatasetRecord, { store, now }: SubgraphContext) {
  if (dataset.simulated || dataset.snapshots.length === 0) return undefined
  const newestPeriod = dataset.periods.at(-1) ?? null
  return freshnessOf({ ...dataset, newestPeriod, retrievedAt: store.retrievedAt(dataset.id) }, now())
}

function requireVersion(since: string): VersionNumber {
  const version = parseVersion(since)
  if (version !== undefined) return version
  throw new StratesError({
    code: 'INVALID_VERSION',
    what: 'This is no version of a dataset',
    on: `since: ${JSON.stringify(since)}`,
    expected: 'major, minor and patch, such as 1.2.0 or 1.2.0+ab12cd34',
    remedy: 'Take it from `Dataset.version`, `Provenance.datasetVersion` or an earlier entry of `changes`.',
    details: { argument: 'since', given: since },
  })
}

const isSame = ({ territories }: StoreReader, scope: string, territory: Territory | undefined): boolean =>
  territory !== undefined && territories.byId(scope)?.index === territory.index

const measuresOf = ({ measure }: StoreReader, ids: readonly string[]): readonly MeasureRecord[] =>
  ids.flatMap((id) => measure(id) ?? [])

const datasetsOf = ({ manifest }: StoreReader, ids: readonly string[]): readonly DatasetRecord[] =>
  ids.flatMap((id) => manifest.datasets.find((known) => known.id === id) ?? [])

/** The three cycles as the gateway sends them for the total; what did not come is not there. */
interface CycleParts {
  readonly primary?: Observation | null
  readonly lowerSecondary?: Observation | null
  readonly upperSecondary?: Observation | null
}

interface EnrolmentWithParts extends EnrolmentParent {
  readonly parts?: CycleParts
}

function totalOf(enrolment: EnrolmentParent): Observation {
  const { schoolYear, place, parts = {} } = enrolment as EnrolmentWithParts
  const cycles: Readonly<Record<string, Observation | null | undefined>> = {
    'pupils-primary': parts.primary,
    'pupils-lower-secondary': parts.lowerSecondary,
    'pupils-upper-secondary': parts.upperSecondary,
  }
  return sumAcross(PUPILS_TOTAL, { period: schoolYear, vintage: place.vintage }, (part) => complete(cycles[part]))
}

/**
 * A part as it came over: the planner leaves out what is null. A part without its status is one that was lost on the way:
 * better no total than one over the rest.
 */
function complete(part: Observation | null | undefined): Observation | null {
  if (!part) return null
  const {
    value = null,
    coverage = null,
    status,
    provenance,
  } = part as Partial<Observation> & Pick<Observation, 'provenance'>
  if (status === undefined || provenance?.owner === undefined) throw new RangeError('a cycle came over incomplete')
  return { ...part, value, coverage, alternatives: [], provenance: { ...provenance, inputs: provenance.inputs ?? [] } }
}

const territoryById = (id: string, { store }: SubgraphContext): TerritoryParent => {
  const { tier, code, vintage } = parseId(store, id)
  return findParent(store, tier, code, vintage)
}

/** An error in a list is that entry's alone. */
function orError<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    // graphql-js takes an Error in a list for that entry's error; its types do not know.
    if (error instanceof StratesError) return error as never
    throw error
  }
}

function requireShort(argument: keyof typeof LONGEST_LIST, length: number): void {
  const limit = LONGEST_LIST[argument]
  if (length <= limit) return
  throw new StratesError({
    code: 'LIST_TOO_LONG',
    what: 'The list is too long',
    on: `${argument}: ${length} entries`,
    expected: `at most ${limit}`,
    remedy: 'Ask for less in one request.',
  })
}

function unknownDataset(id: string, known: readonly string[]): never {
  throw new StratesError({
    code: 'UNKNOWN_DATASET',
    what: 'There is no such dataset',
    on: `dataset ${JSON.stringify(id)}`,
    expected: `one of ${known.join(', ')}`,
    remedy: 'Ask { datasets { id title } } for the list.',
  })
}
