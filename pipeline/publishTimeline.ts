import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { STORE_FILES } from '../core/store/manifest.ts'
import type { PlaceWords, TimelineColumns } from '../core/territories/stayIndex.ts'
import { writeParquet, type ParquetType, type ParquetValue } from '../core/store/parquet.ts'

/** Writes the stays, the names of communes and the populations of pieces, each in the order of its columns. */
export async function writeTimeline(
  connection: DuckDBConnection,
  folder: string,
  { codes, names, stays, communes, populations }: TimelineColumns,
): Promise<void> {
  const words: PlaceWords = { codes, names }
  await writeFile(join(folder, STORE_FILES.placeWords), `${JSON.stringify(words, null, 1)}\n`)
  const named = { code: 'INTEGER', name: 'INTEGER', from: 'INTEGER', until: 'INTEGER' } as const
  const ofStays = { lineage: 'INTEGER', piece: 'INTEGER', standing: 'UTINYINT', commune: 'INTEGER', ...named } as const
  const ofPieces = { piece: 'INTEGER', year: 'INTEGER', inhabitants: 'INTEGER' } as const
  await writeColumns(connection, join(folder, STORE_FILES.stays), ofStays, stays)
  await writeColumns(connection, join(folder, STORE_FILES.communes), named, communes)
  await writeColumns(connection, join(folder, STORE_FILES.pieces), ofPieces, populations)
}

async function writeColumns<Name extends string>(
  connection: DuckDBConnection,
  path: string,
  types: Readonly<Record<Name, ParquetType>>,
  columns: Readonly<Record<Name, Int32Array | Uint8Array>>,
): Promise<void> {
  const ordered = (Object.keys(types) as Name[]).map((name) => columns[name])
  const rows = Array.from(ordered[0] ?? [], (_, row) => ordered.map((column): ParquetValue => column[row] ?? null))
  await writeParquet(connection, path, types, rows)
}
