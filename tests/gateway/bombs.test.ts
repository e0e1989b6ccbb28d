import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { readBombs, type Effect } from './bombs/measure.ts'

/** The aim is 50 ms; a shared machine gets time to spare. */
const CPU_MS = 250

let effects: ReadonlyMap<string, Effect>
beforeAll(async () => {
  const program = join(import.meta.dirname, 'bombs', 'measure.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program], { maxBuffer: 10_000_000 })
  const all = JSON.parse(stdout) as readonly Effect[]
  effects = new Map(all.map((effect) => [effect.name, effect]))
  const dearest = all.toSorted((left, right) => right.cpuMs - left.cpuMs)
  const median = dearest[Math.trunc(all.length / 2)]?.cpuMs.toFixed(1)
  console.log(
    `${all.length} bombs, CPU: median ${median} ms; ${dearest
      .slice(0, 5)
      .map(({ name, cpuMs }) => `${name} ${cpuMs.toFixed(1)} ms`)
      .join(', ')}`,
  )
})

describe('a bomb', () => {
  it('is one of at least 30, each with a name of its own', () => {
    expect(effects.size).toBe(readBombs().length)
    expect(effects.size).toBeGreaterThanOrEqual(30)
  })

  it.each(readBombs().map(({ name, code }) => [name, code]))(
    'is refused before any subgraph is asked: %s: %s',
    (name, code) => {
      const { answeredCode, calls, cpuMs, answerBytes, isServingAfter } = effects.get(name)!
      expect(answeredCode).toBe(code)
      expect(calls).toBe(0)
      expect(cpuMs).toBeLessThan(CPU_MS)
      expect(answerBytes).toBeLessThan(12_000)
      expect(isServingAfter).toBe(true)
    },
  )
})
