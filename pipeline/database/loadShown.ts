import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { STORE_FILES } from '../../core/store/manifest.ts'
import { lineOf, linesOf, withDuckDb } from './lines.ts'
import { finish, partitionOf } from './load.ts'
import type { Session } from './session.ts'
import { cycleOf, OBSERVATION_COLUMNS, shownRows, type Opened, type Source } from './shown.ts'

/** The tables that the views read, beside the observations. */
export const SHOWN_TABLES = ['territory', 'measure', 'dataset', 'slice', 'source', 'note'] as const

/**
 * Loads what the views show of a version, in one transaction. What is there is left as it is, but for the times of retrieval and the
 * versions of datasets, which may change while the data does not.
 */
export async function loadShown(session: Session, opened: Opened): Promise<void> {
  const { dataVersion: version } = opened.manifest
  const edition = opened.edition.split('.')[1] ?? ''
  const [known] = await session.query<{ readonly edition: string; readonly is_shown: boolean }>(
    'SELECT edition, is_shown FROM strates_store.version WHERE version = $1',
    [version],
  )
  if (known?.is_shown === true && known.edition === edition) return
  await session.transaction(async () => {
    if (known?.is_shown === true) await renewTimes(session, opened)
    else await withDuckDb((connection) => load(session, connection, opened))
    await session.query('UPDATE strates_store.version SET edition = $2, is_shown = true WHERE version = $1', [
      version,
      edition,
    ])
  })
}

async function load(session: Session, connection: DuckDBConnection, opened: Opened): Promise<void> {
  await loadTerritories(session, connection, opened)
  await loadMeasures(session, opened)
  await loadDatasets(session, opened)
  await loadSlices(session, opened)
  const { lines, sources, notes } = shownRows(opened)
  await loadObservations(session, opened.manifest.dataVersion, lines)
  await loadSources(session, opened, [...sources.values()])
  await loadNotes(session, opened.manifest.dataVersion, notes)
  for (const table of SHOWN_TABLES) await session.query(`ANALYZE strates_store.${table}`)
}

/** Of each territory, the names of those that it belongs to, as they stood in the last year that the row holds. */
const TERRITORIES = `
FROM read_parquet($path) AS t
LEFT JOIN read_parquet($path) AS e ON e.index = t.epci AND t.last BETWEEN e.first AND e.last
LEFT JOIN read_parquet($path) AS d ON d.index = t.departement AND t.last BETWEEN d.first AND d.last
LEFT JOIN read_parquet($path) AS r ON r.index = t.region AND t.last BETWEEN r.first AND r.last
ORDER BY t.index, t.first`

async function loadTerritories(
  session: Session,
  connection: DuckDBConnection,
  { folder, manifest: { dataVersion: version, geography } }: Opened,
): Promise<void> {
  const columns = {
    version: '$version',
    territory: 't.index',
    first: 't.first',
    last: 't.last',
    is_current: '$geography::INTEGER BETWEEN t.first AND t.last',
    id: 't.id',
    tier: 't.tier',
    code: 't.code',
    name: 't.name',
    kind: 't.kind',
    epci_code: 'e.code',
    epci_name: 'e.name',
    departement_code: 'd.code',
    departement_name: 'd.name',
    region_code: 'r.code',
    region_name: 'r.name',
  }
  const path = join(folder, STORE_FILES.territories)
  const lines = linesOf(connection, Object.values(columns), TERRITORIES, { path, version, geography: `${geography}` })
  await session.copy('strates_store.territory', Object.keys(columns), lines)
}

async function loadMeasures(session: Session, { manifest }: Opened): Promise<void> {
  const { dataVersion, measures } = manifest
  const rows = measures.map((measure, position) => {
    const { id, title, titleFr, description, unit, unitFr, owner, competent, legalBasis } = measure
    const texts = [id, title, titleFr, description, unit, unitFr, owner, competent, legalBasis]
    return [dataVersion, position, ...texts, cycleOf(measure, measures)]
  })
  const columns = ['version', 'measure', 'id', 'title', 'title_fr', 'description', 'unit', 'unit_fr', 'owner']
  await copyRows(session, 'measure', [...columns, 'competent', 'legal_basis', 'cycle'], rows)
}

