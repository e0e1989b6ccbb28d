import { StratesError } from '../observations/error.ts'
import { parseCode, type Tier, type TerritoryId } from './code.ts'
import type { TerritoryKind } from './groupings.ts'

/** One territory of a COG vintage. Links are positions of other territories; -1 where there is none. */
export interface Territory {
  /**
   * Its position in the store. It names a perimeter: territories of one tier that stand on the same ground have the same
   * position in every vintage, whatever their code and name, and so share their values.
   */
  readonly index: number
  readonly id: TerritoryId
  readonly tier: Tier
  readonly code: string
  /** The official name, with accents and article: "La Mézière". */
  readonly name: string
  readonly kind: TerritoryKind
  /** Of a commune: its EPCI, -1 for the communes without one. Of a part of an EPCI: that EPCI. */
  readonly epci: number
  /** Of a commune: its département or overseas collectivity. Of a part of an EPCI: the département, or région, in which it is. */
  readonly departement: number
  /** Of a commune or département: its région or overseas collectivity. */
  readonly region: number
}

/** What a code may name that is no territory of the vintage. */
export const ALIAS_KINDS = [
  'ARRONDISSEMENT_MUNICIPAL',
  'COMMUNE_DELEGUEE',
  'COMMUNE_ASSOCIEE',
  'FORMER_COMMUNE',
  'FORMER_EPCI',
  'FORMER_DEPARTEMENT',
  'FORMER_REGION',
  'FORMER_NAME',
] as const

/** A code that no territory of the vintage has, and the one that answers for it; one of several where it was divided. */
export interface Alias {
  readonly tier: Tier
  readonly code: string
  readonly name: string
  readonly kind: (typeof ALIAS_KINDS)[number]
  /** The code of the territory of the same tier that it leads to. */
  readonly leadsTo: string
}

/** A territory found, and the alias that led to it when the code asked for was not its own. */
export interface Resolution {
  readonly territory: Territory
  readonly resolvedFrom: Alias | null
}

/** The territories of one COG vintage, with the look-ups that serving and consolidating need. */
export interface Territories {
  /** The COG vintage: the situation on 1 January of that year. */
  readonly vintage: number
  /** The year of the perimeters of the EPCI: that of the vintage, but where its publisher only has older ones. */
  readonly epciAsOf: number
  readonly all: readonly Territory[]
  readonly nation: Territory
  at(index: number): Territory
  /** Whether the vintage has a territory at a position. */
  has(index: number): boolean
  byId(id: string): Territory | undefined
  /**
   * The territory of a code, municipal arrondissements, communes déléguées and associées and former codes included.
   * @throws StratesError INVALID_CODE for a malformed code, UNKNOWN_TERRITORY for one that no territory has,
   * TERRITORY_DIVIDED for one whose ground several have now.
   */
  find(tier: Tier, code: string): Resolution
  /** The communes of any territory, in COG order; a commune is its own only one. */
  communesOf(territory: Territory): readonly Territory[]
  /** Every alias of the vintage; one that several territories share is an entry for each. */
  readonly aliases: readonly Alias[]
  /** All territories of a tier, in code order. */
  ofTier(tier: Tier): readonly Territory[]
  /** The aliases that lead to a territory and to no other: of a commune, its arrondissements, déléguées, associées and former codes. */
  aliasesOf(territory: Territory): readonly Alias[]
  /** The commune in which a piece of ground stands. */
  communeOf(piece: number): Territory
  /** The pieces of ground of a territory, ascending. */
  piecesOf(territory: Territory): readonly number[]
}

/** What else than one of the heirs may be asked; former départements and régions stood in no vintage held. */
const INSTEAD_OF_HEIRS: Readonly<Partial<Record<Tier, string>>> = {
  COMMUNE: ', or for the geography of a year in which the code stood. resolve(code:) gives the part of each',
  EPCI: ', or for the geography of a year in which the code stood. resolveEpci(siren:) gives the part of each',
}

/** Makes something once, when it is first asked for: most vintages are only asked for a few things. */
function whenAsked<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined
  return () => (made ??= { value: make() }).value
}

/** Whether a member of an EPCI stands in one part of it: that of a département, or of a région. */
const isInPart = (commune: Territory, part: Territory): boolean =>
  part.departement === -1 ? commune.region === part.region : commune.departement === part.departement

const byCodeOfHeir = (left: Alias, right: Alias): number => (left.leadsTo < right.leadsTo ? -1 : 1)

/**
 * Indexes the territories of a vintage.
 * @param all in order of tier and code.
 * @param includes for each grouping's code, whether a département belongs to it.
 * @param communeOfPiece for each piece of ground, the position of its commune; default: each commune is one piece.
 */
