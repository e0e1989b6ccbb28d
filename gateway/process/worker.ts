import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readEnvironment, type Environment } from '../../core/environment.ts'
import type { StratesError } from '../../core/observations/error.ts'
import { readRefresh } from '../../core/store/refresh.ts'
import { createApp, type App } from '../app.ts'
import type { SupergraphState } from '../doors/status.ts'
import type { Engine } from '../engine.ts'
import { createSharedCache, redisStore } from '../cache/shared.ts'
import { createAccounts, type Accounts } from '../guard/rate.ts'
import { createSharedDebts, redisDebts, type SharedDebts } from '../guard/sharedDebts.ts'
import { createLog, type Log } from '../log.ts'
import { mergeMetrics } from '../metrics/merge.ts'
import { createReuseCounts } from '../metrics/reuse.ts'
import { serve, type Serving } from '../serve.ts'
import type { Tracer } from '../tracing/span.ts'
import { createCollector } from './collect.ts'
import { connectPrimary, type LinkEvents } from './link.ts'
import type { WorkerReport } from './messages.ts'
import type { FollowedSupergraph } from './followSupergraph.ts'
import { localEngine, remoteEngine } from './serving.ts'
import { BEAT_MS } from './watchdog.ts'

const FIRST_QUERY = join(import.meta.dirname, '..', '..', 'operations', 'enrolment-by-tier.graphql')
/** How often workers tell each other what clients spent, in milliseconds. */
const SHARE_MS = 250
/** How long an idle connection may still be used where the service ends, in milliseconds; it had a second before. */
const GRACE_MS = 2000
/**
 * And where another worker takes the place of this one: longer than most clients pause, so that they ask once more and are told
 * to connect anew. A connection closed without a word may be closed just as its client asks.
 */
const RENEWAL_GRACE_MS = 5000
/** How long a worker goes on whose primary died, in milliseconds: it cuts what is left after 10 seconds. */
const ORPHAN_MS = 12_000

interface Running {
  readonly app: App
  readonly serving: Serving
  readonly accounts: Accounts
  /** What clients owe to all gateways; absent where each keeps its own accounts. */
  readonly debts: SharedDebts | undefined
  readonly facts: readonly string[]
}

/** What the primary says first: what other workers serve. */
const begun = Promise.withResolvers<string | undefined>()
/** Absent while it starts. */
let running: Running | undefined
/** The service ends, and `/readyz` says so. */
let isUnready = false

const link = connectPrimary({ message: obey, end: orphaned })
const reuse = createReuseCounts()
const collector = createCollector({
  ask: (id) => void link.send({ kind: 'collect', id }),
  own: async () => (await running?.app.metrics()) ?? [],
})

/** One of the processes that answer: it gets its connections from the primary, which started it, and ends with it. */
async function main(): Promise<void> {
  // Terminals and service managers send signals to all processes: they are the primary's to obey.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  running = await run()
  const { facts } = running
  await link.send({ kind: 'ready', facts, report: report() })
  setInterval(() => {
    void link.send({ kind: 'heartbeat', report: report() })
    void tellReuse()
  }, BEAT_MS)
  setInterval(() => void tellSpending(), SHARE_MS)
}

/** To all gateways where they share accounts, else, or when that fails, to the other workers of this one. */
async function tellSpending(): Promise<void> {
  const { accounts, debts } = running ?? {}
  const spending = accounts?.spent() ?? []
  if (spending.length === 0) return
  const owed = await debts?.add(spending)
  if (owed !== undefined) return accounts?.owe(owed)
  await link.send({ kind: 'spent', spending })
}

