import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Remote } from '../../core/snapshots/remote.ts'
import { currentVersion } from '../../core/store/current.ts'
import { readQuarantine } from '../../core/store/quarantine.ts'
import { followSnapshots, type FollowEvent } from '../../core/snapshots/follow.ts'
import { pullSnapshot, type Write } from '../../core/snapshots/pull.ts'
import { noteQuarantine } from '../../pipeline/quarantine.ts'
import { fileWritable } from '../../pipeline/snapshots/fileWritable.ts'
import { pushSnapshot } from '../../pipeline/snapshots/push.ts'
import type { WritableRemote } from '../../pipeline/snapshots/writable.ts'
import { publishTiny } from '../core/store/tinyStore.ts'
import { forgetTinyStores, holding, publishHere } from './tinyStores.ts'

let folder: string
/** Where it is published, and where it is taken. */
let own: string
let replica: string
let there: string
let remote: WritableRemote
/** Keys that the replica opened. */
let opened: string[]
let reader: Remote
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strates-pull-'))
  ;[own, replica, there] = ['own', 'replica', 'there'].map((name) => join(folder, name)) as [string, string, string]
  await mkdir(replica)
  remote = fileWritable({ kind: 'file', folder: there })
  opened = []
  reader = { ...remote, open: (key, options) => (opened.push(key), remote.open(key, options)) }
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(forgetTinyStores)

const publish = async (value: number, keep = 5): Promise<string> => {
  await publishHere(own, value)
  return (await pushSnapshot(own, remote, { keep })).snapshot
}
const filesOf = async (data: string, name: string) => {
  const path = join(data, 'versions', name)
  return Object.fromEntries(
    await Promise.all(
      (await readdir(path)).map(async (file) => [file, (await readFile(join(path, file))).toString('base64')] as const),
    ),
  )
}
const fileThere = (snapshot: string, name: string) => join(there, 'versions', snapshot, name)
const CELLS = 'cells-commune.parquet'

describe('a snapshot', () => {
  it('is on the other machine what it is here, to the byte', async () => {
    const snapshot = await publish(12)
    expect(await pullSnapshot(replica, reader)).toMatchObject({ applied: snapshot })
    const name = await currentVersion(replica)
    expect(name).toBe(await currentVersion(own))
    expect(await filesOf(replica, name!)).toEqual(await filesOf(own, name!))
  })

  it('is taken once: who has it asks for one small file, and is told that it is the same', async () => {
    await publish(12)
    const { tag } = await pullSnapshot(replica, reader)
    opened = []
    expect(await pullSnapshot(replica, reader, { tag })).toEqual({ tag, applied: undefined })
    expect(await pullSnapshot(replica, reader)).toMatchObject({ applied: undefined })
    expect(opened).toEqual(['current.json', 'current.json'])
  })

  it('is fetched as far as it is new', async () => {
    await publish(12)
    await pullSnapshot(replica, reader)
    opened = []
    await publish(13)
    await pullSnapshot(replica, reader)
    expect(opened.map((key) => key.split('/').at(-1))).toContain(CELLS)
    expect(opened.map((key) => key.split('/').at(-1))).not.toContain('stays.parquet')
  })

  it('of the same data with other times of retrieval is another, and is taken too', async () => {
    await publish(12)
    await pullSnapshot(replica, reader)
    await publishTiny(own, { ...holding(12), retrieved: { 'fr-one': '2026-05-01T00:00:00.000Z' } })
    const { snapshot, outcome } = await pushSnapshot(own, remote)
    expect(outcome).toBe('switched')
    expect(await pullSnapshot(replica, reader)).toMatchObject({ applied: snapshot })
    const name = (await currentVersion(own))!
    expect(await filesOf(replica, name)).toEqual(await filesOf(own, name))
  })

  it('of the same data leaves the feeds before for who reads them, and none older', async () => {
    const name = await publishHere(own, 12)
    const path = join(own, 'versions', name)
    for (const feed of ['feed-a-1.csv.gz', 'feed-a-2.csv.gz', 'feed-a-3.csv.gz']) {
      for (const old of await readdir(path)) if (old.startsWith('feed-')) await rm(join(path, old))
      await writeFile(join(path, feed), feed)
      await writeFile(join(path, 'feeds.json'), JSON.stringify([feed]))
      await pushSnapshot(own, remote)
      await pullSnapshot(replica, reader)
    }
    const held = (await readdir(join(replica, 'versions', name))).filter((file) => file.startsWith('feed-'))
    expect(held.toSorted()).toEqual(['feed-a-2.csv.gz', 'feed-a-3.csv.gz'])
  })

  it('leaves two versions on a replica, and as many as are to be kept where it is published', async () => {
    for (const value of [12, 13, 14]) {
      await publish(value, 2)
      await pullSnapshot(replica, reader)
    }
    expect(await readdir(join(replica, 'versions'))).toHaveLength(2)
    const { kept, snapshot } = JSON.parse(await readFile(join(there, 'current.json'), 'utf8'))
    expect(kept[0]).toBe(snapshot)
    expect((await readdir(join(there, 'versions'))).toSorted()).toEqual(kept.toSorted())
    expect(kept).toHaveLength(2)
  })

  it('brings along which datasets the publisher refused', async () => {
    await publish(12)
    await pullSnapshot(replica, reader)
    const refused = { dataset: 'fr-one', code: 'CONTRACT_BROKEN', message: 'A column is missing', since: '2026-05-01' }
    await noteQuarantine(own, [refused], [])
    await pushSnapshot(own, remote)
    await pullSnapshot(replica, reader)
    expect(await readQuarantine(replica)).toEqual([refused])
  })
})

