import type { StoreReader } from '../../core/store/reader.ts'
import { parseTerritoryId, territoryId } from '../../core/territories/code.ts'
import type { EpciChange, EpciState } from '../../core/territories/epciHistory.ts'
import type { EpciResolution, EpciShare, VintageRange } from '../../core/territories/epciLookup.ts'
import { pageOf, type PageArguments } from '../kit/connection.ts'
import type { SubgraphContext } from '../kit/context.ts'
import type { TerritoryParent } from '../kit/parents.ts'
import { parentOf } from '../kit/tier.ts'

/** What resolvers of the EPCI of some ground start from. */
export interface EpciStateParent {
  readonly year: number
  /** The EPCI, or why there is none. */
  readonly found: EpciState | 'NO_EPCI' | 'NOT_YET_CREATED' | 'DISSOLVED'
}

/** Changes of a range of years, and of a territory, as a page. */
export function changesPage(
  { from, to, within, ...page }: VintageRange & PageArguments & { readonly within?: string | null },
  { store }: SubgraphContext,
) {
  const all = store.epciHistory.changes({ from, to })
  const changes = within === null || within === undefined ? all : all.filter(isWithin(store, within))
  return {
    ...pageOf(changes, page, { idOf, nodeOf: (change) => change }),
    unknownYears: store.epciHistory.unknownIn({ from, to }),
  }
}

/** What happened to one EPCI. */
export const changesOf = (
  { code }: TerritoryParent,
  range: VintageRange,
  { store }: SubgraphContext,
): readonly EpciChange[] => store.epciHistory.changes(range).filter(({ siren }) => siren === code)

/** The resolvers of a change and of all that it leads to. */
export const historyResolvers = {
  EpciChange: {
    id: idOf,
    previous: ({ since }: EpciChange, _: unknown, { store }: SubgraphContext) => store.epciHistory.vintageBefore(since),
    name: (change: EpciChange, _: unknown, { store }: SubgraphContext) => nameOf(change, store),
    before: (change: EpciChange, _: unknown, { store }: SubgraphContext): EpciStateParent => {
      const year = store.epciHistory.vintageBefore(change.since)
      const absence = change.kind === 'CREATION' ? 'NOT_YET_CREATED' : 'NO_EPCI'
      return { year, found: stateOf(store, year, change.before) ?? absence }
    },
    after: (change: EpciChange, _: unknown, { store }: SubgraphContext): EpciStateParent => {
      const absence = change.kind === 'DISSOLUTION' ? 'DISSOLVED' : 'NO_EPCI'
      return { year: change.since, found: stateOf(store, change.since, change.after) ?? absence }
    },
    communeBefore: ({ commune }: EpciChange) => commune?.before ?? null,
    communeAfter: ({ commune }: EpciChange) => commune?.after ?? null,
    shares: ({ kind, siren, since }: EpciChange, _: unknown, { store }: SubgraphContext): readonly EpciShare[] => {
      const previous = store.epciHistory.vintageBefore(since)
      if (kind === 'CREATION') return store.epciHistory.resolve(siren, { from: since, to: previous }).shares
      if (kind === 'DISSOLUTION') return store.epciHistory.resolve(siren, { from: previous, to: since }).shares
      return []
    },
  },
  EpciState: {
    standing: ({ found }: EpciStateParent, _: unknown, { store }: SubgraphContext) =>
      typeof found === 'string' ? found : standingOf(store, found),
    siren: ({ found }: EpciStateParent) => (typeof found === 'string' ? null : found.siren),
    name: ({ found }: EpciStateParent) => (typeof found === 'string' ? null : found.name),
    kind: ({ found }: EpciStateParent) => (typeof found === 'string' ? null : found.kind),
    epci: ({ found }: EpciStateParent, _: unknown, { store }: SubgraphContext) =>
      typeof found === 'string' ? null : currentEpci(store, found.siren),
  },
  EpciResolution: {
    siren: ({ epci }: EpciResolution) => epci.siren,
    name: ({ epci }: EpciResolution) => epci.name,
    results: ({ shares }: EpciResolution) => shares,
  },
  EpciShare: {
    standing: ({ epci }: EpciShare, _: unknown, { store }: SubgraphContext) =>
      epci === null ? ('NO_EPCI' as const) : standingOf(store, epci),
    siren: ({ epci }: EpciShare) => epci?.siren ?? null,
    name: ({ epci }: EpciShare) => epci?.name ?? null,
    epci: ({ epci }: EpciShare, _: unknown, { store }: SubgraphContext) =>
      epci === null ? null : currentEpci(store, epci.siren),
    weighing: ({ share, censusYear }: EpciShare) => {
      if (share === null) return 'NOT_COUNTED' as const
      return censusYear === null ? ('SEVERAL_CENSUSES' as const) : ('ONE_CENSUS' as const)
    },
  },
}

function idOf({ since, kind, siren, commune }: EpciChange): string {
  const moved = commune === null ? '' : `:${commune.before.code}:${commune.after.code}`
  return `${since}:${kind}:${siren}${moved}`
}

function nameOf({ kind, siren, since }: EpciChange, { epciHistory }: StoreReader): string {
  const year = kind === 'DISSOLUTION' ? epciHistory.vintageBefore(since) : since
  return epciHistory.stateIn(year, siren)?.name ?? siren
}

const stateOf = ({ epciHistory }: StoreReader, year: number, siren: string | null): EpciState | undefined =>
  siren === null ? undefined : epciHistory.stateIn(year, siren)

function currentEpci(store: StoreReader, siren: string): TerritoryParent | null {
  const current = store.territories.byId(territoryId('EPCI', siren))
  return current === undefined ? null : parentOf(store, current)
}

const standingOf = (store: StoreReader, { siren }: EpciState) =>
  currentEpci(store, siren) === null ? ('FORMER' as const) : ('CURRENT' as const)

/** Whether a change touches the ground of a territory of today; of an EPCI, gone ones included, also what happened to it. */
function isWithin(store: StoreReader, id: string): (change: EpciChange) => boolean {
  const { territories, epciHistory } = store
  const { tier, code } = parseTerritoryId(id)
  const isFormer = tier === 'EPCI' && currentEpci(store, code) === null
  const siren = tier === 'EPCI' ? epciHistory.resolve(code).epci.siren : null
  const communes = isFormer ? [] : territories.communesOf(territories.find(tier, code).territory)
  const codes = new Set<string>(communes.map((commune) => commune.code))
  return ({ touches, before, after }) =>
    touches.some((commune) => codes.has(commune)) || (siren !== null && (before === siren || after === siren))
}
