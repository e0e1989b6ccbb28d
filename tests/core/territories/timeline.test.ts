import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StratesError } from '../../../core/observations/error.ts'
import type { Chronicle } from '../../../core/territories/lineage.ts'
import { columnsOf } from '../../../core/territories/stayIndex.ts'
import { createTimeline, type DayInput } from '../../../core/territories/timeline.ts'
import { communesOf } from '../../../core/territories/vintage.ts'
import { embeddedTimeline } from './embedded.ts'

const { cog, timeline } = embeddedTimeline()

interface Days {
  readonly from?: DayInput
  readonly to?: DayInput
}
const codesOf = (code: string, days: Days = {}) => timeline.resolve(code, days).results.map((result) => result.code)
const pathOf = (code: string, days: Days = {}) =>
  timeline
    .resolve(code, days)
    .path.map(({ date, kind, from, to }) => `${date} ${kind} ${from.code} ${from.name} → ${to.code} ${to.name}`)

function errorOf(work: () => unknown): StratesError {
  try {
    work()
  } catch (error) {
    if (error instanceof StratesError) return error
  }
  throw new Error('expected an error')
}

describe('what a code became', () => {
  it('is the same place under another code where the seat moved: Orée-d’Anjou, 2025', () => {
    expect(timeline.resolve('49069', { from: 2020 })).toMatchObject({
      name: "Orée d'Anjou",
      standing: 'COMMUNE',
      stoodIn: { code: '49069' },
      from: '2020-01-01',
      to: '2026-01-01',
      results: [{ code: '49126', name: "Orée d'Anjou", share: 1, quality: 'EXACT', inhabitants: null, census: null }],
    })
    expect(pathOf('49069', { from: 2020 })).toEqual([
      "2025-01-01 SEAT_TRANSFER 49069 Orée d'Anjou → 49126 Orée d'Anjou",
    ])
  })

  it('depends on the day: 49126 was Drain in 2014, a part in 2020, and is the whole since 2025', () => {
    expect(timeline.resolve('49126', { from: 2014 })).toMatchObject({ name: 'Drain', standing: 'COMMUNE' })
    expect(pathOf('49126', { from: 2014 })).toEqual([
      "2015-12-15 MERGER 49126 Drain → 49069 Orée d'Anjou",
      "2025-01-01 SEAT_TRANSFER 49069 Orée d'Anjou → 49126 Orée d'Anjou",
    ])
    expect(timeline.resolve('49126', { from: 2020 })).toMatchObject({
      name: 'Drain',
      standing: 'COMMUNE_DELEGUEE',
      stoodIn: { code: '49069', name: "Orée d'Anjou" },
      results: [{ code: '49126', share: 1 }],
    })
    expect(timeline.resolve('49126')).toMatchObject({ name: "Orée d'Anjou", from: '2026-01-01', path: [] })
  })

  it('follows a change of département, then a merger: Pierrefitte-sur-Seine', () => {
    expect(timeline.resolve('75059')).toMatchObject({ name: 'Pierrefitte-sur-Seine', from: '1967-12-31' })
    expect(pathOf('75059', { from: 1950 })).toEqual([
      '1968-01-01 DEPARTEMENT_CHANGE 75059 Pierrefitte-sur-Seine → 93059 Pierrefitte-sur-Seine',
      '2025-01-01 MERGER 93059 Pierrefitte-sur-Seine → 93066 Saint-Denis',
    ])
    expect(codesOf('93059', { from: '2024-12-31', to: '2024-12-31' })).toEqual(['93059'])
    expect(codesOf('93059', { from: '2024-12-31', to: '2025-01-01' })).toEqual(['93066'])
  })

  it('follows a seat that moved and came back: Les Trois Lacs', () => {
    expect(codesOf('27676', { from: 2020, to: 2022 })).toEqual(['27058'])
    expect(codesOf('27676', { from: 2020 })).toEqual(['27676'])
    expect(pathOf('27058', { from: 2022 })).toEqual([
      '2023-01-01 SEAT_TRANSFER 27058 Les Trois Lacs → 27676 Les Trois Lacs',
    ])
  })

  it.each([
    ['Saint-Barthélemy', '97123', '97701'],
    ['Saint-Martin', '97127', '97801'],
    ['Mamoudzou', '98511', '97611'],
    ['Ajaccio', '20004', '2A004'],
    ['Bastia', '20033', '2B033'],
  ])('is a new code of the same place where the collectivity changed: %s', (name, code, now) => {
    expect(timeline.resolve(code)).toMatchObject({ name, results: [{ code: now, name, share: 1, quality: 'EXACT' }] })
    expect(timeline.resolve(code).path.map(({ kind }) => kind)).toEqual(['DEPARTEMENT_CHANGE'])
  })

  it('is found for the former communes of a commune that was divided: La Neuville-Garnier went with the name', () => {
    expect(timeline.resolve('60455', { from: 2018 }).results).toMatchObject([
      { code: '60694', name: 'Les Hauts-Talican' },
    ])
    expect(codesOf('60054', { from: 2020 })).toEqual(['60054', '60694'])
  })

  it('goes through three mergers', () => {
    expect(pathOf('49357', { from: 1950, to: 2019 })).toEqual([
      expect.stringMatching(/^1974-01-01 MERGER 49357 .* → 49094 /),
      expect.stringMatching(/^2016-01-01 MERGER 49094 .* → 49149 /),
      expect.stringMatching(/^2018-01-01 MERGER 49149 .* → 49261 /),
    ])
  })

  it('is the same code after a rename', () => {
    expect(pathOf('27058', { from: 1944, to: 1950 })).toEqual([
      '1946-05-31 RENAME 27058 Bernières → 27058 Bernières-sur-Seine',
    ])
  })

  it('is known for a part of it: an arrondissement is its commune', () => {
    expect(timeline.resolve('75112')).toMatchObject({
      name: 'Paris 12e Arrondissement',
      standing: 'ARRONDISSEMENT_MUNICIPAL',
      stoodIn: { code: '75056' },
      results: [{ code: '75056', share: 1 }],
    })
  })

  it('takes a code that had ended before the day on its last day', () => {
    expect(timeline.resolve('75059', { from: 1990 })).toMatchObject({
      from: '1967-12-31',
      results: [{ code: '93066' }],
    })
    expect(timeline.resolve('02077', { from: '2026-06-01' })).toMatchObject({ standing: 'COMMUNE', from: '2022-12-31' })
  })

  it('says whether the result is a commune of today, or only has the code of one', () => {
    const isCurrent = (code: string, to: DayInput) => timeline.resolve(code, { to }).results.map((r) => r.isCurrent)
    expect(isCurrent('35238', 1990)).toEqual([true])
    expect(timeline.resolve('49126', { from: 2014, to: 2014 }).results).toMatchObject([
      { name: 'Drain', isCurrent: false },
    ])
    expect(isCurrent('35062', 2020)).toEqual([false, false])
  })

  it('is a commune of today for every code of every vintage', () => {
    const current = new Set(communesOf(cog.vintages.at(-1) ?? never()).map(({ code }) => code))
    const lost = cog.vintages.flatMap(({ year, communes }) =>
      communes.filter(({ code }) => !codesOf(code, { from: year }).every((found) => current.has(found))),
    )
    expect(lost).toEqual([])
  })

  it('is a commune of today for every commune code since 1943', () => {
    const current = new Set(communesOf(cog.vintages.at(-1) ?? never()).map(({ code }) => code))
    const codes = new Set(cog.chronicle.communes.map(({ code }) => code))
    expect([...codes].filter((code) => !codesOf(code).every((found) => current.has(found)))).toEqual([])
  })
})

