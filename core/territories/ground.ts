import type { Chronicle, Stay } from './lineage.ts'
import { stands, standsAtEnd, type Pieces } from './pieces.ts'

/**
 * The pieces of ground that a commune code named on the 1 January of a year, ascending; none for a code that never was.
 * A code that did not stand then is read as it last did before, since files lag behind the COG, else as it first did.
 */
export type GroundOf = (code: string, year: number) => readonly number[]

/** Builds the function that reads any commune code, of any year, as pieces of ground. */
export function groundOver(chronicle: Chronicle, pieces: Pieces): GroundOf {
  const staysByCommune = Map.groupBy(chronicle.stays, ({ commune }) => commune)
  const staysByCode = Map.groupBy(chronicle.stays, ({ code }) => code)
  const states = Map.groupBy(chronicle.communes, ({ code }) => code)
  const arrondissements = new Map(chronicle.arrondissements.map(({ code, commune }) => [code, commune]))
  const memory = new Map<string, readonly number[]>()
  const groundOf = (stays: readonly Stay[]) => groundOfLineages(stays, pieces)

  function read(code: string, day: string): readonly number[] {
    const asCommune = groundOf((staysByCommune.get(code) ?? []).filter((stay) => stands(stay, day)))
    if (asCommune.length > 0) return asCommune
    const parts = (staysByCode.get(code) ?? []).filter((stay) => stands(stay, day))
    const asPart = groundOf(parts.filter(({ standing }) => standing !== 'NOT_YET_CREATED'))
    if (asPart.length > 0) return asPart
    const known = states.get(code) ?? []
    const state = known.findLast(({ from }) => from <= day) ?? known[0]
    if (state !== undefined)
      return groundOf((staysByCommune.get(code) ?? []).filter((stay) => standsAtEnd(stay, state)))
    const whole = arrondissements.get(code)
    return whole === undefined ? [] : read(whole, day)
  }

  return (code, year) => {
    const key = `${code}@${year}`
    const known = memory.get(key)
    if (known !== undefined) return known
    const ground = read(code, `${Math.min(year, pieces.years.at(-1) ?? year)}-01-01`)
    memory.set(key, ground)
    return ground
  }
}

/** The pieces in which lineages stand, each once, ascending. */
export function groundOfLineages(stays: readonly Pick<Stay, 'lineage'>[], { ofLineage }: Pieces): readonly number[] {
  const found = new Set<number>()
  for (const { lineage } of stays) {
    const piece = ofLineage[lineage] ?? -1
    if (piece !== -1) found.add(piece)
  }
  return [...found].toSorted((left, right) => left - right)
}
