import { StratesError } from '../core/observations/error.ts'
import type { SliceRecord } from '../core/store/manifest.ts'
import type { Territories } from '../core/territories/territory.ts'
import type { ConsolidatedSlice, LocatedDataset } from './consolidate.ts'

/** A check that passed or not, in words. */
export interface Check {
  readonly name: string
  /** The dataset that fails with it. */
  readonly dataset: string
  readonly on: string
  readonly passed: boolean
  readonly says: string
}

/** A dataset may leave one row in fifty without a commune, and one in a thousand without even a département. */
const TOLERANCE = { withoutCommune: 0.02, withoutDepartement: 0.001 } as const

/** Checks the rows of a dataset after locating. */
export function checkRows({ descriptor, rows }: LocatedDataset): readonly Check[] {
  const on = descriptor.id
  const count = (method: string) => rows.filter(({ location }) => location.method === method).length
  const withoutCommune = count('DEPARTEMENT') + count('NONE')
  const withoutDepartement = count('NONE')
  return [
    {
      name: 'rows located in a commune',
      dataset: on,
      on,
      passed: withoutCommune <= Math.max(2, rows.length * TOLERANCE.withoutCommune),
      says: `${rows.length - withoutCommune} of ${rows.length}`,
    },
    {
      name: 'rows located in a département',
      dataset: on,
      on,
      passed: withoutDepartement <= rows.length * TOLERANCE.withoutDepartement,
      says: `${rows.length - withoutDepartement} of ${rows.length}`,
    },
  ]
}

/** Checks that a slice closes: the départements add up to the nation, and each one's communes, with the strays, to it. */
export function checkSlice(slice: ConsolidatedSlice, territories: Territories): Check {
  const on = `${slice.claim.measure} ${slice.period} (${slice.descriptor.id})`
  const valueOf = new Map(slice.cells.map((cell) => [cell.territory, cell]))
  const departements = territories.ofTier('DEPARTEMENT')
  const sum = departements.reduce((total, { index }) => total + (valueOf.get(index)?.value ?? 0), 0)
  const nation = valueOf.get(territories.nation.index)?.value ?? 0
  const open = departements.filter((departement) => {
    const cell = valueOf.get(departement.index)
    if (cell === undefined || cell.value === null) return false
    const communes = territories
      .communesOf(departement)
      .reduce((total, { index }) => total + (valueOf.get(index)?.value ?? 0), 0)
    return communes + cell.notLocatedValue !== cell.value
  })
  const closes = sum === nation && open.length === 0
  return {
    name: 'the tiers add up',
    dataset: slice.descriptor.id,
    on,
    passed: closes,
    says: closes
      ? `départements and nation: ${nation}`
      : `départements ${sum}, nation ${nation}; open: ${open.map(({ code }) => code).join(', ') || 'none'}`,
  }
}

/** Against the version before, over the same places: eight contributors in ten at least, and no total out of all measure. */
const PLAUSIBLE = { contributorsLost: 0.2, timesLarger: 5, betweenYears: 3 } as const

/**
 * Holds a slice against the same one of the version before, and against the other years of its own file, wherever both
 * cover the same départements: rows that went missing and totals ten times too large do not happen in a year.
 */
export function checkPlausible(
  slice: ConsolidatedSlice,
  all: readonly ConsolidatedSlice[],
  previous: readonly SliceRecord[],
  territories: Territories,
): readonly Check[] {
  const { claim, descriptor, period, covered } = slice
  const on = `${claim.measure} ${period} (${descriptor.id})`
  const { reported, total } = wholeOf(slice, territories)
  const checks: Check[] = []
  const before = previous.find(
    (record) =>
      record.measure === claim.measure &&
      record.dataset === descriptor.id &&
      record.period === period &&
      sameCodes(record.covered, covered),
  )
  if (before !== undefined) {
    checks.push({
      name: 'as many contributors as before',
      dataset: descriptor.id,
      on,
      passed: reported >= before.reported * (1 - PLAUSIBLE.contributorsLost),
      says: `${reported}, ${before.reported} in the version before`,
    })
    checks.push({
      name: 'a total like the one before',
      dataset: descriptor.id,
      on,
      passed: isWithin(total, before.total, PLAUSIBLE.timesLarger),
      says: `${total ?? 'none'}, ${before.total ?? 'none'} in the version before`,
    })
  }
  const neighbour = all.find(
    (other) =>
      other.claim === claim &&
      other.descriptor === descriptor &&
      other.period === period - 1 &&
      sameCodes(other.covered, covered),
  )
  if (neighbour !== undefined) {
    const earlier = wholeOf(neighbour, territories).total
    checks.push({
      name: 'a total like that of the year before',
      dataset: descriptor.id,
      on,
      passed: isWithin(total, earlier, PLAUSIBLE.betweenYears),
      says: `${total ?? 'none'}, ${earlier ?? 'none'} in ${period - 1}`,
    })
  }
  return checks
}

/** What the files at hand hold in all: contributors counted, and the total. */
export function wholeOf(
  { cells }: Pick<ConsolidatedSlice, 'cells'>,
  territories: Territories,
): { readonly reported: number; readonly total: number | null } {
  const nation = cells.find(({ territory }) => territory === territories.nation.index)
  return { reported: nation?.reported ?? 0, total: nation?.value ?? null }
}

const isWithin = (value: number | null, reference: number | null, times: number): boolean =>
  value === null || reference === null || reference === 0
    ? value === reference || reference === null
    : value < reference * times && value > reference / times

const sameCodes = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((code, position) => code === right[position])

/**
 * Stops on the first failed checks.
 * @throws StratesError CHECK_FAILED, naming each.
 */
export function requirePassed(checks: readonly Check[]): void {
  const failed = checks.filter(({ passed }) => !passed)
  if (failed.length === 0) return
  throw new StratesError({
    code: 'CHECK_FAILED',
    what: `${failed.length} of ${checks.length} checks failed: ${failed.map(({ name, on, says }) => `${name}, ${on}: ${says}`).join('; ')}`,
    on: [...new Set(failed.map(({ dataset }) => dataset))].join(', '),
    expected: 'every check to pass before a version is published',
    remedy:
      'The version that was serving still serves. Look at the report, mend the file or the descriptor, and ingest again.',
  })
}
