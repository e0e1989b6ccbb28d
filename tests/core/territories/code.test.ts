import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StratesError } from '../../../core/observations/error.ts'
import {
  departementOfCommuneCode,
  parseCode,
  parseTerritoryId,
  territoryId,
  TIERS,
} from '../../../core/territories/code.ts'

function refusal(parse: () => unknown): StratesError {
  try {
    parse()
  } catch (error) {
    expect(error).toBeInstanceOf(StratesError)
    expect((error as StratesError).code).toBe('INVALID_CODE')
    return error as StratesError
  }
  return expect.fail('the code was accepted')
}

describe('the parser of codes', () => {
  it.each([
    ['COMMUNE', '35238', '35238'],
    ['COMMUNE', '01001', '01001'],
    ['COMMUNE', '2a004', '2A004'],
    ['COMMUNE', ' 97411\t', '97411'],
    ['EPCI', '243500139', '243500139'],
    ['EPCI', '243 500 139', '243500139'],
    ['DEPARTEMENT', '35', '35'],
    ['DEPARTEMENT', '035', '35'],
    ['DEPARTEMENT', '001', '01'],
    ['DEPARTEMENT', '02A', '2A'],
    ['DEPARTEMENT', '02b', '2B'],
    ['DEPARTEMENT', '974', '974'],
    ['DEPARTEMENT', '988', '988'],
    ['REGION', ' 53 ', '53'],
    ['REGION', '01', '01'],
    ['REGION', '988', '988'],
    ['NATION', 'fr', 'FR'],
    ['GROUPING', 'Academie-14', 'academie-14'],
  ] as const)('takes the %s "%s" for %s', (tier, text, code) => {
    expect(parseCode(tier, text)).toBe(code)
  })

  it.each([
    ['COMMUNE', ''],
    ['COMMUNE', '3523'],
    ['COMMUNE', '352380'],
    ['COMMUNE', '2C004'],
    ['COMMUNE', 'Rennes'],
    ['COMMUNE', '35 238'],
    ['DEPARTEMENT', '00'],
    ['DEPARTEMENT', '099'],
    ['DEPARTEMENT', '96'],
    ['DEPARTEMENT', '2C'],
    ['DEPARTEMENT', '0974'],
    ['REGION', '2A'],
    ['REGION', '5'],
    ['NATION', 'France'],
    ['GROUPING', '14'],
  ] as const)('refuses the %s "%s", repeats it and gives an example', (tier, text) => {
    const { message, facts } = refusal(() => parseCode(tier, text))
    expect(message).toContain(JSON.stringify(text))
    expect(facts.expected).toMatch(/, such as /)
    expect(facts.details).toEqual({ tier, given: text })
  })

  it('suggests the leading zero that a spreadsheet ate', () => {
    expect(refusal(() => parseCode('COMMUNE', '1001')).facts.remedy).toMatch(/^Write 01001:/)
  })

  it('tells a SIREN where a commune is asked that it names an EPCI', () => {
    expect(refusal(() => parseCode('COMMUNE', '243500139')).facts.remedy).toMatch(/epci\(siren:\)/)
  })

  it('tells a SIRET where a SIREN is asked which nine digits to keep', () => {
    expect(refusal(() => parseCode('EPCI', '24350013900018')).facts.remedy).toMatch(/243500139\.$/)
  })

  it('refuses a SIREN with one wrong digit, and says that the check digit is wrong', () => {
    expect(refusal(() => parseCode('EPCI', '243500138')).facts.what).toMatch(/check digit/)
    const mistake = fc.record({ at: fc.integer({ min: 0, max: 8 }), add: fc.integer({ min: 1, max: 9 }) })
    fc.assert(
      fc.property(mistake, ({ at, add }) => {
        const digits = [...'243500139']
        digits[at] = `${(Number(digits[at]) + add) % 10}`
        refusal(() => parseCode('EPCI', digits.join('')))
      }),
    )
  })

  it('gives back what it gave, for any text it accepts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TIERS), fc.stringMatching(/^ ?[0-9A-Ba-b ]{1,10}$/), (tier, text) => {
        let code: string
        try {
          code = parseCode(tier, text)
        } catch (error) {
          expect(error).toBeInstanceOf(StratesError)
          return
        }
        expect(parseCode(tier, code)).toBe(code)
        expect(parseTerritoryId(territoryId(tier, code))).toEqual({ tier, code })
      }),
    )
  })
})

describe('the identifier of a territory', () => {
  it.each([
    ['commune:35238', 'COMMUNE', '35238'],
    ['epci:243500139', 'EPCI', '243500139'],
    ['departement:035', 'DEPARTEMENT', '35'],
    ['Region: 53', 'REGION', '53'],
    ['nation:FR', 'NATION', 'FR'],
    ['grouping:academie-14', 'GROUPING', 'academie-14'],
  ])('%s is read as %s %s', (id, tier, code) => {
    expect(parseTerritoryId(id)).toEqual({ tier, code })
  })

  it.each(['', '35238', 'canton:3501', 'commune', 'commune:', 'commune:35238:1', ':35238'])('"%s" is refused', (id) => {
    expect(refusal(() => parseTerritoryId(id)).message).toContain('code')
  })
})

describe('the département of a commune code', () => {
  it.each([
    ['35238', '35'],
    ['01001', '01'],
    ['2A004', '2A'],
    ['97411', '974'],
    ['97701', '977'],
    ['98818', '988'],
  ])('of %s is %s', (commune, departement) => {
    expect(departementOfCommuneCode(commune)).toBe(departement)
  })
})
