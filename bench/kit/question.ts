import { openStore, type Store } from '../../core/store/open.ts'
import type { Question } from './documents.ts'
import { atLeast, spreadOf, written, type Bench, type Figure, type Row, type Spread } from './figure.ts'
import { askOnce, interleave, type Asked, type Sample, type Target } from './load.ts'
import type { Server } from './servers.ts'

/** A ratio that one question is to reach. */
export interface Targets {
  /** Cold and in process, beside one Apollo Server without federation. */
  readonly cold?: number
  /** Cached, beside raw bytes. */
  readonly cached?: number
  /** Cold and over HTTP, beside the one server. */
  readonly overHttp?: number
  /** Cold and in process, answers for each second of processor that the server takes. */
  readonly perCore?: number
}

/** Asks a question of the gateway, cold and cached, in process and over HTTP, beside one server without federation and raw bytes. */
export function questionFigure(options: {
  readonly name: string
  readonly about: string
  readonly questionOf: (store: Store) => Question
  readonly targets?: Targets
}): Figure {
  const { name, about, questionOf, targets = {} } = options
  return {
    name,
    about,
    async measure(bench) {
      const { query, cases } = questionOf(await openStore(bench.data, []))
      const many = cases.map((variables) => post({ query, variables }))
      const servers = await startAll(bench)
      const one = many.slice(0, 1)
      const monolith = targetOf(servers.monolith, many)
      await requireSameAnswer({
        monolith,
        cold: targetOf(servers.cold, many),
        overHttp: targetOf(servers.overHttp, many),
      })
      const answer = await askOnce(targetOf(servers.cached, one))
      await servers.raw.send(answer)
      const samples = await interleave(
        {
          monolith,
          cold: targetOf(servers.cold, many),
          overHttp: targetOf(servers.overHttp, many),
          cached: targetOf(servers.cached, one),
          raw: targetOf(servers.raw, one),
        },
        bench.pace,
      )
      const bytes = `${Math.round(Buffer.byteLength(answer.text) / 102.4) / 10} KB`
      return [
        rowOf(`${name}, cold, in process`, samples.cold, 'one Apollo Server', samples.monolith, targets.cold),
        rowOf(`${name}, cold, over HTTP`, samples.overHttp, 'one Apollo Server', samples.monolith, targets.overHttp),
        rowOf(`${name}, cached (${bytes})`, samples.cached, 'raw `node:http`', samples.raw, targets.cached),
        ...perCoreOf(`${name}, cold, in process, of one core`, samples.cold, targets.perCore),
      ]
    },
  }
}

async function startAll({ servers, data, temporary }: Bench) {
  return {
    monolith: await servers.get({ side: 'monolith', data, cache: 'off' }),
    cold: await servers.get({ side: 'gateway', data, cache: 'off' }),
    cached: await servers.get({ side: 'gateway', data, cache: 'on' }),
    overHttp: await servers.overHttp({ data, cache: 'off', folder: await temporary() }),
    raw: await servers.get({ side: 'raw', data, cache: 'off' }),
  }
}

/** A server, and what it is asked. */
export const targetOf = ({ url, usage }: Server, asked: readonly Asked[]): Target => ({
  url,
  asked,
  usage: () => usage(),
})

/** A question of GraphQL as it goes over the wire. */
export const post = (body: object): Asked => ({ method: 'POST', path: '/graphql', body: JSON.stringify(body) })

/** One side beside another, as a row: the ratio of each pair of rounds. */
export function rowOf(
  what: string,
  samples: readonly Sample[],
  beside: string,
  others: readonly Sample[],
  target: number | undefined,
): Row {
  const ratioOf = (of: (mine: Sample, other: Sample) => number): Spread =>
    spreadOf(samples.flatMap((mine, round) => (others[round] === undefined ? [] : [of(mine, others[round])])))
  const ratio = ratioOf((mine, other) => mine.perSecond / other.perSecond)
  const byProcessor = ratioOf((mine, other) => other.cpuMicroseconds / mine.cpuMicroseconds)
  return {
    what,
    value: written(ratio),
    beside,
    ...(target === undefined ? { target: '' } : atLeast(target, ratio)),
    detail: `by processor time ${written(byProcessor)}: ${cpu(samples)} beside ${cpu(others)} µs; ${perSecond(samples)} beside ${perSecond(others)} a second`,
  }
}

/** What one core answers, HTTP included; no row where nothing is to be reached. */
function perCoreOf(what: string, samples: readonly Sample[], target: number | undefined): readonly Row[] {
  if (target === undefined) return []
  const spread = spreadOf(samples.map(({ cpuMicroseconds }) => 1_000_000 / cpuMicroseconds))
  const unit = ' a second'
  const detail = "by the processor time of the server's own process, reading and writing HTTP included"
  return [{ what, value: `${written(spread, 0)}${unit}`, beside: '', ...atLeast(target, spread, unit), detail }]
}

const medianOf = (samples: readonly Sample[], of: (sample: Sample) => number): Spread => spreadOf(samples.map(of))
const perSecond = (samples: readonly Sample[]): string => medianOf(samples, (one) => one.perSecond).median.toFixed(0)
const cpu = (samples: readonly Sample[]): string => medianOf(samples, (one) => one.cpuMicroseconds).median.toFixed(0)

/** Figures about answers that differ would compare nothing. */
async function requireSameAnswer(targets: Readonly<Record<string, Target>>): Promise<void> {
  const answers = await Promise.all(
    Object.entries(targets).map(async ([name, target]) => [name, (await askOnce(target)).text] as const),
  )
  const [first] = answers
  for (const [name, text] of answers) {
    if (text.includes('"errors"')) throw new Error(`${name} answers with errors: ${text.slice(0, 500)}`)
    if (withoutVersion(text) !== withoutVersion(first?.[1] ?? ''))
      throw new Error(`${name} answers other than ${first?.[0]}: ${text.slice(0, 500)}`)
  }
}

/** The one server names no version of the data; all else is the same to the byte. */
const withoutVersion = (text: string): string => text.replace(/"dataVersion":"[^"]*",/, '')
