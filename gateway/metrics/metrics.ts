import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { SourceLook } from '../../core/observations/refresh.ts'
import type { CallEnd } from '../engine/calls.ts'
import type { Report } from '../report.ts'
import { createCells } from './cells.ts'
import type { MetricsJson } from './json.ts'

/** What the metrics ask of the gateway each time that they are read. */
export interface MetricsSources {
  /** The version of the data from which a question of now is answered; undefined where subgraphs tell none. */
  readonly dataVersion: () => string | undefined
  /** What the cache of answers takes in memory. */
  readonly kept: { readonly bytes: number; readonly entries: number }
  /** The last look at each source; none where nobody looks. */
  readonly looks: () => Promise<readonly SourceLook[]>
}

/** By which labels a request is counted. */
export interface RequestLabels {
  readonly operation: string
  readonly client: string
}

/** The counts of one gateway. */
export interface Metrics {
  /** Counts a request that was answered. @param ms how long that took. */
  request(report: Report, status: number, ms: number, labels: RequestLabels): void
  /** Counts a call of a subgraph; a look whether it is there is none. */
  call(end: CallEnd): void
  /** All counts as Prometheus reads them. */
  text(): Promise<string>
  /** The same, to be added to those of other processes by `mergeMetrics`. */
  json(): Promise<MetricsJson>
}

/** In seconds: an answer of one subgraph in this process takes a millisecond, and may take three seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** In points: 161 is the first example, 10,000 the most that one operation may cost. */
const POINTS = [1, 10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

/** Makes the counts of one gateway, in a registry of their own. */
export function createMetrics({ dataVersion, kept, looks }: MetricsSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = createCells({
    registry,
    name: 'strates_graphql_requests_total',
    help: 'Requests to /graphql, by name of the operation, name of the client and outcome.',
    labels: ['operation', 'client', 'outcome'],
  })
  const answered = createCells({
    registry,
    name: 'strates_http_requests_total',
    help: 'Requests, by route and status.',
    labels: ['route', 'status'],
  })
  const lookups = createCells({
    registry,
    name: 'strates_cache_lookups_total',
    help: 'Operations, by what the cache of answers did for them.',
    labels: ['result'],
  })
  const reuse = createCells({
    registry,
    name: 'strates_dataset_reuse_total',
    help: 'Answers with figures of a dataset, by name of the client.',
    labels: ['client', 'dataset'],
  })
  const refusals = createCells({
    registry,
    name: 'strates_graphql_refusals_total',
    help: 'Requests to /graphql that were refused, by code.',
    labels: ['code'],
  })
  const paid = createCells({
    registry,
    name: 'strates_points_paid_total',
    help: 'Points that clients paid, by route.',
    labels: ['route'],
  })
  const seconds = new Histogram({
    name: 'strates_graphql_seconds',
    help: 'Time of operations that the cache had no answer to, in seconds, by outcome.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  })
  const requested = new Histogram({
    name: 'strates_operation_cost_points',
    help: 'Estimated cost of operations that were executed, in points.',
    buckets: POINTS,
    registers,
  })
  const callSeconds = new Histogram({
    name: 'strates_subgraph_seconds',
    help: 'Time of calls of subgraphs, in seconds.',
    labelNames: ['subgraph'],
    buckets: SECONDS,
    registers,
  })
  const calls = new Counter({
    name: 'strates_subgraph_calls_total',
    help: 'Calls of subgraphs, by how they ended.',
    labelNames: ['subgraph', 'outcome'],
    registers,
  })
  new Gauge({
    name: 'strates_cache_bytes',
    help: 'Bytes of answers kept in memory.',
    registers,
    collect() {
      this.set(kept.bytes)
    },
  })
  new Gauge({
    name: 'strates_cache_entries',
    help: 'Answers kept in memory.',
    registers,
    collect() {
      this.set(kept.entries)
    },
  })
  new Gauge({
    name: 'strates_data_version_info',
    help: 'The version of the data that is served, as a label; the value is 1.',
    labelNames: ['version'],
    registers,
    aggregator: 'max',
    collect() {
      this.reset()
      this.set({ version: dataVersion() ?? 'none' }, 1)
    },
  })
  for (const { name, help, valueOf } of LOOK_GAUGES) {
    new Gauge({
      name,
      help,
      labelNames: ['dataset'],
      registers,
      // All workers read the same file.
      aggregator: 'max',
      async collect() {
        this.reset()
        for (const look of await looks()) {
          const value = valueOf(look)
          if (value !== null) this.set({ dataset: look.dataset }, value)
        }
      },
    })
  }
  const measureProcess = once(() => collectDefaultMetrics({ register: registry }))

  return { request, call, text, json }

  function request(report: Report, status: number, ms: number, { operation, client }: RequestLabels): void {
    const { route, outcome, cache, datasets } = report
    answered(route, statusText(status)).count++
    if (report.paid > 0) paid(route).count += report.paid
    if (outcome === undefined) return
    requests(operation, client, outcome).count++
    if (cache !== undefined && outcome !== 'refused') lookups(cache).count++
    for (const dataset of datasets) reuse(client, dataset).count++
    if (outcome === 'hit') return
    seconds.observe({ outcome }, ms / 1000)
    if (outcome === 'refused') refusals(report.code ?? 'OTHER').count++
    else if (cache !== 'collapsed') requested.observe(report.requested)
  }

  function call({ subgraph, outcome, ms, isLook }: CallEnd): void {
    if (isLook) return
    calls.inc({ subgraph, outcome })
    // One that is given a rest was not called.
    if (outcome !== 'RESTING') callSeconds.observe({ subgraph }, ms / 1000)
  }

  async function text(): Promise<string> {
    measureProcess()
    return await registry.metrics()
  }

  async function json(): Promise<MetricsJson> {
    measureProcess()
    return await registry.getMetricsAsJSON()
  }
}

/** What is told of the last look at each source. */
const LOOK_GAUGES: readonly {
  readonly name: string
  readonly help: string
  readonly valueOf: (look: SourceLook) => number | null
}[] = [
  {
    name: 'strates_source_asked_timestamp_seconds',
    help: 'When the source of a dataset was last asked, in seconds since 1970.',
    valueOf: ({ askedAt }) => secondsOf(askedAt),
  },
  {
    name: 'strates_source_changed_timestamp_seconds',
    help: 'When a change of it was last published by a look, in seconds since 1970.',
    valueOf: ({ changedAt }) => (changedAt === null ? null : secondsOf(changedAt)),
  },
  {
    name: 'strates_source_failures',
    help: 'How many looks at it failed in a row.',
    valueOf: ({ failures }) => failures,
  },
  {
    name: 'strates_source_quarantined',
    help: 'Whether its newest file stands refused: 1 or 0.',
    valueOf: ({ outcome }) => (outcome === 'QUARANTINED' ? 1 : 0),
  },
]

const secondsOf = (iso: string): number => Math.round(Date.parse(iso) / 1000)

/** Statuses as texts, made once: they are the labels of every request. */
const statusTexts = new Map<number, string>()

function statusText(status: number): string {
  let text = statusTexts.get(status)
  if (text === undefined) statusTexts.set(status, (text = `${status}`))
  return text
}

/** Event loop, memory and processor are watched from when someone first asks: it takes a timer, and is not for every test. */
function once(run: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    run()
  }
}
