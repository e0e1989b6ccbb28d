import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { MEMBER_KINDS } from '../core/observations/missing.ts'
import {
  CONTRIBUTION_STATES,
  LOCATE_METHODS,
  SCHOOL_CONTRACTS,
  SCHOOL_KINDS,
  SCHOOL_SECTORS,
} from '../core/observations/school.ts'
import type { OwnerName } from '../core/observations/owner.ts'
import { STORE_FILES, type SchoolSource, type SliceRecord } from '../core/store/manifest.ts'
import type { Atlas } from '../core/territories/atlas.ts'
import type { Territories } from '../core/territories/territory.ts'
import type { Contributor } from './consolidate.ts'
import { writeParquet, type ParquetValue } from '../core/store/parquet.ts'
import type { SchoolRecord } from './schools.ts'

/** A slice, and everyone expected in it. */
export interface ContributedSlice {
  readonly record: SliceRecord
  /** Whether it is a rate of what the contributors brought, of which none of them has a figure. */
  readonly isRate?: boolean
  /** None where contributors are not published one by one. */
  readonly contributors?: () => readonly Contributor[]
}

/** The distinct editions of files that schools come from, in the order in which they are met. */
export const schoolSourcesOf = (schools: readonly SchoolRecord[]): readonly SchoolSource[] => [
  ...new Map(schools.map(({ source }) => [JSON.stringify(source), source])).values(),
]

/** Writes the facts of the schools, in the order given. */
export async function writeSchools(
  connection: DuckDBConnection,
  folder: string,
  schools: readonly SchoolRecord[],
  atlas: Atlas,
): Promise<void> {
  const placeOf = placesBySetOfPieces(atlas)
  const sources = schoolSourcesOf(schools).map((source) => JSON.stringify(source))
  const columns = {
    uai: 'VARCHAR',
    name: 'VARCHAR',
    kind: 'UTINYINT',
    sector: 'UTINYINT',
    contract: 'UTINYINT',
    commune: 'INTEGER',
    place: 'INTEGER',
    departement: 'INTEGER',
    located: 'UTINYINT',
    latitude: 'DOUBLE',
    longitude: 'DOUBLE',
    opened: 'INTEGER',
    source: 'USMALLINT',
  } as const
  const rows = schools.map((school): ParquetValue[] => [
    school.uai,
    school.name,
    SCHOOL_KINDS.indexOf(school.kind),
    SCHOOL_SECTORS.indexOf(school.sector),
    SCHOOL_CONTRACTS.indexOf(school.contract),
    communeOf(school.pieces, atlas.current),
    placeOf(school.pieces),
    school.departement,
    LOCATE_METHODS.indexOf(school.located),
    school.latitude,
    school.longitude,
    Number(school.opened?.replaceAll('-', '') ?? 0),
    sources.indexOf(JSON.stringify(school.source)),
  ])
  await writeParquet(connection, join(folder, STORE_FILES.schools), columns, rows)
}

/** Writes what each contributor of an owner's slices brought: the figures of schools, and who gave none. */
export async function writeContributors(
  connection: DuckDBConnection,
  folder: string,
  owner: OwnerName,
  slices: readonly ContributedSlice[],
  positionOf: ReadonlyMap<string, number>,
  territories: Territories,
): Promise<void> {
  const values: SchoolValueRow[] = []
  const missing: MissingRow[] = []
  let together = 0
  for (const { record, isRate = false, contributors = () => [] } of slices.filter(
    (slice) => slice.record.owner === owner,
  )) {
    for (const contributor of contributors()) {
      const school = contributor.uai === null ? -1 : (positionOf.get(contributor.uai) ?? -1)
      if (school !== -1 && !isRate) values.push(valueOf(contributor, school, record.slice, territories))
      missing.push(...missingOf(contributor, school, record.slice, contributor.pieces.length > 1 ? together++ : -1))
    }
  }
  await writeSchoolValues(connection, folder, owner, values)
  await writeMissing(connection, folder, owner, missing)
}

