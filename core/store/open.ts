import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection, type DuckDBVector } from '@duckdb/node-api'
import { z } from 'zod'
import { StratesError } from '../observations/error.ts'
import { FEED_LAYOUT } from '../observations/feed.ts'
import type { DatasetHistory, DataVersion } from '../observations/history.ts'
import type { OwnerName } from '../observations/owner.ts'
import { openAtlas, type Atlas } from '../territories/atlas.ts'
import type { Tier, TerritoryId } from '../territories/code.ts'
import { indexEpciHistory, type EpciHistory } from '../territories/epciLookup.ts'
import type { TerritoryKind } from '../territories/groupings.ts'
import type { Alias } from '../territories/territory.ts'
import type { PlaceCodes } from '../territories/placeCodes.ts'
import type { PlaceWords, TimelineColumns } from '../territories/stayIndex.ts'
import { createTimeline, type Timeline } from '../territories/timeline.ts'
import { readBoundaryList, type BoundaryList } from './boundaries.ts'
import { Contributors, type MissingColumns, type SchoolValueColumns } from './contributors.ts'
import { corrupt, currentVersion, VERSIONS_FOLDER } from './current.ts'
import { Cube, type CellColumns, type PartColumns, type RareFacts } from './cube.ts'
import { epciRecordsFrom } from './epcis.ts'
import { STORE_FILES, STORE_FORMAT, type Manifest } from './manifest.ts'
import { createMeasureIndex } from './measureIndex.ts'
import { createReader } from './observe.ts'
import { readFeedList, type FeedList } from './feeds.ts'
import { readQuarantine, type Quarantine } from './quarantine.ts'
import type { StoreReader } from './reader.ts'
import { contentFor, servesFiles, summedBy } from './tierFiles.ts'
import { Schools, type SchoolColumns } from './schools.ts'

/** A version of the store held in memory. */
export interface Store {
  readonly manifest: Manifest
  /**
   * The data version, a dot, and eight hexadecimal digits over the times of retrieval and the history, which stand beside
   * the content: what the same edition answers is the same to the byte.
   */
  readonly edition: string
  /** Where the files of the version are. */
  readonly folder: string
  /** The tables written as files; none where one owner alone is held. */
  readonly feeds: FeedList
  /** The boundaries to draw maps with; undefined where none were given, or one owner alone is held. */
  readonly boundaries: BoundaryList | undefined
  /** The versions of the data that this store remembers, oldest first; the last is this one. */
  readonly versions: readonly DataVersion[]
  readonly atlas: Atlas
  readonly timeline: Timeline
  /** The reader of one owner; only those asked for when opening have one. */
  reader(owner: OwnerName): StoreReader
}

/** The manifest of the current version; undefined where there is none or it cannot be read. */
export async function currentManifest(data: string): Promise<Manifest | undefined> {
  try {
    const version = await currentVersion(data)
    return version === undefined ? undefined : await readManifest(join(data, VERSIONS_FOLDER, version), version)
  } catch (error) {
    if (error instanceof StratesError) return undefined
    throw error
  }
}

/**
 * Opens the current version of the store.
 * @throws StratesError STORE_MISSING when nothing was published, STORE_CORRUPT when a file is not as the manifest says.
 */
export async function openStore(data: string, owners: readonly OwnerName[]): Promise<Store> {
  const version = await currentVersion(data)
  if (version === undefined) throw missing(data)
  return openVersion(data, version, owners)
}

function missing(data: string): StratesError {
  return new StratesError({
    code: 'STORE_MISSING',
    what: 'There is no store yet',
    on: `folder ${data}`,
    expected: 'a version published by an ingest',
    remedy: 'Run npm start, or npm run ingest, first; STRATES_DATA says where the store is.',
  })
}

/**
 * Opens one version of the store: checks the files that these owners need against the manifest (`tierFiles.ts`), then loads territories and the cells of the owners
 * asked for.
 * @throws StratesError STORE_CORRUPT when a file is not as the manifest says.
 */
