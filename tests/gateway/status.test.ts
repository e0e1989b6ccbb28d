import { afterEach, describe, expect, it } from 'vitest'
import { StratesError } from '../../core/observations/error.ts'
import { languageOf, prefersHtml } from '../../gateway/doors/accept.ts'
import { statusPage } from '../../gateway/doors/statusPage.ts'
import { mergeMetrics } from '../../gateway/metrics/merge.ts'
import type { Status } from '../../gateway/doors/status.ts'
import { DOWN, startGateway, type TestGateway } from './fixture.ts'

const TIME = Date.UTC(2026, 10, 22, 12)
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

let gateway: TestGateway
afterEach(() => gateway?.close())

const get = (url: string, headers: Record<string, string> = {}) => gateway.app.handle({ method: 'GET', url, headers })
const status = async () => JSON.parse(String((await get('/status')).body))
const owner = async (name: string) =>
  (await status()).owners.find((one: { readonly name: string }) => one.name === name)

describe('/status for machines', () => {
  it('answers 200 with what is known when the owner of the catalogue does not answer', async () => {
    gateway = await startGateway({}, { versions: () => VERSION, clock: () => TIME })
    const { status: code, headers } = await get('/status')
    expect([code, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'application/json; charset=utf-8',
      'no-store',
    ])
    expect(await status()).toMatchObject({
      status: 'degraded',
      data: { version: '0123456789abcdef', servedSince: new Date(TIME).toISOString(), problem: null },
      process: { uptimeSeconds: 0 },
      datasets: null,
    })
  })

  it.each([
    ['postgres://10.1.2.3:5432/strates', 'strates'],
    ['s3://bucket/strates/current.json', 'strates/current.json'],
    ['/srv/strates/data/versions/0123/cells.parquet', '0123/cells.parquet'],
  ])('says of %s what is wrong with %s, and nothing of the machine', async (on, told) => {
    const facts = {
      code: 'DATABASE_UNREACHABLE',
      what: 'It is silent',
      on,
      expected: 'a word',
      remedy: 'Ask it.',
    } as const
    gateway = await startGateway({}, { versions: () => VERSION, problem: () => new StratesError(facts) })
    expect((await status()).data.problem).toEqual({
      code: 'DATABASE_UNREACHABLE',
      message: `It is silent (${told}). Expected: a word.`,
    })
  })

  it('learns from the calls of clients how each owner is', async () => {
    let time = TIME
    let down = true
    const town = { data: { town: { name: 'Ambre' } } }
    const towns = { execute: async () => (down ? await DOWN.execute({} as never) : town) }
    gateway = await startGateway({ towns }, { versions: () => VERSION, clock: () => time })
    const query = (id: number) => gateway.ask(`{ town(id: "${id}") { name } }`)
    expect(await owner('towns')).toEqual({
      name: 'towns',
      problem: null,
      state: 'unknown',
      lastAnswerAt: null,
      lastError: null,
      failures: 0,
      dataVersion: '0123456789abcdef',
    })
    await query(1)
    time += 1000
    await query(1)
    const failed = new Date(time).toISOString()
    expect(await owner('towns')).toMatchObject({
      state: 'down',
      failures: 2,
      lastAnswerAt: null,
      lastError: { at: failed, reason: 'FAILED', message: 'The towns subgraph failed' },
    })
    expect((await get('/status')).body).not.toContain('10.1.2.3')
    down = false
    time += 1000
    await query(1)
    expect(await owner('towns')).toMatchObject({
      state: 'up',
      failures: 0,
      lastAnswerAt: new Date(time).toISOString(),
      lastError: { at: failed },
    })
  })

  it('says since when the version is served, and how many processes answer', async () => {
    let [time, version] = [TIME, VERSION]
    gateway = await startGateway({}, { versions: () => version, clock: () => time, workers: () => 4 })
    time += 3_600_000
    version = ['fedcba9876543210.0002']
    await gateway.ask('{ town(id: "1") { name } }')
    time += 60_000
    expect(await status()).toMatchObject({
      data: { version: 'fedcba9876543210', servedSince: new Date(TIME + 3_600_000).toISOString(), problem: null },
      process: { uptimeSeconds: 3660, workers: 4 },
    })
  })
})

