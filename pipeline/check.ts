import { StratesError } from '../core/observations/error.ts'
import type { Territories } from '../core/territories/territory.ts'
import type { ConsolidatedSlice, LocatedDataset } from './consolidate.ts'

/** A check that passed or not, in words. */
export interface Check {
  readonly name: string
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
      on,
      passed: withoutCommune <= Math.max(2, rows.length * TOLERANCE.withoutCommune),
      says: `${rows.length - withoutCommune} of ${rows.length}`,
    },
    {
      name: 'rows located in a département',
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
    if (cell === undefined || cell.value === null || slice.descriptor.contributors === 'COMMUNES') return false
    const communes = territories
      .communesOf(departement)
      .reduce((total, { index }) => total + (valueOf.get(index)?.value ?? 0), 0)
    return communes + cell.notLocatedValue !== cell.value
  })
  const closes = sum === nation && open.length === 0
  return {
    name: 'the tiers add up',
    on,
    passed: closes,
    says: closes
      ? `départements and nation: ${nation}`
      : `départements ${sum}, nation ${nation}; open: ${open.map(({ code }) => code).join(', ') || 'none'}`,
  }
}

/**
 * Stops on the first failed checks.
 * @throws StratesError CHECK_FAILED, naming each.
 */
export function requirePassed(checks: readonly Check[]): void {
  const failed = checks.filter(({ passed }) => !passed)
  if (failed.length === 0) return
  throw new StratesError({
    code: 'CHECK_FAILED',
    what: `${failed.length} of ${checks.length} checks failed: ${failed.map(({ name, says }) => `${name} (${says})`).join('; ')}`,
    on: [...new Set(failed.map(({ on }) => on))].join(', '),
    expected: 'every check to pass before a version is published',
    remedy:
      'The version that was serving still serves. Look at the report, mend the file or the descriptor, and ingest again.',
  })
}
