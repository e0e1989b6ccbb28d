import { ACADEMIES } from './academies.ts'

/** What kind of place a territory is within its tier; groupings carry the kind of grouping. */
export const TERRITORY_KINDS = [
  'COMMUNE',
  'COMMUNAUTE_DE_COMMUNES',
  'COMMUNAUTE_D_AGGLOMERATION',
  'COMMUNAUTE_URBAINE',
  'METROPOLE',
  'METROPOLE_DE_LYON',
  'DEPARTEMENT',
  'REGION',
  'COLLECTIVITE_OUTRE_MER',
  'NATION',
  'ACADEMIE',
  'STATISTICAL_AREA',
  'EPCI_PART',
] as const

/** See {@link TERRITORY_KINDS}. */
export type TerritoryKind = (typeof TERRITORY_KINDS)[number]

/** A territory that is no tier but that people and the published tables use: a named set of départements. */
export interface GroupingDefinition {
  readonly code: string
  readonly name: string
  readonly kind: TerritoryKind
  /** Says whether a département (or overseas collectivity) belongs to it, from its code. */
  readonly includes: (departement: string) => boolean
}

const DROM = ['971', '972', '973', '974', '976']
const isOverseas = (departement: string) => /^9[78]/.test(departement)

/** Every grouping, in the order in which lists show them. */
export const GROUPINGS: readonly GroupingDefinition[] = [
  {
    code: 'metropole',
    name: 'France métropolitaine',
    kind: 'STATISTICAL_AREA',
    includes: (departement) => !isOverseas(departement),
  },
  {
    code: 'drom',
    name: "Départements et régions d'outre-mer",
    kind: 'STATISTICAL_AREA',
    includes: (departement) => DROM.includes(departement),
  },
  {
    // The DEPP's "France" and "DROM" hold Saint-Barthélemy (977) and Saint-Martin (978), and leave out 975, 986, 987, 988.
    code: 'depp-drom',
    name: 'DROM au sens de la DEPP (avec Saint-Barthélemy et Saint-Martin)',
    kind: 'STATISTICAL_AREA',
    includes: (departement) => [...DROM, '977', '978'].includes(departement),
  },
  {
    code: 'depp-france',
    name: 'France au sens de la DEPP (métropole, DROM, Saint-Barthélemy et Saint-Martin)',
    kind: 'STATISTICAL_AREA',
    includes: (departement) => !isOverseas(departement) || [...DROM, '977', '978'].includes(departement),
  },
  ...ACADEMIES.map(({ code, name, departements }): GroupingDefinition => ({
    code: `academie-${code}`,
    name: `Académie ${liaison(name)}`,
    kind: 'ACADEMIE',
    includes: (departement) => departements.includes(departement),
  })),
]

/** The grouping that is the part of an EPCI in a département or région: `epci-243500741-departement-35`. */
export const epciPartCode = (siren: string, tier: 'DEPARTEMENT' | 'REGION', code: string): string =>
  `epci-${siren}-${tier}-${code}`.toLowerCase()

function liaison(name: string): string {
  if (name.startsWith('La ')) return `de ${name}`
  return /^[AEIOUYÉ]/.test(name) ? `d'${name}` : `de ${name}`
}
