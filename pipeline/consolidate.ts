import { proportion } from '../core/observations/apportion.ts'
import { weightedMeans, withoutRollUp } from '../core/observations/additivity.ts'
import {
  consolidate,
  consolidateParts,
  type Cell,
  type Contribution,
  type Geography,
  type PartsContribution,
  type ShareOut,
} from '../core/observations/consolidate.ts'
import type { DatasetDescriptor, Edition, MeasureClaim } from '../core/observations/dataset.ts'
import {
  compareKeys,
  isOfPupils,
  NOT_BROKEN_DOWN,
  type Dimension,
  type DimensionKey,
} from '../core/observations/dimension.ts'
import { isDerived, type Additivity } from '../core/observations/measure.ts'
import { FILED_UNDER } from '../core/territories/geography.ts'
import type { Atlas } from '../core/territories/atlas.ts'
import type { Territories } from '../core/territories/territory.ts'
import type { MappedRow } from './conform.ts'
import type { Location } from './locate.ts'

/** A row with its place. */
export interface LocatedRow extends MappedRow {
  readonly period: number
  readonly location: Location
  /** sha256 of the file that it comes from. */
  readonly snapshot: string
}

/** The rows of a dataset, located, with the edition of the file where it tells one. */
export interface LocatedDataset {
  readonly descriptor: DatasetDescriptor
  readonly rows: readonly LocatedRow[]
}

/** A contribution, and who made it. */
export interface Contributor extends Contribution {
  /** UAI of a school; null for a contributor that is none. */
  readonly uai: string | null
  /** The code of a contributor that is no school: that of a commune. */
  readonly code: string
}

/** A school that the directory knows, for the list of those expected to report. */
export interface RegisteredSchool {
  readonly row: MappedRow
  readonly location: Location
}

/** An edition of the directory that tells contract and opening date, so that it can say who is expected. */
export interface Register {
  /** The rentrée whose situation it shows. */
  readonly situation: number
  readonly schools: readonly RegisteredSchool[]
}

/** One (measure, dataset, period), consolidated. */
export interface ConsolidatedSlice {
  readonly claim: MeasureClaim
  /** How the measure's values were put together. */
  readonly additivity: Additivity
  readonly descriptor: DatasetDescriptor
  readonly period: number
  readonly extent: readonly string[]
  readonly covered: readonly string[]
  readonly snapshots: readonly string[]
  readonly cells: readonly Cell[]
  /** Everyone expected, one by one: made anew from the rows at each call, since there are many slices and many schools. */
  readonly contributors: () => readonly Contributor[]
  /** What the parts of the breakdown are, and the value of each in each territory, by position. */
  readonly keys: readonly DimensionKey[]
  readonly parts: ReadonlyMap<number, ReadonlyMap<number, number>>
  /** Overseas collectivities that the file reports in this period, with their value. */
  readonly optional: ReadonlyMap<string, number>
  /** The COG vintages of the commune codes of the rows, where the file tells them. */
  readonly vintages: readonly number[]
  /** Whether rows without a figure may be out of scope without the file telling. */
  readonly scopeUnknown: boolean
}

/**
 * Consolidates every measure and period of a dataset onto the geographies of all vintages at once: what stands on the same
 * ground in several of them is one cell.
 * @param additivityOf how values of a measure may be put together; default: as the dataset's own definitions say.
 */
export function consolidateDataset(
  { descriptor, rows }: LocatedDataset,
  atlas: Atlas,
  geography: Geography,
  registers: readonly Register[],
  additivityOf: (measure: string) => Additivity | undefined = () => undefined,
): readonly ConsolidatedSlice[] {
  const periods = [...Map.groupBy(rows, ({ period }) => period)].toSorted(([left], [right]) => left - right)
  return periods.flatMap(([period, rowsOfPeriod]) =>
    descriptor.measures
      .filter(({ defines }) => defines === undefined || !isDerived(defines))
      .map((claim) => {
        const claimed =
          claim.kinds === undefined
            ? rowsOfPeriod
            : rowsOfPeriod.filter(({ kind }) => kind !== null && claim.kinds?.includes(kind))
        const additivity = additivityOf(claim.measure) ?? claim.defines?.additivity ?? { kind: 'COUNT' }
        return consolidateSlice({
          descriptor,
          claim,
          additivity,
          period,
          rows: claimed,
          atlas,
          geography,
          registers,
        })
      })
      .filter((slice) => slice !== undefined),
  )
}