describe('a publish', () => {
  it('that was interrupted goes on where it stopped, and what it names is there', async () => {
    await publishHere(own, 12)
    let puts = 0
    const failing = {
      ...remote,
      put: (...given: Parameters<typeof remote.put>) =>
        ++puts === 5 ? Promise.reject(new Error('gone')) : remote.put(...given),
    }
    await expect(pushSnapshot(own, failing)).rejects.toThrow('gone')
    await expect(stat(join(there, 'current.json'))).rejects.toThrow('ENOENT')
    const { files, outcome } = await pushSnapshot(own, remote)
    expect(outcome).toBe('switched')
    expect(puts + files).toBe((await readdir(join(own, 'versions', (await currentVersion(own))!))).length + 2)
    expect(await pushSnapshot(own, remote)).toMatchObject({ outcome: 'same', files: 0 })
  })

  it('mends what was damaged there', async () => {
    const snapshot = await publish(12)
    await writeFile(fileThere(snapshot, CELLS), 'cut')
    await writeFile(join(there, 'current.json'), '{')
    expect(await pushSnapshot(own, remote)).toMatchObject({ outcome: 'switched', files: 1 })
    expect(await pullSnapshot(replica, reader)).toMatchObject({ applied: snapshot })
  })

  it('beside another at the same moment is told, and the other stands', async () => {
    const other = join(folder, 'other')
    await publishHere(own, 12)
    await publishHere(other, 13)
    const both = await Promise.allSettled([pushSnapshot(own, remote), pushSnapshot(other, remote)])
    const reasons = both.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(reasons).toEqual([expect.objectContaining({ code: 'STORE_BUSY' })])
    const winner = both.flatMap((result) => (result.status === 'fulfilled' ? [result.value.snapshot] : []))
    expect(await pullSnapshot(replica, reader)).toMatchObject({ applied: winner[0] })
  })
})

