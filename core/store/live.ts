import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StratesError } from '../observations/error.ts'
import type { OwnerName } from '../observations/owner.ts'
import { corrupt, CURRENT_FILE, currentVersion, VERSIONS_FOLDER } from './current.ts'
import { cubeEngine } from './cubeEngine.ts'
import type { StoreEngine } from './engine.ts'
import { openStore, openVersion, type Store } from './open.ts'

/** A store that follows what is published: it holds the newest edition and the one before, for questions still under way. */
export interface LiveStore {
  /** The newest edition held. */
  current(): Store
  /** The editions held, the newest first. The same list until it changes. */
  editions(): readonly string[]
  /** An edition held; undefined for any other. */
  find(edition: string): Store | undefined
  /** Why the newest version published is not the one that is held; undefined while it is. */
  problem(): StratesError | undefined
  /** Looks now for what was published, rather than at the next turn. */
  refresh(): Promise<void>
  /** Stops looking. */
  close(): void
}

/** Options of {@link openLive}. */
export interface LiveOptions {
  /** How often to look whether something was published, in milliseconds. Default 1000. */
  readonly everyMs?: number
  /** Makes what is needed before a store is served; the one before goes on being served meanwhile. Default: nothing. */
  readonly prepare?: (store: Store) => Promise<void>
  /** Where the cells are. Default: in memory, from the files of the version. It is closed by whoever made it. */
  readonly engine?: StoreEngine
  /** Told of each edition that begins to be served, and of each version that cannot be. */
  readonly report?: (event: LiveEvent) => void
}

/** What happens to a live store. */
export type LiveEvent =
  | { readonly kind: 'SWAPPED'; readonly edition: string; readonly before: string; readonly ms: number }
  | { readonly kind: 'REFUSED'; readonly error: StratesError }

/** How many editions are held. */
const HELD = 2

/** After how long a version that could not be opened is tried again, where nothing else was published. */
const RETRIED_AFTER_MS = 10_000

/** How often a version that is published by another at the same moment is tried again. */
const TRIES = 3

/**
 * Opens the store and follows it. Where the current version is damaged, the newest other version that is whole is served, and
 * `problem` says why; a version that is published later is taken as soon as it is whole.
 * @throws StratesError STORE_MISSING when nothing was published, STORE_CORRUPT when no version is whole.
 */
export async function openLive(
  data: string,
  owners: readonly OwnerName[],
  { everyMs = 1000, prepare = async () => {}, report = () => {}, engine = cubeEngine }: LiveOptions = {},
): Promise<LiveStore> {
  let seen = await stampOf(data)
  let retryAt = Infinity
  let problem: StratesError | undefined
  let stores: readonly Store[] = [await openFirst()]
  let editions = stores.map(({ edition }) => edition)
  let looking: Promise<void> | undefined
  const timer = setInterval(() => void refresh(), everyMs)
  timer.unref()

  return {
    current: () => newest(),
    editions: () => editions,
    find: (edition) => stores.find((store) => store.edition === edition),
    problem: () => problem,
    refresh,
    close: () => clearInterval(timer),
  }

  function newest(): Store {
    const [store] = stores
    if (store === undefined) throw new Error('a live store holds at least one edition')
    return store
  }

  async function openFirst(): Promise<Store> {
    const store = await openWhole()
    await prepare(store)
    return store
  }

  async function openWhole(): Promise<Store> {
    try {
      return await openStore(data, owners, engine)
    } catch (error) {
      const other = isCorrupt(error) ? await openOther(data, owners, engine) : undefined
      if (other === undefined) throw error
      refuse(error as StratesError)
      return other
    }
  }

  /** One look at a time: who comes while one is under way waits for it. */
  function refresh(): Promise<void> {
    looking ??= look().finally(() => (looking = undefined))
    return looking
  }

  async function look(): Promise<void> {
    const stamp = await stampOf(data)
    const begun = performance.now()
    if (stamp === seen && begun < retryAt) return
    seen = stamp
    retryAt = Infinity
    try {
      const store = await openSettled(data, owners, engine)
      problem = undefined
      if (store.edition === newest().edition) return
      await prepare(store)
      const before = newest().edition
      stores = [store, ...stores].slice(0, HELD)
      editions = stores.map(({ edition }) => edition)
      report({ kind: 'SWAPPED', edition: store.edition, before, ms: Math.round(performance.now() - begun) })
    } catch (error) {
      // What is held goes on being served. It may be a matter of the moment, so the same version is tried again.
      retryAt = performance.now() + RETRIED_AFTER_MS
      refuse(asRefusal(error, data))
    }
  }

  /** The same problem is told once. */
  function refuse(error: StratesError): void {
    if (problem?.message !== error.message) report({ kind: 'REFUSED', error })
    problem = error
  }
}

/** What keeps a version from being served, whatever it is. */
function asRefusal(error: unknown, data: string): StratesError {
  const path = join(data, CURRENT_FILE)
  if (!(error instanceof StratesError))
    return corrupt(path, `The version cannot be opened (${String(error)})`, 'a version', error)
  return error.code === 'STORE_MISSING'
    ? corrupt(path, 'The pointer to the current version is gone', 'a file', error)
    : error
}

/** Changes with every publish, also of the same version: the pointer is replaced each time. Empty where there is none. */
async function stampOf(data: string): Promise<string> {
  const found = await stat(join(data, CURRENT_FILE), { bigint: true }).catch(() => undefined)
  return found === undefined ? '' : `${found.ino} ${found.mtimeNs} ${found.size}`
}

/** Opens the current version; where it is replaced while it is read, the one that replaces it. */
async function openSettled(data: string, owners: readonly OwnerName[], engine: StoreEngine): Promise<Store> {
  for (let tries = 1; ; tries += 1) {
    const stamp = await stampOf(data)
    try {
      return await openStore(data, owners, engine)
    } catch (error) {
      if (tries === TRIES || !isCorrupt(error) || stamp === (await stampOf(data))) throw error
    }
  }
}

/** The newest version beside the current one that is whole; undefined where there is none. */
async function openOther(data: string, owners: readonly OwnerName[], engine: StoreEngine): Promise<Store | undefined> {
  const current = await currentVersion(data).catch(() => undefined)
  const names = (await readdir(join(data, VERSIONS_FOLDER)).catch(() => [])).filter(
    (name) => /^[0-9a-f]{16}$/.test(name) && name !== current,
  )
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(data, VERSIONS_FOLDER, name))).mtimeMs })),
  )
  for (const { name } of dated.toSorted((left, right) => right.at - left.at)) {
    const store = await openVersion(data, name, owners, engine).catch(() => undefined)
    if (store !== undefined) return store
  }
  return undefined
}

const isCorrupt = (error: unknown): boolean => error instanceof StratesError && error.code === 'STORE_CORRUPT'
