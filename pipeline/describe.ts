import type { Cell } from '../core/observations/consolidate.ts'
import { spans } from '../core/observations/period.ts'
import type { Atlas } from '../core/territories/atlas.ts'
import { departementsOf } from '../core/territories/geography.ts'
import type { ConsolidatedSlice } from './consolidate.ts'

/**
 * Puts into sentences what a careful reader of a cell should know: what is absent and by name, what is outside the
 * scope, why a 0 is a 0, breaks in the series.
 * @param series every slice of the same dataset and measure, this one included.
 */
export function describeWith(
  slice: ConsolidatedSlice,
  series: readonly ConsolidatedSlice[],
  atlas: Atlas,
): (cell: Cell) => readonly string[] {
  const { claim, descriptor, period } = slice
  const territories = atlas.current
  const name = (code: string) => `${territories.byId(`departement:${code}`)?.name ?? code} (${code})`
  const names = (positions: readonly number[]) =>
    positions.map((position) => name(territories.at(position).code)).join(', ')
  const breaks = breaksOf(slice, series, name)
  const reachOf = (cell: Cell): readonly string[] => {
    const vintage = atlas.newestWith(cell.territory)
    return departementsOf(vintage, vintage.at(cell.territory))
  }
  const placed = (descriptor.notes ?? []).filter(({ from = 0, to = 9999 }) => period >= from && period <= to)
  const { one, many } = descriptor.contributorNoun

  return (cell) => {
    const notes: string[] = []
    const missing = cell.expected - cell.reported - cell.suppressed
    if (claim.note !== undefined) notes.push(claim.note)
    if (cell.status === 'NON_ADDITIVE' && slice.additivity.kind === 'NON_ADDITIVE') {
      notes.push(`Not put together: ${slice.additivity.reason}`)
    }
    if (cell.absentDepartements.length > 0) notes.push(`No file at hand covers ${names(cell.absentDepartements)}.`)
    if (cell.outsideDepartements.length > 0) {
      notes.push(`Outside what the dataset covers for ${period}, and not counted: ${names(cell.outsideDepartements)}.`)
    }
    if (cell.expected === 0 && cell.status === 'NORMAL' && cell.outOfScope === 0)
      notes.push(`No ${one} is known here: 0 because there is none, not because none reported.`)
    if (cell.outOfScope > 0)
      notes.push(
        `Not counted: ${cell.outOfScope} ${cell.outOfScope === 1 ? one : many} outside the scope of the dataset (hors contrat, or of another ministry).`,
      )
    if (slice.scopeUnknown && missing > 0) {
      notes.push(
        `The file does not tell which private ${many} are hors contrat: those without a figure count as missing.`,
      )
    }
    if (cell.sharedOut.length > 0) {
      notes.push(
        `${Math.round(cell.estimated)} ${claim.defines?.unit ?? 'in all'} are estimated: the part here, by population, of ${listed(cell.sharedOut)}, which the source gives as a whole with places outside.`,
      )
    }
    if (cell.notLocated > 0) {
      notes.push(
        `${cell.notLocated} ${cell.notLocated === 1 ? one : many} of the département (${cell.notLocatedValue} ${claim.defines?.unit ?? 'in all'}) could not be placed in a commune.`,
      )
    }
    for (const { text, departements } of placed) {
      if (departements === undefined || reachOf(cell).some((code) => departements.includes(code))) notes.push(text)
    }
    for (const { text, departements } of breaks) {
      if (reachOf(cell).some((code) => departements.includes(code))) notes.push(text)
    }
    return notes
  }
}

/** The first names of a list, and how many more there are. */
const listed = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`

/** Collectivities that enter or leave the file between two periods at hand: a trend across them is wrong. */
function breaksOf(slice: ConsolidatedSlice, series: readonly ConsolidatedSlice[], name: (code: string) => string) {
  const others = series.filter(({ period }) => period !== slice.period)
  const sentences: { readonly text: string; readonly departements: readonly string[] }[] = []
  for (const other of others) {
    const leaving = [...slice.optional.keys()].filter((code) => !other.optional.has(code)).toSorted()
    if (leaving.length === 0 || isShadowed(slice, other, others)) continue
    const value = leaving.reduce((sum, code) => sum + (slice.optional.get(code) ?? 0), 0)
    const unit = slice.claim.defines?.unit ?? 'in all'
    sentences.push({
      text: `Break in the series: ${leaving.map(name).join(', ')} (${value} ${unit}) ${leaving.length === 1 ? 'is' : 'are'} in the file for ${slice.period} and not for ${spans([other.period])}; do not compare these years without them.`,
      departements: leaving,
    })
  }
  return sentences
}

/** A period between the two already tells the break. */
const isShadowed = (
  slice: ConsolidatedSlice,
  other: ConsolidatedSlice,
  others: readonly ConsolidatedSlice[],
): boolean => others.some(({ period }) => (period - slice.period) * (other.period - period) > 0)
