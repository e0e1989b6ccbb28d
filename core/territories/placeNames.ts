import { groundOfLineages } from './ground.ts'
import type { Chronicle, CommuneState, Stay } from './lineage.ts'
import { stands, type Pieces } from './pieces.ts'

/** A name that some file may use for a place, and the ground that it names. */
export interface PlaceName {
  readonly name: string
  /** Pieces of ground, ascending. */
  readonly pieces: readonly number[]
  /** Whether it names a commune, or a part of one. */
  readonly kind: 'COMMUNE' | 'PART'
  /** ISO dates between which it does; null while it lasts. */
  readonly from: string
  readonly until: string | null
}

/** All the names under which a place can be met: those of communes and of their parts, of any time since 1943. */
export function placeNamesOf(chronicle: Chronicle, pieces: Pieces): readonly PlaceName[] {
  const staysByCommune = Map.groupBy(chronicle.stays, ({ commune }) => commune)
  const ofCommunes = chronicle.communes.flatMap((state) =>
    groundsWithin(state, staysByCommune.get(state.code) ?? [], pieces),
  )
  const ofParts = chronicle.stays
    .filter(({ standing }) => standing !== 'COMMUNE' && standing !== 'NOT_YET_CREATED')
    .map((stay): PlaceName => {
      const ground = groundOfLineages([stay], pieces)
      return { name: stay.name, pieces: ground, kind: 'PART', from: stay.from, until: stay.until }
    })
  const ofArrondissements = chronicle.arrondissements.map((stay): PlaceName => {
    const holders = (staysByCommune.get(stay.commune) ?? []).filter(({ until }) => until === null)
    return { ...stay, pieces: groundOfLineages(holders, pieces), kind: 'PART' }
  })
  return [...ofCommunes, ...ofParts, ...ofArrondissements].filter((place) => place.pieces.length > 0)
}

/** A commune keeps its name when others join it or leave it: one entry for each ground that it named in turn. */
function groundsWithin(
  { name, from, until }: CommuneState,
  stays: readonly Stay[],
  pieces: Pieces,
): readonly PlaceName[] {
  const changes = stays
    .flatMap((stay) => [stay.from, stay.until ?? ''])
    .filter((day) => day > from && (until === null || day < until))
  const found: { name: string; pieces: readonly number[]; kind: 'COMMUNE'; from: string; until: string | null }[] = []
  for (const day of [from, ...new Set(changes.toSorted())]) {
    const ground = groundOfLineages(
      stays.filter((stay) => stands(stay, day)),
      pieces,
    )
    const last = found.at(-1)
    if (last?.pieces.join() === ground.join()) continue
    if (last !== undefined) last.until = day
    found.push({ name, pieces: ground, kind: 'COMMUNE', from: day, until })
  }
  return found
}

/** How good a name is as the name of a place at a day: that of a commune then, of one now, of a part now, any other. */
export function rankOf({ kind, from, until }: PlaceName, day: string): 0 | 1 | 2 | 3 {
  if (kind === 'COMMUNE' && stands({ from, until }, day)) return 0
  if (until !== null) return 3
  return kind === 'COMMUNE' ? 1 : 2
}