describe('what a commune becomes when it is divided', () => {
  it('is shared out by the inhabitants of each part at one census', () => {
    const { results } = timeline.resolve('85084', { from: 2023 })
    expect(results).toMatchObject([
      { code: '85084', name: 'Essarts-en-Bocage', inhabitants: 6851, census: 2023, quality: 'MEASURED' },
      { code: '85165', name: "L'Oie", inhabitants: 1250, census: 2023 },
      { code: '85212', name: 'Sainte-Florence', inhabitants: 1359, census: 2023 },
    ])
    expect(results[1]?.share).toBeCloseTo(1250 / 9460, 12)
    expect(results.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 12)
  })

  it('may be five communes; each of them alone is one', () => {
    expect(codesOf('15141', { from: 2024 })).toEqual(['15031', '15035', '15047', '15141', '15171'])
    expect(codesOf('15031', { from: 2010 })).toEqual(['15031'])
    expect(timeline.resolve('15031', { from: 2010 }).path.map(({ kind }) => kind)).toEqual([
      'MERGER',
      'RE_ESTABLISHMENT',
    ])
  })

  it('has no share where its parts were never counted: Pierrelez, divided in 1949', () => {
    const unknown = { quality: 'UNKNOWN', share: null, inhabitants: null, census: null }
    expect(timeline.resolve('77362', { from: 1945 }).results).toEqual([
      { code: '77066', name: 'Cerneux', isCurrent: true, ...unknown },
      { code: '77444', name: 'Sancy-lès-Provins', isCurrent: true, ...unknown },
    ])
  })

  it('has a share for each that was cut out of it', () => {
    expect(timeline.resolve('97353', { from: 1950 }).results).toMatchObject(
      ['97353', '97357', '97360', '97362'].map((code) => ({ code, quality: 'MEASURED', census: 2023 })),
    )
  })
})