async function run(): Promise<Running> {
  const { supergraph } = parseArgs({ options: { supergraph: { type: 'string' } } }).values
  const environment = readEnvironment()
  const log = createLog(environment.logLevel)
  const served = await (supergraph === undefined
    ? localEngine(environment, log)
    : remoteEngine({ path: supergraph, kept: await begun.promise, environment, log, onTaken: tellTaken }))
  const { engine, facts, feeds, boundaries } = served
  const limits = { pointsPerMinute: environment.rateLimit }
  const accounts = createAccounts(limits)
  const { redisUrl } = environment
  const app = createApp({
    engine,
    log,
    defaultQuery: await readFile(FIRST_QUERY, 'utf8'),
    limits,
    accounts,
    trustedProxies: environment.trustedProxies,
    publicUrl: environment.publicUrl,
    cacheBytes: environment.cacheMb * 1_000_000,
    shared: redisUrl === undefined ? undefined : createSharedCache(redisStore(redisUrl), log),
    problem: () => served.problem?.() ?? link.problem(),
    supergraph: served.supergraph && stateOf(served.supergraph),
    isDraining: () => isUnready,
    metrics: environment.metrics,
    collectMetrics: async () => await mergeMetrics(await collector.collect()),
    onReuse: reuse.add,
    tracer: await startTracer(environment, log),
    ...(supergraph === undefined && { refresh: () => readRefresh(environment.dataFolder) }),
    workers: () => Math.max(1, link.workers().length),
    ...(feeds !== undefined && { feeds }),
    ...(boundaries !== undefined && { boundaries }),
  })
  await app.ready
  if (served.supergraph) tellTaken(served.supergraph.current())
  const debts =
    redisUrl === undefined || limits.pointsPerMinute === 0
      ? undefined
      : createSharedDebts(redisDebts(redisUrl, limits.pointsPerMinute), log)
  return { app, serving: serve({ app }), accounts, debts, facts: [...facts, ...absentOf(engine)] }
}

const stateOf =
  ({ since, problem }: FollowedSupergraph) =>
  (): SupergraphState => ({ since: since(), problem: problem() })

const tellTaken = (sdl: string): void => void link.send({ kind: 'supergraph', sdl })

/** Who does not answer at the start: their parts are missing until they do. */
function absentOf(engine: Engine): readonly string[] {
  const absent = engine.subgraphs().flatMap(({ name, isDown }) => (isDown ? [name] : []))
  return absent.length === 0
    ? []
    : [`DEGRADED: no answer from ${absent.join(', ')}; their parts are missing until they answer`]
}

function obey(...[message, socket]: Parameters<LinkEvents['message']>): void {
  switch (message.kind) {
    case 'begin':
      return begun.resolve(message.supergraph)
    case 'connection':
      if (socket !== undefined) running?.serving.take(socket)
      return void link.send({ kind: 'took' })
    case 'unready':
      return unready()
    case 'drain':
      return void end()
    case 'spent':
      return running?.accounts.takeFromOthers(message.spending)
    case 'count':
      return void tellCounts(message.id)
    case 'collected':
      return collector.collected(message.id, message.all)
  }
}

async function tellCounts(id: number): Promise<void> {
  if (running) await link.send({ kind: 'counted', id, metrics: await running.app.metrics() })
}

/** What was counted of reuse goes to the primary, which writes it. */
async function tellReuse(): Promise<void> {
  const counts = reuse.take()
  if (counts.length > 0) await link.send({ kind: 'reused', counts })
}

/** Nothing of OpenTelemetry is loaded where no collector is named. */
async function startTracer({ traces }: Environment, log: Log): Promise<Tracer | undefined> {
  if (traces === undefined) return undefined
  const { createTracer } = await import('../tracing/otlp.ts')
  return createTracer({ ...traces, log })
}

function unready(): void {
  isUnready = true
  running?.serving.lastAnswers()
  if (report().connections === 0) void link.send({ kind: 'idle' })
}

/** The primary died: nobody is there to end this process if it does not end itself. */
function orphaned(): void {
  isUnready = true
  setTimeout(() => process.exit(1), ORPHAN_MS)
  void end()
}

/** Finishes what is in flight. */
async function end(): Promise<void> {
  await running?.serving.drain(isUnready ? GRACE_MS : RENEWAL_GRACE_MS)
  await running?.app.close()
  await running?.debts?.close()
  await tellReuse()
  process.exit(0)
}

function report(): WorkerReport {
  return {
    pid: process.pid,
    memoryMb: Math.round(process.memoryUsage.rss() / 1e6),
    connections: running?.serving.connections() ?? 0,
  }
}

/** The primary says it, and decides what it means. */
async function fail(error: unknown): Promise<void> {
  const { facts, stack = String(error) } = error as Partial<StratesError>
  await link.send({ kind: 'failed', stack, ...(facts && { facts: { ...facts, cause: undefined } }) })
  process.exit(1)
}

await main().catch(fail)