function consolidateSlice(input: {
  readonly descriptor: DatasetDescriptor
  readonly claim: MeasureClaim
  readonly additivity: Additivity
  readonly period: number
  readonly rows: readonly LocatedRow[]
  readonly atlas: Atlas
  readonly geography: Geography
  readonly registers: readonly Register[]
}): ConsolidatedSlice | undefined {
  const { descriptor, claim, additivity, period, rows, atlas, geography, registers } = input
  const territories = atlas.current
  if (rows.every(({ values }) => (values[claim.measure] ?? null) === null)) return undefined
  const reach = reachOf(descriptor, rows, territories)
  const contributorsOf = (figures: readonly LocatedRow[]) => [
    ...figures.map((row) => contributionOf(row, claim.measure)),
    ...expectedSchools(descriptor, period, rows, reach.covered, registers),
    ...expectedCommunes(descriptor, rows, reach.covered, atlas),
  ]
  const contributors = () => contributorsOf(rows)
  const addUp = (figures: readonly LocatedRow[], share?: ShareOut) =>
    consolidate(contributorsOf(figures), reach, geography, descriptor.absentUnit, share)
  const { keys, contributions: parts } = breakDown(claim, rows)
  const codes = (positions: ReadonlySet<number>) =>
    [...positions].map((position) => territories.at(position).code).toSorted()
  return {
    claim,
    additivity,
    descriptor,
    period,
    extent: codes(reach.extent),
    covered: codes(reach.covered),
    snapshots: [...new Set(rows.map(({ snapshot }) => snapshot))].toSorted(),
    cells: putTogether(claim.measure, additivity, rows, addUp),
    contributors,
    keys,
    parts: consolidateParts(parts, geography),
    optional: optionalValues(descriptor, claim.measure, rows, territories),
    vintages: [...new Set(rows.flatMap(({ communeVintage }) => communeVintage ?? []))],
    scopeUnknown: rows.some(({ inScope, values }) => inScope === null && values[claim.measure] === null),
  }
}

/** Counts add up, means are rebuilt from weighted sums, and what cannot be put together is not. */
function putTogether(
  measure: string,
  additivity: Additivity,
  rows: readonly LocatedRow[],
  addUp: (rows: readonly LocatedRow[], share?: ShareOut) => readonly Cell[],
): readonly Cell[] {
  if (additivity.kind === 'NON_ADDITIVE') return withoutRollUp(addUp(rows))
  if (additivity.kind !== 'MEAN') return addUp(rows)
  const { weight } = additivity
  const weighed = (figure: (value: number, by: number) => number): readonly LocatedRow[] =>
    rows.map((row) => {
      const [value, by] = [row.values[measure] ?? null, row.values[weight] ?? null]
      return { ...row, values: { ...row.values, [measure]: value === null || by === null ? null : figure(value, by) } }
    })
  return weightedMeans(
    addUp(
      weighed((value, by) => value * by),
      proportion,
    ),
    addUp(
      weighed((_, by) => by),
      proportion,
    ),
  )
}

/** Where the dataset should report, and where the rows at hand do. */
function reachOf({ extent }: DatasetDescriptor, rows: readonly LocatedRow[], territories: Territories) {
  const reported = new Set(rows.map(({ location }) => location.departement).filter((position) => position !== -1))
  const isReported = (code: string): boolean => reported.has(territories.byId(`departement:${code}`)?.index ?? -1)
  const departements = territories.ofTier('DEPARTEMENT')
  const belongs = (code: string, kind: string): boolean =>
    kind === 'DEPARTEMENT' ||
    extent.collectivities.includes(code) ||
    (extent.whenReported.includes(code) && isReported(code))
  const within = departements.filter(({ code, kind }) => belongs(code, kind))
  const covered = within.filter(({ code }) => isReported(code) || isReported(FILED_UNDER[code] ?? code))
  return {
    extent: new Set(within.map(({ index }) => index)),
    covered: new Set(covered.map(({ index }) => index)),
  }
}

function contributionOf(row: LocatedRow, measure: string): Contributor {
  const value = row.values[measure] ?? null
  const { pieces, departement } = row.location
  const state = row.inScope === false ? 'OUT_OF_SCOPE' : value === null ? 'MISSING' : 'REPORTED'
  return { ...whoIs(row), pieces, departement, value, state }
}

const whoIs = ({ contributor, contributorName, uai }: MappedRow) => ({
  contributor: contributorName ?? contributor,
  uai,
  code: contributor,
})

/**
 * Splits each row's value over the breakdown: by the contributor's own dimensions, and those crossed with each dimension of
 * pupils. What a row's columns do not add up to is not broken down, so that the parts always add up to the total.
 */
