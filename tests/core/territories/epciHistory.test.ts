import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epciRecordsOf, isSameName, type EpciChange } from '../../../core/territories/epciHistory.ts'
import { indexEpciHistory } from '../../../core/territories/epciLookup.ts'
import { piecesOf, type Census, type Pieces } from '../../../core/territories/pieces.ts'
import type { Vintage, VintageEpci } from '../../../core/territories/vintage.ts'
import { censusesOf } from '../../../pipeline/sources/cog.ts'
import { embeddedCog } from './embedded.ts'

const { vintages, chronicle } = embeddedCog()
const years = vintages.map(({ year }) => year)
const censuses = censusesOf(vintages)
const pieces = piecesOf(chronicle, years, censuses)
const records = epciRecordsOf(vintages, pieces, censuses)
const history = indexEpciHistory(records)
const current = 2026

/** The SIREN of the EPCI of every piece in a vintage. */
const epcisAt = vintages.map(({ epci }, position) => {
  const of = new Map(epci.flatMap(({ code, membres }) => membres.map((membre) => [membre.code, code])))
  return pieces.all.map(({ communes }) => of.get(communes[position] ?? '') ?? null)
})

const told = (since: number, siren: string) =>
  records.changes
    .filter((change) => change.since === since && change.siren === siren)
    .map(({ kind, before, after, commune }) => [
      kind,
      before,
      after,
      ...(commune === null ? [] : [commune.before.code]),
    ])

const became = (siren: string, range = {}) =>
  history
    .resolve(siren, range)
    .shares.map(({ epci, inhabitants, censusYear }) => [epci?.siren, inhabitants, censusYear])

describe('the EPCI from 2019 to 2026', () => {
  it('changed so often', () => {
    const count = (since: number) => {
      const changes = records.changes.filter((change) => change.since === since)
      const kinds = Object.fromEntries(
        [...Map.groupBy(changes, ({ kind }) => kind)].map(([k, same]) => [k, same.length]),
      )
      return [since, new Set(changes.map(({ siren }) => siren)).size, kinds]
    }
    expect(years.slice(1).map(count)).toEqual([
      [2020, 55, { CREATION: 8, DISSOLUTION: 12, JOINED: 20, LEFT: 15, RENAMED: 13, CHANGED_KIND: 1 }],
      [2021, 10, { CREATION: 1, DISSOLUTION: 2, JOINED: 2, LEFT: 2, RENAMED: 4, CHANGED_KIND: 1 }],
      [2022, 44, { CREATION: 5, DISSOLUTION: 4, JOINED: 11, LEFT: 11, RENAMED: 17, CHANGED_KIND: 4 }],
      [2023, 24, { JOINED: 9, LEFT: 9, RENAMED: 10 }],
      [2024, 22, { JOINED: 6, LEFT: 6, RENAMED: 10, CHANGED_KIND: 2 }],
      [2025, 22, { JOINED: 7, LEFT: 7, RENAMED: 9, CHANGED_KIND: 1 }],
      [2026, 0, {}],
    ])
  })

  it('tell nothing of 2026, whose perimeters are those of 2025, and say so', () => {
    expect(years.map((year) => history.perimeterOf(year))).toEqual([2019, 2020, 2021, 2022, 2023, 2024, 2025, 2025])
    expect(history.unknownIn({ from: 2019 })).toEqual([2026])
    expect(history.unknownIn({ from: 2019, to: 2025 })).toEqual([])
  })

  it('divide the ground into the least that tells them apart', () => {
    expect(records.grounds).toHaveLength(1305)
  })
})

