import { StratesError } from '../observations/error.ts'
import {
  LOCATE_METHODS,
  SCHOOL_CONTRACTS,
  SCHOOL_KINDS,
  SCHOOL_SECTORS,
  type LocateMethod,
  type SchoolContract,
  type SchoolKind,
  type SchoolSector,
} from '../observations/school.ts'
import { groundWithin } from '../territories/geography.ts'
import type { Atlas } from '../territories/atlas.ts'
import type { Territories, Territory } from '../territories/territory.ts'
import type { SchoolSource } from './manifest.ts'

/** What the directory, or else an enrolment file, says of one school. */
export interface School {
  /** Its position in the list of all schools of the store, which is in UAI order. */
  readonly position: number
  readonly uai: string
  readonly name: string
  readonly kind: SchoolKind
  readonly sector: SchoolSector
  readonly contract: SchoolContract
  /** Position of its commune of today, -1 where it is not known. */
  readonly commune: number
  /** Position of its département, -1 where not even that is known. */
  readonly departement: number
  readonly located: LocateMethod
  /** Degrees (WGS 84); null where no file says. */
  readonly coordinates: { readonly latitude: number; readonly longitude: number } | null
  /** ISO date on which it opened, null where no file says. */
  readonly opened: string | null
  readonly source: SchoolSource
}

/** A school and how far it is. */
export interface NearbySchool {
  readonly position: number
  readonly distanceKm: number
}

/** A place on the globe and a distance around it. */
export interface Area {
  readonly latitude: number
  readonly longitude: number
  readonly radiusKm: number
}

/** The schools as they come from their Parquet file, in UAI order; numbers in typed arrays. */
export interface SchoolColumns {
  readonly uai: readonly string[]
  readonly name: readonly string[]
  readonly kind: Uint8Array
  readonly sector: Uint8Array
  readonly contract: Uint8Array
  readonly commune: Int32Array
  /** Position of the commune, of any vintage, that its file tells; -1 where it tells none. */
  readonly place: Int32Array
  readonly departement: Int32Array
  readonly located: Uint8Array
  /** NaN where it is not known. */
  readonly latitude: Float64Array
  readonly longitude: Float64Array
  /** 20180901 for 1 September 2018, 0 where it is not known. */
  readonly opened: Int32Array
  readonly source: Uint16Array
}

/** Mean radius of the Earth, in kilometres (IUGG). */
const EARTH_RADIUS_KM = 6371.0088

/** Every school that a directory or an enrolment file names, each number once. */
export class Schools {
  readonly #columns: SchoolColumns
  readonly #sources: readonly SchoolSource[]
  readonly #atlas: Atlas
  /** The pieces of ground of the communes that files tell, by position. */
  readonly #grounds = new Map<number, readonly number[]>()

  constructor(columns: SchoolColumns, sources: readonly SchoolSource[], atlas: Atlas) {
    this.#columns = columns
    this.#sources = sources
    this.#atlas = atlas
  }

  /** How many there are. */
  get size(): number {
    return this.#columns.uai.length
  }

  /** The number of the school at a position. */
  uaiAt(position: number): string {
    return this.#columns.uai[position] ?? ''
  }

