/** What the demonstration judges by: the whole of it runs as `npm run demo:cluster`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Ask, Reply } from '../../demo/cluster/ask.ts'
import { withAddresses } from '../../demo/cluster/cluster.ts'
import { judge } from '../../demo/cluster/judge.ts'
import { load } from '../../demo/cluster/load.ts'
import { learn, readCalls, readDocuments, unheard, written, type Operation } from '../../demo/cluster/operation.ts'
import { readOptions } from '../../demo/cluster/options.ts'
import { killAndRevive } from '../../demo/cluster/step.ts'
import { header, line, summary } from '../../demo/cluster/table.ts'
import { readSupergraph } from '../federation/federation.ts'
import { run } from '../process/program.ts'

const DATA = { town: { name: 'Ambre' }, pupils: { value: 20, status: 'OK' } }
const TOWN: Operation = {
  name: 'town',
  text: 'query Town { town { name } }',
  whole: written(DATA),
  needs: new Set(['commune', 'national']),
}
const WHOLE: Reply = { status: 200, body: { data: DATA } }
const missing = (subgraph: string, code = 'SUBGRAPH_UNAVAILABLE', data: unknown = { ...DATA, town: null }): Reply => ({
  status: 200,
  body: { data, errors: [{ message: 'away', path: ['town'], extensions: { code, subgraph } }] },
})
/** Without the town, as it should be, and with something else in the place of the rest. */
const lacking = (data: unknown): Reply => missing('commune', 'SUBGRAPH_UNAVAILABLE', data)

describe('an answer', () => {
  it('is complete where it is the whole one', () => {
    expect(judge(WHOLE, TOWN, new Set())).toBe('COMPLETE')
    expect(judge(WHOLE, TOWN, new Set(['commune']))).toBe('COMPLETE')
  })

  it('is partial where each error names an owner whose part may be missing', () => {
    expect(judge(missing('commune'), TOWN, new Set(['commune']))).toBe('PARTIAL')
    expect(judge(missing('commune', 'DATABASE_UNREACHABLE'), TOWN, new Set(['commune']))).toBe('PARTIAL')
  })

  it('is partial where a sum says that it lacks a part, beside the error at that part', () => {
    const less = { value: 12, status: 'PARTIAL' }
    expect(judge(lacking({ town: null, pupils: less }), TOWN, new Set(['commune']))).toBe('PARTIAL')
  })

  it.each<[string, Reply, readonly string[]]>([
    ['names an owner that is there', missing('region'), ['commune']],
    ['lacks a part while nobody is away', missing('commune'), []],
    ['has an error of another kind', missing('commune', 'INTERNAL_SERVER_ERROR'), ['commune']],
    [
      'has an error without an owner',
      { status: 200, body: { data: null, errors: [{ message: 'broken' }] } },
      ['commune'],
    ],
    ['is a 5xx', { status: 503, body: { data: DATA } }, ['commune']],
    ['lacks more than what the error stands at', lacking(null), ['commune']],
    ['lacks another part, at which no error stands', lacking({ town: null, pupils: null }), ['commune']],
    ['leaves out another part', lacking({ town: null }), ['commune']],
    [
      'has another sum, which says nothing of it',
      lacking({ town: null, pupils: { value: 12, status: 'OK' } }),
      ['commune'],
    ],
    ['has another name, beside an error', lacking({ ...DATA, town: { name: 'Ocre' } }), ['commune']],
    [
      'is another one, and says nothing of it',
      { status: 200, body: { data: { ...DATA, town: { name: 'Ocre' } } } },
      ['commune'],
    ],
  ])('fails where it %s', (_, reply, mayMiss) => {
    expect(judge(reply, TOWN, new Set(mayMiss))).toEqual({ failed: expect.stringMatching(/^town: /) })
  })
})