export async function openVersion(data: string, version: string, owners: readonly OwnerName[]): Promise<Store> {
  const folder = join(data, VERSIONS_FOLDER, version)
  const content = await openContent(folder, version, owners, () => readQuarantine(data))
  const versions = await readJson<readonly DataVersion[]>(join(folder, STORE_FILES.versions), VERSIONS)
  if (!servesFiles(owners))
    return { ...content, feeds: { ...NO_FEEDS, dataVersion: version }, boundaries: undefined, versions }
  const boundaries = await readBoundaryList(folder, content.manifest)
  return { ...content, feeds: await readFeedList(folder), boundaries, versions }
}

const NO_FEEDS: Omit<FeedList, 'dataVersion'> = { layout: FEED_LAYOUT, feeds: [] }

/**
 * Opens the content of a version, as {@link openVersion} does: what its feeds are written from.
 * @throws StratesError STORE_CORRUPT when a file is not as the manifest says.
 */
export async function openContent(
  folder: string,
  version: string,
  owners: readonly OwnerName[],
  quarantine: () => Promise<readonly Quarantine[]>,
): Promise<Omit<Store, 'feeds' | 'boundaries' | 'versions'>> {
  const manifest = await readManifest(folder, version)
  await checkFiles(folder, manifest, contentFor(owners, manifest))
  // These two stand beside the content, whose hashes say nothing of them.
  const retrieved = await readJson<Record<string, string>>(join(folder, STORE_FILES.retrieved), RETRIEVED)
  const history = await readJson<DatasetHistory>(join(folder, STORE_FILES.history), HISTORY)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const atlas = await loadAtlas(connection, folder, manifest)
    const epciHistory = await loadEpciHistory(connection, folder)
    const timeline = createTimeline(await loadTimeline(connection, folder), manifest.geography)
    const placeCodes = whenAsked<PlaceCodes>(await readFile(join(folder, STORE_FILES.placeCodes), 'utf8'))
    const columns = await loadSchools(connection, join(folder, STORE_FILES.schools))
    const schools = new Schools(columns, manifest.schoolSources, atlas)
    const readers = new Map<OwnerName, StoreReader>()
    const beside = new Map<OwnerName, StoreReader>()
    const loadOther = cellsOnly(folder, manifest, (owner, cube, notes) =>
      createReader({ ...shared, owner, cube, contributors: NO_CONTRIBUTORS, notes }),
    )
    const shared = {
      manifest,
      atlas,
      epciHistory,
      timeline,
      placeCodes,
      schools,
      retrieved,
      history,
      quarantine,
      readerOf: (owner: OwnerName) => readers.get(owner) ?? beside.get(owner) ?? notLoaded(owner),
      index: createMeasureIndex({
        atlas,
        measures: manifest.measures,
        slices: manifest.slices,
        readerOf: (owner) => readers.get(owner) ?? loadOther(owner),
      }),
    }
    for (const owner of owners) {
      const cells = await loadCells(connection, join(folder, STORE_FILES.cells(owner)))
      const cube = new Cube(cells, await loadParts(connection, join(folder, STORE_FILES.parts(owner))))
      const notes = await readJson<string[][]>(join(folder, STORE_FILES.notes(owner)))
      const contributors = new Contributors(
        await loadSchoolValues(connection, join(folder, STORE_FILES.schoolValues(owner))),
        await loadMissing(connection, join(folder, STORE_FILES.missing(owner))),
      )
      readers.set(owner, createReader({ ...shared, owner, cube, contributors, notes }))
    }
    for (const owner of summedBy(owners, manifest)) beside.set(owner, await loadOther(owner))
    const edition = `${version}.${shortHash(JSON.stringify([retrieved, history]))}`
    return { manifest, edition, folder, atlas, timeline, reader: (owner) => readers.get(owner) ?? notLoaded(owner) }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** What an index over the values of other owners does without. */
const NO_CONTRIBUTORS = new Contributors(
  {
    school: new Int32Array(),
    slice: new Int32Array(),
    value: new Float64Array(),
    state: new Uint8Array(),
    commune: new Int32Array(),
  },
  {
    slice: new Int32Array(),
    piece: new Int32Array(),
    departement: new Int32Array(),
    school: new Int32Array(),
    together: new Int32Array(),
    state: new Uint8Array(),
    kind: new Uint8Array(),
    code: [],
    name: [],
  },
)

/**
 * Reads the published cells of owners that the store was opened without, each the first time that it is asked for: their values
 * only, without breakdowns and without schools.
 */
function cellsOnly(
  folder: string,
  manifest: Manifest,
  readerOver: (owner: OwnerName, cube: Cube, notes: string[][]) => StoreReader,
): (owner: OwnerName) => Promise<StoreReader> {
  const opened = new Map<OwnerName, Promise<StoreReader>>()
  return (owner) => {
    const found = opened.get(owner) ?? load(owner)
    opened.set(owner, found)
    // What could not be read is tried again by the next question.
    found.catch(() => opened.delete(owner))
    return found
  }

  async function load(owner: OwnerName): Promise<StoreReader> {
    await checkFiles(folder, manifest, new Set([STORE_FILES.cells(owner), STORE_FILES.notes(owner)]))
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    try {
      const cube = new Cube(await loadCells(connection, join(folder, STORE_FILES.cells(owner))))
      return readerOver(owner, cube, await readJson<string[][]>(join(folder, STORE_FILES.notes(owner))))
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  }
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)

async function readManifest(folder: string, version: string): Promise<Manifest> {
  const path = join(folder, STORE_FILES.manifest)
  const manifest = await readJson<Manifest>(path)
  if (manifest.format !== STORE_FORMAT) {
    throw corrupt(path, `The store has the layout ${String(manifest.format)}`, `the layout ${STORE_FORMAT}`)
  }
  const { dataVersion, ...content } = manifest
  const found = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
  if (found === version && dataVersion === version) return manifest
  throw corrupt(path, 'The manifest is damaged', `content whose hash is ${version}, found ${found}`)
}

/** By dataset: when it was taken; its versions, oldest first. */
const RETRIEVED = z.record(z.string(), z.iso.datetime())
const HISTORY = z.record(z.string(), z.array(z.object({}).loose()))
const VERSIONS = z.array(z.object({ dataVersion: z.string() }).loose()).min(1)

async function readJson<Content>(path: string, shape: z.ZodType = z.any()): Promise<Content> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw corrupt(path, 'A file of the store cannot be read', 'a file of the current version', cause)
  })
  try {
    return shape.parse(JSON.parse(text)) as Content
  } catch (cause) {
    throw corrupt(path, 'A file of the store is damaged', 'the JSON that an ingest writes', cause)
  }
}

