import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import type { DatasetDescriptor, Edition } from '../core/observations/dataset.ts'
import { StratesError } from '../core/observations/error.ts'
import { LICENCES } from '../core/observations/licence.ts'
import type { MeasureDefinition } from '../core/observations/measure.ts'
import type { OwnerName } from '../core/observations/owner.ts'
import { definitionsOf, ownershipOf, requirePrecedence, strongestFirst } from '../core/observations/ownership.ts'
import type { DatasetRecord, Manifest, MeasureRecord, SliceRecord } from '../core/store/manifest.ts'
import { currentManifest } from '../core/store/open.ts'
import { drawAtlas, openAtlas, type Atlas, type AtlasRows } from '../core/territories/atlas.ts'
import { geographyOf } from '../core/territories/geography.ts'
import { groundOver, type GroundOf } from '../core/territories/ground.ts'
import { piecesOf, weigh, type Census, type Pieces } from '../core/territories/pieces.ts'
import { placeCodesOf } from '../core/territories/placeCodes.ts'
import { placeNamesOf } from '../core/territories/placeNames.ts'
import type { Territories } from '../core/territories/territory.ts'
import { epciRecordsOf } from '../core/territories/epciHistory.ts'
import { columnsOf } from '../core/territories/stayIndex.ts'
import { createTimeline } from '../core/territories/timeline.ts'
import { DEPP_SERIES } from '../subgraphs/national/datasets/published/depp.ts'
import { drawBoundaries, type Boundaries, type BoundaryInput } from './boundaries/build.ts'
import { checkPlausible, checkRows, checkSlice, requirePassed, wholeOf, type Check } from './check.ts'
import { conform, type MappedRow } from './conform.ts'
import {
  consolidateDataset,
  editionOf,
  type ConsolidatedSlice,
  type LocatedDataset,
  type LocatedRow,
} from './consolidate.ts'
import { crossCheckMovements } from './crossCheck.ts'
import { deriveRatio, type CrossOwnerRatio } from './derive.ts'
import { describeWith } from './describe.ts'
import type { FoundDescriptor } from './descriptors.ts'
import { createLocator, type Directory, type Locator } from './locate.ts'
import { publish, type PublishableSlice } from './publish.ts'
import { reconcilePublished, reconcileSources } from './reconcile.ts'
import { readTable, type ReadableFile } from './read.ts'
import { reportBoundaries, type DatasetReport, type Report } from './report.ts'
import { listSchools, type DirectoryEdition } from './schools.ts'
import { censusesOf, type EmbeddedCog } from './sources/cog.ts'
import type { SourceFile } from './sources/source.ts'

/** The dataset that lists the schools: the others are located by it. */
const DIRECTORY = 'fr-en-annuaire-education'

/** What DuckDB may take; the rows and cells that JavaScript holds come on top. */
const MEMORY_LIMIT = '1200MB'

/** What an ingest works on. */
export interface IngestInput {
  /** The folder of the store. */
  readonly data: string
  readonly cog: EmbeddedCog
  readonly descriptors: readonly FoundDescriptor[]
  /** The files of each dataset, as a source delivered them; none for a dataset that nobody gave. */
  readonly files: ReadonlyMap<string, readonly SourceFile[]>
  /** INSEE's files of the movements of communes, to hold ours against. */
  readonly movements?: readonly ReadableFile[]
  /** Why a dataset has no file, for the report. */
  readonly absent: ReadonlyMap<string, string>
  readonly simulated: boolean
  /** Official boundaries, for maps; absent where nobody gave any. */
  readonly boundaries?: Pick<BoundaryInput, 'files' | 'refused'> | undefined
  /** Whether whole tables are written as files too, for `/v1/feeds/`. Default true. */
  readonly feeds?: boolean | undefined
  /** Whether to publish nothing where no figure is another one. Default false. */
  readonly onlyNews?: boolean | undefined
  /** The clock; only for what stands beside the content. */
  readonly now?: () => Date
  /** Told what is being done, step by step. */
  readonly tell?: (step: string) => void
}