describe('what happened to an EPCI', () => {
  it('is a dissolution whose communes went to three EPCI, told as joined by those that were there before', () => {
    expect(told(2020, '247700438')).toEqual([['DISSOLUTION', '247700438', null]])
    expect(told(2020, '200072130')).toEqual(
      ['77049', '77382', '77408', '77505'].map((commune) => ['JOINED', '247700438', '200072130', commune]),
    )
    expect(told(2020, '200090504')).toEqual([['CREATION', null, '200090504']])
  })

  it('is a merger of EPCI: two are dissolved, one is created', () => {
    expect(told(2022, '200035459')).toEqual([['DISSOLUTION', '200035459', null]])
    expect(told(2022, '200036572')).toEqual([['DISSOLUTION', '200036572', null]])
    expect(told(2022, '200096956')).toEqual([['CREATION', null, '200096956']])
  })

  it('is a commune that went from one EPCI to another, told of both', () => {
    expect(told(2023, '243500725')).toEqual([['LEFT', '243500725', '200068989', '22209']])
    expect(told(2023, '200068989')).toEqual([['JOINED', '243500725', '200068989', '22209']])
  })

  it('is a commune that came and went again', () => {
    const ostrevent = ['245901152', '200042190']
    expect(told(2023, '245901152')).toEqual([['JOINED', ...ostrevent.toReversed(), '59192']])
    expect(told(2024, '245901152')).toEqual([['LEFT', ...ostrevent, '59192']])
  })

  it('is a commune that merged into one of another EPCI, under its names of before and after', () => {
    const change = records.changes.find(({ kind, siren }) => kind === 'LEFT' && siren === '200071868')
    expect(change).toMatchObject({
      since: 2024,
      after: '244400552',
      commune: {
        before: { code: '49321', name: 'Saint-Sigismond' },
        after: { code: '49160', name: 'Ingrandes-le-Fresne-sur-Loire' },
      },
      touches: ['49160'],
    })
  })

  it('is no departure when two of its communes merge: 35112 into 35062, and 60 communes less in 2025', () => {
    expect(records.changes.filter(({ touches, commune }) => commune !== null && touches.includes('35062'))).toEqual([])
    const members = (year: number) => vintages[years.indexOf(year)]?.epci.flatMap(({ membres }) => membres).length
    expect([members(2024), members(2025)]).toEqual([34_931, 34_871])
    expect(records.changes.filter(({ since, kind }) => since === 2025 && kind === 'LEFT')).toHaveLength(7)
  })

  it('is another kind and another name: the CC du Pays de Lunel became the CA Lunel Agglo', () => {
    expect(told(2024, '243400520').map(([kind]) => kind)).toEqual(['RENAMED', 'CHANGED_KIND'])
    expect([2023, 2024].map((year) => history.stateIn(year, '243400520'))).toEqual([
      { siren: '243400520', name: 'CC du Pays de Lunel', kind: 'COMMUNAUTE_DE_COMMUNES' },
      { siren: '243400520', name: 'CA Lunel Agglo', kind: 'COMMUNAUTE_D_AGGLOMERATION' },
    ])
  })

  it('is another kind alone, where only the abbreviation before the name changed', () => {
    expect(told(2022, '242900801').map(([kind]) => kind)).toEqual(['CHANGED_KIND'])
  })

  it('is a new name, and not a new spelling', () => {
    expect(isSameName('CC Ecueillé-Valençay', 'CC Écueillé-Valençay')).toBe(true)
    expect(isSameName("CC Coeur d'Ostrevent (CCCO)", "CA Coeur d'Ostrevent")).toBe(true)
    expect(isSameName('CC du Canton de Semur en Brionnais', 'CC de Semur en Brionnais')).toBe(false)
  })

  it('has its names whole, where the edition of 2021 lost an apostrophe', () => {
    expect(history.stateIn(2021, '200090579')?.name).toBe("CC Terre d'Emeraude Communauté")
    expect(records.vintages.flatMap(({ epcis }) => epcis).filter(({ name }) => name.includes('?'))).toEqual([])
  })
})

