/** How the engine over PostgreSQL fails; no server is needed. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DATABASE_LAYOUT } from '../../core/database/layout.ts'
import { StratesError } from '../../core/observations/error.ts'
import { OWNERS } from '../../core/observations/owner.ts'
import type { StoreEngine } from '../../core/store/engine.ts'
import { STORE_FORMAT } from '../../core/store/manifest.ts'
import { openStore, type Store } from '../../core/store/open.ts'
import { postgresEngine, type DatabaseEvent } from '../../core/store/postgres/engine.ts'
import { fixtureStore } from '../fixtures/store.ts'
import { readFrom } from './contract.ts'

const ADDRESS = { kind: 'postgres', url: 'postgres://reader:hush@db.internal/strates' } as const

const refused = new StratesError({
  code: 'DATABASE_UNREACHABLE',
  what: 'The database does not answer (ECONNREFUSED)',
  on: 'postgres://db.internal/strates',
  expected: 'PostgreSQL, at the address in DATABASE_URL',
  remedy: 'Look whether it runs and can be reached.',
})

type Answer = (text: string) => Promise<readonly unknown[]>

let data: string
beforeAll(async () => {
  data = await fixtureStore()
})

let engine: StoreEngine | undefined
afterEach(() => engine?.close())

/** An engine over a database that answers so, and the store that it opens. */
async function over(answer: Answer): Promise<{ store: Store; events: DatabaseEvent[]; asked: () => number }> {
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
  const store = await openStore(data, OWNERS, engine)
  return { store, events, asked: () => asked }
}

/** What a database answers that is laid out as this program knows it. */
const layoutRows = (text: string): readonly unknown[] | undefined => {
  if (text.includes('information_schema')) return [{ is: true }]
  return text.includes('strates_store.migration') ? [{ layout: DATABASE_LAYOUT }] : undefined
}

const observeIn = (store: Store, owner: 'commune' | 'national' = 'commune') =>
  readFrom(() =>
    store
      .reader(owner)
      .observe(owner === 'commune' ? 'pupils-primary' : 'population-municipale', 2021, store.atlas.current.nation),
  )
const errorOf = (work: Promise<unknown>): Promise<StratesError> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as StratesError,
  )

describe('a database that does not answer', () => {
  it('leaves the store open, and fails what has to be read: what, of which owner, and nothing of where it is', async () => {
    const { store, events } = await over(() => Promise.reject(refused))
    const error = await errorOf(observeIn(store))
    expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE', facts: { on: 'cells of commune' } })
    expect(JSON.stringify([error.message, error.extensions])).not.toMatch(/db\.internal|reader|hush/)
    expect(error.facts.remedy).toMatch(/The rest of this answer stands/)
    const missing = await errorOf(
      readFrom(() => store.reader('region').missingIn([{ slice: 6, territory: 0, vintage: 2026 }])),
    )
    expect(missing.facts.on).toBe('missing contributors of region')
    await expect(store.reader('national').valuesOf('pupils-total', 2021)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    })
    expect(events.map(({ kind }) => kind)).toEqual(['LOST'])
    expect(engine?.problem()?.code).toBe('DATABASE_UNREACHABLE')
  })

  it('is not waited for: each read ends in time, and after three that failed the next ones end at once', async () => {
    const { store, asked } = await over(() => new Promise(() => {}))
    for (const _ of [1, 2, 3]) expect((await errorOf(observeIn(store))).message).toContain('within 40 ms')
    const before = asked()
    const begun = performance.now()
    for (const _ of [1, 2, 3, 4, 5]) expect((await errorOf(observeIn(store))).code).toBe('DATABASE_UNREACHABLE')
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
    const { store, events } = await over(async (text) => {
      if (text.startsWith('SELECT format')) return [{ format: STORE_FORMAT }]
      if (isRefused && text.includes('FROM strates_store.part')) throw refused
      // Every column without values.
      const columns = [...text.matchAll(/AS (\w+)/g)].map(([, name]) => [name, null])
      return [{ ...Object.fromEntries(columns), lost: false }]
    })
    const breakDown = () =>
      readFrom(() => store.reader('commune').breakDown('pupils-primary', 2021, store.atlas.current.nation, ['SECTOR']))
    await readFrom(() => store.reader('commune').observe('pupils-primary', 2021, store.atlas.current.nation))
    expect((await errorOf(breakDown())).facts.on).toBe('breakdowns of commune')
    await observeIn(store, 'national')
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
    const { store, events } = await over(async (text) =>
      text.startsWith('SELECT format')
        ? [{ format: STORE_FORMAT }]
        : text.includes('LEFT JOIN')
          ? []
          : [{ lost: null }],
    )
    await errorOf(observeIn(store))
    expect([engine?.problem()?.code, ...events.map(({ kind }) => kind)]).toEqual(['STORE_CORRUPT', 'LOST'])
    for (const owner of ['commune', 'national'] as const)
      expect(await errorOf(observeIn(store, owner))).toMatchObject({
        code: 'STORE_CORRUPT',
        facts: { on: `cells of ${owner}` },
      })
    await expect(store.reader('national').valuesOf('pupils-total', 2021)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
    })
    const counted = [{ slice: 6, territory: 0, vintage: 2026 }]
    await expect(readFrom(() => store.reader('region').missingIn(counted))).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
    })
    await expect(
      readFrom(() => store.reader('commune').observeSchool('pupils-primary', 2021, 0)),
    ).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
    })
  })
})
