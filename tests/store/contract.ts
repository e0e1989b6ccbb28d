/** What every engine of the store does behind a reader: one suite, run for each of them. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OwnerName } from '../../core/observations/owner.ts'
import type { Store } from '../../core/store/open.ts'
import { NotHeld, whenHeld, type StoreReader } from '../../core/store/reader.ts'
import type { Territory } from '../../core/territories/territory.ts'
import { fixtureStore, openFixtureStore } from '../fixtures/store.ts'
import { contributor, countryStore, on, school } from '../schools/country.ts'

/** An engine to hold to the contract. */
export interface Candidate {
  /** Whether its readers may ask to wait. */
  readonly waits: boolean
  /** Opens the current version of a folder, for all owners. */
  open(data: string): Promise<Store>
  close(): Promise<void>
}

/** Reads, as often as the reader asks to wait. */
export async function readFrom<Value>(read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof NotHeld)) throw error
    return whenHeld(error, read, () => 'the contract')
  }
}

/** Measure, period, territory, vintage; then status, value, expected and missing. All that a value can be. */
const OBSERVED = [
  ['pupils-primary', 2022, 'nation:FR', 2026, 'PARTIAL', 472, 34_089, 34_077],
  ['classes-primary', 2021, 'departement:22', 2019, 'NORMAL', 2, 2, 0],
  ['classes-primary', 1990, 'nation:FR', 2019, 'NOT_PUBLISHED', null, undefined, undefined],
  ['classes-primary', 2090, 'nation:FR', 2019, 'SOURCE_UNAVAILABLE', null, undefined, undefined],
  ['classes-primary', 2021, 'region:01', 2019, 'SOURCE_UNAVAILABLE', null, 32, 32],
  ['classes-primary', 2021, 'region:975', 2019, 'OUT_OF_SCOPE', null, undefined, undefined],
  ['classes-primary', 2021, 'epci:200043990', 2019, 'NOT_PUBLISHED', null, 1, 1],
  ['population-municipale', 2016, 'commune:14666', 2020, 'NORMAL', 1949, 1, 0],
  ['population-municipale', 2016, 'epci:200035715', 2020, 'PARTIAL', 111_640, 83, 1],
  ['pupils-lower-secondary', 2021, 'nation:FR', 2019, 'PARTIAL', 634, 105, 102],
  ['pupils-per-class-primary', 2022, 'epci:200039022', 2019, 'NORMAL', 21, 1, 0],
  ['pupils-per-class-primary', 2021, 'epci:200038958', 2019, 'NOT_APPLICABLE', null, 0, 0],
  ['pupils-upper-secondary', 2021, 'departement:35', 2019, 'NORMAL', 1150, 3, 0],
  ['pupils-total', 2021, 'nation:FR', 2019, 'PARTIAL', 2211, 34_399, 34_383],
  ['pupils-total', 2022, 'nation:FR', 2019, 'PARTIAL', 2134, undefined, undefined],
] as const

