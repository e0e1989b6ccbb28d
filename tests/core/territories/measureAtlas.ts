/** Prints how many megabytes of heap an atlas of all vintages takes, once each is opened; run with `--expose-gc`. */
import { openAtlas, type AtlasRows } from '../../../core/territories/atlas.ts'
import { drawn } from './drawn.ts'

const { gc } = globalThis
if (gc === undefined) throw new Error('run with --expose-gc')
const used = (): number => {
  gc()
  gc()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 / 1024
}

// As a server reads it: from text, so that nothing is shared with the packages that it was made of.
const text = JSON.stringify(drawn().rows)
const before = used()
const atlas = openAtlas(JSON.parse(text) as AtlasRows)
for (const year of atlas.years) {
  const territories = atlas.of(year)
  for (const epci of territories?.ofTier('EPCI') ?? []) territories?.piecesOf(epci)
  territories?.find('COMMUNE', '35238')
}
console.log(Math.round(used() - before))
// Held until measured.
if (atlas.current.all.length === 0 || text.length === 0) throw new Error('nothing was measured')
