import { describe, expect, it } from 'vitest'
import { placeNamesOf, type PlaceName } from '../../core/territories/placeNames.ts'
import type { MappedRow } from '../../pipeline/conform.ts'
import { createLocator, type Directory } from '../../pipeline/locate.ts'
import { draw } from '../core/territories/drawn.ts'
import { smallCog } from './smallCog.ts'

const cog = smallCog('15', '2A', '2B', '35', '49', '75', '85', '971', '977', '978', '986', '987', '988')
const { atlas, chronicle, pieces, groundOf } = draw(cog)
const territories = atlas.current
const places = placeNamesOf(chronicle, pieces)

/** The ground that a commune code named on 1 January of a year. */
const ground = (code: string, year = 2026): readonly number[] => groundOf(code, year)
/** An edition of the directory, with commune codes of the January after its rentrée. */
const directory = (situation: number, schools: Readonly<Record<string, string>>): Directory => ({
  situation,
  groundOf: new Map(Object.entries(schools).map(([uai, code]) => [uai, ground(code, situation + 1)])),
})
const row = (facts: Partial<MappedRow>): MappedRow => ({
  period: 2021,
  contributor: facts.uai ?? 'someone',
  contributorName: null,
  kind: 'ECOLE',
  uai: null,
  communeCode: null,
  communeVintage: null,
  communeLabel: null,
  departementLabel: null,
  inScope: true,
  opened: null,
  updated: null,
  values: {},
  attributes: {},
  parts: {},
  ...facts,
})

function locatorWith(directories: readonly Directory[] = [], names: readonly PlaceName[] = places) {
  const locator = createLocator({ territories, groundOf, places: names, directories })
  const locate = (facts: Partial<MappedRow>, period = 2021) => {
    const { pieces: found, departement, method } = locator.locate(row(facts), period)
    const communes = [...new Set(found.map((piece) => territories.communeOf(piece).code))]
    return { method, communes, departement: departement === -1 ? null : territories.at(departement).code }
  }
  const groundIn = (facts: Partial<MappedRow>, period = 2021) => locator.locate(row(facts), period).pieces
  return { ...locator, locate, groundIn }
}

describe('locating a row by its commune code', () => {
  it.each([
    ['35238', '35238'],
    ['49069', '49126'],
    ['75112', '75056'],
    ['2A004', '2A004'],
    ['97701', '97701'],
  ])('carries %s to %s, commune of today', (code, today) => {
    const { locate, unknownCodes } = locatorWith()
    expect(locate({ communeCode: code })).toMatchObject({ method: 'CODE', communes: [today] })
    expect(unknownCodes.size).toBe(0)
  })

  it('reads the code in the vintage that the row tells, else in that of the January after the rentrée', () => {
    const { locate, groundIn } = locatorWith()
    const heirs = ['85084', '85165', '85212']
    const divided = { method: 'SPLIT', communes: heirs, departement: '85' }
    expect(locate({ communeCode: '85084', communeVintage: 2023 })).toEqual(divided)
    expect(locate({ communeCode: '85084' }, 2022)).toEqual(divided)
    expect(groundIn({ communeCode: '85084' }, 2022)).toEqual(ground('85084', 2023))
    const whole = { method: 'CODE', communes: ['85084'] }
    expect(locate({ communeCode: '85084', communeVintage: 2026 })).toMatchObject(whole)
    expect(locate({ communeCode: '85084' }, 2025)).toMatchObject(whole)
  })

  it('keeps a place that merged since to its own part of the commune of today', () => {
    const { locate, groundIn } = locatorWith()
    expect(locate({ communeCode: '35112' }, 2019)).toMatchObject({ method: 'CODE', communes: ['35062'] })
    expect(groundIn({ communeCode: '35112' }, 2019)).toEqual(ground('35112', 2020))
    expect(ground('35062')).toEqual([...ground('35112', 2020), ...ground('35062', 2020)].toSorted((a, b) => a - b))
  })

  it('asks the directory which of the communes it is, when the code was divided since', () => {
    const { locate, groundIn } = locatorWith([directory(2025, { '0850001A': '85165' })])
    const row = { uai: '0850001A', communeCode: '85084' }
    expect(locate(row, 2022)).toEqual({ method: 'UAI', communes: ['85165'], departement: '85' })
    expect(groundIn(row, 2022)).toEqual(ground('85165'))
  })

  it('does not ask a directory that names another place', () => {
    const { locate } = locatorWith([directory(2025, { '0850001A': '85191' })])
    expect(locate({ uai: '0850001A', communeCode: '85084' }, 2022)).toMatchObject({ method: 'SPLIT' })
  })

  it('records a code that no vintage knows, each time, and goes on with the label', () => {
    const { locate, unknownCodes } = locatorWith()
    expect(locate({ communeCode: '75100', communeLabel: 'Paris' })).toMatchObject({
      method: 'LABEL',
      communes: ['75056'],
    })
    expect(locate({ communeCode: '75100', communeLabel: 'Nowhere' })).toMatchObject({
      method: 'DEPARTEMENT',
      communes: [],
      departement: '75',
    })
    expect(Object.fromEntries(unknownCodes)).toEqual({ '75100': 2 })
  })
})

