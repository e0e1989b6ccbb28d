/** How the engine over PostgreSQL fails; neither a server nor a store is needed. */
import { afterEach, describe, expect, it } from 'vitest'
import { DATABASE_LAYOUT } from '../../core/database/layout.ts'
import { StratesError } from '../../core/observations/error.ts'
import type { OpenedVersion, StoreEngine, VersionFiles } from '../../core/store/engine.ts'
import { STORE_FORMAT, type Manifest } from '../../core/store/manifest.ts'
import { postgresEngine, type DatabaseEvent } from '../../core/store/postgres/engine.ts'
import { readFrom } from './contract.ts'

const ADDRESS = { kind: 'postgres', url: 'postgres://reader:hush@db.internal/strates' } as const

const VERSION = { manifest: { dataVersion: 'ab', format: STORE_FORMAT } as Manifest } as VersionFiles

const refused = new StratesError({
  code: 'DATABASE_UNREACHABLE',
  what: 'The database does not answer (ECONNREFUSED)',
  on: 'postgres://db.internal/strates',
  expected: 'PostgreSQL, at the address in DATABASE_URL',
  remedy: 'Look whether it runs and can be reached.',
})

let engine: StoreEngine | undefined
afterEach(() => engine?.close())

/** The version as an engine opens it over a database that answers so. */
async function over(answer: (text: string) => Promise<readonly unknown[]>) {
  const events: DatabaseEvent[] = []
  let asked = 0
  engine = postgresEngine(ADDRESS, {
    report: (event) => events.push(event),
    readMs: 40,
    database: {
      address: 'postgres://db.internal/strates',
      query: async (text) => {
        asked += 1
        const rows = await answer(text)
        return (layoutRows(text) ?? rows) as never
      },
      transaction: () => Promise.reject(new Error('nothing is written')),
      close: async () => {},
    },
  })
  const opened = await engine.open(VERSION)
  return { opened, events, asked: () => asked }
}

/** Reads something of each kind. */
async function readEach(opened: OpenedVersion): Promise<readonly (() => Promise<unknown>)[]> {
  const { cells, contributions } = await opened.own('commune')
  return [
    () => readFrom(() => cells.cell(0, 5)),
    () => readFrom(() => cells.parts(0, 5)),
    () => readFrom(() => contributions.valuesOf(5)),
    () => readFrom(() => contributions.missingIn(0)),
    () => opened.slices('commune', [0]),
  ]
}

/** What a database answers that is laid out as this program knows it. */
const layoutRows = (text: string): readonly unknown[] | undefined => {
  if (text.includes('information_schema')) return [{ is: true }]
  return text.includes('strates_store.migration') ? [{ layout: DATABASE_LAYOUT }] : undefined
}

const errorOf = (work: Promise<unknown>): Promise<StratesError> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as StratesError,
  )

describe('a database that does not answer', () => {
  it('leaves the version open, and fails what has to be read: what, of which owner, and nothing of where it is', async () => {
    const { opened, events } = await over(() => Promise.reject(refused))
    const on: string[] = []
    for (const read of await readEach(opened)) {
      const error = await errorOf(read())
      expect(error.code).toBe('DATABASE_UNREACHABLE')
      expect(error.facts.remedy).toMatch(/The rest of this answer stands/)
      expect(JSON.stringify([error.message, error.extensions])).not.toMatch(/db\.internal|reader|hush/)
      on.push(error.facts.on)
    }
    expect(on).toEqual([
      'cells of commune',
      'breakdowns of commune',
      'figures of schools of commune',
      'missing contributors of commune',
      'cells of commune',
    ])
    expect(events.map(({ kind }) => kind)).toEqual(['LOST'])
    expect(engine?.problem()?.code).toBe('DATABASE_UNREACHABLE')
  })

  it('is not waited for: each read ends in time, and after three that failed the next ones end at once', async () => {
    const { opened, asked } = await over(() => new Promise(() => {}))
    const [read] = await readEach(opened)
    for (const _ of [1, 2, 3]) expect((await errorOf(read!())).message).toContain('within 40 ms')
    const before = asked()
    const begun = performance.now()
    for (const _ of [1, 2, 3, 4, 5]) expect((await errorOf(read!())).code).toBe('DATABASE_UNREACHABLE')
    expect(asked()).toBe(before)
    expect(performance.now() - begun).toBeLessThan(40)
  })

  it('is asked again by itself, and tells when it answers', async () => {
    let isGone = true
    const { events } = await over(async () => {
      if (isGone) throw refused
      return [{ format: STORE_FORMAT }]
    })
    isGone = false
    await expect.poll(() => engine?.problem(), { timeout: 5000 }).toBeUndefined()
    expect(events.map(({ kind }) => kind)).toEqual(['LOST', 'FOUND'])
  })
})

describe('a table that cannot be read, beside others that can', () => {
  it('is told once, whatever else is read meanwhile, until it can be', async () => {
    let isRefused = true
    const { opened, events } = await over(async (text) => {
      if (text.startsWith('SELECT format')) return [{ format: STORE_FORMAT }]
      if (isRefused && text.includes('FROM strates_store.part')) throw refused
      // Every column without values.
      const columns = [...text.matchAll(/AS (\w+)/g)].map(([, name]) => [name, null])
      return [{ ...Object.fromEntries(columns), lost: false }]
    })
    const [readCell, readParts] = await readEach(opened)
    await readCell!()
    expect((await errorOf(readParts!())).facts.on).toBe('breakdowns of commune')
    await opened.slices('region', [0])
    expect(engine?.problem()?.facts.on).toBe('breakdowns of commune')
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(engine?.problem()?.facts.on).toBe('breakdowns of commune')
    isRefused = false
    await expect.poll(() => engine?.problem(), { timeout: 5000 }).toBeUndefined()
    expect(events.map(({ kind }) => kind)).toEqual(['LOST', 'FOUND'])
  })
})

describe('a version whose rows are not there', () => {
  it('is not opened', async () => {
    await expect(over(async () => [])).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    await expect(over(async () => [{ format: 1 }])).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  it('has no absences: what is read of it after it was dropped is an error', async () => {
    const { opened, events } = await over(async (text) => {
      if (text.startsWith('SELECT format')) return [{ format: STORE_FORMAT }]
      return text.includes('LEFT JOIN') ? [] : [{ lost: null }]
    })
    for (const read of await readEach(opened))
      expect(await errorOf(read())).toMatchObject({
        code: 'STORE_CORRUPT',
        facts: { on: expect.stringContaining('commune') },
      })
    expect([engine?.problem()?.code, ...events.map(({ kind }) => kind)]).toEqual(['STORE_CORRUPT', 'LOST'])
  })
})