/** JSON that few questions need: its hash was checked, and it is parsed with the first of them. */
function whenAsked<Content>(text: string): () => Content {
  let unread: string | undefined = text
  let content: Content | undefined
  return () => {
    content ??= JSON.parse(unread ?? '') as Content
    unread = undefined
    return content
  }
}

async function checkFiles(folder: string, manifest: Manifest, needed: ReadonlySet<string>): Promise<void> {
  for (const { name, bytes, sha256 } of manifest.files.filter((file) => needed.has(file.name))) {
    const path = join(folder, name)
    const content = await readFile(path).catch((cause: unknown) => {
      throw corrupt(path, 'A file of the store is missing', 'the file that the manifest lists', cause)
    })
    const found = createHash('sha256').update(content).digest('hex')
    if (found !== sha256) {
      throw corrupt(
        path,
        'A file of the store is damaged',
        `${bytes} bytes with sha256 ${sha256}, found ${content.length} bytes with ${found}`,
      )
    }
  }
}

async function loadAtlas(connection: DuckDBConnection, folder: string, { vintages }: Manifest): Promise<Atlas> {
  const territories = (await rowsOf(connection, join(folder, STORE_FILES.territories))).map((row) => ({
    index: Number(row['index']),
    id: row['id'] as TerritoryId,
    tier: row['tier'] as Tier,
    code: row['code'] as string,
    name: row['name'] as string,
    kind: row['kind'] as TerritoryKind,
    epci: Number(row['epci']),
    departement: Number(row['departement']),
    region: Number(row['region']),
    first: Number(row['first']),
    last: Number(row['last']),
  }))
  const grounds = (await rowsOf(connection, join(folder, STORE_FILES.grounds))).map((row) => ({
    piece: Number(row['piece']),
    commune: Number(row['commune']),
    first: Number(row['first']),
    last: Number(row['last']),
  }))
  const aliases = (await rowsOf(connection, join(folder, STORE_FILES.aliases))).map((row) => ({
    tier: row['tier'] as Tier,
    code: row['code'] as string,
    name: row['name'] as string,
    kind: row['kind'] as Alias['kind'],
    leadsTo: row['leads_to'] as string,
    first: Number(row['first']),
    last: Number(row['last']),
  }))
  return openAtlas({ vintages, territories, grounds, aliases })
}

