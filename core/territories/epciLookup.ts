import { StratesError } from '../observations/error.ts'
import { spans } from '../observations/period.ts'
import { parseCode } from './code.ts'
import type { EpciChange, EpciGround, EpciRecords, EpciState } from './epciHistory.ts'
import { weigh } from './pieces.ts'

/** Two COG vintages, each on its 1 January. */
export interface VintageRange {
  /** Default: see where it is asked. */
  readonly from?: number | null | undefined
  /** Default: the current vintage. */
  readonly to?: number | null | undefined
}

/** The part of an EPCI's ground that is in one EPCI of another vintage. */
export interface EpciShare {
  /** The EPCI as the other vintage has it; null for ground that is in none. */
  readonly epci: EpciState | null
  /** Of the inhabitants of the whole, from 0 to 1; null where nobody was ever counted. */
  readonly share: number | null
  /** Population municipale of that part; null where nobody was ever counted. */
  readonly inhabitants: number | null
  /** The census; null where the parts were not all counted at the same one. */
  readonly censusYear: number | null
}

/** What an EPCI of one vintage is in another. */
export interface EpciResolution {
  /** The EPCI asked for, as the vintage `from` has it. */
  readonly epci: EpciState
  readonly from: number
  readonly to: number
  /** The year of the perimeters of `to`, on its 1 January. */
  readonly perimeterOf: number
  /** The largest first; together they are the whole. */
  readonly shares: readonly EpciShare[]
}

/** The EPCI through the vintages, with the look-ups that serving needs. */
export interface EpciHistory {
  readonly years: readonly number[]
  /**
   * The year of the EPCI perimeters of a vintage.
   * @throws StratesError UNSUPPORTED_GEOGRAPHY for a year that is no vintage held.
   */
  perimeterOf(vintage: number): number
  /** An EPCI as a vintage has it; undefined where the vintage has none of that SIREN. */
  stateIn(vintage: number, siren: string): EpciState | undefined
  /** The vintage before another one held; the first is its own. */
  vintageBefore(vintage: number): number
  /**
   * What happened to all EPCI after one vintage, to another included; by default from the first to the current one.
   * @throws StratesError UNSUPPORTED_GEOGRAPHY for a year that is no vintage held, INVALID_YEAR for a range upside down.
   */
  changes(range: VintageRange): readonly EpciChange[]
  /** The vintages of such a range whose changes cannot be known: their perimeters are those of the vintage before. */
  unknownIn(range: VintageRange): readonly number[]
  /**
   * What an EPCI became, with shares; asked backwards (`from` after `to`), what it was made of.
   * @param range by default from the last vintage that has the SIREN, to the current one.
   * @throws StratesError INVALID_CODE for a malformed SIREN; UNKNOWN_TERRITORY for one of no vintage, with the nearest that
   *   there are, or of none of that year; UNSUPPORTED_GEOGRAPHY for a year that is no vintage held.
   */
  resolve(siren: string, range?: VintageRange): EpciResolution
}

/** How many SIREN an error about an unknown one suggests. */
const SUGGESTIONS = 3

