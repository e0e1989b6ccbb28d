/** What `npm run ingest -- --from DIR` does, for tests: fetch from a folder, ingest, open the store. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Observation } from '../../core/observations/observation.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore, type Store } from '../../core/store/open.ts'
import { findDescriptors, type FoundDescriptor } from '../../pipeline/descriptors.ts'
import { ingest } from '../../pipeline/ingest.ts'
import type { Report } from '../../pipeline/report.ts'
import { createCogSource, type EmbeddedCog } from '../../pipeline/sources/cog.ts'
import { createFolderSource } from '../../pipeline/sources/folder.ts'
import { silent } from '../../pipeline/sources/progress.ts'
import type { SourceFile } from '../../pipeline/sources/source.ts'
import { embeddedCog } from '../core/territories/embedded.ts'

/** A store made from a folder, with the report of its ingest. */
export interface Ingested {
  readonly data: string
  readonly report: Report & { readonly dataVersion: string }
  readonly store: Store
  /** The value of a measure, by the identifier of the territory within a geography; default: the newest. */
  observe(measure: string, period: number, id: string, geography?: number): Observation
  /** Seconds since the start at which each step was told. */
  readonly steps: readonly { readonly step: string; readonly at: number }[]
  /** Seconds from the first byte to the published version. */
  readonly seconds: number
  remove(): Promise<void>
}

/** The moment at which every file of a test was retrieved. */
const retrieved = () => new Date('2026-01-02T03:04:05Z')

interface IngestOptions {
  /** The store to publish into; by default one of its own, removed when the ingest fails. */
  readonly data?: string
  readonly cog?: EmbeddedCog
  readonly only?: (found: FoundDescriptor) => boolean
}

/** Ingests a folder into a store, and opens it. */
export async function ingestFolder(folder: string, options: IngestOptions = {}): Promise<Ingested> {
  if (options.data !== undefined) return ingestInto(options.data, folder, options)
  const data = await mkdtemp(join(tmpdir(), 'strates-store-'))
  return ingestInto(data, folder, options).catch(async (error: unknown) => {
    await rm(data, { recursive: true, force: true })
    throw error
  })
}

async function ingestInto(data: string, folder: string, options: IngestOptions): Promise<Ingested> {
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1000
  const { cog = embeddedCog(), only = () => true } = options
  const descriptors = (await findDescriptors()).filter(only)
  const files = await fetchAll(folder, data, cog, descriptors)
  const steps: { step: string; at: number }[] = []
  const tell = (step: string) => steps.push({ step, at: elapsed() })
  const report = await ingest({
    data,
    cog,
    descriptors,
    files,
    absent: new Map(),
    simulated: false,
    now: retrieved,
    feeds: false,
    tell,
  })
  const seconds = elapsed()
  const store = await openStore(data, OWNERS)
  function observe(measure: string, period: number, id: string, geography = store.manifest.geography): Observation {
    const owner = store.manifest.measures.find((record) => record.id === measure)?.owner
    const territory = store.atlas.of(geography)?.byId(id)
    if (owner === undefined || territory === undefined) throw new RangeError(`nothing to observe: ${measure} of ${id}`)
    return store.reader(owner).observe(measure, period, territory, geography)
  }
  return { data, report, store, observe, steps, seconds, remove: () => rm(data, { recursive: true, force: true }) }
}

async function fetchAll(
  folder: string,
  data: string,
  cog: EmbeddedCog,
  descriptors: readonly FoundDescriptor[],
): Promise<ReadonlyMap<string, readonly SourceFile[]>> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const files = new Map<string, readonly SourceFile[]>()
  try {
    for (const { descriptor } of descriptors) {
      const isEmbedded = descriptor.source.kind === 'cog'
      const source = isEmbedded ? createCogSource(connection, cog.vintages) : createFolderSource(folder, retrieved)
      const request = { datasetId: descriptor.id, fileNames: descriptor.fileNames }
      files.set(descriptor.id, await source.fetch(request, { folder: join(data, 'sources'), progress: silent }))
    }
    return files
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
