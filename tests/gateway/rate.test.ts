import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../core/environment.ts'
import type { AppRequest } from '../../gateway/app.ts'
import { createClientNames, type TrustedProxies } from '../../gateway/guard/client.ts'
import { createAccounts, type Accounts } from '../../gateway/guard/rate.ts'
import { startGateway, type TestGateway } from './fixture.ts'

/** A clock that a test moves. */
function clock() {
  let ms = 0
  return { now: () => ms, pass: (seconds: number) => void (ms += seconds * 1000) }
}

describe('the account of a client', () => {
  it('holds a minute of points, and fills again as time goes by', () => {
    const { now, pass } = clock()
    const account = createAccounts({ pointsPerMinute: 600, now })('a')
    expect(account.take(600)).toBe(true)
    expect(account.take(1)).toBe(false)
    expect(account.secondsUntil(25)).toBe(3)
    pass(2.5)
    expect(account.remaining()).toBe(25)
    expect(account.headers()).toEqual({ ratelimit: '"default";r=25;t=58', 'ratelimit-policy': '"default";q=600;w=60' })
    expect(account.take(26)).toBe(false)
    expect(account.take(25)).toBe(true)
    pass(1000)
    expect(account.remaining()).toBe(600)
  })

  it('is nobody else’s', () => {
    const accountOf = createAccounts({ pointsPerMinute: 10, now: () => 0 })
    accountOf('a').spend(100)
    expect([accountOf('a').remaining(), accountOf('b').remaining()]).toEqual([0, 10])
  })

  it('is forgotten when too many others came since, never while it is in use', () => {
    const accountOf = createAccounts({ pointsPerMinute: 10, clients: 3, now: () => 0 })
    for (const client of ['a', 'b', 'c']) accountOf(client).spend(10)
    accountOf('a').remaining()
    accountOf('d').spend(10)
    expect(['a', 'c', 'd'].map((client) => accountOf(client).remaining())).toEqual([0, 0, 0])
    expect(accountOf('b').remaining()).toBe(10)
  })
})

describe('the accounts of workers that tell each other what was spent', () => {
  /** Workers that serve the same clients, and what they tell each other every quarter of a second. */
  function workersWith(pointsPerMinute: number, count: number) {
    const { now, pass } = clock()
    const workers = Array.from({ length: count }, () => createAccounts({ pointsPerMinute, now }))
    return {
      workers,
      pass,
      share() {
        const told = workers.map((worker) => worker.spent())
        for (const [i, worker] of workers.entries())
          for (const [j, spending] of told.entries()) if (i !== j) worker.takeFromOthers(spending)
      },
    }
  }

  it('are one account, but for what is not told yet', () => {
    const { workers, share } = workersWith(600, 2)
    const [here, there] = workers as [Accounts, Accounts]
    here('a').take(500)
    here('a').spend(40)
    expect(there('a').remaining()).toBe(600)
    share()
    expect([here('a').remaining(), there('a').remaining(), there('b').remaining()]).toEqual([60, 60, 600])
    share()
    expect([here('a').remaining(), there('a').remaining()]).toEqual([60, 60])
  })

  it('tell what was spent once, and only by whom something was', () => {
    const accounts = createAccounts({ pointsPerMinute: 100, now: () => 0 })
    accounts('a').take(60)
    accounts('a').take(60)
    accounts('a').spend(100)
    accounts('b').remaining()
    accounts('c').spend(0)
    expect(accounts.spent()).toEqual([['a', 100]])
    expect(accounts.spent()).toEqual([])
  })

  it.each([2, 4])('let a client who asks %s of them without pause spend little more than of one', (count) => {
    const { workers, pass, share } = workersWith(60_000, count)
    let spent = 0
    const seconds = 300
    for (let quarter = 0; quarter < seconds * 4; quarter++) {
      for (const worker of workers) while (worker('a').take(10)) spent += 10
      share()
      pass(0.25)
    }
    // A minute's points to begin with, what comes back, and what the others give within a quarter of a second.
    expect(spent).toBeLessThanOrEqual(60_000 + seconds * 1000 + (count - 1) * 250)
  })

  it('say that a debt has to be paid first', () => {
    const { workers, share } = workersWith(600, 2)
    for (const worker of workers) worker('a').take(600)
    share()
    const account = workers[0]?.('a')
    expect([account?.remaining(), account?.secondsUntil(10)]).toEqual([0, 61])
    expect(account?.headers()).toMatchObject({ ratelimit: '"default";r=0;t=120' })
    account?.spend(100)
    expect(workers[0]?.spent()).toEqual([])
  })

  it('can be told to a worker that comes later', () => {
    const { now, pass } = clock()
    const ledger = createAccounts({ pointsPerMinute: 600, now })
    ledger.takeFromOthers([
      ['a', 400],
      ['b', 10],
    ])
    pass(2)
    expect(ledger.outstanding()).toEqual([['a', 380]])
  })
})

