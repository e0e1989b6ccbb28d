import type { Observation, Provenance } from '../../core/observations/observation.ts'
import type { OwnerName } from '../../core/observations/owner.ts'
import type { MeasureRecord, SliceRecord } from '../../core/store/manifest.ts'
import type { openContent } from '../../core/store/open.ts'
import { lineOf } from './lines.ts'

/** A version opened for all owners. */
export type Opened = Awaited<ReturnType<typeof openContent>>

/** What stands behind observations, and is the same for many of them. */
export interface Source {
  readonly rank: number | null
  readonly provenance: Provenance
  /** The datasets that it was made of, each once. */
  readonly datasets: readonly string[]
  readonly simulated: boolean
}

/** The lines of the table of observations; the sources and notes that they name by position are all there once they were read. */
export interface ShownRows {
  readonly lines: Iterable<string>
  readonly sources: ReadonlyMap<string, Source>
  readonly notes: ReadonlyMap<string, number>
}

/** The columns of the lines. */
export const OBSERVATION_COLUMNS = [
  'version',
  'territory',
  'measure',
  'period',
  'source',
  'is_shown',
  'value',
  'status',
  'method',
  'expected',
  'reported',
  'missing',
  'suppressed',
  'share',
  'not_located',
  'not_located_value',
  'estimated_share',
  'note',
] as const

/** How many rows are given at once. */
const AT_ONCE = 1000

/**
 * What the API answers, for every territory of the newest geography, measure and period held, read through the readers that the API reads
 * through: sums, ratios and the choice among sources included. What weaker sources say stands beside it.
 */
export function shownRows({ manifest, atlas, reader }: Opened): ShownRows {
  const sources = new Map<string, Source>()
  const positions = new Map<string, number>()
  /** Those of slices are one object each, found without writing a key. */
  const known = new WeakMap<Provenance, number>()
  const notes = new Map<string, number>()
  return { lines: lines(), sources, notes }

  function* lines(): Generator<string> {
    let text: string[] = []
    for (const [position, measure] of manifest.measures.entries()) {
      for (const row of rowsOf(measure)) {
        text.push(lineOf([manifest.dataVersion, row.territory, position, row.period, ...row.facts]))
        if (text.length < AT_ONCE) continue
        yield text.join('')
        text = []
      }
    }
    yield text.join('')
  }

  function* rowsOf(measure: MeasureRecord) {
    const { observe, observeIn, periodsOf } = reader(measure.owner)
    for (const period of periodsOf(measure.id)) {
      const slices = manifest.slices.filter((slice) => slice.measure === measure.id && slice.period === period)
      for (const territory of atlas.current.all) {
        const shown = observe(measure.id, period, territory)
        const chosen = sliceOf(shown, slices)
        yield { territory: territory.index, period, facts: factsOf(measure, period, shown, chosen, true) }
        for (const slice of slices) {
          if (slice === chosen) continue
          const other = observeIn(slice, territory)
          yield { territory: territory.index, period, facts: factsOf(measure, period, other, slice, false) }
        }
      }
    }
  }

  function factsOf(
    { id }: MeasureRecord,
    period: number,
    observation: Observation,
    slice: SliceRecord | undefined,
    isShown: boolean,
  ) {
    const { value, status, method, coverage, estimatedShare } = observation
    return [
      sourceOf(`${id}@${period}`, observation, slice?.rank ?? null),
      isShown,
      value,
      status,
      method,
      coverage?.expected ?? null,
      coverage?.reported ?? null,
      coverage?.missing ?? null,
      coverage?.suppressed ?? null,
      coverage?.share ?? null,
      coverage?.notLocated ?? null,
      coverage?.notLocatedValue ?? null,
      estimatedShare,
      noteOf(observation),
    ]
  }

  function sourceOf(of: string, { provenance, simulated }: Observation, rank: number | null): number {
    const found = known.get(provenance)
    if (found !== undefined) return found
    const datasets = datasetsOf(provenance)
    const key = `${of}/${provenance.datasetId}/${datasets.join('+')}/${simulated}`
    const position = positions.get(key) ?? positions.size
    positions.set(key, position)
    if (provenance.inputs.length === 0) known.set(provenance, position)
    if (!sources.has(key)) sources.set(key, { rank, provenance, datasets, simulated })
    return position
  }

  /** Of a value only: why there is none is said by the status. */
  function noteOf({ value, notes: sentences }: Observation): number | null {
    if (value === null || sentences.length === 0) return null
    const text = sentences.join(' ')
    const position = notes.get(text) ?? notes.size
    notes.set(text, position)
    return position
  }
}

/** The slice that an observation was read from; undefined for a sum or ratio of others. */
const sliceOf = ({ provenance }: Observation, slices: readonly SliceRecord[]): SliceRecord | undefined =>
  provenance.inputs.length > 0 ? undefined : slices.find(({ dataset }) => dataset === provenance.datasetId)

function datasetsOf({ datasetId, inputs }: Provenance): readonly string[] {
  return inputs.length === 0 ? [datasetId] : [...new Set(inputs.flatMap(datasetsOf))]
}

/** The school cycle that an owner is competent for, by articles L212-4, L213-2 and L214-6 of the Code de l'éducation. */
const CYCLES: Readonly<Partial<Record<OwnerName, string>>> = {
  commune: 'PRIMARY',
  departement: 'LOWER_SECONDARY',
  region: 'UPPER_SECONDARY',
}

/** The cycle that a measure of schools counts, ALL where it is a sum over cycles; null for a measure of something else. */
export function cycleOf(measure: MeasureRecord, measures: readonly MeasureRecord[]): string | null {
  const { additivity, parts = [], kinds, owner } = measure
  const made = additivity.kind === 'RATIO' ? [additivity.numerator] : parts
  const cycles = new Set(
    made.flatMap((id) => {
      const part = measures.find((one) => one.id === id)
      return part === undefined ? [] : [cycleOf(part, measures)]
    }),
  )
  if (cycles.size > 1) return 'ALL'
  const [cycle] = cycles
  return cycle ?? (kinds === undefined ? null : (CYCLES[owner] ?? null))
}
