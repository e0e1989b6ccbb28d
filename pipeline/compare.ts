import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import {
  changesBetween,
  NOTHING,
  withDataVersion,
  withVersion,
  type DatasetHistory,
  type DatasetParts,
  type DatasetVersion,
  type DataVersion,
  type ValueChange,
} from '../core/observations/history.ts'
import { OBSERVATION_STATUSES } from '../core/observations/status.ts'
import {
  STORE_FILES,
  STORE_FORMAT,
  type DatasetRecord,
  type Manifest,
  type SliceRecord,
} from '../core/store/manifest.ts'
import type { PublishableSlice, Version } from './publish.ts'

/** A version of the store in its folder. */
interface Written {
  readonly folder: string
  readonly datasets: readonly DatasetRecord[]
  readonly slices: readonly SliceRecord[]
}

/**
 * The history of each dataset, the new version included: compared, dataset by dataset, with the version before. A store
 * of another layout, or without a version before, begins a history anew; so does a dataset whose figures were invented and
 * are official now, or the other way round.
 * @param folder where the new version is being written, its files of cells included.
 * @param before the folder of the version before, where there is one.
 */
export async function historyAfter(
  connection: DuckDBConnection,
  version: Version,
  folder: string,
  before: string | undefined,
): Promise<DatasetHistory> {
  const previous = before === undefined ? undefined : await readVersion(before)
  const { datasets } = version.manifest
  const known = (dataset: DatasetRecord) => {
    const then = previous?.datasets.find(({ id }) => id === dataset.id)
    return then?.simulated === dataset.simulated ? (previous?.history[dataset.id] ?? []) : []
  }
  const after: Written = { folder, datasets, slices: version.slices.map(({ record }) => record) }
  const histories: [string, readonly DatasetVersion[]][] = []
  for (const dataset of datasets.toSorted((left, right) => (left.id < right.id ? -1 : 1))) {
    const history = known(dataset)
    if (dataset.snapshots.length === 0 && history.length === 0) continue
    const hash = hashOf(dataset, version)
    const isRevision = previous !== undefined && history.length > 0 && history.at(-1)?.hash !== hash
    const values = isRevision ? await compareValues(connection, previous, after, dataset.id) : []
    const holds = partsOf(after.slices.filter((slice) => slice.dataset === dataset.id))
    histories.push([dataset.id, withVersion(history, { hash, holds, values })])
  }
  return Object.fromEntries(histories)
}

/**
 * The versions of the data, the new one included, which is dated by its newest file: that of the version before goes on, also where
 * its layout is another. A store without a version before begins anew.
 * @param before the folder of the version before, where there is one.
 */
export async function versionsAfter(
  { manifest, retrieved }: Version,
  dataVersion: string,
  history: DatasetHistory,
  before: string | undefined,
): Promise<readonly DataVersion[]> {
  const known = before === undefined ? [] : await readBeside<readonly DataVersion[]>(before, STORE_FILES.versions, [])
  const then = before === undefined ? {} : await readBeside<DatasetHistory>(before, STORE_FILES.history, {})
  const withFiles = manifest.datasets.filter(({ snapshots }) => snapshots.length > 0).map(({ id }) => id)
  const times = Object.entries(retrieved).filter(([id]) => withFiles.length === 0 || withFiles.includes(id))
  const updated =
    times
      .map(([, time]) => time)
      .toSorted()
      .at(-1) ?? '1970-01-01T00:00:00.000Z'
  const titleOf = (dataset: string) => manifest.datasets.find(({ id }) => id === dataset)?.title ?? dataset
  return withDataVersion(known, { dataVersion, updated, changes: changesBetween(then, history, titleOf) })
}

/** A file beside the content of a version before; what stands for it where it is damaged or not there. */
async function readBeside<Content>(folder: string, name: string, none: Content): Promise<Content> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8')) as Content
  } catch {
    return none
  }
}

async function readVersion(folder: string): Promise<(Written & { readonly history: DatasetHistory }) | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, STORE_FILES.manifest), 'utf8')) as Manifest
    if (manifest.format !== STORE_FORMAT || !(await isWhole(folder, manifest))) return undefined
    const history = JSON.parse(await readFile(join(folder, STORE_FILES.history), 'utf8')) as DatasetHistory
    return { folder, datasets: manifest.datasets, slices: manifest.slices, history }
  } catch {
    // A damaged version is none to compare with; the new one mends it.
    return undefined
  }
}

async function isWhole(folder: string, { files }: Manifest): Promise<boolean> {
  for (const { name, sha256 } of files) {
    const content = await readFile(join(folder, name))
    if (createHash('sha256').update(content).digest('hex') !== sha256) return false
  }
  return true
}

