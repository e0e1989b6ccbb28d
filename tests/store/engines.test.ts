import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../core/observations/owner.ts'
import type { StoreEngine } from '../../core/store/engine.ts'
import { openStore, type Store } from '../../core/store/open.ts'
import { postgresEngine, type DatabaseEvent } from '../../core/store/postgres/engine.ts'
import { createApp } from '../../gateway/app.ts'
import { createEngine } from '../../gateway/engine.ts'
import { SILENT } from '../../gateway/log.ts'
import { localTransports } from '../../gateway/transport/local.ts'
import { run } from '../database/server.ts'
import { readSupergraph, subgraphsOver, type Federation } from '../federation/federation.ts'
import { fixtureStore, openFixtureStore } from '../fixtures/store.ts'
import { isWithoutPostgres, startDatabase, type OwnDatabase } from './database.ts'
import { slowEngine } from './slowEngine.ts'
import { compareOperations, compareRandom, PATIENCE_MS, startOverStore } from './sameAnswers.ts'

const isWithout = isWithoutPostgres()
let data: string
let database: OwnDatabase | undefined
beforeAll(async () => {
  data = await fixtureStore()
  if (isWithout) return
  database = await startDatabase()
  await database.publish(data)
})
afterAll(() => database?.server.stop())

describe('each engine gives the same answers as the one in memory', () => {
  const slow = slowEngine()
  const engines: StoreEngine[] = [slow]
  const others: Federation[] = []
  let cube: Federation
  beforeAll(async () => {
    if (database !== undefined) engines.push(postgresEngine(database.address, { readMs: PATIENCE_MS }))
    cube = await startOverStore(await openFixtureStore())
    for (const engine of engines) others.push(await startOverStore(await openStore(data, OWNERS, engine)))
  })
  afterAll(async () => {
    for (const federation of [cube, ...others]) await federation?.close()
    for (const engine of engines) await engine.close()
  })

  it('to all operations', async () => {
    slow.rounds()
    expect(await compareOperations(cube, others)).toBeGreaterThan(10)
    expect(slow.rounds()).toBeGreaterThan(20)
  })

  it('to 300 random questions', async () => {
    expect(await compareRandom(cube, others)).toBeGreaterThan(20)
    expect(slow.rounds()).toBeGreaterThan(100)
  })
})