describe('what an EPCI became', () => {
  it.each([
    [
      'three others',
      '247700438',
      [
        ['200090504', 17_084],
        ['247700339', 13_919],
        ['200072130', 7330],
      ],
    ],
    [
      'two of which one has its name',
      '200067221',
      [
        ['200096683', 27_267],
        ['200096675', 16_716],
      ],
    ],
    ['one, with another', '200036572', [['200096956', 5073]]],
    [
      'one that lost a commune since',
      '241800325',
      [
        ['200090561', 4241],
        ['200000933', 748],
      ],
    ],
    ['one under another SIREN and the same name', '245900410', [['200093201', 1_170_060]]],
  ] as [string, string, [string, number][]][])('is %s: %s', (_, siren, heirs) => {
    expect(became(siren)).toEqual(heirs.map(([heir, inhabitants]) => [heir, inhabitants, 2023]))
  })

  it('is what it was made of, asked backwards', () => {
    expect(became('200096956', { from: 2026, to: 2019 })).toEqual([
      ['200035459', 97_600, 2023],
      ['200036572', 5073, 2023],
    ])
  })

  it('is weighed by the newest census whose communes do not straddle the parts', () => {
    expect(became('200071868', { from: 2023 })).toEqual([
      ['200071868', expect.any(Number), 2020],
      ['244400552', expect.any(Number), 2020],
    ])
  })

  it('is itself, for one of today', () => {
    expect(history.resolve('243500139')).toMatchObject({ from: current, to: current, perimeterOf: 2025 })
    expect(became('243500139').map(([siren]) => siren)).toEqual(['243500139'])
  })

  it('begins at the last vintage that had it, unless told otherwise', () => {
    expect(history.resolve('200035459')).toMatchObject({ from: 2021, to: 2026, epci: { name: "CA d'Agen" } })
    expect(history.resolve('200035459', { from: 2019, to: 2020 })).toMatchObject({
      from: 2019,
      to: 2020,
      shares: [{ epci: { siren: '200035459' }, share: 1 }],
    })
  })

  it.each([
    ['a malformed SIREN', () => history.resolve('20003'), 'INVALID_CODE', /nine digits/],
    ['a wrong check digit', () => history.resolve('200035458'), 'INVALID_CODE', /check digit/],
    ['one of no EPCI, with the nearest', () => history.resolve('243500147'), 'UNKNOWN_TERRITORY', /243500741/],
    ['one that was gone by then', () => history.resolve('200035459', { from: 2022 }), 'UNKNOWN_TERRITORY', /2019–2021/],
    [
      'a year before the vintages',
      () => history.resolve('200035459', { from: 2018 }),
      'UNSUPPORTED_GEOGRAPHY',
      /2019–2026/,
    ],
    ['a year after them', () => history.changes({ to: 2030 }), 'UNSUPPORTED_GEOGRAPHY', /2019–2026/],
    ['a range upside down', () => history.changes({ from: 2022, to: 2020 }), 'INVALID_YEAR', /Exchange/],
  ])('refuses %s', (_, question, code, says) => {
    expect(question).toThrow(expect.objectContaining({ code, message: expect.stringMatching(says) }))
  })
})

describe('every EPCI of every vintage', () => {
  const pairs = years.slice(1).map((year, position) => ({ year, position }))

  it.each(pairs)('of $year is that of the year before, less who left, with who joined', ({ year, position }) => {
    const [before, after] = [epcisAt[position] ?? [], epcisAt[position + 1] ?? []]
    const perimeter = (epcis: readonly (string | null)[]) =>
      Map.groupBy(
        pieces.all.map(({ index }) => index),
        (piece) => epcis[piece] ?? null,
      )
    const [groundBefore, groundAfter] = [perimeter(before), perimeter(after)]
    const moved = ({ commune }: EpciChange) =>
      pieces.all.flatMap(({ index, communes }) =>
        communes[position] === commune?.before.code && communes[position + 1] === commune?.after.code ? [index] : [],
      )
    const changes = records.changes.filter(({ since }) => since === year)
    const bySiren = Map.groupBy(changes, ({ siren }) => siren)
    for (const [siren, ground] of groundBefore) {
      const then = groundAfter.get(siren)
      if (siren === null || then === undefined) continue
      const own = bySiren.get(siren) ?? []
      const left = new Set(own.filter(({ kind }) => kind === 'LEFT').flatMap(moved))
      const joined = own.filter(({ kind }) => kind === 'JOINED').flatMap(moved)
      const expected = [...ground.filter((piece) => !left.has(piece)), ...joined].toSorted((a, b) => a - b)
      expect(then, siren).toEqual(expected)
    }
    const gone = [...groundBefore.keys()].filter((siren) => siren !== null && !groundAfter.has(siren))
    expect(changes.filter(({ kind }) => kind === 'DISSOLUTION').map(({ siren }) => siren)).toEqual(gone.toSorted())
    const made = [...groundAfter.keys()].filter((siren) => siren !== null && !groundBefore.has(siren))
    expect(changes.filter(({ kind }) => kind === 'CREATION').map(({ siren }) => siren)).toEqual(made.toSorted())
  })

  it('resolves to EPCI of the current one, in shares that add up to 1, counted at one census', () => {
    const currents = new Set(vintages.at(-1)?.epci.map(({ code }) => code))
    for (const { year, epcis } of records.vintages) {
      for (const { siren } of epcis) {
        const { shares } = history.resolve(siren, { from: year })
        expect(shares.map(({ epci }) => currents.has(epci?.siren ?? ''))).not.toContain(false)
        expect(shares.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 12)
        expect(new Set(shares.map(({ censusYear }) => censusYear)).size).toBe(1)
        expect(shares[0]?.censusYear).not.toBeNull()
      }
    }
  })

  it('keeps its inhabitants from any vintage to any other', () => {
    const year = fc.integer({ min: 0, max: years.length - 1 })
    fc.assert(
      fc.property(year, year, year, fc.nat(), (start, middle, end, pick) => {
        const all = records.vintages[start]?.epcis ?? []
        const siren = all[pick % all.length]?.siren ?? ''
        const inhabitants = (to: number) =>
          history
            .resolve(siren, { from: years[start], to: years[to] })
            .shares.reduce((sum, share) => sum + (share.inhabitants ?? 0), 0)
        expect(inhabitants(middle)).toBe(inhabitants(end))
      }),
      { numRuns: 2000 },
    )
  })

  it('is told of both sides when a commune goes from one to another that both stand', () => {
    const stood = (siren: string | null, year: number) => siren !== null && history.stateIn(year, siren) !== undefined
    for (const { since, kind, before, after, commune } of records.changes) {
      if (kind !== 'JOINED' || !stood(before, since) || !stood(after, history.vintageBefore(since))) continue
      const mirror = records.changes.filter(
        (other) => other.kind === 'LEFT' && other.since === since && other.siren === before,
      )
      expect(mirror).toContainEqual(expect.objectContaining({ after, commune }))
    }
  })
})

