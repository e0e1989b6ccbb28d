import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNERS } from '../../../core/observations/owner.ts'
import { openStore, type Store } from '../../../core/store/open.ts'
import { createMeasureIndex } from '../../../core/store/measureIndex.ts'
import type { StoreReader } from '../../../core/store/reader.ts'
import { openFixtureStore } from '../../fixtures/store.ts'
import { cell, dataset, measure, publishTiny, slice, version } from './tinyStore.ts'

const content = version(
  [
    slice(0, [
      cell('commune:35047', 12),
      cell('commune:35093', 30, { status: 'PARTIAL', expected: 2 }),
      cell('commune:35238', 12),
      cell('commune:22016', null, { status: 'SUPPRESSED', reported: 0, suppressed: 1 }),
      cell('departement:35', 54),
    ]),
    slice(1, [cell('commune:35238', 220_000)], { owner: 'national', measure: 'inhabitants', dataset: 'census' }),
  ],
  {
    measures: [
      measure('pupils-primary'),
      measure('inhabitants', { owner: 'national', datasets: ['census'], unit: 'inhabitants' }),
    ],
    datasets: [dataset('ecoles'), dataset('census')],
  },
)

let data: string
let version_: string
let whole: StoreReader
/** The reader of a process that serves national alone. */
let alone: StoreReader
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'strates-index-'))
  version_ = await publishTiny(data, content)
  whole = (await openStore(data, OWNERS)).reader('national')
  alone = (await openStore(data, ['national'])).reader('national')
})
afterAll(() => rm(data, { recursive: true, force: true }))

describe('the index over the measures of all owners', () => {
  it('orders those that have a value, largest first, those with the same by code', async () => {
    const { territories, values } = await (await whole.valuesOf('pupils-primary', 2021)).ranked('COMMUNE')
    expect(territories.map(({ code }) => code)).toEqual(['35093', '35047', '35238'])
    expect([...values]).toEqual([30, 12, 12])
  })

  it('says of every territory what its owner says, in a process that holds all owners and in one that holds another', async () => {
    const owner = (await openStore(data, ['commune'])).reader('commune')
    for (const reader of [whole, alone]) {
      const index = await reader.valuesOf('pupils-primary', 2021)
      for (const place of reader.territories.all) {
        const told = owner.observe('pupils-primary', 2021, place)
        const { counted: _, ...shown } = told
        expect(index.observe(place)).toEqual(shown)
        expect([index.valueOf(place), index.statusOf(place)]).toEqual([told.value, told.status])
      }
    }
  })

  it('leaves to the owner to list who is missing, and lists of its own itself', async () => {
    const rennes = whole.territories.find('COMMUNE', '35238').territory
    expect((await whole.valuesOf('pupils-primary', 2021)).observe(rennes).counted).toBeUndefined()
    expect((await whole.valuesOf('inhabitants', 2021)).observe(rennes).counted).toHaveLength(1)
  })

  it('has no values of a period that nobody gives, and says so of each', async () => {
    const index = await whole.valuesOf('pupils-primary', 2020)
    expect((await index.ranked('COMMUNE')).territories).toEqual([])
    expect(index.statusOf(whole.territories.nation)).toBe('SOURCE_UNAVAILABLE')
  })

  it('reads what is held once, and of a period that nobody gives reads and keeps nothing', async () => {
    const held = async () => (await whole.valuesOf('inhabitants', 2021)).ranked('COMMUNE')
    expect(await held()).toBe(await held())
    let asked = 0
    const owner = whole
    const index = createMeasureIndex({
      atlas: whole.atlas,
      measures: whole.manifest.measures,
      slices: whole.manifest.slices,
      readerOf: () => ({ ...owner, figure: (...of) => ((asked += 1), owner.figure(...of)) }),
    })
    for (let period = 1943; period <= 2020; period += 1) {
      const values = await index('inhabitants', period)
      const { absent, territories } = await values.ranked('COMMUNE')
      expect([territories.length, absent.length]).toEqual([0, whole.territories.ofTier('COMMUNE').length])
      for (const tier of ['NATION', 'COMMUNE'] as const)
        for (const place of whole.territories.ofTier(tier).slice(0, 3)) {
          const { value, status } = owner.observe('inhabitants', period, place)
          expect([values.valueOf(place), values.statusOf(place)]).toEqual([value, status])
        }
    }
    // Once for each year, where the country has 35,000 communes.
    expect(asked).toBe(2020 - 1943 + 1)
  })

  it('keeps what was made anew when the first that was asked for fails late', async () => {
    const [given] = whole.manifest.slices
    const slices = Array.from({ length: 80 }, (_, period) => ({ ...given!, measure: 'inhabitants', period }))
    const opened: PromiseWithResolvers<StoreReader>[] = []
    const index = createMeasureIndex({
      atlas: whole.atlas,
      measures: whole.manifest.measures,
      slices,
      readerOf: () => (opened.push(Promise.withResolvers()), opened.at(-1)!.promise),
    })
    const first = index('inhabitants', 0)
    // So many others that the first is no longer kept.
    const others = slices.slice(1).map(({ period }) => index('inhabitants', period))
    const again = index('inhabitants', 0)
    opened[0]?.reject(new Error('late'))
    await expect(first).rejects.toThrow('late')
    for (const { resolve } of opened) resolve(whole)
    await Promise.all(others)
    const count = opened.length
    expect(await index('inhabitants', 0)).toBe(await again)
    expect(opened.length).toBe(count)
  })

  it('does not know a measure that there is not', async () => {
    await expect(whole.valuesOf('nothing', 2021)).rejects.toThrow(RangeError)
  })

  it('refuses cells of another owner that are not as they were published', async () => {
    const later = (await openStore(data, ['national'])).reader('national')
    const path = join(data, 'versions', version_, 'notes-commune.json')
    await writeFile(path, '[[],["invented"]]')
    await expect(later.valuesOf('pupils-primary', 2021)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      facts: { on: path },
    })
  })
})

describe('a figure read alone', () => {
  let store: Store
  beforeAll(async () => {
    store = await openFixtureStore()
  })

  it('is that of the observation: for every measure and year, sums, ratios and absent values among them', () => {
    const { all } = store.atlas.current
    // Every larger territory, and one commune in thirty.
    const places = all.filter(({ tier }, position) => tier !== 'COMMUNE' || position % 30 === 0)
    const seen = new Set<string>()
    for (const { id, owner } of store.manifest.measures) {
      const reader = store.reader(owner)
      for (const period of [1990, ...reader.periodsOf(id), 2090]) {
        for (const place of places) {
          const { value, status } = reader.observe(id, period, place)
          const figure = reader.figure(id, period, place)
          if (figure.value !== value || figure.status !== status)
            expect({ value: figure.value, status: figure.status }, `${id} ${period} ${place.id}`).toEqual({
              value,
              status,
            })
          seen.add(status)
        }
      }
    }
    expect([...seen].toSorted()).toEqual([
      'NORMAL',
      'NOT_APPLICABLE',
      'NOT_PUBLISHED',
      'OUT_OF_SCOPE',
      'PARTIAL',
      'SOURCE_UNAVAILABLE',
    ])
  })
})
