import { labelOf, type Dimension } from '../../core/observations/dimension.ts'
import { LICENCES } from '../../core/observations/licence.ts'
import type { Observation, Provenance } from '../../core/observations/observation.ts'
import type { ReconciliationRecord } from '../../core/store/manifest.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import type { SubgraphContext } from '../kit/context.ts'
import { DEPP_RECORDED_AT } from './datasets/published/depp.ts'

/** A comparison as the schema shows it: both totals are observations of their own. */
export function reconciliationOf(record: ReconciliationRecord, { store, noteDataset }: SubgraphContext) {
  const { measure, scope, period, key, gap, gapRatio, verdict, explanation } = record
  const others = (Object.entries(key) as [Dimension, string][]).filter(([dimension]) => dimension !== 'SECTOR')
  const computed = computedOf(record, store)
  const published = publishedOf(record, store)
  for (const { provenance } of [computed, published]) noteDataset(provenance.datasetId)
  return {
    measure,
    sector:
      key.SECTOR === 'PUBLIC' || key.SECTOR === 'PRIVATE' ? (key.SECTOR as 'PUBLIC' | 'PRIVATE') : ('ALL' as const),
    dimensions: others.map(([dimension, code]) => ({ dimension, code, label: labelOf(dimension, code) })),
    scope,
    schoolYear: period,
    computed,
    published,
    gap,
    gapRatio,
    verdict,
    explanation,
  }
}

function computedOf(
  { dataset, computed, expected, reported, period, measure }: ReconciliationRecord,
  store: StoreReader,
): Observation {
  const absent = computed === null
  return {
    value: computed,
    status: absent ? 'SOURCE_UNAVAILABLE' : reported === expected ? 'NORMAL' : 'PARTIAL',
    simulated: store.manifest.datasets.find(({ id }) => id === dataset)?.simulated ?? false,
    estimatedShare: 0,
    notes: [],
    method: 'CONSOLIDATED',
    unit: store.measure(measure)?.unit ?? '',
    timePeriod: `${period}`,
    coverage: {
      expected,
      reported,
      missing: expected - reported,
      suppressed: 0,
      share: expected === 0 ? 1 : reported / expected,
      notLocated: 0,
      notLocatedValue: 0,
    },
    provenance: provenanceOf(
      dataset,
      store,
      'Sum over the schools that the file has in the scope of the published total.',
    ),
    alternatives: [],
  }
}

function publishedOf({ source, published, period, measure }: ReconciliationRecord, store: StoreReader): Observation {
  const isDataset = store.manifest.datasets.some(({ id }) => id === source)
  return {
    value: published,
    status: 'NORMAL',
    simulated: false,
    estimatedShare: 0,
    notes: [],
    method: isDataset ? 'CONSOLIDATED' : 'PUBLISHED',
    unit: store.measure(measure)?.unit ?? '',
    timePeriod: `${period}`,
    coverage: null,
    provenance: isDataset
      ? provenanceOf(source, store, 'Sum over the schools that this other source has in the same place.')
      : citation(source, store),
    alternatives: [],
  }
}

function provenanceOf(id: string, store: StoreReader, rule: string): Provenance {
  const dataset = store.manifest.datasets.find((known) => known.id === id)
  if (dataset === undefined) throw new RangeError(`the manifest has no dataset ${id}`)
  const { title, owner, licence, attribution, sourceUrl, snapshots } = dataset
  return {
    datasetId: id,
    title,
    owner,
    licence,
    attribution,
    sourceUrl,
    datasetVersion: store.versionOf(id),
    snapshot: snapshots.map(({ sha256 }) => sha256).join(' ; ') || 'none',
    retrievedAt: store.retrievedAt(id),
    geographyVintage: store.manifest.geography,
    rule,
    inputs: [],
  }
}

/** A published figure is a fact with its citation, typed into the repository; the file it was read from is not kept. */
const citation = (source: string, store: StoreReader): Provenance => ({
  datasetId: 'depp-published-totals',
  title: source,
  owner: {
    id: 'national',
    name: 'État',
    legalBasis: "Code de l'éducation, article L211-1",
    producer: 'DEPP',
    publisher: "Ministère de l'Éducation nationale",
  },
  licence: LICENCES['etalab-2.0'],
  attribution: source,
  sourceUrl: 'https://www.education.gouv.fr/',
  datasetVersion: 'none',
  snapshot: 'none',
  retrievedAt: DEPP_RECORDED_AT,
  geographyVintage: store.manifest.geography,
  rule: 'As published, in the scope of the publisher.',
  inputs: [],
})
