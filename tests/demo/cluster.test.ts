/** What the demonstration judges by: the whole of it runs as `npm run demo:cluster`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Ask, Reply } from '../../demo/cluster/ask.ts'
import { withAddresses } from '../../demo/cluster/cluster.ts'
import { judge } from '../../demo/cluster/judge.ts'
import { load } from '../../demo/cluster/load.ts'
import { readCalls, readDocuments, unheard, written, type Operation } from '../../demo/cluster/operation.ts'
import { readOptions } from '../../demo/cluster/options.ts'
import { killAndRevive } from '../../demo/cluster/step.ts'
import { header, line, summary } from '../../demo/cluster/table.ts'
import { readSupergraph } from '../federation/federation.ts'
import { run } from '../process/program.ts'

const TOWN: Operation = {
  name: 'town',
  text: 'query Town { town { name } }',
  whole: written({ town: { name: 'Ambre' } }),
  needs: new Set(['commune', 'national']),
}
const WHOLE: Reply = { status: 200, body: { data: { town: { name: 'Ambre' } } } }
const missing = (subgraph: string, code = 'SUBGRAPH_UNAVAILABLE'): Reply => ({
  status: 200,
  body: { data: { town: null }, errors: [{ message: 'away', extensions: { code, subgraph } }] },
})

describe('an answer', () => {
  it('is complete where it is the whole one', () => {
    expect(judge(WHOLE, TOWN, new Set())).toBe('COMPLETE')
    expect(judge(WHOLE, TOWN, new Set(['commune']))).toBe('COMPLETE')
  })

  it('is partial where each error names an owner whose part may be missing', () => {
    expect(judge(missing('commune'), TOWN, new Set(['commune']))).toBe('PARTIAL')
    expect(judge(missing('commune', 'DATABASE_UNREACHABLE'), TOWN, new Set(['commune']))).toBe('PARTIAL')
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
    ['is a 5xx', { status: 503, body: { data: { town: { name: 'Ambre' } } } }, ['commune']],
    [
      'is another one, and says nothing of it',
      { status: 200, body: { data: { town: { name: 'Ocre' } } } },
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
      mayBeGone,
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
