/**
 * `npm run bench`: what resolving a code from one day to another costs, beside a look-up in a plain Map. Figures of one
 * machine on one day: read the ratios.
 */
import { piecesOf } from '../core/territories/pieces.ts'
import { columnsOf } from '../core/territories/stayIndex.ts'
import { createTimeline } from '../core/territories/timeline.ts'
import { censusesOf, readEmbeddedCog } from '../pipeline/sources/cog.ts'

const RESOLUTIONS = 10_000
const ROUNDS = 10

const { chronicle, vintages } = readEmbeddedCog()
const pieces = piecesOf(
  chronicle,
  vintages.map(({ year }) => year),
  censusesOf(vintages),
)
const columns = columnsOf(chronicle, pieces)
const [indexing, timeline] = time(() => {
  const made = createTimeline(columns, 2026)
  // The movements are derived with the first question.
  made.resolve('01001')
  return made
})

/** A generator of its own, so that every run asks the same (mulberry32). */
let seed = 20_260_101
function random(below: number): number {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below
}

const questions = Array.from({ length: RESOLUTIONS }, () => {
  const state = chronicle.communes[random(chronicle.communes.length)]
  if (state === undefined) throw new RangeError('the chronicle is empty')
  const { code, from, until } = state
  const first = Number(from.slice(0, 4)) + 1
  const last = until === null ? 2026 : Number(until.slice(0, 4))
  const day = last < first ? from : `${first + random(last - first + 1)}-01-01`
  return { code, from: until !== null && day >= until ? from : day, to: `${1943 + random(84)}-01-01` }
})
const known = new Map(chronicle.communes.map((state) => [state.code, state]))

const rounds = Array.from({ length: ROUNDS }, () => ({
  resolve: time(() => questions.reduce((sum, { code, from, to }) => sum + resultsOf(code, from, to), 0)),
  lookUp: time(() => questions.reduce((sum, { code }) => sum + (known.get(code)?.name.length ?? 0), 0)),
}))
const resolving = rounds.map(({ resolve: [milliseconds] }) => milliseconds)
const lookingUp = rounds.map(({ lookUp: [milliseconds] }) => milliseconds)
console.log(`index and movements of ${chronicle.stays.length} stays: ${indexing.toFixed(0)} ms`)
console.log(
  `${RESOLUTIONS} resolutions: first ${resolving[0]?.toFixed(0)} ms, median ${median(resolving).toFixed(0)} ms ` +
    `(${rounds[0]?.resolve[1]} communes found)`,
)
console.log(`${RESOLUTIONS} look-ups in a Map: median ${median(lookingUp).toFixed(2)} ms`)
console.log(`one resolution costs ${(median(resolving) / median(lookingUp)).toFixed(0)} look-ups`)

/** Overseas collectivities have no history before 2019: being told so counts as an answer. */
function resultsOf(code: string, from: string, to: string): number {
  try {
    return timeline.resolve(code, { from, to }).results.length
  } catch {
    return 0
  }
}

function time<Result>(work: () => Result): readonly [milliseconds: number, result: Result] {
  const started = performance.now()
  const result = work()
  return [performance.now() - started, result]
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
}