describe('looks for newer files', () => {
  const look = {
    dataset: 'ecoles',
    askedAt: new Date(TIME - 3_600_000).toISOString(),
    answeredAt: new Date(TIME - 20 * 86_400_000).toISOString(),
    changedAt: new Date(TIME - 30 * 86_400_000).toISOString(),
    outcome: 'FAILED',
    problem: { code: 'SOURCE_UNREACHABLE', message: 'no answer' },
    failures: 19,
    nextAt: new Date(TIME + 3_600_000).toISOString(),
    seen: '0123456789abcdef',
  } as const
  const refresh = async () => ({ origin: { kind: 'folder', folder: '/srv/files' }, looks: [look] }) as const

  it('are told source by source, without a path of this machine', async () => {
    gateway = await startGateway({}, { versions: () => VERSION, clock: () => TIME, refresh })
    const { seen: _, ...told } = look
    expect(await status()).toMatchObject({ sources: [{ ...told, silent: true }] })
    expect((await get('/status')).body).not.toContain('/srv/files')
  })

  it('are counted, and as those of one where several workers tell', async () => {
    gateway = await startGateway({}, { versions: () => VERSION, clock: () => TIME, refresh })
    const json = await gateway.app.metrics()
    const text = await mergeMetrics([json, json])
    expect(text.match(/^strates_source.*$/gm)).toEqual([
      `strates_source_asked_timestamp_seconds{dataset="ecoles"} ${TIME / 1000 - 3600}`,
      `strates_source_changed_timestamp_seconds{dataset="ecoles"} ${TIME / 1000 - 30 * 86_400}`,
      'strates_source_failures{dataset="ecoles"} 19',
      'strates_source_quarantined{dataset="ecoles"} 0',
    ])
  })
})

