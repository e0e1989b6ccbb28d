import { apportion } from '../observations/apportion.ts'
import type { CountedCell } from '../observations/observation.ts'
import { isAbsent, type ObservationStatus } from '../observations/status.ts'
import type { Atlas } from '../territories/atlas.ts'
import type { WeighPieces } from '../territories/correspondence.ts'
import type { Territories, Territory } from '../territories/territory.ts'
import type { Cells } from './cells.ts'
import type { SliceRecord } from './manifest.ts'

/** How a value was carried from the geography of its source to another. */
export interface Conversion {
  readonly measure: string
  readonly datasetId: string
  /** The COG vintage in which the source gives the values, and the one asked for. */
  readonly fromVintage: number
  readonly toVintage: number
  readonly inputs: readonly ConversionInput[]
}

/** A territory of the vintage of the source, and what it brings. */
export interface ConversionInput {
  readonly territory: Territory
  readonly vintage: number
  /** The part of its inhabitants that live on the ground asked for, from 0 to 1. */
  readonly share: number
  /** The census by which the share is weighed; null where all of it stands there, or its parts were counted at different ones. */
  readonly censusYear: number | null
  /** Its own value in that vintage, and what of it is counted; null where it has none, and what is counted of a ratio, which does not add up. */
  readonly status: ObservationStatus
  readonly value: number | null
  readonly contribution: number | null
  /** Whether a part of it, or of its own value, is an estimate by population. */
  readonly estimated: boolean
}

/** What telling conversions reads. */
export interface ConversionSources {
  readonly atlas: Atlas
  readonly cells: Cells
  readonly weigh: WeighPieces
  /** Whether values of the measure add up; of a ratio, inputs have their own value and bring none. */
  readonly isAdditive: boolean
}

/** A commune of the source's vintage on the ground asked for. */
interface Native {
  readonly commune: Territory
  readonly within: readonly number[]
  readonly isWhole: boolean
  readonly value: number | null
  contribution: number | null
}

/**
 * Tells what a converted value is made of: the communes of the vintage of its source that stand on its ground; for an EPCI,
 * put together by the EPCI in which they were. The contributions add up to the value.
 */
export function conversionOf(cell: CountedCell, slice: SliceRecord, sources: ConversionSources): Conversion {
  const { atlas, cells, weigh, isAdditive } = sources
  const from = atlas.of(slice.vintage) ?? atlas.current
  const to = atlas.of(cell.vintage) ?? atlas.current
  const territory = to.at(cell.territory)
  const holderOf = (commune: Territory): Territory =>
    territory.tier === 'COMMUNE' || commune.epci === -1 ? commune : from.at(commune.epci)
  const ground = to.piecesOf(territory).map((piece) => from.communeOf(piece))
  cells.need([territory, ...ground, ...ground.map(holderOf)].map(({ index }) => index))
  const converted = cells.cell(slice.slice, territory.index)
  const natives = nativesOf(territory, to, from, (commune) => cells.cell(slice.slice, commune.index)?.value ?? null)
  shareRest(natives, converted?.value ?? 0, from, weigh)
  const holders = Map.groupBy(natives, ({ commune }) => holderOf(commune))
  const inputs = [...holders]
    .toSorted(([left], [right]) => (left.code < right.code ? -1 : 1))
    .map(([holder, members]): ConversionInput => {
      const whole = cells.cell(slice.slice, holder.index)
      const status = whole?.status ?? 'SOURCE_UNAVAILABLE'
      const within = members.flatMap((member) => member.within)
      return {
        territory: holder,
        vintage: from.vintage,
        ...shareOf(holder, within, from, weigh),
        status,
        value: isAbsent(status) ? null : (whole?.value ?? null),
        contribution: isAdditive ? sumOf(members) : null,
        estimated:
          (whole?.estimated ?? 0) > 0 || ((converted?.estimated ?? 0) > 0 && members.some(({ isWhole }) => !isWhole)),
      }
    })
  const { measure, dataset: datasetId } = slice
  return { measure, datasetId, fromVintage: from.vintage, toVintage: to.vintage, inputs }
}

function nativesOf(
  territory: Territory,
  to: Territories,
  from: Territories,
  valueOf: (commune: Territory) => number | null,
): readonly Native[] {
  return [...Map.groupBy(to.piecesOf(territory), (piece) => from.communeOf(piece))].map(([commune, within]) => {
    const isWhole = from.piecesOf(commune).length === within.length
    const value = valueOf(commune)
    return { commune, within, isWhole, value, contribution: isWhole ? value : null }
  })
}

/** What the whole communes do not bring comes from those that stand there in part: by their value and share, if several. */
function shareRest(natives: readonly Native[], total: number, from: Territories, weigh: WeighPieces): void {
  const parts = natives.filter(({ isWhole, value }) => !isWhole && value !== null)
  const rest = total - natives.reduce((sum, { contribution }) => sum + (contribution ?? 0), 0)
  const expected = parts.map(({ commune, within, value }) => (value ?? 0) * shareOf(commune, within, from, weigh).share)
  const sum = expected.reduce((all, part) => all + part, 0)
  const shares = expected.map((part) => (sum === 0 ? 1 / expected.length : part / sum))
  for (const [position, contribution] of apportion(rest, shares).entries()) {
    const part = parts[position]
    if (part !== undefined) part.contribution = contribution
  }
}

function shareOf(holder: Territory, within: readonly number[], from: Territories, weigh: WeighPieces) {
  const all = from.piecesOf(holder)
  if (all.length === within.length) return { share: 1, censusYear: null }
  const weights = weigh(all)
  const held = new Set(within)
  const share = all.reduce((sum, piece, position) => sum + (held.has(piece) ? (weights?.shares[position] ?? 0) : 0), 0)
  return { share, censusYear: weights?.year ?? null }
}

const sumOf = (natives: readonly Native[]): number | null =>
  natives.every(({ contribution }) => contribution === null)
    ? null
    : natives.reduce((sum, { contribution }) => sum + (contribution ?? 0), 0)
