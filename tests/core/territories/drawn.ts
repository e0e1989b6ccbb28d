/** The embedded COG, or a part of it, cut into pieces and laid side by side as an ingest does. */
import { openAtlas, drawAtlas, type Atlas, type AtlasRows } from '../../../core/territories/atlas.ts'
import { geographyOf } from '../../../core/territories/geography.ts'
import { groundOver, type GroundOf } from '../../../core/territories/ground.ts'
import { piecesOf, weigh, type Pieces } from '../../../core/territories/pieces.ts'
import { censusesOf, type EmbeddedCog } from '../../../pipeline/sources/cog.ts'
import { embeddedCog } from './embedded.ts'

/** A COG and all that is made of it. */
export interface Drawn extends EmbeddedCog {
  readonly pieces: Pieces
  readonly rows: AtlasRows
  readonly atlas: Atlas
  readonly groundOf: GroundOf
  readonly geography: ReturnType<typeof geographyOf>
}

let embedded: Drawn | undefined

/** The atlas of the embedded COG: about three seconds, once for all files of tests that a worker runs. */
export const drawn = (): Drawn => (embedded ??= draw(embeddedCog()))

/** Draws the atlas of a COG. */
export function draw(cog: EmbeddedCog): Drawn {
  const { vintages, chronicle } = cog
  const years = vintages.map(({ year }) => year)
  const pieces = piecesOf(chronicle, years, censusesOf(vintages))
  const rows = drawAtlas(vintages, chronicle, pieces)
  const atlas = openAtlas(rows)
  const geography = geographyOf(atlas, {
    weightOf: (piece) => pieces.all[piece]?.populations[0]?.inhabitants ?? 0,
    sharesOf: (parts) => {
      const weights = weigh(parts.flatMap((piece) => pieces.all[piece] ?? []))
      if (weights === undefined) throw new RangeError(`no weights for the pieces ${parts.join()}`)
      return weights.shares
    },
  })
  return { ...cog, pieces, rows, atlas, groundOf: groundOver(chronicle, pieces), geography }
}
