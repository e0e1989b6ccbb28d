import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import type { StoreEngine } from '../../core/store/engine.ts'
import { openStore } from '../../core/store/open.ts'
import { postgresEngine } from '../../core/store/postgres/engine.ts'
import type { Federation } from '../federation/federation.ts'
import { fixtureStore, openFixtureStore } from '../fixtures/store.ts'
import { isWithoutPostgres, startDatabase, type OwnDatabase } from './database.ts'
import { compareOperations, compareRandom, startOverStore } from './sameAnswers.ts'

describe.skipIf(isWithoutPostgres())('the store in PostgreSQL', () => {
  let database: OwnDatabase
  let engine: StoreEngine
  let cube: Federation
  let sql: Federation
  beforeAll(async () => {
    const data = await fixtureStore()
    database = await startDatabase()
    await database.publish(data)
    engine = postgresEngine(database.address)
    cube = await startOverStore(await openFixtureStore())
    sql = await startOverStore(await openStore(data, OWNERS, engine))
  })
  afterAll(async () => {
    await cube?.close()
    await sql?.close()
    await engine?.close()
    await database?.server.stop()
  })

  it('gives the same answers to all operations as the one in memory', async () => {
    expect(await compareOperations(cube, sql)).toBeGreaterThan(10)
  })

  it('gives the same answers to 300 random questions', async () => {
    expect(await compareRandom(cube, sql)).toBeGreaterThan(20)
  })
})