describe('locating a row by a directory and a label of different years', () => {
  const ecoles = { departementLabel: 'ILLE-ET-VILAINE', uai: '0350001A' }

  it('lets the label of the time tell which part of a merged commune the directory means', () => {
    const { locate, groundIn, conflicts } = locatorWith([directory(2025, { '0350001A': '35062' })])
    const inFleurigne = { ...ecoles, communeLabel: 'FLEURIGNE' }
    expect(locate(inFleurigne, 2019)).toEqual({ method: 'UAI', communes: ['35062'], departement: '35' })
    expect(groundIn(inFleurigne, 2019)).toEqual(ground('35112', 2020))
    expect(groundIn({ ...ecoles, communeLabel: 'LA CHAPELLE-JANSON' }, 2019)).toEqual(ground('35062', 2020))
    expect(conflicts).toEqual([])
  })

  it('leaves the whole of it where the label tells no part', () => {
    const { groundIn } = locatorWith([directory(2025, { '0350001A': '35062' })])
    expect(groundIn(ecoles, 2019)).toEqual(ground('35062'))
    expect(groundIn({ ...ecoles, communeLabel: 'LA CHAPELLE FLEURIGNE' }, 2025)).toEqual(ground('35062'))
  })

  it('lets the directory of today tell which heir of a divided commune the label of the time means', () => {
    const { groundIn, conflicts } = locatorWith([directory(2025, { '0850001A': '85212' })])
    const facts = { uai: '0850001A', departementLabel: 'VENDEE', communeLabel: 'ESSARTS EN BOCAGE' }
    expect(groundIn(facts, 2019)).toEqual(ground('85212'))
    expect(conflicts).toEqual([])
  })

  it('narrows a directory of the time, which knows the divided commune as one, by nothing', () => {
    const { locate, groundIn } = locatorWith([directory(2022, { '0850001A': '85084' })])
    const facts = { uai: '0850001A', departementLabel: 'VENDEE', communeLabel: 'ESSARTS EN BOCAGE' }
    expect(groundIn(facts, 2019)).toEqual(ground('85084', 2023))
    expect(locate(facts, 2019)).toMatchObject({ method: 'UAI', communes: ['85084', '85165', '85212'] })
  })
})

