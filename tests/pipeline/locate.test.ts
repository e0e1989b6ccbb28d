import { describe, expect, it } from 'vitest'
import { aliasesOf, groupingIncludes, placeNamesOf, type PlaceName, territoriesOf } from '../../core/territories/cog.ts'
import { successionOver } from '../../core/territories/succession.ts'
import { indexTerritories } from '../../core/territories/territory.ts'
import type { MappedRow } from '../../pipeline/conform.ts'
import { createLocator, type Directory } from '../../pipeline/locate.ts'
import { smallCog } from './smallCog.ts'

const { vintages, history } = smallCog('2A', '2B', '35', '49', '75', '85', '971', '977', '978', '986', '987', '988')
const current = vintages.at(-1)!
const successors = successionOver(vintages)
const aliases = aliasesOf(vintages, successors)
const territories = indexTerritories({
  vintage: current.year,
  all: territoriesOf(current),
  aliases,
  includes: groupingIncludes,
})
const places = placeNamesOf(vintages, history, successors)

const commune = (code: string) => territories.find('COMMUNE', code).territory
const directory = (situation: number, schools: Readonly<Record<string, string>>): Directory => ({
  situation,
  communeOf: new Map(Object.entries(schools).map(([uai, code]) => [uai, commune(code).index])),
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
  const locator = createLocator({ territories, successors, places: names, directories })
  const locate = (facts: Partial<MappedRow>, period = 2021) => {
    const { communes, departement, method } = locator.locate(row(facts), period)
    const found = communes.map((position) => territories.at(position).code)
    return { method, communes: found, departement: departement === -1 ? null : territories.at(departement).code }
  }
  return { ...locator, locate }
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
    const { locate } = locatorWith()
    const then = locate({ communeCode: '85084', communeVintage: 2023 })
    expect(then).toMatchObject({ method: 'SPLIT', departement: '85' })
    expect(then.communes).toHaveLength(3)
    expect(locate({ communeCode: '85084' }, 2022)).toMatchObject({ method: 'SPLIT' })
    expect(locate({ communeCode: '85084', communeVintage: 2026 })).toMatchObject({
      method: 'CODE',
      communes: ['85084'],
    })
    expect(locate({ communeCode: '85084' }, 2025)).toMatchObject({ method: 'CODE', communes: ['85084'] })
  })

  it('asks the directory which of the communes it is, when the code was split since', () => {
    const [, other] = successors('85084', 2023)
    const { locate } = locatorWith([directory(2025, { '0850001A': other! })])
    expect(locate({ uai: '0850001A', communeCode: '85084' }, 2022)).toEqual({
      method: 'UAI',
      communes: [other],
      departement: '85',
    })
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
    ['ILLE-ET-VILAINE', 'FLEURIGNE', '35062', 'a former name'],
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

  it('does not choose between two communes of one name', () => {
    const shared = (code: string): PlaceName => ({ name: 'Bourg', departement: '35', commune: code, rank: 2 })
    const { locate } = locatorWith([], [shared('35047'), shared('35238')])
    expect(locate({ departementLabel: 'ILLE-ET-VILAINE', communeLabel: 'BOURG' })).toMatchObject({
      method: 'DEPARTEMENT',
      communes: [],
    })
  })

  it('prefers a commune of today to a former one of the same name', () => {
    const named = (code: string, rank: PlaceName['rank']): PlaceName => ({
      name: 'Bourg',
      departement: '35',
      commune: code,
      rank,
    })
    const { locate } = locatorWith([], [named('35047', 2), named('35238', 0)])
    expect(locate({ departementLabel: 'ILLE-ET-VILAINE', communeLabel: 'BOURG' }).communes).toEqual(['35238'])
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
