import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../core/observations/error.ts'
import type { StoreReader } from '../../core/store/reader.ts'
import { haversineKm } from '../../core/store/schools.ts'
import { at, contributor, countryStore, measure, on, school, territories } from './country.ts'

const PARTS = ['pupils-gt', 'pupils-pro']
const LYCEE = { kind: 'LYCEE' as const }

let made: Awaited<ReturnType<typeof countryStore>>
let reader: StoreReader
beforeAll(async () => {
  const place = { extent: ['22', '35'], covered: ['35'] }
  const missing = { value: null, state: 'MISSING' as const }
  made = await countryStore(
    [
      {
        ...place,
        facts: { period: 2021 },
        contributors: [
          contributor('0350001A', { value: 98 }),
          contributor('0350002B', missing),
          contributor('0350003C', { value: null, state: 'SUPPRESSED' }),
          contributor('0350004D', { value: 7, pieces: on('commune:35047') }),
          contributor('0350005E', { value: null, state: 'OUT_OF_SCOPE' }),
          contributor('0350010K', { value: 31 }),
          contributor('0350012M', missing),
        ],
      },
      { ...place, facts: { period: 2022 }, contributors: [contributor('0350001A', { value: 99 })] },
      {
        ...place,
        facts: { period: 2021, dataset: 'directory', rank: 1, note: 'A weaker count.' },
        contributors: [contributor('0350001A', { value: 90 }), contributor('0350002B', { value: 55 })],
      },
      {
        ...place,
        facts: { period: 2021, measure: 'pupils-gt' },
        contributors: [contributor('0350006F', { value: 600 })],
      },
      {
        ...place,
        facts: { period: 2021, measure: 'pupils-pro' },
        contributors: [contributor('0350006F', { value: 150 }), contributor('0350007G', { value: 80 })],
      },
      {
        ...place,
        facts: { period: 2022, measure: 'pupils-gt' },
        contributors: [contributor('0350006F', { value: 610 })],
      },
    ],
    [
      school('0350001A', { latitude: 48.11, longitude: -1.68 }),
      school('0350002B', { latitude: 48.2, longitude: -1.68 }),
      school('0350003C', { latitude: null, longitude: null, opened: null }),
      school('0350004D'),
      school('0350005E', { sector: 'PRIVATE', contract: 'HORS_CONTRAT' }),
      school('0350006F', { ...LYCEE, latitude: 48.1101, longitude: -1.6801 }),
      school('0350007G', { ...LYCEE, pieces: [], located: 'DEPARTEMENT' }),
      school('0220008H', { pieces: on('commune:22094'), departement: at('departement:22') }),
      school('0350009J', { opened: '2022-09-01' }),
      school('0350010K', { pieces: on('commune:35093') }),
      school('0350012M'),
      school('9880011L', { pieces: on('commune:98818'), departement: at('departement:988') }),
    ],
    [
      measure('pupils', { kinds: ['ECOLE'] }),
      measure('pupils-gt', { kinds: ['LYCEE'] }),
      measure('pupils-pro', { kinds: ['LYCEE'] }),
      measure('pupils-upper', { kinds: ['LYCEE'], parts: PARTS }),
    ],
  )
  reader = made.store.reader('commune')
})
afterAll(() => made?.remove())

const figure = (uai: string, id = 'pupils', period = 2021) => reader.observeSchool(id, period, reader.schools.find(uai))

