import { describe, expect, it } from 'vitest'
import { createBackoff } from '../../../gateway/process/backoff.ts'
import { BEAT_MS, createWatchdog, SILENT_MS } from '../../../gateway/process/watchdog.ts'
import { clock } from './clock.ts'

describe('the watchdog', () => {
  function watching() {
    const { now, pass } = clock()
    const watchdog = createWatchdog<string>(now)
    /** Lets seconds go by, looking at each; gives who was found silent, and when. */
    function look(seconds: number, heard: readonly string[] = []): string[] {
      return Array.from({ length: seconds }, () => {
        pass(BEAT_MS)
        for (const name of heard) watchdog.heard(name)
        return watchdog.silent().map((name) => `${name} at ${now() / 1000}`)
      }).flat()
    }
    return { watchdog, look, pass }
  }

  it('finds who has been silent for 8 seconds, and nobody else', () => {
    const { watchdog, look } = watching()
    for (const name of ['a', 'b']) watchdog.watch(name, SILENT_MS)
    expect(look(20, ['a']).slice(0, 1)).toEqual(['b at 8'])
    expect(SILENT_MS + BEAT_MS).toBeLessThan(10_000)
  })

  it('gives more time to who is starting, and forgets who is gone', () => {
    const { watchdog, look } = watching()
    watchdog.watch('a', 15_000)
    expect(look(14)).toEqual([])
    watchdog.watch('a', SILENT_MS)
    expect(look(9)).toEqual(['a at 22', 'a at 23'])
    watchdog.forget('a')
    watchdog.heard('a')
    expect(look(20)).toEqual([])
  })

  it('blames nobody for a time in which it did not look itself', () => {
    const { watchdog, look, pass } = watching()
    watchdog.watch('a', SILENT_MS)
    pass(3_600_000)
    expect(look(8)).toEqual([])
    expect(look(1)).toEqual(['a at 3609'])
  })
})

describe('the time between deaths and what starts in their place', () => {
  it('is none at first, then grows to ten seconds, and is none again after a quiet while', () => {
    const { now, pass } = clock()
    const afterDeath = createBackoff(now)
    const delays = Array.from({ length: 10 }, () => {
      pass(100)
      return afterDeath()
    })
    expect(delays).toEqual([0, 0, 0, 0, 1000, 2000, 4000, 8000, 10_000, 10_000])
    pass(30_000)
    expect(afterDeath()).toBe(0)
  })
})
