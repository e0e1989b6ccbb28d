import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import { openStore } from '../../core/store/open.ts'
import type { Federation } from '../federation/federation.ts'
import { fixtureStore, openFixtureStore } from '../fixtures/store.ts'
import { compareOperations, compareRandom, startOverStore } from './sameAnswers.ts'
import { slowEngine } from './slowEngine.ts'

const engine = slowEngine()
let cube: Federation
let slow: Federation
beforeAll(async () => {
  cube = await startOverStore(await openFixtureStore())
  slow = await startOverStore(await openStore(await fixtureStore(), OWNERS, engine))
})
afterAll(async () => {
  await cube?.close()
  await slow?.close()
})

describe('an engine that has to fetch everything, and holds next to nothing', () => {
  it('gives the same answers to all operations', async () => {
    expect(await compareOperations(cube, slow)).toBeGreaterThan(10)
    expect(engine.rounds()).toBeGreaterThan(20)
  })

  it('gives the same answers to 300 random questions', async () => {
    const refused = await compareRandom(cube, slow)
    expect(refused).toBeGreaterThan(20)
    expect(engine.rounds()).toBeGreaterThan(100)
  })
})
