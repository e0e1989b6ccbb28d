import type { BoundarySource } from '../../core/store/boundaries.ts'
import { departementOfCommuneCode } from '../../core/territories/code.ts'
import { dayBefore } from '../../core/territories/day.ts'
import type { Chronicle, CommuneState } from '../../core/territories/lineage.ts'
import { stands } from '../../core/territories/pieces.ts'

/** Of when the codes of a file are, and how that is known. */
export type Dated = Pick<BoundarySource, 'vintage' | 'asOf' | 'knownBy' | 'says' | 'onlyInFile' | 'onlyInCog'>

/** A year, or a day, as a name of a file has it; not the `2000m` of a resolution. */
const YEAR_IN_NAME = /(?<!\d)((?:19|20)\d{2})(?:-?[01]\d-?[0-3]\d)?(?![\dm])/

/** The year in the name of a file; undefined where there is none. */
export const yearInName = (name: string): number | undefined => {
  const year = YEAR_IN_NAME.exec(name)?.[1]
  return year === undefined ? undefined : Number(year)
}

/**
 * Of when the communes of a file are: of the year in its name, else of the newest day on which its codes are exactly those in use
 * in the départements that it covers, else of the day with the fewest differences.
 * @param codes those of the file, municipal arrondissements under the code of their commune.
 * @param newest the newest COG vintage.
 */
export function dateCommunes(name: string, codes: ReadonlySet<string>, chronicle: Chronicle, newest: number): Dated {
  const departements = new Set([...codes].map(departementOfCommuneCode))
  const states = chronicle.communes.filter(({ code }) => departements.has(departementOfCommuneCode(code)))
  const spans = spansOf(states, codes, `${newest}-01-01`)
  const named = yearInName(name)
  const exact = spans.find(({ differences }) => differences === 0)
  if (named !== undefined && named <= newest) {
    const asOf = `${named}-01-01`
    const found = differencesOn(asOf, states, codes)
    const isExact = found.onlyInFile.length + found.onlyInCog.length === 0
    const better = !isExact && exact !== undefined ? ` They are exactly those of ${dayOf(exact, newest).asOf}.` : ''
    const says = isExact
      ? `COG ${named}, by its name; its ${codes.size} codes are those in use then.`
      : `COG ${named}, by its name; ${inWords(found)}.${better}`
    return { vintage: named, asOf, knownBy: 'NAME', says, ...found }
  }
  const later = named === undefined ? '' : ` Its name says ${named}, which is newer than the COG ${newest} held here.`
  if (exact !== undefined) {
    const day = dayOf(exact, newest)
    const until = exact.until === null ? 'on' : `until ${dayBefore(exact.until)}`
    const says = `${titleOf(day)}, by its codes: its ${codes.size} are exactly those in use from ${exact.from} ${until}.${later}`
    return { ...day, knownBy: 'CODES', says, onlyInFile: [], onlyInCog: [] }
  }
  const nearest = spans.reduce((best, span) => (span.differences < best.differences ? span : best))
  const day = dayOf(nearest, newest)
  const found = differencesOn(day.asOf, states, codes)
  const says = `No day has exactly its codes. Read as of ${titleOf(day)}, the nearest: ${inWords(found)}.${later}`
  return { ...day, knownBy: 'NEAREST', says, ...found }
}

/** Of when a file of départements or régions is: of the year in its name, else of the newest vintage, as their codes tell no more. */
export function dateTiersAbove(
  name: string,
  codes: ReadonlySet<string>,
  current: ReadonlySet<string>,
  newest: number,
): Dated {
  const named = yearInName(name)
  const vintage = named === undefined ? newest : Math.min(named, newest)
  const onlyInCog = [...current].filter((code) => !codes.has(code)).toSorted()
  const lacks = onlyInCog.length === 0 ? '' : ` It lacks ${listed(onlyInCog)}.`
  const says =
    named === undefined
      ? `Read as of the COG ${newest}: its ${codes.size} codes are in use, and its name has no year.${lacks}`
      : `COG ${vintage}, by its name; its ${codes.size} codes are still in use.${lacks}`
  const knownBy = named === undefined ? 'CODES' : 'NAME'
  return { vintage, asOf: `${vintage}-01-01`, knownBy, says, onlyInFile: [], onlyInCog }
}

/** Days between which the same number of codes differs. */
interface Span {
  readonly from: string
  /** Exclusive; null while it lasts. */
  readonly until: string | null
  readonly differences: number
}

/** The history of some départements as spans, newest first; neighbours without any difference are one. */
function spansOf(states: readonly CommuneState[], codes: ReadonlySet<string>, today: string): readonly Span[] {
  const changes = new Map<string, number>()
  const change = (day: string, by: number) => changes.set(day, (changes.get(day) ?? 0) + by)
  for (const { code, from, until } of states) {
    const by = codes.has(code) ? -1 : 1
    if (from > today) continue
    change(from, by)
    if (until !== null && until <= today) change(until, -by)
  }
  const days = [...changes.keys()].toSorted()
  let differences = codes.size
  const spans: Span[] = []
  for (const [place, from] of days.entries()) {
    differences += changes.get(from) ?? 0
    const before = spans.at(-1)
    const span = { from, until: days[place + 1] ?? null, differences }
    if (before?.differences === 0 && differences === 0) spans[spans.length - 1] = { ...span, from: before.from }
    else spans.push(span)
  }
  return spans.toReversed()
}

/** The newest 1 January of a span, else its first day. */
function dayOf({ from, until }: Span, newest: number): Pick<Dated, 'vintage' | 'asOf'> {
  const vintage = until === null ? newest : Number(dayBefore(until).slice(0, 4))
  const asOf = `${vintage}-01-01`
  return asOf >= from ? { vintage, asOf } : { vintage: null, asOf: from }
}

const titleOf = ({ vintage, asOf }: Pick<Dated, 'vintage' | 'asOf'>): string =>
  vintage === null ? asOf : `COG ${vintage}`

function differencesOn(day: string, states: readonly CommuneState[], codes: ReadonlySet<string>) {
  const inUse = new Set(states.filter((state) => stands(state, day)).map(({ code }) => code))
  return {
    onlyInFile: [...codes].filter((code) => !inUse.has(code)).toSorted(),
    onlyInCog: [...inUse].filter((code) => !codes.has(code)).toSorted(),
  }
}

function inWords({ onlyInFile, onlyInCog }: Pick<Dated, 'onlyInFile' | 'onlyInCog'>): string {
  const there = onlyInFile.length === 0 ? [] : [`${onlyInFile.length} not in use then (${listed(onlyInFile)})`]
  const here = onlyInCog.length === 0 ? [] : [`${onlyInCog.length} in use then that it lacks (${listed(onlyInCog)})`]
  return `of its codes, ${[...there, ...here].join(', and ')}`
}

const listed = (codes: readonly string[]): string =>
  codes.length > 10 ? `${codes.slice(0, 10).join(', ')} and ${codes.length - 10} more` : codes.join(', ')