describe('the load', () => {
  const answering =
    (gone: string): Ask =>
    async (gateway) => {
      if (gateway === gone) throw new Error('connection refused')
      return WHOLE
    }
  const loaded = (mayBeGone: string | undefined) =>
    load({
      gateways: ['one', 'other'],
      operations: () => [TOWN],
      ask: answering('one'),
      mayBeGone: () => mayBeGone,
      mayMiss: () => new Set(),
      perSecond: 200,
      until: new Promise((resolve) => setTimeout(resolve, 150)),
    })

  it('goes to the other gateway where one is gone, and stays there', async () => {
    const { requests, complete, moved, failed } = await loaded('one')
    expect(requests).toBeGreaterThan(8)
    expect([complete, moved, failed]).toEqual([requests, 2, []])
  })

  it('takes no excuse of a gateway that should be there', async () => {
    const { failed, moved } = await loaded('other')
    expect([failed.length > 0, moved]).toEqual([true, 0])
    expect(failed[0]).toContain('no answer from one')
  })
})

describe('the questions', () => {
  it('are all of operations/, and can be asked in words that nobody heard', async () => {
    const documents = await readDocuments()
    expect(documents.length).toBeGreaterThan(20)
    for (const { text } of documents) {
      expect(unheard(text)).not.toBe(text)
      expect(unheard(text)).not.toBe(unheard(text))
    }
  })

  it('of one owner alone are told where a gateway asks others for them', async () => {
    const calls = new Map([
      ['commune', 0],
      ['national', 0],
    ])
    const server = createServer((_, response) =>
      response.end(
        [...calls]
          .map(([name, count]) => `strates_subgraph_calls_total{subgraph="${name}",outcome="ANSWERED"} ${count}\n`)
          .join(''),
      ),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const ask: Ask = async (_, text) => {
      for (const [name, count] of calls) if (name === 'commune' || text.includes('Both')) calls.set(name, count + 1)
      return WHOLE
    }
    const alone = 'commune' as const
    const documents = [
      { name: 'one', text: 'query One { town { name } }', alone },
      { name: 'both', text: 'query Both { town { name } }', alone },
      { name: 'any', text: 'query Both { town { name } }' },
    ]
    const { operations, differences } = await learn(documents, [gateway], ask)
    server.close().closeAllConnections()
    expect(operations.map(({ needs }) => needs.size)).toEqual([1, 2, 2])
    expect(differences).toEqual(['both is answered by its owner alone, and national was asked'])
  })

  it('need whom the gateway counts calls of', () => {
    const metrics = `# TYPE strates_subgraph_calls_total counter
strates_subgraph_calls_total{subgraph="commune",outcome="ANSWERED"} 7
strates_subgraph_calls_total{subgraph="commune",outcome="TIMEOUT"} 2
strates_subgraph_calls_total{subgraph="national",outcome="ANSWERED"} 1
strates_subgraph_seconds_count{subgraph="epci"} 9
`
    expect([...readCalls(metrics)]).toEqual([
      ['commune', 9],
      ['national', 1],
    ])
  })

  it('go to a supergraph whose subgraphs are where they were started', async () => {
    const moved = withAddresses(await readSupergraph(), [{ name: 'epci', server: { url: 'http://127.0.0.14:9/' } }])
    expect(moved).toContain('@join__graph(name: "epci", url: "http://127.0.0.14:9/")')
    expect(moved).toContain('@join__graph(name: "commune", url: "http://127.0.0.1:4001")')
  })
})

describe('a step', () => {
  const closing: (() => void)[] = []
  afterEach(() => closing.splice(0).forEach((close) => close()))

  /** What says that it is ready, and that all is well. */
  async function wellGateway(): Promise<string> {
    const server = createServer((request, response) =>
      response.end(request.url === '/status' ? '{"status":"ok","owners":[{"name":"commune","state":"up"}]}' : 'ready'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => void server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it.each([
    { part: 'commune', away: missing('commune'), against: [] },
    { part: 'commune', away: WHOLE, against: ['no answer lacked the part of commune'] },
    { part: 'epci', away: missing('epci'), against: expect.arrayContaining([expect.stringMatching(/^town: .*epci/)]) },
  ])('kills $part and starts it again', async ({ part, away, against }) => {
    let isUp = true
    const server = {
      url: '',
      pid: 1,
      kill: async () => void (isUp = false),
      start: async () => void (isUp = true),
      stop: async () => {},
    }
    const found = await killAndRevive(
      { kind: 'subgraph', name: part, server },
      {
        gateways: [await wellGateway()],
        operations: [TOWN],
        seldom: [],
        ask: async () => (isUp ? WHOLE : away),
        pace: { perSecond: 200, beforeMs: 50, withoutMs: 100 },
      },
    )
    expect(found.against).toEqual(against)
    expect(found.convergedMs).toBeLessThan(2000)
    expect(line(found).split('\n')[0]).toMatch(new RegExp(`^${part} +\\d+ +\\d+ +\\d+ +0 +\\d+ +0\\.\\d s$`))
  })

  it('takes no excuse of a part that is not away yet', async () => {
    const server = { url: '', pid: 1, kill: async () => {}, start: async () => {}, stop: async () => {} }
    let asked = 0
    const { against } = await killAndRevive(
      { kind: 'subgraph', name: 'commune', server },
      {
        gateways: [await wellGateway()],
        operations: [TOWN],
        seldom: [],
        ask: async () => ((asked += 1) === 1 ? missing('commune') : WHOLE),
        pace: { perSecond: 200, beforeMs: 50, withoutMs: 50 },
      },
    )
    expect(against).toEqual([expect.stringMatching(/^town: .*commune/), 'no answer lacked the part of commune'])
  })

  it('asks what nobody holds while the database is away, and says who missed it', async () => {
    let isUp = true
    const asked = new Set<string>()
    const seldom = { ...TOWN, name: 'commune 35001', text: 'query Seldom { town { name } }' }
    const server = {
      url: '',
      pid: 1,
      kill: async () => void (isUp = false),
      start: async () => void (isUp = true),
      stop: async () => {},
    }
    const { against, tally } = await killAndRevive(
      { kind: 'postgres', name: 'PostgreSQL', server },
      {
        gateways: [await wellGateway()],
        operations: [TOWN],
        seldom: [seldom],
        ask: async (_, text) => {
          asked.add(text.split(/[_ ]/)[1] ?? '')
          return isUp || !text.includes('Seldom') ? WHOLE : missing('commune', 'DATABASE_UNREACHABLE')
        },
        pace: { perSecond: 200, beforeMs: 50, withoutMs: 100 },
      },
    )
    expect(against).toEqual([])
    expect([asked, tally.partial > 0]).toEqual([new Set(['Town', 'Seldom']), true])
  })

  it('stands in a table, with what speaks against it below', () => {
    const tally = { requests: 10, complete: 6, partial: 3, moved: 0, failed: ['town: HTTP 503'] }
    const step = { killed: 'commune', tally, convergedMs: undefined, against: tally.failed }
    expect(`${header()}\n${line(step)}\n${summary(0, 1)}`)
      .toBe(`killed        requests  complete  partial  moved  failed  whole again after
------        --------  --------  -------  -----  ------  -----------------
commune             10         6        3      0       1              never
  BROKEN town: HTTP 503
0 kept, 1 broken`)
  })
})

describe('npm run demo:cluster', () => {
  it.each([[['--slow']], [['--from', '/no/such/folder']], [['everything']]])('refuses %j', (given) => {
    expect(() => readOptions(given)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })

  it('says how it is written, and ends with 2 where it is written otherwise', async () => {
    const [help, wrong] = await Promise.all([
      run('demo/cluster/main.ts', ['--help']),
      run('demo/cluster/main.ts', ['--slow']),
    ])
    expect([help.code, help.stdout.split('\n')[0]]).toEqual([
      0,
      'Write: npm run demo:cluster [-- --from DIR] [--quick]',
    ])
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/^INVALID_OPTION: .*--slow/)])
  })
})