describe('a snapshot that is not whole', () => {
  let before: string | undefined
  let snapshot: string
  beforeEach(async () => {
    await publish(12)
    await pullSnapshot(replica, reader)
    before = await currentVersion(replica)
    snapshot = await publish(13)
  })
  afterEach(async () => {
    expect(await currentVersion(replica)).toBe(before)
    expect(await readdir(join(replica, 'versions'))).toContain(before)
  })

  const change = async (path: string, edit: (text: string) => string) =>
    writeFile(path, edit(await readFile(path, 'latin1')), 'latin1')
  it.each([
    ['a file is cut', () => change(fileThere(snapshot, CELLS), (text) => text.slice(0, -7)), 'SNAPSHOT_CORRUPT', CELLS],
    ['a file is longer', () => change(fileThere(snapshot, CELLS), (text) => `${text}x`), 'SNAPSHOT_CORRUPT', CELLS],
    [
      'a file has other bytes',
      () => change(fileThere(snapshot, CELLS), (text) => `${text.slice(0, -1)}x`),
      'SNAPSHOT_CORRUPT',
      CELLS,
    ],
    ['a file is gone', () => rm(fileThere(snapshot, CELLS)), 'SNAPSHOT_CORRUPT', CELLS],
    [
      'its list names a file outside',
      () => change(fileThere(snapshot, 'snapshot.json'), (text) => text.replace(CELLS, '../../current')),
      'SNAPSHOT_CORRUPT',
      'snapshot.json',
    ],
    [
      'current.json names one that is not there',
      () => change(join(there, 'current.json'), (text) => text.replace(snapshot, `${'0'.repeat(16)}.00000000`)),
      'SNAPSHOT_CORRUPT',
      'snapshot.json',
    ],
    [
      'current.json names another sha256',
      () => change(join(there, 'current.json'), (text) => text.replace(/"sha256": "../, '"sha256": "00')),
      'SNAPSHOT_CORRUPT',
      'snapshot.json',
    ],
    [
      'current.json is a page',
      () => writeFile(join(there, 'current.json'), '<html>'),
      'SNAPSHOT_CORRUPT',
      'current.json',
    ],
    [
      'it is for another version of Strates',
      () => change(join(there, 'current.json'), (text) => text.replace(/"format": \d+/, '"format": 1')),
      'SNAPSHOT_CORRUPT',
      'layout 1',
    ],
    ['current.json is gone', () => rm(join(there, 'current.json')), 'SNAPSHOT_UNREACHABLE', 'current.json'],
  ])('because %s is refused by name, and the version before stays', async (_, harm, code, named) => {
    await harm()
    await expect(pullSnapshot(replica, reader)).rejects.toMatchObject({ code, message: expect.stringContaining(named) })
  })

  it('because the disk is full leaves nothing behind, and is told', async () => {
    const full: Write = async (path, bytes) => {
      await writeFile(path, 'half')
      for await (const _ of bytes) break
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    }
    await expect(pullSnapshot(replica, reader, { write: full })).rejects.toThrow('ENOSPC')
    expect(await readdir(join(replica, 'versions'))).toEqual([before])
  })
})

describe('a replica that follows', () => {
  /** Turns that are due, run one by one. */
  function clock() {
    const due: { run: () => void; ms: number }[] = []
    return {
      due,
      later: (run: () => void, ms: number) => (due.push({ run, ms }), () => {}),
      async tick(): Promise<number> {
        await expect.poll(() => due.length, { interval: 5 }).toBe(1)
        const [next] = due.splice(0)
        next?.run()
        await expect.poll(() => due.length, { interval: 5 }).toBe(1)
        return next?.ms ?? 0
      },
    }
  }
  const follow = (later: ReturnType<typeof clock>['later']) => {
    const told: FollowEvent[] = []
    const report = (event: FollowEvent) => void told.push(event)
    return { told, follower: followSnapshots(replica, reader, { everyMs: 20_000, report, later, random: () => 0.5 }) }
  }

  it('waits for the first snapshot, tells why, and is ready with it', async () => {
    const { later, tick } = clock()
    const { follower, told } = follow(later)
    let isReady = false
    void follower.ready.then(() => (isReady = true))
    await tick()
    expect([isReady, follower.problem()?.code]).toEqual([false, 'SNAPSHOT_UNREACHABLE'])
    await publish(12)
    await tick()
    expect([isReady, follower.problem(), await currentVersion(replica)]).toEqual([
      true,
      undefined,
      await currentVersion(own),
    ])
    expect(told.map(({ kind }) => kind)).toEqual(['REFUSED', 'TOOK', 'RECOVERED'])
    await follower.close()
  })

  it('is ready at once with what it has where nobody answers, and asks ever less often', async () => {
    await publish(12)
    await pullSnapshot(replica, reader)
    await rm(there, { recursive: true })
    const { later, tick } = clock()
    const { follower } = follow(later)
    await follower.ready
    const waits: number[] = []
    for (let turn = 0; turn < 7; turn += 1) waits.push(await tick())
    expect(waits).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
    expect(follower.problem()?.code).toBe('SNAPSHOT_UNREACHABLE')
    await follower.close()
  })

  it('mends its own damaged version when it starts', async () => {
    await publish(12)
    await pullSnapshot(replica, reader)
    const name = (await currentVersion(replica))!
    await writeFile(join(replica, 'versions', name, CELLS), 'cut')
    const { later, due } = clock()
    const { follower } = follow(later)
    await expect.poll(() => due.length, { interval: 5 }).toBe(1)
    expect(await filesOf(replica, name)).toEqual(await filesOf(own, name))
    await follower.close()
  })

  it('takes a snapshot that was damaged once it is mended, though current.json is the same', async () => {
    const snapshot = await publish(12)
    const whole = join(folder, 'whole')
    await cp(fileThere(snapshot, CELLS), whole)
    await writeFile(fileThere(snapshot, CELLS), 'cut')
    const { later, tick } = clock()
    const { follower } = follow(later)
    await tick()
    expect(follower.problem()?.code).toBe('SNAPSHOT_CORRUPT')
    await cp(whole, fileThere(snapshot, CELLS))
    await tick()
    expect([follower.problem(), await currentVersion(replica)]).toEqual([undefined, await currentVersion(own)])
    await follower.close()
  })
})