describe.skipIf(isWithout)('the store in PostgreSQL', () => {
  describe('behind a gateway that keeps answers, when it is gone', () => {
    const events: DatabaseEvent[] = []
    let own: StoreEngine
    let store: Store
    let ask: (query: string) => Promise<{ data: any; errors?: any[]; kept: boolean }>
    let status: () => Promise<any>
    let close: () => Promise<void>
    beforeAll(async () => {
      own = postgresEngine(database!.address, { report: (event) => events.push(event) })
      store = await openStore(data, OWNERS, own)
      const subgraphs = new Map(subgraphsOver(store).map((subgraph) => [subgraph.name, subgraph]))
      const transports = localTransports(subgraphs, store.edition)
      const app = createApp({
        engine: createEngine({ supergraphSdl: await readSupergraph(), transports }),
        log: SILENT,
        problem: own.problem,
      })
      await app.ready
      ask = async (query) => {
        const headers = { 'content-type': 'application/json' }
        const request = { method: 'POST', url: '/graphql', headers, body: JSON.stringify({ query }) }
        const { body, headers: told } = await app.handle(request)
        return { ...JSON.parse(String(body)), kept: told['age'] !== undefined }
      }
      status = async () => JSON.parse(String((await app.handle({ method: 'GET', url: '/status', headers: {} })).body))
      close = () => app.close()
    })
    afterAll(async () => {
      await close?.()
      await own?.close()
    })

    const question = (code: string) => `{
      commune(code: "${code}") { name epci { name } schoolEnrolment(schoolYear: 2022) { primary { value } lowerSecondary { value } total { value status } } }
      measures { id }
    }`

    it('leaves null what has to be read, names the owner, and answers the rest; nothing of it is kept', async () => {
      await database!.server.kill()
      const begun = performance.now()
      const { data: answered, errors = [] } = await ask(question('35238'))
      expect(performance.now() - begun).toBeLessThan(3000)
      expect(answered.commune).toMatchObject({ name: 'Rennes', epci: { name: 'Rennes Métropole' } })
      expect(answered.measures.length).toBeGreaterThan(5)
      expect(answered.commune.schoolEnrolment).toMatchObject({ primary: null, lowerSecondary: null })
      expect(answered.commune.schoolEnrolment.total?.value ?? null).toBeNull()
      const told = errors.map(({ path, extensions: { code, subgraph } }) => [path.join('.'), code, subgraph])
      expect(told).toContainEqual(['commune.schoolEnrolment.primary', 'DATABASE_UNREACHABLE', 'commune'])
      expect(told).toContainEqual(['commune.schoolEnrolment.lowerSecondary', 'DATABASE_UNREACHABLE', 'departement'])
      expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|postgres:/)
      const said = await status()
      expect([said.status, said.data.problem?.code]).toEqual(['degraded', 'DATABASE_UNREACHABLE'])
      expect(said.owners.map(({ state }: { state: string }) => state)).not.toContain('down')
    })

    it('answers in full once it is back, without a restart', async () => {
      await database!.server.start()
      await expect.poll(() => own.problem(), { timeout: 10_000 }).toBeUndefined()
      const { data: answered, errors } = await ask(question('35238'))
      expect(errors).toBeUndefined()
      expect(answered.commune.schoolEnrolment).toMatchObject({
        primary: { value: 180 },
        total: { value: 1300 },
      })
      expect(events.map(({ kind }) => kind)).toEqual(['LOST', 'FOUND'])
      expect((await status()).data.problem).toBeNull()
    })

    it.each([
      ['cell', 'schoolEnrolment(schoolYear: 2022) { primary { value } }'],
      ['part', 'schoolEnrolment(schoolYear: 2022) { primaryBreakdown(by: [SECTOR]) { key } }'],
      ['school_value', 'schools { nodes { primary(schoolYear: 2022) { value } } }'],
      ['missing', 'schoolEnrolment(schoolYear: 2022) { primary { missingMembers { totalCount } } }'],
    ])('says that a partition of %s is gone, rather than that it has no rows', async (table, asked) => {
      const { dataVersion } = store.manifest
      const whole = `strates_store.${table}_${dataVersion}`
      await run(database!.address, `ALTER TABLE ${whole} DETACH PARTITION ${whole}_commune`)
      try {
        const { errors = [] } = await ask(`{ commune(code: "35360") { ${asked} } }`)
        expect(errors.map(({ extensions }) => extensions.code)).toContain('STORE_CORRUPT')
      } finally {
        await run(database!.address, `ALTER TABLE ${whole} ATTACH PARTITION ${whole}_commune FOR VALUES IN ('commune')`)
      }
      expect((await ask(`{ commune(code: "35360") { ${asked} } }`)).errors).toBeUndefined()
    })

    it('says that a version was dropped, rather than that it has no values', async () => {
      await run(database!.address, 'DELETE FROM strates_store.version')
      const { data: answered, errors = [] } = await ask(question('35047'))
      expect(answered.commune).toMatchObject({ name: 'Bruz', schoolEnrolment: { primary: null } })
      expect(errors.map(({ extensions }) => extensions.code)).toContain('STORE_CORRUPT')
      await expect(openStore(data, OWNERS, own)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    })

    it('opens no version in tables that a newer Strates laid out', async () => {
      await run(database!.address, 'INSERT INTO strates_store.migration (version) VALUES (99)')
      await expect(openStore(data, OWNERS, own)).rejects.toMatchObject({ code: 'DATABASE_LAYOUT' })
    })
  })
})
