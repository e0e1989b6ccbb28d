/**
 * Invented schools in the shape of the ministry's files, for a first look where the portal cannot be reached and nobody
 * gave a folder. Each file adds up to the totals that the DEPP published; nothing else in it is true, and every school
 * says so in its name.
 */
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { departementOfCommuneCode } from '../../core/territories/code.ts'
import { groupingIncludes } from '../../core/territories/cog.ts'
import { communesOf, parentCommuneOf, type Vintage } from '../../core/territories/vintage.ts'
import { writeParquet, type ParquetType } from '../../core/store/parquet.ts'
import { EMBEDDED_RELEASE } from './cog.ts'
import { keepBytes } from './keep.ts'
import { PUBLISHED_TOTALS, type EnrolmentDataset } from './published-totals.ts'
import type { Source } from './source.ts'

/**
 * A source of invented enrolment: one Parquet file for each of the four enrolment datasets, the same bytes for the same
 * vintages. It has no directory of schools: its rows carry their commune code. One fetch at a time: `writeParquet` has
 * one table on the connection.
 * @param vintages all vintages in ascending order; the schools stand in the communes of the newest.
 */
export function createSimulatedSource(connection: DuckDBConnection, vintages: readonly Vintage[]): Source {
  return {
    name: 'simulated',
    async fetch({ datasetId }, { folder }) {
      if (!isEnrolment(datasetId)) return []
      const model = MODELS[datasetId]
      const columns = Object.fromEntries(headersOf(model).map((name): [string, ParquetType] => [name, 'VARCHAR']))
      const rows = rowsOf(inventSchools(placesOf(vintages), model), model, datasetId)
      await mkdir(folder, { recursive: true })
      const temporary = join(folder, `.${datasetId}-${process.pid}.parquet`)
      try {
        await writeParquet(connection, temporary, columns, rows)
        const kept = await keepBytes(createReadStream(temporary), folder, '.parquet')
        // No official file is called so, and a folder given with --from does not take it for one.
        const name = `simulated-${datasetId}.parquet`
        // Made from the embedded packages, so as old as they are.
        return [{ datasetId, name, url: name, ...kept, retrievedAt: EMBEDDED_RELEASE }]
      } finally {
        await rm(temporary, { force: true })
      }
    },
  }
}

/** A commune in which schools may be invented. */
interface Place {
  readonly code: string
  readonly name: string
  readonly departement: string
  readonly departementName: string
  readonly population: number
}

/** A school that does not exist. */
interface School {
  /** In the form of a UAI, and none: its first three digits are those of no département. */
  readonly uai: string
  readonly place: Place
  readonly kind: SchoolModel
  readonly isPrivate: boolean
  /** Its weight in the sharing out of the country's pupils; those of a département add up to its population. */
  readonly weight: number
}

/** What the schools of a dataset are like, and what its file says of each. */
interface DatasetModel {
  /** About as many as France has. */
  readonly schools: number
  /** Where the numbers begin, apart from those of the other datasets. */
  readonly firstNumber: number
  /** How strongly a commune draws schools, by its population. */
  readonly pull: (population: number) => number
  /** How large a school is, by the inhabitants of its commune for each school there. */
  readonly size: (inhabitants: number) => number
  /** What the school at a rank of its commune is, out of so many. */
  readonly kindAt: (rank: number, count: number) => SchoolModel
  readonly uaiHeader: string
  readonly totalHeader: string
  /** The other counts of the file. */
  readonly levelHeaders: readonly string[]
  /** Those counts for one school and rentrée, in that order; null where the file had no such column yet. */
  readonly levelsOf: (school: School, pupils: number, year: number) => readonly (number | null)[]
}

/** One kind of school within a dataset. */
interface SchoolModel {
  readonly name: string
  /** How many in one such school are private. */
  readonly privateShare: number
  /** Its size beside the other kinds. */
  readonly size: number
}

const PRIMAIRE: SchoolModel = { name: 'ECOLE PRIMAIRE', privateShare: 0, size: 1 }
const MATERNELLE: SchoolModel = { name: 'ECOLE MATERNELLE', privateShare: 0, size: 0.65 }
const ELEMENTAIRE: SchoolModel = { name: 'ECOLE ELEMENTAIRE', privateShare: 0, size: 1.15 }

const LYCEE = {
  pull: (population: number) => fromTowns(population, 6_000),
  size: Math.sqrt,
  uaiHeader: 'numero_lycee',
  totalHeader: 'nombre_d_eleves',
  levelHeaders: [],
  levelsOf: () => [],
}

