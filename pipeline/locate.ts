import type { LocateMethod } from '../core/observations/school.ts'
import { departementOfCommuneCode } from '../core/territories/code.ts'
import type { GroundOf } from '../core/territories/ground.ts'
import { normaliseName } from '../core/territories/names.ts'
import { rankOf, type PlaceName } from '../core/territories/placeNames.ts'
import type { Territories, Territory } from '../core/territories/territory.ts'
import type { MappedRow } from './conform.ts'

/** Where a row stands. */
export interface Location {
  /** Pieces of ground, ascending: those of its commune, as finely as the file tells; none where it is unknown. */
  readonly pieces: readonly number[]
  /** Position of the département; -1 where not even that is known. */
  readonly departement: number
  readonly method: LocateMethod
}

/** Where schools are, by UAI, in one edition of the directory. */
export interface Directory {
  /** The rentrée whose situation it shows. */
  readonly situation: number
  readonly groundOf: ReadonlyMap<string, readonly number[]>
}

/** Finds the place of rows, and remembers what was odd. */
export interface Locator {
  locate(row: MappedRow, period: number): Location
  /** Commune codes that never were, each with how often it was met. */
  readonly unknownCodes: ReadonlyMap<string, number>
  /** Rows whose label denies the directory, in words. */
  readonly conflicts: readonly string[]
  /** Département labels that no rule knows. */
  readonly unknownDepartements: ReadonlyMap<string, number>
}

/** What the ministry writes for a département, where it is neither the COG's name nor one normalising to it. */
const DEPARTEMENT_LABELS: Readonly<Record<string, readonly string[]>> = {
  'ALPES DE HTE PROVENCE': ['04'],
  // The académie de Guadeloupe files Saint-Barthélemy and Saint-Martin under its own name.
  GUADELOUPE: ['971', '977', '978'],
  REUNION: ['974'],
}

/** The first three digits of a UAI are a département, but for these (répertoire RAMSESE). */
const UAI_PREFIXES: Readonly<Record<string, readonly string[]>> = {
  '620': ['2A'],
  '720': ['2B'],
  // The académie de Guadeloupe numbers the schools of Saint-Barthélemy and Saint-Martin too.
  '971': ['971', '977', '978'],
  '983': ['988'],
  '984': ['987'],
  '987': ['986'],
}

/**
 * Builds the locator. A row is placed by its own commune code; else by its UAI in the directory nearest the rentrée,
 * checked against its label; else by département and label over names of any time. Codes and names are read as of the
 * January after the rentrée, where the file does not tell another vintage.
 */
export function createLocator(input: {
  readonly territories: Territories
  readonly groundOf: GroundOf
  readonly places: readonly PlaceName[]
  readonly directories: readonly Directory[]
}): Locator {
  const { territories, groundOf, directories } = input
  const byLabel = indexPlaces(input.places, territories)
  const departements = indexDepartements(territories)
  const unknownCodes = new Map<string, number>()
  const unknownDepartements = new Map<string, number>()
  const conflicts: string[] = []

  function locate(row: MappedRow, period: number): Location {
    if (row.communeCode !== null) {
      const coded = groundOf(row.communeCode, row.communeVintage ?? period + 1)
      const listed = coded.length > 1 && row.uai !== null ? inDirectory(row.uai, period) : undefined
      if (listed?.every((piece) => coded.includes(piece))) return placed(listed, 'UAI')
      if (coded.length > 0) return placed(coded, isOneCommune(coded) ? 'CODE' : 'SPLIT')
      unknownCodes.set(row.communeCode, (unknownCodes.get(row.communeCode) ?? 0) + 1)
    }
    const candidates = departementsOf(row)
    const labelled = row.communeLabel === null ? undefined : findByLabel(candidates, row.communeLabel, period + 1)
    const listed = row.uai === null ? undefined : inDirectory(row.uai, period)
    if (listed !== undefined) {
      if (labelled === undefined || listed.some((piece) => labelled.all.has(piece))) {
        return placed(narrowed(listed, labelled?.one), 'UAI')
      }
      if (labelled.one !== undefined) {
        conflicts.push(
          `${row.contributor} (${period}): the directory says ${nameOf(listed)}, the row says ${row.communeLabel} (${codesOf(labelled.one)})`,
        )
        return placed(labelled.one, 'LABEL_AGAINST_UAI')
      }
    }
    if (labelled?.one !== undefined) return placed(labelled.one, 'LABEL')
    return inDepartement(candidates)
  }

  function inDirectory(uai: string, period: number): readonly number[] | undefined {
    const nearest = directories
      .filter((directory) => directory.groundOf.has(uai))
      .toSorted((left, right) => Math.abs(left.situation - period) - Math.abs(right.situation - period))[0]
    return nearest?.groundOf.get(uai)
  }

  function inDepartement(candidates: readonly string[]): Location {
    const code = candidates[0]
    const found = code === undefined ? undefined : territories.byId(`departement:${code}`)
    if (found === undefined) return { pieces: [], departement: -1, method: 'NONE' }
    return { pieces: [], departement: found.index, method: 'DEPARTEMENT' }
  }

  /** The départements that a row may stand in: by its label, by its UAI, by the beginning of its commune code. */
  function departementsOf(row: MappedRow): readonly string[] {
    if (row.departementLabel !== null) {
      const name = normaliseName(row.departementLabel)
      const codes = DEPARTEMENT_LABELS[name] ?? departements.get(name)
      if (codes !== undefined) return codes
      unknownDepartements.set(row.departementLabel, (unknownDepartements.get(row.departementLabel) ?? 0) + 1)
    }
    if (row.communeCode !== null) return [departementOfCommuneCode(row.communeCode)]
    if (row.uai === null) return []
    const prefix = row.uai.slice(0, 3)
    return (UAI_PREFIXES[prefix] ?? [prefix.replace(/^0/, '')]).filter((code) =>
      territories.byId(`departement:${code}`),
    )
  }

  function findByLabel(candidates: readonly string[], label: string, year: number): NamedGround | undefined {
    const name = normaliseName(label)
    const names = candidates.map((code) => byLabel.get(`${code}|${name}`)).find((found) => found !== undefined)
    return names === undefined ? undefined : bestOf(names, `${year}-01-01`, isOneCommune)
  }

  const placed = (pieces: readonly number[], method: LocateMethod): Location => ({
    pieces,
    departement: territories.communeOf(pieces[0] ?? -1).departement,
    method,
  })

  const isOneCommune = (pieces: readonly number[]): boolean =>
    pieces.every((piece) => territories.communeOf(piece) === territories.communeOf(pieces[0] ?? -1))

  const communesOf = (pieces: readonly number[]): readonly Territory[] => [
    ...new Set(pieces.map((piece) => territories.communeOf(piece))),
  ]

  const nameOf = (pieces: readonly number[]): string =>
    communesOf(pieces)
      .map(({ name, code }) => `${name} (${code})`)
      .join(', ')

  const codesOf = (pieces: readonly number[]): string =>
    communesOf(pieces)
      .map(({ code }) => code)
      .join(', ')

  return { locate, unknownCodes, conflicts, unknownDepartements }
}

