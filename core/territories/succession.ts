import { SUCCESSIONS } from './facts.ts'
import { communesOf, parentCommuneOf, type HistoricalCommune, type Vintage } from './vintage.ts'

/**
 * What a code of a past vintage is in the current COG: the current commune or communes. One code where the place is part
 * of one commune now; several where it was split since; none where nothing held says so.
 */
export type Successors = (code: string, year: number) => readonly string[]

interface VintageLookup {
  readonly year: number
  /** Commune proper → the other entries (déléguées, associées, arrondissements) that stand in it. */
  readonly partsOf: ReadonlyMap<string, readonly string[]>
  readonly communes: ReadonlySet<string>
  /** Any code of the vintage → the commune that it stands in; a commune proper wins over a part of the same code. */
  readonly parentOf: ReadonlyMap<string, string>
}

/**
 * Builds the function that carries a code from any vintage held to the current one, from vintage to vintage, with the
 * small table of facts for what the vintages do not tell.
 * @param vintages all vintages in ascending order; the last is the current one.
 */
export function successionOver(vintages: readonly Vintage[]): Successors {
  const lookups = vintages.map(lookUp)
  const current = lookups.at(-1)
  if (current === undefined) throw new RangeError('successionOver needs at least one vintage')
  const known = new Map(SUCCESSIONS.map(({ from, to }) => [from, to]))
  const memory = new Map<string, readonly string[]>()

  function follow(code: string, position: number): readonly string[] {
    const lookup = lookups[position]
    if (lookup === undefined) return []
    const revived = (lookup.partsOf.get(code) ?? []).filter((part) => part !== code && current?.communes.has(part))
    if (revived.length > 0 && lookup.communes.has(code)) {
      // Parts of the commune of then are communes of their own now: it was split, or its seat and code moved.
      return current?.communes.has(code) ? [code, ...revived] : revived
    }
    if (current?.communes.has(code)) return [code]
    const parent = current?.parentOf.get(code)
    if (parent !== undefined) return [parent]
    const parentThen = lookup.parentOf.get(code)
    if (parentThen !== undefined && parentThen !== code) return follow(parentThen, position)
    const successor = known.get(code)
    if (successor !== undefined) return follow(successor, lookups.length - 1)
    const next = lookups.findIndex((later, index) => index > position && later.parentOf.has(code))
    return next === -1 ? [] : follow(code, next)
  }

  return (code, year) => {
    const key = `${code}@${year}`
    const remembered = memory.get(key)
    if (remembered !== undefined) return remembered
    const position = Math.max(
      0,
      lookups.findLastIndex((lookup) => lookup.year <= year),
    )
    let successors = follow(code, position)
    // Files lag behind the COG: a code gone in the year asked may still be met, and an older vintage knows it.
    for (let older = position - 1; successors.length === 0 && older >= 0; older -= 1) successors = follow(code, older)
    memory.set(key, successors)
    return successors
  }
}

/**
 * The commune of the earliest vintage that a historical entry leads to, through its successors and the communes that
 * they belong to; undefined where the entry was suppressed without one.
 */
export function endOfHistory(
  entry: HistoricalCommune,
  byId: ReadonlyMap<string, HistoricalCommune>,
): string | undefined {
  let state: HistoricalCommune | undefined = entry
  // A chain is at most a few states long; the bound only guards against a loop in the source.
  for (let step = 0; step < 50 && state !== undefined; step += 1) {
    if (state.pole !== undefined) state = byId.get(state.pole)
    else if (state.successeur !== undefined) state = byId.get(state.successeur)
    else return state.dateFin === undefined ? state.code : undefined
  }
  return undefined
}

function lookUp(vintage: Vintage): VintageLookup {
  const communes = new Set(communesOf(vintage).map(({ code }) => code))
  const partsOf = new Map<string, string[]>()
  const parentOf = new Map<string, string>()
  for (const entry of vintage.communes) {
    const parent = parentCommuneOf(entry)
    if (entry.type !== 'commune-actuelle') {
      const parts = partsOf.get(parent) ?? []
      parts.push(entry.code)
      partsOf.set(parent, parts)
      if (!communes.has(entry.code)) parentOf.set(entry.code, parent)
    } else parentOf.set(entry.code, entry.code)
  }
  return { year: vintage.year, partsOf, communes, parentOf }
}