export function indexTerritories(input: {
  readonly vintage: number
  readonly epciAsOf?: number
  readonly all: readonly Territory[]
  readonly aliases: readonly Alias[]
  readonly includes: (grouping: string, departement: string) => boolean
  readonly communeOfPiece?: Int32Array
}): Territories {
  const { vintage, epciAsOf = vintage, all, aliases, includes } = input
  const byTier = Map.groupBy(all, ({ tier }) => tier)
  const communes = byTier.get('COMMUNE') ?? []
  const { communeOfPiece = Int32Array.from(communes, ({ index }) => index) } = input
  const byId = new Map(all.map((territory) => [territory.id as string, territory]))
  const byIndex: (Territory | undefined)[] = []
  for (const territory of all) byIndex[territory.index] = territory
  const byAlias = Map.groupBy(aliases, ({ tier, code }) => `${tier} ${code}`)
  const single = aliases.filter(({ tier, code }) => byAlias.get(`${tier} ${code}`)?.length === 1)
  const aliasesByTarget = Map.groupBy(single, ({ tier, leadsTo }) => `${tier} ${leadsTo}`)
  const byEpci = whenAsked(() => Map.groupBy(communes, ({ epci }) => epci))
  const byDepartement = whenAsked(() => Map.groupBy(communes, ({ departement }) => departement))
  const byRegion = whenAsked(() => Map.groupBy(communes, ({ region }) => region))
  const piecesOfCommune = new Map<number, number[]>()
  for (const [piece, commune] of communeOfPiece.entries()) {
    const pieces = piecesOfCommune.get(commune)
    if (pieces === undefined) piecesOfCommune.set(commune, [piece])
    else pieces.push(piece)
  }
  const nation = byTier.get('NATION')?.[0]
  if (nation === undefined) throw new RangeError('a list of territories needs its nation')

  const at = (index: number): Territory => {
    const territory = byIndex[index]
    if (territory === undefined) throw new RangeError(`no territory at position ${index} in ${vintage}`)
    return territory
  }

  function find(tier: Tier, text: string): Resolution {
    const code = parseCode(tier, text)
    const own = byId.get(`${tier.toLowerCase()}:${code}`)
    if (own !== undefined) return { territory: own, resolvedFrom: null }
    const heirs = byAlias.get(`${tier} ${code}`) ?? []
    if (heirs.length > 1) throw divided(tier, text, heirs.toSorted(byCodeOfHeir))
    const [alias] = heirs
    const current = alias && byId.get(`${tier.toLowerCase()}:${alias.leadsTo}`)
    if (alias !== undefined && current !== undefined) return { territory: current, resolvedFrom: alias }
    throw new StratesError({
      code: 'UNKNOWN_TERRITORY',
      what: `No territory of the tier ${tier} has this code`,
      on: `code ${JSON.stringify(text)}`,
      expected: `a code of the COG ${vintage}, or one that a territory had before`,
      remedy: 'Look the code up in the Code officiel géographique (insee.fr), or ask a territory of another tier.',
      details: { tier, given: text, geography: vintage },
    })
  }

  /** One code cannot stand for several: which of them is meant is for the reader to say. */
  function divided(tier: Tier, text: string, heirs: readonly Alias[]): StratesError {
    const named = heirs.map(({ leadsTo }) => `${byId.get(`${tier.toLowerCase()}:${leadsTo}`)?.name ?? ''} (${leadsTo})`)
    return new StratesError({
      code: 'TERRITORY_DIVIDED',
      what: `The ground of this code belongs to ${heirs.length} territories of the COG ${vintage}`,
      on: `code ${JSON.stringify(text)}, ${heirs[0]?.name ?? ''}`,
      expected: `one of ${named.join(', ')}`,
      remedy: `Ask for one of them${INSTEAD_OF_HEIRS[tier] ?? ''}.`,
      details: { tier, given: text, geography: vintage, heirs: heirs.map(({ leadsTo }) => leadsTo) },
    })
  }

  const communesByGrouping = new Map<number, readonly Territory[]>()
  function communesOf(territory: Territory): readonly Territory[] {
    switch (territory.tier) {
      case 'COMMUNE':
        return [territory]
      case 'EPCI':
        return byEpci().get(territory.index) ?? []
      case 'DEPARTEMENT':
        return byDepartement().get(territory.index) ?? []
      case 'REGION':
        return byRegion().get(territory.index) ?? []
      case 'NATION':
        return communes
      case 'GROUPING': {
        const known = communesByGrouping.get(territory.index)
        if (known !== undefined) return known
        const members =
          territory.kind === 'EPCI_PART'
            ? (byEpci().get(territory.epci) ?? []).filter((commune) => isInPart(commune, territory))
            : communes.filter((commune) => includes(territory.code, at(commune.departement).code))
        communesByGrouping.set(territory.index, members)
        return members
      }
    }
  }

  const knownPieces = new Map<number, readonly number[]>()
  function piecesOf(territory: Territory): readonly number[] {
    const known = knownPieces.get(territory.index)
    if (known !== undefined) return known
    const pieces = communesOf(territory).flatMap(({ index }) => piecesOfCommune.get(index) ?? [])
    const sorted = pieces.toSorted((left, right) => left - right)
    knownPieces.set(territory.index, sorted)
    return sorted
  }

  return {
    vintage,
    epciAsOf,
    all,
    nation,
    aliases,
    at,
    has: (index) => byIndex[index] !== undefined,
    byId: (id) => byId.get(id),
    find,
    communesOf,
    ofTier: (tier) => byTier.get(tier) ?? [],
    aliasesOf: ({ tier, code }) => aliasesByTarget.get(`${tier} ${code}`) ?? [],
    communeOf: (piece) => at(communeOfPiece[piece] ?? -1),
    piecesOf,
  }
}
