import type { StoreReader } from '../../core/store/reader.ts'
import { territoryId } from '../../core/territories/code.ts'
import type { EpciChange, EpciState } from '../../core/territories/epciHistory.ts'
import type { EpciResolution, EpciShare, VintageRange } from '../../core/territories/epciLookup.ts'
import type { Alias } from '../../core/territories/territory.ts'
import { pageOf, type PageArguments } from '../kit/connection.ts'
import type { SubgraphContext } from '../kit/context.ts'
import type { TerritoryParent } from '../kit/parents.ts'
import { parseId, territoriesOn } from '../kit/place.ts'
import { parentOf } from '../kit/tier.ts'
import { withinOf, type Within } from '../kit/within.ts'

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
  const { isWithin, resolvedFrom } = within === null || within === undefined ? EVERYWHERE : askedWithin(store, within)
  return {
    ...pageOf(all.filter(isWithin), page, { idOf, nodeOf: (change) => change }),
    unknownYears: store.epciHistory.unknownIn({ from, to }),
    resolvedFrom,
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

/** Which changes are asked for, and the alias that led to the territory on whose ground they are. */
interface AskedChanges {
  readonly isWithin: (change: EpciChange) => boolean
  readonly resolvedFrom: Alias | null
}

const EVERYWHERE: AskedChanges = { isWithin: () => true, resolvedFrom: null }

/**
 * The changes that touch the ground of a territory; of an EPCI, also what happened to it. An EPCI that the vintage does not
 * have is asked for itself alone: its ground may be that of several others then.
 */
function askedWithin(store: StoreReader, id: string): AskedChanges {
  const { tier, code, vintage } = parseId(store, id)
  if (tier !== 'EPCI') return onGround(withinOf(store, id))
  const isHeld = territoriesOn(store, vintage).byId(territoryId(tier, code)) !== undefined
  const { siren } = store.epciHistory.resolve(code).epci
  const isOfIt = ({ before, after }: EpciChange): boolean => before === siren || after === siren
  if (!isHeld) return { isWithin: isOfIt, resolvedFrom: null }
  const ground = onGround(withinOf(store, id))
  return { ...ground, isWithin: (change) => isOfIt(change) || ground.isWithin(change) }
}

const onGround = ({ territory: { resolvedFrom }, communes }: Within): AskedChanges => ({
  isWithin: ({ touches }) => touches.some((commune) => communes.has(commune)),
  resolvedFrom,
})