describe('the figure of a school', () => {
  it('is the one of the strongest source, weaker ones beside it', () => {
    expect(figure('0350001A')).toMatchObject({ value: 98, status: 'NORMAL', method: 'PUBLISHED', coverage: null })
    expect(figure('0350001A').alternatives).toMatchObject([{ value: 90, notes: ['A weaker count.'] }])
    expect(figure('0350001A').provenance).toMatchObject({
      datasetId: 'ecoles',
      rule: 'As the file ecoles gives it for the school.',
    })
  })

  it('is that of the weaker source where the stronger expects one and has none', () => {
    expect(figure('0350002B')).toMatchObject({ value: 55, provenance: { datasetId: 'directory' }, alternatives: [] })
  })

  it.each([
    ['hidden', '0350003C', 'pupils', 2021, 'SUPPRESSED'],
    ['out of scope', '0350005E', 'pupils', 2021, 'OUT_OF_SCOPE'],
    ['not published where it is expected and no source has it', '0350012M', 'pupils', 2021, 'NOT_PUBLISHED'],
    ['not published where other years name the school', '0350010K', 'pupils', 2022, 'NOT_PUBLISHED'],
    ['no question for a school of another kind', '0350001A', 'pupils-gt', 2021, 'NOT_APPLICABLE'],
    ['no question, even where no file gives the year', '0350001A', 'pupils-pro', 2022, 'NOT_APPLICABLE'],
    ['no question before the school opened', '0350009J', 'pupils', 2021, 'NOT_APPLICABLE'],
    [
      'no question where the files cover the place and never name the school',
      '0350007G',
      'pupils-gt',
      2021,
      'NOT_APPLICABLE',
    ],
    ['unavailable where no file covers the place', '0220008H', 'pupils', 2021, 'SOURCE_UNAVAILABLE'],
    ['unavailable where no file gives the year', '0350006F', 'pupils-pro', 2022, 'SOURCE_UNAVAILABLE'],
    ['out of scope where the dataset does not reach', '9880011L', 'pupils', 2021, 'OUT_OF_SCOPE'],
  ] as const)('is %s', (_, uai, id, period, status) => {
    expect(figure(uai, id, period)).toMatchObject({ value: null, status, method: 'PUBLISHED' })
    expect(figure(uai, id, period).notes).toHaveLength(1)
  })

  it('is the sum of the parts that it teaches', () => {
    expect(figure('0350006F', 'pupils-upper')).toMatchObject({ value: 750, status: 'NORMAL', method: 'PUBLISHED' })
    expect(figure('0350006F', 'pupils-upper').provenance.inputs).toHaveLength(2)
    expect(figure('0350007G', 'pupils-upper')).toMatchObject({ value: 80, status: 'NORMAL' })
    expect(figure('0350001A', 'pupils-upper')).toMatchObject({ value: null, status: 'NOT_APPLICABLE' })
  })

  it('is PARTIAL where a part that it may teach is not at hand', () => {
    expect(figure('0350006F', 'pupils-upper', 2022)).toMatchObject({ value: 610, status: 'PARTIAL' })
  })

  it('says so where the totals of that year count the school elsewhere', () => {
    expect(figure('0350004D').notes).toEqual(['In the totals of 2021 the school counts in Bruz (35047).'])
  })
})

describe('the list of schools', () => {
  const codeOf = (act: () => unknown): ErrorCode | undefined => {
    try {
      act()
      return undefined
    } catch (error) {
      return (error as { readonly code?: ErrorCode }).code
    }
  }
  const numbers = (positions: readonly number[]) => positions.map((position) => reader.schools.uaiAt(position))
  const within = (id: string, kind?: 'LYCEE') => numbers(reader.schools.within(territories.byId(id)!, kind))

  it('finds a school by its number, whatever its case', () => {
    expect(reader.schools.at(reader.schools.find(' 0350005e '))).toMatchObject({
      uai: '0350005E',
      sector: 'PRIVATE',
      contract: 'HORS_CONTRAT',
      opened: '1990-09-01',
      coordinates: { latitude: 48.11, longitude: -1.68 },
      source: { dataset: 'ecoles', situation: 2022, snapshot: 'abc' },
    })
  })

  it('says what is not known, and never 0', () => {
    expect(reader.schools.at(reader.schools.find('0350003C'))).toMatchObject({ coordinates: null, opened: null })
  })

  it('refuses what is no number, and tells a number that nobody has', () => {
    expect(codeOf(() => reader.schools.find('350001A'))).toBe('INVALID_CODE')
    expect(codeOf(() => reader.schools.find('0359999Z'))).toBe('UNKNOWN_SCHOOL')
  })

  it('gives the schools of a territory in order of number, strays from their département up', () => {
    expect(within('commune:35093')).toEqual(['0350010K'])
    expect(within('departement:35', 'LYCEE')).toEqual(['0350006F', '0350007G'])
    expect(within('epci:243500139', 'LYCEE')).toEqual(['0350006F'])
    expect(within('epci:243500725')).toEqual(['0220008H', '0350010K'])
    expect(within('grouping:academie-14')).toHaveLength(11)
    expect(within('region:988')).toEqual(['9880011L'])
    expect(within('nation:FR')).toHaveLength(12)
  })

  it('gives the schools around a place, nearest first, without those whose position is not known', () => {
    const near = reader.schools.near({ latitude: 48.11, longitude: -1.68, radiusKm: 1 })
    const distances = near.map(({ distanceKm }) => distanceKm)
    expect(numbers(near.map(({ position }) => position))).not.toContain('0350002B')
    expect(numbers(near.map(({ position }) => position))).not.toContain('0350003C')
    expect(distances).toEqual(distances.toSorted((left, right) => left - right))
    const lycees = reader.schools.near({ latitude: 48.11, longitude: -1.68, radiusKm: 15 }, 'LYCEE')
    expect(numbers(lycees.map(({ position }) => position))).toEqual(['0350007G', '0350006F'])
    expect(lycees[1]?.distanceKm).toBeCloseTo(0.0134, 3)
  })
})

describe('the distance between two places', () => {
  it('is that of the great circle: Rennes to Paris is 308 km', () => {
    expect(haversineKm(48.1113, -1.68, 48.8566, 2.3522)).toBeCloseTo(308.4, 0)
    expect(haversineKm(0, 179.9, 0, -179.9)).toBeCloseTo(22.24, 1)
    expect(haversineKm(90, 0, -90, 0)).toBeCloseTo(20_015.1, 0)
  })
})
