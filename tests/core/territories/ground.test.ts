import { describe, expect, it } from 'vitest'
import { groundOver } from '../../../core/territories/ground.ts'
import { piecesOf } from '../../../core/territories/pieces.ts'
import { placeNamesOf, rankOf } from '../../../core/territories/placeNames.ts'
import { embeddedCog } from './embedded.ts'

const { chronicle, vintages } = embeddedCog()
const years = vintages.map(({ year }) => year)
const pieces = piecesOf(chronicle, years, [])
const groundOf = groundOver(chronicle, pieces)

/** The communes of today on a ground. */
const today = (ground: readonly number[]): readonly string[] =>
  [...new Set(ground.map((piece) => pieces.all[piece]?.communes.at(-1) ?? ''))].toSorted()

describe('reading a commune code as ground', () => {
  it.each([
    ['35238', 2019, ['35238'], 'is Rennes, as ever'],
    ['49069', 2024, ['49126'], "moved with the seat of Orée-d'Anjou"],
    ['93059', 2024, ['93066'], 'joined Saint-Denis in 2025'],
    ['27676', 2021, ['27676'], 'kept its ground while the seat moved'],
    ['27058', 2022, ['27676'], 'was the seat for two years'],
    ['02077', 2019, ['02564'], 'is reached through a commune that itself came later'],
    ['02077', 2010, ['02564'], 'was the same before the first vintage'],
    ['35112', 2019, ['35062'], 'merged in 2024'],
    ['75112', 2023, ['75056'], 'is an arrondissement of Paris'],
    ['69383', 2019, ['69123'], 'is an arrondissement of Lyon'],
    ['97701', 2019, ['97701'], 'is overseas'],
    ['97123', 2000, ['97701'], 'had another code'],
    ['85084', 2023, ['85084', '85165', '85212'], 'is three communes now'],
    ['85084', 2026, ['85084'], 'is one of them alone'],
    ['15141', 2024, ['15031', '15035', '15047', '15141', '15171'], 'is five communes now'],
    ['77362', 1945, ['77066', '77444'], 'was divided in 1949'],
  ])('%s of %i is now in %j: it %s', (code, year, expected) => {
    expect(today(groundOf(code, year))).toEqual(expected)
  })

  it('gives a part of a commune its own ground, not that of the whole', () => {
    expect(groundOf('35112', 2026)).toEqual(groundOf('35112', 2019))
    expect(groundOf('35112', 2026)).toHaveLength(1)
    expect(groundOf('85165', 2020)).toEqual(groundOf('85165', 2026))
  })

  it('still knows a code that was gone in the year asked, since files lag behind the COG', () => {
    expect(today(groundOf('27058', 2026))).toEqual(['27676'])
    expect(groundOf('27058', 2030)).toEqual(groundOf('27676', 2026))
    expect(today(groundOf('97123', 2019))).toEqual(['97701'])
  })

  it('reads a code that is younger than the year asked as it first stood', () => {
    expect(today(groundOf('97701', 1990))).toEqual(['97701'])
  })

  it('knows nothing of codes that never were', () => {
    expect(groundOf('75100', 2025)).toEqual([])
    expect(groundOf('13200', 2025)).toEqual([])
  })

  it.each(vintages.map((vintage) => [vintage.year, vintage] as const))(
    'reads every code of %i, communes as all of their ground',
    (year, { communes }) => {
      const position = years.indexOf(year)
      const held = Map.groupBy(pieces.all, (piece) => piece.communes[position] ?? '')
      for (const { code, type } of communes) {
        const ground = groundOf(code, year)
        if (ground.length === 0) expect.fail(`${code} of ${year}`)
        if (type !== 'commune-actuelle') continue
        const own = held.get(code)?.map(({ index }) => index) ?? []
        if (ground.join() !== own.join()) expect.fail(`${code} of ${year}: ${ground.join()} and not ${own.join()}`)
      }
    },
  )
})

describe('the names under which places are met', () => {
  const names = placeNamesOf(chronicle, pieces)
  const called = (name: string, commune: string) =>
    names
      .filter((place) => place.name === name && today(place.pieces).includes(commune))
      .map(({ kind, from, until, pieces: ground }) => ({ kind, from, until, communes: today(ground) }))

  it('are its own, those of its parts, and those it had', () => {
    expect(called('Rennes', '35238')).toEqual([
      { kind: 'COMMUNE', from: '1943-01-01', until: null, communes: ['35238'] },
    ])
    expect(called('Champtoceaux', '49126')).toContainEqual(
      expect.objectContaining({ kind: 'PART', until: null, communes: ['49126'] }),
    )
    expect(called('Paris 12e Arrondissement', '75056')).toHaveLength(1)
    expect(called('Fleurigné', '35062')).toMatchObject([
      { kind: 'COMMUNE', until: '2024-01-01' },
      { kind: 'PART', from: '2024-01-01', until: null },
    ])
    expect(called('Pont-de-Metz', '80632')).toMatchObject([{ kind: 'COMMUNE', until: null }])
    expect(called('Loisieux', '73147')).toMatchObject([{ kind: 'COMMUNE', until: null }])
  })

  it('name one ground after the other where the commune kept its name and not its ground', () => {
    expect(called('Essarts-en-Bocage', '85084')).toEqual([
      { kind: 'COMMUNE', from: '2016-01-01', until: '2024-01-01', communes: ['85084', '85165', '85212'] },
      { kind: 'COMMUNE', from: '2024-01-01', until: null, communes: ['85084'] },
    ])
  })

  it('name some ground each, for some time', () => {
    expect(names.filter((place) => place.pieces.length === 0)).toEqual([])
    expect(names.filter(({ from, until }) => until !== null && until <= from)).toEqual([])
  })

  it('are better on their day than before or after, and for a whole than for a part', () => {
    const place = { name: 'Bourg', pieces: [1], kind: 'COMMUNE', from: '2000-01-01', until: null } as const
    expect(rankOf(place, '2020-01-01')).toBe(0)
    expect(rankOf(place, '1990-01-01')).toBe(1)
    expect(rankOf({ ...place, kind: 'PART' }, '2020-01-01')).toBe(2)
    expect(rankOf({ ...place, until: '2010-01-01' }, '2005-01-01')).toBe(0)
    expect(rankOf({ ...place, until: '2010-01-01' }, '2010-01-01')).toBe(3)
  })
})
