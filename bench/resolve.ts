import { piecesOf } from '../core/territories/pieces.ts'
import { columnsOf } from '../core/territories/stayIndex.ts'
import { createTimeline, type Timeline } from '../core/territories/timeline.ts'
import { censusesOf, readEmbeddedCog } from '../pipeline/sources/cog.ts'

import { spreadOf, type Figure } from './kit/figure.ts'

const RESOLUTIONS = 10_000
const ROUNDS = 10

export default {
  name: 'resolve',
  about: 'resolving the code of a commune from one day since 1943 to another, beside a look-up in a plain Map',
  async measure() {
    const { chronicle, vintages } = readEmbeddedCog()
    const years = vintages.map(({ year }) => year)
    const columns = columnsOf(chronicle, piecesOf(chronicle, years, censusesOf(vintages)))
    const [indexing, timeline] = time(() => {
      const made = createTimeline(columns, 2026)
      // The movements are derived with the first question.
      made.resolve('01001')
      return made
    })
    const questions = questionsAbout(chronicle.communes)
    const known = new Map(chronicle.communes.map((state) => [state.code, state]))
    const rounds = Array.from({ length: ROUNDS }, () => ({
      resolve: time(() => questions.reduce((sum, question) => sum + resultsOf(timeline, question), 0))[0],
      lookUp: time(() => questions.reduce((sum, { code }) => sum + (known.get(code)?.name.length ?? 0), 0))[0],
    }))
    const lookUps = spreadOf(rounds.map(({ resolve, lookUp }) => resolve / lookUp))
    const each = (spreadOf(rounds.map(({ resolve }) => resolve)).median / RESOLUTIONS) * 1000
    return [
      {
        what: 'resolve, one code',
        value: `${lookUps.median.toFixed(0)} (${lookUps.least.toFixed(0)}–${lookUps.most.toFixed(0)}) times as long`,
        beside: 'a look-up in a Map',
        target: '',
        detail: `${each.toFixed(1)} µs each; index and movements of ${chronicle.stays.length} stays: ${indexing.toFixed(0)} ms`,
      },
    ]
  },
} satisfies Figure

interface QuestionOfDays {
  readonly code: string
  readonly from: string
  readonly to: string
}

function questionsAbout(
  communes: readonly { readonly code: string; readonly from: string; readonly until: string | null }[],
): readonly QuestionOfDays[] {
  const random = randomNumbers()
  return Array.from({ length: RESOLUTIONS }, () => {
    const state = communes[random(communes.length)]
    if (state === undefined) throw new RangeError('the chronicle is empty')
    const { code, from, until } = state
    const first = Number(from.slice(0, 4)) + 1
    const last = until === null ? 2026 : Number(until.slice(0, 4))
    const day = last < first ? from : `${first + random(last - first + 1)}-01-01`
    return { code, from: until !== null && day >= until ? from : day, to: `${1943 + random(84)}-01-01` }
  })
}

/** A generator of its own, so that every run asks the same (mulberry32). */
function randomNumbers(): (below: number) => number {
  let seed = 20_260_101
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Overseas collectivities have no history before 2019: being told so counts as an answer. */
function resultsOf(timeline: Timeline, { code, from, to }: QuestionOfDays): number {
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
