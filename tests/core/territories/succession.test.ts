import { describe, expect, it } from 'vitest'
import { endOfHistory, successionOver } from '../../../core/territories/succession.ts'
import { communesOf, type HistoricalCommune, type Vintage } from '../../../core/territories/vintage.ts'
import { readEmbeddedCog } from '../../../pipeline/sources/cog.ts'

const { vintages, history } = readEmbeddedCog()
const successors = successionOver(vintages)
const current = new Set(communesOf(vintages.at(-1)!).map(({ code }) => code))

describe('carrying a code to the current COG, over the embedded vintages', () => {
  it.each([
    ['35238', 2019, ['35238'], 'is Rennes, as ever'],
    ['49069', 2024, ['49126'], "moved with the seat of Orée-d'Anjou"],
    ['93059', 2024, ['93066'], 'joined Saint-Denis in 2025'],
    ['27676', 2021, ['27676'], 'kept its code while another joined it'],
    ['27058', 2022, ['27676'], 'joined in 2023, which only the table of facts knows'],
    ['02077', 2019, ['02564'], 'is reached through a commune that itself came later'],
    ['35112', 2019, ['35062'], 'merged in 2024'],
    ['75112', 2023, ['75056'], 'is an arrondissement of Paris'],
    ['69383', 2019, ['69123'], 'is an arrondissement of Lyon'],
    ['97701', 2019, ['97701'], 'is overseas'],
  ])('%s of %i is %j now: it %s', (code, year, expected) => {
    expect(successors(code, year)).toEqual(expected)
  })

  it('gives every commune that came out of a split', () => {
    expect(successors('85084', 2023)).toHaveLength(3)
    expect(successors('85084', 2023)).toContain('85084')
    expect(successors('15141', 2024)).toHaveLength(5)
    expect(new Set([...successors('85084', 2023), ...successors('15141', 2024)]).size).toBe(8)
  })

  it('gives the commune alone once the split is done', () => {
    expect(successors('85084', 2026)).toEqual(['85084'])
    expect(successors('15141', 2026)).toEqual(['15141'])
  })

  it('takes a year before the first vintage for the first, and between two for the earlier', () => {
    expect(successors('02077', 2010)).toEqual(['02564'])
    expect(successors('35238', 2020)).toEqual(['35238'])
  })

  it('still knows a code that was gone in the year asked: files lag behind the COG', () => {
    expect(successors('27058', 2026)).toEqual(['27676'])
  })

  it('knows nothing of codes that never were', () => {
    expect(successors('75100', 2025)).toEqual([])
    expect(successors('13200', 2025)).toEqual([])
  })

  it.each(vintages.map((vintage) => [vintage.year, vintage] as const))(
    'resolves every code of %i to current communes',
    (year, vintage) => {
      const lost = vintage.communes
        .map(({ code }) => code)
        .filter((code) => {
          const found = successors(code, year)
          return found.length === 0 || !found.every((successor) => current.has(successor))
        })
      expect(lost).toEqual([])
    },
  )

  it('leaves every current commune where it is', () => {
    expect([...current].filter((code) => successors(code, 2026).join() !== code)).toEqual([])
  })
})

describe('the end of a historical commune', () => {
  const byId = new Map(history.map((entry) => [entry.id, entry]))
  const ends = (code: string) =>
    new Set(history.filter((entry) => entry.code === code).map((entry) => endOfHistory(entry, byId)))

  it('is the commune of 2019 that it led to', () => {
    expect(ends('35238')).toEqual(new Set(['35238']))
    // Drain, one of the communes that became Orée-d'Anjou in 2015, which had its seat in 49069 then.
    expect(ends('49126')).toEqual(new Set(['49069']))
  })

  it('is unknown where a commune ended without successor, as Saint-Barthélemy did in 2007', () => {
    const entry: HistoricalCommune = {
      id: 'a',
      code: '97123',
      nom: 'Saint-Barthélemy',
      type: 'COM',
      dateFin: '2007-07-15',
    }
    expect(endOfHistory(entry, new Map())).toBeUndefined()
  })

  it('stops where the history turns in a circle', () => {
    const one: HistoricalCommune = { id: 'a', code: '01001', nom: 'A', type: 'COM', successeur: 'b' }
    const two: HistoricalCommune = { id: 'b', code: '01002', nom: 'B', type: 'COM', successeur: 'a' }
    expect(
      endOfHistory(
        one,
        new Map([
          ['a', one],
          ['b', two],
        ]),
      ),
    ).toBeUndefined()
  })
})

describe('carrying a code over hand-made vintages', () => {
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
    const follow = successionOver([
      vintage(2021, commune('01001'), commune('01002'), commune('01003')),
      vintage(2022, commune('01002'), deleguee('01001', '01002'), commune('01003')),
      vintage(2023, commune('01003'), deleguee('01001', '01003'), deleguee('01002', '01003')),
    ])
    expect(follow('01001', 2021)).toEqual(['01003'])
    expect(follow('01002', 2022)).toEqual(['01003'])
  })

  it('gives a part that became a commune again its own code, and the whole all of them', () => {
    const follow = successionOver([
      vintage(2022, commune('01001'), deleguee('01002', '01001')),
      vintage(2023, commune('01001'), commune('01002')),
    ])
    expect(follow('01001', 2022)).toEqual(['01001', '01002'])
    expect(follow('01002', 2022)).toEqual(['01002'])
  })

  it('needs a vintage', () => {
    expect(() => successionOver([])).toThrow(RangeError)
  })
})
