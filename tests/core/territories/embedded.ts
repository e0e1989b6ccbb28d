/** The embedded data, and the timeline over it as the store has it: read once for all files of tests that a worker runs. */
import { piecesOf } from '../../../core/territories/pieces.ts'
import { columnsOf } from '../../../core/territories/stayIndex.ts'
import { createTimeline, type Timeline } from '../../../core/territories/timeline.ts'
import { censusesOf, readEmbeddedCog, type EmbeddedCog } from '../../../pipeline/sources/cog.ts'

/** The embedded vintages and history, not to be changed. */
export const embeddedCog = (): EmbeddedCog => (cog ??= readEmbeddedCog())

/** They, and the timeline over them. */
export const embeddedTimeline = (): { readonly cog: EmbeddedCog; readonly timeline: Timeline } => ({
  cog: embeddedCog(),
  timeline: (timeline ??= timelineOf(embeddedCog())),
})

let cog: EmbeddedCog | undefined
let timeline: Timeline | undefined

function timelineOf({ chronicle, vintages }: EmbeddedCog): Timeline {
  const years = vintages.map(({ year }) => year)
  const columns = columnsOf(chronicle, piecesOf(chronicle, years, censusesOf(vintages)))
  return createTimeline(columns, years.at(-1) ?? 0)
}
