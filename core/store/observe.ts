import { DIMENSION_NAMES, requireBreakdown, type Dimension } from '../observations/dimension.ts'
import { versionText, type DatasetHistory } from '../observations/history.ts'
import type { MissingMember } from '../observations/missing.ts'
import type { CountedCell, Observation, ObservedFacts, Provenance } from '../observations/observation.ts'
import type { OwnerName } from '../observations/owner.ts'
import { spans } from '../observations/period.ts'
import { ratioOf } from '../observations/ratio.ts'
import { isAbsent, type ObservationStatus } from '../observations/status.ts'
import { sumAcross, sumOf, type SumAcrossOwners } from '../observations/sum.ts'
import type { Atlas } from '../territories/atlas.ts'
import type { EpciHistory } from '../territories/epciLookup.ts'
import type { PlaceCodes } from '../territories/placeCodes.ts'
import type { Territories, Territory } from '../territories/territory.ts'
import type { Timeline } from '../territories/timeline.ts'
import { addUp, breakDownSlice, type BrokenDown } from './breakdown.ts'
import type { Cells, Contributions } from './cells.ts'
import { conversionOf, type Conversion } from './conversion.ts'
import type { DatasetRecord, Manifest, MeasureRecord, SliceRecord } from './manifest.ts'
import { createFigures, departementsWithin, extentOf } from './figures.ts'
import { asShownByOthers, withoutCounted, type MeasureIndex } from './measureIndex.ts'
import { missingIn } from './missing.ts'
import { readAll } from './notHeld.ts'
import type { Quarantine } from './quarantine.ts'
import type { Part, StoreReader } from './reader.ts'
import { createSchoolObserver, ONE_SCHOOL } from './schoolSeries.ts'
import type { School, Schools } from './schools.ts'

/** What a reader is made of. */
export interface ReaderParts {
  readonly owner: OwnerName
  readonly manifest: Manifest
  readonly atlas: Atlas
  readonly epciHistory: EpciHistory
  readonly timeline: Timeline
  readonly placeCodes: () => PlaceCodes
  readonly schools: Schools
  readonly cells: Cells
  readonly contributions: Contributions
  /** Whether cells may have to be fetched first. */
  readonly waits: boolean
  /** The note sets that the cells of this owner name by position. */
  readonly notes: readonly (readonly string[])[]
  /** When each dataset was retrieved, by id. */
  readonly retrieved: Readonly<Record<string, string>>
  readonly quarantine: () => Promise<readonly Quarantine[]>
  /** The versions of each dataset, by id, oldest first. */
  readonly history: DatasetHistory
  /** The values of every owner's measures. */
  readonly index: MeasureIndex
  /** The reader of an owner whose measures one of this owner is a sum of. */
  readonly readerOf: (owner: OwnerName) => StoreReader
}

/** A territory, and the vintage that it is of. */
interface Place {
  readonly territory: Territory
  readonly on: Territories
}

/** What an observation tells of its place. */
interface SomePlace {
  readonly territory: Pick<Territory, 'tier'>
  readonly on: Pick<Territories, 'vintage'>
}

/** An observation, and the slice that it was read from; none for a sum or ratio of others. */
interface Choice {
  readonly observation: Observation
  readonly slice: SliceRecord | undefined
}

