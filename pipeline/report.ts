import type { LocateMethod } from '../core/observations/school.ts'
import type { ReconciliationRecord } from '../core/store/manifest.ts'
import type { BoundaryList, BoundaryRecord } from '../core/store/boundaries.ts'
import type { Boundaries } from './boundaries/build.ts'
import type { Check } from './check.ts'
import type { MovementCheck } from './crossCheck.ts'

/** What an ingest tells at its end: rows in, joined by which method, refused and why, totals, checks. */
export interface Report {
  readonly dataVersion?: string
  readonly simulated: boolean
  readonly datasets: readonly DatasetReport[]
  /** Datasets without any file, and why. */
  readonly absent: readonly { readonly dataset: string; readonly why: string }[]
  readonly totals: readonly {
    readonly measure: string
    readonly dataset: string
    readonly period: number
    readonly nation: number | null
    readonly status: string
  }[]
  /** Computed totals held against published ones, and sources against each other. */
  readonly reconciliations: readonly ReconciliationRecord[]
  readonly checks: readonly Check[]
  /** Our movements of communes held against INSEE's files of them; none where nobody gave one. */
  readonly movements: readonly MovementCheck[]
  /** The boundaries drawn, and from what; absent where nobody gave any. */
  readonly boundaries?: BoundaryReport | undefined
  readonly warnings: readonly string[]
}

/** What happened to files of boundaries. */
export interface BoundaryReport {
  readonly sources: BoundaryList['sources']
  readonly refused: BoundaryList['refused']
  readonly files: readonly Pick<BoundaryRecord, 'name' | 'count'>[]
  readonly withoutBoundary: BoundaryList['withoutBoundary']
}

/** What the report tells of boundaries. */
export const reportBoundaries = ({
  list: { sources, refused, withoutBoundary },
  files,
}: Boundaries): BoundaryReport => ({
  sources,
  refused,
  files: files.map(({ name, count }) => ({ name, count })),
  withoutBoundary,
})

/** What happened to the rows of one dataset. */
export interface DatasetReport {
  readonly dataset: string
  readonly files: readonly {
    readonly name: string
    readonly sha256: string
    readonly rows: number
    readonly encoding: string
  }[]
  readonly rows: number
  readonly repeated: number
  readonly located: Readonly<Partial<Record<LocateMethod, number>>>
  /** Commune codes that no vintage knows, with how often each was met. */
  readonly unknownCodes: Readonly<Record<string, number>>
  readonly unknownDepartements: Readonly<Record<string, number>>
  /** Rows whose label denied the directory; the label won. */
  readonly conflicts: readonly string[]
  /** Rows that found no département, hence no place in any total. */
  readonly refused: readonly string[]
}

/** The report as lines for a person. */
export function renderReport(report: Report): readonly string[] {
  const lines: string[] = []
  for (const dataset of report.datasets) {
    const methods = Object.entries(dataset.located).map(
      ([method, count]) => `${count} ${METHOD_WORDS[method as LocateMethod]}`,
    )
    lines.push(`${dataset.dataset}: ${dataset.rows} rows (${methods.join(', ')})`)
    for (const { name, rows, encoding } of dataset.files) lines.push(`  file ${name}: ${rows} rows, ${encoding}`)
    if (dataset.repeated > 0) lines.push(`  ${dataset.repeated} repeated rows left out, the first of each kept`)
    for (const [code, count] of Object.entries(dataset.unknownCodes))
      lines.push(`  unknown commune code ${code}, on ${count} ${count === 1 ? 'row' : 'rows'}`)
    for (const [label, count] of Object.entries(dataset.unknownDepartements))
      lines.push(`  unknown département "${label}", on ${count} rows`)
    for (const conflict of dataset.conflicts.slice(0, 10)) lines.push(`  the label wins: ${conflict}`)
    if (dataset.conflicts.length > 10)
      lines.push(`  … and ${dataset.conflicts.length - 10} more conflicts, all in report.json`)
    for (const refused of dataset.refused.slice(0, 10)) lines.push(`  refused, no département: ${refused}`)
    if (dataset.refused.length > 10)
      lines.push(`  … and ${dataset.refused.length - 10} more refused rows, all in report.json`)
  }
  for (const { dataset, why } of report.absent) lines.push(`${dataset}: absent, ${why}`)
  for (const { measure, period, nation, status, dataset } of report.totals) {
    lines.push(`nation:FR ${measure} ${period}: ${nation ?? 'no value'} ${status} (${dataset})`)
  }
  lines.push(...renderReconciliations(report.reconciliations))
  lines.push(...report.movements.flatMap(renderMovements))
  if (report.boundaries !== undefined) lines.push(...renderBoundaries(report.boundaries))
  const failed = report.checks.filter(({ passed }) => !passed)
  lines.push(`checks: ${report.checks.length - failed.length} passed, ${failed.length} failed`)
  for (const { name, on, says } of failed) lines.push(`  FAILED ${name} on ${on}: ${says}`)
  for (const warning of report.warnings) lines.push(`warning: ${warning}`)
  return lines
}

