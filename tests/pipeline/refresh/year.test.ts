/** A year of looking at a portal that does to its files what portals do, with a clock of its own. */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../../core/observations/owner.ts'
import { isSilent, type SourceLook } from '../../../core/observations/refresh.ts'
import { currentVersion } from '../../../core/store/current.ts'
import { openStore } from '../../../core/store/open.ts'
import { readQuarantine } from '../../../core/store/quarantine.ts'
import { readRefresh } from '../../../core/store/refresh.ts'
import { findDescriptors, type FoundDescriptor } from '../../../pipeline/descriptors.ts'
import { refresh, type RefreshInput } from '../../../pipeline/refresh/refresh.ts'
import { rehearse, renderForecasts } from '../../../pipeline/refresh/rehearse.ts'
import { createCogSource } from '../../../pipeline/sources/cog.ts'
import { createPortalSource } from '../../../pipeline/sources/portal.ts'
import { silent } from '../../../pipeline/sources/progress.ts'
import { csvOf } from '../csv.ts'
import { ecole } from '../ecole.ts'
import { smallCog } from '../smallCog.ts'
import { cutInHalf, refused, rentrees, startFakePortal, type Answer, type FakePortal } from '../sources/fakePortal.ts'

const ECOLES = 'fr-en-ecoles-effectifs-nb_classes'
const HOUR = 3_600_000
const cog = smallCog('22', '35')

const rowsOf = (year: number, first: number) => [
  ecole({ uai: '0359001A', pupils: first, commune: 'RENNES', year }),
  ecole({ uai: '0359002B', pupils: 50, commune: 'RENNES', year }),
  ecole({ uai: '0359003C', pupils: 30, commune: 'BRUZ', year }),
]
const fileOf = (rows: readonly Readonly<Record<string, string>>[]) => Buffer.from(csvOf(rows))
const renamed = (rows: ReturnType<typeof rowsOf>) =>
  rows.map(({ "Nombre total d'élèves": total, ...row }) => ({ ...row, 'Total élèves': total }))

/** What the portal does; each part may be changed while it runs. */
interface Behaviour {
  /** The bytes of each rentrée, with their ETag. */
  files: Record<number, { readonly bytes: Buffer; readonly etag: string }>
  /** Answers instead of all that. */
  instead: Answer | undefined
  /** Sends the first half of a file and hangs up. */
  isCutting: boolean
}

let portal: FakePortal
let data: string
let connection: DuckDBConnection
let descriptors: readonly FoundDescriptor[]
let now = Date.parse('2024-01-08T06:00:00Z')
const ingests: string[] = []
const statuses: number[] = []
const behaviour: Behaviour = { files: {}, instead: undefined, isCutting: false }

const tagged = (bytes: Buffer, etag = `"${createHash('md5').update(bytes).digest('hex')}"`) => ({ bytes, etag })

const answer: Answer = (response, visit, request) => {
  response.on('finish', () => statuses.push(response.statusCode))
  if (behaviour.instead) return behaviour.instead(response, visit, request)
  const url = decodeURIComponent(request.url ?? '')
  const years = Object.keys(behaviour.files).map((name) => ({ name, count: 3 }))
  if (url.includes('/facets')) return rentrees(...years)(response, visit, request)
  if (url.includes('/exports/parquet')) return refused(404)(response, visit, request)
  const file = behaviour.files[Number(/rentree_scolaire:(\d+)/.exec(url)?.[1])]
  if (file === undefined) return refused(404)(response, visit, request)
  const { bytes, etag } = file
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end()
  if (behaviour.isCutting) return cutInHalf(bytes)(response, visit, request)
  response.writeHead(200, { etag, 'content-length': bytes.length }).end(bytes)
}

beforeAll(async () => {
  portal = await startFakePortal({ '': answer })
  data = await mkdtemp(join(tmpdir(), 'strates-year-'))
  connection = await (await DuckDBInstance.create(':memory:')).connect()
  descriptors = (await findDescriptors())
    .filter(({ descriptor }) => descriptor.id === ECOLES)
    .map(({ file, descriptor }) => {
      if (descriptor.source.kind !== 'portal') throw new TypeError('the écoles come from a portal')
      return { file, descriptor: { ...descriptor, source: { ...descriptor.source, host: portal.host } } }
    })
})
afterAll(async () => {
  connection.closeSync()
  await portal.close()
  await rm(data, { recursive: true, force: true })
})