  /**
   * The position of a school number.
   * @throws StratesError INVALID_CODE for a malformed number, UNKNOWN_SCHOOL for one that no school has.
   */
  find(text: string): number {
    const uai = text.trim().toUpperCase()
    if (!/^\d{7}[A-Z]$/.test(uai)) {
      throw new StratesError({
        code: 'INVALID_CODE',
        what: 'This is not the number of a school',
        on: `uai ${JSON.stringify(text)}`,
        expected: 'a UAI: seven digits and a letter, such as 0350030T',
        remedy: "Look the number up in the Annuaire de l'éducation (education.gouv.fr/annuaire).",
        details: { given: text },
      })
    }
    const position = lowerBound(this.#columns.uai, uai)
    if (this.#columns.uai[position] === uai) return position
    throw new StratesError({
      code: 'UNKNOWN_SCHOOL',
      what: 'No school has this number',
      on: `uai ${JSON.stringify(text)}`,
      expected: 'a number that the directory or an enrolment file of this store names',
      remedy:
        this.size === 0
          ? 'This store holds no schools: ingest the directory or an enrolment file.'
          : 'Ask schools of a territory, or schoolsNear, for those there are; a school closed long ago is in no file.',
      details: { given: text },
    })
  }

  /** The school at a position. */
  at(position: number): School {
    const { uai, name, kind, sector, contract, commune, departement, located } = this.#columns
    const { latitude, longitude, opened, source } = this.#columns
    const number = uai[position]
    const known = this.#sources[source[position] ?? -1]
    if (number === undefined || known === undefined) throw new RangeError(`no school at position ${position}`)
    const north = latitude[position] ?? Number.NaN
    const east = longitude[position] ?? Number.NaN
    return {
      position,
      uai: number,
      name: name[position] ?? number,
      kind: SCHOOL_KINDS[kind[position] ?? -1] ?? 'OTHER',
      sector: SCHOOL_SECTORS[sector[position] ?? -1] ?? 'UNKNOWN',
      contract: SCHOOL_CONTRACTS[contract[position] ?? -1] ?? 'UNKNOWN',
      commune: commune[position] ?? -1,
      departement: departement[position] ?? -1,
      located: LOCATE_METHODS[located[position] ?? -1] ?? 'NONE',
      coordinates: Number.isNaN(north) || Number.isNaN(east) ? null : { latitude: north, longitude: east },
      opened: dateOf(opened[position] ?? 0),
      source: known,
    }
  }

  /**
   * Positions of the schools of a territory, in UAI order: those on its ground, and those known only to be in one of its
   * départements. The nation has them all. A school of which a file tells a commune that the territory holds a part of is
   * listed, as the coverage of its pupils counts it.
   * @param territories those of the vintage of the territory; default: of today.
   */
  within(
    territory: Territory,
    kind: SchoolKind | null = null,
    territories: Territories = this.#atlas.current,
  ): readonly number[] {
    const { place, departement } = this.#columns
    const ground = groundWithin(territories, territory)
    return this.#positions(kind, (position) => {
      if (territory.tier === 'NATION') return true
      const told = place[position] ?? -1
      if (told === -1) return ground.departements.has(departement[position] ?? -1)
      return this.#groundOf(told).some((piece) => ground.pieces.has(piece))
    })
  }

  #groundOf(place: number): readonly number[] {
    const known = this.#grounds.get(place)
    if (known !== undefined) return known
    const vintage = this.#atlas.newestWith(place)
    const pieces = vintage.piecesOf(vintage.at(place))
    this.#grounds.set(place, pieces)
    return pieces
  }

  /** The schools around a place, nearest first, by great-circle distance; those without a position are left out. */
  near({ latitude, longitude, radiusKm }: Area, kind: SchoolKind | null = null): readonly NearbySchool[] {
    const columns = this.#columns
    const reach = ((radiusKm / EARTH_RADIUS_KM) * 180) / Math.PI
    const found: NearbySchool[] = []
    // The latitude alone rules out nearly all: the rest is one pass over two typed arrays.
    const candidates = this.#positions(
      kind,
      (position) => Math.abs((columns.latitude[position] ?? Number.NaN) - latitude) <= reach,
    )
    for (const position of candidates) {
      const distanceKm = haversineKm(
        latitude,
        longitude,
        columns.latitude[position] ?? Number.NaN,
        columns.longitude[position] ?? Number.NaN,
      )
      if (distanceKm <= radiusKm) found.push({ position, distanceKm })
    }
    return found.toSorted((left, right) => left.distanceKm - right.distanceKm || left.position - right.position)
  }

  #positions(kind: SchoolKind | null, holds: (position: number) => boolean): readonly number[] {
    const wanted = kind === null ? -1 : SCHOOL_KINDS.indexOf(kind)
    const found: number[] = []
    for (let position = 0; position < this.size; position += 1) {
      if (wanted !== -1 && this.#columns.kind[position] !== wanted) continue
      if (holds(position)) found.push(position)
    }
    return found
  }
}

/** The distance between two places along the surface of the Earth, in kilometres. */
export function haversineKm(latitude: number, longitude: number, toLatitude: number, toLongitude: number): number {
  const radians = Math.PI / 180
  const north = Math.sin(((toLatitude - latitude) * radians) / 2)
  const east = Math.sin(((toLongitude - longitude) * radians) / 2)
  const chord = north * north + Math.cos(latitude * radians) * Math.cos(toLatitude * radians) * east * east
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)))
}

/** The first position whose number is not before the one looked for. */
function lowerBound(sorted: readonly string[], text: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? '') < text) low = middle + 1
    else high = middle
  }
  return low
}

function dateOf(number: number): string | null {
  if (number === 0) return null
  const digits = `${number}`
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`
}