describe('locating a row by its school number', () => {
  it('takes the commune of the directory when the label agrees or says nothing', () => {
    const { locate, conflicts } = locatorWith([directory(2022, { '0350001A': '35047' })])
    const bruz = { method: 'UAI', communes: ['35047'], departement: '35' }
    expect(locate({ uai: '0350001A' })).toEqual(bruz)
    expect(locate({ uai: '0350001A', departementLabel: 'ILLE-ET-VILAINE', communeLabel: 'BRUZ' })).toEqual(bruz)
    expect(locate({ uai: '0350001A', departementLabel: 'ILLE-ET-VILAINE', communeLabel: 'LIEU-DIT INCONNU' })).toEqual(
      bruz,
    )
    expect(conflicts).toEqual([])
  })

  it('lets the label win over the directory, and records the conflict in words', () => {
    const { locate, conflicts } = locatorWith([directory(2022, { '0350001A': '35238' })])
    const bruz = { uai: '0350001A', departementLabel: 'ILLE-ET-VILAINE', communeLabel: 'BRUZ' }
    expect(locate(bruz)).toEqual({ method: 'LABEL_AGAINST_UAI', communes: ['35047'], departement: '35' })
    expect(conflicts).toEqual(['0350001A (2021): the directory says Rennes (35238), the row says BRUZ (35047)'])
  })

  it('takes the directory nearest the rentrée', () => {
    const { locate } = locatorWith([directory(2024, { '0350001A': '35238' }), directory(2020, { '0350001A': '35047' })])
    expect(locate({ uai: '0350001A' }, 2019).communes).toEqual(['35047'])
    expect(locate({ uai: '0350001A' }, 2023).communes).toEqual(['35238'])
  })

  it('takes a further directory when the nearest does not know the school', () => {
    const { locate } = locatorWith([directory(2021, {}), directory(2015, { '0350001A': '35047' })])
    expect(locate({ uai: '0350001A' }).communes).toEqual(['35047'])
  })
})