describe('/status for people', () => {
  it('is a page in French, with a way to English, that loads nothing and runs nothing', async () => {
    gateway = await startGateway({}, { versions: () => VERSION, clock: () => TIME })
    const french = await get('/status', { accept: BROWSER })
    expect(french.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-language': 'fr',
      vary: 'accept, accept-language',
    })
    expect(french.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(french.body).toMatch(/<html lang="fr">[^]*href="\?lang=en"[^]*ne répond pas/)
    expect(french.body).not.toMatch(/<script|<img|<link|style="|https?:/)
    const english = await get('/status?lang=en', { accept: BROWSER })
    expect(english.body).toMatch(/<html lang="en">[^]*does not answer/)
    expect((await get('/status', { accept: BROWSER, 'accept-language': 'en-GB,en;q=0.9,fr;q=0.4' })).body).toMatch(
      /<html lang="en">/,
    )
  })

  it('shows a hostile text as text', () => {
    const page = statusPage(sample('<script>alert(1)</script>"&'), 'en', TIME)
    expect(page).not.toContain('<script')
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;')
  })

  it('is made of tables that a screen reader can follow', () => {
    const page = statusPage(sample('a file'), 'fr', TIME)
    expect(page.match(/<table>/g)).toHaveLength(3)
    expect(page.match(/<caption>/g)).toHaveLength(3)
    expect(page).toContain('<th scope="col">propriétaire</th>')
    expect(page).toContain('<th scope="row"><code>ecoles</code></th>')
    expect(page).toContain('2019–2021, 2023')
    expect(page).toContain('il y a 2 j 0 h')
    expect(page).toContain('SIMULÉ')
    expect(page).toMatch(/20 novembre 2026 à 12:00 UTC[^]*<td>à jour<\/td>/)
    expect(statusPage(sample('a file'), 'en', TIME)).toMatch(/20 November 2026 at 12:00 UTC[^]*<td>fresh<\/td>/)
  })

  it('says when newer files were looked for, what came of it and when they are next; nothing where nobody looks', () => {
    expect(statusPage(sample('no route'), 'fr', TIME)).toMatch(
      /échec[^]*muette depuis deux semaines[^]*il y a 1 h 0 min[^]*23 novembre 2026 à 11:00 UTC[^]*SOURCE_UNREACHABLE[^]*no route/,
    )
    expect(statusPage(sample(''), 'en', TIME)).toMatch(/When newer files were last looked for[^]*silent for two weeks/)
    expect(statusPage({ ...sample(''), sources: [] }, 'en', TIME)).not.toContain('newer files')
  })

  it('has text that can be read on its ground: 4.5 to 1 at least, light and dark', () => {
    const page = statusPage(sample(''), 'fr', TIME)
    const schemes = [
      ...page.matchAll(
        /--ink:(#\w+);--soft:(#\w+);--paper:(#\w+);--line:#\w+;--accent:(#\w+);--good:(#\w+);--fair:(#\w+);--bad:(#\w+)/g,
      ),
    ]
    expect(schemes).toHaveLength(2)
    for (const [, ink = '', soft = '', paper = '', ...tones] of schemes)
      for (const colour of [ink, soft, ...tones]) expect(contrast(colour, paper), colour).toBeGreaterThanOrEqual(4.5)
  })
})

describe('what a client prefers', () => {
  it.each([
    ['', false],
    ['*/*', false],
    ['application/json', false],
    [BROWSER, true],
    ['text/html;q=0.5, application/json', false],
    ['application/json;q=0.5, text/html', true],
    ['text/html;q=0', false],
  ])('by "%s" is a page: %s', (accept, expected) => {
    expect(prefersHtml(accept)).toBe(expected)
  })

  it.each([
    [null, '', 'fr'],
    [null, 'de', 'fr'],
    [null, 'en', 'en'],
    [null, 'fr-CA,fr;q=0.8,en;q=0.5', 'fr'],
    [null, 'en-US,en;q=0.8,fr;q=0.5', 'en'],
    ['en', 'fr', 'en'],
    ['xx', 'fr', 'fr'],
  ])('of languages by %s and "%s" is %s', (asked, accepted, expected) => {
    expect(languageOf(asked, accepted)).toBe(expected)
  })
})

const VERSION = ['0123456789abcdef.0001']

const sample = (text: string): Status => ({
  status: 'quarantine',
  data: { version: 'ab', servedSince: '2026-11-22T11:00:00.000Z', problem: null },
  process: { uptimeSeconds: 3725 },
  owners: [
    {
      name: 'commune',
      state: 'down',
      dataVersion: null,
      lastAnswerAt: null,
      lastError: { at: '2026-11-22T11:00:00.000Z', reason: 'TIMEOUT', message: text },
      failures: 3,
      problem: 'DATABASE_UNREACHABLE',
    },
  ],
  sources: [
    {
      dataset: 'ecoles',
      askedAt: '2026-11-22T11:00:00.000Z',
      answeredAt: '2026-11-01T11:00:00.000Z',
      changedAt: null,
      outcome: 'FAILED',
      problem: { code: 'SOURCE_UNREACHABLE', message: text },
      failures: 23,
      nextAt: '2026-11-23T11:00:00.000Z',
      silent: true,
    },
  ],
  datasets: [
    {
      id: 'ecoles',
      owner: { id: 'commune' },
      version: '1.0.0+ab',
      periods: [2019, 2020, 2021, 2023],
      lastUpdate: '2026-11-20T12:00:00.000Z',
      ageSeconds: 172_800,
      freshness: 'FRESH',
      simulated: true,
      quarantine: [{ code: 'CHECK_FAILED', message: text, since: '2026-11-22T11:00:00.000Z' }],
    },
  ],
})

/** The contrast of two colours as WCAG 2 has it. */
function contrast(left: string, right: string): number {
  const [light = 0, dark = 0] = [luminance(left), luminance(right)].toSorted((one, other) => other - one)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const long = colour.length === 4 ? colour.replaceAll(/(\w)/g, '$1$1') : colour
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(long.slice(at, at + 2), 16) / 255
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
