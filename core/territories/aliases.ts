import { FORMER_DEPARTEMENTS, FORMER_REGIONS } from './facts.ts'
import type { Chronicle } from './lineage.ts'
import { stands, standsAtEnd, type Pieces } from './pieces.ts'
import type { Alias } from './territory.ts'
import { communesOf, nameOfEpci, type Vintage } from './vintage.ts'

/**
 * Builds the function that finds, for a vintage held, every code that none of its territories has but that leads to one or
 * several of them: parts of communes, and codes of any time since 1943. A code that named several places in turn leads to
 * where the last of them before the vintage stands.
 */
export function aliasesOver(
  vintages: readonly Vintage[],
  chronicle: Chronicle,
  pieces: Pieces,
): (year: number) => readonly Alias[] {
  const aliasesOfCommunes = communeAliases(chronicle)
  const aliasesOfEpci = epciAliases(vintages, pieces)
  return (year) => {
    const vintage = vintages.find((candidate) => candidate.year === year)
    if (vintage === undefined) return []
    return [
      ...aliasesOfCommunes(vintage),
      ...aliasesOfEpci(vintage),
      ...recoded('DEPARTEMENT', FORMER_DEPARTEMENTS, vintage.departements),
      ...recoded('REGION', FORMER_REGIONS, vintage.regions),
    ]
  }
}

const KIND_OF_STANDING = {
  COMMUNE: 'FORMER_COMMUNE',
  COMMUNE_DELEGUEE: 'COMMUNE_DELEGUEE',
  COMMUNE_ASSOCIEE: 'COMMUNE_ASSOCIEE',
  ARRONDISSEMENT_MUNICIPAL: 'ARRONDISSEMENT_MUNICIPAL',
  FORMER_COMMUNE: 'FORMER_COMMUNE',
  NOT_YET_CREATED: 'FORMER_COMMUNE',
} as const

function communeAliases({ stays, communes, arrondissements }: Chronicle): (vintage: Vintage) => readonly Alias[] {
  const staysByCode = Map.groupBy([...stays, ...arrondissements], ({ code }) => code)
  const statesByCode = Map.groupBy(communes, ({ code }) => code)
  const staysByCommune = Map.groupBy(stays, ({ commune }) => commune)
  const byLineage = Map.groupBy(stays, ({ lineage }) => lineage)
  const codes = [...new Set([...staysByCode.keys(), ...statesByCode.keys()])].toSorted()

  return (vintage) => {
    const day = `${vintage.year}-01-01`
    const current = new Set(communesOf(vintage).map(({ code }) => code))
    return codes.flatMap((code) => (current.has(code) ? [] : (aliasOf(code, day) ?? []))).filter(leadsSomewhere)

    function leadsSomewhere({ leadsTo }: Alias): boolean {
      return current.has(leadsTo)
    }
  }

  function aliasOf(code: string, day: string): readonly Alias[] | undefined {
    const parts = (staysByCode.get(code) ?? []).filter((stay) => stands(stay, day))
    const [part] = parts.filter(({ standing }) => standing !== 'NOT_YET_CREATED')
    if (part !== undefined) {
      const kind = KIND_OF_STANDING[part.standing]
      return within(parts.map(({ commune }) => commune)).map((leadsTo) => aliasTo(leadsTo, code, part.name, kind))
    }
    const states = statesByCode.get(code) ?? []
    const before = states.filter(({ from }) => from <= day)
    const state = before.at(-1) ?? states[0]
    if (state === undefined) return undefined
    const standing = (staysByCommune.get(code) ?? []).filter((stay) => standsAtEnd(stay, state))
    const heirs = standing.flatMap(({ lineage }) => communeOf(lineage, day) ?? [])
    return within(heirs).map((leadsTo) => aliasTo(leadsTo, code, state.name, 'FORMER_COMMUNE'))
  }

  function communeOf(lineage: number, day: string): string | undefined {
    return byLineage.get(lineage)?.find((stay) => stands(stay, day))?.commune
  }
}

const within = (codes: readonly string[]): readonly string[] => [...new Set(codes)].toSorted()

const aliasTo = (leadsTo: string, code: string, name: string, kind: Alias['kind']): Alias => ({
  tier: 'COMMUNE',
  code,
  name,
  kind,
  leadsTo,
})

function epciAliases(vintages: readonly Vintage[], pieces: Pieces): (vintage: Vintage) => readonly Alias[] {
  const held = vintages.map(({ year, epci }) => {
    const position = pieces.years.indexOf(year)
    const byCommune = new Map(epci.flatMap(({ code, membres }) => membres.map((membre) => [membre.code, code])))
    const names = new Map(epci.map((entry) => [entry.code, nameOfEpci(entry)]))
    return { year, names, ofPiece: pieces.all.map(({ communes }) => byCommune.get(communes[position] ?? '')) }
  })
  const sirens = [...new Set(held.flatMap(({ names }) => [...names.keys()]))].toSorted()

  return ({ year }) => {
    const now = held.find((edition) => edition.year === year)
    return sirens.flatMap((code): readonly Alias[] => {
      if (now === undefined || now.names.has(code)) return []
      const known = held.filter(({ names }) => names.has(code))
      const then = known.findLast((edition) => edition.year < year) ?? known[0]
      const heirs = new Set(then?.ofPiece.flatMap((siren, piece) => (siren === code ? (now.ofPiece[piece] ?? []) : [])))
      const name = then?.names.get(code) ?? code
      return [...heirs].toSorted().map((leadsTo) => ({ tier: 'EPCI', code, name, kind: 'FORMER_EPCI', leadsTo }))
    })
  }
}

/** Codes that a cited table carries over. */
function recoded(
  tier: 'DEPARTEMENT' | 'REGION',
  facts: readonly { readonly from: string; readonly name: string; readonly to: readonly string[] }[],
  held: readonly { readonly code: string }[],
): readonly Alias[] {
  const codes = new Set(held.map(({ code }) => code))
  return facts.flatMap(({ from, name, to }) =>
    to
      .filter((code) => codes.has(code))
      .map((leadsTo) => ({ tier, code: from, name, kind: `FORMER_${tier}` as const, leadsTo })),
  )
}
