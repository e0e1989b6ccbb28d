import { StratesError } from '../observations/error.ts'

/** The tiers of French public territory that Strates serves, from the smallest, and the groupings that are no tier. */
export const TIERS = ['COMMUNE', 'EPCI', 'DEPARTEMENT', 'REGION', 'NATION', 'GROUPING'] as const

/** One tier: `COMMUNE`, `EPCI`, `DEPARTEMENT`, `REGION`, `NATION`, or `GROUPING` for what is no tier. */
export type Tier = (typeof TIERS)[number]

declare const territoryCode: unique symbol
/** A code that went through the parser: text, never a number. "01001" and "2A004" are codes, 1001 is not. */
export type TerritoryCode = string & { readonly [territoryCode]: true }

/** Tier and code in one, the key of every territory: `commune:35238`, `epci:243500139`, `nation:FR`. */
export type TerritoryId = `${Lowercase<Tier>}:${string}`

interface CodeRule {
  readonly pattern: RegExp
  readonly says: string
  readonly example: string
  /** Brings the spellings met in official files to the one of the COG; anything else is left as it is. */
  readonly tidy: (text: string) => string
}

const RULES: Readonly<Record<Tier, CodeRule>> = {
  COMMUNE: {
    pattern: /^(?:\d{2}|2[AB])\d{3}$/,
    says: 'the five characters of an INSEE commune code, leading zero included',
    example: '35238, 01001 or 2A004',
    tidy: (text) => text.toUpperCase(),
  },
  EPCI: {
    pattern: /^\d{9}$/,
    says: 'the nine digits of a SIREN number, the last one its check digit',
    example: '243500139',
    tidy: (text) => text.replaceAll(' ', ''),
  },
  DEPARTEMENT: {
    pattern: /^(?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|97\d|98\d)$/,
    says: 'the two or three characters of an INSEE département code',
    example: '35, 2A or 974',
    // The ministry pads to three characters: 035, 02A.
    tidy: (text) => text.toUpperCase().replace(/^0(?=\d{2}$|2[AB]$)/, ''),
  },
  REGION: {
    pattern: /^(?:\d{2}|97\d|98\d)$/,
    says: 'the two characters of an INSEE région code, or the three of an overseas collectivity',
    example: '53 or 988',
    tidy: (text) => text,
  },
  NATION: {
    pattern: /^FR$/,
    says: 'the code of the whole Republic',
    example: 'FR',
    tidy: (text) => text.toUpperCase(),
  },
  GROUPING: {
    pattern: /^[a-z][a-z0-9-]*$/,
    says: 'the name of a grouping in lower case',
    example: 'academie-14, metropole or depp-france',
    tidy: (text) => text.toLowerCase(),
  },
}

/**
 * The one parser of territory codes: trims, brings known spellings to the COG's, and checks the form, not the existence.
 * @throws StratesError INVALID_CODE, saying what was expected; a four-digit commune code gets its leading zero suggested.
 */
export function parseCode(tier: Tier, text: string): TerritoryCode {
  const rule = RULES[tier]
  const code = rule.tidy(text.trim())
  const wrongKey = tier === 'EPCI' && rule.pattern.test(code) && !hasValidCheckDigit(code)
  if (rule.pattern.test(code) && !wrongKey) return code as TerritoryCode
  throw new StratesError({
    code: 'INVALID_CODE',
    what: wrongKey ? 'The check digit of this SIREN number is wrong' : `This is not a code of the tier ${tier}`,
    on: `code ${JSON.stringify(text)}`,
    expected: `${rule.says}, such as ${rule.example}`,
    remedy: adviceFor(tier, code),
    details: { tier, given: text },
  })
}

/**
 * Splits an identifier such as `commune:35238` into tier and code.
 * @throws StratesError INVALID_CODE when the prefix is no tier or the code has not the form of its tier.
 */
export function parseTerritoryId(id: string): { readonly tier: Tier; readonly code: TerritoryCode } {
  const [prefix = '', ...rest] = id.split(':')
  const tier = TIERS.find((candidate) => candidate.toLowerCase() === prefix.trim().toLowerCase())
  if (tier !== undefined && rest.length === 1) return { tier, code: parseCode(tier, rest[0] ?? '') }
  throw new StratesError({
    code: 'INVALID_CODE',
    what: 'This is not the identifier of a territory',
    on: `id ${JSON.stringify(id)}`,
    expected:
      'a tier, a colon and a code, such as commune:35238, epci:243500139, departement:35, region:53 or nation:FR',
    remedy: 'Write the tier before the code.',
    details: { given: id },
  })
}

/** The identifier of a code within its tier. */
export const territoryId = (tier: Tier, code: string): TerritoryId => `${tier.toLowerCase() as Lowercase<Tier>}:${code}`

/** The id of a territory of a vintage: that of the newest goes without saying, `commune:35112/g2019` is of 2019. */
export const idOfVintage = (id: string, vintage: number, newest: number): string =>
  vintage === newest ? id : `${id}/g${vintage}`

/** The département (or overseas collectivity) whose code a commune code begins with: `97411` → `974`, `2A004` → `2A`. */
export const departementOfCommuneCode = (code: string): string => code.slice(0, /^9[78]/.test(code) ? 3 : 2)

function adviceFor(tier: Tier, code: string): string {
  if (tier === 'COMMUNE' && /^\d{4}$/.test(code)) return `Write 0${code}: the code is text and its leading zero counts.`
  if (tier === 'COMMUNE' && /^\d{9}$/.test(code)) return 'A SIREN number names an EPCI here: ask epci(siren:).'
  if (tier === 'EPCI' && /^\d{14}$/.test(code))
    return `A SIRET has 14 digits; its SIREN is the first nine: ${code.slice(0, 9)}.`
  return 'Look the code up in the Code officiel géographique (insee.fr) and write it as text.'
}

/** Luhn's check over the nine digits of a SIREN number (décret n° 73-314: the last digit is a check digit). */
function hasValidCheckDigit(siren: string): boolean {
  const sum = [...siren].reduce((total, digit, position) => {
    const weighted = Number(digit) * (position % 2 === 1 ? 2 : 1)
    return total + (weighted > 9 ? weighted - 9 : weighted)
  }, 0)
  return sum % 10 === 0
}
