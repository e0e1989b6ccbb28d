import type { Quarantine } from '../../core/store/quarantine.ts'
import { BrokenDataset, ingest, type IngestInput } from '../ingest.ts'
import type { SourceFile } from '../sources/source.ts'

/** What an ingest that spares the whole for the sake of one dataset came to. */
export interface Spared {
  /** Absent where every dataset that was new is broken: then there is nothing to publish. */
  readonly report: Awaited<ReturnType<typeof ingest>> | undefined
  /** The datasets refused, by id. */
  readonly broken: ReadonlyMap<string, Quarantine>
}

/** Options of {@link ingestSparing}. */
export interface SparingOptions {
  /** The files that stand in for those of a broken dataset; none leaves it out. */
  readonly fallback: ReadonlyMap<string, readonly SourceFile[]>
  /** The datasets for whose sake the ingest is made; absent where it is made in any case. */
  readonly news?: ReadonlySet<string>
}

/**
 * Ingests; a dataset that breaks its contract gives way to the files of the version before, or is left out.
 * @throws BrokenDataset where the files that stand in are broken too, or what `ingest` throws.
 */
export async function ingestSparing(input: IngestInput, { fallback, news }: SparingOptions): Promise<Spared> {
  const { now = () => new Date(), tell = () => {} } = input
  const broken = new Map<string, Quarantine>()
  const files = new Map(input.files)
  const absent = new Map(input.absent)
  for (;;) {
    try {
      return { report: await ingest({ ...input, files, absent }), broken }
    } catch (error) {
      if (!(error instanceof BrokenDataset)) throw error
      const { dataset, code, message } = error
      if (broken.has(dataset)) throw error
      broken.set(dataset, { dataset, code, message, since: now().toISOString() })
      tell(`quarantined: ${message}`)
      if (news !== undefined && [...news].every((id) => broken.has(id))) return { report: undefined, broken }
      const kept = fallback.get(dataset) ?? []
      files.set(dataset, kept)
      if (kept.length === 0) absent.set(dataset, message)
    }
  }
}