interface NamedGround {
  /** All the ground that has or had the name. */
  readonly all: ReadonlySet<number>
  /** The only place of the best rank; undefined where two share the name at that rank. */
  readonly one: readonly number[] | undefined
}

/** A directory of later years knows a merged commune only as a whole; the label of the time tells which part of it. */
function narrowed(listed: readonly number[], labelled: readonly number[] | undefined): readonly number[] {
  const both = listed.filter((piece) => labelled?.includes(piece))
  return both.length > 0 ? both : listed
}

/** What a name stands for at a day: the best of its places, where it is one; of several within one commune, the nearest in time. */
function bestOf(
  names: readonly PlaceName[],
  day: string,
  isOneCommune: (pieces: readonly number[]) => boolean,
): NamedGround {
  const ranked = Map.groupBy(names, (name) => rankOf(name, day))
  const best = ranked.get(0) ?? ranked.get(1) ?? ranked.get(2) ?? ranked.get(3) ?? []
  const grounds = new Set(best.map(({ pieces }) => pieces.join()))
  const isOne = grounds.size === 1 || isOneCommune(best.flatMap(({ pieces }) => pieces))
  const nearest = best.toSorted((left, right) => daysFrom(left, day) - daysFrom(right, day))[0]
  return { all: new Set(names.flatMap(({ pieces }) => pieces)), one: isOne ? nearest?.pieces : undefined }
}

/** How far a day is from the time in which a name was used, in days; 0 within it. */
function daysFrom({ from, until }: PlaceName, day: string): number {
  if (day < from) return daysBetween(day, from)
  return until !== null && day >= until ? daysBetween(until, day) : 0
}

const daysBetween = (earlier: string, later: string): number => (Date.parse(later) - Date.parse(earlier)) / 86_400_000

// Every dataset's locator asks for the same list: it is indexed once.
const placeIndexes = new WeakMap<readonly PlaceName[], ReadonlyMap<string, readonly PlaceName[]>>()

/** The names of each département, as normalised. */
function indexPlaces(
  places: readonly PlaceName[],
  territories: Territories,
): ReadonlyMap<string, readonly PlaceName[]> {
  const known = placeIndexes.get(places)
  if (known !== undefined) return known
  const normalised = new Map<string, string>()
  const index = Map.groupBy(places, ({ name, pieces }) => {
    const form = normalised.get(name) ?? normaliseName(name)
    normalised.set(name, form)
    return `${territories.at(territories.communeOf(pieces[0] ?? -1).departement).code}|${form}`
  })
  placeIndexes.set(places, index)
  return index
}

function indexDepartements(territories: Territories): ReadonlyMap<string, readonly string[]> {
  return new Map(territories.ofTier('DEPARTEMENT').map(({ code, name }) => [normaliseName(name), [code]]))
}
