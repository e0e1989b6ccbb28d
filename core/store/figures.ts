import { ratioFigure } from '../observations/ratio.ts'
import { isAbsent, type Figure, type ObservationStatus } from '../observations/status.ts'
import { sumFigure } from '../observations/sum.ts'
import { departementsOf } from '../territories/geography.ts'
import type { Territories, Territory } from '../territories/territory.ts'
import type { Cells } from './cells.ts'
import type { MeasureRecord, SliceRecord } from './manifest.ts'
import type { StoreReader } from './reader.ts'

/** A territory, and the vintage that it is of. */
interface Place {
  readonly territory: Territory
  readonly on: Territories
}

/** Reads what a value is and nothing else of it. */
export type Figures = (measure: MeasureRecord, period: number, place: Place) => Figure

/**
 * The value and status of an observation without the observation: the same choice of source, in a tenth of the time, for whoever
 * goes through a whole tier.
 */
export function createFigures(options: {
  readonly cells: Cells
  readonly owned: (measure: string) => MeasureRecord
  /** The reader of the owner of a part of a sum over owners. */
  readonly elsewhere: (measure: string) => Pick<StoreReader, 'figure'>
  /** The sources of a measure in a period, strongest first. */
  readonly slicesOf: (measure: string, period: number) => readonly SliceRecord[]
  /** Why there is no value where there is no source. */
  readonly statusWithout: (measure: MeasureRecord, period: number) => ObservationStatus
}): Figures {
  const { cells, owned, elsewhere, slicesOf, statusWithout } = options
  return figureOf

  function figureOf(measure: MeasureRecord, period: number, place: Place): Figure {
    const { parts = [], across, additivity } = measure
    // Figures are those of the newest vintage, whoever reads them.
    if (across !== undefined) return sumFigure(parts.map((id) => elsewhere(id).figure(id, period, place.territory)))
    if (additivity.kind === 'RATIO' && additivity.madeAt === undefined) {
      const { numerator, denominator } = additivity
      return ratioFigure(figureOf(owned(numerator), period, place), figureOf(owned(denominator), period, place))
    }
    let first: Figure | undefined
    if (parts.length > 0) {
      first = sumFigure(parts.map((part) => figureOf(owned(part), period, place)))
      if (!isAbsent(first.status)) return first
    }
    for (const slice of slicesOf(measure.id, period)) {
      const figure = figureIn(slice, place)
      if (!isAbsent(figure.status)) return figure
      first ??= figure
    }
    return first ?? { value: null, status: statusWithout(measure, period) }
  }

  function figureIn(slice: SliceRecord, place: Place): Figure {
    const cell = cells.cell(slice.slice, place.territory.index)
    if (cell !== undefined) return cell
    const isReached = departementsWithin(slice, place).length > 0
    return { value: null, status: isReached ? 'SOURCE_UNAVAILABLE' : 'OUT_OF_SCOPE' }
  }
}

/** Finds in which départements of its extent a slice should have a value of a place. */
export function departementsWithin(slice: SliceRecord, { territory, on }: Place): readonly string[] {
  const extent = extentOf(slice)
  return departementsOf(on, territory).filter((code) => extent.has(code))
}

// Asked for every value that is absent: each slice's list becomes a set once.
const knownExtents = new WeakMap<SliceRecord, ReadonlySet<string>>()

/** The codes of the départements from which the dataset of a slice tells. */
export function extentOf(slice: SliceRecord): ReadonlySet<string> {
  const known = knownExtents.get(slice)
  if (known !== undefined) return known
  const extent = new Set(slice.extent)
  knownExtents.set(slice, extent)
  return extent
}