describe('what a code was before', () => {
  it('is the communes that merged into it, shared out by inhabitants', () => {
    expect(timeline.resolve('35062', { to: 2020 })).toMatchObject({
      name: 'La Chapelle-Fleurigné',
      results: [
        { code: '35062', name: 'La Chapelle-Janson', census: 2020 },
        { code: '35112', name: 'Fleurigné', census: 2020 },
      ],
    })
  })

  it('is the commune that it was cut out of', () => {
    expect(codesOf('97362', { to: 1990 })).toEqual(['97357'])
    expect(codesOf('97362', { to: 1950 })).toEqual(['97353'])
    expect(codesOf('91692', { to: 1960 })).toEqual(['78122', '78471'])
  })

  it('has no share where one cannot be told: of an arrondissement, of parts counted together only', () => {
    expect(timeline.resolve('69381', { to: 1950 }).results).toMatchObject([{ share: null }, { share: null }])
    expect(timeline.resolve('49126', { to: 2000 }).results.map(({ quality }) => quality)).toEqual(
      Array.from({ length: 9 }, () => 'UNKNOWN'),
    )
  })

  it('is not held of the overseas collectivities before 2019', () => {
    const error = errorOf(() => timeline.resolve('98818', { to: 1990 }))
    expect(error.code).toBe('INVALID_DATE')
    expect(error.message).toMatch(/Nouméa on 1990-01-01.*a day from 2019-01-01/)
  })
})

describe('the names since 1943', () => {
  const names = timeline.names()
  const namesOf = (code: string) => names.filter((name) => name.code === code).map(({ name }) => name)

  it('are those that a code had, as a commune or a part of one, each pair once', () => {
    expect(namesOf('51108')).toEqual(['Châlons-sur-Marne', 'Châlons-en-Champagne'])
    expect(namesOf('50129')).toContain('Cherbourg')
    expect(namesOf('75112')).toEqual(['Paris 12e Arrondissement'])
    expect(new Set(names.map(({ code, name }) => `${code} ${name}`)).size).toBe(names.length)
  })
})