describe('EPCI made up for what the vintages do not show', () => {
  const [A, B, C] = ['100000009', '200000008', '300000007']
  const at = (
    year: number,
    epci: readonly Pick<VintageEpci, 'code' | 'nom' | 'type'>[],
    members: Record<string, readonly string[]>,
  ): Vintage => ({
    year,
    communes: ['01001', '01002', '01003'].map((code) => ({ code, nom: `Commune ${code}`, type: 'commune-actuelle' })),
    epci: epci.map((each) => ({ ...each, membres: (members[each.code] ?? []).map((code) => ({ code })) })),
    departements: [],
    regions: [],
  })
  const ground: Pieces = {
    years: [2030, 2031],
    all: ['01001', '01002', '01003'].map((code, index) => ({ index, communes: [code, code], populations: [] })),
    ofLineage: new Int32Array(),
  }
  const census: Census = {
    year: 2028,
    vintage: 2031,
    population: new Map([
      ['01001', 100],
      ['01002', 50],
      ['01003', 50],
    ]),
  }
  const recordsOf = (before: Vintage, after: Vintage) => epciRecordsOf([before, after], ground, [census])
  const kindsOf = (before: Vintage, after: Vintage) =>
    recordsOf(before, after).changes.map(({ kind, siren, before: from, after: to }) => [kind, siren, from, to])

  it('are recoded when the same ground stands under another SIREN', () => {
    const before = at(2030, [{ code: A, nom: 'CC Un', type: 'CC' }], { [A]: ['01001', '01002'] })
    const after = at(2031, [{ code: B, nom: 'CA Un', type: 'CA' }], { [B]: ['01001', '01002'] })
    expect(kindsOf(before, after)).toEqual([['RECODED', B, A, B]])
  })

  it('are dissolved and created when a commune more is in it', () => {
    const before = at(2030, [{ code: A, nom: 'CC Un', type: 'CC' }], { [A]: ['01001', '01002'] })
    const after = at(2031, [{ code: B, nom: 'CC Un', type: 'CC' }], { [B]: ['01001', '01002', '01003'] })
    expect(kindsOf(before, after)).toEqual([
      ['DISSOLUTION', A, A, null],
      ['CREATION', B, null, B],
    ])
  })

  it('are joined from nowhere, left for nowhere, and say of their ground that it is in none', () => {
    const both = [A, C].map((code) => ({ code, nom: 'CC Un', type: 'CC' }) as const)
    const before = at(2030, both, { [A]: ['01001', '01002'], [C]: [] })
    const after = at(2031, both, { [A]: ['01002', '01003'], [C]: [] })
    expect(kindsOf(before, after)).toEqual([
      ['JOINED', A, null, A],
      ['LEFT', A, A, null],
    ])
    expect(indexEpciHistory(recordsOf(before, after)).resolve(A, { from: 2030 }).shares).toEqual([
      { epci: null, share: 2 / 3, inhabitants: 100, censusYear: 2028 },
      {
        epci: { siren: A, name: 'CC Un', kind: 'COMMUNAUTE_DE_COMMUNES' },
        share: 1 / 3,
        inhabitants: 50,
        censusYear: 2028,
      },
    ])
  })

  it('are not followed over pieces of other years', () => {
    const vintage = at(2029, [], {})
    expect(() => epciRecordsOf([vintage], ground, [])).toThrow(/2030, 2031/)
  })
})
