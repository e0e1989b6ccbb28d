import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, it } from 'vitest'
import type { AppRequest } from '../../gateway/app.ts'
import { createCells, MOST_CELLS } from '../../gateway/metrics/cells.ts'
import { mergeMetrics } from '../../gateway/metrics/merge.ts'
import { cleanClient, clientNames, MOST_NAMES, operationNames } from '../../gateway/metrics/names.ts'
import { ASLEEP, DOWN, parrot, startGateway, type TestGateway } from './fixture.ts'

const VERSION = ['0123456789abcdef.0001']
const QUERY = 'query Town($id: ID!) { town(id: $id) { name } }'
const ONE = { query: QUERY, variables: { id: '1' } }

let gateway: TestGateway
afterEach(() => gateway?.close())

const start = async (
  replaced: Parameters<typeof startGateway>[0] = {},
  options: Parameters<typeof startGateway>[1] = {},
) => (gateway = await startGateway(replaced, { versions: () => VERSION, ...options }))

const post = (body: unknown, headers: AppRequest['headers'] = {}) =>
  gateway.send({
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
const scrape = async (request: Partial<AppRequest> = {}) =>
  await gateway.app.handle({ method: 'GET', url: '/metrics', headers: {}, ...request })
/** The samples of one metric, as they are written. */
const samples = async (name: string) =>
  String((await scrape()).body)
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length))
    .toSorted()

