import { describe, expect, it } from 'vitest'
import type { MetricsJson } from '../../../gateway/metrics/json.ts'
import { createCollection, createCollector } from '../../../gateway/process/collect.ts'

const counts = (value: number): MetricsJson => [
  { name: 'a', help: 'a', aggregator: 'sum', values: [{ value, labels: {} }] },
]

describe('the counts of all workers', () => {
  it('are gathered once each has answered, for each who asked', () => {
    const { begin, add } = createCollection(() => {})
    const done: (readonly MetricsJson[])[] = []
    const [first, second] = [begin(2, (all) => done.push(all)), begin(1, (all) => done.push(all))]
    add(first, counts(1))
    add(second, counts(3))
    add(first, counts(2))
    add(first, counts(9))
    expect(done).toEqual([[counts(3)], [counts(1), counts(2)]])
  })

  it('are those that came when one is stuck', () => {
    const timers: (() => void)[] = []
    const { begin, add } = createCollection((run) => timers.push(run))
    const done: (readonly MetricsJson[])[] = []
    const id = begin(2, (all) => done.push(all))
    add(id, counts(1))
    for (const run of timers) run()
    add(id, counts(2))
    expect(done).toEqual([[counts(1)]])
  })

  it('are its own where the primary does not answer', async () => {
    const { collect } = createCollector({ ask() {}, own: async () => counts(7), later: (run) => run() })
    expect(await collect()).toEqual([counts(7)])
  })

  it('come to whoever asked for them', async () => {
    const asked: number[] = []
    const collector = createCollector({
      ask: (id) => asked.push(id),
      own: async () => counts(7),
      later() {},
    })
    const [one, other] = [collector.collect(), collector.collect()]
    collector.collected(asked[1]!, [counts(2)])
    collector.collected(asked[0]!, [counts(1)])
    expect(await Promise.all([one, other])).toEqual([[counts(1)], [counts(2)]])
  })
})
