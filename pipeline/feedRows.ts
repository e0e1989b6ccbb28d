import type { FeedCell } from '../core/observations/feed.ts'
import type { Observation } from '../core/observations/observation.ts'
import { ratioOf } from '../core/observations/ratio.ts'
import type { MeasureRecord, SliceRecord } from '../core/store/manifest.ts'
import type { Store } from '../core/store/open.ts'
import type { Tier } from '../core/territories/code.ts'
import type { Territory } from '../core/territories/territory.ts'

/** What the rows are read from. */
export type FeedStore = Omit<Store, 'feeds' | 'boundaries' | 'versions'>

/** A measure in a period, as a dataset gives it: a slice, or a ratio of two. */
export interface FeedQuestion {
  readonly measure: MeasureRecord
  readonly period: number
  readonly observe: (territory: Territory) => Observation
  /** Whether the figure of the dataset is the one that the API answers. */
  readonly isAnswered: (territory: Territory) => boolean
  /** The cells of the columns of the question, and of the source. */
  readonly cells: readonly FeedCell[]
  readonly source: readonly FeedCell[]
}

/** One row: cells shared by all rows of a place or a question are one list each. */
export interface FeedRow {
  readonly place: readonly FeedCell[]
  readonly question: FeedQuestion
  readonly figure: readonly FeedCell[]
}

/** Every figure of some questions at a tier, ordered by measure, period and territory. */
export function* feedRows(
  { atlas, manifest }: FeedStore,
  questions: readonly FeedQuestion[],
  tier: Tier,
): Generator<FeedRow, void> {
  const places = atlas.current
    .ofTier(tier)
    .map((territory) => ({ territory, place: placeOf(territory, manifest.geography) }))
    .toSorted((left, right) => (left.territory.id < right.territory.id ? -1 : 1))
  for (const question of questions) {
    for (const { territory, place } of places) {
      yield { place, question, figure: figureOf(question.observe(territory), question.isAnswered(territory)) }
    }
  }
}

const placeOf = ({ id, code, name, tier }: Territory, geography: number): readonly FeedCell[] => [
  id,
  code,
  name,
  tier,
  geography,
]

const figureOf = (observation: Observation, isAnswered: boolean): readonly FeedCell[] => {
  const { value, status, method, estimatedShare, coverage, simulated } = observation
  return [
    value,
    status,
    method,
    estimatedShare,
    coverage?.expected ?? null,
    coverage?.reported ?? null,
    coverage?.missing ?? null,
    coverage?.suppressed ?? null,
    coverage?.share ?? null,
    simulated,
    isAnswered,
  ]
}

/** What a dataset gives: its slices, and the ratios of which it gives both parts; by measure, then period. */
export function questionsOf(store: FeedStore, dataset: string): readonly FeedQuestion[] {
  const { manifest } = store
  const slices = manifest.slices.filter((slice) => slice.dataset === dataset)
  const own = slices.map((slice) => questionOf(store, measureOf(store, slice.measure), slice, [slice]))
  const ratios = manifest.measures.flatMap((measure) => {
    const { additivity } = measure
    if (additivity.kind !== 'RATIO' || additivity.madeAt !== undefined) return []
    return slices.flatMap((over) => {
      if (over.measure !== additivity.numerator) return []
      const under = slices.find((slice) => slice.measure === additivity.denominator && slice.period === over.period)
      return under === undefined ? [] : [questionOf(store, measure, over, [over, under])]
    })
  })
  return [...own, ...ratios].toSorted(
    (left, right) => compare(left.measure.id, right.measure.id) || left.period - right.period,
  )
}

function questionOf(
  store: FeedStore,
  measure: MeasureRecord,
  { dataset, period }: SliceRecord,
  [over, under]: readonly SliceRecord[],
): FeedQuestion {
  const reader = store.reader(measure.owner)
  const observe = (territory: Territory): Observation => {
    const first = reader.observeIn(over as SliceRecord, territory)
    return under === undefined ? first : ratioOf(measure, first, reader.observeIn(under, territory))
  }
  const asked = [over, under].flatMap((slice) => (slice === undefined ? [] : [measureOf(store, slice.measure)]))
  const isOnly = asked.every(
    ({ id, parts }) =>
      parts === undefined &&
      store.manifest.slices.filter((slice) => slice.measure === id && slice.period === period).length === 1,
  )
  const isAnswered = (territory: Territory) =>
    isOnly || asked.every(({ id }) => reader.observe(id, period, territory).provenance.datasetId === dataset)
  const { provenance } = observe(store.atlas.current.nation)
  const { owner, licence, attribution, sourceUrl, datasetVersion, retrievedAt } = provenance
  return {
    measure,
    period,
    observe,
    isAnswered,
    cells: [measure.id, period, measure.unit],
    source: [
      dataset,
      owner.name,
      owner.legalBasis,
      owner.producer,
      owner.publisher,
      licence.id,
      licence.url,
      attribution,
      sourceUrl,
      datasetVersion,
      retrievedAt,
      store.manifest.dataVersion,
    ],
  }
}

function measureOf({ manifest }: FeedStore, id: string): MeasureRecord {
  const measure = manifest.measures.find((candidate) => candidate.id === id)
  if (measure === undefined) throw new RangeError(`the manifest has no measure ${id}`)
  return measure
}

const compare = (left: string, right: string): number => (left < right ? -1 : Number(left > right))
