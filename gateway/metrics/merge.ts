import { AggregatorRegistry } from 'prom-client'
import type { MetricsJson } from './json.ts'

/** The counts of several processes as those of one, as Prometheus reads them: counts are added up, gauges by their kind. */
export const mergeMetrics = (list: readonly MetricsJson[]): Promise<string> =>
  AggregatorRegistry.aggregate([...list]).metrics()