/** Turns cells into observations: what a cell leaves unsaid (no file, out of scope, no such period) is said here. */
export function createReader(parts: ReaderParts): StoreReader {
  const { owner, manifest, atlas, timeline, schools, cells, contributions, notes, retrieved, history } = parts
  const territories = atlas.current
  const measures = new Map(manifest.measures.map((measure) => [measure.id, measure]))
  const datasets = new Map(manifest.datasets.map((dataset) => [dataset.id, dataset]))
  // Strongest first: what is chosen of several sources is the first that has a value.
  const ranked = manifest.slices.toSorted((left, right) => left.rank - right.rank)
  /** By measure, then by period: found for each value without writing a key. */
  const slices = new Map(
    [...Map.groupBy(ranked, ({ measure }) => measure)].map(([measure, own]) => [
      measure,
      Map.groupBy(own, ({ period }) => period),
    ]),
  )
  const periods = new Map(
    manifest.measures.map(({ id, additivity }) => {
      const made = additivity.kind === 'RATIO' ? [id, additivity.numerator] : withParts(id)
      const found = manifest.slices.filter(({ measure }) => made.includes(measure)).map(({ period }) => period)
      return [id, unique(found).toSorted((left, right) => left - right)]
    }),
  )
  const provenances = new Map<string, Provenance>()
  /** Those of slices, found without writing a key for each value; by vintage, tier or commune, converted or not. */
  const provenancesOf = new Map<object, Map<number, Provenance>>(manifest.slices.map((slice) => [slice, new Map()]))

  const figureOf = createFigures({ cells, owned, elsewhere, slicesOf, statusWithout })

  const retrievedAt = (id: string): string => {
    const time = retrieved[id]
    if (time === undefined) throw new RangeError(`the store does not say when ${id} was retrieved`)
    return time
  }

  function observe(id: string, period: number, territory: Territory, vintage = manifest.geography): Observation {
    return choose(owned(id), period, { territory, on: on(vintage) }).observation
  }

  function observeIn(slice: SliceRecord, territory: Territory): Observation {
    return observeSlice(owned(slice.measure), slice, { territory, on: territories })
  }

  function breakDown(
    id: string,
    period: number,
    territory: Territory,
    by: readonly Dimension[],
    vintage = manifest.geography,
  ): readonly Part[] {
    const measure = owned(id)
    requireBreakdown(by, dimensionsOf(measure), id)
    const place = { territory, on: on(vintage) }
    const { observation: total } = choose(measure, period, place)
    return partsOf(measure, period, place, by).map(({ key, value }) => ({
      key,
      observation: { ...total, value: total.value === null ? null : value, alternatives: [] },
    }))
  }

  function slicesOf(measure: string, period: number): readonly SliceRecord[] {
    return slices.get(measure)?.get(period) ?? NO_SLICES
  }

  function on(vintage: number): Territories {
    const found = atlas.of(vintage)
    if (found === undefined) throw new RangeError(`the store holds no vintage ${vintage}`)
    return found
  }

  /** The value of the strongest source that gives one, and which slice it is; weaker ones are its alternatives. */
  function choose(measure: MeasureRecord, period: number, place: Place): Choice {
    const { parts, additivity } = measure
    if (isAcross(measure)) {
      const { territory, on } = place
      const observation = observeAcross(measure, period, on.vintage, (reader, part) =>
        reader.observe(part, period, territory, on.vintage),
      )
      return { observation, slice: undefined }
    }
    if (additivity.kind === 'RATIO' && additivity.madeAt === undefined) {
      const { numerator, denominator } = additivity
      const observation = ratioOf(
        measure,
        choose(owned(numerator), period, place).observation,
        choose(owned(denominator), period, place).observation,
      )
      return { observation, slice: undefined }
    }
    const sources = slicesOf(measure.id, period)
    const [only] = sources
    if (parts === undefined && only !== undefined && sources.length === 1)
      return { slice: only, observation: observeSlice(measure, only, place) }
    const all: Choice[] = sources.map((slice) => ({ slice, observation: observeSlice(measure, slice, place) }))
    if (parts !== undefined) {
      all.unshift({ slice: undefined, observation: observeParts(measure, parts, period, place) })
    }
    const chosen = all.find(({ observation }) => !isAbsent(observation.status)) ?? all[0]
    if (chosen === undefined) return { observation: withoutSlice(measure, period, place), slice: undefined }
    const weaker = all.filter((other) => other !== chosen && other.observation.value !== null)
    const alternatives = weaker.map(({ observation }) => observation)
    return { slice: chosen.slice, observation: { ...chosen.observation, alternatives } }
  }

  function partsOf(
    measure: MeasureRecord,
    period: number,
    place: Place,
    by: readonly Dimension[],
  ): readonly BrokenDown[] {
    const { slice, observation: total } = choose(measure, period, place)
    if (slice !== undefined) return breakDownSlice(cells, slice, place.territory, by, total.value ?? 0)
    const summed = measure.parts ?? []
    return addUp(summed.flatMap((id) => partsOf(owned(id), period, place, by)))
  }

  /** The dimensions that some source of the measure, or of what it is a sum of, has; a sum over owners is broken down by none of them. */
  function dimensionsOf({ id, parts = [], across }: MeasureRecord): readonly Dimension[] {
    if (across !== undefined) return []
    const found = manifest.slices
      .filter(({ measure }) => [id, ...parts].includes(measure))
      .flatMap((slice) => slice.breakdownBy)
    return DIMENSION_NAMES.filter((dimension) => found.includes(dimension))
  }

  function owned(id: string): MeasureRecord {
    const measure = measures.get(id)
    if (measure?.owner !== owner) throw new RangeError(`the reader of ${owner} does not hold the measure ${id}`)
    return measure
  }

  /** The reader of a part that is another owner's. */
  function elsewhere(id: string): StoreReader {
    const measure = measures.get(id)
    if (measure === undefined) throw new RangeError(`the store has no measure ${id}`)
    return parts.readerOf(measure.owner)
  }

  /** A sum over owners: what a part is made of, only its owner can tell. */
  function observeAcross(
    measure: SumAcrossOwners,
    period: number,
    vintage: number,
    observePart: (reader: StoreReader, part: string) => Observation,
  ): Observation {
    const observed = readAll(measure.parts, (part) => withoutCounted(observePart(elsewhere(part), part)))
    return sumAcross(measure, { period, vintage }, (part) => observed[measure.parts.indexOf(part)])
  }

  /** A measure and all that it is a sum of. */
  function withParts(id: string): readonly string[] {
    return [id, ...(measures.get(id)?.parts ?? []).flatMap(withParts)]
  }

  function observeParts(measure: MeasureRecord, ids: readonly string[], period: number, place: Place): Observation {
    const parts = ids.map((id) => ({
      label: measures.get(id)?.title ?? id,
      observation: choose(owned(id), period, place).observation,
    }))
    const datasetIds = unique(parts.map(({ observation }) => observation.provenance.datasetId))
    const first = parts[0]?.observation.provenance
    if (first === undefined) throw new RangeError(`the measure ${measure.id} is a sum without parts`)
    return sumOf(parts, {
      unit: measure.unit,
      timePeriod: `${period}`,
      provenance: {
        ...first,
        datasetId: datasetIds.join('+'),
        title: measure.title,
        rule: `Sum of ${ids.join(' and ')}; each part has its own provenance among the inputs.`,
      },
    })
  }

  function observeSlice(measure: MeasureRecord, slice: SliceRecord, place: Place): Observation {
    const { territory, on } = place
    const cell = cells.cell(slice.slice, territory.index)
    if (cell === undefined) return outOfReach(measure, slice, place)
    const { value, status, expected, reported, suppressed, share, notLocated, notLocatedValue, estimated } = cell
    const missing = expected - reported - suppressed
    const isOfSource = atlas.of(slice.vintage)?.has(territory.index) ?? true
    return observation(measure, slice, place, {
      value,
      status,
      estimatedShare: value === null || value === 0 ? 0 : estimated / Math.abs(value),
      isConverted: value !== null && (!isOfSource || estimated > 0),
      coverage: { expected, reported, missing, suppressed, share, notLocated, notLocatedValue },
      notes: notes[cell.notes] ?? [],
      counted: [{ slice: slice.slice, territory: territory.index, vintage: on.vintage }],
    })
  }

  /** No file covers any commune of the territory: outside the dataset's extent, or a file that we have not. */
  function outOfReach(measure: MeasureRecord, slice: SliceRecord, place: Place): Observation {
    const { territory, on } = place
    const within = departementsWithin(slice, place)
    if (within.length === 0) {
      return observation(measure, slice, place, {
        value: null,
        status: 'OUT_OF_SCOPE',
        coverage: null,
        notes: [`The dataset ${slice.dataset} does not cover ${territory.name} for ${slice.period}.`],
      })
    }
    // As the newest vintage that has the territory counts its communes, like the cells of places that a file covers.
    const newest = atlas.newestWith(territory.index)
    const communes = newest.communesOf(newest.at(territory.index))
    const extent = extentOf(slice)
    const expected =
      slice.absentUnit === 'DEPARTEMENT'
        ? within.length
        : communes.filter(({ departement }) => extent.has(newest.at(departement).code)).length
    return observation(measure, slice, place, {
      value: null,
      status: 'SOURCE_UNAVAILABLE',
      coverage: {
        expected,
        reported: 0,
        missing: expected,
        suppressed: 0,
        share: 0,
        notLocated: 0,
        notLocatedValue: 0,
      },
      notes: [`No file at hand of the dataset ${slice.dataset} covers ${territory.name} for ${slice.period}.`],
      counted: [{ slice: slice.slice, territory: territory.index, vintage: on.vintage }],
    })
  }

  /** No dataset of the store gives the measure for that period, anywhere. */
  function withoutSlice(measure: MeasureRecord, period: number, place: SomePlace): Observation {
    const [strongest] = claimantsOf(measure)
    const held = periods.get(measure.id) ?? []
    const status = statusWithout(measure, period)
    const why =
      status === 'NOT_PUBLISHED'
        ? `${measure.title}: no figure is published for ${period}`
        : `${measure.title}: no file at hand gives ${period}`
    const slice = { dataset: strongest.id, period, rule: 'No value.', snapshots: [], vintage: place.on.vintage }
    return observation(measure, slice, place, {
      value: null,
      status,
      coverage: null,
      notes: [`${why}; this store holds ${held.length === 0 ? 'none' : spans(held)}.`],
    })
  }

  function statusWithout(measure: MeasureRecord, period: number): ObservationStatus {
    const claimants = claimantsOf(measure)
    const first = Math.min(...claimants.map(({ firstPeriod }) => firstPeriod))
    return period < first ? 'NOT_PUBLISHED' : claimants[0].whenPeriodAbsent
  }

  /** The datasets that may give a measure, strongest first. */
  function claimantsOf({ id, datasets: ids }: MeasureRecord): readonly [DatasetRecord, ...DatasetRecord[]] {
    const [strongest, ...others] = ids.flatMap((dataset) => datasets.get(dataset) ?? [])
    if (strongest === undefined) throw new RangeError(`no dataset gives the measure ${id}`)
    return [strongest, ...others]
  }

  function observation(
    measure: MeasureRecord,
    slice: Pick<SliceRecord, 'dataset' | 'period' | 'rule' | 'snapshots' | 'vintage'>,
    place: SomePlace,
    { isConverted = false, estimatedShare = 0, ...facts }: ObservedFacts,
  ): Observation {
    const dataset = datasets.get(slice.dataset)
    if (dataset === undefined) throw new RangeError(`the manifest has no dataset ${slice.dataset}`)
    const own = place.territory.tier === 'COMMUNE' ? measure.communeMethod : 'CONSOLIDATED'
    return {
      counted: [],
      ...facts,
      simulated: dataset.simulated,
      estimatedShare,
      method: isConverted ? 'CONVERTED' : own,
      unit: measure.unit,
      timePeriod: `${slice.period}`,
      provenance: provenanceOf(measure, dataset, slice, place, isConverted),
      alternatives: [],
    }
  }

  /** Competent is who the law names for what is counted; producer and publisher are those of the file. */
  function provenanceOf(
    measure: Pick<MeasureRecord, 'id' | 'owner' | 'competent' | 'legalBasis'>,
    dataset: DatasetRecord,
    slice: Pick<SliceRecord, 'period' | 'rule' | 'snapshots' | 'vintage'>,
    { territory: { tier }, on: { vintage } }: SomePlace,
    isConverted: boolean,
  ): Provenance {
    const consolidated = tier !== 'COMMUNE'
    const ofSlice = provenancesOf.get(slice)
    const position = vintage * 4 + (consolidated ? 2 : 0) + (isConverted ? 1 : 0)
    const found = ofSlice?.get(position)
    if (found !== undefined) return found
    const made = `${consolidated}/${vintage}/${isConverted}`
    const key = `${measure.id}/${dataset.id}@${slice.period}/${made}/${slice.rule}/${slice.snapshots.join()}`
    const known = provenances.get(key)
    if (known !== undefined) {
      ofSlice?.set(position, known)
      return known
    }
    const { id, title, owner: datasetOwner, licence, attribution, sourceUrl } = dataset
    const steps = [
      slice.rule,
      ...(consolidated
        ? [`Added up over the member communes of the COG ${vintage}, with the rows located only in their département.`]
        : []),
      ...(isConverted
        ? [
            slice.vintage === vintage
              ? 'Part of it is shared out by population; see `estimatedShare` and `conversions`.'
              : `Carried from the COG ${slice.vintage}, in which the source gives it, to the COG ${vintage}: what merged is added up, what was divided is shared out by population; see \`conversions\`.`,
          ]
        : []),
    ]
    const provenance: Provenance = {
      datasetId: id,
      title,
      owner: { ...datasetOwner, id: measure.owner, name: measure.competent, legalBasis: measure.legalBasis },
      licence,
      attribution,
      sourceUrl,
      datasetVersion: versionOf(dataset),
      snapshot: slice.snapshots.length === 0 ? 'none' : slice.snapshots.join(' ; '),
      retrievedAt: retrievedAt(id),
      geographyVintage: vintage,
      rule: steps.join(' '),
      inputs: [],
    }
    provenances.set(key, provenance)
    ofSlice?.set(position, provenance)
    return provenance
  }

  function versionOf({ id, snapshots }: DatasetRecord): string {
    const newest = history[id]?.at(-1)
    return newest === undefined || snapshots.length === 0 ? 'none' : versionText(newest)
  }

  /** The facts of a school are those of one edition of one file, whoever owns its figures. */
  function provenanceOfSchool({ source }: School): Provenance {
    const dataset = datasets.get(source.dataset)
    if (dataset === undefined) throw new RangeError(`the manifest has no dataset ${source.dataset}`)
    const { id, name, legalBasis } = dataset.owner
    const facts = { id: 'school', owner: id as OwnerName, competent: name, legalBasis }
    const rule = `As the file shows the rentrée ${source.situation}; the commune is that of the COG ${manifest.geography}.`
    const vintage = manifest.geography
    const slice = { period: source.situation, rule, snapshots: [source.snapshot], vintage }
    return provenanceOf(facts, dataset, slice, { territory: ONE_SCHOOL, on: territories }, false)
  }

  function notApplicable(id: string, period: number, reason: string, vintage: number): Observation {
    const measure = owned(id)
    if (isAcross(measure)) {
      return observeAcross(measure, period, vintage, (reader, part) =>
        reader.notApplicable(part, period, reason, vintage),
      )
    }
    const slice = { dataset: datasetOf(measure), period, rule: 'No value.', snapshots: [], vintage }
    const facts = { value: null, status: 'NOT_APPLICABLE', coverage: null, notes: [reason] } as const
    return observation(measure, slice, { territory: ONE_SCHOOL, on: { vintage } }, facts)
  }

  /** The first dataset that gives a measure, or what it is made of. */
  function datasetOf({ id, datasets: own, additivity, parts: summed = [] }: MeasureRecord): string {
    const made = additivity.kind === 'RATIO' ? [additivity.numerator] : summed
    const [dataset] = own.length > 0 ? own : made.flatMap((part) => datasetOf(measures.get(part) ?? missing(part)))
    return dataset ?? missing(id)
  }

  function missing(id: string): never {
    throw new RangeError(`no dataset gives the measure ${id}`)
  }

  function listConversions({ method, counted = [] }: Pick<Observation, 'method' | 'counted'>): readonly Conversion[] {
    if (method !== 'CONVERTED') return []
    return counted.flatMap((cell) => {
      const slice = manifest.slices[cell.slice]
      if (slice?.owner !== owner) throw new RangeError(`the reader of ${owner} does not hold the slice ${cell.slice}`)
      const isAdditive = measures.get(slice.measure)?.additivity.kind === 'COUNT'
      return conversionOf(cell, slice, { atlas, cells, weigh: timeline.weigh, isAdditive })
    })
  }

  function listMissing(counted: readonly CountedCell[]): readonly MissingMember[] {
    contributions.need(counted.map(({ slice }) => slice))
    return counted.flatMap(({ slice, territory, vintage }) => {
      const record = manifest.slices[slice]
      if (record?.owner !== owner) throw new RangeError(`the reader of ${owner} does not hold the slice ${slice}`)
      const there = on(vintage)
      return missingIn(record, there.at(territory), { atlas, territories: there, schools, contributions })
    })
  }

  return {
    owner,
    waits: parts.waits,
    manifest,
    atlas,
    territories,
    epciHistory: parts.epciHistory,
    timeline,
    placeCodes: parts.placeCodes,
    measure: (id) => measures.get(id),
    retrievedAt,
    quarantine: parts.quarantine,
    periodsOf: (id) => periods.get(id) ?? [],
    dimensionsOf: (id) => {
      const measure = measures.get(id)
      return measure === undefined ? [] : dimensionsOf(measure)
    },
    versionOf: (id) => {
      const dataset = datasets.get(id)
      return dataset === undefined ? 'none' : versionOf(dataset)
    },
    historyOf: (id) => history[id] ?? [],
    observe,
    figure: (id, period, territory) => figureOf(owned(id), period, { territory, on: territories }),
    observeIn,
    breakDown,
    notApplicable,
    valuesOf: async (id, period) => {
      const values = await parts.index(id, period)
      return values.measure.owner === owner ? values : asShownByOthers(values)
    },
    schools,
    observeSchool: createSchoolObserver({
      manifest,
      territories,
      schools,
      contributions,
      owned,
      observation,
      withoutSlice,
    }),
    provenanceOfSchool,
    missingIn: listMissing,
    conversionsOf: listConversions,
  }
}

const NO_SLICES: readonly SliceRecord[] = []

const isAcross = (measure: MeasureRecord): measure is MeasureRecord & SumAcrossOwners => measure.across !== undefined

const unique = <Item>(items: readonly Item[]): readonly Item[] => [...new Set(items)]