describe('locating a row by département and commune label', () => {
  it.each([
    ['ILLE-ET-VILAINE', 'RENNES', '35238', 'its own name'],
    ['ILLE-ET-VILAINE', 'ST PERE MARC EN POULET', '35306', 'a shortened saint'],
    ['ILLE ET VILAINE', 'RENNES CEDEX 7', '35238', 'a postal ending'],
    ['MAINE-ET-LOIRE', 'CHAMPTOCEAUX', '49126', 'the name of a commune déléguée'],
    ['ILLE-ET-VILAINE', 'FLEURIGNE', '35062', 'the name of a commune of the time'],
    ['PARIS', 'PARIS 16E  ARRONDISSEMENT', '75056', 'an arrondissement, with a double blank'],
    ['CORSE-DU-SUD', 'AJACCIO', '2A004', 'Corsica'],
  ])('%s, %s is %s: %s', (departementLabel, communeLabel, code) => {
    expect(locatorWith().locate({ departementLabel, communeLabel })).toMatchObject({
      method: 'LABEL',
      communes: [code],
    })
  })

  it.each([
    ['POINTE-A-PITRE', '97120', '971'],
    ['SAINT BARTHELEMY', '97701', '977'],
    ['SAINT MARTIN', '97801', '978'],
  ])('finds %s behind the label GUADELOUPE', (communeLabel, code, departement) => {
    const found = locatorWith().locate({ departementLabel: 'GUADELOUPE', communeLabel })
    expect(found).toEqual({ method: 'LABEL', communes: [code], departement })
  })

  it.each([
    ['6200001A', 'AJACCIO', '2A004', '2A'],
    ['7200001A', 'BASTIA', '2B033', '2B'],
    ['9830001A', 'NOUMEA', '98818', '988'],
    ['9840001A', 'PAPEETE', '98735', '987'],
    ['9870001A', 'UVEA', '98613', '986'],
    ['0350001A', 'RENNES', '35238', '35'],
    ['9710001A', 'LES ABYMES', '97101', '971'],
  ])(
    'takes the département from the school number %s where the row has no label',
    (uai, communeLabel, code, departement) => {
      expect(locatorWith().locate({ uai, communeLabel })).toEqual({ method: 'LABEL', communes: [code], departement })
    },
  )

  it('finds Saint-Martin also by a school number of Guadeloupe', () => {
    expect(locatorWith().locate({ uai: '9710001A', communeLabel: 'SAINT-MARTIN' }).communes).toEqual(['97801'])
  })

  it('records a département label that no rule knows, and takes the school number', () => {
    const { locate, unknownDepartements } = locatorWith()
    expect(locate({ uai: '0350001A', departementLabel: 'BRETILLIE', communeLabel: 'RENNES' }).communes).toEqual([
      '35238',
    ])
    expect(Object.fromEntries(unknownDepartements)).toEqual({ BRETILLIE: 1 })
  })

  it('takes the name of a divided commune for all of its ground', () => {
    const { locate, groundIn } = locatorWith()
    const facts = { departementLabel: 'VENDEE', communeLabel: 'ESSARTS EN BOCAGE' }
    expect(groundIn(facts, 2019)).toEqual(ground('85084', 2020))
    expect(ground('85084', 2020)).toHaveLength(3)
    expect(locate(facts, 2019)).toMatchObject({ method: 'LABEL', communes: ['85084', '85165', '85212'] })
  })

  it('finds Neussargues en Pinatelle, five communes since 2025, whole before and gone after', () => {
    const { groundIn } = locatorWith()
    expect(groundIn({ departementLabel: 'CANTAL', communeLabel: 'NEUSSARGUES EN PINATELLE' }, 2020)).toHaveLength(5)
  })

  const named = (code: string, facts: Partial<PlaceName> = {}): PlaceName => ({
    name: 'Bourg',
    pieces: ground(code),
    kind: 'COMMUNE',
    from: '1943-01-01',
    until: null,
    ...facts,
  })
  const bourg = { departementLabel: 'ILLE-ET-VILAINE', communeLabel: 'BOURG' }

  it('does not choose between two communes of one name', () => {
    const until = '1970-01-01'
    const { locate } = locatorWith([], [named('35047', { until }), named('35238', { until })])
    expect(locate(bourg)).toMatchObject({ method: 'DEPARTEMENT', communes: [] })
  })

  it('prefers the commune that has the name at the rentrée to any that had it, will have it, or to a part', () => {
    const others = [
      named('35047', { until: '1970-01-01' }),
      named('35093', { kind: 'PART' }),
      named('35288', { from: '2024-01-01' }),
    ]
    const { locate } = locatorWith([], [...others, named('35238', { until: '2024-01-01' })])
    expect(locate(bourg).communes).toEqual(['35238'])
    expect(locate(bourg, 2024).communes).toEqual(['35288'])
  })

  it('takes, of several grounds that the name had within one commune of today, the one nearest in time', () => {
    const parts = [ground('35112', 2020), ground('35062', 2020)] as const
    const { groundIn } = locatorWith(
      [],
      [
        named('35062', { pieces: parts[0], until: '1970-01-01' }),
        named('35062', { pieces: parts[1], from: '1980-01-01', until: '1990-01-01' }),
      ],
    )
    expect(groundIn(bourg)).toEqual(parts[1])
  })
})

describe('a row that finds no commune', () => {
  it('is kept in its département', () => {
    const found = locatorWith().locate({ departementLabel: 'ILLE-ET-VILAINE', communeLabel: 'LIEU-DIT INCONNU' })
    expect(found).toEqual({ method: 'DEPARTEMENT', communes: [], departement: '35' })
  })

  it('is placed nowhere when not even the département is known', () => {
    expect(locatorWith().locate({ departementLabel: 'ATLANTIDE', communeLabel: 'RENNES' })).toEqual({
      method: 'NONE',
      communes: [],
      departement: null,
    })
    expect(locatorWith().locate({ uai: '9990001A' })).toEqual({ method: 'NONE', communes: [], departement: null })
  })
})