describe('the name of a client', () => {
  it.each<[TrustedProxies, string, string, string]>([
    // nobody trusted: what is written is not believed
    [0, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    [[], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    [['10.0.0.0/8'], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    // one proxy: the last address is the one it wrote, whatever the client wrote before it
    [1, '10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    [['10.0.0.0/8'], '10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    [['10.0.0.1'], '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    [['fd00::/8'], 'fd00::5', '198.51.100.1', '198.51.100.1'],
    // two proxies
    [2, '10.0.0.1', '1.1.1.1, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    [['10.0.0.0/8'], '10.0.0.1', '1.1.1.1, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    // nothing written, or nothing that is an address: the proxy itself
    [1, '10.0.0.1', '', '10.0.0.1'],
    [1, '10.0.0.1', 'unknown', '10.0.0.1'],
    [3, '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    // with a port, as some write
    [1, '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    [1, '10.0.0.1', '[2001:db8:1:2:3::4]:4711', '2001:db8:1:2::/64'],
    // IPv6 by network of 64 bits
    [0, '2001:db8:1:2:3:4:5:6', '', '2001:db8:1:2::/64'],
    [0, '2001:0DB8:0001:0002::1', '', '2001:db8:1:2::/64'],
    [0, '2001:db8::1', '', '2001:db8:0:0::/64'],
    [0, '::1', '', '0:0:0:0::/64'],
    [0, 'fe80::1%eth0', '', 'fe80:0:0:0::/64'],
    [0, '::ffff:192.0.2.1', '', '192.0.2.1'],
    [0, '64:ff9b::192.0.2.1', '', '64:ff9b:0:0::/64'],
    [0, '', '', ''],
  ])('trusting %j, from %s with "%s": %s', (trusted, remoteAddress, forwardedFor, name) => {
    expect(createClientNames(trusted)({ remoteAddress, forwardedFor })).toBe(name)
  })
})

describe('STRATES_TRUST_PROXY and STRATES_RATE_LIMIT', () => {
  it.each([
    [undefined, []],
    ['0', 0],
    ['2', 2],
    ['10.0.0.0/8, 2001:db8::1,192.0.2.1', ['10.0.0.0/8', '2001:db8::1', '192.0.2.1']],
  ])('%s is %j', (text, proxies) => {
    expect(readEnvironment({ STRATES_TRUST_PROXY: text }).trustedProxies).toEqual(proxies)
  })

  it.each(['true', '10.0.0.0/33', 'fd00::/129', '10.0.0', '10.0.0.1/8/8', '-1', '1,2', '10.0.0.1,'])(
    'cannot be %s',
    (text) => {
      expect(() => readEnvironment({ STRATES_TRUST_PROXY: text })).toThrow(
        expect.objectContaining({
          code: 'CONFIGURATION_INVALID',
          message: expect.stringContaining(`STRATES_TRUST_PROXY=${text}`),
        }),
      )
    },
  )

  it('sets the points of a minute', () => {
    expect(readEnvironment({}).rateLimit).toBe(60_000)
    expect(readEnvironment({ STRATES_RATE_LIMIT: '0' }).rateLimit).toBe(0)
    expect(() => readEnvironment({ STRATES_RATE_LIMIT: 'many' })).toThrow(/STRATES_RATE_LIMIT=many/)
  })
})

describe('the rate limit of the gateway', () => {
  const { now, pass } = clock()
  let clients = 0
  const QUERY = JSON.stringify({ query: '{ towns { name } }' })
  const from = (remoteAddress: string, request: Partial<AppRequest> = {}): Partial<AppRequest> => ({
    remoteAddress,
    body: QUERY,
    ...request,
  })
  const get = (remoteAddress: string, url: string) => from(remoteAddress, { method: 'GET', url })

  async function started(
    run: (gateway: TestGateway) => Promise<void>,
    pointsPerMinute = 600,
    trustedProxies: TrustedProxies = 0,
  ) {
    const gateway = await startGateway({}, { limits: { pointsPerMinute }, now, trustedProxies })
    await run(gateway).finally(() => gateway.close())
  }

  it('says in each answer what is left, in headers and in extensions.cost', async () => {
    await started(async ({ send }) => {
      const { headers, body } = await send(from('192.0.2.1'))
      expect(headers).toMatchObject({ ratelimit: '"default";r=590;t=1', 'ratelimit-policy': '"default";q=600;w=60' })
      expect(headers['access-control-expose-headers']).toMatch(/RateLimit, RateLimit-Policy, Retry-After/)
      expect(JSON.parse(String(body)).extensions).toEqual({ cost: { requested: 5.5, limit: 10_000, remaining: 590 } })
    })
  })

  it('answers 429 with Retry-After and a code once the points are spent, before reading anything, until they are back', async () => {
    await started(async ({ send }) => {
      for (let i = 0; i < 60; i++) expect((await send(from('192.0.2.1'))).status).toBe(200)
      for (const request of [from('192.0.2.1'), from('192.0.2.1', { body: '{' })]) {
        const { status, headers, body } = await send(request)
        expect([status, headers['retry-after'], headers['cache-control']]).toEqual([429, '1', 'no-store'])
        const [{ message, extensions }] = JSON.parse(String(body)).errors
        expect(extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1 })
        expect(message).toMatch(/Ask again in 1 s/)
      }
      expect((await send(from('192.0.2.2'))).status).toBe(200)
      pass(1)
      expect((await send(from('192.0.2.1'))).status).toBe(200)
    })
  })

  it('asks an operation that it cannot pay yet to wait, through Apollo Server', async () => {
    await started(async ({ send }) => {
      const { status, headers, body } = await send(
        from('192.0.2.1', { body: JSON.stringify({ query: '{ towns { neighbours { neighbours { name } } } }' }) }),
      )
      expect(status).toBe(429)
      expect(Number(headers['retry-after'])).toBeGreaterThan(0)
      expect(JSON.parse(String(body)).errors[0].extensions).toMatchObject({ code: 'RATE_LIMITED' })
      expect(String(body)).not.toContain('"http"')
    }, 100)
  })

  it('makes refused and malformed requests pay, more than a small question', async () => {
    await started(async ({ send }) => {
      const left = async (request: Partial<AppRequest>) => {
        const client = `client ${++clients}`
        const { headers } = await send({ ...request, remoteAddress: client })
        return Number(/r=(\d+)/.exec(headers['ratelimit'] ?? '')?.[1])
      }
      const bodies = [
        '{',
        '[]',
        '{"query":"{"}',
        '{"query":"{ nothing }"}',
        '{"query":"{a{b{c{d{e{f{g{h{i{j{k{l{m}}}}}}}}}}}}}"}',
        'x'.repeat(100_001),
        '{"query":"query($n:Int!){echo(number:$n)}"}',
        '{"query":"{ echo }","operationName":"Other"}',
      ]
      for (const body of bodies) expect(await left({ body }), body.slice(0, 60)).toBe(500)
      expect(await left({ body: QUERY, headers: { 'content-type': 'text/plain' } })).toBe(500)
      expect(await left({ body: QUERY })).toBe(590)
    })
  })

  it('makes a document not seen lately pay for its validation and planning, once', async () => {
    await started(async ({ send }) => {
      const fields = Array.from({ length: 29 }, (_, i) => `a${i}: name`).join(' ')
      const body = JSON.stringify({ query: `{ town(id: "1") { ${fields} } }` })
      const left: number[] = []
      for (let i = 0; i < 3; i++)
        left.push(JSON.parse(String((await send(from('192.0.2.1', { body }))).body)).extensions.cost.remaining)
      // 30 selections and 3.9 points; then the least.
      expect(left).toEqual([566, 556, 546])
    })
  })

  it('has a fixed price for other routes, and none for those that machines watch', async () => {
    await started(async ({ send }) => {
      const costs = async (url: string) => {
        const { headers } = await send(get(`client ${++clients}`, url))
        return headers['ratelimit'] === undefined ? 0 : 600 - Number(/r=(\d+)/.exec(headers['ratelimit'])?.[1])
      }
      expect(
        await Promise.all(
          [
            '/livez',
            '/readyz',
            '/',
            '/nothing',
            '/v1/limits',
            '/graphiql',
            '/status',
            '/v1/catalog.jsonld',
            '/v1/feeds/',
          ].map(costs),
        ),
      ).toEqual([0, 0, 50, 10, 10, 50, 50, 50, 10])
      for (let i = 0; i < 12; i++) await send(get('192.0.2.9', '/graphiql'))
      const { status, headers, body } = await send(get('192.0.2.9', '/v1/limits'))
      expect([status, headers['content-type'], headers['retry-after']]).toEqual([
        429,
        'application/problem+json; charset=utf-8',
        '1',
      ])
      expect(JSON.parse(String(body))).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
      expect((await send(get('192.0.2.9', '/livez'))).status).toBe(200)
    })
  })

  it('does not believe an X-Forwarded-For that no trusted proxy wrote', async () => {
    await started(async ({ send }) => {
      const spoofed = (i: number) =>
        from('192.0.2.1', { headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.100.${i}` } })
      for (let i = 0; i < 60; i++) await send(spoofed(i))
      expect((await send(spoofed(99))).status).toBe(429)
    })
    await started(
      async ({ send }) => {
        const behind = (client: string) =>
          from('192.0.2.1', { headers: { 'content-type': 'application/json', 'x-forwarded-for': client } })
        for (let i = 0; i < 60; i++) await send(behind('198.51.100.1'))
        expect((await send(behind('9.9.9.9, 198.51.100.1'))).status).toBe(429)
        expect((await send(behind('198.51.100.2'))).status).toBe(200)
      },
      600,
      ['192.0.2.0/24'],
    )
  })

  it('does not hold for callers in this process, nor where it is 0', async () => {
    await started(async ({ send, ask }) => {
      for (let i = 0; i < 100; i++) expect((await ask('{ towns { name } }')).errors).toBeUndefined()
      expect((await send({ body: QUERY })).headers).not.toHaveProperty('ratelimit')
    })
    await started(async ({ send }) => {
      for (let i = 0; i < 100; i++) expect((await send(from('192.0.2.1'))).status).toBe(200)
    }, 0)
  })
})
