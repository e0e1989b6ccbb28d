import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createReuseCounts, ReuseFile, type ReuseFileOptions } from '../../gateway/metrics/reuse.ts'
import { recordingLog } from './fixture.ts'

let folder: string
let now: number
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'strates-reuse-')), 'reuse')
  now = Date.UTC(2026, 10, 30, 23, 59)
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(join(folder, '..'), { recursive: true, force: true })
})

const { log, logged } = recordingLog()
const open = (options: Partial<ReuseFileOptions> = {}) => new ReuseFile({ folder, log, clock: () => now, ...options })
const read = async (month: string) => JSON.parse(await readFile(join(folder, `${month}.json`), 'utf8'))

describe('the monthly summary of reuse', () => {
  it('counts answers by dataset and client, names in order', async () => {
    const reuse = open()
    reuse.add(['cog', 'ecoles'], 'carte')
    reuse.add(['ecoles'], 'carte')
    reuse.add(['ecoles'], 'autre')
    await reuse.flush()
    expect(await readFile(join(folder, '2026-11.json'), 'utf8')).toBe(
      `${JSON.stringify({ month: '2026-11', datasets: { cog: { carte: 1 }, ecoles: { autre: 1, carte: 2 } } }, null, 1)}\n`,
    )
  })

  it('has a file for each month, in UTC, and back again when the clock is set back', async () => {
    const reuse = open()
    reuse.add(['cog'], 'a')
    now += 60_000
    reuse.add(['cog'], 'a')
    reuse.add(['cog'], 'a')
    now -= 60_000
    reuse.add(['cog'], 'a')
    await reuse.flush()
    expect([(await read('2026-11')).datasets, (await read('2026-12')).datasets]).toEqual([
      { cog: { a: 2 } },
      { cog: { a: 2 } },
    ])
    expect(await readdir(folder)).toEqual(['2026-11.json', '2026-12.json'])
  })

  it('goes on after a restart', async () => {
    for (const _ of [1, 2, 3]) {
      const reuse = open()
      reuse.add(['cog'], 'a')
      await reuse.flush()
    }
    expect((await read('2026-11')).datasets).toEqual({ cog: { a: 3 } })
  })

  it('adds what workers counted', async () => {
    const worker = createReuseCounts(() => now)
    worker.add(['cog'], 'a')
    worker.add(['cog'], 'a')
    const reuse = open()
    reuse.merge(structuredClone(worker.take()))
    reuse.add(['cog'], 'a')
    expect(worker.take()).toEqual([])
    await reuse.flush()
    expect((await read('2026-11')).datasets).toEqual({ cog: { a: 3 } })
  })

  it('is written once a minute at most, and only when something was counted', async () => {
    vi.useFakeTimers()
    const writeFile = vi.fn(async () => {})
    const files = { mkdir: async () => {}, readFile: missing, writeFile, rename: async () => {} }
    const reuse = open({ files })
    for (let index = 0; index < 1000; index++) reuse.add(['cog'], 'a')
    await vi.advanceTimersByTimeAsync(59_000)
    expect(writeFile).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1000)
    expect(writeFile).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(writeFile).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['no JSON', '{"month": "2026-11", "data'],
    ['of another month', '{"month":"2026-10","datasets":{}}'],
    ['of other values', '{"month":"2026-11","datasets":{"cog":{"a":"many"}}}'],
  ])('that is %s is put aside whole, and told of', async (_, broken) => {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, '2026-11.json'), broken)
    const reuse = open()
    reuse.add(['cog'], 'a')
    await reuse.flush()
    const aside = `2026-11.json.broken-${now}`
    expect(await readdir(folder)).toEqual(['2026-11.json', aside])
    expect(await readFile(join(folder, aside), 'utf8')).toBe(broken)
    expect((await read('2026-11')).datasets).toEqual({ cog: { a: 1 } })
    expect(logged.at(-1)).toMatchObject({ level: 'warn', record: { month: '2026-11' } })
  })

  it('keeps in memory what a full disk refuses, and writes it when there is room', async () => {
    let full = true
    const texts = new Map<string, string>()
    const files: ReuseFileOptions['files'] = {
      mkdir: async () => {},
      readFile: async (path) => texts.get(path) ?? (await missing()),
      async writeFile(path, text) {
        if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
        texts.set(path, text)
      },
      async rename(from, to) {
        texts.set(to, texts.get(from)!)
      },
    }
    const reuse = open({ files })
    reuse.add(['cog'], 'a')
    await reuse.flush()
    reuse.add(['cog'], 'a')
    full = false
    await reuse.flush()
    expect(JSON.parse(texts.get(join(folder, '2026-11.json'))!).datasets).toEqual({ cog: { a: 2 } })
  })

  it('takes names as they are, those of objects too', async () => {
    const reuse = open()
    reuse.add(['cog'], '__proto__')
    reuse.add(['cog'], 'constructor')
    await reuse.flush()
    await reuse.flush()
    expect(await readFile(join(folder, '2026-11.json'), 'utf8')).toContain('"__proto__": 1')
  })
})

const missing = async (): Promise<string> => {
  throw Object.assign(new Error('none'), { code: 'ENOENT' })
}
