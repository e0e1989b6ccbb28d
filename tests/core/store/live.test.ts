import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OWNERS } from '../../../core/observations/owner.ts'
import { openLive, type LiveEvent, type LiveStore } from '../../../core/store/live.ts'
import { cell, publishTiny, slice, version } from './tinyStore.ts'

const RENNES = 'commune:35238'
const holding = (value: number) => ({
  ...version([slice(0, [cell(RENNES, value), cell('departement:35', value), cell('nation:FR', value)])]),
  feeds: false,
})

describe('a live store', () => {
  let data: string
  let live: LiveStore | undefined
  let events: LiveEvent[]
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'strates-live-'))
    events = []
  })
  afterEach(async () => {
    live?.close()
    await rm(data, { recursive: true, force: true })
  })

  const open = async (everyMs = 1_000_000) =>
    (live = await openLive(data, OWNERS, { everyMs, report: (event) => events.push(event) }))
  const valueIn = (edition: string) => {
    const store = live?.find(edition)
    return store?.reader('commune').observe('pupils-primary', 2021, store.atlas.current.nation).value
  }
  const damage = async (name: string, file = 'cells-commune.parquet') => {
    const path = join(data, 'versions', name, file)
    const bytes = await readFile(path)
    bytes[bytes.length >> 1] = bytes[bytes.length >> 1]! ^ 1
    await writeFile(path, bytes)
  }

  it('takes what is published, and holds the edition before for questions under way', async () => {
    const first = await publishTiny(data, holding(12))
    const { current, editions, refresh } = await open()
    expect(current().manifest.dataVersion).toBe(first)
    const second = await publishTiny(data, holding(13))
    await refresh()
    expect(editions().map((edition) => edition.split('.')[0])).toEqual([second, first])
    expect(editions().map(valueIn)).toEqual([13, 12])
    await publishTiny(data, holding(14))
    await refresh()
    expect(editions().map(valueIn)).toEqual([14, 13])
    expect(valueIn(`${first}.00000000`)).toBeUndefined()
    expect(events.map(({ kind }) => kind)).toEqual(['SWAPPED', 'SWAPPED'])
  })

  it('serves an edition only once it is prepared, and the one before meanwhile', async () => {
    const first = await publishTiny(data, holding(12))
    live = undefined
    const prepared: string[] = []
    const served: (string | undefined)[] = []
    live = await openLive(data, OWNERS, {
      everyMs: 1_000_000,
      prepare: async ({ manifest }) => {
        served.push(live?.current().manifest.dataVersion)
        prepared.push(manifest.dataVersion)
      },
    })
    const second = await publishTiny(data, holding(13))
    await live.refresh()
    expect(prepared).toEqual([first, second])
    expect(served).toEqual([undefined, first])
    expect(live.current().manifest.dataVersion).toBe(second)
  })

  it('finds out by itself', async () => {
    await publishTiny(data, holding(12))
    const { editions } = await open(20)
    const [before] = editions()
    await publishTiny(data, holding(13))
    while (editions()[0] === before) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(editions().map(valueIn)).toEqual([13, 12])
  })

  it('keeps one list of editions until it changes', async () => {
    await publishTiny(data, holding(12))
    const { editions, refresh } = await open()
    const before = editions()
    await refresh()
    expect(editions()).toBe(before)
    // The same content, published again: the pointer is new, the edition is not.
    await publishTiny(data, holding(12))
    await refresh()
    expect(editions()).toBe(before)
    expect(events).toEqual([])
  })

  it('tells the same content retrieved at another time from the one before', async () => {
    const name = await publishTiny(data, holding(12))
    const { editions, refresh } = await open()
    await writeFile(join(data, 'versions', name, 'retrieved.json'), '{"elsewhere":"2026-01-01T00:00:00.000Z"}')
    await writeFile(join(data, 'current'), `${name}\n`)
    await refresh()
    expect(editions()).toHaveLength(2)
    expect(new Set(editions().map((edition) => edition.split('.')[0]))).toEqual(new Set([name]))
  })

  it('goes on serving what it holds when a version is damaged, says why, and takes the next one that is whole', async () => {
    const first = await publishTiny(data, holding(12))
    const { current, problem, refresh } = await open()
    await damage(await publishTiny(data, holding(13)))
    await refresh()
    expect(current().manifest.dataVersion).toBe(first)
    expect(problem()).toMatchObject({
      code: 'STORE_CORRUPT',
      facts: { on: expect.stringContaining('cells-commune.parquet') },
    })
    expect(events).toEqual([{ kind: 'REFUSED', error: problem() }])
    const third = await publishTiny(data, holding(14))
    await refresh()
    expect([current().manifest.dataVersion, problem()]).toEqual([third, undefined])
  })

  it.each([
    ['is gone', (pointer: string) => rm(pointer), /is gone/],
    ['cannot be read', (pointer: string) => rm(pointer).then(() => mkdir(pointer)), /EISDIR/],
  ])('goes on serving where the pointer %s, and says so once', async (_, spoil, says) => {
    const first = await publishTiny(data, holding(12))
    const { current, problem, refresh } = await open()
    await spoil(join(data, 'current'))
    await refresh()
    await refresh()
    expect(current().manifest.dataVersion).toBe(first)
    expect(problem()?.message).toMatch(says)
    expect(events.map(({ kind }) => kind)).toEqual(['REFUSED'])
  })

  it.each(['retrieved.json', 'history.json'])('refuses a version whose %s is of another shape', async (name) => {
    await publishTiny(data, holding(12))
    const { problem, refresh } = await open()
    const second = await publishTiny(data, holding(13))
    for (const text of ['null', '[]', '{"x":5}']) {
      await writeFile(join(data, 'versions', second, name), text)
      await writeFile(join(data, 'current'), `${second}\n`)
      await refresh()
      expect(problem()?.facts.on, text).toContain(name)
    }
  })

  it('begins with the version before where the current one is damaged, and says why', async () => {
    const first = await publishTiny(data, holding(12))
    const second = await publishTiny(data, holding(13))
    await damage(second)
    const { current, problem } = await open()
    expect(current().manifest.dataVersion).toBe(first)
    expect(problem()?.facts.on).toContain(second)
  })

  it('begins with the version that is there where the pointer is damaged', async () => {
    const first = await publishTiny(data, holding(12))
    await writeFile(join(data, 'current'), 'cut')
    const { current, problem } = await open()
    expect(current().manifest.dataVersion).toBe(first)
    expect(problem()?.facts.on).toBe(join(data, 'current'))
  })

  it('refuses to begin where no version is whole, or there is none', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'STORE_MISSING' })
    await damage(await publishTiny(data, holding(12)))
    await expect(open()).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })
})
