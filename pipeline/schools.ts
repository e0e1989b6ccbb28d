import {
  SCHOOL_KINDS,
  SCHOOL_SECTORS,
  type LocateMethod,
  type SchoolContract,
  type SchoolKind,
  type SchoolSector,
} from '../core/observations/school.ts'
import type { SchoolSource } from '../core/store/manifest.ts'
import type { LocatedDataset, RegisteredSchool } from './consolidate.ts'
import type { MappedRow } from './conform.ts'
import type { Location } from './locate.ts'

/** One edition of the directory: its schools, located, and the rentrée whose situation it shows. */
export interface DirectoryEdition extends SchoolSource {
  readonly schools: readonly RegisteredSchool[]
}

/** The facts of one school, as they are published. */
export interface SchoolRecord {
  readonly uai: string
  readonly name: string
  readonly kind: SchoolKind
  readonly sector: SchoolSector
  readonly contract: SchoolContract
  /** The ground on which it stands: several pieces where the file tells only a larger place; none where it is not known. */
  readonly pieces: readonly number[]
  readonly departement: number
  readonly located: LocateMethod
  readonly latitude: number | null
  readonly longitude: number | null
  readonly opened: string | null
  readonly source: SchoolSource
}

/**
 * Every school, each number once and in order of number, with the facts of the newest edition of the directory that lists
 * it. Where none does, those of its newest row in an enrolment file. Where an edition lists a number twice, the first counts.
 */
export function listSchools(
  editions: readonly DirectoryEdition[],
  datasets: readonly LocatedDataset[],
): readonly SchoolRecord[] {
  const known = new Map<string, SchoolRecord>()
  for (const edition of editions.toSorted((left, right) => right.situation - left.situation)) {
    const source = sourceOf(edition)
    for (const { row, location } of edition.schools) {
      if (row.uai !== null && !known.has(row.uai)) known.set(row.uai, recordOf(row, row.uai, location, source))
    }
  }
  const listed = new Set(known.keys())
  const sources = new Map<string, SchoolSource>()
  for (const { descriptor, rows } of datasets) {
    for (const row of rows) {
      if (row.uai === null || listed.has(row.uai)) continue
      const key = `${descriptor.id}@${row.period}/${row.snapshot}`
      const source = sources.get(key) ?? { dataset: descriptor.id, situation: row.period, snapshot: row.snapshot }
      sources.set(key, source)
      const record = recordOf(row, row.uai, row.location, source)
      const before = known.get(row.uai)
      if (before === undefined || isBetter(record, before)) known.set(row.uai, record)
    }
  }
  return [...known.values()].toSorted((left, right) => (left.uai < right.uai ? -1 : 1))
}

const sourceOf = ({ dataset, situation, snapshot }: DirectoryEdition): SchoolSource => ({
  dataset,
  situation,
  snapshot,
})

/** Newer is better; a school of the same rentrée in the collège and in the lycée file is a lycée that holds collège classes. */
const isBetter = (record: SchoolRecord, before: SchoolRecord): boolean =>
  record.source.situation > before.source.situation ||
  (record.source.situation === before.source.situation &&
    SCHOOL_KINDS.indexOf(record.kind) > SCHOOL_KINDS.indexOf(before.kind))

function recordOf(row: MappedRow, uai: string, location: Location, source: SchoolSource): SchoolRecord {
  return {
    uai,
    name: row.contributorName?.trim() || uai,
    kind: row.kind ?? 'OTHER',
    sector: SCHOOL_SECTORS.find((sector) => sector === row.attributes.SECTOR) ?? 'UNKNOWN',
    contract: row.contract ?? 'UNKNOWN',
    pieces: location.pieces,
    departement: location.departement,
    located: location.method,
    latitude: row.latitude ?? null,
    longitude: row.longitude ?? null,
    opened: row.opened,
    source,
  }
}
