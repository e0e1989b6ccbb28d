import type { MissingMember, MissingReason } from '../observations/missing.ts'
import { departementsOf, placesWithin } from '../territories/geography.ts'
import type { Territories, Territory } from '../territories/territory.ts'
import type { Contributors, MissingRow } from './contributors.ts'
import type { SliceRecord } from './manifest.ts'
import type { Schools } from './schools.ts'

/** What listing the missing reads. */
export interface MissingSources {
  readonly territories: Territories
  readonly schools: Schools
  readonly contributors: Contributors
}

/**
 * Who was expected in a cell and brought no figure, as its coverage counts them: contributors first, in the order of the
 * store, then the places that no file covers.
 */
export function missingIn(
  slice: SliceRecord,
  territory: Territory,
  { territories, schools, contributors }: MissingSources,
): readonly MissingMember[] {
  const places = placesWithin(territories, territory)
  const rows = contributors.missingIn(slice.slice)
  const split = Map.groupBy(
    rows.filter(({ together }) => together !== -1),
    ({ together }) => together,
  )
  const members = rows.flatMap((row): MissingMember[] => {
    const isHere = places.has(row.commune === -1 ? row.departement : row.commune)
    const reason = isHere ? reasonOf(row, split.get(row.together) ?? [row], places) : undefined
    return reason === undefined ? [] : [memberOf(row, reason, slice, territories, schools)]
  })
  return withUniqueIds([...members, ...absentPlaces(slice, territory, territories)])
}

/**
 * Those of one contribution are all in the territory, or each part that is counts as missing there. A contribution that
 * reported is among the rows only for the places that hold a part of it.
 */
function reasonOf(
  { state }: MissingRow,
  together: readonly MissingRow[],
  places: ReadonlySet<number>,
): MissingReason | undefined {
  const isWhole = together.length === 1 || together.every(({ commune }) => places.has(commune))
  if (!isWhole) return 'ONLY_TOGETHER'
  if (state === 'SUPPRESSED') return 'SUPPRESSED'
  return state === 'MISSING' ? 'NO_FIGURE' : undefined
}

function memberOf(
  { commune, departement, school, kind, code, name }: MissingRow,
  reason: MissingReason,
  { measure }: SliceRecord,
  territories: Territories,
  schools: Schools,
): MissingMember {
  const place = territories.at(commune === -1 ? departement : commune)
  const known = school === -1 ? { uai: code, name } : schools.at(school)
  return {
    id: `${measure}|${known.uai}|${place.id}`,
    kind,
    code: known.uai,
    name: known.name,
    reason,
    measure,
    placeId: place.id,
    placeName: place.name,
  }
}

/** Places within the extent that no file covers: each commune, or each département, counts as one. */
function absentPlaces(slice: SliceRecord, territory: Territory, territories: Territories): readonly MissingMember[] {
  const covered = new Set(slice.covered)
  const absent = new Set(slice.extent.filter((code) => !covered.has(code)))
  const codes = departementsOf(territories, territory).filter((code) => absent.has(code))
  if (codes.length === 0) return []
  const places =
    slice.absentUnit === 'DEPARTEMENT'
      ? codes.map((code) => territories.find('DEPARTEMENT', code).territory)
      : territories.communesOf(territory).filter(({ departement }) => absent.has(territories.at(departement).code))
  return places.map((place): MissingMember => ({
    id: `${slice.measure}|${place.id}`,
    kind: slice.absentUnit,
    code: place.code,
    name: place.name,
    reason: 'NO_FILE',
    measure: slice.measure,
    placeId: place.id,
    placeName: place.name,
  }))
}

/** A contributor may stand twice in a slice, as a commune does that two of a former vintage became. */
function withUniqueIds(members: readonly MissingMember[]): readonly MissingMember[] {
  const met = new Map<string, number>()
  return members.map((member) => {
    const times = met.get(member.id) ?? 0
    met.set(member.id, times + 1)
    return times === 0 ? member : { ...member, id: `${member.id}|${times}` }
  })
}