function breakDown(
  { measure, breakdownBy = [] }: MeasureClaim,
  rows: readonly LocatedRow[],
): { readonly keys: readonly DimensionKey[]; readonly contributions: readonly PartsContribution[] } {
  const found = new Map<string, DimensionKey>()
  const split = rows.flatMap((row) => {
    const value = row.values[measure] ?? null
    if (value === null || row.inScope === false || breakdownBy.length === 0) return []
    const parts = partsOf(row, value, breakdownBy).map(({ key, value: part }) => {
      const name = JSON.stringify(key)
      found.set(name, key)
      return { name, value: part }
    })
    return [{ ...row.location, parts }]
  })
  const keys = [...found].toSorted(([, left], [, right]) => compareKeys(left, right))
  const positions = new Map(keys.map(([name], position) => [name, position]))
  return {
    keys: keys.map(([, key]) => key),
    contributions: split.map(({ pieces, departement, parts }) => ({
      pieces,
      departement,
      parts: parts.map(({ name, value }) => [positions.get(name) ?? -1, value] as const),
    })),
  }
}

function partsOf(row: LocatedRow, value: number, breakdownBy: readonly Dimension[]) {
  const own: DimensionKey = Object.fromEntries(
    breakdownBy
      .filter((dimension) => !isOfPupils(dimension))
      .map((dimension) => [dimension, row.attributes[dimension] ?? NOT_BROKEN_DOWN]),
  )
  const crossed = breakdownBy.filter(isOfPupils).flatMap((dimension) => {
    const given = Object.entries(row.parts[dimension] ?? {}).flatMap(([name, part]) =>
      part === null ? [] : [{ name, part }],
    )
    const rest = value - given.reduce((sum, { part }) => sum + part, 0)
    const all = rest === 0 ? given : [...given, { name: NOT_BROKEN_DOWN, part: rest }]
    return all.map(({ name, part }) => ({ key: { ...own, [dimension]: name }, value: part }))
  })
  return Object.keys(own).length === 0 ? crossed : [{ key: own, value }, ...crossed]
}

/** Schools that the directory lists, open at the rentrée and in scope, and that have no row: expected and missing. */
function expectedSchools(
  { register }: DatasetDescriptor,
  period: number,
  rows: readonly LocatedRow[],
  covered: ReadonlySet<number>,
  registers: readonly Register[],
): readonly Contributor[] {
  // An edition older than the rentrée cannot know what closed before it; the nearest later one can.
  const nearest = registers
    .filter(({ situation }) => situation >= period)
    .toSorted((left, right) => left.situation - right.situation)[0]
  if (register === undefined || nearest === undefined) return []
  const present = new Set(rows.map(({ uai }) => uai))
  return nearest.schools
    .filter(({ row, location }) => {
      const isKind = row.kind !== null && register.kinds.includes(row.kind)
      const wasOpen = row.opened !== null && row.opened < `${period}-10-01`
      return isKind && row.inScope === true && wasOpen && !present.has(row.uai) && covered.has(location.departement)
    })
    .map(({ row, location }) => ({
      ...whoIs(row),
      pieces: location.pieces,
      departement: location.departement,
      value: null,
      state: 'MISSING' as const,
    }))
}

/** Where the communes themselves contribute, each covered commune of the vintage of the rows without a row is missing. */
function expectedCommunes(
  { contributors }: DatasetDescriptor,
  rows: readonly LocatedRow[],
  covered: ReadonlySet<number>,
  atlas: Atlas,
): readonly Contributor[] {
  if (contributors !== 'COMMUNES') return []
  const newest = rows.reduce((latest, { communeVintage }) => Math.max(latest, communeVintage ?? 0), 0)
  const territories = atlas.of(newest) ?? atlas.current
  const present = new Set(rows.flatMap(({ location }) => location.pieces))
  return territories.ofTier('COMMUNE').flatMap((commune): readonly Contributor[] => {
    const pieces = territories.piecesOf(commune)
    const [first] = pieces
    if (first === undefined || pieces.some((piece) => present.has(piece))) return []
    const { departement } = atlas.current.communeOf(first)
    if (!covered.has(departement)) return []
    const { name, code } = commune
    return [{ contributor: name, uai: null, code, pieces, departement, value: null, state: 'MISSING' }]
  })
}

function optionalValues(
  { extent }: DatasetDescriptor,
  measure: string,
  rows: readonly LocatedRow[],
  territories: Territories,
): ReadonlyMap<string, number> {
  const values = new Map<string, number>()
  for (const { location, values: figures } of rows) {
    if (location.departement === -1) continue
    const { code } = territories.at(location.departement)
    if (extent.whenReported.includes(code)) values.set(code, (values.get(code) ?? 0) + (figures[measure] ?? 0))
  }
  return values
}

/** The edition that a file is, by its name or the newest date of its rows; undefined when none is declared. */
export function editionOf(
  editions: readonly Edition[],
  fileName: string,
  rows: readonly Pick<MappedRow, 'updated'>[],
): Edition | undefined {
  const newest = rows.reduce((latest, { updated }) => ((updated ?? '') > latest ? (updated ?? '') : latest), '')
  return editions.find(({ match }) =>
    'fileName' in match ? match.fileName.test(fileName) : newest.startsWith(match.updated),
  )
}
