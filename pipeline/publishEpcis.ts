import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { STORE_FILES } from '../core/store/manifest.ts'
import type { EpciRecords } from '../core/territories/epciHistory.ts'
import { writeParquet } from '../core/store/parquet.ts'

/**
 * Writes the EPCI through the vintages: one row for each in each vintage; one for each ground, with a column for the EPCI
 * of each vintage and one for the inhabitants at each census; one for each change.
 */
export async function writeEpcis(
  connection: DuckDBConnection,
  folder: string,
  { vintages, grounds, changes }: EpciRecords,
): Promise<void> {
  await writeParquet(
    connection,
    join(folder, STORE_FILES.epciVintages),
    { vintage: 'INTEGER', perimeter_of: 'INTEGER', siren: 'VARCHAR', name: 'VARCHAR', kind: 'VARCHAR' },
    vintages.flatMap(({ year, perimeterOf, epcis }) =>
      epcis.map(({ siren, name, kind }) => [year, perimeterOf, siren, name, kind]),
    ),
  )
  const years = vintages.map(({ year }) => year)
  const censuses = [...new Set(grounds.flatMap(({ populations }) => populations.map(({ year }) => year)))].toSorted()
  await writeParquet(
    connection,
    join(folder, STORE_FILES.epciGrounds),
    Object.fromEntries([
      ['ground', 'INTEGER'] as const,
      ...years.map((year) => [`epci_${year}`, 'VARCHAR'] as const),
      ...censuses.map((year) => [`inhabitants_${year}`, 'INTEGER'] as const),
    ]),
    grounds.map(({ epcis, populations }, ground) => [
      ground,
      ...epcis,
      ...censuses.map((year) => populations.find((population) => population.year === year)?.inhabitants ?? null),
    ]),
  )
  await writeParquet(
    connection,
    join(folder, STORE_FILES.epciChanges),
    {
      since: 'INTEGER',
      kind: 'VARCHAR',
      siren: 'VARCHAR',
      epci_before: 'VARCHAR',
      epci_after: 'VARCHAR',
      commune_before: 'VARCHAR',
      commune_before_name: 'VARCHAR',
      commune_after: 'VARCHAR',
      commune_after_name: 'VARCHAR',
      touches: 'VARCHAR',
    },
    changes.map(({ since, kind, siren, before, after, commune, touches }) => [
      since,
      kind,
      siren,
      before,
      after,
      commune?.before.code ?? null,
      commune?.before.name ?? null,
      commune?.after.code ?? null,
      commune?.after.name ?? null,
      touches.join(' '),
    ]),
  )
}