type SchoolValueRow = readonly [school: number, slice: number, value: number | null, state: number, commune: number]

function valueOf(
  { value, state, pieces }: Contributor,
  school: number,
  slice: number,
  territories: Territories,
): SchoolValueRow {
  const kept = state === 'REPORTED' ? value : null
  return [school, slice, kept, CONTRIBUTION_STATES.indexOf(state), communeOf(pieces, territories)]
}

/** Position of the commune of today that holds all the pieces; -1 where there is none, or several share them. */
function communeOf(pieces: readonly number[], territories: Territories): number {
  const [commune = -1, ...others] = new Set(pieces.map((piece) => territories.communeOf(piece).index))
  return others.length === 0 ? commune : -1
}

/**
 * The commune of any vintage that stands on exactly these pieces, by position; -1 where there is none. What a file tells of
 * the place of a school is a commune of some vintage.
 */
function placesBySetOfPieces({ years, of }: Atlas): (pieces: readonly number[]) => number {
  const places = new Map<string, number>()
  for (const year of years) {
    const territories = of(year)
    for (const commune of territories?.ofTier('COMMUNE') ?? []) {
      places.set(territories?.piecesOf(commune).join() ?? '', commune.index)
    }
  }
  return (pieces) => places.get(pieces.join()) ?? -1
}

interface MissingRow {
  readonly slice: number
  readonly piece: number
  readonly departement: number
  readonly school: number
  readonly together: number
  readonly state: number
  readonly kind: number
  readonly code: string | null
  readonly name: string | null
}

/** The rows of a contributor that gave no figure, one for each piece of its ground. One without a place counts nowhere. */
function missingOf(
  { uai, code, contributor, pieces, departement, state }: Contributor,
  school: number,
  slice: number,
  together: number,
): readonly MissingRow[] {
  const isMissing = state === 'MISSING' || state === 'SUPPRESSED'
  if (!isMissing || (pieces.length === 0 && departement === -1)) return []
  return (pieces.length === 0 ? [-1] : pieces).map((piece) => ({
    slice,
    piece,
    departement,
    school,
    together,
    state: CONTRIBUTION_STATES.indexOf(state),
    kind: MEMBER_KINDS.indexOf(uai === null ? 'COMMUNE' : 'SCHOOL'),
    code: school === -1 ? code : null,
    name: school === -1 ? contributor : null,
  }))
}

async function writeSchoolValues(
  connection: DuckDBConnection,
  folder: string,
  owner: OwnerName,
  rows: readonly SchoolValueRow[],
): Promise<void> {
  const columns = {
    school: 'INTEGER',
    slice: 'INTEGER',
    value: 'DOUBLE',
    state: 'UTINYINT',
    commune: 'INTEGER',
  } as const
  const sorted = rows.toSorted((left, right) => left[0] - right[0] || left[1] - right[1])
  await writeParquet(connection, join(folder, STORE_FILES.schoolValues(owner)), columns, sorted)
}

async function writeMissing(
  connection: DuckDBConnection,
  folder: string,
  owner: OwnerName,
  rows: readonly MissingRow[],
): Promise<void> {
  const columns = {
    slice: 'INTEGER',
    piece: 'INTEGER',
    departement: 'INTEGER',
    school: 'INTEGER',
    together: 'INTEGER',
    state: 'UTINYINT',
    kind: 'UTINYINT',
    code: 'VARCHAR',
    name: 'VARCHAR',
  } as const
  const sorted = rows.toSorted(
    (left, right) =>
      left.slice - right.slice ||
      left.departement - right.departement ||
      left.piece - right.piece ||
      left.school - right.school,
  )
  const names = Object.keys(columns) as (keyof MissingRow)[]
  const values = sorted.map((row) => names.map((name) => row[name]))
  await writeParquet(connection, join(folder, STORE_FILES.missing(owner)), columns, values)
}