/** A hash over a dataset's description, files and figures; not over its place among others, nor any clock. */
function hashOf(dataset: DatasetRecord, { manifest, slices }: Version): string {
  const { snapshots, ...description } = dataset
  const hash = createHash('sha256')
  hash.update(JSON.stringify([description, snapshots.map(({ sha256 }) => sha256), manifest.geography]))
  for (const slice of slices.filter(({ record }) => record.dataset === dataset.id)) {
    const { slice: _position, rank: _rank, ...record } = slice.record
    hash.update(JSON.stringify(record)).update(figuresOf(slice))
  }
  return hash.digest('hex').slice(0, 16)
}

function figuresOf({ cells, parts }: PublishableSlice): Float64Array {
  const figures: number[] = []
  for (const cell of cells) {
    const { territory, value, status, expected, reported, suppressed, notLocated, notLocatedValue, estimated } = cell
    const position = OBSERVATION_STATUSES.indexOf(status)
    figures.push(territory, value ?? Number.NaN, position, expected, reported, suppressed)
    figures.push(notLocated, notLocatedValue, estimated)
  }
  for (const [territory, values] of [...parts].toSorted(([left], [right]) => left - right)) {
    for (const [part, value] of [...values].toSorted(([left], [right]) => left - right)) {
      figures.push(territory, part, value)
    }
  }
  return Float64Array.from(figures)
}

function partsOf(slices: readonly SliceRecord[]): DatasetParts {
  if (slices.length === 0) return NOTHING
  return {
    measures: [...new Set(slices.map(({ measure }) => measure))].toSorted(),
    dimensions: [
      ...new Set(
        slices.flatMap(({ measure, breakdownBy }) => breakdownBy.map((dimension) => `${measure}/${dimension}`)),
      ),
    ].toSorted(),
    periods: [...new Set(slices.map(({ period }) => period))].toSorted((left, right) => left - right),
  }
}

/**
 * Counts the values that came, changed and went, by measure and period: one at a time, so that a dataset of the whole country
 * needs no more memory than one of its slices.
 */
async function compareValues(
  connection: DuckDBConnection,
  before: Written,
  after: Written,
  dataset: string,
): Promise<readonly ValueChange[]> {
  const nameOf = ({ measure, period }: SliceRecord) => `${measure}@${period}`
  const ofBefore = new Map(before.slices.filter((slice) => slice.dataset === dataset).map((one) => [nameOf(one), one]))
  const ofAfter = new Map(after.slices.filter((slice) => slice.dataset === dataset).map((one) => [nameOf(one), one]))
  const changes: ValueChange[] = []
  for (const name of [...new Set([...ofBefore.keys(), ...ofAfter.keys()])].toSorted()) {
    const [measure = '', period = ''] = name.split('@')
    const reader = await connection.runAndReadAll(`
      SELECT count(*) FILTER (b.fact IS NULL) AS added, count(*) FILTER (a.fact IS NULL) AS removed,
             count(*) FILTER (a.fact <> b.fact) AS revised
      FROM (${valuesSql(before.folder, ofBefore.get(name))}) b
      FULL JOIN (${valuesSql(after.folder, ofAfter.get(name))}) a USING (place)`)
    const [row = {}] = reader.getRowObjects()
    const [added, revised, removed] = [Number(row['added']), Number(row['revised']), Number(row['removed'])]
    if (added + revised + removed > 0) changes.push({ measure, period: Number(period), added, revised, removed })
  }
  return changes
}

/**
 * One row a value on the newest geography: where, with its breakdown, and all that is said of it. Territories are the same
 * by their identifier, whatever the vintage.
 */
function valuesSql(folder: string, record: SliceRecord | undefined): string {
  if (record === undefined) return `SELECT '' AS place, '' AS fact WHERE false`
  const { slice, owner, keys } = record
  const file = (name: string) => `read_parquet(${text(join(folder, name))})`
  const named = keys.map((key, part) => `(${part}, ${text(JSON.stringify(key))})`)
  return `
    WITH vintages AS (SELECT * FROM ${file(STORE_FILES.territories)}),
         places AS (SELECT "index" AS territory, id FROM vintages WHERE "last" = (SELECT max("last") FROM vintages)),
         keys(part, key) AS (VALUES ${[...named, `(-1, '')`].join(', ')})
    SELECT id AS place, concat_ws('|', coalesce(value::VARCHAR, 'none'), status, expected, reported, suppressed,
                                  not_located, not_located_value, estimated) AS fact
    FROM ${file(STORE_FILES.cells(owner))} JOIN places USING (territory) WHERE slice = ${slice}
    UNION ALL
    SELECT concat(id, key) AS place, value::VARCHAR AS fact
    FROM ${file(STORE_FILES.parts(owner))} JOIN keys USING (part) JOIN places USING (territory) WHERE slice = ${slice}`
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
