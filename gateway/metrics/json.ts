/** One metric of one process, as prom-client writes it and as it travels to others. */
export interface MetricJson {
  readonly name: string
  readonly help: string
  /** How several become one: `sum`, `max`… */
  readonly aggregator: string
  readonly values: readonly {
    readonly value: number
    readonly labels: Readonly<Record<string, string | number | undefined>>
    readonly metricName?: string
  }[]
}

/** All counts of one process: plain data. */
export type MetricsJson = readonly MetricJson[]
