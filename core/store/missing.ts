import type { MissingMember } from '../observations/missing.ts'
import type { Atlas } from '../territories/atlas.ts'
import { idOfVintage } from '../territories/code.ts'
import { departementsOf, groundWithin, type Ground } from '../territories/geography.ts'
import type { Territories, Territory } from '../territories/territory.ts'
import type { Contributions } from './cells.ts'
import type { MissingRow } from './contributors.ts'
import type { SliceRecord } from './manifest.ts'
import type { Schools } from './schools.ts'

/** What listing the missing reads. */
export interface MissingSources {
  readonly atlas: Atlas
  /** The vintage of the territory. */
  readonly territories: Territories
  readonly schools: Schools
  readonly contributions: Contributions
}

/**
 * Who was expected in a cell and brought no figure, as its coverage counts them: contributors first, in the order of the
 * store, then the places that no file covers.
 */
export function missingIn(
  slice: SliceRecord,
  territory: Territory,
  { atlas, territories, schools, contributions }: MissingSources,
): readonly MissingMember[] {
  const idOf = ({ id }: Territory, { vintage }: Territories) => idOfVintage(id, vintage, atlas.current.vintage)
  const ground = groundWithin(territories, territory)
  const met = new Set<number>()
  const members = contributions.missingIn(slice.slice).flatMap((row): MissingMember[] => {
    if (!isOn(ground, row) || met.has(row.together)) return []
    // One that stands on several pieces counts once.
    if (row.together !== -1) met.add(row.together)
    return [memberOf(row, slice, territories, schools, idOf)]
  })
  // Places are counted as the newest vintage that has the territory knows them.
  const newest = atlas.newestWith(territory.index)
  return withUniqueIds([...members, ...absentPlaces(slice, newest.at(territory.index), newest, idOf)])
}

/** The id of a place of a vintage. */
type IdOf = (place: Territory, territories: Territories) => string

const isOn = ({ pieces, departements }: Ground, { piece, departement }: MissingRow): boolean =>
  piece === -1 ? departements.has(departement) : pieces.has(piece)

function memberOf(
  { piece, departement, school, state, kind, code, name }: MissingRow,
  { measure }: SliceRecord,
  territories: Territories,
  schools: Schools,
  idOf: IdOf,
): MissingMember {
  const place = piece === -1 ? territories.at(departement) : territories.communeOf(piece)
  const placeId = idOf(place, territories)
  const known = school === -1 ? { uai: code, name } : schools.at(school)
  return {
    id: `${measure}|${known.uai}|${placeId}`,
    kind,
    code: known.uai,
    name: known.name,
    reason: state === 'SUPPRESSED' ? 'SUPPRESSED' : 'NO_FIGURE',
    measure,
    placeId,
    placeName: place.name,
  }
}

/** Places within the extent that no file covers: each commune, or each département, counts as one. */
function absentPlaces(
  slice: SliceRecord,
  territory: Territory,
  territories: Territories,
  idOf: IdOf,
): readonly MissingMember[] {
  const covered = new Set(slice.covered)
  const absent = new Set(slice.extent.filter((code) => !covered.has(code)))
  const codes = departementsOf(territories, territory).filter((code) => absent.has(code))
  if (codes.length === 0) return []
  const places =
    slice.absentUnit === 'DEPARTEMENT'
      ? codes.map((code) => territories.find('DEPARTEMENT', code).territory)
      : territories.communesOf(territory).filter(({ departement }) => absent.has(territories.at(departement).code))
  return places.map((place): MissingMember => ({
    id: `${slice.measure}|${idOf(place, territories)}`,
    kind: slice.absentUnit,
    code: place.code,
    name: place.name,
    reason: 'NO_FILE',
    measure: slice.measure,
    placeId: idOf(place, territories),
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
