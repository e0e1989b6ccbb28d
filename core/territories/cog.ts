import { departementOfCommuneCode, territoryId, type Tier } from './code.ts'
import { GROUPINGS, type TerritoryKind } from './groupings.ts'
import { endOfHistory, type Successors } from './succession.ts'
import type { Alias, Territory } from './territory.ts'
import { communesOf, parentCommuneOf, type HistoricalCommune, type Vintage, type VintageEpci } from './vintage.ts'

/** The kind of an EPCI, by the abbreviation of its type. */
export const EPCI_KINDS: Readonly<Record<VintageEpci['type'], TerritoryKind>> = {
  CC: 'COMMUNAUTE_DE_COMMUNES',
  CA: 'COMMUNAUTE_D_AGGLOMERATION',
  CU: 'COMMUNAUTE_URBAINE',
  METRO: 'METROPOLE',
  MET69: 'METROPOLE_DE_LYON',
}

const ALIAS_KIND_OF = {
  'arrondissement-municipal': 'ARRONDISSEMENT_MUNICIPAL',
  'commune-deleguee': 'COMMUNE_DELEGUEE',
  'commune-associee': 'COMMUNE_ASSOCIEE',
} as const

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

/**
 * The territories of a vintage as one list: nation, régions, départements, EPCI, communes, groupings; each tier in code
 * order. The overseas collectivities stand at the tiers département and région, so that sums close.
 */
export function territoriesOf(vintage: Vintage): readonly Territory[] {
  const all: Territory[] = []
  const positions = new Map<string, number>()
  function add(tier: Tier, code: string, name: string, kind: TerritoryKind, links: Partial<Links> = {}): void {
    const id = territoryId(tier, code)
    positions.set(id, all.length)
    all.push({ index: all.length, id, tier, code, name, kind, epci: -1, departement: -1, region: -1, ...links })
  }
  const position = (tier: Tier, code: string): number => positions.get(territoryId(tier, code)) ?? -1
  const kindIn = (zone: string | undefined, kind: TerritoryKind) => (zone === 'com' ? 'COLLECTIVITE_OUTRE_MER' : kind)

  add('NATION', 'FR', 'France', 'NATION')
  for (const { code, nom, zone } of byCode(vintage.regions)) add('REGION', code, nom, kindIn(zone, 'REGION'))
  for (const { code, nom, zone, region } of byCode(vintage.departements)) {
    add('DEPARTEMENT', code, nom, kindIn(zone, 'DEPARTEMENT'), { region: position('REGION', region ?? code) })
  }
  const epciOfCommune = new Map<string, number>()
  for (const { code, nom, type, membres } of byCode(vintage.epci)) {
    add('EPCI', code, nom, EPCI_KINDS[type])
    for (const membre of membres) epciOfCommune.set(membre.code, all.length - 1)
  }
  for (const { code, nom, departement, region } of byCode(communesOf(vintage))) {
    add('COMMUNE', code, nom, 'COMMUNE', {
      epci: epciOfCommune.get(code) ?? -1,
      departement: position('DEPARTEMENT', departement ?? departementOfCommuneCode(code)),
      region: position('REGION', region ?? departementOfCommuneCode(code)),
    })
  }
  for (const { code, name, kind } of GROUPINGS) add('GROUPING', code, name, kind)
  return all
}

type Links = Pick<Territory, 'epci' | 'departement' | 'region'>

/** Whether a département belongs to a grouping, both by code. */
export const groupingIncludes = (grouping: string, departement: string): boolean =>
  GROUPINGS.find(({ code }) => code === grouping)?.includes(departement) ?? false

/**
 * Every code that is not a current commune's but leads to exactly one: municipal arrondissements, communes déléguées and
 * associées of the current vintage, and communes of the vintages held that have since merged.
 */
export function aliasesOf(vintages: readonly Vintage[], successors: Successors): readonly Alias[] {
  const current = vintages.at(-1)
  if (current === undefined) return []
  const communes = new Set(communesOf(current).map(({ code }) => code))
  const aliases = new Map<string, Alias>()
  for (const entry of current.communes) {
    if (entry.type === 'commune-actuelle' || communes.has(entry.code)) continue
    aliases.set(entry.code, {
      code: entry.code,
      name: entry.nom,
      kind: ALIAS_KIND_OF[entry.type],
      commune: parentCommuneOf(entry),
    })
  }
  for (const vintage of vintages.slice(0, -1).toReversed()) {
    for (const entry of vintage.communes) {
      if (communes.has(entry.code) || aliases.has(entry.code)) continue
      const [commune, ...others] = successors(entry.code, vintage.year)
      if (commune === undefined || others.length > 0) continue
      aliases.set(entry.code, { code: entry.code, name: entry.nom, kind: 'FORMER_COMMUNE', commune })
    }
  }
  return byCode([...aliases.values()])
}

/** A name that some file may use for a place, and the current commune it leads to; lower ranks win. */
export interface PlaceName {
  readonly name: string
  readonly departement: string
  readonly commune: string
  /** 0: a current commune; 1: part of one (arrondissement, déléguée, associée); 2: former. */
  readonly rank: 0 | 1 | 2
}

/**
 * All the names under which a commune can be met: its own, those of its parts, and those of the vintages and of the
 * history that lead to it. Former names of places since split are left out: they name no single commune.
 */
export function placeNamesOf(
  vintages: readonly Vintage[],
  history: readonly HistoricalCommune[],
  successors: Successors,
): readonly PlaceName[] {
  const current = vintages.at(-1)
  const earliest = vintages[0]
  if (current === undefined || earliest === undefined) return []
  const departementOf = new Map(
    communesOf(current).map(({ code, departement }) => [code, departement ?? departementOfCommuneCode(code)]),
  )
  // The best rank comes first, and seven vintages mostly repeat each other.
  const names = new Map<string, PlaceName>()
  function add(name: string, commune: string | undefined, rank: PlaceName['rank']): void {
    const departement = commune === undefined ? undefined : departementOf.get(commune)
    const key = `${commune}|${name}`
    if (commune === undefined || departement === undefined || names.has(key)) return
    names.set(key, { name, departement, commune, rank })
  }
  for (const entry of communesOf(current)) add(entry.nom, entry.code, 0)
  for (const entry of current.communes) add(entry.nom, parentCommuneOf(entry), 1)
  for (const vintage of vintages.slice(0, -1)) {
    for (const entry of vintage.communes) add(entry.nom, only(successors(parentCommuneOf(entry), vintage.year)), 2)
  }
  const historyById = new Map(history.map((entry) => [entry.id, entry]))
  for (const entry of history) {
    const last = endOfHistory(entry, historyById)
    if (last !== undefined) add(entry.nom, only(successors(last, earliest.year)), 2)
  }
  return [...names.values()]
}

const only = (codes: readonly string[]): string | undefined => (codes.length === 1 ? codes[0] : undefined)

const byCode = <Row extends { readonly code: string }>(rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((left, right) => (left.code < right.code ? -1 : left.code > right.code ? 1 : 0))