async function loadDatasets(session: Session, { manifest, reader }: Opened): Promise<void> {
  const { versionOf, retrievedAt } = reader('national')
  const rows = manifest.datasets.map(({ id, title, owner, licence, attribution, sourceUrl, simulated }) => {
    const facts = [id, title, owner.producer, owner.publisher, licence.id, licence.title, licence.url, attribution]
    return [manifest.dataVersion, ...facts, sourceUrl, simulated, versionOf(id), retrievedAt(id)]
  })
  const columns = ['version', 'id', 'title', 'producer', 'publisher', 'licence', 'licence_title', 'licence_url']
  const others = ['attribution', 'source_url', 'simulated', 'dataset_version', 'retrieved_at']
  await copyRows(session, 'dataset', [...columns, ...others], rows)
}

async function loadSlices(session: Session, { manifest }: Opened): Promise<void> {
  const measureAt = new Map(manifest.measures.map(({ id }, position) => [id, position]))
  const rows = manifest.slices.map((slice) => {
    const { owner, measure, dataset, period, rank, vintage, rule, note = null, reported, total } = slice
    const facts = [slice.slice, owner, measureAt.get(measure) ?? null, dataset, period, rank, vintage, rule, note]
    const lists = [slice.snapshots.join(' ; '), slice.extent.join(' '), slice.covered.join(' ')]
    return [manifest.dataVersion, ...facts, ...lists, reported, total]
  })
  const columns = ['version', 'slice', 'owner', 'measure', 'dataset', 'period', 'rank', 'vintage', 'rule', 'note']
  await copyRows(session, 'slice', [...columns, 'snapshots', 'extent', 'covered', 'reported', 'total'], rows)
}

async function loadObservations(session: Session, version: string, lines: Iterable<string>): Promise<void> {
  const partition = partitionOf('observation', version)
  await session.query(`CREATE TABLE ${partition} (LIKE strates_store.observation INCLUDING ALL)`)
  await session.copy(partition, OBSERVATION_COLUMNS, lines, { isNew: true })
  await finish(session, partition, ['(territory, measure)', '(measure, period)'])
  await session.query(
    `ALTER TABLE strates_store.observation ATTACH PARTITION ${partition} FOR VALUES IN ('${version}')`,
  )
}

async function loadSources(session: Session, { manifest }: Opened, sources: readonly Source[]): Promise<void> {
  const rows = sources.map(({ rank, provenance, datasets, simulated }, position) => {
    const { datasetId, title, licence, attribution, sourceUrl, datasetVersion, retrievedAt } = provenance
    const facts = [position, rank, datasetId, `{${datasets.map((id) => JSON.stringify(id)).join(',')}}`, title]
    const others = [licence.id, licence.url, attribution, sourceUrl, simulated, datasetVersion, retrievedAt]
    return [manifest.dataVersion, ...facts, ...others]
  })
  const columns = ['version', 'source', 'rank', 'dataset', 'datasets', 'title', 'licence', 'licence_url', 'attribution']
  await copyRows(session, 'source', [...columns, 'source_url', 'simulated', 'dataset_version', 'retrieved_at'], rows)
}

async function loadNotes(session: Session, version: string, notes: ReadonlyMap<string, number>): Promise<void> {
  const rows = [...notes].map(([text, position]) => [version, position, text])
  await copyRows(session, 'note', ['version', 'note', 'text'], rows)
}

async function copyRows(
  session: Session,
  table: (typeof SHOWN_TABLES)[number],
  columns: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): Promise<void> {
  await session.copy(`strates_store.${table}`, columns, rows.map(lineOf))
}

/** Of a sum, as the API tells it: the versions of its datasets, and the earliest time. */
async function renewTimes(session: Session, { manifest, reader }: Opened): Promise<void> {
  const { versionOf, retrievedAt } = reader('national')
  const { dataVersion: version } = manifest
  for (const { id } of manifest.datasets) {
    await session.query(
      'UPDATE strates_store.dataset SET dataset_version = $3, retrieved_at = $4 WHERE version = $1 AND id = $2',
      [version, id, versionOf(id), retrievedAt(id)],
    )
  }
  const sources = await session.query<{ readonly source: number; readonly datasets: readonly string[] }>(
    'SELECT source, datasets FROM strates_store.source WHERE version = $1',
    [version],
  )
  for (const { source, datasets } of sources) {
    const versions = [...new Set(datasets.map(versionOf))].join(' ; ')
    const [earliest = ''] = datasets.map(retrievedAt).toSorted()
    await session.query(
      'UPDATE strates_store.source SET dataset_version = $3, retrieved_at = $4 WHERE version = $1 AND source = $2',
      [version, source, versions, earliest],
    )
  }
}