const METHOD_WORDS: Readonly<Record<LocateMethod, string>> = {
  CODE: 'by commune code',
  UAI: 'by UAI',
  LABEL: 'by label',
  LABEL_AGAINST_UAI: 'by label against the directory',
  SPLIT: 'in communes split since',
  DEPARTEMENT: 'only in a département',
  NONE: 'nowhere',
}

/** How many movements agree, and the first of those that only one side has. */
function renderMovements(check: MovementCheck): readonly string[] {
  const { file, compared, agreed, joined, halfTold, parts, onlyThere, onlyHere } = check
  const ofParts = Object.values(parts).reduce((sum, count) => sum + count, 0)
  const asides = [
    `${joined} told there in two steps on one day`,
    `${halfTold} of ours told there by half`,
    `${ofParts} rows on parts of communes not compared`,
  ]
  return [
    `movements of communes held against ${file}: ${agreed} of ${compared} agree; ${asides.join(', ')}`,
    ...onlyThere.slice(0, 10).map((movement) => `  only there: ${movement}`),
    ...(onlyThere.length > 10 ? [`  … and ${onlyThere.length - 10} more only there, all in report.json`] : []),
    ...onlyHere.slice(0, 10).map((movement) => `  only here: ${movement}`),
    ...(onlyHere.length > 10 ? [`  … and ${onlyHere.length - 10} more only here, all in report.json`] : []),
  ]
}

/** What was drawn, from which file as of when, what was refused and who has no shape. */
function renderBoundaries({ sources, refused, files, withoutBoundary }: BoundaryReport): readonly string[] {
  const drawn = files.map(({ name, count }) => `${count} in ${name}`)
  return [
    `boundaries: ${drawn.length === 0 ? 'none' : drawn.join(', ')}`,
    ...sources.flatMap(({ name, shapes, used, says, notes }) => [
      `  file ${name}: ${used} of ${shapes} shapes drawn; ${says}`,
      ...notes.map((note) => `    ${note}`),
    ]),
    ...refused.map(({ name, code, message }) => `  refused, nothing of it drawn: ${name}: ${code}: ${message}`),
    ...withoutBoundary.slice(0, 10).map(({ id, name, detail }) => `  no boundary: ${name} (${id}): ${detail}`),
    ...(withoutBoundary.length > 10 ? [`  … and ${withoutBoundary.length - 10} more without, all in report.json`] : []),
  ]
}

/** How many agree, and each that does not, with its reason. */
function renderReconciliations(reconciliations: readonly ReconciliationRecord[]): readonly string[] {
  if (reconciliations.length === 0) return []
  const byVerdict = Map.groupBy(reconciliations, ({ verdict }) => verdict)
  const counts = [...byVerdict].map(([verdict, same]) => `${same.length} ${verdict}`).join(', ')
  const lines = [`held against published totals and other sources: ${counts}`]
  for (const {
    verdict,
    measure,
    period,
    scope,
    key,
    computed,
    published,
    gap,
    gapRatio,
    source,
    explanation,
  } of reconciliations) {
    if (verdict !== 'EXPLAINED' && verdict !== 'DISAGREES') continue
    const part = Object.values(key).join(' ')
    const percent = `${((gapRatio ?? 0) * 100).toFixed(2)} %`
    lines.push(
      `  ${verdict} ${scope} ${measure} ${part} ${period}: ${computed} against ${published} (${source}), ${gap}, ${percent}: ${explanation}`,
    )
  }
  return lines
}
