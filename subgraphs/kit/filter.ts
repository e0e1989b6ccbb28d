import { StratesError } from '../../core/observations/error.ts'
import type { ObservationStatus } from '../../core/observations/status.ts'
import type { MeasureValues } from '../../core/store/reader.ts'
import { parseCode, type Tier } from '../../core/territories/code.ts'
import { foldName } from '../../core/territories/names.ts'
import type { Territories, Territory } from '../../core/territories/territory.ts'

/** What may be asked of a list of communes; see `CommuneFilter` in the schema. */
export interface CommuneFilter {
  readonly and?: readonly CommuneFilter[] | null
  readonly or?: readonly CommuneFilter[] | null
  readonly not?: CommuneFilter | null
  readonly code?: CodeFilter | null
  readonly name?: NameFilter | null
  readonly population?: NumberFilter | null
  readonly epci?: CodeFilter | null
  readonly departement?: CodeFilter | null
  readonly value?: ValueFilter | null
}

interface CodeFilter {
  readonly eq?: string | null
  readonly in?: readonly string[] | null
  readonly startsWith?: string | null
}

interface NameFilter extends CodeFilter {
  readonly contains?: string | null
}

interface NumberFilter {
  readonly eq?: number | null
  readonly gt?: number | null
  readonly gte?: number | null
  readonly lt?: number | null
  readonly lte?: number | null
  readonly between?: readonly number[] | null
}

interface ValueFilter extends NumberFilter {
  readonly measure: string
  readonly schoolYear?: number | null
  readonly status?: readonly ObservationStatus[] | null
}

/** What a filter reads of a commune. */
export interface FilterGround {
  readonly territories: Territories
  /** The values of a measure; of the population where none is named. */
  readonly values: (measure: string | undefined, schoolYear?: number | null) => Promise<MeasureValues>
}

/** Whether a commune is wanted; undefined where that cannot be told, for want of a value. */
export type Condition = (commune: Territory) => boolean | undefined

/** What a filter may hold. */
export const FILTER_LIMITS = { conditions: 50, levels: 4, values: 5 } as const

/**
 * Makes one condition of a filter. Where a value is absent, what is asked of it is unknown, and stays so in its opposite
 * (Kleene's logic): absence is no small number.
 * @throws StratesError INVALID_FILTER for one that is too large or malformed, INVALID_CODE, and what `ground.values` throws.
 */
export async function conditionOf(filter: CommuneFilter, ground: FilterGround): Promise<Condition> {
  requireSmall(filter)
  return compile(filter, ground)
}

async function compile(filter: CommuneFilter, ground: FilterGround): Promise<Condition> {
  const { and, or, not, code, name, population, epci, departement, value } = filter
  const { territories, values } = ground
  const nested = (filters: readonly CommuneFilter[]) => Promise.all(filters.map((one) => compile(one, ground)))
  return all([
    ...(and ? await nested(and) : []),
    ...(or ? [any(await nested(or))] : []),
    ...(not ? [opposite(await compile(not, ground))] : []),
    ...(code ? [codeIs('COMMUNE', code, (commune) => commune.code)] : []),
    ...(name ? [nameIs(name)] : []),
    ...(epci ? [codeIs('EPCI', epci, (commune) => codeAt(territories, commune.epci))] : []),
    ...(departement ? [codeIs('DEPARTEMENT', departement, (commune) => codeAt(territories, commune.departement))] : []),
    ...(population ? [valueIs('population', population, await values(undefined), territories)] : []),
    ...(value ? [valueIs('value', value, await values(value.measure, value.schoolYear), territories)] : []),
  ])
}

/** One that does not hold decides; else one that is unknown. */
function all(conditions: readonly Condition[]): Condition {
  return (commune) => {
    let known: boolean | undefined = true
    for (const condition of conditions) {
      const holds = condition(commune)
      if (holds === false) return false
      if (holds === undefined) known = undefined
    }
    return known
  }
}

const any = (conditions: readonly Condition[]): Condition => opposite(all(conditions.map(opposite)))

const opposite =
  (condition: Condition): Condition =>
  (commune) => {
    const holds = condition(commune)
    return holds === undefined ? undefined : !holds
  }

/** A commune without EPCI is in none: a fact, nothing unknown. */
const codeAt = (territories: Territories, position: number): string | null =>
  position === -1 ? null : territories.at(position).code

function codeIs(
  tier: Tier,
  { eq, in: some, startsWith }: CodeFilter,
  codeOf: (commune: Territory) => string | null,
): Condition {
  const one = given(eq) ? parseCode(tier, eq) : undefined
  const listed = given(some) ? new Set<string>(some.map((code) => parseCode(tier, code))) : undefined
  const start = given(startsWith) ? startsWith.toUpperCase() : undefined
  // Nothing is asked: a commune in no EPCI is in the list too.
  if (one === undefined && listed === undefined && start === undefined) return () => true
  return (commune) => {
    const code = codeOf(commune)
    if (code === null) return false
    return (
      (one === undefined || code === one) &&
      (listed === undefined || listed.has(code)) &&
      (start === undefined || code.startsWith(start))
    )
  }
}

