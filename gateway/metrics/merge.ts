import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from 'prom-client'

/** The counts of one process, as they travel between processes: plain data. */
export type MetricsJson = readonly MetricObjectWithValues<MetricValue<string>>[]

/** The counts of several processes as those of one, as Prometheus reads them: counts are added up, gauges by their kind. */
export const mergeMetrics = (list: readonly MetricsJson[]): Promise<string> =>
  AggregatorRegistry.aggregate([...list]).metrics()