/** What one run of the program works on; each opens a source of its own. */
async function withInput<Result>(work: (input: RefreshInput) => Promise<Result>): Promise<Result> {
  const clock = () => new Date(now)
  const source = createPortalSource({ allowPrivate: true, clock, sleep: async () => {}, random: () => 1 })
  const embedded = createCogSource(connection, cog.vintages)
  const tell = (step: string) => void (step.startsWith('ingesting') && ingests.push(step))
  const input = {
    data,
    cog: () => cog,
    descriptors,
    source,
    embedded,
    progress: silent,
    now: clock,
    random: () => 0.5,
    tell,
  }
  return await work(input).finally(() => source.close?.())
}

const look = async (): Promise<SourceLook> => (await readRefresh(data))!.looks[0]!
const version = () => currentVersion(data)
/** The pupils that a reader sees in Rennes. */
async function served(year = 2022): Promise<number | null> {
  const store = await openStore(data, OWNERS)
  return store.reader('commune').observe('pupils-primary', year, store.atlas.current.byId('commune:35238')!, 2026).value
}

/** Lives until a day, looking whenever a look is due. @returns the versions published meanwhile. */
async function liveUntil(day: string): Promise<readonly string[]> {
  const published: string[] = []
  while (now < Date.parse(day)) {
    const next = Date.parse((await look()).nextAt)
    if (next >= Date.parse(day)) break
    now = next
    const asked = portal.asked.length
    const before = await version()
    const result = await withInput(refresh)
    if (result.published !== undefined) published.push(result.published)
    expect(await version()).toBe(result.published ?? before)
    // What is due is asked; asked again within the hour, nobody is.
    expect(portal.asked.length).toBeGreaterThan(asked)
    expect(Date.parse((await look()).nextAt) - now).toBeGreaterThanOrEqual(HOUR)
    now += HOUR / 2
    expect(await withInput(refresh)).toEqual({ looks: [] })
  }
  now = Date.parse(day)
  return published
}

