import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { KIND_NAMES, needsOf, type KindMeasured, type KindName, type Measured } from '../../bench/capacity/measured.ts'
import { PAGE_FILE, pageOf, readRuns } from '../../bench/capacity/page.ts'
import { ASSUMED, mixed, planFor } from '../../bench/capacity/plan.ts'

const kind = (cold: readonly number[], cached: readonly number[], bytes: number, packed: number): KindMeasured => ({
  cold,
  cached,
  bytes,
  packed,
})

/** Every kind alike: 1 ms made anew, 0.1 ms from memory, 2,000 bytes and 1,000 of them compressed. */
const run = (cold: readonly number[] = [1000]): Measured => ({
  day: '2026-01-01',
  node: 'v24.0.0',
  cores: 2,
  store: 'a small one',
  kinds: Object.fromEntries(KIND_NAMES.map((name) => [name, kind(cold, [100], 2000, 1000)])) as Record<
    KindName,
    KindMeasured
  >,
  memory: { cold: 400e6, cached: 500e6 },
  cells: { held: 1e6, bytesEach: 31 },
})

describe('what a rate takes', () => {
  it('follows from what was measured, the part that a CDN answers left out', () => {
    const plan = planFor(10_000, 0.9, [run()], { mix: ASSUMED.mix, gatewayHits: 0.8, busy: 0.5 })
    expect(plan.origin).toBeCloseTo(1000)
    // A thousand a second, a fifth of them anew: 200 ms and 80 ms of processor each second.
    expect(plan.coresUsed).toBeCloseTo(0.28)
    expect(plan.coresUsedCold).toBeCloseTo(1)
    expect([plan.workers, plan.memory]).toEqual([2, 1e9])
    expect(plan.originBytes).toBeCloseTo(2e6)
    expect(plan.clientBytes).toBeCloseTo(10e6)
    expect([plan.madeAnew, plan.redisCommands].map(Math.round)).toEqual([200, 400])
  })

  it('grows in proportion, and never below two workers', () => {
    expect(planFor(1, 0, [run()]).workers).toBe(2)
    const [small, large] = [planFor(100_000, 0, [run()]), planFor(1_000_000, 0, [run()])]
    expect(large.coresUsed / small.coresUsed).toBeCloseTo(10)
    expect(large.workers).toBe(Math.ceil(large.coresUsed / ASSUMED.busy))
  })

  it('takes the median of all rounds of all runs', () => {
    expect(needsOf([run([900, 1000]), run([1100, 5000])], 'list').cold).toEqual({
      median: 1050,
      least: 900,
      most: 5000,
    })
  })

  it('weighs kinds as the mix has them', () => {
    expect(mixed({ point: 3, list: 1, search: 0, json: 0, csv: 0 }, (name) => (name === 'list' ? 100 : 20))).toBe(40)
  })
})

describe('docs/capacity.md', () => {
  it('is what is computed from the runs that are kept: node bench/capacity/page.ts writes it anew', async () => {
    expect(readFileSync(PAGE_FILE, 'utf8')).toBe(pageOf(await readRuns()))
  })
})