function nameIs({ eq, in: some, startsWith, contains }: NameFilter): Condition {
  const one = given(eq) ? foldAsked('eq', eq) : undefined
  const listed = given(some) ? new Set(some.map((label) => foldAsked('in', label))) : undefined
  const start = given(startsWith) ? foldAsked('startsWith', startsWith) + blankAt(LAST, startsWith) : ''
  const part = given(contains)
    ? blankAt(FIRST, contains) + foldAsked('contains', contains) + blankAt(LAST, contains)
    : ''
  return (commune) => {
    const name = foldedNameOf(commune)
    return (
      (one === undefined || name === one) &&
      (listed === undefined || listed.has(name)) &&
      name.startsWith(start) &&
      name.includes(part)
    )
  }
}

/** What is left of hyphens and blanks alone would be in every name. */
function foldAsked(condition: keyof NameFilter, text: string): string {
  const folded = foldName(text)
  if (folded !== '') return folded
  throw invalid(`name: { ${condition}: ${JSON.stringify(text)} }`, 'a name or a part of one, with a letter or digit')
}

const FIRST = /^[^\p{L}\p{M}\p{N}]/u
const LAST = /[^\p{L}\p{M}\p{N}]$/u

/** A blank, hyphen or apostrophe at an end is meant: "la " begins La Mézière, and not Laillé; " lès " is not in Bressolles. */
const blankAt = (end: RegExp, text: string): string => (end.test(text) ? ' ' : '')

/** The name of a commune as names are compared: without accents, capitals, hyphens and apostrophes. */
export function foldedNameOf(commune: Territory): string {
  let folded = folds.get(commune)
  if (folded === undefined) folds.set(commune, (folded = foldName(commune.name)))
  return folded
}

/** Folding every name of the country takes 50 ms. */
const folds = new WeakMap<Territory, string>()

function valueIs(
  field: 'population' | 'value',
  asked: NumberFilter & Pick<Partial<ValueFilter>, 'status'>,
  values: MeasureValues,
  { vintage }: Territories,
): Condition {
  const { eq, gt, gte, lt, lte, between, status } = asked
  if (given(between) && (between.length !== 2 || Number(between[0]) > Number(between[1])))
    throw invalid(`${field}: { between: [${between.join(', ')}] }`, 'two numbers, the smaller first')
  const [least, most] = between ?? []
  const asksNumber = [eq, gt, gte, lt, lte, between].some(given)
  return (commune) => {
    const isStatus = !given(status) || status.includes(values.statusOf(commune, vintage))
    if (!isStatus || !asksNumber) return isStatus
    const value = values.valueOf(commune, vintage)
    if (value === null) return undefined
    return (
      (!given(eq) || value === eq) &&
      (!given(gt) || value > gt) &&
      (!given(gte) || value >= gte) &&
      (!given(lt) || value < lt) &&
      (!given(lte) || value <= lte) &&
      (!given(least) || value >= least) &&
      (!given(most) || value <= most)
    )
  }
}

const given = <Value>(value: Value | null | undefined): value is Value => value !== null && value !== undefined

/** Looks level by level, so that one nested a thousand times is refused like any other. */
function requireSmall(filter: CommuneFilter): void {
  const { conditions, levels, values } = FILTER_LIMITS
  const measures = new Set<string>()
  let counted = 0
  let level: readonly CommuneFilter[] = [filter]
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > levels) throw tooLarge('levels', levels)
    for (const { and: _and, or: _or, not: _not, ...own } of level) {
      counted += Object.values(own).filter(given).length
      if (given(own.population)) measures.add('population')
      if (given(own.value)) measures.add(`${own.value.measure}@${own.value.schoolYear}`)
    }
    if (counted > conditions) throw tooLarge('conditions', conditions)
    if (measures.size > values) throw tooLarge('measures and years', values)
    level = level.flatMap(({ and, or, not }) => [...(and ?? []), ...(or ?? []), ...(not ? [not] : [])])
    counted += level.length
  }
}

const tooLarge = (what: string, limit: number): StratesError =>
  invalid(`more than ${limit} ${what}`, `at most ${limit} ${what}`)

const invalid = (on: string, expected: string): StratesError =>
  new StratesError({
    code: 'INVALID_FILTER',
    what: 'The list cannot be filtered by this',
    on: `where: ${on}`,
    expected,
    remedy: 'Change the filter; `in` takes many codes as one condition.',
    details: { argument: 'where', limits: FILTER_LIMITS },
  })
