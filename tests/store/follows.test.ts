/** Versions that follow each other in a database, under readers of the one before. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { followStore } from '../../core/snapshots/followStore.ts'
import type { Follower } from '../../core/snapshots/follow.ts'
import { openLive, type LiveStore } from '../../core/store/live.ts'
import type { Store } from '../../core/store/open.ts'
import { postgresEngine } from '../../core/store/postgres/engine.ts'
import { publishToDatabase } from '../../pipeline/database/publish.ts'
import { forgetTinyStores, publishHere } from '../snapshots/tinyStores.ts'
import { readFrom } from './contract.ts'
import { isWithoutPostgres, startDatabase, type OwnDatabase } from './database.ts'

describe.skipIf(isWithoutPostgres())('versions that follow each other in PostgreSQL', () => {
  let folder: string
  let database: OwnDatabase
  let follower: Follower | undefined
  let live: LiveStore | undefined
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strates-follows-'))
    database = await startDatabase()
  })
  afterAll(async () => {
    live?.close()
    await follower?.close()
    await database?.server.stop()
    await rm(folder, { recursive: true, force: true })
    await forgetTinyStores()
  })

  const publish = async (value: number): Promise<void> => {
    await publishHere(join(folder, 'own'), value)
    await publishToDatabase(database.address, join(folder, 'own'), () => {}, { keep: 2 })
  }
  const valueOf = ({ reader, atlas }: Store, place = 'commune:35238') =>
    readFrom(() => reader('commune').observe('pupils-primary', 2021, atlas.current.byId(place)!).value)
  const rankedBy = async ({ reader, atlas }: Store) =>
    (await reader('epci').valuesOf('pupils-primary', 2021)).valueOf(atlas.current.byId('commune:35238')!)

  it('are taken as they come, each read with its own numbers; of one that was dropped, nothing is read', async () => {
    const data = join(folder, 'replica')
    const engine = postgresEngine(database.address)
    await publish(101)
    follower = followStore({ data, address: database.address, everyMs: 50, owners: OWNERS, report: () => {} })
    await follower.ready
    live = await openLive(data, OWNERS, { everyMs: 20, engine })
    const first = live.current()
    expect([await valueOf(first), await rankedBy(first)]).toEqual([101, 101])
    await publish(102)
    await expect.poll(() => live?.current(), { timeout: 20_000 }).not.toBe(first)
    const second = live.current()
    expect([await valueOf(second), await rankedBy(second)]).toEqual([102, 102])
    // Who began with the one before goes on with it, also with what was not held.
    expect([await valueOf(first), await valueOf(first, 'departement:35')]).toEqual([101, 101])
    await publish(103)
    await expect.poll(() => live?.current(), { timeout: 20_000 }).not.toBe(second)
    expect(await valueOf(live.current())).toBe(103)
    // What is held of the first is still what it was.
    expect(await rankedBy(first)).toBe(101)
    await expect(valueOf(second, 'region:53')).resolves.toBe(102)
    await expect(missingOf(first)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    expect((await readdir(join(data, 'versions'))).length).toBeLessThanOrEqual(2)
    await engine.close()
  }, 60_000)

  const missingOf = ({ reader, atlas }: Store) =>
    readFrom(() => reader('commune').missingIn([{ slice: 0, territory: atlas.current.nation.index, vintage: 2026 }]))
})
