import { describe, expect, it } from 'vitest'
import { chronicleOf, type Chronicle, type Stay } from '../../../core/territories/lineage.ts'
import { stands } from '../../../core/territories/pieces.ts'
import { communesOf, type HistoricalCommune, type Vintage } from '../../../core/territories/vintage.ts'
import { embeddedCog } from './embedded.ts'

const { chronicle, vintages } = embeddedCog()

/** The lineages that stand in a commune on a day, by the code that each has of its own. */
const standingIn = (code: string, day: string, { stays }: Chronicle = chronicle): readonly string[] =>
  stays
    .filter((stay) => stay.commune === code && stands(stay, day))
    .map((stay) => stay.code)
    .toSorted()

/** The life of the lineages whose newest code this is: where they stood, since when. */
const lifeOf = (code: string, { stays }: Chronicle = chronicle): readonly string[] => {
  const lineages = new Set(stays.filter((stay) => stay.code === code && stay.until === null).map((s) => s.lineage))
  return stays.filter(({ lineage }) => lineages.has(lineage)).map(inWords)
}
const inWords = ({ from, code, standing, commune }: Stay): string => `${from} ${code} ${standing} in ${commune}`

const namesOf = (code: string): readonly string[] =>
  chronicle.communes.filter((state) => state.code === code).map(({ name, from }) => `${from} ${name}`)

describe('the communes followed since 1943', () => {
  it.each(vintages.map((vintage) => [vintage.year, vintage] as const))(
    'are on 1 January %i exactly those of the vintage, each with ground and with its name',
    (year, vintage) => {
      const day = `${year}-01-01`
      const expected = communesOf(vintage)
        .map(({ code }) => code)
        .toSorted()
      const standing = new Set(chronicle.stays.filter((stay) => stands(stay, day)).map(({ commune }) => commune))
      expect([...standing].toSorted()).toEqual(expected)
      const named = chronicle.communes.filter((state) => stands(state, day)).map(({ code }) => code)
      expect(named.toSorted()).toEqual(expected)
    },
  )

  it('are as many as INSEE counts, and 94 of the overseas collectivities', () => {
    const counts = vintages.map((vintage) => [vintage.year, communesOf(vintage).length - 94])
    expect(counts).toEqual([
      [2019, 34_970],
      [2020, 34_968],
      [2021, 34_965],
      [2022, 34_955],
      [2023, 34_945],
      [2024, 34_935],
      [2025, 34_875],
      [2026, 34_875],
    ])
  })

  it('stand in one place at a time, from their first day without a gap', () => {
    const broken = [...Map.groupBy(chronicle.stays, ({ lineage }) => lineage).values()].filter((stays) =>
      stays.some(({ from }, position) => position > 0 && stays[position - 1]?.until !== from),
    )
    expect(broken).toEqual([])
  })
})