/** Of Math, only what IEEE 754 fixes to the last bit is used: the same bytes on every machine. */
const MODELS: Readonly<Record<EnrolmentDataset, DatasetModel>> = {
  'fr-en-ecoles-effectifs-nb_classes': {
    schools: 48_000,
    firstNumber: 0,
    // To the power of 3/4: villages have more écoles for their inhabitants than towns.
    pull: (population) => Math.sqrt(population) * Math.sqrt(Math.sqrt(population)),
    // The smallest écoles have a dozen pupils.
    size: (inhabitants) => Math.max(150, inhabitants),
    kindAt(rank, count) {
      if (count === 1) return PRIMAIRE
      return [ELEMENTAIRE, MATERNELLE, { ...PRIMAIRE, privateShare: 0.45 }][rank % 3] ?? PRIMAIRE
    },
    uaiHeader: 'numero_ecole',
    totalHeader: 'nombre_total_eleves',
    levelHeaders: [
      'nombre_total_classes',
      'nombre_eleves_preelementaire_hors_ulis',
      'nombre_eleves_elementaire_hors_ulis',
      'nombre_eleves_ulis',
      'nombre_eleves_ueea',
      'nombre_eleves_cp_hors_ulis',
      'nombre_eleves_ce1_hors_ulis',
      'nombre_eleves_ce2_hors_ulis',
      'nombre_eleves_cm1_hors_ulis',
      'nombre_eleves_cm2_hors_ulis',
    ],
    levelsOf: levelsOfEcole,
  },
  'fr-en-college-effectifs-niveau-sexe-lv': {
    schools: 7_000,
    firstNumber: 60_000,
    pull: (population) => fromTowns(population, 1_500),
    size: Math.sqrt,
    kindAt: (rank) => ({ name: 'COLLEGE', privateShare: rank === 0 ? 0 : 0.45, size: 1 }),
    uaiHeader: 'numero_college',
    totalHeader: 'nombre_eleves_total',
    levelHeaders: ['6eme_total', '5eme_total', '4eme_total', '3eme_total'],
    levelsOf: ({ uai }, pupils, year) => shareOut(pupils, [1, 1, 1, 1], `${uai}@${year}`),
  },
  'fr-en-lycee_gt-effectifs-niveau-sexe-lv': {
    ...LYCEE,
    schools: 2_500,
    firstNumber: 70_000,
    kindAt: (rank) => ({ name: 'LYCEE GENERAL ET TECHNOLOGIQUE', privateShare: rank === 0 ? 0 : 0.6, size: 1 }),
  },
  'fr-en-lycee_pro-effectifs-niveau-sexe-lv': {
    ...LYCEE,
    schools: 2_100,
    firstNumber: 80_000,
    kindAt: (rank) => ({ name: 'LYCEE PROFESSIONNEL', privateShare: rank === 0 ? 0 : 0.6, size: 1 }),
  },
}

/** Nearly all the population of a town, ever less of a commune the smaller it is; half at `half`. */
function fromTowns(population: number, half: number): number {
  return (population * population) / (population + half)
}

const isEnrolment = (datasetId: string): datasetId is EnrolmentDataset => Object.hasOwn(MODELS, datasetId)

const headersOf = ({ uaiHeader, totalHeader, levelHeaders }: DatasetModel): readonly string[] => [
  'rentree_scolaire',
  'departement',
  'commune',
  'code_commune',
  uaiHeader,
  'denomination_principale',
  'patronyme',
  'secteur',
  totalHeader,
  ...levelHeaders,
]

/**
 * The inhabited communes of France in the sense of the DEPP. Communes split since the first rentrée are left out: their
 * code meant several communes of today.
 */
function placesOf(vintages: readonly Vintage[]): readonly Place[] {
  const newest = vintages.at(-1)
  if (newest === undefined) throw new RangeError('simulating needs at least one vintage')
  const names = new Map(newest.departements.map(({ code, nom }) => [code, nom]))
  const split = splitSince(Math.min(...PUBLISHED_TOTALS.map(({ year }) => year)), vintages)
  return communesOf(newest)
    .map(({ code, nom, departement = departementOfCommuneCode(code), population = 0 }) => {
      return { code, name: nom, departement, departementName: names.get(departement) ?? departement, population }
    })
    .filter(
      (place) => groupingIncludes('depp-france', place.departement) && place.population > 0 && !split.has(place.code),
    )
}

/** The communes of which a part has become, or become again, a commune of its own. */
function splitSince(year: number, vintages: readonly Vintage[]): ReadonlySet<string> {
  const communes = new Set(vintages.slice(-1).flatMap((newest) => communesOf(newest).map(({ code }) => code)))
  const split = vintages
    .filter((vintage) => vintage.year > year)
    .flatMap((vintage) => vintage.communes)
    // The seat of a commune nouvelle is a part that has its code.
    .filter((entry) => communes.has(entry.code) && parentCommuneOf(entry) !== entry.code)
  return new Set(split.map(parentCommuneOf))
}

