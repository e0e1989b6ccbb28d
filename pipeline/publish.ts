import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Cell } from '../core/observations/consolidate.ts'
import { OWNERS, type OwnerName } from '../core/observations/owner.ts'
import { OBSERVATION_STATUSES } from '../core/observations/status.ts'
import { STORE_FILES, STORE_FORMAT, type FileRecord, type Manifest } from '../core/store/manifest.ts'
import { CURRENT_FILE, currentVersion, VERSIONS_FOLDER } from '../core/store/current.ts'
import type { Atlas, AtlasRows } from '../core/territories/atlas.ts'
import type { EpciRecords } from '../core/territories/epciHistory.ts'
import type { PlaceCodes } from '../core/territories/placeCodes.ts'
import type { TimelineColumns } from '../core/territories/stayIndex.ts'
import { historyAfter, versionsAfter } from './compare.ts'
import { writeParquet, type ParquetValue } from '../core/store/parquet.ts'
import { findFeedList } from '../core/store/feeds.ts'
import type { Boundaries } from './boundaries/build.ts'
import { writeBoundaries } from './publishBoundaries.ts'
import { writeFeeds, writeNoFeeds } from './publishFeeds.ts'
import { writeEpcis } from './publishEpcis.ts'
import { schoolSourcesOf, writeContributors, writeSchools, type ContributedSlice } from './publishSchools.ts'
import { writeTimeline } from './publishTimeline.ts'
import type { SchoolRecord } from './schools.ts'

/** A slice ready to write: its record, its cells, and the sentences of each cell. */
export interface PublishableSlice extends ContributedSlice {
  readonly cells: readonly Cell[]
  /** The value of each part of the breakdown, by territory and position in the record's keys. */
  readonly parts: ReadonlyMap<number, ReadonlyMap<number, number>>
  readonly describe: (cell: Cell) => readonly string[]
}

/** All that a version is made of. */
export interface Version {
  readonly atlas: Atlas
  readonly rows: AtlasRows
  readonly epcis: EpciRecords
  /** The communes since 1943, and the populations of the pieces. */
  readonly timeline: TimelineColumns
  /** Postal codes and SIREN numbers of the communes; none where nothing tells them. */
  readonly placeCodes?: PlaceCodes
  readonly slices: readonly PublishableSlice[]
  /** The shapes that maps draw; absent where nobody gave any. */
  readonly boundaries?: Boundaries | undefined
  /** In order of number; none where no file names any. */
  readonly schools?: readonly SchoolRecord[]
  readonly manifest: Omit<Manifest, 'format' | 'dataVersion' | 'vintages' | 'slices' | 'schoolSources' | 'files'>
  /** Whether whole tables are written as files too, beside the content. Default true. */
  readonly feeds?: boolean | undefined
  /** Whether to publish nothing where only the bytes of source files differ from the current version, and no figure does. Default false. */
  readonly onlyNews?: boolean | undefined
  /** When each dataset was retrieved; beside the content, not in its hash. */
  readonly retrieved: Readonly<Record<string, string>>
  readonly report: unknown
}

/**
 * Writes a version into a folder of its own, then makes it the current one by a single rename: whoever reads sees the old
 * version or the new one, whole. The same content gives the same version, to the byte. Keeps the version before.
 * @returns the data version; that of the current one where there is no news and only news was to be published.
 */
export async function publish(connection: DuckDBConnection, data: string, version: Version): Promise<string> {
  const versions = join(data, VERSIONS_FOLDER)
  await mkdir(versions, { recursive: true })
  await clearUnfinished(versions)
  const building = join(versions, `.building-${process.pid}`)
  await mkdir(building)
  const files = await writeContent(connection, building, version)
  const content = {
    format: STORE_FORMAT,
    ...version.manifest,
    vintages: version.rows.vintages,
    slices: version.slices.map(({ record }) => record),
    schoolSources: schoolSourcesOf(version.schools ?? []),
    files,
  } as const
  const dataVersion = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
  const before = await currentVersion(data).catch(() => undefined)
  if (version.onlyNews === true && before !== undefined && (await hasSameFigures(join(versions, before), content))) {
    await rm(building, { recursive: true })
    return before
  }
  await writeJson(join(building, STORE_FILES.manifest), { ...content, dataVersion })
  await writeJson(join(building, STORE_FILES.retrieved), version.retrieved)
  await writeJson(join(building, STORE_FILES.report), version.report)
  const folderBefore = before && join(versions, before)
  const history = await historyAfter(connection, version, building, folderBefore)
  await writeJson(join(building, STORE_FILES.history), history)
  await writeJson(
    join(building, STORE_FILES.versions),
    await versionsAfter(version, dataVersion, history, folderBefore),
  )
  if (version.feeds === false) await writeNoFeeds(building, dataVersion)
  else await writeFeeds(connection, building, dataVersion)
  await syncFiles(building)
  await putInPlace(building, join(versions, dataVersion), before === dataVersion)
  await pointTo(data, dataVersion)
  if (before !== dataVersion) await prune(versions, new Set([dataVersion, before]))
  return dataVersion
}

