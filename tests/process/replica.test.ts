import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileWritable } from '../../pipeline/snapshots/fileWritable.ts'
import { pushSnapshot } from '../../pipeline/snapshots/push.ts'
import { cleanUp, ownFolder, ownStore, start, stateOf } from './program.ts'

let own: string
let there: string
beforeAll(async () => {
  own = await ownStore()
  there = join(await ownFolder(), 'there')
}, 120_000)
afterAll(cleanUp)

const READY = /Strates is ready on (http:\/\/127\.0\.0\.1:\d+)/
const settings = (data: string) => ({
  STRATES_DATA: data,
  STRATES_STORE_URL: pathToFileURL(there).href,
  STRATES_STORE_EVERY: '1',
  STRATES_RATE_LIMIT: '0',
})
const startReplica = (data: string) => start('gateway/main.ts', ['--port', '0'], settings(data))
const statusOf = async (url: string) =>
  (await (await fetch(`${url}/status`)).json()) as {
    readonly status: string
    readonly data: {
      readonly version: string
      readonly problem: { readonly code: string; readonly message: string } | null
    }
  }

describe('npm start where STRATES_STORE_URL is set', () => {
  it('waits for the first snapshot instead of building a store, follows the next, and says what it could not take', async () => {
    const data = await ownFolder()
    const replica = startReplica(data)
    await replica.says(/Nothing was published there yet/)
    await pushSnapshot(own, fileWritable({ kind: 'file', folder: there }))
    const [, url = ''] = await replica.says(READY)
    const { current } = await stateOf(own)
    expect(await statusOf(url)).toMatchObject({ data: { version: current, problem: null } })
    await writeFile(join(there, 'current.json'), '{}')
    await expect
      .poll(async () => (await statusOf(url)).data.problem?.code, { timeout: 20_000 })
      .toBe('SNAPSHOT_CORRUPT')
    const { status, data: told } = await statusOf(url)
    expect([status, told.version]).toEqual(['stale', current])
    expect(told.problem?.message).toContain('current.json')
    await pushSnapshot(own, fileWritable({ kind: 'file', folder: there }))
    await expect.poll(async () => (await statusOf(url)).data.problem, { timeout: 20_000 }).toBeNull()
    replica.send('SIGTERM')
    expect((await replica.ended).code).toBe(0)
  }, 90_000)

  it('ends at once where it is told to while it waits', async () => {
    const replica = start('gateway/main.ts', ['--port', '0'], {
      STRATES_DATA: await ownFolder(),
      STRATES_STORE_URL: pathToFileURL(await ownFolder()).href,
    })
    await replica.says(/Nothing was published there yet/)
    replica.send('SIGTERM')
    // A code of its own choice, and no signal: process 1 of a container is not ended by one that it leaves to the system.
    expect(await replica.ended).toMatchObject({ code: 143, signal: null })
  })

  it('starts with the version that it has where there is no network', async () => {
    const data = await ownStore()
    await rm(there, { recursive: true, force: true })
    const replica = startReplica(data)
    const [, url = ''] = await replica.says(READY)
    const { current } = await stateOf(data)
    await expect
      .poll(async () => (await statusOf(url)).data.problem?.code, { timeout: 20_000 })
      .toBe('SNAPSHOT_UNREACHABLE')
    expect((await statusOf(url)).data.version).toBe(current)
  }, 90_000)
})
