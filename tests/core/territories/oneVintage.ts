/** Territories typed by hand as the only vintage of a store: each commune one piece of ground, each as heavy as the others. */
import type { AtlasRows } from '../../../core/territories/atlas.ts'
import type { GroundWeights } from '../../../core/territories/geography.ts'
import type { Alias, Territories } from '../../../core/territories/territory.ts'

/** The rows of an atlas of one vintage. */
export function rowsOf(territories: Territories, aliases: readonly Alias[] = []): AtlasRows {
  const { vintage, all } = territories
  const span = { first: vintage, last: vintage }
  return {
    vintages: [{ year: vintage, epciAsOf: vintage }],
    territories: all.map((territory) => ({ ...territory, ...span })).toSorted((a, b) => a.index - b.index),
    grounds: territories
      .ofTier('COMMUNE')
      .flatMap((commune) => territories.piecesOf(commune).map((piece) => ({ piece, commune: commune.index, ...span }))),
    aliases: aliases.map((alias) => ({ ...alias, ...span })),
  }
}

/** The pieces of ground of a territory, by id. */
export const piecesIn = (territories: Territories, id: string): readonly number[] => {
  const territory = territories.byId(id)
  return territory === undefined ? [] : territories.piecesOf(territory)
}

/** Every piece weighs the same. */
export const EQUAL_WEIGHTS: GroundWeights = {
  weightOf: () => 1,
  sharesOf: (pieces) => pieces.map(() => 1 / pieces.length),
}
