import { KIND_NAMES, needsOf, workerBytes, type KindName, type Measured } from './measured.ts'

/** What is not measured here, and had to be assumed. */
export interface Assumptions {
  /** Of a hundred requests, how many are of each kind. */
  readonly mix: Readonly<Record<KindName, number>>
  /** Of what reaches a gateway, the part that it answers from its own memory. */
  readonly gatewayHits: number
  /** The part of its cores that a machine should use, so that there is room for a burst. */
  readonly busy: number
}

/** As the page has them. */
export const ASSUMED: Assumptions = {
  mix: { point: 40, list: 5, search: 30, json: 20, csv: 5 },
  gatewayHits: 0.8,
  busy: 0.5,
}

/** What a rate of requests takes. */
export interface Plan {
  readonly perSecond: number
  /** The part that a CDN in front answers. */
  readonly cdnHits: number
  /** Requests a second that reach the gateways. */
  readonly origin: number
  /** Cores that are busy all the time with them. */
  readonly coresUsed: number
  /** The same where each answer is made anew: just after a new version of the data. */
  readonly coresUsedCold: number
  /** Workers to run, one a core, never fewer than two. */
  readonly workers: number
  /** Bytes that they hold together. */
  readonly memory: number
  /** Bytes a second that leave the gateways, and those that reach clients, compressed on the way. */
  readonly originBytes: number
  readonly clientBytes: number
  /** Answers a second that are made anew: those that ask the database, where the store is in one. */
  readonly madeAnew: number
  /** Commands a second that gateways send to Redis: look up and keep what they did not have. */
  readonly redisCommands: number
}

/** What so many requests a second take. All of it is arithmetic over what was measured and assumed. */
export function planFor(
  perSecond: number,
  cdnHits: number,
  runs: readonly Measured[],
  { mix, gatewayHits, busy }: Assumptions = ASSUMED,
): Plan {
  const origin = perSecond * (1 - cdnHits)
  const cold = mixed(mix, (kind) => needsOf(runs, kind).cold.median)
  const cached = mixed(mix, (kind) => needsOf(runs, kind).cached.median)
  const coresUsed = (origin * (gatewayHits * cached + (1 - gatewayHits) * cold)) / 1e6
  const workers = Math.max(2, Math.ceil(coresUsed / busy))
  return {
    perSecond,
    cdnHits,
    origin,
    coresUsed,
    coresUsedCold: (origin * cold) / 1e6,
    workers,
    memory: workers * workerBytes(runs),
    originBytes: origin * mixed(mix, (kind) => needsOf(runs, kind).bytes),
    clientBytes: perSecond * mixed(mix, (kind) => needsOf(runs, kind).packed),
    madeAnew: origin * (1 - gatewayHits),
    redisCommands: 2 * origin * (1 - gatewayHits),
  }
}

/** The mean of what a request takes, over the kinds. */
export function mixed(mix: Assumptions['mix'], of: (kind: KindName) => number): number {
  const total = KIND_NAMES.reduce((sum, kind) => sum + mix[kind], 0)
  return KIND_NAMES.reduce((sum, kind) => sum + mix[kind] * of(kind), 0) / total
}
