import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { OWNERS } from '../../core/observations/owner.ts'
import { CURRENT_FILE, currentVersion, VERSIONS_FOLDER } from '../../core/store/current.ts'
import { STORE_FILES, type FileRecord, type Manifest } from '../../core/store/manifest.ts'

/** How far the periods of a copy stand before those of the copy before it. */
const YEARS = 30

/** A store with more periods than it had. */
export interface Multiplied {
  readonly data: string
  /** How many cells the owners hold together. */
  readonly cells: number
}

/**
 * Writes a store whose slices stand there several times, each copy in earlier years: a history that nobody has, of cells as
 * those that there are. The manifest and its hashes are as an ingest would have written them.
 * @param files which files hold the copies too; what is left out has them in the manifest alone.
 */
export async function multiplyStore(
  from: string,
  folder: string,
  factor: number,
  files: readonly ('cells' | 'parts')[],
): Promise<Multiplied> {
  const version = (await currentVersion(from)) ?? ''
  const source = join(from, VERSIONS_FOLDER, version)
  const target = join(folder, 'version')
  await cp(source, target, { recursive: true })
  const manifest = JSON.parse(await readFile(join(source, STORE_FILES.manifest), 'utf8')) as Manifest
  const names = OWNERS.flatMap((owner) => files.map((kind) => STORE_FILES[kind](owner)))
  const cells = await inDuckDb(async (connection) => {
    for (const name of names) await multiplyFile(connection, join(source, name), join(target, name), manifest, factor)
    return await countRows(
      connection,
      OWNERS.map((owner) => join(target, STORE_FILES.cells(owner))),
    )
  })
  const data = await publish(folder, target, await multiplyManifest(manifest, target, factor))
  return { data, cells }
}

async function multiplyFile(
  connection: DuckDBConnection,
  source: string,
  target: string,
  { slices }: Manifest,
  factor: number,
): Promise<void> {
  await connection.run(
    `COPY (SELECT (slice + copy * ${slices.length})::INTEGER AS slice, * EXCLUDE (slice, copy, file_row_number)
       FROM read_parquet('${source}', file_row_number = true), (SELECT unnest(range(${factor})) AS copy)
       ORDER BY copy, file_row_number)
     TO '${target}' (FORMAT parquet, COMPRESSION zstd)`,
  )
}

async function countRows(connection: DuckDBConnection, paths: readonly string[]): Promise<number> {
  const list = paths.map((path) => `'${path}'`).join(', ')
  const reader = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM read_parquet([${list}])`)
  return Number(reader.getRows()[0]?.[0])
}

async function multiplyManifest(manifest: Manifest, folder: string, factor: number): Promise<Manifest> {
  const { dataVersion: _, ...content } = manifest
  const slices = Array.from({ length: factor }, (__, copy) =>
    manifest.slices.map((slice) => ({
      ...slice,
      slice: slice.slice + copy * manifest.slices.length,
      period: slice.period - copy * YEARS,
    })),
  ).flat()
  const files = await Promise.all(manifest.files.map(({ name }) => recordOf(folder, name)))
  const made = { ...content, slices, files }
  const dataVersion = createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 16)
  return { ...made, dataVersion }
}

async function recordOf(folder: string, name: string): Promise<FileRecord> {
  const content = await readFile(join(folder, name))
  return { name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

async function publish(folder: string, built: string, manifest: Manifest): Promise<string> {
  const versions = join(folder, VERSIONS_FOLDER)
  await mkdir(versions)
  await writeFile(join(built, STORE_FILES.manifest), JSON.stringify(manifest))
  await cp(built, join(versions, manifest.dataVersion), { recursive: true })
  await writeFile(join(folder, CURRENT_FILE), `${manifest.dataVersion}\n`)
  return folder
}

async function inDuckDb<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