describe('/metrics', () => {
  it('counts operations by name, client and outcome', async () => {
    await start({ roads: DOWN })
    const app = { 'apollographql-client-name': 'carte-scolaire' }
    await post(ONE, app)
    await post(ONE, app)
    await Promise.all([post({ ...ONE, variables: { id: '2' } }, app), post({ ...ONE, variables: { id: '2' } }, app)])
    await post({ query: '{ town(id: "1") { name roadKm } }' }, { 'x-client-name': 'autre' })
    await post({ query: '{ nothing }' })
    await post('no json', app)
    expect(await samples('strates_graphql_requests_total')).toEqual([
      '{operation="Town",client="carte-scolaire",outcome="collapsed"} 1',
      '{operation="Town",client="carte-scolaire",outcome="hit"} 1',
      '{operation="Town",client="carte-scolaire",outcome="miss"} 2',
      '{operation="anonymous",client="autre",outcome="partial"} 1',
      '{operation="anonymous",client="carte-scolaire",outcome="refused"} 1',
      '{operation="anonymous",client="unnamed",outcome="refused"} 1',
    ])
    expect(await samples('strates_graphql_refusals_total')).toEqual([
      '{code="BAD_REQUEST"} 1',
      '{code="GRAPHQL_VALIDATION_FAILED"} 1',
    ])
    expect(await samples('strates_cache_lookups_total')).toEqual([
      '{result="collapsed"} 1',
      '{result="hit"} 1',
      '{result="miss"} 3',
    ])
  })

  it('tells a bypass from a miss, and our own failures from refusals', async () => {
    await start({}, { versions: () => [] })
    await post(ONE)
    expect(await samples('strates_graphql_requests_total')).toEqual([
      '{operation="Town",client="unnamed",outcome="bypass"} 1',
    ])
    await gateway.close()
    await start({ towns: ASLEEP }, { limits: { operationMs: 500 } })
    await post(ONE)
    expect(await samples('strates_graphql_requests_total')).toEqual([
      '{operation="anonymous",client="unnamed",outcome="error"} 1',
    ])
    expect(await samples('strates_subgraph_calls_total')).toEqual(['{subgraph="towns",outcome="ABANDONED"} 1'])
  })

  it('counts variables that do not fit as a refusal', async () => {
    await start()
    await post({ query: QUERY, variables: {} })
    expect(await samples('strates_graphql_refusals_total')).toEqual(['{code="BAD_USER_INPUT"} 1'])
  })

  it('counts calls of subgraphs by how they ended, and how long they took', async () => {
    await start({ roads: DOWN })
    await post({ query: '{ town(id: "1") { name roadKm } }' })
    expect(await samples('strates_subgraph_calls_total')).toEqual([
      '{subgraph="roads",outcome="FAILED"} 1',
      '{subgraph="towns",outcome="ANSWERED"} 1',
    ])
    expect(await samples('strates_subgraph_seconds_count')).toEqual(['{subgraph="roads"} 1', '{subgraph="towns"} 1'])
  })

  it('counts points: what operations were estimated to cost, and what clients paid', async () => {
    await start({}, { limits: { pointsPerMinute: 1000 }, now: () => 0 })
    for (const _ of [1, 2]) await gateway.send({ remoteAddress: '192.0.2.1', body: JSON.stringify(ONE) })
    await gateway.app.handle({ method: 'GET', url: '/v1/limits', headers: {}, remoteAddress: '192.0.2.1' })
    expect(await samples('strates_operation_cost_points_sum')).toEqual([' 1.1'])
    expect(await samples('strates_operation_cost_points_count')).toEqual([' 1'])
    // The least price twice; what planning costs over it is in the first.
    expect(await samples('strates_points_paid_total')).toEqual(['{route="/graphql"} 20', '{route="/v1/limits"} 10'])
  })

  it('counts other requests by route and status, whatever the address', async () => {
    await start()
    for (const url of ['/livez', '/status', '/wp-login.php?x=1', '/nothing/%E0'])
      await gateway.app.handle({ method: 'GET', url, headers: {} })
    expect(await samples('strates_http_requests_total')).toEqual([
      '{route="/livez",status="200"} 1',
      '{route="/status",status="200"} 1',
      '{route="none",status="404"} 2',
    ])
  })

  it('tells the version of the data, what the cache holds, and how the process is', async () => {
    await start()
    await post(ONE)
    expect(await samples('strates_data_version_info')).toEqual(['{version="0123456789abcdef"} 1'])
    expect(await samples('strates_cache_entries')).toEqual([' 1'])
    expect(Number((await samples('strates_cache_bytes'))[0])).toBeGreaterThan(500)
    const text = String((await scrape()).body)
    for (const name of [
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
    ])
      expect(text).toMatch(new RegExp(`^${name} `, 'm'))
  })

  it('belongs to one app: another in the same process counts by itself', async () => {
    await start()
    await post(ONE)
    await gateway.close()
    await start()
    expect(await samples('strates_graphql_requests_total')).toEqual([])
  })

  it.each([
    ['this machine', { remoteAddress: '127.0.0.1' }, 200],
    ['this machine, IPv6', { remoteAddress: '::1' }, 200],
    ['this machine, IPv4 over IPv6', { remoteAddress: '::ffff:127.0.0.1' }, 200],
    ['elsewhere', { remoteAddress: '192.0.2.1' }, 403],
    ['a proxy here for someone elsewhere', { remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': '::1' } }, 403],
    ['another proxy here', { remoteAddress: '127.0.0.1', headers: { forwarded: 'for=127.0.0.1' } }, 403],
    ['no address', { remoteAddress: '' }, 403],
  ])('is answered to %s by %j: %d', async (_, request, status) => {
    await start()
    expect((await scrape(request)).status).toBe(status)
  })

  it('is answered to everyone where the operator says so, at a price', async () => {
    await start({}, { metrics: 'public', limits: { pointsPerMinute: 60 }, now: () => 0 })
    const statuses = [
      (await scrape({ remoteAddress: '192.0.2.1' })).status,
      (await scrape({ remoteAddress: '192.0.2.1' })).status,
    ]
    expect(statuses).toEqual([200, 429])
  })

  it('answers what others collected, where this app is one of several', async () => {
    await start({}, { collectMetrics: async () => 'all 3\n' })
    expect(String((await scrape()).body)).toBe('all 3\n')
  })
})

describe('docs/operations.md', () => {
  it('lists every metric of ours with its labels, and none that is not there', async () => {
    await start({ roads: DOWN })
    await post({ query: '{ town(id: "1") { name roadKm } }' })
    const document = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
    const rows = document.split('\n').filter((line) => line.startsWith('| `strates_'))
    const documented = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
    )
    const own = (await gateway.app.metrics()).filter(({ name }) => name.startsWith('strates_'))
    expect(documented.toSorted()).toEqual(own.map(({ name }) => name).toSorted())
    for (const { name, values } of own) {
      const row = rows.find((line) => line.includes(`\`${name}\``)) ?? ''
      const labels = Object.keys(values[0]?.labels ?? {}).filter((label) => label !== 'le')
      expect(labels.filter((label) => !row.includes(`\`${label}\``))).toEqual([])
    }
  })
})

describe('counts of several processes', () => {
  it('are added up, after a way through JSON', async () => {
    await start()
    await post(ONE)
    const one = JSON.parse(JSON.stringify(await gateway.app.metrics()))
    await post(ONE)
    await post(ONE, { 'x-client-name': 'b' })
    const other = JSON.parse(JSON.stringify(await gateway.app.metrics()))
    const text = await mergeMetrics([one, other])
    expect(text).toContain('strates_graphql_requests_total{operation="Town",client="unnamed",outcome="miss"} 2')
    expect(text).toContain('strates_graphql_requests_total{operation="Town",client="b",outcome="hit"} 1')
    expect(text).toContain('strates_subgraph_seconds_bucket{le="+Inf",subgraph="towns"} 2')
    expect(text).toContain('strates_data_version_info{version="0123456789abcdef"} 1')
  })
})

describe('reuse', () => {
  const towns = parrot({
    data: { town: { name: 'Ambre' } },
    extensions: { datasets: ['towns-2026', 'cog', 7, 'a\nb'] },
  })

  it('is told of hits, misses and collapsed answers, with the name of the client and never the answer', async () => {
    const told: [readonly string[], string][] = []
    await start({ towns }, { onReuse: (datasets, client) => told.push([datasets, client]) })
    const [first, second] = await Promise.all([
      post(ONE, { 'x-client-name': 'a' }),
      post(ONE, { 'x-client-name': 'b' }),
    ])
    const third = await post(ONE, { 'x-client-name': 'a' })
    const fourth = await post(ONE, { 'x-client-name': 'jean.dupont@example.fr' })
    expect([first, second, third, fourth].map(({ headers }) => headers['cache-status'])).toEqual([
      'strates; fwd=miss; stored',
      'strates; fwd=miss; collapsed',
      'strates; hit',
      'strates; hit',
    ])
    const sources = ['cog', 'towns-2026']
    expect(told.toSorted(([, left], [, right]) => (left < right ? -1 : 1))).toEqual([
      [sources, 'a'],
      [sources, 'a'],
      [sources, 'b'],
      [sources, 'other'],
    ])
    expect(await samples('strates_dataset_reuse_total')).toEqual([
      '{client="a",dataset="cog"} 2',
      '{client="a",dataset="towns-2026"} 2',
      '{client="b",dataset="cog"} 1',
      '{client="b",dataset="towns-2026"} 1',
      '{client="other",dataset="cog"} 1',
      '{client="other",dataset="towns-2026"} 1',
    ])
    for (const { body } of [first, third]) expect(String(body)).not.toContain('towns-2026')
  })

  it('counts a partial answer, and one that is not sent again', async () => {
    const told: unknown[] = []
    await start({ towns, roads: DOWN }, { onReuse: (datasets) => told.push(datasets) })
    await post({ query: '{ town(id: "1") { name roadKm } }' })
    const url = `/graphql?${new URLSearchParams({ query: '{ town(id: "1") { name } }' })}`
    const { headers } = await gateway.app.handle({ method: 'GET', url, headers: {} })
    const known = { 'if-none-match': String(headers['etag']) }
    expect((await gateway.app.handle({ method: 'GET', url, headers: known })).status).toBe(304)
    expect(told).toEqual(Array.from({ length: 3 }, () => ['cog', 'towns-2026']))
  })
})

describe('names', () => {
  it.each([
    ['carte-scolaire', 'carte-scolaire'],
    ['Tableau de bord (v2)', undefined],
    ['apollo-ios 1.2.3', 'apollo-ios 1.2.3'],
    ['@rennes/carte', '@rennes/carte'],
    ['app@1.2', 'app@1.2'],
    ['hackathon 2026-11-22', 'hackathon 2026-11-22'],
    ['jean.dupont@example.fr', undefined],
    ['jean@localhost', undefined],
    ['poste 192.168.1.12', undefined],
    ['ip-10-0-0-12', undefined],
    ['2001:db8::1', undefined],
    ['::1', undefined],
    ['00:1a:2b:3c:4d:5e', undefined],
    ['06 12 34 56 78', undefined],
    ['3f786850e387550fdab836ed7e6dc881', undefined],
    ['1b4e28ba-2fa1-11d2-883f-0016d3cca427', undefined],
    ['eyJhbGciOiJIUzI1NiIsInR5cCI6', undefined],
    ['a\r\nb', undefined],
    ['x'.repeat(65), undefined],
    ['   ', undefined],
    ['carte é', undefined],
  ])('of a client "%s" is counted as %s', (name, kept) => {
    expect(cleanClient(name)).toBe(kept)
  })

  it('of clients never hold an e-mail or IP address, whatever stands around it', () => {
    const word = fc.stringMatching(/^[\w .:/-]{0,10}$/)
    const telling = fc.oneof(fc.ipV4(), fc.ipV6(), fc.emailAddress(), fc.uuid())
    fc.assert(fc.property(word, telling, word, (before, one, after) => cleanClient(before + one + after) === undefined))
  })

  it('get a place in the order in which they come; the rest is counted together', () => {
    const names = clientNames()
    for (let index = 0; index < MOST_NAMES; index++) expect(names.labelOf(`app ${index}`, true)).toBe(`app ${index}`)
    expect(names.labelOf('late', true)).toBe('other')
    expect(names.labelOf('app 7', true)).toBe('app 7')
    expect(names.labelOf('', true)).toBe('unnamed')
  })

  it('take no place by requests that are refused', async () => {
    const names = operationNames()
    expect(names.labelOf('Sum', false)).toBe('other')
    expect([names.labelOf('Sum', true), names.labelOf('Sum', false)]).toEqual(['Sum', 'Sum'])
    expect(names.labelOf(`A${'b'.repeat(64)}`, true)).toBe('other')
  })
})

describe('cells', () => {
  it('are so many at most: what comes later is counted together', async () => {
    const registry = new Registry()
    const cells = createCells({ registry, name: 'a', help: 'a', labels: ['client', 'outcome'] })
    for (let index = 0; index < MOST_CELLS + 10; index++) cells(`c${index}`, 'hit').count++
    for (let index = 0; index < 3 * MOST_CELLS; index++) cells('one', `${index}`).count++
    const [metric] = await registry.getMetricsAsJSON()
    expect(metric?.values.length).toBeLessThanOrEqual(2 * MOST_CELLS + 1)
    expect(metric?.values.find(({ labels }) => labels['client'] === 'other')).toMatchObject({ value: 10 })
    expect(metric?.values.reduce((sum, { value }) => sum + value, 0)).toBe(4 * MOST_CELLS + 10)
  })
})