describe('the life of a commune', () => {
  it("tells Orée-d'Anjou, whose seat moved to Drain in 2025: 49069 is 49126 now", () => {
    const nine = ['49040', '49069', '49126', '49177', '49172', '49270', '49296', '49320', '49360'].toSorted()
    expect(standingIn('49069', '2024-12-31')).toEqual(nine)
    expect(standingIn('49126', '2025-01-01')).toEqual(nine)
    expect(standingIn('49126', '2014-06-01')).toEqual(['49126'])
    expect(namesOf('49126')).toEqual(['1943-01-01 Drain', "2025-01-01 Orée d'Anjou"])
  })

  it('tells Pierrefitte, 75059 until 1968, which joined Saint-Denis in 2025', () => {
    expect(lifeOf('93059')).toEqual([
      '1943-01-01 75059 COMMUNE in 75059',
      '1968-01-01 93059 COMMUNE in 93059',
      '2025-01-01 93059 COMMUNE_DELEGUEE in 93066',
    ])
  })

  it('tells Les Trois Lacs, whose code went from 27676 to 27058 in 2021 and back in 2023, with all its ground', () => {
    const three = ['27058', '27647', '27676']
    expect(standingIn('27676', '2020-12-31')).toEqual(three)
    expect(standingIn('27058', '2021-01-01')).toEqual(three)
    expect(standingIn('27676', '2021-01-01')).toEqual([])
    expect(standingIn('27676', '2023-01-01')).toEqual(three)
  })

  it('tells La Neuville-Garnier (60455), which left Les Hauts-Talican with Villotran in 2024', () => {
    expect(lifeOf('60455')).toEqual([
      '1943-01-01 60455 COMMUNE in 60455',
      '2019-01-01 60455 COMMUNE_DELEGUEE in 60054',
      '2024-01-01 60455 COMMUNE_DELEGUEE in 60694',
    ])
    expect(standingIn('60054', '2024-01-01')).toEqual(['60054'])
  })

  it('tells Neussargues en Pinatelle (15141), five communes again in 2025', () => {
    const five = ['15031', '15035', '15047', '15141', '15171']
    expect(standingIn('15141', '2024-12-31')).toEqual(five)
    for (const code of five) expect(standingIn(code, '2025-01-01')).toEqual([code])
  })

  it.each([
    ['97701', '97123', '2007-02-23'],
    ['97611', '98511', '2011-03-31'],
    ['2A004', '20004', '1976-01-01'],
  ])('tells that %s had the code %s until %s', (code, before, day) => {
    expect(lifeOf(code)).toEqual([`1943-01-01 ${before} COMMUNE in ${before}`, `${day} ${code} COMMUNE in ${code}`])
  })

  it('tells Fleurigné (35112), which joined La Chapelle-Janson (35062) in 2024', () => {
    expect(standingIn('35062', '2023-12-31')).toEqual(['35062'])
    expect(standingIn('35062', '2024-01-01')).toEqual(['35062', '35112'])
    expect(namesOf('35062')).toEqual(['1943-01-01 La Chapelle-Janson', '2024-01-01 La Chapelle-Fleurigné'])
  })

  it('tells Papaichton (97362), cut out of Grand-Santi in 1993, and on its ground before, itself cut out of Maripasoula', () => {
    expect(lifeOf('97362')).toEqual([
      '1943-01-01 97362 NOT_YET_CREATED in 97353',
      '1953-01-01 97362 NOT_YET_CREATED in 97357',
      '1993-01-01 97362 COMMUNE in 97362',
    ])
  })

  it('tells Pierrelez (77362), divided between Cerneux and Sancy-lès-Provins in 1949', () => {
    expect(standingIn('77362', '1949-07-07')).toEqual(['77362', '77362'])
    expect(lifeOf('77362')).toEqual([
      '1943-01-01 77362 COMMUNE in 77362',
      '1949-07-08 77362 FORMER_COMMUNE in 77066',
      '1943-01-01 77362 COMMUNE in 77362',
      '1949-07-08 77362 FORMER_COMMUNE in 77444',
    ])
  })

  it('tells Tôtes (14697), which changed its commune four times before 2019', () => {
    // Its déléguée of 2017 has the code of another commune of the group: 14472.
    const [{ lineage } = { lineage: -1 }] = chronicle.stays.filter(({ code }) => code === '14697')
    const life = chronicle.stays.filter((stay) => stay.lineage === lineage)
    expect(life.map(inWords).map((words) => words.replace(/ \w+ in/, ''))).toEqual([
      '1943-01-01 14697 14697',
      '1973-01-01 14697 14624',
      '1990-02-01 14697 14697',
      '2014-01-07 14697 14472',
      '2017-01-01 14472 14654',
    ])
  })

  it('tells Pont-Farcy (14513), a commune of two, which became one commune déléguée (50649) of another département', () => {
    const stays = chronicle.stays.filter(({ code }) => code === '50649')
    expect(new Set(stays.map(({ lineage }) => lineage)).size).toBe(2)
    expect([...new Set(stays.map(inWords))]).toEqual([
      '2018-01-01 50649 COMMUNE_DELEGUEE in 50592',
      '2021-01-01 50649 FORMER_COMMUNE in 50592',
    ])
    expect(standingIn('14513', '2017-12-31')).toEqual(['14507', '14513'])
  })

  it('tells a name that changed without the code, on its day', () => {
    expect(namesOf('07242')).toEqual(['1943-01-01 Saint-Gineis-en-Coiron', '2020-02-29 Saint-Gineys-en-Coiron'])
  })
})

