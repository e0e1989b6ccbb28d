import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from './ask.ts'
import type { Part } from './cluster.ts'
import { converge } from './converge.ts'
import { load, type Tally } from './load.ts'
import type { Operation } from './operation.ts'
import type { Pace } from './options.ts'

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
  readonly ask: Ask
  readonly pace: Pace
}

/** Kills a part under load, leaves it away for a while, starts it again, and waits until all is whole. */
export async function killAndRevive(part: Part, { gateways, operations, ask, pace }: Scene): Promise<Step> {
  const over = Promise.withResolvers<void>()
  const loading = load({
    gateways,
    operations,
    ask,
    perSecond: pace.perSecond,
    mayBeGone: part.kind === 'gateway' ? part.server.url : undefined,
    mayMiss: (operation) => missingWithout(part, operation),
    until: over.promise,
  })
  try {
    await sleep(pace.beforeMs)
    await part.server.kill()
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

/** The subgraphs whose part of an operation is missing without a part of the cluster. */
function missingWithout({ kind, name }: Part, { needs }: Operation): ReadonlySet<string> {
  if (kind === 'subgraph') return needs.has(name) ? new Set([name]) : new Set()
  return kind === 'postgres' ? needs : new Set()
}

const notConverged = (problem: string | undefined): readonly string[] =>
  problem === undefined ? [] : [`not whole again: ${problem}`]

/** A subgraph that nobody missed was not away: the step would show nothing. */
const notMissed = ({ kind, name }: Part, { partial }: Tally): readonly string[] =>
  kind === 'subgraph' && partial === 0 ? [`no answer lacked the part of ${name}`] : []