// Each test begins where the one before ended.
describe('a year of looking at a portal', () => {
  let good: string | undefined

  it('publishes what there is at the first look', async () => {
    behaviour.files = { 2022: tagged(fileOf(rowsOf(2022, 100))) }
    good = (await withInput(refresh)).published
    expect([good, await served()]).toEqual([await version(), 150])
    expect(await look()).toMatchObject({ outcome: 'PUBLISHED', failures: 0, problem: null })
  })

  it('asks every week, is told that nothing changed, and publishes nothing', async () => {
    const asked = portal.asked.length
    statuses.length = 0
    expect(await liveUntil('2024-03-01')).toEqual([])
    expect(statuses.filter((status) => status === 304)).toHaveLength(8)
    // The years, the Parquet that it does not have, the file.
    expect(portal.asked.length - asked).toBe(24)
    expect([await version(), ingests.length]).toEqual([good, 1])
    expect(await look()).toMatchObject({ outcome: 'UNCHANGED' })
  })

  it('publishes nothing where the ETag is another and the bytes are the same', async () => {
    behaviour.files = { 2022: tagged(fileOf(rowsOf(2022, 100)), 'W/"another"') }
    expect(await liveUntil('2024-03-20')).toEqual([])
    expect([await version(), ingests.length]).toEqual([good, 1])
  })

  it('leaves a portal alone for as long as it asks, in days or by a date', async () => {
    const wishes = [() => `${3 * 86_400}`, () => new Date(now + 3 * 86_400_000).toUTCString()]
    for (const wish of wishes) {
      const asked = portal.asked.length
      now = Date.parse((await look()).nextAt)
      behaviour.instead = refused(429, { 'retry-after': wish() })
      await withInput(refresh)
      expect(portal.asked.length - asked).toBe(1)
      const { outcome, failures, nextAt, problem } = await look()
      expect([outcome, failures, problem?.code]).toEqual(['FAILED', 1, 'SOURCE_UNREACHABLE'])
      expect((Date.parse(nextAt) - now) / 86_400_000).toBeCloseTo(3.15, 1)
      behaviour.instead = undefined
      now = Date.parse(nextAt)
      await withInput(refresh)
      expect((await look()).failures).toBe(0)
    }
    expect([await version(), ingests.length]).toEqual([good, 1])
  })

  it('refuses a file that is cut, keeps what it has, and publishes the whole one once', async () => {
    behaviour.files = { 2022: tagged(fileOf(rowsOf(2022, 110))) }
    behaviour.isCutting = true
    now = Date.parse((await look()).nextAt)
    await withInput(refresh)
    expect(await look()).toMatchObject({ outcome: 'FAILED', problem: { code: 'SOURCE_UNREADABLE' } })
    expect([await version(), await served(), ingests.length]).toEqual([good, 150, 1])
    behaviour.isCutting = false
    const published = await liveUntil('2024-05-15')
    good = await version()
    expect([published, await served(), ingests.length]).toEqual([[good], 160, 2])
  })

  it('quarantines a file with a renamed column, once, while the version before serves', async () => {
    behaviour.files = { 2022: tagged(fileOf(renamed(rowsOf(2022, 120)))) }
    expect(await liveUntil('2024-06-10')).toEqual([])
    expect([await version(), await served(), ingests.length]).toEqual([good, 160, 3])
    expect(await look()).toMatchObject({ outcome: 'QUARANTINED', problem: { code: 'CONTRACT_BROKEN' }, failures: 0 })
    expect(await readQuarantine(data)).toMatchObject([{ dataset: ECOLES, code: 'CONTRACT_BROKEN' }])
    expect(renderForecasts(await withInput(rehearse)).join()).toMatch(
      /would be quarantined: CONTRACT_BROKEN.*Total élèves/,
    )
  })

  it('takes the mended file, and says before what that would do', async () => {
    behaviour.files = { 2022: tagged(fileOf(rowsOf(2022, 121))) }
    const before = await readdir(join(data, 'sources'))
    const [forecast] = await withInput(rehearse)
    expect(forecast).toMatchObject({
      kind: 'PUBLISHED',
      news: { isFirst: false, periodsAdded: [], added: 0, removed: 0 },
    })
    expect(forecast?.kind === 'PUBLISHED' && forecast.news.revised).toBeGreaterThan(3)
    expect([await version(), await readdir(join(data, 'sources'))]).toEqual([good, before])
    ingests.length = 3
    const published = await liveUntil('2024-07-01')
    good = await version()
    expect([published, await served(), ingests.length, await readQuarantine(data)]).toEqual([[good], 171, 4, []])
  })

  it('publishes nothing where the same rows come in another order', async () => {
    behaviour.files = { 2022: tagged(fileOf(rowsOf(2022, 121).toReversed())) }
    expect(await liveUntil('2024-08-01')).toEqual([])
    expect([await version(), ingests.length]).toEqual([good, 5])
  })

  it('says after a fortnight that a portal is silent, and goes on serving', async () => {
    behaviour.instead = refused(503)
    expect(await liveUntil('2024-08-10')).toEqual([])
    expect(isSilent(await look(), now)).toBe(false)
    expect(await liveUntil('2024-09-01')).toEqual([])
    const down = await look()
    expect(down).toMatchObject({ outcome: 'FAILED', problem: { code: 'SOURCE_UNREACHABLE' } })
    expect(down.failures).toBeGreaterThan(20)
    expect([isSilent(down, now), await version(), await served(), ingests.length]).toEqual([true, good, 171, 5])
    behaviour.instead = undefined
  })

  it('publishes a new rentrée once, beside the one before', async () => {
    behaviour.files = { ...behaviour.files, 2023: tagged(fileOf(rowsOf(2023, 130))) }
    const published = await liveUntil('2025-01-08')
    expect(published).toEqual([await version()])
    expect([await served(2022), await served(2023), ingests.length]).toEqual([171, 180, 6])
    expect(isSilent(await look(), now)).toBe(false)
  })

  it('tells of each change in one entry of the feed of versions, and keeps no file that nothing needs', async () => {
    const { versions } = await openStore(data, OWNERS)
    expect(versions.map(({ number }) => number)).toEqual([1, 2, 3, 4])
    const kept = (await readdir(join(data, 'sources'))).filter((name) => name.endsWith('.csv'))
    expect(kept.length).toBeLessThanOrEqual(4)
  })
})