describe('following communes over hand-made vintages', () => {
  const commune = (code: string) => ({ code, nom: code, type: 'commune-actuelle' }) as const
  const deleguee = (code: string, chefLieu: string) =>
    ({ code, nom: code, type: 'commune-deleguee', chefLieu }) as const
  const vintage = (year: number, ...communes: Vintage['communes']): Vintage => ({
    year,
    communes,
    epci: [],
    departements: [],
    regions: [],
  })

  it('follows a merger, then the merger of what came out of it', () => {
    const followed = chronicleOf(
      [],
      [
        vintage(2021, commune('01001'), commune('01002'), commune('01003')),
        vintage(2022, commune('01002'), deleguee('01001', '01002'), commune('01003')),
        vintage(2023, commune('01003'), deleguee('01001', '01003'), deleguee('01002', '01003')),
      ],
    )
    expect(standingIn('01002', '2022-06-01', followed)).toEqual(['01001', '01002'])
    expect(standingIn('01003', '2023-01-01', followed)).toEqual(['01001', '01002', '01003'])
  })

  it('gives a part that became a commune again its own ground', () => {
    const followed = chronicleOf(
      [],
      [
        vintage(2021, commune('01001'), commune('01002')),
        vintage(2022, commune('01001'), deleguee('01002', '01001')),
        vintage(2023, commune('01001'), commune('01002')),
      ],
    )
    expect(lifeOf('01002', followed)).toEqual([
      '2021-01-01 01002 COMMUNE in 01002',
      '2022-01-01 01002 COMMUNE_DELEGUEE in 01001',
      '2023-01-01 01002 COMMUNE in 01002',
    ])
  })

  it('takes another spelling of a name for the same name', () => {
    const named = (nom: string) => ({ ...commune('01001'), nom })
    const followed = chronicleOf(
      [],
      [vintage(2021, named('Les Hauts Talican')), vintage(2022, named('Les Hauts-Talican'))],
    )
    expect(followed.communes).toEqual([{ code: '01001', name: 'Les Hauts-Talican', from: '2021-01-01', until: null }])
  })

  it('stops where a commune is gone and nothing says where to, and says where to write it down', () => {
    expect(() =>
      chronicleOf([], [vintage(2021, commune('01001'), commune('01002')), vintage(2022, commune('01001'))]),
    ).toThrow(/01002 of 2021 is not in the COG 2022.*facts\.ts/)
  })

  it('follows the history of the years before, and stands it in the first vintage', () => {
    const history: readonly HistoricalCommune[] = [
      { id: 'a', code: '01001', nom: 'A', type: 'COM', dateFin: '1970-01-01', successeur: 'b' },
      { id: 'b', code: '01001', nom: 'A', type: 'COMA', dateDebut: '1970-01-01', pole: 'c', predecesseur: 'a' },
      {
        id: 'c',
        code: '01002',
        nom: 'C',
        type: 'COM',
        dateDebut: '1970-01-01',
        predecesseur: 'd',
        membres: ['a', 'd'],
      },
      { id: 'd', code: '01002', nom: 'C', type: 'COM', dateFin: '1970-01-01', successeur: 'c' },
    ]
    const parts = { ...deleguee('01001', '01002'), type: 'commune-associee' } as const
    const followed = chronicleOf(history, [vintage(2019, commune('01002'), parts)])
    expect(standingIn('01002', '1969-12-31', followed)).toEqual(['01002'])
    expect(standingIn('01002', '2019-01-01', followed)).toEqual(['01001', '01002'])
  })

  it('needs a vintage', () => {
    expect(() => chronicleOf([], [])).toThrow(RangeError)
  })
})

describe('a cited fact', () => {
  const only = (state: Partial<HistoricalCommune> & Pick<HistoricalCommune, 'code'>) => () =>
    chronicleOf([{ id: 'one', nom: 'Une commune', type: 'COM', ...state }], vintages.slice(0, 1))

  it('must have the day on which the history divides or creates the commune', () => {
    expect(only({ code: '45117', dateFin: '1965-01-02' })).toThrow(/1965-01-02 for the commune 45117.*1965-01-01/)
    expect(only({ code: '45117' })).toThrow(/no day for the commune 45117/)
    expect(only({ code: '35363', dateDebut: '1986-02-01' })).toThrow(/1986-02-01 for the commune 35363.*1986-01-01/)
  })
})