async function loadEpciHistory(connection: DuckDBConnection, folder: string): Promise<EpciHistory> {
  const vintages = await rowsOf(connection, join(folder, STORE_FILES.epciVintages))
  const grounds = await rowsOf(connection, join(folder, STORE_FILES.epciGrounds))
  const changes = await rowsOf(connection, join(folder, STORE_FILES.epciChanges))
  return indexEpciHistory(epciRecordsFrom({ vintages, grounds, changes }))
}

async function loadTimeline(connection: DuckDBConnection, folder: string): Promise<TimelineColumns> {
  const named = { code: Int32Array, name: Int32Array, from: Int32Array, until: Int32Array }
  return {
    ...(await readJson<PlaceWords>(join(folder, STORE_FILES.placeWords))),
    stays: await loadColumns(connection, join(folder, STORE_FILES.stays), {
      lineage: Int32Array,
      piece: Int32Array,
      standing: Uint8Array,
      commune: Int32Array,
      ...named,
    }),
    communes: await loadColumns(connection, join(folder, STORE_FILES.communes), named),
    populations: await loadColumns(connection, join(folder, STORE_FILES.pieces), {
      piece: Int32Array,
      year: Int32Array,
      inhabitants: Int32Array,
    }),
  }
}

async function rowsOf(connection: DuckDBConnection, path: string): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll('SELECT * FROM read_parquet($path)', { path })
  return reader.getRowObjects() as Record<string, unknown>[]
}

async function loadCells(connection: DuckDBConnection, path: string): Promise<CellColumns> {
  const rare = await rareFactsOf(connection, path)
  const columns = await loadColumns(connection, path, {
    slice: Int32Array,
    territory: Int32Array,
    value: Float64Array,
    status: Uint8Array,
    expected: Int32Array,
    reported: Int32Array,
    share: Float32Array,
    notes: Uint16Array,
  })
  return { ...columns, rare }
}

const loadParts = (connection: DuckDBConnection, path: string): Promise<PartColumns> =>
  loadColumns(connection, path, {
    slice: Int32Array,
    territory: Int32Array,
    part: Uint16Array,
    value: Float64Array,
  })

async function loadSchools(connection: DuckDBConnection, path: string): Promise<SchoolColumns> {
  const numbers = await loadColumns(connection, path, {
    kind: Uint8Array,
    sector: Uint8Array,
    contract: Uint8Array,
    commune: Int32Array,
    place: Int32Array,
    departement: Int32Array,
    located: Uint8Array,
    latitude: Float64Array,
    longitude: Float64Array,
    opened: Int32Array,
    source: Uint16Array,
  })
  return { ...numbers, ...(await loadTexts(connection, path, ['uai', 'name'])) }
}

