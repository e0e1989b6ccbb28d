import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import type { OwnerName } from '../observations/owner.ts'
import { loadColumns, loadTexts } from './columns.ts'
import { Contributors, type MissingColumns, type SchoolValueColumns } from './contributors.ts'
import { Cube, type CellColumns, type PartColumns, type RareFacts } from './cube.ts'
import type { OpenedVersion, StoreEngine, VersionFiles } from './engine.ts'
import { checkFiles } from './files.ts'
import { STORE_FILES } from './manifest.ts'

/** The engine of the store that holds everything in memory, from the files of the version: a look-up waits for nothing. */
export const cubeEngine: StoreEngine = {
  waits: false,
  readsFiles: true,
  open: async (version) => openCubes(version),
  problem: () => undefined,
  close: async () => {},
}

function openCubes({ folder, manifest, connection }: VersionFiles): OpenedVersion {
  const cubes = new Map<OwnerName, Cube>()
  const pathOf = (name: string) => join(folder, name)
  return { own, published, slices: published }

  async function own(owner: OwnerName) {
    const columns = await loadCells(connection, pathOf(STORE_FILES.cells(owner)))
    const cells = new Cube(columns, await loadParts(connection, pathOf(STORE_FILES.parts(owner))))
    cubes.set(owner, cells)
    const values = await loadSchoolValues(connection, pathOf(STORE_FILES.schoolValues(owner)))
    const contributions = new Contributors(values, await loadMissing(connection, pathOf(STORE_FILES.missing(owner))))
    return { cells, contributions }
  }

  /** Asked when the connection of the opening may be closed already. */
  async function published(owner: OwnerName): Promise<Cube> {
    const known = cubes.get(owner)
    if (known !== undefined) return known
    await checkFiles(folder, manifest, new Set([STORE_FILES.cells(owner)]))
    const instance = await DuckDBInstance.create(':memory:')
    const later = await instance.connect()
    try {
      const cube = new Cube(await loadCells(later, pathOf(STORE_FILES.cells(owner))))
      cubes.set(owner, cube)
      return cube
    } finally {
      later.closeSync()
      instance.closeSync()
    }
  }
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