/** Whether a version holds the same files and says the same of them, whatever bytes they were read from. */
async function hasSameFigures(folder: string, content: Omit<Manifest, 'dataVersion'>): Promise<boolean> {
  const text = await readFile(join(folder, STORE_FILES.manifest), 'utf8').catch(() => undefined)
  if (text === undefined) return false
  const { dataVersion: _dataVersion, ...before } = JSON.parse(text) as Manifest
  const ofBytes = new Set(['snapshots', 'snapshot'])
  const withoutBytes = (value: unknown) =>
    JSON.stringify(value, (key, inner: unknown) => (ofBytes.has(key) ? undefined : inner))
  return withoutBytes(before) === withoutBytes(content)
}

async function writeContent(
  connection: DuckDBConnection,
  folder: string,
  version: Version,
): Promise<readonly FileRecord[]> {
  const { rows, atlas, slices, schools = [] } = version
  await writeAtlas(connection, folder, rows)
  await writeTimeline(connection, folder, version.timeline)
  await writeJson(join(folder, STORE_FILES.placeCodes), version.placeCodes ?? NO_CODES)
  await writeEpcis(connection, folder, version.epcis)
  await writeSchools(connection, folder, schools, atlas)
  if (version.boundaries !== undefined) await writeBoundaries(folder, version.boundaries)
  const positionOf = new Map(schools.map(({ uai }, position) => [uai, position]))
  for (const owner of OWNERS) {
    await writeContributors(connection, folder, owner, slices, positionOf, atlas.current)
    await writeCells(connection, folder, owner, slices)
    await writeParts(connection, folder, owner, slices)
  }
  const names = (await readdir(folder)).toSorted()
  return Promise.all(names.map((name) => recordOf(folder, name)))
}

const NO_CODES: PlaceCodes = { codes: [], sirens: [], postalCodes: [] }

const TERRITORY_COLUMNS = [
  'index',
  'id',
  'tier',
  'code',
  'name',
  'kind',
  'epci',
  'departement',
  'region',
  'first',
  'last',
] as const

async function writeAtlas(
  connection: DuckDBConnection,
  folder: string,
  { territories, grounds, aliases }: AtlasRows,
): Promise<void> {
  await writeParquet(
    connection,
    join(folder, STORE_FILES.territories),
    {
      index: 'INTEGER',
      id: 'VARCHAR',
      tier: 'VARCHAR',
      code: 'VARCHAR',
      name: 'VARCHAR',
      kind: 'VARCHAR',
      epci: 'INTEGER',
      departement: 'INTEGER',
      region: 'INTEGER',
      first: 'USMALLINT',
      last: 'USMALLINT',
    },
    territories.map((territory) => TERRITORY_COLUMNS.map((column) => territory[column])),
  )
  await writeParquet(
    connection,
    join(folder, STORE_FILES.grounds),
    { piece: 'INTEGER', commune: 'INTEGER', first: 'USMALLINT', last: 'USMALLINT' },
    grounds.map(({ piece, commune, first, last }) => [piece, commune, first, last]),
  )
  await writeParquet(
    connection,
    join(folder, STORE_FILES.aliases),
    {
      tier: 'VARCHAR',
      code: 'VARCHAR',
      name: 'VARCHAR',
      kind: 'VARCHAR',
      leads_to: 'VARCHAR',
      first: 'USMALLINT',
      last: 'USMALLINT',
    },
    aliases.map(({ tier, code, name, kind, leadsTo, first, last }) => [tier, code, name, kind, leadsTo, first, last]),
  )
}

