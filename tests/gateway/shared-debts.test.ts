import { createClient } from '@keyv/redis'
import { afterEach, describe, expect, it } from 'vitest'
import { hasRedis, startRedis } from '../../demo/servers/redis.ts'
import { createAccounts, type Accounts } from '../../gateway/guard/rate.ts'
import { createSharedDebts, redisDebts, type DebtStore, type SharedDebts } from '../../gateway/guard/sharedDebts.ts'
import { startFakeRedis } from './fakeRedis.ts'
import { recordingLog } from './fixture.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

/** Debts as Redis keeps them, on a clock that a test moves. */
function debtsOnClock(pointsPerMinute: number): DebtStore & { pass(seconds: number): void; now(): number } {
  const paidAt = new Map<string, number>()
  const msPerPoint = 60_000 / pointsPerMinute
  let now = 0
  return {
    now: () => now,
    pass: (seconds) => void (now += seconds * 1000),
    add: async (spending) =>
      spending.map(([client, points]) => {
        const paid = Math.max(paidAt.get(client) ?? now, now) + points * msPerPoint
        paidAt.set(client, paid)
        return (paid - now) / msPerPoint
      }),
    disconnect() {},
  }
}

/** What a worker does every quarter of a second. */
async function share(accounts: Accounts, debts: SharedDebts): Promise<void> {
  const owed = await debts.add(accounts.spent())
  if (owed !== undefined) accounts.owe(owed)
}

describe('gateways that share accounts', () => {
  it('learn with the first request of a client what it spent elsewhere, and count nothing twice', async () => {
    const store = debtsOnClock(600)
    const debts = createSharedDebts(store, recordingLog().log)
    const [here, there] = [0, 1].map(() => createAccounts({ pointsPerMinute: 600, now: store.now })) as [
      Accounts,
      Accounts,
    ]
    here('a').take(500)
    await share(here, debts)
    there('a').take(10)
    there('b').take(10)
    for (let round = 0; round < 3; round += 1) {
      await share(there, debts)
      await share(here, debts)
    }
    expect([here('a').remaining(), there('a').remaining(), there('b').remaining()]).toEqual([100, 90, 590])
    here('a').take(1)
    await share(here, debts)
    expect(here('a').remaining()).toBe(89)
  })

  it('give back as time goes by, each the same', async () => {
    const store = debtsOnClock(600)
    const debts = createSharedDebts(store, recordingLog().log)
    const accounts = createAccounts({ pointsPerMinute: 600, now: store.now })
    accounts('a').take(600)
    await share(accounts, debts)
    store.pass(30)
    accounts('a').take(100)
    await share(accounts, debts)
    expect(accounts('a').remaining()).toBe(200)
    store.pass(60)
    expect(accounts('a').remaining()).toBe(600)
  })
})

describe('shared accounts that fail', () => {
  it.each([
    ['are not there', async () => 'redis://127.0.0.1:9'],
    [
      'never reply',
      async () => {
        const fake = await startFakeRedis()
        fake.delay = Infinity
        open.push(() => fake.close())
        return fake.url
      },
    ],
  ])('because they %s are told once in the log and left alone, and each gateway keeps its own', async (_, urlOf) => {
    const { log, logged } = recordingLog()
    const debts = createSharedDebts(redisDebts(await urlOf(), 600), log)
    open.push(() => debts.close())
    const accounts = createAccounts({ pointsPerMinute: 600, now: () => 0 })
    for (let round = 0; round < 5; round += 1) {
      accounts('a').take(100)
      await share(accounts, debts)
    }
    expect(accounts('a').remaining()).toBe(100)
    expect(logged.filter(({ level }) => level === 'warn')).toHaveLength(1)
    const begun = performance.now()
    for (let round = 0; round < 100; round += 1) expect(await debts.add([['a', 1]])).toBeUndefined()
    expect(performance.now() - begun).toBeLessThan(250)
  })
})

describe.skipIf(!hasRedis())('a real Redis', () => {
  it('adds up what several gateways tell, names no client, and forgets what is paid', async () => {
    const server = await startRedis()
    open.push(() => server.stop())
    const { url } = server
    const [one, other] = [0, 1].map(() => redisDebts(url, 60_000)) as [DebtStore, DebtStore]
    open.push(async () => (one.disconnect(), other.disconnect()))
    const { signal } = new AbortController()
    await expect.poll(() => one.add([['192.0.2.7', 0]], signal), { timeout: 15_000 }).toEqual([0])
    const spending = Array.from({ length: 1500 }, (_, client) => [`192.0.2.7 ${client}`, 1000] as const)
    await one.add(spending, signal)
    const debts = await other.add([...spending, ['198.51.100.1', 100]], signal)
    expect(debts).toHaveLength(1501)
    // A point is paid back each millisecond.
    for (const debt of debts.slice(0, 1500)) expect(debt).toSatisfy((found: number) => found > 1000 && found <= 2000)
    expect(debts[1500]).toBe(100)
    const redis = createClient({ url })
    await redis.connect()
    open.push(async () => redis.destroy())
    const keys = await redis.keys('*')
    expect(keys).toHaveLength(1501)
    expect(keys.filter((key) => !/^strates:debt:[0-9a-f]{32}$/.test(key))).toEqual([])
    await expect.poll(() => redis.dbSize(), { timeout: 5000 }).toBe(0)
  }, 30_000)
})
