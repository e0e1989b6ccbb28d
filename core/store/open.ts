import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
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
import { loadColumns, loadTexts, rowsOf } from './columns.ts'
import { cubeEngine } from './cubeEngine.ts'
import { corrupt, currentVersion, VERSIONS_FOLDER } from './current.ts'
import type { StoreEngine } from './engine.ts'
import { epciRecordsFrom } from './epcis.ts'
import { checkFiles, readJson } from './files.ts'
import { STORE_FILES, STORE_FORMAT, type Manifest } from './manifest.ts'
import { createMeasureIndex } from './measureIndex.ts'
import { createReader } from './observe.ts'
import { createOthers, type ReaderOver } from './others.ts'
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
export async function openStore(
  data: string,
  owners: readonly OwnerName[],
  engine: StoreEngine = cubeEngine,
): Promise<Store> {
  const version = await currentVersion(data)
  if (version === undefined) throw missing(data)
  return openVersion(data, version, owners, engine)
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
 * Opens one version of the store: checks the files that these owners need against the manifest (`tierFiles.ts`), then loads territories, and has the
 * engine open the cells of the owners asked for.
 * @param engine where the cells are; default: in memory, from the files of the version.
 * @throws StratesError STORE_CORRUPT when a file is not as the manifest says.
 */
export async function openVersion(
  data: string,
  version: string,
  owners: readonly OwnerName[],
  engine: StoreEngine = cubeEngine,
): Promise<Store> {
  const folder = join(data, VERSIONS_FOLDER, version)
  const content = await openContent(folder, version, owners, () => readQuarantine(data), engine)
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
  engine: StoreEngine = cubeEngine,
): Promise<Omit<Store, 'feeds' | 'boundaries' | 'versions'>> {
  const manifest = await readManifest(folder, version)
  await checkFiles(folder, manifest, contentFor(owners, manifest, engine))
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
    const opened = await engine.open({ folder, manifest, connection })
    const readers = new Map<OwnerName, StoreReader>()
    const beside = new Map<OwnerName, StoreReader>()
    const readerOf = (owner: OwnerName) => readers.get(owner) ?? beside.get(owner) ?? notLoaded(owner)
    const readerOver: ReaderOver = (parts) => createReader({ ...shared, readerOf, ...parts })
    const others = createOthers({ folder, manifest, opened, readerOver })
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
      waits: engine.waits,
      index: createMeasureIndex({
        atlas,
        measures: manifest.measures,
        slices: manifest.slices,
        readerOf: (measure, period) =>
          engine.waits
            ? others.withSlices(measure, period)
            : (readers.get(measure.owner) ?? others.published(measure.owner)),
        ...(engine.waits && { kept: KEPT_OF_FETCHED }),
      }),
    }
    for (const owner of owners) {
      const { cells, contributions } = await opened.own(owner)
      const notes = await readJson<string[][]>(join(folder, STORE_FILES.notes(owner)))
      readers.set(owner, readerOver({ owner, cells, contributions, notes }))
    }
    for (const owner of summedBy(owners, manifest)) beside.set(owner, await others.published(owner))
    const edition = `${version}.${shortHash(JSON.stringify([retrieved, history]))}`
    return { manifest, edition, folder, atlas, timeline, reader: (owner) => readers.get(owner) ?? notLoaded(owner) }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/**
 * How many (measure, period) an index keeps whose cells it had to fetch: each holds its slices, one or two megabytes for the country.
 */
const KEPT_OF_FETCHED = 16

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

function notLoaded(owner: OwnerName): never {
  throw new RangeError(`the store was opened without the owner ${owner}`)
}