/**
 * Makes a new version of the store from files, and publishes it: read → conform → locate → consolidate → check → publish.
 * Nothing is published unless every step and check passes.
 * @throws StratesError SOURCE_UNREADABLE, CONTRACT_BROKEN, DESCRIPTOR_INVALID or CHECK_FAILED.
 */
export async function ingest(input: IngestInput): Promise<Report & { readonly dataVersion: string }> {
  const { tell = () => {} } = input
  const ownership = ownershipOf(input.descriptors)
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: MEMORY_LIMIT })
  const connection = await instance.connect()
  try {
    const warnings: string[] = []
    // Before the geography, which takes seconds: a file that cannot be read is told at once.
    const tables = await readAll(connection, input, tell, (warning) => warnings.push(warning))
    const geography = buildGeography(input.cog)
    const territories = geography.atlas.current
    const located = locateAll(tables, geography, input)
    tell('consolidating')
    const editions = editionsOf(located.tables, located.placed)
    const registers = editions.filter(({ schools }) => schools.some(({ row }) => row.opened !== null))
    const definitions = new Map(definitionsOf(input.descriptors).map((definition) => [definition.id, definition]))
    const additivityOf = (measure: string) => definitions.get(measure)?.additivity
    const slices = located.datasets.flatMap((dataset) =>
      consolidateDataset(dataset, geography.atlas, geography.geography, registers, additivityOf),
    )
    requireOneOwner(slices, input.descriptors)
    const reconciliations = [
      ...reconcilePublished({
        datasets: located.datasets,
        slices,
        published: DEPP_SERIES,
        territories,
        simulated: input.simulated,
      }),
      ...reconcileSources(located.datasets, slices, territories),
    ]
    const previous = await previousSlices(input.data)
    const checks = [
      ...located.datasets.flatMap(checkRows),
      ...slices.filter(({ additivity }) => additivity.kind === 'COUNT').map((slice) => checkSlice(slice, territories)),
      ...slices.flatMap((slice) => checkPlausible(slice, slices, previous, territories)),
    ]
    const timeline = columnsOf(input.cog.chronicle, geography.pieces)
    const boundaries = await boundariesOf(input, territories, tell)
    const report: Report = {
      simulated: input.simulated,
      datasets: located.reports,
      absent: [...input.absent].map(([dataset, why]) => ({ dataset, why })),
      totals: slices.map((slice) => totalOf(slice, territories)),
      reconciliations,
      checks,
      movements: await crossCheckMovements(
        connection,
        input.movements ?? [],
        createTimeline(timeline, territories.vintage),
        (warning) => warnings.push(warning),
      ),
      boundaries: boundaries && reportBoundaries(boundaries),
      warnings,
    }
    requireDatasetsPassed(checks)
    tell('publishing')
    const derived = definitionsOf(input.descriptors)
      .filter(isCrossOwner)
      .flatMap((definition) => deriveRatio(definition, slices))
    const publishable = [...slices, ...derived].map((slice, position, all) =>
      publishableOf(slice, position, all, input, geography.atlas),
    )
    const dataVersion = await publish(connection, input.data, {
      atlas: geography.atlas,
      rows: geography.rows,
      epcis: epciRecordsOf(input.cog.vintages, geography.pieces, geography.censuses),
      timeline,
      placeCodes: placeCodesOf(input.cog.vintages),
      slices: publishable,
      schools: listSchools(editions, located.datasets),
      manifest: { ...manifestOf(publishable, input, territories), ownership, reconciliations },
      retrieved: retrievedOf(input),
      report,
      boundaries,
      feeds: input.feeds,
      onlyNews: input.onlyNews,
    })
    return { ...report, dataVersion }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function boundariesOf(
  { boundaries, cog: { chronicle } }: IngestInput,
  territories: Territories,
  tell: (step: string) => void,
): Promise<Boundaries | undefined> {
  if (boundaries === undefined) return undefined
  tell('drawing boundaries')
  return drawBoundaries({ ...boundaries, chronicle, territories })
}

/** What the version before holds, to hold the new one against; nothing where there is none, or it was invented. */
async function previousSlices(data: string): Promise<readonly SliceRecord[]> {
  const manifest = await currentManifest(data)
  return manifest === undefined || manifest.simulated ? [] : manifest.slices
}

interface BuiltGeography {
  readonly rows: AtlasRows
  readonly atlas: Atlas
  readonly pieces: Pieces
  readonly censuses: readonly Census[]
  readonly groundOf: GroundOf
  readonly geography: ReturnType<typeof geographyOf>
}

function buildGeography({ vintages, chronicle }: EmbeddedCog): BuiltGeography {
  const censuses = censusesOf(vintages)
  const years = vintages.map(({ year }) => year)
  const pieces = piecesOf(chronicle, years, censuses)
  const rows = drawAtlas(vintages, chronicle, pieces)
  const atlas = openAtlas(rows)
  const geography = geographyOf(atlas, {
    weightOf: (piece) => pieces.all[piece]?.populations[0]?.inhabitants ?? 0,
    sharesOf: (parts) => weigh(parts.flatMap((piece) => pieces.all[piece] ?? []))?.shares ?? unweighable(parts, pieces),
  })
  return { rows, atlas, pieces, censuses, groundOf: groundOver(chronicle, pieces), geography }
}

function unweighable(parts: readonly number[], { all }: Pieces): never {
  const codes = parts.map((piece) => all[piece]?.communes.at(-1) ?? piece)
  throw new RangeError(
    `no census counted each of the places now in ${codes.join(', ')}: what is theirs together cannot be shared out`,
  )
}

/** One file of a dataset after reading and conforming. */
interface ConformedFile {
  readonly found: FoundDescriptor
  readonly file: SourceFile
  readonly rows: readonly MappedRow[]
  readonly repeated: number
  readonly encoding: string
  readonly edition: Edition | undefined
}

async function readAll(
  connection: DuckDBConnection,
  { descriptors, files }: IngestInput,
  tell: (step: string) => void,
  warn: (warning: string) => void,
): Promise<readonly ConformedFile[]> {
  const tables: ConformedFile[] = []
  for (const found of descriptors) {
    const { descriptor } = found
    for (const file of files.get(descriptor.id) ?? []) {
      tell(`reading ${file.name}`)
      const { rows, repeated, encoding } = await readFileOf(connection, descriptor, file, warn)
      const edition = editionOf(descriptor.editions ?? [], file.name, rows)
      if (descriptor.editions !== undefined && edition === undefined) {
        warn(
          `${file.name}: the descriptor declares no such edition, so its counts are left out and only its facts are used; declare the rentrée of its counts under "editions" in ${found.file}`,
        )
      }
      tables.push({ found, file, rows, repeated, encoding, edition })
    }
  }
  return tables
}

/** Stops on the first dataset with a failed check, naming it. */
function requireDatasetsPassed(checks: readonly Check[]): void {
  for (const [dataset, ofDataset] of Map.groupBy(checks, (check) => check.dataset)) {
    try {
      requirePassed(ofDataset)
    } catch (error) {
      throw error instanceof StratesError ? new BrokenDataset(dataset, error) : error
    }
  }
}

/** A dataset whose file could not be used; the error says why, this says which. */
export class BrokenDataset extends StratesError {
  readonly dataset: string

  constructor(dataset: string, error: StratesError) {
    super({ ...error.facts, details: { ...error.facts.details, dataset }, cause: error })
    this.dataset = dataset
  }
}

async function readFileOf(
  connection: DuckDBConnection,
  descriptor: DatasetDescriptor,
  file: SourceFile,
  warn: (warning: string) => void,
) {
  try {
    const read = await readTable(connection, file, 'source')
    const conformed = await conform(connection, 'source', read, descriptor, file.name, warn)
    await connection.run('DROP TABLE source')
    return { ...conformed, encoding: read.encoding ?? read.format }
  } catch (error) {
    throw error instanceof StratesError ? new BrokenDataset(descriptor.id, error) : error
  }
}

interface LocatedAll {
  readonly tables: readonly ConformedFile[]
  readonly datasets: readonly LocatedDataset[]
  readonly reports: readonly DatasetReport[]
  /** The place of each row of the directory. */
  readonly placed: ReadonlyMap<MappedRow, LocatedRow['location']>
}

/** Locates the directory first, then everything else with its help. */
function locateAll(tables: readonly ConformedFile[], built: BuiltGeography, { cog }: IngestInput): LocatedAll {
  const places = placeNamesOf(cog.chronicle, built.pieces)
  const base = { territories: built.atlas.current, groundOf: built.groundOf, places }
  const placed = new Map<MappedRow, LocatedRow['location']>()
  const directories = tables
    .filter(({ found }) => found.descriptor.id === DIRECTORY)
    .map((table): Directory => {
      const locator = createLocator({ ...base, directories: [] })
      const groundOf = new Map<string, readonly number[]>()
      for (const row of table.rows) {
        const location = locator.locate(row, situationOf(table))
        placed.set(row, location)
        if (row.uai !== null && location.pieces.length > 0) groundOf.set(row.uai, location.pieces)
      }
      return { situation: situationOf(table), groundOf }
    })
  const datasets: LocatedDataset[] = []
  const reports: DatasetReport[] = []
  for (const [found, ofDataset] of Map.groupBy(tables, ({ found }) => found)) {
    const locator = createLocator({ ...base, directories: found.descriptor.id === DIRECTORY ? [] : directories })
    const all = ofDataset.flatMap((table) => locateTable(table, locator))
    const refused = all.filter(({ location }) => location.method === 'NONE')
    datasets.push({ descriptor: found.descriptor, rows: all })
    reports.push(reportOf(found, ofDataset, all, refused, locator))
  }
  return { tables, datasets, reports, placed }
}

function locateTable(table: ConformedFile, locator: Locator): readonly LocatedRow[] {
  const { edition, file, rows, found } = table
  return rows.map((row) => {
    const period = row.period ?? edition?.period ?? situationOf(table)
    // Counts of an undeclared edition describe no known rentrée: the row keeps its place and loses its figures.
    const values =
      row.period === null && edition === undefined
        ? Object.fromEntries(found.descriptor.measures.map(({ measure }) => [measure, null]))
        : row.values
    const situation = row.period ?? situationOf(table)
    // A file without years of its own, a directory, has the codes of the January after the situation that it shows.
    const communeVintage = row.communeVintage ?? (row.communeCode === null ? null : situation + 1)
    return {
      ...row,
      values,
      period,
      communeVintage,
      location: locator.locate(row, situation),
      snapshot: file.sha256,
    }
  })
}

/** The rentrée whose situation a directory shows: declared, else that of the newest date of its rows. */
function situationOf({ edition, rows, file }: ConformedFile): number {
  if (edition !== undefined) return edition.situation
  const newest =
    rows.reduce((latest, { updated }) => ((updated ?? '') > latest ? (updated ?? '') : latest), '') || file.retrievedAt
  const [year = '0', month = '1'] = newest.split('-')
  return Number(month) >= 9 ? Number(year) : Number(year) - 1
}

/** The editions of the directory; those that tell contract and opening date can say which schools are expected. */
function editionsOf(
  tables: readonly ConformedFile[],
  placed: ReadonlyMap<MappedRow, LocatedRow['location']>,
): readonly DirectoryEdition[] {
  return tables
    .filter(({ found }) => found.descriptor.id === DIRECTORY)
    .map((table) => ({
      dataset: DIRECTORY,
      situation: situationOf(table),
      snapshot: table.file.sha256,
      schools: table.rows.flatMap((row) => {
        const location = placed.get(row)
        return location === undefined ? [] : [{ row, location }]
      }),
    }))
}

function reportOf(
  found: FoundDescriptor,
  tables: readonly ConformedFile[],
  rows: readonly LocatedRow[],
  refused: readonly LocatedRow[],
  locator: Locator,
): DatasetReport {
  return {
    dataset: found.descriptor.id,
    files: tables.map(({ file, rows: ofFile, encoding }) => ({
      name: file.name,
      sha256: file.sha256,
      rows: ofFile.length,
      encoding,
    })),
    rows: rows.length,
    repeated: tables.reduce((sum, { repeated }) => sum + repeated, 0),
    located: Object.fromEntries(
      [...Map.groupBy(rows, ({ location }) => location.method)].map(([method, same]) => [method, same.length]),
    ),
    unknownCodes: Object.fromEntries(locator.unknownCodes),
    unknownDepartements: Object.fromEntries(locator.unknownDepartements),
    conflicts: locator.conflicts,
    refused: refused.map(
      ({ contributor, period, departementLabel, communeLabel }) =>
        `${contributor} (${period}): ${departementLabel ?? 'no département'}, ${communeLabel ?? 'no commune'}`,
    ),
  }
}

function totalOf({ claim, descriptor, period, cells }: ConsolidatedSlice, territories: Territories) {
  const nation = cells.find(({ territory }) => territory === territories.nation.index)
  return {
    measure: claim.measure,
    dataset: descriptor.id,
    period,
    nation: nation?.value ?? null,
    status: nation?.status ?? 'SOURCE_UNAVAILABLE',
  }
}

function publishableOf(
  slice: ConsolidatedSlice,
  position: number,
  all: readonly ConsolidatedSlice[],
  { descriptors }: IngestInput,
  atlas: Atlas,
): PublishableSlice {
  const { claim, descriptor, period, extent, covered, snapshots, cells } = slice
  const series = all.filter((other) => other.descriptor === descriptor && other.claim.measure === claim.measure)
  const order = strongestFirst(claim.measure, descriptors)
  const definition = definitionsOf(descriptors).find(({ id }) => id === claim.measure)
  const record: SliceRecord = {
    slice: position,
    owner: ownerOf(claim.measure, descriptors),
    measure: claim.measure,
    dataset: descriptor.id,
    period,
    rank: order.indexOf(descriptor.id),
    extent,
    covered,
    absentUnit: descriptor.absentUnit,
    rule: descriptor.rule,
    ...(claim.note !== undefined && { note: claim.note }),
    snapshots,
    vintage: vintageOf(slice, atlas),
    ...wholeOf(slice, atlas.current),
    breakdownBy: claim.breakdownBy ?? [],
    keys: slice.keys,
  }
  return {
    record,
    cells,
    isRate: claim.defines?.additivity.kind === 'RATIO',
    contributors: slice.contributors,
    parts: slice.parts,
    describe: describeWith(slice, series, atlas, definition?.unit),
  }
}

/** The COG vintage in which the source gives a slice: that of its rows, else that of the January after the period. */
function vintageOf({ vintages, period }: ConsolidatedSlice, { years, current }: Atlas): number {
  const told = vintages.length === 1 ? vintages[0] : undefined
  const first = years[0] ?? current.vintage
  return Math.min(current.vintage, Math.max(first, told ?? period + 1))
}

const isCrossOwner = (definition: MeasureDefinition): definition is CrossOwnerRatio =>
  definition.additivity.kind === 'RATIO' && definition.additivity.madeAt === 'INGEST'

/** Refuses a value that two files give without a rule of precedence between their datasets. */
function requireOneOwner(slices: readonly ConsolidatedSlice[], descriptors: readonly FoundDescriptor[]): void {
  for (const same of Map.groupBy(slices, ({ claim, period }) => `${claim.measure}@${period}`).values()) {
    const [{ claim, period }] = same as [ConsolidatedSlice]
    const datasets = same.map(({ descriptor }) => descriptor.id)
    requirePrecedence({ measure: claim.measure, period, datasets }, descriptors)
  }
}

function ownerOf(measure: string, descriptors: readonly FoundDescriptor[]): OwnerName {
  const owner = definitionsOf(descriptors).find(({ id }) => id === measure)?.owner
  if (owner === undefined) throw new RangeError(`no descriptor claims the measure ${measure}`)
  return owner
}

function manifestOf(publishable: readonly PublishableSlice[], input: IngestInput, territories: Territories) {
  const slices = publishable.map(({ record }) => record)
  const measures = definitionsOf(input.descriptors).map((definition): MeasureRecord => ({
    ...definition,
    datasets: strongestFirst(definition.id, input.descriptors),
  }))
  const nation = territories.nation.index
  const hasNation = (measure: string, period: number): boolean =>
    publishable.some(({ record, cells }) => {
      const parts = measures.find(({ id }) => id === measure)?.parts ?? []
      return (
        [measure, ...parts].includes(record.measure) &&
        record.period === period &&
        cells.some(({ territory, value }) => territory === nation && value !== null)
      )
    })
  return {
    geography: territories.vintage,
    simulated: input.simulated,
    defaultSchoolYear: defaultSchoolYear(slices, hasNation),
    defaultPopulationYear: slices
      .filter(({ measure }) => measure === 'population-municipale')
      .reduce<number | null>((newest, { period }) => Math.max(newest ?? 0, period), null),
    measures,
    datasets: input.descriptors.map(({ descriptor }) => datasetRecord(descriptor.id, slices, input)),
  } satisfies Partial<Manifest>
}

const CYCLES = ['pupils-primary', 'pupils-lower-secondary', 'pupils-upper-secondary']

/** The newest rentrée with all three cycles for the nation, else the newest with any. */
function defaultSchoolYear(
  slices: readonly SliceRecord[],
  hasNation: (measure: string, period: number) => boolean,
): number | null {
  const ofCycles = slices.filter(({ measure }) => CYCLES.some((cycle) => measure.startsWith(cycle)))
  const years = [...new Set(ofCycles.filter(({ owner }) => owner !== 'national').map(({ period }) => period))].toSorted(
    (left, right) => right - left,
  )
  return years.find((year) => CYCLES.every((cycle) => hasNation(cycle, year))) ?? years[0] ?? null
}

function datasetRecord(
  id: string,
  slices: readonly SliceRecord[],
  { descriptors, files, simulated }: IngestInput,
): DatasetRecord {
  const descriptor = descriptors.find(({ descriptor }) => descriptor.id === id)?.descriptor
  if (descriptor === undefined) throw new RangeError(`no descriptor ${id}`)
  const {
    title,
    description,
    owner,
    roles,
    licence,
    attribution,
    sourceUrl,
    updateFrequency,
    publishedWithin = null,
    firstPeriod,
    whenPeriodAbsent,
  } = descriptor
  const periods = [...new Set(slices.filter(({ dataset }) => dataset === id).map(({ period }) => period))].toSorted(
    (left, right) => left - right,
  )
  const ofDataset = files.get(id) ?? []
  const isSimulated = simulated && descriptor.source.kind === 'portal'
  return {
    id,
    title,
    description,
    owner: {
      id: owner,
      name: roles.competent,
      legalBasis: roles.legalBasis,
      producer: roles.producer,
      publisher: roles.publisher,
    },
    licence: LICENCES[licence],
    attribution: isSimulated ? `Simulated, not official: invented data in the shape of "${title}"` : attribution,
    sourceUrl,
    updateFrequency,
    publishedWithin,
    firstPeriod,
    whenPeriodAbsent,
    periods,
    snapshots: ofDataset.map(({ name, url, sha256, bytes }) => ({ name, url, sha256, bytes })),
    simulated: isSimulated,
  }
}

/** When the files of each dataset were taken; where there is none, when it was last looked for: now. */
function retrievedOf({ descriptors, files, now = () => new Date() }: IngestInput): Readonly<Record<string, string>> {
  return Object.fromEntries(
    descriptors.map(({ descriptor: { id } }) => {
      const times = (files.get(id) ?? []).map(({ retrievedAt }) => retrievedAt).toSorted()
      return [id, times.at(-1) ?? now().toISOString()]
    }),
  )
}