describe('a code that is none', () => {
  it('that never was, suggests the nearest', () => {
    const error = errorOf(() => timeline.resolve('35999'))
    expect(error.code).toBe('UNKNOWN_TERRITORY')
    expect(error.message).toMatch(/ever had this code.*since 1943.*The nearest are: .*35363 Pont-Péan/)
    expect(error.extensions['suggestions']).toContainEqual({ code: '35363', name: 'Pont-Péan' })
    expect(errorOf(() => timeline.resolve('75100')).extensions['suggestions']).toContainEqual({
      code: '75101',
      name: 'Paris 1er Arrondissement',
    })
    expect(errorOf(() => timeline.resolve('99999')).extensions['suggestions']).toHaveLength(1)
  })

  it('that was not yet, says since when it is', () => {
    const error = errorOf(() => timeline.resolve('93059', { from: 1950 }))
    expect(error.code).toBe('UNKNOWN_TERRITORY')
    expect(error.message).toMatch(/93059" on 1950-01-01.*a day from 1968-01-01, when it became that of Pierrefitte/)
    expect(error.extensions['valid']).toEqual([
      { name: 'Pierrefitte-sur-Seine', standing: 'COMMUNE', from: '1968-01-01', until: '2025-01-01' },
      { name: 'Pierrefitte-sur-Seine', standing: 'COMMUNE_DELEGUEE', from: '2025-01-01', until: null },
    ])
    expect(errorOf(() => timeline.resolve('97361', { from: 1980 })).message).toMatch(/1989-01-01.*Awala-Yalimapo/)
  })

  it('that is malformed, says what a code looks like', () => {
    const error = errorOf(() => timeline.resolve('1001'))
    expect(error.code).toBe('INVALID_CODE')
    expect(error.message).toMatch(/Write 01001/)
  })
})

describe('a day', () => {
  it('may be a year, which is its 1 January', () => {
    expect(timeline.resolve('35238', { from: '2019', to: 2020 })).toMatchObject({
      from: '2019-01-01',
      to: '2020-01-01',
    })
  })

  it.each(['2024-02-30', '2024-13-01', 'yesterday', '', '01/01/2024', 1942, '2027-01-01', 20_240_101])(
    'is not %j',
    (from) => {
      const error = errorOf(() => timeline.resolve('35238', { from }))
      expect(error.code).toBe('INVALID_DATE')
      expect(error.message).toMatch(/from: .*from 1943-01-01 to 2026-12-31/)
    },
  )

  it.each(['2024-02-29', '1943-01-01', '2026-12-31', 1943])('is %j', (from) => {
    expect(timeline.resolve('35238', { from }).name).toBe('Rennes')
  })
})

describe('the movements', () => {
  const changes = (from: DayInput, to?: DayInput, within?: readonly string[]) =>
    timeline
      .changes({ from, ...(to !== undefined && { to }) }, within && new Set(within))
      .map((step) => timeline.movement(step))

  it('after one day and until another, oldest first, with the commune that kept its code', () => {
    expect(changes('2023-01-01', '2024-01-01', ['35062'])).toEqual([
      {
        date: '2024-01-01',
        kind: 'MERGER',
        from: { code: '35062', name: 'La Chapelle-Janson' },
        to: { code: '35062', name: 'La Chapelle-Fleurigné' },
        share: 1,
        quality: 'EXACT',
      },
      {
        date: '2024-01-01',
        kind: 'MERGER',
        from: { code: '35112', name: 'Fleurigné' },
        to: { code: '35062', name: 'La Chapelle-Fleurigné' },
        share: 1,
        quality: 'EXACT',
      },
    ])
    expect(changes('2024-01-01', '2024-12-31', ['35062'])).toEqual([])
    const dates = changes(2019).map(({ date }) => date)
    expect(dates).toEqual(dates.toSorted())
  })

  it('within Ille-et-Vilaine since 2019 are one merger', () => {
    const ofIlleEtVilaine = communesOf(cog.vintages.at(-1) ?? never()).filter(({ departement }) => departement === '35')
    const found = changes(
      '2019-01-01',
      undefined,
      ofIlleEtVilaine.map(({ code }) => code),
    )
    expect(found.filter(({ kind }) => kind !== 'RENAME').map(({ from, to }) => `${from.code} ${to.code}`)).toEqual([
      '35062 35062',
      '35112 35062',
    ])
  })

  it('say of a division what share went where', () => {
    const divided = changes(2024, 2025).filter(({ from }) => from.code === '15141')
    expect(divided.map(({ kind, quality }) => `${kind} ${quality}`)).toEqual(
      Array.from({ length: 5 }, () => 'RE_ESTABLISHMENT MEASURED'),
    )
    expect(divided.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 12)
  })

  it('are of every kind', () => {
    const counts = Map.groupBy(changes(1943), ({ kind }) => kind)
    expect(Object.fromEntries([...counts].map(([kind, same]) => [kind, same.length]))).toEqual({
      MERGER: 5782,
      SPLIT: 28,
      RE_ESTABLISHMENT: 446,
      CREATION: 176,
      RENAME: 1407,
      SEAT_TRANSFER: 8,
      DEPARTEMENT_CHANGE: 921,
    })
  })

  it('have an id each', () => {
    const ids = timeline.changes({ from: 1943 }).map((step) => timeline.idOf(step))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('2024-01-01/35112/35062')
  })

  it('are none after the newest day known, which is said', () => {
    expect(timeline.changes({ from: '2026-06-01' })).toEqual([])
    expect(timeline.changes({ from: '2026-01-02', to: '2026-12-31' })).toEqual([])
    expect(timeline.resolve('35112', { to: '2026-12-31' })).toMatchObject({
      to: '2026-12-31',
      knownUntil: '2026-01-01',
    })
  })

  it('are refused from a later day to an earlier one', () => {
    expect(errorOf(() => timeline.changes({ from: 2024, to: 2020 })).code).toBe('INVALID_DATE')
  })
})

describe('any code, from any day to any other', () => {
  // The overseas collectivities have no history before the first vintage; 985 was Mayotte.
  const states = cog.chronicle.communes.filter(({ code, until }) => !/^(975|98)/.test(code) || until !== null)
  const day = fc
    .date({ min: new Date('1943-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  const question = fc.record({ state: fc.constantFrom(...states), to: day })

  it('has shares that add up to 1, or none', () => {
    fc.assert(
      fc.property(question, ({ state: { code, from }, to }) => {
        const { results } = timeline.resolve(code, { from, to })
        const shares = results.flatMap(({ share }) => share ?? [])
        expect(results.length).toBeGreaterThan(0)
        if (shares.length === 0) expect(results.every(({ quality }) => quality === 'UNKNOWN')).toBe(true)
        else {
          expect(shares).toHaveLength(results.length)
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('comes back to itself: what its results were then includes the code', () => {
    fc.assert(
      fc.property(question, ({ state: { code, from }, to }) => {
        const back = codesOf(code, { from, to }).flatMap((found) => codesOf(found, { from: to, to: from }))
        expect(back).toContain(code)
      }),
      { numRuns: 1000 },
    )
  })

  it('is followed by a path between the two days, which nothing but the code itself is without', () => {
    fc.assert(
      fc.property(question, ({ state: { code, from }, to }) => {
        const { path, results } = timeline.resolve(code, { from, to })
        const [first = '', last = ''] = [from, to].toSorted()
        expect(path.filter(({ date }) => date <= first || date > last)).toEqual([])
        if (path.length === 0) expect(results.map((result) => result.code)).toEqual([code])
      }),
      { numRuns: 500 },
    )
  })
})

describe('over hand-made communes', () => {
  const stay = (lineage: number, code: string, from: string, until: string | null, commune = code) => {
    const standing = commune === code ? ('COMMUNE' as const) : ('COMMUNE_DELEGUEE' as const)
    return { lineage, code, name: `Name of ${code}`, standing, from, until, commune }
  }
  const chronicle: Chronicle = {
    stays: [
      stay(0, '01001', '1943-01-01', null),
      stay(1, '01002', '1943-01-01', '2000-01-01'),
      stay(1, '01002', '2000-01-01', '2010-01-01', '01001'),
      stay(1, '01002', '2010-01-01', null),
    ],
    communes: [
      { code: '01001', name: 'A', from: '1943-01-01', until: null },
      { code: '01002', name: 'B', from: '1943-01-01', until: '2000-01-01' },
      { code: '01002', name: 'B', from: '2010-01-01', until: null },
    ],
    arrondissements: [],
  }
  const over = (...populations: readonly (readonly { readonly year: number; readonly inhabitants: number }[])[]) =>
    createTimeline(
      columnsOf(chronicle, {
        years: [2026],
        all: populations.map((own, index) => ({ index, communes: [`0100${index + 1}`], populations: own })),
        ofLineage: Int32Array.of(0, 1),
      }),
      2026,
    ).resolve('01001', { from: 2005 }).results

  it('weighs parts at the newest census that counted both', () => {
    const results = over(
      [
        { year: 2023, inhabitants: 900 },
        { year: 2020, inhabitants: 300 },
      ],
      [{ year: 2020, inhabitants: 100 }],
    )
    expect(results).toMatchObject([
      { share: 0.75, inhabitants: 300, census: 2020, quality: 'MEASURED' },
      { share: 0.25, inhabitants: 100, census: 2020, quality: 'MEASURED' },
    ])
  })

  it('says that the weights are mixed where no census counted both', () => {
    const results = over([{ year: 2023, inhabitants: 300 }], [{ year: 2020, inhabitants: 100 }])
    expect(results).toMatchObject([
      { share: 0.75, inhabitants: 300, census: null, quality: 'MIXED' },
      { share: 0.25, inhabitants: 100, census: null, quality: 'MIXED' },
    ])
  })

  it('gives no share where a part was never counted, or nobody lives there', () => {
    expect(over([{ year: 2023, inhabitants: 300 }], [])).toMatchObject([{ share: null }, { share: null }])
    const empty = [{ year: 2023, inhabitants: 0 }]
    expect(over(empty, empty)).toMatchObject([{ quality: 'UNKNOWN' }, { quality: 'UNKNOWN' }])
  })
})

function never(): never {
  throw new Error('no vintage')
}