/** Holds an engine to the contract. */
export function describeEngine(name: string, start: () => Promise<Candidate>): void {
  describe(`a reader over ${name}`, () => {
    let candidate: Candidate
    let store: Store
    let cube: Store
    beforeAll(async () => {
      candidate = await start()
      store = await candidate.open(await fixtureStore())
      cube = await openFixtureStore()
    })
    afterAll(() => candidate?.close())

    const readerOf = (owner: OwnerName): StoreReader => store.reader(owner)
    const ofMeasure = (id: string): StoreReader => readerOf(cube.reader('national').measure(id)!.owner)
    const at = (id: string, vintage = 2026): Territory => store.atlas.of(vintage)!.byId(id)!

    it('says whether it has to be waited for', () => {
      expect(store.reader('commune').waits).toBe(candidate.waits)
    })

    it.each(OBSERVED)(
      'observes %s of %i, %s of %i: %s',
      async (id, period, place, vintage, status, value, ...counts) => {
        const [expected, missing] = counts
        const observed = await readFrom(() => ofMeasure(id).observe(id, period, at(place, vintage), vintage))
        expect([observed.status, observed.value]).toEqual([status, value])
        expect([observed.coverage?.expected, observed.coverage?.missing]).toEqual([expected, missing])
      },
    )

    it('puts weaker sources beside the value, and reads each of them alone', async () => {
      const reader = readerOf('departement')
      const { value, alternatives } = await readFrom(() =>
        reader.observe('pupils-lower-secondary', 2021, at('nation:FR')),
      )
      const slices = store.manifest.slices.filter(
        (one) => one.measure === 'pupils-lower-secondary' && one.period === 2021,
      )
      const alone = await readFrom(() => slices.map((slice) => reader.observeIn(slice, at('nation:FR')).value))
      expect([value, ...alternatives.map((one) => one.value)]).toEqual(alone)
      expect(alone).toHaveLength(2)
    })

    it('breaks values down into parts that add up to them, and absences into absences', async () => {
      const parts = async (place: string) =>
        (await readFrom(() => readerOf('region').breakDown('pupils-upper-secondary', 2021, at(place), ['SECTOR']))).map(
          ({ key, observation }) => [key.SECTOR, observation.value, observation.status],
        )
      expect(await parts('region:53')).toEqual([
        ['PUBLIC', 850, 'PARTIAL'],
        ['PRIVATE', 300, 'PARTIAL'],
      ])
      expect(await parts('region:01')).toEqual([
        ['PUBLIC', null, 'SOURCE_UNAVAILABLE'],
        ['PRIVATE', null, 'SOURCE_UNAVAILABLE'],
      ])
      await expect(
        readFrom(() => readerOf('region').breakDown('pupils-upper-secondary', 2021, at('region:53'), [])),
      ).rejects.toMatchObject({ code: 'UNSUPPORTED_BREAKDOWN' })
    })

    it('tells what a converted value is made of', async () => {
      const reader = readerOf('national')
      const inputsOf = async (place: string) => {
        const observed = await readFrom(() => reader.observe('population-municipale', 2016, at(place, 2020), 2020))
        const [conversion] = await readFrom(() => reader.conversionsOf(observed))
        return conversion?.inputs.map(({ territory, value, contribution }) => [territory.id, value, contribution])
      }
      expect(await inputsOf('commune:14666')).toEqual([['commune:14712', 5468, 1949]])
      expect(await inputsOf('epci:200035715')).toEqual([
        ['epci:200035715', 110_726, 110_726],
        ['epci:200042463', 5867, 33],
        ['epci:200071926', 28_190, 881],
      ])
    })

    it('observes schools: a figure, none, out of scope, and what does not apply', async () => {
      const figureOf = async (id: string, period: number, uai: string) => {
        const position = store.reader('national').schools.find(uai)
        const { status, value } = await readFrom(() => ofMeasure(id).observeSchool(id, period, position))
        return [status, value]
      }
      expect(await figureOf('pupils-primary', 2021, '0359901A')).toEqual(['NORMAL', 100])
      expect(await figureOf('pupils-primary', 2021, '0359904D')).toEqual(['NOT_PUBLISHED', null])
      expect(await figureOf('pupils-primary', 2021, '0359905E')).toEqual(['OUT_OF_SCOPE', null])
      expect(await figureOf('pupils-primary', 2021, '0359920W')).toEqual(['NOT_APPLICABLE', null])
      expect(await figureOf('pupils-upper-secondary', 2021, '0359930Z')).toEqual(['NORMAL', 700])
    })

    it('gives the values of any measure of any owner in a period: sums over owners, ratios, and what no file gives', async () => {
      const reader = readerOf('epci')
      const total = await reader.valuesOf('pupils-total', 2021)
      const { territories, values, absent } = await total.ranked('REGION')
      expect(territories.map(({ id }, position) => [id, values[position]])).toEqual([
        ['region:53', 1871],
        ['region:94', 260],
        ['region:11', 80],
      ])
      expect(absent).toHaveLength(23)
      const ratio = await reader.valuesOf('pupils-primary-per-1000-inhabitants', 2021)
      expect(ratio.valueOf(at('commune:22094'))).toBeCloseTo(12.626, 3)
      // On ground of another time, and of a part of the whole.
      expect(ratio.observe(at('departement:35')).counted).toBeUndefined()
      expect(ratio.statusOf(at('commune:35062', 2024), 2024)).toBe('NORMAL')
      const never = await reader.valuesOf('pupils-primary-per-1000-inhabitants', 1990)
      expect([never.valueOf(at('nation:FR')), never.statusOf(at('nation:FR'))]).toEqual([null, 'NOT_PUBLISHED'])
      await expect(reader.valuesOf('nothing', 2021)).rejects.toThrow(RangeError)
    })

    it('reads nothing that another owner has', async () => {
      const reader = readerOf('commune')
      const other = store.manifest.slices.find(({ owner }) => owner === 'region')!
      expect(() => reader.observe('pupils-upper-secondary', 2021, at('nation:FR'))).toThrow(RangeError)
      expect(() => reader.figure('pupils-upper-secondary', 2021, at('nation:FR'))).toThrow(RangeError)
      expect(() => reader.observeIn(other, at('nation:FR'))).toThrow(RangeError)
      expect(() => reader.observeSchool('pupils-upper-secondary', 2021, 0)).toThrow(RangeError)
      const counted = [{ slice: other.slice, territory: 0, vintage: 2026 }]
      await expect(readFrom(() => reader.missingIn(counted))).rejects.toThrow(RangeError)
      expect(() => reader.conversionsOf({ method: 'CONVERTED', counted })).toThrow(RangeError)
    })

    it('says what has no meaning, without reading', () => {
      const { status, notes } = readerOf('national').notApplicable('pupils-total', 2021, 'No such ground.', 2019)
      expect([status, notes]).toEqual(['NOT_APPLICABLE', ['No such ground.']])
    })

    it('tells of measures, datasets, versions and codes what the files of the version say', async () => {
      const [told, known] = [readerOf('national'), cube.reader('national')]
      for (const { id } of known.manifest.measures) {
        expect(told.measure(id)).toEqual(known.measure(id))
        expect(told.periodsOf(id)).toEqual(known.periodsOf(id))
        expect(told.dimensionsOf(id)).toEqual(known.dimensionsOf(id))
      }
      for (const { id } of known.manifest.datasets) {
        expect([told.versionOf(id), told.retrievedAt(id)]).toEqual([known.versionOf(id), known.retrievedAt(id)])
        expect(told.historyOf(id)).toEqual(known.historyOf(id))
      }
      expect(told.placeCodes()).toEqual(known.placeCodes())
      expect(await told.quarantine()).toEqual(await known.quarantine())
      const facts = told.schools.at(0)
      expect(told.provenanceOfSchool(facts)).toEqual(known.provenanceOfSchool(known.schools.at(0)))
    })

    it('says of every measure in every period, on old ground and new, what the one in memory says', async () => {
      let compared = 0
      for (const { id, owner } of cube.manifest.measures) {
        const [known, told] = [cube.reader(owner), readerOf(owner)]
        for (const period of [1990, ...known.periodsOf(id)]) {
          for (const { year } of cube.manifest.vintages.filter(({ year }) => year % 3 === 1 || year === 2026)) {
            const places = placesOf(cube, year)
            const expected = places.map((place) => known.observe(id, period, place, year))
            expect(await readAll(places, (place) => told.observe(id, period, place, year))).toEqual(expected)
            compared += places.length
            if (year !== 2026) continue
            expect(await readAll(places, (place) => told.figure(id, period, place))).toMatchObject(
              expected.map(({ value, status }) => ({ value, status })),
            )
            const one = places.at(-1)!
            for (const dimension of known.dimensionsOf(id)) {
              const parts = await readFrom(() => told.breakDown(id, period, one, [dimension]))
              expect(parts).toEqual(known.breakDown(id, period, one, [dimension]))
            }
          }
        }
      }
      expect(compared).toBeGreaterThan(2000)
    })

    /** As resolvers do: all at once, each waiting for itself. */
    const readAll = <Value>(places: readonly Territory[], read: (place: Territory) => Value): Promise<Value[]> =>
      Promise.all(places.map((place) => readFrom(() => read(place))))
  })

  describe(`missing contributors over ${name}`, () => {
    let candidate: Candidate
    let made: Awaited<ReturnType<typeof countryStore>>
    let reader: StoreReader
    beforeAll(async () => {
      made = await countryStore(
        [
          {
            extent: ['22', '35'],
            covered: ['35'],
            contributors: [
              contributor('0350001A'),
              contributor('0350002B', { value: null, state: 'MISSING', pieces: on('commune:35047') }),
              contributor('0350003C', { value: null, state: 'SUPPRESSED' }),
              contributor('0350004D', { value: null, state: 'MISSING', pieces: [] }),
              contributor('35999', {
                uai: null,
                contributor: 'Dinard\tLancieux, \\N',
                pieces: [...on('commune:35093'), ...on('commune:22094')],
                value: null,
                state: 'MISSING',
              }),
            ],
          },
          { extent: ['22', '35'], covered: ['35'], contributors: [], facts: { absentUnit: 'DEPARTEMENT' } },
        ],
        [school('0350002B', { name: 'École des Tilleuls' }), school('0350003C'), school('0350004D')],
      )
      candidate = await start()
      reader = (await candidate.open(join(made.store.folder, '..', '..'))).reader('commune')
    })
    afterAll(async () => {
      await candidate?.close()
      await made?.remove()
    })

    it('are as many as the coverage counts, with the same names and reasons, in the same order', async () => {
      const reasons = new Set<string>()
      for (const { period } of made.store.manifest.slices) {
        for (const place of made.store.atlas.current.all) {
          const { coverage, counted = [] } = await readFrom(() => reader.observe('pupils', period, place))
          const members = await readFrom(() => reader.missingIn(counted))
          expect(members.length).toBe((coverage?.missing ?? 0) + (coverage?.suppressed ?? 0))
          const known = made.store.reader('commune')
          expect(members).toEqual(known.missingIn(known.observe('pupils', period, place).counted ?? []))
          for (const { reason, name } of members) reasons.add(reason).add(name)
        }
      }
      for (const told of ['NO_FIGURE', 'SUPPRESSED', 'NO_FILE', 'École des Tilleuls', 'Dinard\tLancieux, \\N'])
        expect(reasons).toContain(told)
    })

    it('are those of several slices at once', async () => {
      const all = made.store.manifest.slices.map(({ slice }) => slice)
      const territory = made.store.atlas.current.nation.index
      const counted = all.map((slice) => ({ slice, territory, vintage: 2026 }))
      const members = await readFrom(() => reader.missingIn(counted))
      expect(members).toEqual(made.store.reader('commune').missingIn(counted))
    })
  })
}

/** Larger territories, and communes here and there; those last in the list have figures. */
function placesOf({ atlas }: Store, vintage: number): readonly Territory[] {
  const all = atlas.of(vintage)?.all ?? []
  const known = ['commune:35238', 'commune:35062', 'epci:243500139', 'departement:35'].flatMap(
    (id) => atlas.of(vintage)?.byId(id) ?? [],
  )
  return [...all.filter((_, position) => position % 1500 === 0), ...known]
}
