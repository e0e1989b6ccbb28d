import { describe, expect, it } from 'vitest'
import type { RefreshState, SourceLook } from '../../../core/observations/refresh.ts'
import { SILENT } from '../../../gateway/log.ts'
import { startRefresher, type LookEnd } from '../../../gateway/process/refresher.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const BEGIN = Date.parse('2026-03-01T00:00:00Z')

const lookAt = (askedAt: number, nextAt: number, facts: Partial<SourceLook> = {}): SourceLook => ({
  dataset: 'ecoles',
  askedAt: new Date(askedAt).toISOString(),
  answeredAt: null,
  changedAt: null,
  outcome: 'UNCHANGED',
  problem: null,
  failures: 0,
  nextAt: new Date(nextAt).toISOString(),
  seen: '',
  ...facts,
})

/** A refresher over a clock that a test moves, and when it looked, in minutes. */
function stage(end: () => LookEnd, after: (now: number) => SourceLook | undefined, first?: SourceLook) {
  let now = BEGIN
  let state: RefreshState | undefined = first && { origin: { kind: 'portal' }, looks: [first] }
  let next: { readonly at: number; readonly run: () => void } | undefined
  const looked: number[] = []
  const lines: string[] = []
  let [running, most] = [0, 0]
  startRefresher({
    data: '',
    log: {
      ...SILENT,
      error: (facts: object, text?: string) => void lines.push(`error ${JSON.stringify(facts)} ${text}`),
      warn: (facts: object, text?: string) => void lines.push(`warn ${JSON.stringify(facts)} ${text}`),
    },
    now: () => now,
    later: (run, ms) => (next = { at: now + ms, run }),
    read: async () => state,
    async look() {
      most = Math.max(most, ++running)
      looked.push((now - BEGIN) / MINUTE)
      const made = after(now)
      if (made) state = { origin: { kind: 'portal' }, looks: [made] }
      await Promise.resolve()
      running--
      return end()
    },
  })
  return {
    looked,
    lines,
    most: () => most,
    async liveFor(ms: number) {
      const last = now + ms
      while (next !== undefined && next.at <= last) {
        const { at, run } = next
        next = undefined
        now = at
        run()
        for (let turns = 0; turns < 20 && next === undefined; turns++) await Promise.resolve()
      }
      now = last
    },
  }
}

const fine = (): LookEnd => ({ code: 0, words: '' })

describe('a service that looks for newer files', () => {
  it('looks a minute after its first start, then whenever a source is due, one look after another', async () => {
    const { looked, liveFor, most } = stage(fine, (now) => lookAt(now, now + 90 * MINUTE))
    await liveFor(6 * HOUR)
    expect(looked).toEqual([1, 91, 181, 271])
    expect(most()).toBe(1)
  })

  it('asks nobody again because it was started again', async () => {
    const { looked, liveFor } = stage(fine, () => undefined, lookAt(BEGIN, BEGIN + 24 * HOUR))
    await liveFor(23 * HOUR)
    expect(looked).toEqual([])
    await liveFor(2 * HOUR)
    expect(looked[0]).toBeGreaterThanOrEqual(24 * 60)
  })

  it('waits an hour after a look that failed as a program, and says what it wrote', async () => {
    const failing = (): LookEnd => ({ code: null, words: 'STORE_BUSY: another ingest' })
    const { looked, lines, liveFor } = stage(failing, () => undefined)
    await liveFor(3 * HOUR)
    expect(looked).toEqual([1, 61, 121])
    expect(lines[0]).toMatch(/^error .*STORE_BUSY/)
  })

  it('reports a refused file as an error and a silent source as a warning, of its own looks only', async () => {
    const problem = { code: 'CONTRACT_BROKEN', message: 'a column is missing' }
    const { lines, liveFor } = stage(
      () => ({ code: 3, words: '' }),
      (now) => lookAt(now, now + 24 * HOUR, { outcome: 'QUARANTINED', problem }),
      lookAt(BEGIN - HOUR, BEGIN, { outcome: 'FAILED' }),
    )
    await liveFor(HOUR)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^error .*CONTRACT_BROKEN.*refused/)
  })
})
