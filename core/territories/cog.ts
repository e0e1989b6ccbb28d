import { departementOfCommuneCode, territoryId, type Tier, type TerritoryId } from './code.ts'
import { epciPartCode, GROUPINGS, type TerritoryKind } from './groupings.ts'
import type { Territory } from './territory.ts'
import { communesOf, nameOfEpci, type Vintage, type VintageDepartement, type VintageEpci } from './vintage.ts'

/** The kind of an EPCI, by the abbreviation of its type. */
export const EPCI_KINDS: Readonly<Record<VintageEpci['type'], TerritoryKind>> = {
  CC: 'COMMUNAUTE_DE_COMMUNES',
  CA: 'COMMUNAUTE_D_AGGLOMERATION',
  CU: 'COMMUNAUTE_URBAINE',
  METRO: 'METROPOLE',
  MET69: 'METROPOLE_DE_LYON',
}

/**
 * Communes of the COG without EPCI, with the reason; every other commune of the métropole and the DROM has one since
 * 2017 (CGCT, L5210-1-1, V; the four islands made of a single commune are exempt).
 */
export const COMMUNES_WITHOUT_EPCI: Readonly<Record<string, string>> = {
  '22016': 'Île-de-Bréhat, an island made of a single commune, is exempt (CGCT, L5210-1-1, V)',
  '29083': 'Île-de-Sein, an island made of a single commune, is exempt (CGCT, L5210-1-1, V)',
  '29155': 'Ouessant, an island made of a single commune, is exempt (CGCT, L5210-1-1, V)',
  '85113': "L'Île-d'Yeu, an island made of a single commune, is exempt (CGCT, L5210-1-1, V)",
}

/** A territory of a vintage before it has a position: its links are ids. */
export interface TerritoryDraft extends Omit<Territory, 'index' | 'epci' | 'departement' | 'region'> {
  readonly epci: TerritoryId | null
  readonly departement: TerritoryId | null
  readonly region: TerritoryId | null
}

/**
 * The territories of a vintage as one list: nation, régions, départements, EPCI, communes, groupings; each tier in code
 * order. The overseas collectivities stand at the tiers département and région, so that sums close.
 */
export function territoriesOf(vintage: Vintage): readonly TerritoryDraft[] {
  const all: TerritoryDraft[] = []
  function add(tier: Tier, code: string, name: string, kind: TerritoryKind, links: Links = NO_LINKS): void {
    const { epci, departement, region } = links
    all.push({ id: territoryId(tier, code), tier, code, name, kind, epci, departement, region })
  }
  const kindIn = (code: string, kind: TerritoryKind) => (isCollectivity(code) ? 'COLLECTIVITE_OUTRE_MER' : kind)
  const collectivities = communesOf(vintage)
    .map(({ code }) => departementOfCommuneCode(code))
    .filter(isCollectivity)
  const missing = [...new Set(collectivities)].map((code) => ({ code, nom: COLLECTIVITIES[code] ?? code }))
  const regions = withMissing(vintage.regions, missing)
  const departements = withMissing(vintage.departements, missing)

  add('NATION', 'FR', 'France', 'NATION')
  for (const { code, nom } of byCode(regions)) add('REGION', code, nom, kindIn(code, 'REGION'))
  for (const { code, nom, region } of byCode(departements)) {
    add('DEPARTEMENT', code, nom, kindIn(code, 'DEPARTEMENT'), {
      ...NO_LINKS,
      region: territoryId('REGION', region ?? code),
    })
  }
  const regionOf = new Map(departements.map(({ code, region }) => [code, region ?? code]))
  const epciOfCommune = new Map<string, TerritoryId>()
  for (const epci of byCode(vintage.epci)) {
    const { code, type, membres } = epci
    add('EPCI', code, nameOfEpci(epci), EPCI_KINDS[type])
    for (const membre of membres) epciOfCommune.set(membre.code, territoryId('EPCI', code))
  }
  for (const { code, nom, departement: own } of byCode(communesOf(vintage))) {
    const departement = own ?? departementOfCommuneCode(code)
    add('COMMUNE', code, nom, 'COMMUNE', {
      epci: epciOfCommune.get(code) ?? null,
      departement: territoryId('DEPARTEMENT', departement),
      region: territoryId('REGION', regionOf.get(departement) ?? departement),
    })
  }
  for (const { code, name, kind } of GROUPINGS) add('GROUPING', code, name, kind)
  return [...all, ...epciPartsOf(all)]
}

/** The parts of the EPCI that span a border, in each département and each région: by them the sums close on both sides. */
function epciPartsOf(all: readonly TerritoryDraft[]): readonly TerritoryDraft[] {
  const byId = new Map(all.filter(({ tier }) => tier !== 'COMMUNE').map((territory) => [territory.id, territory]))
  const reaches = new Map<string, { readonly departement: Set<TerritoryId>; readonly region: Set<TerritoryId> }>()
  for (const { tier, epci, departement, region } of all) {
    if (tier !== 'COMMUNE' || epci === null) continue
    const reach = reaches.get(epci) ?? { departement: new Set(), region: new Set() }
    reaches.set(epci, reach)
    if (departement !== null) reach.departement.add(departement)
    if (region !== null) reach.region.add(region)
  }
  return [...reaches].flatMap(([id, reach]) =>
    (['departement', 'region'] as const).flatMap((link): readonly TerritoryDraft[] => {
      const epci = byId.get(id as TerritoryId)
      if (reach[link].size < 2 || epci === undefined) return []
      return [...reach[link]].toSorted().flatMap((place) => {
        const holder = byId.get(place)
        if (holder === undefined) return []
        const code = epciPartCode(epci.code, holder.tier as 'DEPARTEMENT' | 'REGION', holder.code)
        const name = `${epci.name} (partie ${holder.name})`
        const links = { ...NO_LINKS, epci: epci.id, [link]: holder.id }
        return { id: territoryId('GROUPING', code), tier: 'GROUPING', code, name, kind: 'EPCI_PART', ...links }
      })
    }),
  )
}

type Links = Pick<TerritoryDraft, 'epci' | 'departement' | 'region'>

const NO_LINKS: Links = { epci: null, departement: null, region: null }

/** The overseas collectivities, which have neither département nor région; the packages before 2022 leave them out. */
const COLLECTIVITIES: Readonly<Record<string, string>> = {
  '975': 'Saint-Pierre-et-Miquelon',
  '977': 'Saint-Barthélemy',
  '978': 'Saint-Martin',
  '984': 'Terres australes et antarctiques françaises',
  '986': 'Wallis et Futuna',
  '987': 'Polynésie française',
  '988': 'Nouvelle-Calédonie',
  '989': 'Île de Clipperton',
}

const isCollectivity = (code: string): boolean => COLLECTIVITIES[code] !== undefined

const withMissing = <Row extends { readonly code: string }>(
  rows: readonly Row[],
  missing: readonly (Pick<VintageDepartement, 'code' | 'nom'> & Partial<VintageDepartement>)[],
): readonly (Row | (typeof missing)[number])[] => {
  const known = new Set(rows.map(({ code }) => code))
  return [...rows, ...missing.filter(({ code }) => !known.has(code))]
}

/** Whether a département belongs to a grouping, both by code. */
export const groupingIncludes = (grouping: string, departement: string): boolean =>
  GROUPINGS.find(({ code }) => code === grouping)?.includes(departement) ?? false

const byCode = <Row extends { readonly code: string }>(rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((left, right) => (left.code < right.code ? -1 : left.code > right.code ? 1 : 0))