const loadSchoolValues = (connection: DuckDBConnection, path: string): Promise<SchoolValueColumns> =>
  loadColumns(connection, path, {
    school: Int32Array,
    slice: Int32Array,
    value: Float64Array,
    state: Uint8Array,
    commune: Int32Array,
  })

async function loadMissing(connection: DuckDBConnection, path: string): Promise<MissingColumns> {
  const numbers = await loadColumns(connection, path, {
    slice: Int32Array,
    piece: Int32Array,
    departement: Int32Array,
    school: Int32Array,
    together: Int32Array,
    state: Uint8Array,
    kind: Uint8Array,
  })
  return { ...numbers, ...(await loadTexts(connection, path, ['code', 'name'])) }
}

/** Between the texts of a column: a control character that no name holds. */
const SEPARATOR = '\u001f'

/** Columns of text, in the file's order; NULL becomes "". Handed over as one text each: no value is made for each row. */
async function loadTexts<Name extends string>(
  connection: DuckDBConnection,
  path: string,
  names: readonly Name[],
): Promise<{ readonly [Column in Name]: readonly string[] }> {
  const select = names.map((name) => `string_agg(coalesce("${name}", ''), '${SEPARATOR}' ORDER BY file_row_number)`)
  const reader = await connection.runAndReadAll(
    `SELECT ${select.join(', ')} FROM read_parquet($path, file_row_number = true)`,
    { path },
  )
  const columns = reader.getColumns().map(([text]) => (typeof text === 'string' ? text.split(SEPARATOR) : []))
  return Object.fromEntries(names.map((name, position) => [name, columns[position] ?? []])) as never
}

type NumericArray = Int32Array | Float64Array | Uint8Array | Uint16Array | Float32Array

/** Loads columns of a Parquet file into typed arrays of their kind, in the file's order; NULL becomes NaN. */
async function loadColumns<Kinds extends Readonly<Record<string, new (size: number) => NumericArray>>>(
  connection: DuckDBConnection,
  path: string,
  kinds: Kinds,
): Promise<{ readonly [Name in keyof Kinds]: InstanceType<Kinds[Name]> }> {
  const names = Object.keys(kinds)
  const select = names.map((name) =>
    kinds[name] === Float64Array ? `coalesce("${name}", 'nan'::DOUBLE)` : `"${name}"`,
  )
  const result = await connection.stream(`SELECT ${select.join(', ')} FROM read_parquet($path)`, { path })
  const chunks = await result.fetchAllChunks()
  const size = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0)
  const columns = names.map((name) => new (kinds[name] ?? Float64Array)(size))
  let offset = 0
  for (const chunk of chunks) {
    for (const [position, column] of columns.entries()) {
      column.set(itemsOf(chunk.getColumnVector(position)).subarray(0, chunk.rowCount), offset)
    }
    offset += chunk.rowCount
  }
  return Object.fromEntries(names.map((name, position) => [name, columns[position]])) as never
}

/** The typed array inside a numeric vector: no object is made for each value. */
function itemsOf(vector: DuckDBVector): Float64Array {
  return (vector as unknown as { readonly items: Float64Array }).items
}

async function rareFactsOf(connection: DuckDBConnection, path: string): Promise<ReadonlyMap<number, RareFacts>> {
  const reader = await connection.runAndReadAll(
    `SELECT file_row_number AS position, suppressed, not_located, not_located_value, estimated
     FROM read_parquet($path, file_row_number = true) WHERE suppressed > 0 OR not_located > 0 OR estimated > 0`,
    { path },
  )
  return new Map(
    reader.getRowObjects().map((row) => [
      Number(row['position']),
      {
        suppressed: Number(row['suppressed']),
        notLocated: Number(row['not_located']),
        notLocatedValue: Number(row['not_located_value']),
        estimated: Number(row['estimated']),
      },
    ]),
  )
}

function notLoaded(owner: OwnerName): never {
  throw new RangeError(`the store was opened without the owner ${owner}`)
}
