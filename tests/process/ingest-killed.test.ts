import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import type { Manifest } from '../../core/store/manifest.ts'
import { currentVersion } from '../../core/store/current.ts'
import { openStore } from '../../core/store/open.ts'
import { fixtureStore, SOURCES } from '../fixtures/store.ts'
import { cleanUp, ownFolder, ownStore, run, start, stateOf, type Ended } from './program.ts'

const PIPELINE = 'pipeline/main.ts'
/** Without the whole tables: they take a third of the time, and are beside the content. */
const QUICKLY = ['--no-feeds']
const ECOLES = 'fr-en-ecoles-effectifs-nb_classes.csv'

/** The fixture folder with one école more of 5 pupils: what an ingest makes of it is another version. */
let changed: string
let old: string
/** An ingest that nobody killed, and what another said that was started meanwhile on the same store. */
let first: { readonly data: string; readonly pid: number; readonly version: string; readonly milliseconds: number }
let second: Ended
beforeAll(async () => {
  changed = await ownFolder()
  await cp(SOURCES, changed, { recursive: true })
  const row = '2022;ILLE-ET-VILAINE;RENNES;0359999Z;ECOLE PRIMAIRE;OMEGA;PUBLIC;1;5;5;0;0;0;0;0;0;0\n'
  await writeFile(join(changed, ECOLES), (await readFile(join(changed, ECOLES), 'utf8')) + row)
  old = (await stateOf(await fixtureStore())).current

  const data = await ownStore()
  const started = performance.now()
  const ingest = start(PIPELINE, [...QUICKLY, '--from', changed], { STRATES_DATA: data })
  await ingest.says(/^reading /m)
  second = await run(PIPELINE, [...QUICKLY, '--from', SOURCES], { STRATES_DATA: data })
  const { code, stderr } = await ingest.ended
  expect(code, stderr).toBe(0)
  const { current: version } = await stateOf(data)
  first = { data, pid: ingest.pid, version, milliseconds: performance.now() - started }
})
afterAll(cleanUp)

/** Every file of the current version is as its manifest says, and the store opens. */
async function wholeVersion(data: string): Promise<string> {
  const version = await currentVersion(data)
  const folder = join(data, 'versions', version ?? '')
  const { files } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
  for (const { name, sha256 } of files) {
    expect(
      createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex'),
      name,
    ).toBe(sha256)
  }
  const store = await openStore(data, OWNERS)
  expect(store.manifest.dataVersion).toBe(version)
  return store.manifest.dataVersion
}

/** A moment at which to kill: so long after the start, after the new version is written, or after it is the current one. */
interface Moment {
  readonly after: 'START' | 'WRITTEN' | 'CURRENT'
  readonly milliseconds: number
}

/** Kills one ingest with SIGKILL. */
async function killedIngest(data: string, { after, milliseconds }: Moment): Promise<void> {
  // The whole tables are written when the content is.
  const given = after === 'WRITTEN' ? [] : QUICKLY
  const ingest = start(PIPELINE, [...given, '--from', changed], { STRATES_DATA: data })
  const isReached = {
    START: () => true,
    WRITTEN: () => existsSync(join(data, 'versions', `.building-${ingest.pid}`, 'manifest.json')),
    CURRENT: () => readFileSync(join(data, 'current'), 'utf8').trim() === first.version,
  }[after]
  const isOver = ingest.ended.then(() => true)
  while (!isReached() && (await Promise.race([sleep(1), isOver])) !== true);
  await Promise.race([sleep(milliseconds), ingest.ended])
  ingest.send('SIGKILL')
  await ingest.ended
}

/** Stores on which an ingest was killed. */
const killed: string[] = []

describe('an ingest killed with kill -9', () => {
  it('leaves the old version or the new one, whole, at any of eight moments', async () => {
    expect(first.version).not.toBe(old)
    const moments = (count: number, after: Moment['after'], within: number) =>
      Array.from({ length: count }, (): Moment => ({ after, milliseconds: Math.random() * within }))
    const halves = [0, 1].map(() => [
      ...moments(2, 'START', first.milliseconds),
      ...moments(1, 'WRITTEN', 200),
      ...moments(1, 'CURRENT', 5),
    ])
    const found: string[] = []
    async function lane(half: readonly Moment[]): Promise<void> {
      let data = await ownStore()
      for (const moment of half) {
        const says = `${moment.milliseconds.toFixed(0)} ms after ${moment.after}`
        await killedIngest(data, moment)
        const version = await wholeVersion(data).catch((error: unknown) => {
          throw new Error(`killed ${says}: ${String(error)}`, { cause: error })
        })
        expect([old, first.version], says).toContain(version)
        found.push(`${version === old ? 'old' : 'new'} ${says}`)
        if (version !== old) data = await ownStore()
      }
      killed.push(data)
    }
    // Two at a time, each on a store of its own.
    await Promise.all(halves.map(lane))
    console.log(`kill -9: ${found.join(', ')}`)
    expect(found).toHaveLength(8)
  }, 240_000)

  it('hinders no later ingest, which makes the same new version', async () => {
    const [data = ''] = killed
    // What a run leaves that is killed while it downloads, unpacks or writes.
    for (const name of ['.population-1.parquet', '.0f0e0d0c.tmp'])
      await writeFile(join(data, 'sources', name), 'half a file')
    await mkdir(join(data, 'versions', '.building-1'), { recursive: true })
    const { code, stderr } = await run(PIPELINE, [...QUICKLY, '--from', changed], { STRATES_DATA: data })
    expect(code, stderr).toBe(0)
    expect(await wholeVersion(data)).toBe(first.version)
    expect(await readdir(join(data, 'versions'))).toContain(first.version)
  })

  it('hinders no later ingest either when its process number has become that of another program', async () => {
    // As in a container, where numbers start again: the lock names a process that runs, and that is no ingest.
    const data = await ownStore()
    await writeFile(join(data, 'ingest.lock'), `${process.pid}\n`)
    const { stderr } = await run(PIPELINE, ['--from', '/no/such/folder'], { STRATES_DATA: data })
    expect(stderr).toMatch(/^FOLDER_NOT_FOUND/)
  })

  it('leaves no half file behind once a later ingest has run', async () => {
    const [data = ''] = killed
    for (const folder of ['sources', 'versions']) {
      expect((await readdir(join(data, folder))).filter((name) => name.startsWith('.'))).toEqual([])
    }
  })
})

describe('two ingests at once on one store', () => {
  it('are refused to the second, which names the first; the first goes on to its end', async () => {
    expect(second.code).toBe(1)
    for (const part of ['STORE_BUSY', first.data, `process ${first.pid}`, 'Wait for it to end']) {
      expect(second.stderr).toContain(part)
    }
    expect(await wholeVersion(first.data)).toBe(first.version)
  })
})
