import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from './ask.ts'
import type { Part } from './cluster.ts'
import { converge } from './converge.ts'
import { load, type Tally } from './load.ts'
import type { Operation } from './operation.ts'
import type { Pace } from './options.ts'

const NOBODY: ReadonlySet<string> = new Set()

/** What happened while one part was killed and started again. */
export interface Step {
  readonly killed: string
  readonly tally: Tally
  /** From its start until all was whole again, the start included; undefined where that never was. */
  readonly convergedMs: number | undefined
  /** What speaks against what is promised. */
  readonly against: readonly string[]
}

/** What a step needs of the cluster. */
export interface Scene {
  readonly gateways: readonly string[]
  readonly operations: readonly Operation[]
  /** Asked only while the database is away: what is asked often the subgraphs hold. */
  readonly seldom: readonly Operation[]
  readonly ask: Ask
  readonly pace: Pace
}

/** Kills a part under load, leaves it away for a while, starts it again, and waits until all is whole. */
export async function killAndRevive(part: Part, scene: Scene): Promise<Step> {
  const { gateways, ask, pace } = scene
  let { operations } = scene
  let isAway = false
  const over = Promise.withResolvers<void>()
  const loading = load({
    gateways,
    operations: () => operations,
    ask,
    perSecond: pace.perSecond,
    mayBeGone: () => (isAway && part.kind === 'gateway' ? part.server.url : undefined),
    mayMiss: (operation) => (isAway ? missingWithout(part, operation) : NOBODY),
    until: over.promise,
  })
  try {
    await sleep(pace.beforeMs)
    isAway = true
    await part.server.kill()
    if (part.kind === 'postgres') operations = inTurn(scene.seldom, operations)
    await sleep(pace.withoutMs)
    const begun = performance.now()
    await part.server.start()
    const problem = await converge(gateways, operations, ask)
    const ms = performance.now() - begun
    over.resolve()
    const tally = await loading
    return {
      killed: part.name,
      tally,
      convergedMs: problem === undefined ? ms : undefined,
      against: [...tally.failed, ...notConverged(problem), ...notMissed(part, tally)],
    }
  } finally {
    over.resolve()
    await loading
  }
}

/** One of the first, one of the second, and so on, the first again where there are fewer. */
const inTurn = (some: readonly Operation[], others: readonly Operation[]): readonly Operation[] =>
  others.flatMap((other, at) => [...some.slice(at % some.length).slice(0, 1), other])

/** The subgraphs whose part of an operation is missing without a part of the cluster. */
function missingWithout({ kind, name }: Part, { needs }: Operation): ReadonlySet<string> {
  if (kind === 'subgraph') return needs.has(name) ? new Set([name]) : new Set()
  return kind === 'postgres' ? needs : new Set()
}

const notConverged = (problem: string | undefined): readonly string[] =>
  problem === undefined ? [] : [`not whole again: ${problem}`]

/** What nobody missed was not away: the step would show nothing. Redis is not to be missed, and a gateway has another beside it. */
const notMissed = ({ kind, name }: Part, { partial }: Tally): readonly string[] =>
  (kind === 'subgraph' || kind === 'postgres') && partial === 0 ? [`no answer lacked the part of ${name}`] : []