/** Lays out the schools of a dataset, the same for every rentrée: at least one in each département. */
function inventSchools(places: readonly Place[], model: DatasetModel): readonly School[] {
  const departements = [...Map.groupBy(places, ({ departement }) => departement).values()].map((communes) => {
    const pulls = communes.map(({ code, population }) => model.pull(population) * around(code, 0.4))
    return { communes, pulls, population: sum(communes.map(({ population }) => population)) }
  })
  const beyondTheFirst = allocate(
    model.schools - departements.length,
    departements.map(({ pulls }) => sum(pulls)),
  )
  let number = model.firstNumber
  return departements.flatMap(({ communes, pulls, population }, position) => {
    const counts = allocate(1 + (beyondTheFirst[position] ?? 0), pulls)
    const schools = communes.flatMap((place, at) => {
      return Array.from({ length: counts[at] ?? 0 }, (_, rank) =>
        inventSchool(number++, place, rank, counts[at] ?? 0, model),
      )
    })
    const weight = sum(schools.map((school) => school.weight))
    return schools.map((school) => ({ ...school, weight: (school.weight / weight) * population }))
  })
}

function inventSchool(number: number, place: Place, rank: number, count: number, model: DatasetModel): School {
  const uai = `999${`${number % 10_000}`.padStart(4, '0')}${String.fromCharCode(65 + Math.floor(number / 10_000))}`
  const kind = model.kindAt(rank, count)
  return {
    uai,
    place,
    kind,
    isPrivate: chance(`${place.code}/${rank}`) < kind.privateShare,
    weight: model.size(place.population / count) * kind.size * around(uai, 0.25),
  }
}

/** The rows of the file, rentrée by rentrée: as many pupils in each as were published, in the same schools. */
function* rowsOf(
  schools: readonly School[],
  model: DatasetModel,
  datasetId: EnrolmentDataset,
): Generator<(string | null)[]> {
  for (const { year, pupils } of PUBLISHED_TOTALS) {
    const enrolment = allocate(
      pupils[datasetId],
      schools.map(({ uai, weight }) => weight * around(`${uai}@${year}`, 0.03)),
    )
    for (const [position, school] of schools.entries()) {
      const { uai, place, kind, isPrivate } = school
      const total = enrolment[position] ?? 0
      yield [
        `${year}`,
        place.departementName,
        place.name,
        place.code,
        uai,
        kind.name,
        'DONNEE SIMULEE',
        isPrivate ? 'PRIVE' : 'PUBLIC',
        `${total}`,
        ...model.levelsOf(school, total, year).map((count) => (count === null ? null : `${count}`)),
      ]
    }
  }
}

/** The rentrée from which the file counts the UEEA apart. */
const FIRST_UEEA = 2024

/** Classes, then pupils: pré-élémentaire, élémentaire, ULIS, UEEA, CP to CM2; in about the proportions of France. */
function levelsOfEcole({ uai, kind }: School, pupils: number, year: number): readonly (number | null)[] {
  const hasUnits = kind !== MATERNELLE && pupils >= 80
  const ulis = hasUnits && chance(`${uai}/ulis`) < 0.2 ? 12 : 0
  const ueea = hasUnits && year >= FIRST_UEEA && chance(`${uai}/ueea`) < 0.007 ? 7 : 0
  const preelementaire = kind === ELEMENTAIRE ? 0 : kind === MATERNELLE ? 1 : 1.8
  const grade = kind === MATERNELLE ? 0 : 0.64
  const [young = 0, ...grades] = shareOut(
    pupils - ulis - ueea,
    [preelementaire, grade, grade, grade, grade, grade],
    `${uai}@${year}`,
  )
  return [Math.max(1, Math.ceil(pupils / 23)), young, sum(grades), ulis, year < FIRST_UEEA ? null : ueea, ...grades]
}

/** Shares pupils out over levels, no two of which are quite the same size. */
const shareOut = (pupils: number, levels: readonly number[], seed: string): number[] =>
  allocate(
    pupils,
    levels.map((level, position) => level * around(`${seed}/${position}`, 0.12)),
  )

/**
 * Shares a whole number out by weight: exactly, and each part less than 1 from its true share (largest remainders; the
 * first of equal ones wins). A weight of 0 gets nothing.
 * @param weights finite and ≥ 0, not all of them 0.
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  const whole = sum(weights)
  if (!(whole > 0 && whole < Infinity)) {
    throw new RangeError(`${total} cannot be shared out: the weights add up to ${whole}`)
  }
  const exact = weights.map((weight) => (total * weight) / whole)
  const parts = exact.map(Math.floor)
  exact
    .map((share, position) => ({ position, remainder: share % 1 }))
    .filter(({ position }) => weights[position] !== 0)
    .toSorted((left, right) => right.remainder - left.remainder)
    .slice(0, total - sum(parts))
    .forEach(({ position }) => (parts[position] = (parts[position] ?? 0) + 1))
  return parts
}

/** A factor between 1 − spread and 1 + spread, always the same for a seed. */
const around = (seed: string, spread: number): number => 1 + spread * (2 * chance(seed) - 1)

/** A number from 0 to 1 (excluded) that is always the same for a seed: FNV-1a, with the last mixing of MurmurHash3. */
function chance(seed: string): number {
  let hash = 0x811c9dc5
  for (let position = 0; position < seed.length; position += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(position), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
