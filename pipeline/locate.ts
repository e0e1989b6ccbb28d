import type { LocateMethod } from '../core/observations/school.ts'
import { departementOfCommuneCode } from '../core/territories/code.ts'
import type { PlaceName } from '../core/territories/cog.ts'
import { normaliseName } from '../core/territories/names.ts'
import type { Successors } from '../core/territories/succession.ts'
import type { Territories, Territory } from '../core/territories/territory.ts'
import type { MappedRow } from './conform.ts'

/** Where a row stands. */
export interface Location {
  /** Positions of the communes: one, several for a split, none where it is unknown. */
  readonly communes: readonly number[]
  /** Position of the département; -1 where not even that is known. */
  readonly departement: number
  readonly method: LocateMethod
}

/** Where schools are, by UAI, in one edition of the directory. */
export interface Directory {
  /** The rentrée whose situation it shows. */
  readonly situation: number
  readonly communeOf: ReadonlyMap<string, number>
}

/** Finds the place of rows, and remembers what was odd. */
export interface Locator {
  locate(row: MappedRow, period: number): Location
  /** Commune codes that no vintage has, each with how often it was met. */
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
 * checked against its label; else by département and label over current, partial and former names.
 */
export function createLocator(input: {
  readonly territories: Territories
  readonly successors: Successors
  readonly places: readonly PlaceName[]
  readonly directories: readonly Directory[]
}): Locator {
  const { territories, successors, directories } = input
  const byLabel = indexPlaces(input.places)
  const departements = indexDepartements(territories)
  const unknownCodes = new Map<string, number>()
  const unknownDepartements = new Map<string, number>()
  const conflicts: string[] = []

  function locate(row: MappedRow, period: number): Location {
    if (row.communeCode !== null) {
      const coded = byCode(row.communeCode, row.communeVintage ?? period + 1)
      const whole = coded?.method === 'SPLIT' && row.uai !== null ? inDirectory(row.uai, period) : undefined
      if (whole !== undefined && coded?.communes.includes(whole.index)) return placed(whole, 'UAI')
      if (coded !== undefined) return coded
      unknownCodes.set(row.communeCode, (unknownCodes.get(row.communeCode) ?? 0) + 1)
    }
    const candidates = departementsOf(row)
    const labelled = row.communeLabel === null ? undefined : findByLabel(candidates, row.communeLabel)
    const listed = row.uai === null ? undefined : inDirectory(row.uai, period)
    if (listed !== undefined) {
      if (labelled === undefined || labelled.all.has(listed.code)) return placed(listed, 'UAI')
      if (labelled.one !== undefined) {
        const named = commune(labelled.one)
        conflicts.push(
          `${row.contributor} (${period}): the directory says ${listed.name} (${listed.code}), the row says ${row.communeLabel} (${named.code})`,
        )
        return placed(named, 'LABEL_AGAINST_UAI')
      }
    }
    if (labelled?.one !== undefined) return placed(commune(labelled.one), 'LABEL')
    return inDepartement(candidates)
  }

  function byCode(code: string, vintage: number): Location | undefined {
    const codes = successors(code, vintage)
    const [first, ...others] = codes.map(commune)
    if (first === undefined) return undefined
    if (others.length === 0) return placed(first, 'CODE')
    return { communes: [first, ...others].map(({ index }) => index), departement: first.departement, method: 'SPLIT' }
  }

  function inDirectory(uai: string, period: number): Territory | undefined {
    const nearest = directories
      .filter(({ communeOf }) => communeOf.has(uai))
      .toSorted((left, right) => Math.abs(left.situation - period) - Math.abs(right.situation - period))[0]
    const position = nearest?.communeOf.get(uai)
    return position === undefined ? undefined : territories.at(position)
  }

  function inDepartement(candidates: readonly string[]): Location {
    const code = candidates[0]
    const found = code === undefined ? undefined : territories.byId(`departement:${code}`)
    if (found === undefined) return { communes: [], departement: -1, method: 'NONE' }
    return { communes: [], departement: found.index, method: 'DEPARTEMENT' }
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

  function findByLabel(candidates: readonly string[], label: string): NamedPlace | undefined {
    const name = normaliseName(label)
    return candidates.map((code) => byLabel.get(`${code}|${name}`)).find((place) => place !== undefined)
  }

  const commune = (code: string): Territory => territories.find('COMMUNE', code).territory

  return { locate, unknownCodes, conflicts, unknownDepartements }
}

interface NamedPlace {
  /** Every commune that has or had the name. */
  readonly all: ReadonlySet<string>
  /** The only commune of the best rank; undefined where two share the name at that rank. */
  readonly one: string | undefined
}

// Every dataset's locator asks for the same list: it is indexed once.
const placeIndexes = new WeakMap<readonly PlaceName[], ReadonlyMap<string, NamedPlace>>()

function indexPlaces(places: readonly PlaceName[]): ReadonlyMap<string, NamedPlace> {
  const index = placeIndexes.get(places) ?? buildPlaceIndex(places)
  placeIndexes.set(places, index)
  return index
}

function buildPlaceIndex(places: readonly PlaceName[]): ReadonlyMap<string, NamedPlace> {
  const ranks = new Map<string, Set<string>[]>()
  const normalised = new Map<string, string>()
  for (const { name, departement, commune, rank } of places) {
    const known = normalised.get(name) ?? normaliseName(name)
    normalised.set(name, known)
    const key = `${departement}|${known}`
    const sets = ranks.get(key) ?? [new Set(), new Set(), new Set()]
    ranks.set(key, sets)
    sets[rank]?.add(commune)
  }
  return new Map(
    [...ranks].map(([key, sets]) => {
      const best = sets.find(({ size }) => size > 0) ?? new Set()
      return [key, { all: new Set(sets.flatMap((set) => [...set])), one: best.size === 1 ? [...best][0] : undefined }]
    }),
  )
}

function indexDepartements(territories: Territories): ReadonlyMap<string, readonly string[]> {
  return new Map(territories.ofTier('DEPARTEMENT').map(({ code, name }) => [normaliseName(name), [code]]))
}

const placed = (commune: Territory, method: LocateMethod): Location => ({
  communes: [commune.index],
  departement: commune.departement,
  method,
})
