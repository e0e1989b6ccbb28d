/** The timeline over the embedded data, as the store has it; made once for each file of tests. */
import { piecesOf } from '../../../core/territories/pieces.ts'
import { columnsOf } from '../../../core/territories/stayIndex.ts'
import { createTimeline, type Timeline } from '../../../core/territories/timeline.ts'
import { censusesOf, readEmbeddedCog, type EmbeddedCog } from '../../../pipeline/sources/cog.ts'

/** The embedded vintages and history, and the timeline over them. */
export function embeddedTimeline(): { readonly cog: EmbeddedCog; readonly timeline: Timeline } {
  const cog = readEmbeddedCog()
  const { chronicle, vintages } = cog
  const years = vintages.map(({ year }) => year)
  const columns = columnsOf(chronicle, piecesOf(chronicle, years, censusesOf(vintages)))
  return { cog, timeline: createTimeline(columns, years.at(-1) ?? 0) }
}