async function writeCells(
  connection: DuckDBConnection,
  folder: string,
  owner: OwnerName,
  slices: readonly PublishableSlice[],
): Promise<void> {
  const noteSets = new NoteSets()
  const rows: ParquetValue[][] = []
  for (const { record, cells, describe } of slices.filter((slice) => slice.record.owner === owner)) {
    for (const cell of cells) {
      rows.push([
        record.slice,
        cell.territory,
        cell.value,
        OBSERVATION_STATUSES.indexOf(cell.status),
        cell.expected,
        cell.reported,
        cell.share,
        noteSets.position(describe(cell)),
        cell.suppressed,
        cell.notLocated,
        cell.notLocatedValue,
        cell.estimated,
      ])
    }
  }
  const columns = {
    slice: 'INTEGER',
    territory: 'INTEGER',
    value: 'DOUBLE',
    status: 'UTINYINT',
    expected: 'INTEGER',
    reported: 'INTEGER',
    share: 'FLOAT',
    notes: 'USMALLINT',
    suppressed: 'INTEGER',
    not_located: 'INTEGER',
    not_located_value: 'DOUBLE',
    estimated: 'DOUBLE',
  } as const
  await writeParquet(connection, join(folder, STORE_FILES.cells(owner)), columns, rows)
  await writeJson(join(folder, STORE_FILES.notes(owner)), noteSets.all)
}

async function writeParts(
  connection: DuckDBConnection,
  folder: string,
  owner: OwnerName,
  slices: readonly PublishableSlice[],
): Promise<void> {
  const rows = slices
    .filter(({ record }) => record.owner === owner)
    .flatMap(({ record, parts }) =>
      [...parts]
        .toSorted(([left], [right]) => left - right)
        .flatMap(([territory, values]) =>
          [...values]
            .toSorted(([left], [right]) => left - right)
            .map(([part, value]) => [record.slice, territory, part, value]),
        ),
    )
  const columns = { slice: 'INTEGER', territory: 'INTEGER', part: 'USMALLINT', value: 'DOUBLE' } as const
  await writeParquet(connection, join(folder, STORE_FILES.parts(owner)), columns, rows)
}

/** The distinct lists of sentences, each once; a cell names its own by position. */
class NoteSets {
  readonly all: (readonly string[])[] = [[]]
  readonly #positions = new Map<string, number>([['[]', 0]])

  position(notes: readonly string[]): number {
    const key = JSON.stringify(notes)
    const known = this.#positions.get(key)
    if (known !== undefined) return known
    if (this.all.length > 0xffff)
      throw new RangeError('a store holds at most 65,536 distinct sets of notes for one owner')
    this.#positions.set(key, this.all.length)
    this.all.push(notes)
    return this.all.length - 1
  }
}

async function recordOf(folder: string, name: string): Promise<FileRecord> {
  const content = await readFile(join(folder, name))
  return { name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

const writeJson = (path: string, value: unknown): Promise<void> =>
  writeFile(path, `${JSON.stringify(value, null, 1)}\n`)

async function syncFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const handle = await open(join(folder, name), 'r+')
    await handle.sync()
    await handle.close()
  }
}

/** The same version may stand there already: its content is the same, only retrieval times may have moved on. */
async function putInPlace(building: string, target: string, isCurrent: boolean): Promise<void> {
  if (isCurrent) {
    for (const name of [STORE_FILES.retrieved, STORE_FILES.report])
      await rename(join(building, name), join(target, name))
    const feedsBefore = await feedFilesOf(target)
    const feeds = await feedFilesOf(building)
    // A damaged file of the version is mended by the fresh one. Files of feeds come before the list that names them.
    for (const name of (await readdir(building)).toSorted()) await rename(join(building, name), join(target, name))
    await rm(building, { recursive: true })
    // Whoever has the list before still finds its files.
    const named = new Set([...feeds, ...feedsBefore])
    for (const name of await readdir(target))
      if (name.startsWith('feed-') && !named.has(name)) await rm(join(target, name))
    return
  }
  await rm(target, { recursive: true, force: true })
  await rename(building, target)
}

async function feedFilesOf(folder: string): Promise<readonly string[]> {
  const list = await findFeedList(folder)
  return list?.feeds.flatMap(({ files }) => files.map(({ file }) => file)) ?? []
}

/** Makes a version the current one, by one rename. */
export async function pointTo(data: string, dataVersion: string): Promise<void> {
  const temporary = join(data, `.${CURRENT_FILE}-${process.pid}`)
  await writeFile(temporary, `${dataVersion}\n`)
  const handle = await open(temporary, 'r+')
  await handle.sync()
  await handle.close()
  await rename(temporary, join(data, CURRENT_FILE))
}

/** What an interrupted publish left behind. */
async function clearUnfinished(versions: string): Promise<void> {
  for (const name of await readdir(versions)) {
    if (name.startsWith('.building-')) await rm(join(versions, name), { recursive: true, force: true })
  }
}

/** Takes away all versions but those named. */
export async function prune(versions: string, keep: ReadonlySet<string | undefined>): Promise<void> {
  for (const name of await readdir(versions)) {
    if (!keep.has(name)) await rm(join(versions, name), { recursive: true, force: true })
  }
}
