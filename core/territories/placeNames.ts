import { groundOfLineages, standingIn } from './ground.ts'
import type { Chronicle } from './lineage.ts'
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
  const ofCommunes = chronicle.communes.map((state): PlaceName => {
    const ground = groundOfLineages(standingIn(state, staysByCommune), pieces)
    return { name: state.name, pieces: ground, kind: 'COMMUNE', from: state.from, until: state.until }
  })
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

/** How good a name is as the name of a place at a day: that of a commune then, of one now, of a part now, any other. */
export function rankOf({ kind, from, until }: PlaceName, day: string): 0 | 1 | 2 | 3 {
  if (kind === 'COMMUNE' && stands({ from, until }, day)) return 0
  if (until !== null) return 3
  return kind === 'COMMUNE' ? 1 : 2
}
