import { createHash } from 'node:crypto'
import { StratesError } from '../../core/observations/error.ts'
import type { FoundDescriptor } from '../descriptors.ts'
import { requestFor } from '../snapshot.ts'
import type { Source, SourceFile, SourceTarget } from '../sources/source.ts'

/** What a source answered of one dataset. */
export type Answer = {
  readonly found: FoundDescriptor
  /** By what to tell these files from others. */
} & ({ readonly files: readonly SourceFile[]; readonly seen: string } | { readonly error: unknown })

/** Options of {@link askSource}. */
export interface AskOptions {
  readonly source: Source
  readonly target: SourceTarget
  /** The files of the current version. */
  readonly held: ReadonlyMap<string, readonly SourceFile[]>
  /** Take rentrées from this year; default: the three newest. */
  readonly since?: number | undefined
}

/** Asks a source for some datasets, one after the other. What one of them fails with is its answer. */
export async function askSource(
  descriptors: readonly FoundDescriptor[],
  { source, target, held, since }: AskOptions,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (const found of descriptors) {
    const { id } = found.descriptor
    try {
      const taken = await source.fetch(requestFor(found.descriptor, { since }), target)
      const before = held.get(id) ?? []
      if (taken.length === 0 && before.length > 0) throw gone(id, source.name, before)
      const files = withOlderYears(taken, before, id)
      answers.push({ found, files, seen: sightOf(files) })
    } catch (error) {
      answers.push({ found, error })
    }
  }
  return answers
}

/** Tells files from others, by name and content, whenever they were taken. */
export function sightOf(files: readonly SourceFile[]): string {
  const hash = createHash('sha256')
  for (const { name, sha256 } of files.toSorted((left, right) => (left.name < right.name ? -1 : 1)))
    hash.update(`${name} ${sha256}\n`)
  return hash.digest('hex').slice(0, 16)
}

/** Of a dataset that comes year by year, the years held that were not asked for stay. */
function withOlderYears(
  taken: readonly SourceFile[],
  held: readonly SourceFile[],
  dataset: string,
): readonly SourceFile[] {
  const oldest = Math.min(...taken.map(({ period = Number.NEGATIVE_INFINITY }) => period))
  const older = held.filter(({ name }) => yearOf(name, dataset) < oldest)
  return [...older, ...taken].toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

/** The year in the name of a file of one year, as a portal's are called; infinite for any other. */
function yearOf(name: string, dataset: string): number {
  const [, year] = name.startsWith(`${dataset}-`) ? (/-(\d{4})\.\w+$/.exec(name) ?? []) : []
  return year === undefined ? Number.POSITIVE_INFINITY : Number(year)
}

const gone = (dataset: string, source: string, held: readonly SourceFile[]): StratesError =>
  new StratesError({
    code: 'NO_SOURCE_FILE',
    what: `The ${source} has no file of the dataset any more`,
    on: dataset,
    expected: `a file such as ${held[0]?.name ?? dataset}`,
    remedy: 'Put the file back; until then the one taken before stays.',
  })