/** Indexes the records of the EPCI. */
export function indexEpciHistory({ vintages, grounds, changes }: EpciRecords): EpciHistory {
  const years = vintages.map(({ year }) => year)
  const states = vintages.map(({ epcis }) => new Map(epcis.map((state) => [state.siren, state])))
  const groundsOf = vintages.map((_, position) => Map.groupBy(grounds, ({ epcis }) => epcis[position] ?? null))
  const known = [...new Set(states.flatMap((ofVintage) => [...ofVintage.keys()]))].toSorted()
  const current = years.at(-1) ?? 0

  function positionOf(argument: string, year: number): number {
    const position = years.indexOf(year)
    if (position !== -1) return position
    throw new StratesError({
      code: 'UNSUPPORTED_GEOGRAPHY',
      what: 'The store knows no EPCI of this year',
      on: `${argument}: ${year}`,
      expected: `a COG vintage held: ${spans(years)}`,
      remedy: `Ask the nearest of these years, or leave ${argument} out.`,
      details: { argument, given: year, held: years },
    })
  }

  function rangeOf({ from, to }: VintageRange): readonly [number, number] {
    const range = [positionOf('from', from ?? years[0] ?? 0), positionOf('to', to ?? current)] as const
    if (range[0] <= range[1]) return range
    throw new StratesError({
      code: 'INVALID_YEAR',
      what: 'The range of years is upside down',
      on: `from: ${from}, to: ${to ?? current}`,
      expected: 'from at most as large as to',
      remedy: 'Exchange them.',
    })
  }

  const perimeterAt = (position: number): number => vintages[position]?.perimeterOf ?? current

  function resolve(text: string, { from, to }: VintageRange = {}): EpciResolution {
    const siren = parseCode('EPCI', text)
    const last = states.findLastIndex((ofVintage) => ofVintage.has(siren))
    if (last === -1) throw unknownSiren(siren, known)
    const start = from === null || from === undefined ? last : positionOf('from', from)
    const end = positionOf('to', to ?? current)
    const epci = states[start]?.get(siren)
    if (epci === undefined) throw notThen(siren, years[start] ?? 0, yearsOf(siren))
    return {
      epci,
      from: years[start] ?? current,
      to: years[end] ?? current,
      perimeterOf: perimeterAt(end),
      shares: sharesOf(groundsOf[start]?.get(siren) ?? [], end),
    }
  }

  const yearsOf = (siren: string): readonly number[] => years.filter((_, position) => states[position]?.has(siren))

  function sharesOf(ground: readonly EpciGround[], position: number): readonly EpciShare[] {
    const weights = weigh(ground)
    const weighed = ground.map(({ epcis }, index) => ({
      siren: epcis[position] ?? null,
      inhabitants: weights?.inhabitants[index] ?? 0,
    }))
    const sum = weighed.reduce((total, { inhabitants }) => total + inhabitants, 0)
    return [...Map.groupBy(weighed, ({ siren }) => siren)]
      .map(([siren, parts]) => {
        const inhabitants = parts.reduce((total, part) => total + part.inhabitants, 0)
        return {
          epci: (siren === null ? undefined : states[position]?.get(siren)) ?? null,
          share: weights === undefined ? null : inhabitants / sum,
          inhabitants: weights === undefined ? null : inhabitants,
          censusYear: weights?.year ?? null,
        }
      })
      .toSorted(
        (left, right) =>
          (right.inhabitants ?? 0) - (left.inhabitants ?? 0) ||
          ((left.epci?.siren ?? '') < (right.epci?.siren ?? '') ? -1 : 1),
      )
  }

  return {
    years,
    perimeterOf: (vintage) => perimeterAt(positionOf('vintage', vintage)),
    stateIn: (vintage, siren) => states[years.indexOf(vintage)]?.get(siren),
    vintageBefore: (vintage) => years[Math.max(0, years.indexOf(vintage) - 1)] ?? vintage,
    changes(range) {
      const [start, end] = rangeOf(range)
      return changes.filter(({ since }) => since > (years[start] ?? 0) && since <= (years[end] ?? 0))
    },
    unknownIn(range) {
      const [start, end] = rangeOf(range)
      return years.filter(
        (_, position) => position > start && position <= end && perimeterAt(position) === perimeterAt(position - 1),
      )
    },
    resolve,
  }
}

function unknownSiren(siren: string, known: readonly string[]): StratesError {
  const suggestions = known
    .map((candidate) => ({ candidate, distance: differingDigits(candidate, siren) }))
    .toSorted((left, right) => left.distance - right.distance || (left.candidate < right.candidate ? -1 : 1))
    .slice(0, SUGGESTIONS)
    .map(({ candidate }) => candidate)
  return new StratesError({
    code: 'UNKNOWN_TERRITORY',
    what: 'No EPCI of any vintage held has this SIREN',
    on: `siren ${JSON.stringify(siren)}`,
    expected: 'the SIREN of an EPCI, of today or of an earlier vintage',
    remedy: `The nearest by their digits: ${suggestions.join(', ')}. The list of EPCI is on banatic.interieur.gouv.fr.`,
    details: { tier: 'EPCI', given: siren, suggestions },
  })
}

const differingDigits = (left: string, right: string): number =>
  [...left].filter((digit, position) => digit !== right[position]).length

function notThen(siren: string, year: number, held: readonly number[]): StratesError {
  return new StratesError({
    code: 'UNKNOWN_TERRITORY',
    what: 'This EPCI did not exist then',
    on: `siren ${JSON.stringify(siren)}, from: ${year}`,
    expected: `one of the vintages that have it: ${spans(held)}`,
    remedy: 'Ask from one of these years, or leave from out.',
    details: { tier: 'EPCI', given: siren, held },
  })
}
